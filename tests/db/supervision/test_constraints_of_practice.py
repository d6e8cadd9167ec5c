"""The database has the last word about recordings and ratings, in a sentence."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.refusals import refused
from supervision.models import Rating, Recording
from tests.cast import Cast, held_session, rating_of, recording_of
from tests.roles import as_owner


def day(days_ago: int) -> Any:
    return timezone.localdate() - timedelta(days=days_ago)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kept_where": ""}, "Say where the recording is kept."),
        ({"deleted_on": day(0)}, "A recording that is deleted says when, and by whom."),
        (
            {"withdrawn_on": day(40)},
            "Consent comes before it is withdrawn, and before the day of deletion.",
        ),
        ({"delete_by": day(40)}, "Consent comes before it is withdrawn, and before the day of deletion."),
    ],
)
def test_a_recording_that_cannot_be(cast: Cast, fields: dict[str, Any], sentence: str) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)
        with pytest.raises(ValidationError) as refusal, refused():
            recording_of(session, consent_on=day(30), **fields)
        assert refusal.value.messages == [sentence]
        assert not Recording.objects.exists()


def test_a_session_is_in_the_log_once(cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)
        recording_of(session)
        with pytest.raises(ValidationError) as refusal, refused():
            recording_of(session)
    assert refusal.value.messages == ["A recording of this session is in the log already."]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"overall": "perhaps"}, "Say whether the session passes overall."),
        ({"rated_by": "tara"}, "Nobody rates their own session."),
        ({"rated_by": "sunil"}, "You have rated this session already."),
    ],
)
def test_a_rating_that_cannot_be(cast: Cast, fields: dict[str, Any], sentence: str) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)
        rating_of(session, cast.sunil)
        by = getattr(cast, fields.pop("rated_by", "dana"))
        with pytest.raises(ValidationError) as refusal, refused():
            rating_of(session, by, **fields)
        assert refusal.value.messages == [sentence]
        assert Rating.objects.count() == 1
