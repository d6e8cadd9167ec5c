"""Addresses of a course. The noun is `courses`; the code lives in the highest room that it needs."""

from django.urls import path

from courses import views
from record import views as reading
from sessions import allocation_views, booking_views

app_name = "courses"
urlpatterns = [
    path("choose/<slug:purpose>/", booking_views.choose, name="choose"),
    path("<uuid:course_id>/", reading.detail, name="detail"),
    path("<uuid:course_id>/allocate/", allocation_views.allocate, name="allocate"),
    path("<uuid:course_id>/focus/", views.focus, name="focus"),
    path("<uuid:course_id>/programme/", views.programme, name="programme"),
    path("<uuid:course_id>/status/", views.move, name="move"),
    path("<uuid:course_id>/end/", views.end, name="end"),
]
