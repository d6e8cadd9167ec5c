"""Addresses of a course's sessions and notes, all under the course: sessions/…, contacts/…, addenda/…, notes/…"""

from django.urls import path

from sessions import (
    addendum_views,
    booking_views,
    contact_views,
    cosign_views,
    error_views,
    history_views,
    reading_views,
    views,
)

app_name = "sessions"
urlpatterns = [
    path("sessions/new/", views.walk_in, name="walk_in"),
    path("sessions/book/", booking_views.book, name="book"),
    path("sessions/<uuid:session_id>/move/", booking_views.move, name="move"),
    path("sessions/<uuid:session_id>/cancel/", booking_views.cancel, name="cancel"),
    path("sessions/<uuid:session_id>/attendance/", booking_views.attendance, name="attendance"),
    path("sessions/<uuid:session_id>/", views.log, name="log"),
    path("sessions/<uuid:session_id>/draft/", views.draft, name="draft"),
    path("sessions/<uuid:session_id>/history/", history_views.of_session, name="history"),
    path("sessions/<uuid:session_id>/scores/", views.scores, name="scores"),
    path("sessions/<uuid:session_id>/received/", views.received, name="received"),
    path("sessions/<uuid:session_id>/contact/", views.contact, name="contact"),
    path("sessions/<uuid:session_id>/read/", reading_views.detail, name="detail"),
    path("sessions/<uuid:session_id>/share/", reading_views.share, name="share"),
    path("sessions/<uuid:session_id>/error/", error_views.session, name="error"),
    path("sessions/<uuid:session_id>/carry/", error_views.carry, name="carry"),
    path("notes/<uuid:note_id>/cosign/", cosign_views.cosign, name="cosign"),
    path("notes/<uuid:note_id>/error/", error_views.note, name="note_error"),
    path("notes/<uuid:note_id>/carry/", error_views.carry_note, name="carry_note"),
    path("contacts/new/", contact_views.contact_new, name="contact_new"),
    path("contacts/<uuid:note_id>/", contact_views.contact_note, name="contact_note"),
    path("contacts/<uuid:note_id>/draft/", contact_views.contact_draft, name="contact_draft"),
    path("contacts/<uuid:note_id>/history/", contact_views.contact_history, name="contact_history"),
    path("contacts/<uuid:note_id>/read/", contact_views.contact_read, name="contact_read"),
    path("notes/<uuid:note_id>/addendum/", addendum_views.addendum_new, name="addendum_new"),
    path("addenda/<uuid:note_id>/", addendum_views.addendum, name="addendum"),
    path("addenda/<uuid:note_id>/draft/", addendum_views.addendum_draft, name="addendum_draft"),
    path("addenda/<uuid:note_id>/history/", addendum_views.addendum_history, name="addendum_history"),
]
