"""Addresses of a referral and of the wait that follows, each in full: they lie under the course that they are about."""

from django.urls import path

from referrals import waiting_views

app_name = "referrals"
urlpatterns = [
    path("courses/<uuid:course_id>/waiting/", waiting_views.wait, name="wait"),
    path("courses/<uuid:course_id>/waiting/pause/", waiting_views.pause, name="pause"),
    path("courses/<uuid:course_id>/waiting/resume/", waiting_views.resume, name="resume"),
    path("courses/<uuid:course_id>/waiting/priority/", waiting_views.priority, name="priority"),
    path("courses/<uuid:course_id>/waiting/attempt/", waiting_views.attempt, name="attempt"),
]
