"""What is done for the whole clinic by itself: an error at any statement leaves all or nothing, and the next run does it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from outcomes.models import Alert, AlertTold
from outcomes.telling import tell_due
from sessions.models import NoteReminder
from sessions.reminders import remind_authors, remind_of_cosigning
from staff.models import OutgoingMail, User
from tests.cast import Cast, note_of, session_of, system_person
from tests.db.whole.cases_of_sessions import days_ago
from tests.db.whole.harness import Break, Case, interrupted
from tests.roles import as_owner


def for_the_clinic(*, by: User, **given: Any) -> None:
    remind_authors(**given)


@pytest.mark.parametrize("how", Break, ids=lambda how: how.name)
def test_a_reminder_is_in_the_post_and_remembered_or_neither(cast: Cast, how: Break) -> None:
    with as_owner():
        began = days_ago(2)
        note_of(session_of(cast.course, cast.tara, began), signed=False, started_at=began)
        case = Case(
            by=system_person(),
            writes={NoteReminder: 1, OutgoingMail: 1},
            given={"at": timezone.now() + timedelta(hours=1), "page": "https://clinic.example/unsigned/"},
        )
    case.act = for_the_clinic
    assert interrupted(case, how)


def for_those_who_co_sign(*, by: User, **given: Any) -> None:
    remind_of_cosigning(**given)


@pytest.mark.parametrize("how", Break, ids=lambda how: how.name)
def test_a_reminder_to_co_sign_is_in_the_post_and_remembered_or_neither(cast: Cast, how: Break) -> None:
    with as_owner():
        began = days_ago(5)
        note_of(session_of(cast.course, cast.tara, began), needs_cosign=True, signed_at=began)
        case = Case(
            by=system_person(),
            writes={NoteReminder: 1, OutgoingMail: 1},
            given={"at": timezone.now(), "page": "https://clinic.example/supervision/cosign/"},
        )
    case.act = for_those_who_co_sign
    assert interrupted(case, how)


def telling(*, by: User, **given: Any) -> None:
    tell_due(**given)


@pytest.mark.parametrize("how", Break, ids=lambda how: how.name)
def test_that_somebody_was_told_of_an_alert_is_written_with_the_mail_or_neither(
    cast: Cast, how: Break
) -> None:
    with as_owner():
        Alert.objects.create(course=cast.course, kind="plan", words="Tablets.", raised_by=cast.tara)
        case = Case(
            by=system_person(),
            writes={AlertTold: 2, OutgoingMail: 2},
            given={"at": timezone.now() + timedelta(minutes=1)},
        )
    case.act = telling
    assert interrupted(case, how)
