"""What was entered in error is struck out: it stays readable, counts no more, and of the wrong client it is sealed."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Course
from outcomes.models import Alert, Response
from record import rows
from record.course_page import course_page, find_course
from sessions import actions, beside, note_actions
from sessions.life import State
from sessions.models import (
    ContactDue,
    CoSignature,
    DraftVersion,
    EnteredInError,
    Note,
    Reflection,
    SessionFocus,
    SessionResponse,
    TherapySession,
)
from staff.models import OutgoingMail
from staff.outbox import words_of
from supervision import flags
from tests import cast as people
from tests.cast import Cast, session_of
from tests.db.sessions.written import (
    PRIVATE,
    RISK,
    WORDS,
    appointment,
    as_trainee,
    decide,
    draft_of_contact,
    draft_of_session,
    shared_reflection,
    signed_addendum,
    signed_contact,
    signed_session,
    strike,
    typed,
)
from tests.roles import as_owner

REASON = "It was Owen who was here"


def html_of(client: Browser, person: Any, note: Note, status: int = 200) -> str:
    client.force_login(person)
    path = f"sessions/{note.session_id}" if note.session_id else f"contacts/{note.pk}"
    answer = client.get(f"/courses/{note.course_id}/{path}/read/")
    assert answer.status_code == status
    return unescape(answer.content.decode())


# --- What counts ------------------------------------------------------------------------------------------------------


def test_a_struck_session_loses_its_number_and_the_later_ones_move_up(cast: Cast) -> None:
    notes = [signed_session(cast, days) for days in (30, 20, 10)]
    strike(notes[0], cast.tara)
    sessions = [TherapySession.objects.get(pk=note.session_id) for note in notes]
    assert [session.number for session in sessions] == [None, 1, 2]
    assert [session.entered_in_error_at is not None for session in sessions] == [True, False, False]


def test_the_note_itself_stays_as_it_was_signed(cast: Cast) -> None:
    note = signed_session(cast)
    before = Note.objects.filter(pk=note.pk).values().get()
    strike(note, cast.tara)
    assert Note.objects.filter(pk=note.pk).values().get() == before
    assert note_actions.state_of(note) == State.ENTERED_IN_ERROR


def test_treatment_begins_with_the_first_session_that_still_counts(cast: Cast) -> None:
    first, second = signed_session(cast, 30), signed_session(cast, 20)
    assert _started(cast) == timezone.localdate(first.session.starts_at)
    strike(first, cast.tara)
    assert _started(cast) == timezone.localdate(second.session.starts_at)
    strike(second, cast.tara)
    assert _started(cast) is None
    assert Course.objects.get(pk=cast.course.pk).status == "in_treatment"
    third = signed_session(cast, 5)
    assert _started(cast) == timezone.localdate(third.session.starts_at)


def _started(cast: Cast) -> Any:
    return Course.objects.get(pk=cast.course.pk).started_on


def test_the_lead_strikes_out_and_the_others_are_counted_anew(cast: Cast) -> None:
    first, second = signed_session(cast, 30), signed_session(cast, 20)
    strike(first, cast.lena)
    act_as(cast.tara.pk)
    assert TherapySession.objects.get(pk=second.session_id).number == 1
    assert _started(cast) == timezone.localdate(second.session.starts_at)


def test_a_session_of_a_course_that_has_ended_is_struck_out_too(cast: Cast) -> None:
    first, second = signed_session(cast, 30), signed_session(cast, 20)
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=timezone.localdate())
    strike(first, cast.tara)
    assert TherapySession.objects.get(pk=second.session_id).number == 1


def test_a_missed_session_is_struck_out_and_its_contact_is_due_no_more(cast: Cast) -> None:
    session = appointment(cast, 3)
    act_as(cast.ada.pk)
    actions.record_attendance_by_administrator(session=session, attendance="3", by=cast.ada)
    assert "contact" in slugs(cast)
    note_actions.enter_session_in_error(session=session, kind="mistake", reason="He was here", by=cast.tara)
    assert "contact" not in slugs(cast)
    assert not ContactDue.objects.open().exists()
    page = _course_page(cast)
    assert (page.missed, page.contact_due) == (0, [])


def slugs(cast: Cast) -> set[str]:
    act_as(cast.tara.pk)
    scope = flags.Scope(reader=cast.tara, courses=[cast.course.pk], now=timezone.now())
    return {row.flag.slug for row in flags.rows(scope)}


def _course_page(cast: Cast, who: str = "tara") -> Any:
    person = getattr(cast, who)
    act_as(person.pk)
    course, is_clinical = find_course(person, cast.course.pk)
    return course_page(course, person, is_clinical=is_clinical, page="1", at=timezone.now())


def test_its_scores_are_in_no_chart_no_list_and_no_comparison(cast: Cast) -> None:
    kept = signed_session(cast, 30, answers={"phq9": [2] * 8 + [0], "gad7": [2] * 7})
    struck = signed_session(cast, 20, answers={"phq9": [3] * 9, "gad7": [3] * 7})
    latest = signed_session(cast, 10, answers={"phq9": [1] * 8 + [0], "gad7": [1] * 7})
    strike(struck, cast.tara)
    page = _course_page(cast)
    assert page.progress is not None
    (phq9, gad7) = page.progress.chart["lines"]
    assert [point["total"] for point in phq9["points"]] == [16, 8]
    assert [point["total"] for point in gad7["points"]] == [14, 7]
    assert "27" not in page.progress.chart["summary"]
    assert page.attended == 2
    assert [mark for _, marks in page.strip for mark in marks].count("on") == 2
    (row,) = rows.of_courses(
        Course.objects.visible_to(cast.tara).filter(pk=cast.course.pk), now=timezone.now(), clinical=True
    )
    assert row.change is not None
    assert row.change.totals == (16, 8)
    earlier = beside.earlier_scores(latest.session, cast.tara)
    assert earlier["phq9"].totals == [16]
    assert [note.pk for note in beside.signed_before(latest.session, cast.tara)] == [kept.pk]
    assert list(Response.objects.standing().filter(measure="phq9").values_list("total", flat=True)) == [16, 8]


def test_the_measures_of_a_struck_session_do_not_stand_for_those_that_are_missing(cast: Cast) -> None:
    signed_session(cast, 30, answers={"phq9": [1] * 9, "gad7": [1] * 7})
    signed_session(cast, 20, answers={})
    measured = signed_session(cast, 15)
    signed_session(cast, 10, answers={})
    assert "measure" not in slugs(cast)
    strike(measured, cast.tara)
    assert "measure" in slugs(cast)


def test_a_course_whose_sessions_are_all_struck_has_no_progress_and_no_focus_flag(cast: Cast) -> None:
    notes = [signed_session(cast, days) for days in (40, 33, 26, 19)]
    assert "focus" in slugs(cast)
    for note in notes:
        strike(note, cast.tara)
    assert "focus" not in slugs(cast)
    assert _course_page(cast).progress is None


def test_a_struck_draft_is_no_unsigned_work(cast: Cast) -> None:
    drafts = [draft_of_session(cast, 3), draft_of_contact(cast)]
    assert "draft" in slugs(cast)
    for note in drafts:
        strike(note, cast.tara)
    assert "draft" not in slugs(cast)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from unsigned_notes()")
        assert cursor.fetchone() == (0,)
        cursor.execute("select count_drafts(%s)", [cast.course.pk])
        assert cursor.fetchone() == (0,)


def test_the_hour_of_a_struck_session_is_free_again(cast: Cast) -> None:
    note = signed_session(cast, 3)
    strike(note, cast.tara)
    with as_owner():
        assert session_of(cast.course, cast.tara, note.session.starts_at).pk


# --- Alerts -----------------------------------------------------------------------------------------------------------


def test_the_alert_of_a_session_that_was_a_mistake_stays_open_until_a_person_closes_it(cast: Cast) -> None:
    note = signed_session(cast)
    strike(note, cast.tara)
    assert Alert.objects.open().count() == 1
    assert "risk" in slugs(cast)


def test_the_alert_of_the_wrong_client_is_closed_and_says_so(cast: Cast) -> None:
    note = signed_session(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    alert = Alert.objects.get()
    assert alert.closed_by_id == cast.tara.pk
    assert alert.what_was_done.startswith("Entered for the wrong client")
    assert alert.typed_in_error
    assert "risk" not in slugs(cast)
    with as_owner():
        history = list(alert.events.order_by("pgh_id").values_list("closed_by", "what_was_done"))
        assert history[-1] == (cast.tara.pk, alert.what_was_done)
        assert Event.objects.filter(what="Closed an alert as typed in error", user=cast.tara).count() == 1


def test_an_entry_in_error_is_on_the_trail(cast: Cast) -> None:
    strike(signed_session(cast), cast.tara)
    strike(signed_session(cast, 5), cast.tara, "wrong_client", REASON)
    act_as(cast.lena.pk)
    said = Event.objects.filter(user=cast.tara, client_id=cast.maya.pk, what__startswith="Entered in error")
    assert sorted(said.values_list("what", flat=True)) == [
        "Entered in error",
        "Entered in error, wrong client",
    ]


# --- Who, and when not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "sunil", "dana", "ada", "nadia"])
@pytest.mark.parametrize("made", [signed_session, signed_contact, draft_of_session, draft_of_contact])
def test_nobody_else_strikes_out(cast: Cast, who: str, made: Any) -> None:
    note = made(cast)
    with pytest.raises(ValidationError):
        strike(note, getattr(cast, who))
    with as_owner():
        assert not EnteredInError.objects.exists()


@pytest.mark.parametrize("made", [draft_of_session, draft_of_contact])
def test_the_lead_does_not_strike_out_a_draft_whose_words_they_may_not_read(cast: Cast, made: Any) -> None:
    note = made(cast)
    with pytest.raises(ValidationError):
        strike(note, cast.lena)


@pytest.mark.parametrize(
    ("kind", "reason", "fields"),
    [
        ("", "Twice", ["kind"]),
        ("nonsense", "Twice", ["kind"]),
        ("mistake", " \n", ["reason"]),
        ("mistake", "a\x00b", ["reason"]),
        ("mistake", "\ud800", ["reason"]),
        ("", "", ["kind", "reason"]),
    ],
)
def test_kind_and_reason_are_asked_for_by_their_fields(
    cast: Cast, kind: str, reason: str, fields: list[str]
) -> None:
    note = signed_session(cast)
    with pytest.raises(ValidationError) as refusal:
        strike(note, cast.tara, kind, reason)
    assert list(refusal.value.message_dict) == fields
    assert not EnteredInError.objects.exists()


def test_nothing_is_struck_out_twice(cast: Cast) -> None:
    for note in (signed_session(cast), signed_contact(cast)):
        strike(note, cast.tara)
        with pytest.raises(ValidationError, match="already"):
            strike(note, cast.tara)


def test_an_appointment_that_nobody_logged_is_cancelled_and_not_struck_out(cast: Cast) -> None:
    session = appointment(cast, 1)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="cancel it or move it"):
        note_actions.enter_session_in_error(session=session, kind="mistake", reason="No", by=cast.tara)


def test_nothing_more_is_written_about_a_struck_session(cast: Cast) -> None:
    note = draft_of_session(cast, 3)
    strike(note, cast.tara)
    session = TherapySession.objects.get(pk=note.session_id)
    about = {"session": session, "by": cast.tara}
    when = {"starts_at": timezone.now() + timedelta(days=2), "minutes": 50, "mode": "video", "room": None}
    for write in (
        lambda: actions.save_draft(**about, **typed(based_on=1)),
        lambda: actions.sign_session(**about, **typed(based_on=1)),
        lambda: actions.record_absence(**about, attendance="3"),
        lambda: actions.record_attendance_by_administrator(**about, attendance="3"),
        lambda: actions.cancel_session(**about, code="2"),
        lambda: actions.move_session(**about, **when, version=session.version),
    ):
        with pytest.raises(ValidationError, match="entered in error"):
            write()
    assert Note.objects.get(pk=note.pk).version == 1


def test_nothing_more_is_written_into_a_struck_contact_note_or_added_to_it(cast: Cast) -> None:
    draft = draft_of_contact(cast)
    strike(draft, cast.tara)
    with pytest.raises(ValidationError, match="entered in error"):
        note_actions.save_contact_note(
            note_id=draft.pk, course=cast.course, by=cast.tara, based_on=1, words={"work": "More"}, form={}
        )
    for note in (signed_contact(cast), signed_session(cast)):
        strike(note, cast.tara)
        with pytest.raises(ValidationError, match="entered in error"):
            signed_addendum(cast, note)


def test_a_struck_addendum_leaves_the_note_as_it_is(cast: Cast) -> None:
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil)
    addendum = signed_addendum(cast, note)
    assert note_actions.state_of(note) == State.AWAITING_COSIGN
    strike(addendum, cast.tara)
    assert note_actions.state_of(note) == State.COSIGNED
    assert TherapySession.objects.get(pk=note.session_id).number == 1


# --- Sealed -----------------------------------------------------------------------------------------------------------


def sealed(cast: Cast, by: Any = None) -> Note:
    """With all that a signed session can have: addendum, decision, scores, focus, a shared reflection, what was tried."""
    note = signed_session(as_trainee(cast))
    decide(note, cast.sunil, "returned", "Say more about the bridge.")
    signed_addendum(cast, note, text="It was on Sunday night.")
    shared_reflection(cast, note)
    with as_owner():
        ContactDue.objects.create(
            session=note.session,
            course=cast.course,
            for_person=cast.tara,
            raised_by=cast.tara,
            answered_at=timezone.now(),
            answered_by=cast.tara,
            what_was_tried="Rang her brother",
        )
    strike(note, by or cast.tara, "wrong_client", REASON)
    return note


SEALED_TABLES = {
    "therapy_sessions_note": 2,
    "therapy_sessions_cosignature": 1,
    "therapy_sessions_sessionfocus": 1,
    "therapy_sessions_sessionfocusevent": 1,
    "therapy_sessions_sessionresponse": 2,
    "therapy_sessions_contactdue": 1,
    "therapy_sessions_contactdueevent": 1,
    "therapy_sessions_enteredinerror": 1,
    "outcomes_response": 2,
    "outcomes_responseevent": 4,
    "outcomes_alert": 1,
    "outcomes_alertevent": 3,
}


def counts(person: Any) -> dict[str, int]:
    """What PostgreSQL shows this person of every table that holds a sealed word or number, without any filter."""
    act_as(person.pk)
    found = {}
    with connection.cursor() as cursor:
        for table in SEALED_TABLES:
            cursor.execute(f"select count(*) from {table} where course_id is not null")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("who", ["tara", "lena"])
@pytest.mark.parametrize("by", ["tara", "lena"])
def test_the_author_and_the_lead_read_all_of_what_is_sealed(cast: Cast, who: str, by: str) -> None:
    sealed(cast, getattr(cast, by))
    assert counts(getattr(cast, who)) == SEALED_TABLES


@pytest.mark.parametrize("who", ["sunil", "dana", "ada", "olga", "nadia", "next", "next_supervisor"])
def test_nobody_else_reads_a_word_or_a_number_of_it_by_any_query(cast: Cast, who: str) -> None:
    sealed(cast)
    assert counts(_person(cast, who)) == dict.fromkeys(SEALED_TABLES, 0)
    assert not Reflection.objects.exists()
    assert not DraftVersion.objects.exists()


@pytest.mark.parametrize("who", ["sunil", "dana", "ada", "olga", "nadia", "next", "next_supervisor"])
def test_the_first_wall_says_the_same_without_the_second(cast: Cast, who: str) -> None:
    sealed(cast)
    person = _person(cast, who)
    models = (
        Note,
        CoSignature,
        SessionFocus,
        SessionResponse,
        ContactDue,
        EnteredInError,
        Response,
        Alert,
        Reflection,
    )
    with as_owner():
        assert {model.__name__: model.objects.visible_to(person).count() for model in models} == {
            model.__name__: 0 for model in models
        }


def test_the_first_wall_lets_author_and_lead_read(cast: Cast) -> None:
    sealed(cast)
    models = (Note, CoSignature, SessionFocus, SessionResponse, ContactDue, EnteredInError, Response, Alert)
    with as_owner():
        for person in (cast.tara, cast.lena):
            assert all(model.objects.visible_to(person).exists() for model in models)


def _person(cast: Cast, who: str) -> Any:
    """`next` is the therapist who gets the course afterwards, `next_supervisor` theirs."""
    if not who.startswith("next"):
        return getattr(cast, who)
    now = timezone.now()
    with as_owner():
        cast.course.allocations.update(ends_at=now)
        nina = people.person("Nina Next", "therapist")
        sven = people.person("Sven Next", "supervisor")
        people.supervises(sven, nina)
        cast.course.allocations.create(therapist=nina, by=cast.ada, starts_at=now)
    return nina if who == "next" else sven


@pytest.mark.parametrize("who", ["sunil", "next"])
def test_others_learn_that_a_session_of_that_day_was_the_wrong_clients_and_nothing_more(
    client: Browser, cast: Cast, who: str
) -> None:
    note = sealed(cast)
    page = html_of(client, _person(cast, who), note)
    assert "Entered in error, for the wrong client" in page
    day = timezone.localtime(note.session.starts_at)
    assert f"{day:%a} {day.day} {day:%b %Y}" in page
    for word in (
        WORDS,
        RISK,
        PRIVATE,
        REASON,
        "Say more",
        "Sunday night",
        "brother",
        "PHQ-9",
        "Role play",
        "Tara",
    ):
        assert word not in page.split("<main")[1], word
    course = client.get(f"/courses/{cast.course.pk}/").content.decode()
    assert "PHQ-9 10" not in course


@pytest.mark.parametrize("who", ["tara", "lena"])
def test_author_and_lead_read_it_behind_a_click_and_never_in_print(
    client: Browser, cast: Cast, who: str
) -> None:
    page = html_of(client, getattr(cast, who), sealed(cast))
    for word in (WORDS, RISK, REASON, "Say more", "Sunday night"):
        assert word in page
    words = page[page.index('<details class="struck-words no-print">') :]
    assert words.index(WORDS) < words.index("</details>")


def test_a_mistake_is_read_behind_a_click_with_its_reason(client: Browser, cast: Cast) -> None:
    note = signed_session(cast)
    strike(note, cast.tara, "mistake", "Written twice")
    page = html_of(client, cast.sunil, note)
    assert "Written twice" in page
    words = page[page.index('<details class="struck-words">') :]
    assert words.index(WORDS) < words.index("</details>")
    assert page.count(WORDS) == 1


@pytest.mark.parametrize(("who", "status"), [("sunil", 404), ("lena", 200), ("tara", 200)])
def test_a_sealed_contact_note_is_found_by_author_and_lead_alone(
    client: Browser, cast: Cast, who: str, status: int
) -> None:
    note = signed_contact(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    html_of(client, getattr(cast, who), note, status)


@pytest.mark.parametrize("made", [draft_of_session, draft_of_contact])
def test_a_struck_draft_is_read_by_its_author_alone(client: Browser, cast: Cast, made: Any) -> None:
    note = made(cast)
    strike(note, cast.tara)
    page = html_of(client, cast.tara, note)
    assert WORDS in page
    assert "It was never signed." in page
    for other in (cast.sunil, cast.lena):
        client.force_login(other)
        path = f"sessions/{note.session_id}" if note.session_id else f"contacts/{note.pk}"
        assert WORDS not in client.get(f"/courses/{note.course_id}/{path}/read/").content.decode()


def test_a_struck_addendum_of_the_wrong_client_is_sealed_and_the_note_is_not(
    client: Browser, cast: Cast
) -> None:
    note = signed_session(cast)
    addendum = signed_addendum(cast, note, text="Owen's brother rang.")
    strike(addendum, cast.tara, "wrong_client", REASON)
    assert "Owen's brother" in html_of(client, cast.tara, note)
    page = html_of(client, cast.sunil, note)
    assert WORDS in page
    assert "Owen's brother" not in page
    assert REASON not in page


def test_the_lead_is_told_by_a_mail_without_a_name_or_a_clinical_word(cast: Cast) -> None:
    sealed(cast)
    with as_owner():
        mail = OutgoingMail.objects.get(to=cast.lena.email)
    assert mail.subject == "A note was entered for the wrong client"
    words = words_of(mail)
    assert "Tara Tree" in words
    for word in ("Maya", "Fielding", cast.maya.number, "Owen", WORDS, REASON, "PHQ"):
        assert word not in words + mail.subject


def test_a_mere_mistake_is_no_mail(cast: Cast) -> None:
    strike(signed_session(cast), cast.tara)
    with as_owner():
        assert not OutgoingMail.objects.filter(to=cast.lena.email).exists()


# --- The page that asks -----------------------------------------------------------------------------------------------


def error_page(note: Note) -> str:
    what = f"sessions/{note.session_id}" if note.session_id else f"notes/{note.pk}"
    return f"/courses/{note.course_id}/{what}/error/"


def test_the_page_says_beforehand_what_happens(client: Browser, cast: Cast) -> None:
    first = signed_session(cast, 30)
    second = signed_session(cast, 20, answers={})
    signed_session(cast, 10, answers={})
    client.force_login(cast.tara)
    page = unescape(client.get(error_page(first)).content.decode())
    for words in (
        "Session 1 loses its number; the 2 sessions after it move up by one.",
        f"Treatment then began on {beside.short(timezone.localdate(second.session.starts_at))}",
        "Its PHQ-9 and GAD-7 leave the chart, the change and every list.",
        "Its open alert stays open until a person closes it.",
        "Its open alert is closed as entered for the wrong client.",
        "It cannot be undone.",
        "Mark as entered in error for Maya Fielding",
    ):
        assert words in page, words


@pytest.mark.parametrize("made", [signed_session, signed_contact, draft_of_session, draft_of_contact])
def test_it_is_done_on_the_page_and_read_there_afterwards(client: Browser, cast: Cast, made: Any) -> None:
    note = made(cast)
    client.force_login(cast.tara)
    answer = client.post(error_page(note), {"kind": "wrong_client", "reason": REASON}, follow=True)
    assert answer.status_code == 200
    page = unescape(answer.content.decode())
    assert "Entered in error, for the wrong client" in page
    assert "Carry the words to the right record" in page
    assert REASON in page


@pytest.mark.parametrize("made", [signed_session, signed_contact])
def test_a_refusal_keeps_what_was_typed(client: Browser, cast: Cast, made: Any) -> None:
    note = made(cast)
    client.force_login(cast.tara)
    answer = client.post(error_page(note), {"kind": "", "reason": "Because of the rain"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Because of the rain" in page
    assert page.count("Say what is wrong") == 2  # on top, and beside the field
    assert 'value="mistake" checked' not in page


@pytest.mark.parametrize("made", [signed_session, signed_contact])
def test_what_was_struck_out_meanwhile_is_said_and_the_reason_is_kept(
    client: Browser, cast: Cast, made: Any
) -> None:
    note = made(cast)
    strike(note, cast.tara)
    client.force_login(cast.tara)
    assert client.get(error_page(note)).status_code == 302
    answer = client.post(error_page(note), {"kind": "mistake", "reason": "Because of the rain"})
    assert answer.status_code == 422
    assert "has been entered in error already" in answer.content.decode()
    assert "Because of the rain" in answer.content.decode()


def test_an_addendum_is_struck_out_from_the_page_of_its_note(client: Browser, cast: Cast) -> None:
    note = signed_session(cast)
    addendum = signed_addendum(cast, note)
    page = html_of(client, cast.tara, note)
    address = f"/courses/{note.course_id}/notes/{addendum.pk}/error/"
    assert address in page
    answer = client.post(address, {"kind": "mistake", "reason": "Said already"})
    assert answer.status_code == 302
    assert answer.url == f"/courses/{note.course_id}/sessions/{note.session_id}/read/"
    assert "Said already" in html_of(client, cast.sunil, note)
