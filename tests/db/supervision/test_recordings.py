"""The log of recordings: with consent alone, changed by who keeps it, and what is to be deleted stands out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from courses.models import Contract
from sessions.models import TherapySession
from staff.models import User
from supervision.models import Recording
from supervision.recordings import (
    change_recording,
    enter_recording,
    standing_of,
    what_it_says,
    withdrawn_on,
)
from tests.cast import Cast, held_session, rating_of, recording_of, session_of
from tests.roles import as_owner

TODAY = date(2026, 11, 23)


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def agreed(cast: Cast, recording: str = "yes", number: int = 1) -> Contract:
    return Contract.objects.create(
        course=cast.course,
        number=number,
        planned_sessions=16,
        recording=recording,
        agreed_on=days_ago(30),
        agreed_by=cast.tara,
        reason="" if number == 1 else "She changed her mind.",
    )


@pytest.fixture
def held(cast: Cast) -> TherapySession:
    with as_owner():
        return held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)


def entered(cast: Cast, session: TherapySession, by: User | None = None, **given: Any) -> Recording:
    by = by or cast.tara
    act_as(by.pk)
    values = {"consent_on": days_ago(30), "kept_where": "Drive, folder 12", **given}
    return enter_recording(course=cast.course, session=session, by=by, **values)


# --- Consent


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (None, "does not say whether sessions may be recorded"),
        ("not_asked", "does not say whether sessions may be recorded"),
        ("no", "refused consent to recording"),
        ("withdrawn", "withdrew consent to recording"),
    ],
)
def test_without_consent_in_the_contract_no_recording_is_entered(
    cast: Cast, held: TherapySession, says: str | None, words: str
) -> None:
    if says:
        with as_owner():
            agreed(cast, says)
    with pytest.raises(ValidationError, match=words):
        entered(cast, held)
    assert not Recording.objects.exists()


def test_the_newest_contract_says_what_counts(cast: Cast, held: TherapySession) -> None:
    with as_owner():
        agreed(cast, "no")
        agreed(cast, "yes", number=2)
    assert entered(cast, held).consent_on == days_ago(30)


def test_the_page_says_what_is_missing_and_leads_to_the_contract(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    for page in ("recordings/", "recordings/new/"):
        html = client.get(f"/courses/{cast.course.pk}/{page}").content.decode()
        assert "The contract does not say whether sessions may be recorded. Ask May" in html
        assert f'href="/courses/{cast.course.pk}/contract/">Open the contract' in html


def test_consent_that_is_withdrawn_in_the_contract_stands_out_and_asks_for_deletion(
    client: Browser, cast: Cast, held: TherapySession
) -> None:
    with as_owner():
        recording_of(held)
        agreed(cast, "withdrawn")
    client.force_login(cast.tara)
    html = client.get(f"/courses/{cast.course.pk}/recordings/").content.decode()
    assert "One recording is to be deleted." in html
    assert "Consent withdrawn: to be deleted" in html
    assert "Say it is deleted" in html


# --- What is entered


def test_a_recording_is_to_be_deleted_ninety_days_after_its_session_unless_another_day_is_said(
    cast: Cast, held: TherapySession
) -> None:
    with as_owner():
        agreed(cast)
    assert entered(cast, held).delete_by == days_ago(7) + timedelta(days=90)


def test_the_clinic_says_after_how_many_days(cast: Cast, held: TherapySession) -> None:
    from staff.models import Clinic

    with as_owner():
        agreed(cast)
        Clinic.objects.update_or_create(pk=1, defaults={"recording_days": 10})
    assert entered(cast, held).delete_by == days_ago(7) + timedelta(days=10)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"consent_on": days_ago(6)}, "Consent comes before the session"),
        ({"delete_by": days_ago(8)}, "lies before the session"),
        ({"submitted_on": days_ago(8)}, "given to be rated after the session"),
        ({"submitted_on": days_ago(-1)}, "lies ahead"),
        ({"kept_where": "  "}, "Say where the recording is kept"),
    ],
)
def test_days_that_cannot_be_are_refused(
    cast: Cast, held: TherapySession, given: dict[str, Any], words: str
) -> None:
    with as_owner():
        agreed(cast)
    with pytest.raises(ValidationError, match=words):
        entered(cast, held, **given)


def test_only_a_session_that_was_held_was_recorded(cast: Cast, held: TherapySession) -> None:
    with as_owner():
        agreed(cast)
        missed = session_of(cast.course, cast.tara, timezone.now() - timedelta(days=3), attendance="3")
    with pytest.raises(ValidationError, match="session that was held"):
        entered(cast, missed)
    entered(cast, held)
    with pytest.raises(ValidationError, match="not in the log yet"):
        entered(cast, held)


# --- What became of it


def changed(recording: Recording, by: User, **given: Any) -> Recording:
    act_as(by.pk)
    says = {**what_it_says(recording), **given}
    return change_recording(recording=recording, version=recording.version, by=by, **says)


def test_the_therapist_and_the_supervisor_say_what_became_of_it(cast: Cast, held: TherapySession) -> None:
    with as_owner():
        recording = recording_of(held)
    recording = changed(recording, cast.tara, submitted_on=days_ago(5))
    recording = changed(recording, cast.sunil, deleted_on=days_ago(1))
    assert (recording.submitted_on, recording.deleted_by) == (days_ago(5), cast.sunil)
    with pytest.raises(ValidationError, match="deleted already"):
        changed(recording, cast.tara, deleted_on=None)


def test_an_ended_course_keeps_its_log(cast: Cast, held: TherapySession) -> None:
    with as_owner():
        recording = recording_of(held)
        cast.course.status, cast.course.ended_on = "ended", timezone.localdate()
        cast.course.save()
    assert changed(recording, cast.tara, deleted_on=timezone.localdate()).deleted_on == timezone.localdate()


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"delete_by": date(2026, 11, 22)}, "risk", "To be deleted: 1 day late"),
        ({"delete_by": TODAY}, "warn", "To be deleted today"),
        ({"delete_by": date(2026, 11, 30)}, "warn", "To be deleted in 7 days"),
        ({"delete_by": date(2026, 12, 1)}, "", "Kept"),
        (
            {"delete_by": date(2027, 1, 1), "withdrawn_on": TODAY},
            "risk",
            "Consent withdrawn: to be deleted",
        ),
        ({"delete_by": date(2026, 1, 1), "deleted_on": date(2026, 1, 1)}, "good", "Deleted"),
    ],
)
def test_where_a_recording_stands(fields: dict[str, Any], kind: str, words: str) -> None:
    found = standing_of(Recording(**fields), on=TODAY)
    assert (found.kind, found.words) == (kind, words)


def test_consent_stands_while_neither_the_log_nor_the_contract_takes_it_back() -> None:
    assert withdrawn_on(Recording(), Contract(recording="yes", agreed_on=TODAY)) is None
    assert withdrawn_on(Recording(), Contract(recording="no", agreed_on=TODAY)) == TODAY


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"delete_by": days_ago(1)}, 1),
        ({"delete_by": days_ago(0)}, 0),
        ({"withdrawn_on": days_ago(0)}, 1),
        ({"delete_by": days_ago(1), "deleted_on": days_ago(0)}, 0),
    ],
)
def test_what_is_to_be_deleted_stands_on_the_page_of_the_therapist_their_supervisor_and_the_lead(
    client: Browser, cast: Cast, held: TherapySession, given: dict[str, Any], count: int
) -> None:
    with as_owner():
        if "deleted_on" in given:
            given = {**given, "deleted_by": cast.tara}
        recording_of(held, consent_on=days_ago(20), **given)
    for who in ("tara", "sunil", "lena"):
        client.force_login(getattr(cast, who))
        html = client.get(f"/supervision/practice/{cast.tara.pk}/").content.decode()
        assert html.count("Recordings to be deleted") == count, who
    client.force_login(cast.sunil)
    assert client.get("/supervision/practice/").content.decode().count("1 to be deleted") == count


# --- Walls


STATEMENTS = {
    "another's course": (
        "olga",
        "INSERT INTO supervision_recording (id, course_id, session_id, consent_on, kept_where, delete_by, entered_by_id,"
        " entered_at, version) VALUES (gen_random_uuid(), '{c}', '{s}', now(), 'x', now(), '{me}', now(), 1)",
    ),
    "in another's name": (
        "tara",
        "INSERT INTO supervision_recording (id, course_id, session_id, consent_on, kept_where, delete_by, entered_by_id,"
        " entered_at, version) VALUES (gen_random_uuid(), '{c}', '{s}', now(), 'x', now(), '{olga}', now(), 1)",
    ),
    "of a session that was missed": (
        "tara",
        "INSERT INTO supervision_recording (id, course_id, session_id, consent_on, kept_where, delete_by, entered_by_id,"
        " entered_at, version) VALUES (gen_random_uuid(), '{c}', '{missed}', now(), 'x', now(), '{me}', now(), 1)",
    ),
    "deleted in another's name": (
        "tara",
        "UPDATE supervision_recording SET deleted_on = now(), deleted_by_id = '{olga}'",
    ),
    "moved to another session": ("tara", "UPDATE supervision_recording SET session_id = '{missed}'"),
    "taken out of the log": ("tara", "DELETE FROM supervision_recording"),
}


@pytest.mark.parametrize(("who", "sql"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_what_nobody_writes_past_the_pages(cast: Cast, held: TherapySession, who: str, sql: str) -> None:
    with as_owner():
        recorded = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=14), 2)
        recording_of(recorded)
        missed = session_of(cast.course, cast.tara, timezone.now() - timedelta(days=3), attendance="3")
    me = getattr(cast, who)
    act_as(me.pk)
    said = sql.format(c=cast.course.pk, s=held.pk, me=me.pk, olga=cast.olga.pk, missed=missed.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)


@pytest.mark.parametrize(
    ("who", "sees", "changes"),
    [
        ("tara", 1, 1),
        ("sunil", 1, 1),
        ("lena", 1, 0),
        ("ada", 0, 0),
        ("olga", 0, 0),
        ("dana", 0, 0),
        ("nadia", 0, 0),
    ],
)
def test_who_sees_and_who_keeps_the_log(
    cast: Cast, held: TherapySession, who: str, sees: int, changes: int
) -> None:
    with as_owner():
        recording_of(held)
        rating_of(held, cast.dana)
    act_as(getattr(cast, who).pk)
    assert Recording.objects.count() == Recording.objects.visible_to(getattr(cast, who)).count() == sees
    with transaction.atomic():
        assert Recording.objects.update(kept_where="Elsewhere") == changes
