"""Addresses of a course. The noun is `courses`; the code lives in the highest room that it needs."""

from django.urls import path

from courses import contract_views, views
from interpersonal import focus_views
from record import ending_views, formulation_views, task_views
from record import views as reading
from sessions import allocation_views, booking_views, transfer_views

app_name = "courses"
urlpatterns = [
    path("choose/<slug:purpose>/", booking_views.choose, name="choose"),
    path("<uuid:course_id>/", reading.detail, name="detail"),
    path("<uuid:course_id>/allocate/", allocation_views.allocate, name="allocate"),
    path("<uuid:course_id>/transfer/", transfer_views.transfer, name="transfer"),
    path("<uuid:course_id>/cover/", transfer_views.cover, name="cover"),
    path("<uuid:course_id>/transfer/call-off/", transfer_views.call_off, name="call_off"),
    path("<uuid:course_id>/focus/", focus_views.focus, name="focus"),
    path("<uuid:course_id>/formulation/", formulation_views.formulation, name="formulation"),
    path("<uuid:course_id>/formulation/write/", formulation_views.formulation_edit, name="formulation_edit"),
    path("<uuid:course_id>/contract/", contract_views.contract, name="contract"),
    path("<uuid:course_id>/contract/write/", contract_views.contract_edit, name="contract_edit"),
    path("<uuid:course_id>/tasks/", task_views.tasks_of, name="tasks"),
    path("<uuid:course_id>/programme/", views.programme, name="programme"),
    path("<uuid:course_id>/status/", views.move, name="move"),
    path("<uuid:course_id>/end/", views.end, name="end"),
    path("<uuid:course_id>/ending/", ending_views.ending, name="ending"),
    path("<uuid:course_id>/ending/edit/", ending_views.ending_edit, name="ending_edit"),
    path("<uuid:course_id>/ending/<int:number>/", ending_views.ending_version, name="ending_version"),
]
