"""Addresses of a course's sessions and notes, all under the course: sessions/…, contacts/…, addenda/…, notes/…"""

from django.urls import path

from sessions import booking_views, reading_views, views

app_name = "sessions"
urlpatterns = [
    path("sessions/new/", views.walk_in, name="walk_in"),
    path("sessions/book/", booking_views.book, name="book"),
    path("sessions/<uuid:session_id>/move/", booking_views.move, name="move"),
    path("sessions/<uuid:session_id>/cancel/", booking_views.cancel, name="cancel"),
    path("sessions/<uuid:session_id>/attendance/", booking_views.attendance, name="attendance"),
    path("sessions/<uuid:session_id>/", views.log, name="log"),
    path("sessions/<uuid:session_id>/draft/", views.draft, name="draft"),
    path("sessions/<uuid:session_id>/scores/", views.scores, name="scores"),
    path("sessions/<uuid:session_id>/contact/", views.contact, name="contact"),
    path("sessions/<uuid:session_id>/read/", reading_views.detail, name="detail"),
    path("sessions/<uuid:session_id>/share/", reading_views.share, name="share"),
]
