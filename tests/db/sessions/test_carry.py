"""What was written on the wrong client's record is carried by its author to the right one, as a draft: words, facts and
answers, which raise their alerts there anew."""

from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Course
from outcomes.models import Alert, Response
from sessions import actions, note_actions, signing
from sessions.models import Note, Reflection, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import (
    PRIVATE,
    RISK,
    WORDS,
    days_ago,
    draft_of_contact,
    draft_of_session,
    signed_contact,
    signed_session,
    strike,
)
from tests.roles import as_owner

REASON = "It was Owen who was here"
OF_NOTHING = "0f0e0d0c-0b0a-4908-8706-050403020100"  # fixed: every process must name its tests alike


def right_course(cast: Cast, **fields: Any) -> Course:
    """Of Rosa, whom Tara treats too."""
    with as_owner():
        return people.course_for(people.client_named("Rosa", "Right"), cast.tara, **fields)


def carried(cast: Cast, note: Note, to: Course, *, by: Any = None, **kwargs: Any) -> Note:
    by = by or cast.tara
    act_as(by.pk)
    if note.session_id:
        session = note_actions.carry_session(session=note.session, to=to, by=by, **kwargs)
        return Note.objects.get(session=session)
    return note_actions.carry_note(note=note, to=to, by=by)


def test_a_signed_session_becomes_a_draft_of_the_right_client(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to)
    assert (new.course_id, new.author_id, new.signed_at, new.carried_from) == (
        to.pk,
        cast.tara.pk,
        None,
        note.pk,
    )
    assert (new.week, new.work, new.risk_answer, new.risk) == ("Low on Tuesday.", WORDS, "changed", RISK)
    assert new.techniques == ["role_play"]
    assert new.form == {
        "attendance": "5",
        "mode": "in_person",
        "minutes": "50",
        "kind": "treatment",
        "appointment_type": "02",
        "focus": ["grief"],
    }
    session = TherapySession.objects.get(pk=new.session_id)
    assert (session.starts_at, session.client_id, session.attendance) == (
        note.session.starts_at,
        to.client_id,
        None,
    )
    assert Reflection.objects.get(session=session).text == PRIVATE
    assert Note.objects.get(pk=note.pk).work == WORDS


def test_its_scores_are_entered_anew_and_its_alert_is_raised_anew(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    assert not Alert.objects.open().exists()
    carried(cast, note, to)
    assert sorted(Response.objects.filter(course=to).values_list("measure", "total")) == [
        ("gad7", 7),
        ("phq9", 10),
    ]
    alert = Alert.objects.open().get()
    assert (alert.course_id, alert.item, alert.value) == (to.pk, 9, 2)


def test_the_carried_session_is_signed_counted_and_its_hash_holds(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to)
    signed = actions.sign_session(
        session=new.session,
        by=cast.tara,
        based_on=new.version,
        words={"work": WORDS, "risk_answer": "unchanged"},
        form=new.form,
        answers={"phq9": [1] * 8 + [2]},
    )
    assert TherapySession.objects.get(pk=new.session_id).number == 1
    assert signing.holds(Note.objects.get(pk=signed.pk))
    assert Note.objects.get(pk=signed.pk).carried_from == note.pk


def test_a_draft_is_carried_as_far_as_it_was_written(cast: Cast) -> None:
    form = {"attendance": "", "minutes": "fif", "phase": "end", "phase_reason": "x", "next_on": "2026-12-01"}
    note, to = draft_of_session(cast, 3, form=form, words={"work": "Half a"}), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to)
    assert (new.work, new.form) == ("Half a", {"attendance": "", "minutes": "fif"})


def test_the_words_go_into_an_appointment_of_the_right_client_that_nobody_logged(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    with as_owner():
        booked = people.session_of(to, cast.tara, days_ago(3, hour=14))
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to, into=booked)
    assert new.session_id == booked.pk
    assert TherapySession.objects.filter(course=to).count() == 1


def test_a_logged_or_begun_appointment_takes_nobody_elses_words(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    with as_owner():
        begun = people.session_of(to, cast.tara, days_ago(3, hour=14))
        people.note_of(begun, signed=False)
        missed = people.session_of(to, cast.tara, days_ago(4), attendance="3")
        elsewhere = people.session_of(cast.course, cast.tara, days_ago(6))
    strike(note, cast.tara, "wrong_client", REASON)
    for into in (begun, missed, elsewhere):
        with pytest.raises(ValidationError) as refusal:
            carried(cast, note, to, into=into)
        assert list(refusal.value.message_dict) == ["into"]
    assert not Note.objects.filter(carried_from=note.pk).exists()


def test_where_the_hour_is_taken_nothing_is_carried_and_the_page_can_say_why(cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    with as_owner():
        people.session_of(to, cast.tara, note.session.starts_at)
    with pytest.raises(ValidationError, match="another session at that time"):
        carried(cast, note, to)
    assert not Note.objects.filter(carried_from=note.pk).exists()


@pytest.mark.parametrize("written", [signed_contact, draft_of_contact])
def test_a_contact_note_is_carried_with_when_and_with_whom(cast: Cast, written: Any) -> None:
    note, to = written(cast), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to)
    assert (new.kind, new.course_id, new.signed_at, new.carried_from) == ("contact", to.pk, None, note.pk)
    assert (new.work, new.next_time, new.risk_answer) == (WORDS, "Ring again.", "unchanged")
    day = timezone.localdate() - timezone.timedelta(days=2)
    assert new.form == {
        "happened_on": f"{day:%Y-%m-%d}",
        "happened_time": "09:30",
        "with_whom": "client",
        "who": "",
        "how": "phone",
    }


def test_carrying_is_on_the_trail_of_the_right_client(cast: Cast) -> None:
    to = right_course(cast)
    for note in (signed_session(cast, 3), signed_contact(cast)):
        strike(note, cast.tara, "wrong_client", REASON)
        carried(cast, note, to)
    act_as(cast.lena.pk)
    events = Event.objects.filter(what__startswith="Carried", client_id=to.client_id, user=cast.tara)
    assert sorted(events.values_list("what", flat=True)) == [
        "Carried a note to the right record",
        "Carried a session to the right record",
    ]


@pytest.mark.parametrize("written", [signed_session, signed_contact])
def test_what_the_lead_struck_out_is_carried_by_its_author_and_not_by_the_lead(
    cast: Cast, written: Any
) -> None:
    note, to = written(cast), right_course(cast)
    strike(note, cast.lena, "wrong_client", REASON)
    with pytest.raises(ValidationError):
        carried(cast, note, to, by=cast.lena)
    assert carried(cast, note, to).work == WORDS


@pytest.mark.parametrize("written", [signed_session, signed_contact])
def test_nothing_is_carried_twice_nor_a_mere_mistake_nor_elsewhere(cast: Cast, written: Any) -> None:
    to = right_course(cast)
    mistaken, note = written(cast), (signed_session(cast, 8) if written is signed_session else written(cast))
    strike(mistaken, cast.tara)
    strike(note, cast.tara, "wrong_client", REASON)
    ended = right_course(cast, status="ended", ended_on=timezone.localdate())
    for what, where in ((mistaken, to), (note, cast.course), (note, cast.others_course), (note, ended)):
        with pytest.raises(ValidationError):
            carried(cast, what, where)
    carried(cast, note, to)
    with pytest.raises(ValidationError, match="carried over already"):
        carried(cast, note, to)


# --- The page ---------------------------------------------------------------------------------------------------------


def carry_page(note: Note) -> str:
    what = f"sessions/{note.session_id}" if note.session_id else f"notes/{note.pk}"
    return f"/courses/{note.course_id}/{what}/carry/"


@pytest.mark.parametrize("written", [signed_session, signed_contact])
def test_the_page_offers_ones_own_open_courses_and_no_other(
    client: Browser, cast: Cast, written: Any
) -> None:
    note, to = written(cast), right_course(cast)
    with as_owner():
        people.course_for(
            people.client_named("Edna", "Ended"), cast.tara, status="ended", ended_on=timezone.localdate()
        )
    strike(note, cast.tara, "wrong_client", REASON)
    client.force_login(cast.tara)
    page = unescape(client.get(carry_page(note)).content.decode())
    assert f"?to={to.pk}" in page
    assert to.client.number in page
    assert "17 May 1990" in page
    for other in ("Owen", "Pritchard", "Edna", f"?to={cast.course.pk}"):
        assert other not in page.split("<main")[1], other
    assert "Rosa" in client.get(carry_page(note), {"q": "righ ros"}).content.decode()
    assert "Rosa" in client.get(carry_page(note), {"q": to.client.number}).content.decode()
    assert "Rosa" not in client.get(carry_page(note), {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("written", [signed_session, signed_contact])
def test_both_clients_stand_there_before_it_is_done(client: Browser, cast: Cast, written: Any) -> None:
    note, to = written(cast), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    client.force_login(cast.tara)
    page = unescape(client.get(carry_page(note), {"to": to.pk}).content.decode())
    assert "Carry to Rosa Right" in page
    assert cast.maya.number in page
    assert to.client.number in page
    answer = client.post(carry_page(note), {"to": to.pk}, follow=True)
    act_as(cast.tara.pk)
    new = Note.objects.get(carried_from=note.pk)
    path = f"sessions/{new.session_id}/" if new.session_id else f"contacts/{new.pk}/"
    assert answer.redirect_chain[-1] == (f"/courses/{to.pk}/{path}", 302)
    page = unescape(answer.content.decode())
    assert WORDS in page
    assert "as a draft" in page
    # The former page leads there, for the author.
    former = "sessions" if note.session_id else "contacts"
    key = note.session_id or note.pk
    read = client.get(f"/courses/{note.course_id}/{former}/{key}/read/").content.decode()
    assert "Open where you carried it" in read
    assert "Carry the words" not in read


def test_an_appointment_is_chosen_on_the_page(client: Browser, cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    with as_owner():
        booked = people.session_of(to, cast.tara, days_ago(3, hour=14))
        ahead = people.session_of(to, cast.tara, days_ago(-3))
    strike(note, cast.tara, "wrong_client", REASON)
    client.force_login(cast.tara)
    page = client.get(carry_page(note), {"to": to.pk}).content.decode()
    assert str(booked.pk) in page
    assert str(ahead.pk) not in page
    answer = client.post(carry_page(note), {"to": to.pk, "into": booked.pk})
    assert answer.url == f"/courses/{to.pk}/sessions/{booked.pk}/"


@pytest.mark.parametrize("to", ["", "nonsense", OF_NOTHING, "others", "same"])
def test_no_other_record_takes_the_words(client: Browser, cast: Cast, to: str) -> None:
    note = signed_session(cast, 3)
    strike(note, cast.tara, "wrong_client", REASON)
    to = {"others": str(cast.others_course.pk), "same": str(cast.course.pk)}.get(to, to)
    client.force_login(cast.tara)
    answer = client.post(carry_page(note), {"to": to})
    assert answer.status_code == 422
    assert "Choose one of your own open courses." in unescape(answer.content.decode())
    assert "Owen" not in answer.content.decode()


def test_an_hour_that_is_taken_is_said_on_the_page(client: Browser, cast: Cast) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    with as_owner():
        people.session_of(to, cast.tara, note.session.starts_at)
    client.force_login(cast.tara)
    answer = client.post(carry_page(note), {"to": to.pk})
    assert answer.status_code == 422
    assert "another session at that time" in answer.content.decode()


@pytest.mark.parametrize("written", [signed_session, signed_contact])
def test_what_was_not_the_wrong_clients_is_not_carried(client: Browser, cast: Cast, written: Any) -> None:
    note = written(cast)
    client.force_login(cast.tara)
    assert client.get(carry_page(note)).status_code == 403
    strike(note, cast.tara)
    assert client.get(carry_page(note)).status_code == 403


def test_the_right_record_says_that_it_was_carried_and_not_from_whom(client: Browser, cast: Cast) -> None:
    note, to = signed_contact(cast), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    new = carried(cast, note, to)
    signed = note_actions.sign_contact_note(
        note_id=new.pk,
        course=to,
        by=cast.tara,
        based_on=new.version,
        words={"work": WORDS, "risk_answer": "unchanged"},
        form=new.form,
    )
    for reader in (cast.sunil, cast.tara):
        client.force_login(reader)
        page = unescape(client.get(f"/courses/{to.pk}/contacts/{signed.pk}/read/").content.decode())
        today = timezone.localdate()
        assert (
            f"Carried over on {today.day} {today:%b %Y} from a record where it was entered in error." in page
        )
        assert "Unchanged since" in page
        assert "Maya" not in page.split("<main")[1]


@pytest.mark.parametrize("into", ["nonsense", "-1", OF_NOTHING])
def test_an_appointment_that_is_not_in_the_list_carries_nothing(
    client: Browser, cast: Cast, into: str
) -> None:
    note, to = signed_session(cast, 3), right_course(cast)
    strike(note, cast.tara, "wrong_client", REASON)
    client.force_login(cast.tara)
    answer = client.post(carry_page(note), {"to": to.pk, "into": into})
    assert answer.status_code == 422
    assert "Choose an appointment from the list." in answer.content.decode()
    act_as(cast.tara.pk)
    assert not Note.objects.filter(carried_from=note.pk).exists()
