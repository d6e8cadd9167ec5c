"""The pages of meetings: what they cost, odd words in them, and what a person cannot write past them."""

import contextlib
import re
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from sessions.models import DraftVersion, Note
from supervision.models import Case, Meeting
from tests import cast as people
from tests.cast import Cast
from tests.db.supervision.met import (
    WORDS,
    a_case,
    an_action,
    another_supervisee,
    begun,
    signed,
    written,
)
from tests.roles import as_owner

ODD = ("\x00", "🙂" * 200, "<script>", "x" * 4000, "2031-99-99", "ی١٢", "\r\n\t", "'; --", "�" * 9)


def address(name: str, *keys: Any) -> str:
    return reverse(f"supervision:{name}", args=[str(key) for key in keys])


def filled(**changes: str) -> dict[str, str]:
    """Everything that stands on the page of a case."""
    return {
        "based_on": "0",
        "work": WORDS,
        "focus_kept": "kept",
        "risk_said": "discussed",
        "next_time": "Stay with it",
        **changes,
    }


# --- One case, in the browser's words ---------------------------------------------------------------------------------


def test_nothing_is_chosen_beforehand(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    client.force_login(cast.sunil)
    page = client.get(address("case", case.meeting_id, case.pk)).content.decode()
    assert " checked" not in page
    assert "Maya Fielding" in page
    for heading in ("Agenda", "From last time", "Last note", "Last decisions", "Formulation"):
        assert heading in page


def test_next_case_keeps_and_goes_on_and_an_empty_page_begins_no_draft(cast: Cast, client: Browser) -> None:
    with as_owner():
        second = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
    meeting = begun(cast)
    one, two = a_case(cast, meeting), a_case(cast, meeting, second)
    client.force_login(cast.sunil)
    here = address("case", meeting.pk, one.pk)
    answer = client.post(here, {"based_on": "0", "act": "next", "action_1_owner": str(cast.tara.pk)})
    assert answer["Location"] == address("case", meeting.pk, two.pk)
    with as_owner():
        assert not Note.objects.exists()
    client.post(here, filled(act="next"))
    act_as(cast.sunil.pk)
    assert Note.objects.get().work == WORDS
    last = client.post(address("case", meeting.pk, two.pk), {"based_on": "0", "act": "next"})
    assert last["Location"] == address("meeting_sign", meeting.pk)


def test_another_action_is_added_without_script(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    client.force_login(cast.sunil)
    here = address("case", case.meeting_id, case.pk)
    answer = client.post(here, filled(act="add", **an_action(cast)))
    assert answer["Location"] == f"{here}#id_action_2_what"
    page = client.get(here).content.decode()
    assert "Draw the circles again" in page
    assert 'name="action_2_what"' in page
    assert 'name="action_3_what"' not in page


def test_a_second_window_is_shown_both_versions(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    client.force_login(cast.sunil)
    here = address("case", case.meeting_id, case.pk)
    assert client.post(address("case_draft", case.meeting_id, case.pk), filled()).status_code == 200
    page = client.post(here, filled(work="Other words", act="sign"))
    assert page.status_code == 409
    assert "Other words" in page.content.decode()
    assert WORDS in page.content.decode()
    act_as(cast.sunil.pk)
    assert Note.objects.get().work == WORDS
    assert DraftVersion.objects.filter(was_refused=True).count() == 1


def test_signing_leads_to_the_case_and_the_field_that_is_missing(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    written(cast, case, form={"focus_kept": ""})
    client.force_login(cast.sunil)
    page = client.post(address("meeting_sign", case.meeting_id))
    assert page.status_code == 422
    there = f"{address('case', case.meeting_id, case.pk)}?check"
    assert f'href="{there}#id_focus_kept"' in page.content.decode()
    said = client.get(there).content.decode()
    assert "Say whether the focus is kept." in said
    assert WORDS in said


def test_words_for_a_case_that_was_taken_off_are_shown_to_be_copied(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    act_as(cast.sunil.pk)
    Case.objects.all().delete()
    client.force_login(cast.sunil)
    here = address("case", case.meeting_id, case.pk)
    page = client.post(here, filled(act="draft"))
    assert page.status_code == 422
    assert WORDS in page.content.decode()
    answer = client.post(address("case_draft", case.meeting_id, case.pk), filled())
    assert answer.status_code == 409
    assert answer.json()["kind"] == "taken"
    assert client.get(here).status_code == 404


def test_a_page_that_was_made_for_somebody_else_saves_nothing(cast: Cast, client: Browser) -> None:
    case = a_case(cast)
    client.force_login(cast.sunil)
    answer = client.post(address("case_draft", case.meeting_id, case.pk), filled(person=str(cast.tara.pk)))
    assert answer.status_code == 403
    with as_owner():
        assert not Note.objects.exists()


def test_odd_words_break_no_page(cast: Cast, client: Browser) -> None:
    client.raise_request_exception = False
    case = a_case(cast)
    note = signed(cast)
    browsers = {
        "sunil": Browser(raise_request_exception=False),
        "tara": Browser(raise_request_exception=False),
    }
    for who, browser in browsers.items():
        browser.force_login(getattr(cast, who))
    page = browsers["sunil"].get(address("case", case.meeting_id, case.pk)).content.decode()
    fields = set(re.findall(r'name="([a-z0-9_]+)"', page)) - {"csrfmiddlewaretoken"}
    assert {"work", "focus_kept", "action_1_due", "based_on"} <= fields
    here = address("case", case.meeting_id, case.pk)
    words, acts = cycle(ODD), cycle(("draft", "next", "add", "sign"))
    for field in sorted(fields):
        sent = {**filled(act=next(acts)), field: next(words)}
        assert browsers["sunil"].post(here, sent).status_code < 500, sent
    for odd in ODD:
        sent = dict.fromkeys(fields, odd)
        for name in ("case", "case_draft", "case_history"):
            answer = browsers["sunil"].post(address(name, case.meeting_id, case.pk), sent)
            assert answer.status_code < 500, (name, odd[:20])
        form = dict.fromkeys(("held_on", "held_time", "minutes", "kind", "people", "key", "seen"), odd)
        for there in (address("meeting_new"), address("meeting_edit", case.meeting_id)):
            assert browsers["sunil"].post(there, form).status_code < 500, odd[:20]
        act = next(acts)
        assert (
            browsers["sunil"].post(address("meeting", case.meeting_id), {act: odd, "off": odd}).status_code
            < 500
        )
        answer = browsers["tara"].post(
            address("record_sign", cast.course.pk, note.pk), {"comment": odd, "seen": odd}
        )
        assert answer.status_code < 500, odd[:20]
    for there in ("meetings", "meeting_new"):
        assert browsers["sunil"].get(f"{address(there)}?page=%00&therapist=%00").status_code < 500


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_thirty_cases_cost_as_many_questions_as_three(cast: Cast, client: Browser) -> None:
    meeting = begun(cast)

    def add(count: int) -> None:
        with as_owner():
            for number in range(count):
                course = people.course_for(people.client_named(f"C{number}", "Listed"), cast.tara)
                people.supervision_record_of(course, cast.sunil, cast.tara, signed=False, meeting=meeting)
                people.on_the_agenda(course, cast.tara, "Why?")
                people.action_of(course, cast.tara, cast.sunil)

    add(3)
    client.force_login(cast.sunil)
    act_as(cast.sunil.pk)
    case = Case.objects.filter(meeting=meeting)[0]
    pages = (
        (address("meetings"), 11),
        (address("meeting", meeting.pk), 24),
        (address("meeting_sign", meeting.pk), 25),
        (address("case", meeting.pk, case.pk), 40),
    )

    def costs() -> list[int]:
        found = []
        for page, _ in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            found.append(len(asked))
        return found

    before = costs()
    add(27)
    after = costs()
    assert after == before
    assert all(cost <= most for cost, (_, most) in zip(before, pages, strict=True)), before


def test_forty_meetings_cost_as_many_questions_as_four(cast: Cast, client: Browser) -> None:
    def add(count: int) -> None:
        with as_owner():
            for number in range(count):
                people.meeting_of(cast.sunil, cast.tara, signed_at=timezone.now() if number % 2 else None)
                course = people.course_for(people.client_named(f"M{number}", "Met"), cast.tara)
                people.supervision_record_of(course, cast.sunil, cast.tara)

    add(4)
    for who in (cast.sunil, cast.tara, cast.lena):
        client.force_login(who)
        client.get(address("meetings"))
        with CaptureQueriesContext(connection) as few:
            client.get(address("meetings"))
        add(12)
        with CaptureQueriesContext(connection) as many:
            client.get(address("meetings"))
        assert len(few) == len(many), who


# --- Past the pages: by SQL, in the app role --------------------------------------------------------------------------


def does(who: Any, sql: str, *given: Any) -> int:
    """Rows touched, as this person."""
    act_as(who.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [str(each) for each in given])
        return int(cursor.rowcount)


def refuses(who: Any, sql: str, *given: Any) -> None:
    """Refused, or no row was there to touch."""
    with contextlib.suppress(DatabaseError):
        assert does(who, sql, *given) == 0, sql


NOTE = (
    "insert into therapy_sessions_note (id, kind, course_id, author_id, week, work, next_time, techniques, risk_answer, risk,"
    " form, version, started_at, saved_at, sha256, reflection_sha256) values (%s, 'supervised', %s, %s, '', 'Forged', '',"
    " '{}', '', '', '{}', 1, now(), now(), '', '')"
)


def test_who_may_begin_a_supervision_note(cast: Cast) -> None:
    refuses(cast.tara, NOTE, uuid4(), cast.course.pk, cast.tara.pk)  # on their own course
    refuses(cast.sunil, NOTE, uuid4(), cast.others_course.pk, cast.sunil.pk)  # a stranger's
    refuses(cast.sunil, NOTE, uuid4(), cast.course.pk, cast.tara.pk)  # in another's name
    refuses(cast.lena, NOTE, uuid4(), cast.course.pk, cast.lena.pk)
    refuses(cast.dana, NOTE, uuid4(), cast.course.pk, cast.dana.pk)  # while the supervisor is here
    refuses(cast.ada, NOTE, uuid4(), cast.course.pk, cast.ada.pk)
    assert does(cast.sunil, NOTE, uuid4(), cast.course.pk, cast.sunil.pk) == 1


def test_a_signed_record_its_meeting_and_its_signature_do_not_change(cast: Cast) -> None:
    note = signed(cast)
    case = Case.objects.get()
    for who in (cast.sunil, cast.tara, cast.lena):
        refuses(who, "update therapy_sessions_note set work = 'Other' where id = %s", note.pk)
        refuses(who, "update therapy_sessions_note set supervision = '{}' where id = %s", note.pk)
        refuses(who, "delete from therapy_sessions_note where id = %s", note.pk)
        refuses(who, "update supervision_meeting set minutes = 90 where id = %s", case.meeting_id)
        refuses(who, "update supervision_meeting set signed_at = null where id = %s", case.meeting_id)
        refuses(who, "delete from supervision_meeting where id = %s", case.meeting_id)
        refuses(who, "delete from supervision_meetingperson where meeting_id = %s", case.meeting_id)
        refuses(who, "update supervision_case set position = 9 where id = %s", case.pk)
        refuses(who, "delete from supervision_case where id = %s", case.pk)
    with as_owner():
        assert Note.objects.get().work == WORDS


def test_anothers_draft_is_no_row_at_all(cast: Cast) -> None:
    note = written(cast)
    for who in (cast.tara, cast.lena, cast.dana, cast.olga, cast.ada):
        refuses(who, "select 1 from therapy_sessions_note where id = %s", note.pk)
        refuses(who, "select 1 from supervision_case where id = %s", note.pk)
        refuses(who, "select 1 from therapy_sessions_draftversion where note_id = %s", note.pk)
        refuses(who, "update therapy_sessions_note set work = 'Other' where id = %s", note.pk)


def test_in_a_group_nobody_reads_past_their_own_case(cast: Cast) -> None:
    other = another_supervisee(cast)
    theo = other.theo  # type: ignore[attr-defined]
    meeting = begun(cast, cast.tara, theo)
    mine, theirs = a_case(cast, meeting), a_case(cast, meeting, other)
    written(cast, mine)
    signed(cast, theirs)
    for who, own, hidden in ((cast.tara, mine, theirs), (theo, theirs, mine)):
        assert does(who, "select 1 from supervision_case where id = %s", own.pk) == 1
        refuses(who, "select 1 from supervision_case where id = %s", hidden.pk)
        refuses(who, "select 1 from therapy_sessions_note where id = %s", hidden.pk)
        assert does(who, "select 1 from supervision_meeting where id = %s", meeting.pk) == 1
    refuses(cast.olga, "select 1 from supervision_meeting where id = %s", meeting.pk)
    refuses(cast.ada, "select 1 from supervision_meeting where id = %s", meeting.pk)


MEETING = (
    "insert into supervision_meeting (id, supervisor_id, held_at, minutes, kind, begun_at, version)"
    " values (%s, %s, now(), 60, 'individual', now(), 1)"
)
PERSON = "insert into supervision_meetingperson (id, meeting_id, person_id) values (%s, %s, %s)"
CASE = "insert into supervision_case (id, meeting_id, course_id, therapist_id, position) values (%s, %s, %s, %s, 1)"
SIGNATURE = (
    "insert into supervision_casesignature (id, note_id, course_id, by_id, comment, at, sha256)"
    " values (%s, %s, %s, %s, '', now(), repeat('0', 64))"
)


def test_meetings_people_and_cases_are_their_supervisors_to_write(cast: Cast) -> None:
    refuses(cast.tara, MEETING, uuid4(), cast.tara.pk)
    refuses(cast.lena, MEETING, uuid4(), cast.lena.pk)
    refuses(cast.sunil, MEETING, uuid4(), cast.dana.pk)
    meeting = begun(cast)
    refuses(cast.sunil, PERSON, uuid4(), meeting.pk, cast.olga.pk)
    refuses(cast.tara, PERSON, uuid4(), meeting.pk, cast.tara.pk)
    refuses(cast.sunil, CASE, uuid4(), meeting.pk, cast.others_course.pk, cast.olga.pk)
    refuses(cast.sunil, CASE, uuid4(), meeting.pk, cast.course.pk, cast.olga.pk)
    refuses(cast.tara, CASE, uuid4(), meeting.pk, cast.course.pk, cast.tara.pk)
    assert does(cast.sunil, CASE, uuid4(), meeting.pk, cast.course.pk, cast.tara.pk) == 1


def test_a_case_is_signed_for_by_its_therapist_alone(cast: Cast) -> None:
    note = signed(cast)
    for who in (cast.sunil, cast.lena, cast.olga, cast.dana):
        refuses(who, SIGNATURE, uuid4(), note.pk, cast.course.pk, who.pk)
    refuses(cast.tara, SIGNATURE, uuid4(), note.pk, cast.course.pk, cast.sunil.pk)
    refuses(cast.tara, SIGNATURE, uuid4(), note.pk, cast.others_course.pk, cast.tara.pk)
    assert does(cast.tara, SIGNATURE, uuid4(), note.pk, cast.course.pk, cast.tara.pk) == 1
    refuses(cast.tara, "update supervision_casesignature set comment = 'Other' where note_id = %s", note.pk)
    refuses(cast.tara, "delete from supervision_casesignature where note_id = %s", note.pk)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"minutes": 4}, "meeting_of_5_to_480_minutes"),
        ({"kind": "crowd"}, "meeting_kind_is_known"),
        ({"signed_at": -5}, "meeting_is_signed_when_it_was_held"),
    ],
)
def test_what_a_meeting_cannot_be(cast: Cast, fields: dict[str, Any], constraint: str) -> None:
    if "signed_at" in fields:
        fields = {"signed_at": timezone.now() - timedelta(hours=5)}
    with as_owner(), pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        people.meeting_of(cast.sunil, cast.tara, **fields)
    assert not Meeting.objects.exists()
