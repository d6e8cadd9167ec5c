"""Addresses of one session, all under its course."""

from django.urls import path

from sessions import booking_views, reading_views, views

app_name = "sessions"
urlpatterns = [
    path("new/", views.walk_in, name="walk_in"),
    path("book/", booking_views.book, name="book"),
    path("<uuid:session_id>/move/", booking_views.move, name="move"),
    path("<uuid:session_id>/cancel/", booking_views.cancel, name="cancel"),
    path("<uuid:session_id>/attendance/", booking_views.attendance, name="attendance"),
    path("<uuid:session_id>/", views.log, name="log"),
    path("<uuid:session_id>/draft/", views.draft, name="draft"),
    path("<uuid:session_id>/scores/", views.scores, name="scores"),
    path("<uuid:session_id>/contact/", views.contact, name="contact"),
    path("<uuid:session_id>/read/", reading_views.detail, name="detail"),
    path("<uuid:session_id>/share/", reading_views.share, name="share"),
]
