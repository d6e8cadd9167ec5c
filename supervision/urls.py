"""Addresses of supervision: supervision/… for the pages of people, courses/<course>/… for those of one course."""

from django.urls import URLPattern, path

from supervision import (
    agenda_views,
    case_views,
    cosign_views,
    course_views,
    flag_views,
    meeting_views,
    practice_views,
    rating_views,
    record_views,
    recording_views,
    review_views,
)

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    # Agenda, actions, the supervision page of a course
    path("supervision/agenda/", agenda_views.the_agenda, name="agenda"),
    path("supervision/agenda/order/", agenda_views.order, name="order"),
    path("courses/<uuid:course_id>/supervision/", course_views.of_course, name="course"),
    path("courses/<uuid:course_id>/supervision/agenda/", agenda_views.propose, name="propose"),
    path("courses/<uuid:course_id>/supervision/agenda/<uuid:item_id>/", agenda_views.item, name="item"),
    path("courses/<uuid:course_id>/actions/<uuid:action_id>/", course_views.action, name="action"),
    # Meetings, their cases and signed records
    path("supervision/meetings/", meeting_views.meetings, name="meetings"),
    path("supervision/meetings/new/", meeting_views.meeting_new, name="meeting_new"),
    path("supervision/meetings/<uuid:meeting_id>/", meeting_views.meeting, name="meeting"),
    path("supervision/meetings/<uuid:meeting_id>/edit/", meeting_views.meeting_edit, name="meeting_edit"),
    path("supervision/meetings/<uuid:meeting_id>/sign/", meeting_views.meeting_sign, name="meeting_sign"),
    path("supervision/meetings/<uuid:meeting_id>/cases/<uuid:case_id>/", case_views.case, name="case"),
    path(
        "supervision/meetings/<uuid:meeting_id>/cases/<uuid:case_id>/draft/",
        case_views.case_draft,
        name="case_draft",
    ),
    path(
        "supervision/meetings/<uuid:meeting_id>/cases/<uuid:case_id>/history/",
        case_views.case_history,
        name="case_history",
    ),
    path("courses/<uuid:course_id>/supervision/<uuid:note_id>/", record_views.record, name="record"),
    path(
        "courses/<uuid:course_id>/supervision/<uuid:note_id>/sign/",
        record_views.record_sign,
        name="record_sign",
    ),
    # Progress review, rules, the lead's page
    path("supervision/", review_views.review, name="review"),
    path("supervision/figures/<slug:slug>/", review_views.figure, name="figure"),
    path("supervision/flags/", flag_views.flags, name="flags"),
    path("supervision/flags/<slug:slug>/", flag_views.flag, name="flag"),
    path("supervision/service/", review_views.service, name="service"),
    path("courses/<uuid:course_id>/flags/<slug:slug>/<uuid:subject>/", flag_views.consider, name="consider"),
    path("supervision/cosign/", cosign_views.cosign, name="cosign"),
    # Practice
    path("courses/<uuid:course_id>/recordings/", recording_views.recordings, name="recordings"),
    path("courses/<uuid:course_id>/recordings/new/", recording_views.recording_new, name="recording_new"),
    path(
        "courses/<uuid:course_id>/recordings/<uuid:recording_id>/",
        recording_views.recording,
        name="recording",
    ),
    path("courses/<uuid:course_id>/sessions/<uuid:session_id>/rate/", rating_views.rate, name="rate"),
    path("courses/<uuid:course_id>/ratings/<uuid:rating_id>/", rating_views.rating, name="rating"),
    path("supervision/rating-form/", rating_views.rating_form, name="rating_form"),
    path("supervision/practice/", practice_views.practice, name="practice"),
    path("supervision/practice/<uuid:person_id>/", practice_views.practice_of_person, name="practice_of"),
    path("supervision/practice/<uuid:person_id>/pdf/", practice_views.practice_pdf, name="practice_pdf"),
]
