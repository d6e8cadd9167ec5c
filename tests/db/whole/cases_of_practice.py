"""Recordings and ratings: each act done once and written down whole."""

from datetime import timedelta

from django.utils import timezone

from audit.models import Event
from courses.models import Contract
from sessions.models import TherapySession
from supervision import ratings, recordings
from supervision.models import Rating, RatingForm, Recording
from tests.cast import Cast, held_session, recording_of
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def _held(cast: Cast) -> TherapySession:
    return held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)


@case_of(recordings.enter_recording)
def a_recording_is_entered(cast: Cast) -> Case:
    today = timezone.localdate()
    Contract.objects.create(
        course=cast.course,
        number=1,
        planned_sessions=16,
        recording="yes",
        agreed_on=today - timedelta(days=30),
        agreed_by=cast.tara,
    )
    given = {
        "course": cast.course,
        "session": _held(cast),
        "consent_on": today - timedelta(days=30),
        "kept_where": "Drive",
    }
    return Case(by=cast.tara, writes={Recording: 1, Event: 1}, given=given)


@case_of(recordings.change_recording)
def a_recording_is_deleted(cast: Cast) -> Case:
    recording = recording_of(_held(cast))
    given = {
        "recording": recording,
        "kept_where": "Drive",
        "delete_by": recording.delete_by,
        "deleted_on": timezone.localdate(),
        "version": 1,
    }
    return Case(by=cast.tara, writes={Recording: 0, Event: 1}, given=given)


@case_of(ratings.rate_session)
def a_session_is_rated(cast: Cast) -> Case:
    given = {
        "course": cast.course,
        "session": _held(cast),
        "form": 0,
        "scores": {"focus": 4},
        "overall": "pass",
    }
    return Case(by=cast.sunil, writes={Rating: 1, Event: 1}, given=given)


@case_of(ratings.change_rating_form)
def the_rating_form_is_changed(cast: Cast) -> Case:
    given = {"lines": [ratings.Line("Focus", "", 6)], "number": 0}
    return Case(by=cast.lena, writes={RatingForm: 1, Event: 1}, given=given)
