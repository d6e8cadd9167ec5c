"""Addresses of a referral and of the wait that follows, each in full: they lie under the course that they are about. The
page on which one is entered lies under none yet."""

from django.urls import path

from referrals import entry_views, outcome_views, screening_views, views, waiting_views

app_name = "referrals"
_of_course = "courses/<uuid:course_id>/referral/"
urlpatterns = [
    path("referrals/new/", entry_views.enter, name="new"),
    path(_of_course, views.detail, name="detail"),
    path(f"{_of_course}words/", views.words, name="words"),
    path(f"{_of_course}letters/new/", views.letter_new, name="letter_new"),
    path(f"{_of_course}letters/<uuid:letter_id>/", views.letter, name="letter"),
    path(f"{_of_course}letters/<uuid:letter_id>/withdraw/", views.letter_withdraw, name="letter_withdraw"),
    path("courses/<uuid:course_id>/waiting/", waiting_views.wait, name="wait"),
    path("courses/<uuid:course_id>/waiting/pause/", waiting_views.pause, name="pause"),
    path("courses/<uuid:course_id>/waiting/resume/", waiting_views.resume, name="resume"),
    path("courses/<uuid:course_id>/waiting/priority/", waiting_views.priority, name="priority"),
    path("courses/<uuid:course_id>/waiting/attempt/", waiting_views.attempt, name="attempt"),
    path(f"{_of_course}screen/", screening_views.screen, name="screen"),
    path(f"{_of_course}give/", screening_views.give, name="give"),
    path(f"{_of_course}outcome/new/", outcome_views.outcome_letter_new, name="outcome_letter_new"),
    path(f"{_of_course}outcome/<uuid:letter_id>/", outcome_views.outcome_letter, name="outcome_letter"),
]
