"""One session as read: the signed note, who reads it, and what stays private."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from audit.models import Event
from sessions.models import Note, Reflection, ReflectionShare, SessionFocus, TherapySession
from sessions.signing import sha256_now
from tests.cast import Cast, answered, held_session, note_of, session_of
from tests.db.sessions import written
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

PRIVATE = "I felt useless with them"


def signed_session(cast: Cast) -> TherapySession:
    """A session of Tara's with scores, focus, techniques and a private reflection, properly signed."""
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=9), 7)
        answered(session, "phq9", [2, 2, 1, 1, 1, 1, 1, None, 0])
        answered(session, "gad7", [1, 1, 1, 1, 1, 1, 2])
        SessionFocus.objects.create(session=session, course=cast.course, area="conflict")
        Reflection.objects.create(session=session, course=cast.course, author=cast.tara, text=PRIVATE)
        note = note_of(
            session, signed=False, techniques=["conflict_rehearse", "role_play"], risk_answer="unchanged"
        )
        note.signed_at = session.ends_at
        note.sha256 = sha256_now(note)
        Note.objects.filter(pk=note.pk).update(signed_at=note.signed_at, sha256=note.sha256)
    return session


def read(client: Browser, person: Any, session: TherapySession) -> Any:
    client.force_login(person)
    return client.get(f"/courses/{session.course_id}/sessions/{session.pk}/read/")


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("tara", 200),
        ("olga", 404),
        ("sunil", 200),
        ("dana", 404),
        ("ada", 403),
        ("lena", 200),
        ("nadia", 404),
    ],
)
def test_who_reads_a_signed_session(client: Browser, cast: Cast, who: str, answer: int) -> None:
    assert read(client, getattr(cast, who), signed_session(cast)).status_code == answer


def test_a_session_is_not_found_under_another_course(client: Browser, cast: Cast) -> None:
    session = signed_session(cast)
    client.force_login(cast.lena)
    assert client.get(f"/courses/{cast.others_course.pk}/sessions/{session.pk}/read/").status_code == 404


def test_the_signed_note_is_read_as_it_was_signed(client: Browser, cast: Cast) -> None:
    html = read(client, cast.sunil, signed_session(cast)).content.decode()
    for words in (
        "Session 7",
        "A quiet week.",
        "Looked at Sunday&#x27;s argument.",
        "Ask Tom.",
        "Asked, unchanged",
        "Planned and rehearsed what to say",
        "Role play",
        "Conflict",
        "No total, 1 not answered",
        "8 of 21, mild",
        "Several days",
        "Signed by <strong>Tara Tree</strong>",
        "Unchanged since",
    ):
        assert words in html, words


def test_a_note_that_was_changed_past_the_walls_says_that_it_does_not_match(
    client: Browser, cast: Cast
) -> None:
    session = signed_session(cast)
    with as_owner():
        TherapySession.objects.filter(pk=session.pk).update(version=2)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE therapy_sessions_note DISABLE TRIGGER signed_note_is_final")
            cursor.execute(
                "UPDATE therapy_sessions_note SET work = 'Nothing.' WHERE session_id = %s", [session.pk]
            )
            cursor.execute("ALTER TABLE therapy_sessions_note ENABLE TRIGGER signed_note_is_final")
    html = read(client, cast.tara, session).content.decode()
    assert "Does not match its signature" in html
    assert "Unchanged since" not in html


@pytest.mark.parametrize(("who", "sees"), [("tara", True), ("sunil", False), ("lena", False)])
def test_the_private_reflection_is_its_authors_alone(
    client: Browser, cast: Cast, who: str, sees: bool
) -> None:
    html = read(client, getattr(cast, who), signed_session(cast)).content.decode()
    assert (PRIVATE in html) is sees


@pytest.mark.parametrize(("who", "sees"), [("sunil", True), ("lena", False)])
def test_a_shared_reflection_is_read_by_the_supervisor_and_not_by_the_lead(
    client: Browser, cast: Cast, who: str, sees: bool
) -> None:
    session = signed_session(cast)
    with as_owner():
        reflection = Reflection.objects.get(session=session)
        ReflectionShare.objects.create(reflection=reflection, course=cast.course, by=cast.tara)
    html = read(client, getattr(cast, who), session).content.decode()
    assert (PRIVATE in html) is sees


def test_the_author_shares_a_reflection_and_takes_it_back(client: Browser, cast: Cast) -> None:
    session = signed_session(cast)
    address = f"/courses/{session.course_id}/sessions/{session.pk}/share/"
    client.force_login(cast.tara)
    assert client.post(address, {"act": "share"}).status_code == 302
    assert "Stop sharing" in read(client, cast.tara, session).content.decode()
    assert PRIVATE in read(client, cast.sunil, session).content.decode()
    client.force_login(cast.tara)
    client.post(address, {"act": "stop"})
    assert "Share with my supervisor" in read(client, cast.tara, session).content.decode()
    assert PRIVATE not in read(client, cast.sunil, session).content.decode()


@pytest.mark.parametrize(("who", "answer"), [("sunil", 403), ("lena", 403), ("ada", 403), ("olga", 404)])
def test_nobody_else_shares_a_reflection(client: Browser, cast: Cast, who: str, answer: int) -> None:
    session = signed_session(cast)
    client.force_login(getattr(cast, who))
    path = f"/courses/{session.course_id}/sessions/{session.pk}/share/"
    assert client.post(path, {"act": "share"}).status_code == answer


def test_ones_own_draft_is_gone_on_with(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, timezone.now() - timedelta(days=2))
        note_of(session, signed=False)
    answer = read(client, cast.tara, session)
    assert answer.status_code == 302
    assert answer.url == f"/courses/{cast.course.pk}/sessions/{session.pk}/"


@pytest.mark.parametrize("who", ["sunil", "lena"])
def test_anothers_draft_is_known_to_exist_and_its_words_are_not_shown(
    client: Browser, cast: Cast, who: str
) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, timezone.now() - timedelta(days=3))
        note_of(session, signed=False, started_at=timezone.now() - timedelta(days=3))
    html = read(client, getattr(cast, who), session).content.decode()
    assert "Unsigned draft, 3 days old." in html
    assert "A quiet week." not in html


def test_a_missed_session_says_so_and_asks_for_no_words(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = session_of(
            cast.course,
            cast.tara,
            timezone.now() - timedelta(days=3),
            attendance="3",
            attendance_at=timezone.now(),
            attendance_by=cast.tara,
        )
    html = read(client, cast.tara, session).content.decode()
    assert "Did not attend, and gave no notice" in html
    assert "No note has been written" not in html


def test_reading_a_session_is_on_the_trail(client: Browser, cast: Cast) -> None:
    session = signed_session(cast)
    read(client, cast.lena, session)
    with as_owner():
        event = Event.objects.get(course_id=cast.course.pk)
    assert (event.action, event.what, event.object_ids, event.client_id) == (
        "read",
        "Session",
        [session.pk],
        cast.maya.pk,
    )


def test_a_note_with_much_that_followed_costs_no_more_questions(client: Browser, cast: Cast) -> None:
    with as_owner():
        cast.tara.is_trainee = True
        cast.tara.save()
    note = written.signed_session(cast)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            written.signed_addendum(cast, note)
            written.decide(note, cast.sunil, "returned", "More, please.")
        written.strike(written.signed_addendum(cast, note), cast.tara, "wrong_client")
        client.force_login(cast.sunil)
        own, frame = queries_of(client, f"/courses/{cast.course.pk}/sessions/{note.session_id}/read/")
        counts.append((len(own), len(frame)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 23
