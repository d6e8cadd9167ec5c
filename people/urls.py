"""Addresses under /people/. The noun is `staff`; the pages stand above `access`, which they ask."""

from django.urls import path

from people import views

app_name = "staff"
urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add, name="add"),
    path("lines/", views.lines, name="lines"),
    path("lines/add/", views.line_add, name="line_add"),
    path("lines/<uuid:line_id>/", views.line, name="line"),
    path("lines/<uuid:line_id>/end/", views.line_end, name="line_end"),
    path("rooms/", views.rooms, name="rooms"),
    path("rooms/add/", views.room_add, name="room_add"),
    path("rooms/<uuid:room_id>/", views.room_edit, name="room_edit"),
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/propose/", views.holidays_propose, name="holidays_propose"),
    path("holidays/<int:year>-<int:month>-<int:day>/remove/", views.holiday_remove, name="holiday_remove"),
    path("settings/", views.settings, name="settings"),
    path("<uuid:person_id>/", views.edit, name="edit"),
    path("<uuid:person_id>/invite/", views.invite, name="invite"),
    path("<uuid:person_id>/sign-in/", views.sign_in, name="sign_in"),
    path("<uuid:person_id>/hours/", views.hours, name="hours"),
    path("<uuid:person_id>/leave/", views.leave, name="leave"),
    path("<uuid:person_id>/leave/<uuid:leave_id>/remove/", views.leave_remove, name="leave_remove"),
]
