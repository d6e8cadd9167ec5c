"""The page on which a therapist logs a session."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from outcomes.models import Alert, Response
from sessions.models import ContactDue, Note, Reflection, ReflectionShare, SessionFocus, TherapySession
from staff.models import Holiday
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

MODERATE = "121212110"  # PHQ-9, total 11


def days_ago(days: int, hour: int = 10) -> datetime:
    local = timezone.localtime() - timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    """An appointment of yesterday that nobody has logged."""
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(1), room=people.room("Room 2"))


def address(session: TherapySession, name: str = "log") -> str:
    return reverse(f"sessions:{name}", args=[session.course_id, session.pk])


def digits(phq9: str = MODERATE, gad7: str = "1121011") -> dict[str, str]:
    return {f"phq9_{n}": digit.strip() for n, digit in enumerate(phq9, 1)} | {
        f"gad7_{n}": digit.strip() for n, digit in enumerate(gad7, 1)
    }


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "based_on": "0",
        "attendance": "5",
        "mode": "in_person",
        "minutes": "50",
        "kind": "treatment",
        "appointment_type": "02",
        "phase": "initial",
        "phase_reason": "",
        "focus": ["conflict"],
        "week": "Low on Tuesday.",
        "work": "Role play of Sunday's talk.",
        "next_time": "Ask Tom.",
        "techniques": ["role_play"],
        "risk_answer": "unchanged",
        "risk": "",
        "reflection": "",
        "what_was_tried": "",
        "next_choice": "none",
        **digits(),
        **changes,
    }


def test_the_page_opens_for_the_therapist_who_carries_the_course(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    page = client.get(address(session))
    assert page.status_code == 200
    assert "Log session 1" in page.content.decode()
    assert "Sign for Maya Fielding" in page.content.decode()


def test_nothing_clinical_is_chosen_beforehand(cast: Cast, session: TherapySession, client: Browser) -> None:
    with as_owner():
        people.agreed_focus(cast.course, "conflict", cast.tara, about="with Tom (partner)")
    client.force_login(cast.tara)
    page = client.get(address(session))
    begun = page.context["form"].initial
    assert not begun.get("risk_answer")
    assert not begun.get("focus")
    assert not begun["attendance"]
    assert "conflict, with Tom (partner)." in page.content.decode()


@pytest.mark.parametrize(
    ("who", "answer"), [("olga", 404), ("nadia", 404), ("ada", 403), ("sunil", 403), ("lena", 403)]
)
@pytest.mark.parametrize("name", ["log", "draft", "scores"])
def test_only_the_therapist_who_carries_the_course_logs_its_sessions(
    cast: Cast, session: TherapySession, client: Browser, who: str, answer: int, name: str
) -> None:
    client.force_login(getattr(cast, who))
    assert client.post(address(session, name), filled()).status_code == answer
    if name == "log":
        assert client.get(address(session)).status_code == answer
    with as_owner():
        assert not Note.objects.exists()


def test_a_session_of_another_course_is_not_found(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        other = people.course_for(people.client_named("Noor", "Khan"), cast.tara)
    client.force_login(cast.tara)
    assert client.get(reverse("sessions:log", args=[other.pk, session.pk])).status_code == 404


def test_looking_at_the_page_stands_once_on_the_trail(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    client.get(address(session))
    with as_owner():
        event = Event.objects.get(action="read")
    assert (event.user_id, event.client_id, event.object_ids) == (cast.tara.pk, cast.maya.pk, [session.pk])


# --- The draft --------------------------------------------------------------------------------------------------------


def saved(client: Browser, session: TherapySession, **changes: Any) -> Any:
    return client.post(address(session, "draft"), filled(**changes))


def test_a_draft_answers_with_its_version_and_the_time(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    answer = saved(client, session)
    assert answer.status_code == 200
    said = json.loads(answer.content)
    assert said["version"] == 1
    assert len(said["saved_at"]) == len("10:52:07")
    assert json.loads(saved(client, session, based_on="1").content)["version"] == 2


def test_a_draft_comes_back_as_it_was_left(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    saved(client, session, phq9_9="", minutes="about 40", reflection="I was tired.", next_choice="none")
    page = client.get(address(session))
    html = page.content.decode()
    assert "Low on Tuesday." in html
    assert 'value="about 40"' in html
    assert "I was tired." in html
    form = page.context["form"]
    assert form["attendance"].value() == "5"
    assert form["focus"].value() == ["conflict"]
    assert form["techniques"].value() == ["role_play"]
    assert form["risk_answer"].value() == "unchanged"
    assert page.context["page"].answers["phq9"] == [1, 2, 1, 2, 1, 2, 1, 1, None]


def test_an_empty_page_is_a_draft_too(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    assert client.post(address(session, "draft"), {}).status_code == 200


def test_a_stale_draft_is_refused_and_overwrites_nothing(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    saved(client, session, week="From the first window.")
    answer = saved(client, session, week="From the second window.", based_on="0")
    assert answer.status_code == 409
    assert "Another window saved a newer version" in json.loads(answer.content)["why"]
    with as_owner():
        assert Note.objects.get().week == "From the first window."


@pytest.mark.parametrize("act", ["draft", "sign"])
def test_a_stale_page_keeps_what_was_typed_without_script(
    cast: Cast, session: TherapySession, client: Browser, act: str
) -> None:
    client.force_login(cast.tara)
    saved(client, session, week="From the first window.")
    page = client.post(address(session), filled(act=act, week="From the second window."))
    assert page.status_code == 409
    html = page.content.decode()
    assert "From the second window." in html
    assert "This note was changed in another window" in html
    with as_owner():
        assert Note.objects.get().week == "From the first window."


def test_leaving_as_draft_goes_back_to_today(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    answer = client.post(address(session), filled(act="draft"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("caseload:today"))
    with as_owner():
        assert Note.objects.get().signed_at is None


def test_an_answer_out_of_range_is_not_taken_and_the_words_are(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    answer = saved(client, session, phq9_3="7", gad7_1="x")
    said = json.loads(answer.content)
    assert answer.status_code == 200
    assert said["fields"] == {
        "phq9_3": "PHQ-9 item 3: write a number from 0 to 3.",
        "gad7_1": "GAD-7 item 1: write a number from 0 to 3.",
    }
    with as_owner():
        assert Note.objects.get().week == "Low on Tuesday."
        assert Response.objects.get(measure="phq9").answers[2] is None
    assert 'value="7"' in client.get(address(session)).content.decode()


def test_a_draft_with_item_nine_above_zero_raises_the_alert_at_once(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    saved(client, session, **digits(phq9="        1", gad7="       "))
    with as_owner():
        assert Alert.objects.get().item == 9
    page = client.post(address(session, "scores"), digits(phq9="        1")).content.decode()
    assert "ask directly" in page
    assert "An alert has been raised, and Sunil Super can see it" in page


def test_before_it_is_saved_the_page_promises_the_alert(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    page = client.post(address(session, "scores"), digits(phq9="        2")).content.decode()
    assert "An alert is raised as soon as this is saved" in page


def test_a_draft_is_its_authors_alone(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    saved(client, session)
    for reader in (cast.sunil, cast.lena):
        assert not Note.objects.visible_to(reader).exists()


def test_another_therapists_draft_is_named_and_not_shown(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        Note.objects.create(session=session, course=cast.course, author=cast.olga, week="Olga's own words.")
    client.force_login(cast.tara)
    page = client.get(address(session)).content.decode()
    assert "Olga Other has an unsigned draft of this session" in page
    assert "Olga&#x27;s own words" not in page
    assert saved(client, session).status_code == 409
    assert client.post(address(session), filled(act="sign")).status_code == 409


# --- Totals -----------------------------------------------------------------------------------------------------------


def test_totals_compare_with_last_time_and_with_the_start(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        first = people.held_session(cast.course, cast.tara, days_ago(15), 1)
        second = people.held_session(cast.course, cast.tara, days_ago(8), 2)
        people.answered(first, "phq9", [3, 2, 2, 2, 2, 2, 2, 2, 2])
        people.answered(second, "phq9", [1, 2, 1, 2, 1, 2, 1, 1, 1])
    client.force_login(cast.tara)
    page = " ".join(client.post(address(session, "scores"), digits()).content.decode().split())
    day = f"{days_ago(8).day} {days_ago(8):%b}"
    assert f"Total 11, moderate, at caseness. Down 1 since {day}, 8 since the start." in page
    assert "Total 7, mild, below caseness. The first of this course." in page


def test_a_missing_answer_is_no_zero(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    page = client.post(address(session, "scores"), digits(phq9="12121211 ")).content.decode()
    assert "8 of 9 answered; there is no total until all are." in page


# --- Signing ----------------------------------------------------------------------------------------------------------


def signed(client: Browser, session: TherapySession, **changes: Any) -> Any:
    return client.post(address(session), filled(act="sign", **changes))


def test_signing_logs_the_whole_session(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    answer = signed(client, session)
    assert (answer.status_code, answer["Location"]) == (302, reverse("courses:detail", args=[cast.course.pk]))
    with as_owner():
        session.refresh_from_db()
        note = Note.objects.get()
        assert note.signed_at is not None
        assert (session.attendance, session.number, session.phase) == ("5", 1, "initial")
        assert [row.area for row in SessionFocus.objects.all()] == ["conflict"]
        assert {row.measure: row.total for row in Response.objects.all()} == {"phq9": 11, "gad7": 7}


def test_signing_without_an_answer_about_risk_is_refused_and_keeps_every_word(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    page = signed(client, session, risk_answer="", reflection="A hard hour.")
    assert page.status_code == 422
    html = page.content.decode()
    for words in ("Low on Tuesday.", "Role play of Sunday&#x27;s talk.", "Ask Tom.", "A hard hour."):
        assert words in html
    assert '<a href="#id_risk_answer">Say whether you asked about risk.</a>' in html
    with as_owner():
        note = Note.objects.get()
        assert (note.signed_at, note.week, note.version) == (None, "Low on Tuesday.", 1)
    assert page.context["version"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"attendance": ""}, "attendance"),
        ({"minutes": ""}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"minutes": "9" * 5000}, "minutes"),
        ({"mode": ""}, "mode"),
        ({"phase": "end"}, "phase_reason"),
        ({"risk_answer": "changed"}, "risk"),
        ({"risk_answer": "not_asked"}, "risk"),
        ({"phq9_1": "4"}, "phq9_1"),
        ({"next_choice": "book", "next_on": "", "next_at": "10:00"}, "next_on"),
        ({"next_choice": "book", "next_on": "2026-12-01", "next_at": ""}, "next_at"),
        ({"next_choice": "book", "next_on": "31 June", "next_at": "10:00"}, "next_on"),
        ({"kind": "party"}, "kind"),
        ({"focus": ["happiness"]}, "focus"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    cast: Cast, session: TherapySession, client: Browser, changes: dict[str, Any], field: str
) -> None:
    client.force_login(cast.tara)
    page = signed(client, session, **changes)
    assert page.status_code == 422
    html = page.content.decode()
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}"' in html
    assert "Low on Tuesday." in html
    with as_owner():
        assert Note.objects.get().signed_at is None


def test_a_phase_changed_with_a_reason_is_kept(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    assert signed(client, session, phase="middle", phase_reason="Focus agreed early.").status_code == 302
    with as_owner():
        session.refresh_from_db()
        assert (session.phase, session.phase_reason) == ("middle", "Focus agreed early.")


def test_signing_twice_says_that_it_is_signed(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    signed(client, session)
    again = signed(client, session)
    assert again.status_code == 302
    with as_owner():
        assert Note.objects.count() == 1
    assert saved(client, session, based_on="2").json()["kind"] == "taken"


def test_what_the_office_recorded_meanwhile_is_shown_before_it_is_written_over(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    seen = session.version
    with as_owner():
        TherapySession.objects.filter(pk=session.pk).update(
            attendance="3", attendance_at=timezone.now(), attendance_by=cast.ada, version=seen + 1
        )
    refused = signed(client, session, appointment=str(seen))
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "This appointment was changed while your page was open." in words
    assert f'name="appointment" value="{seen + 1}"' in words
    with as_owner():
        assert Note.objects.get().signed_at is None
        version = Note.objects.get().version
    assert signed(client, session, appointment=str(seen + 1), based_on=str(version)).status_code == 302
    with as_owner():
        session.refresh_from_db()
        assert session.attendance == "5"


def test_the_page_of_a_signed_session_is_the_session_as_read(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    signed(client, session)
    answer = client.get(address(session))
    assert (answer.status_code, answer["Location"]) == (302, address(session, "detail"))


def test_a_reflection_is_shared_when_its_author_says_so(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    signed(client, session, reflection="I was tired.", share_reflection="on")
    with as_owner():
        assert ReflectionShare.objects.get().reflection == Reflection.objects.get()


def test_a_reflection_is_not_shared_otherwise(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    signed(client, session, reflection="I was tired.")
    with as_owner():
        assert Reflection.objects.get().text == "I was tired."
        assert not ReflectionShare.objects.exists()


# --- The next appointment -----------------------------------------------------------------------------------------------


def test_the_same_hour_next_week_is_proposed_and_booked(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    begun = client.get(address(session)).context["form"].initial
    wanted = days_ago(-6)
    assert (begun["next_choice"], begun["next_on"], begun["next_at"]) == (
        "book",
        f"{wanted:%Y-%m-%d}",
        "10:00",
    )
    assert begun["next_room"] == str(session.room_id)
    booking = {name: begun[name] for name in ("next_choice", "next_on", "next_at", "next_mode", "next_room")}
    assert signed(client, session, **booking).status_code == 302
    with as_owner():
        following = TherapySession.objects.exclude(pk=session.pk).get()
    assert timezone.localtime(following.starts_at).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    assert (following.room_id, following.minutes) == (session.room_id, 50)


def test_a_clash_is_said_in_words_and_nothing_is_signed(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        people.session_of(
            people.course_for(people.client_named("Noor", "Khan"), cast.tara), cast.tara, days_ago(-6)
        )
    client.force_login(cast.tara)
    wanted = days_ago(-6)
    page = signed(
        client, session, next_choice="book", next_on=f"{wanted:%Y-%m-%d}", next_at="10:20", next_mode="video"
    )
    assert page.status_code == 422
    assert "Next appointment: The therapist has another session at that time." in page.content.decode()
    with as_owner():
        assert Note.objects.get().signed_at is None


def test_a_taken_hour_is_passed_over_and_the_page_says_why(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        people.session_of(
            people.course_for(people.client_named("Noor", "Khan"), cast.tara), cast.tara, days_ago(-6)
        )
    client.force_login(cast.tara)
    page = client.get(address(session))
    assert page.context["form"].initial["next_on"] == f"{days_ago(-13):%Y-%m-%d}"
    assert "You have another session on" in page.content.decode()


def test_a_holiday_is_passed_over(cast: Cast, session: TherapySession, client: Browser) -> None:
    with as_owner():
        Holiday.objects.create(day=days_ago(-6).date(), name="Founders' day")
    client.force_login(cast.tara)
    page = client.get(address(session))
    assert page.context["form"].initial["next_on"] == f"{days_ago(-13):%Y-%m-%d}"
    assert "Founders&#x27; day" in page.content.decode()


def test_where_the_next_one_is_booked_already_none_is_proposed(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        people.session_of(cast.course, cast.tara, days_ago(-5))
    client.force_login(cast.tara)
    page = client.get(address(session))
    assert page.context["form"].initial["next_choice"] == "none"
    assert "is booked already" in page.content.decode()
    assert "Book another" in page.content.decode()


def test_an_assessment_takes_no_number_and_the_page_says_so(cast: Cast, client: Browser) -> None:
    with as_owner():
        first = people.session_of(
            cast.course, cast.tara, days_ago(1), kind="assessment", appointment_type="01"
        )
    client.force_login(cast.tara)
    page = client.get(address(first)).content.decode()
    assert "Log assessment" in page
    assert "This one takes no number. Session 1 of 16 falls in the initial phase." in page


def test_a_session_entered_in_error_takes_no_draft(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        TherapySession.objects.filter(pk=session.pk).update(entered_in_error_at=timezone.now())
    client.force_login(cast.tara)
    assert saved(client, session).status_code == 409
    assert client.get(address(session))["Location"] == address(session, "detail")


# --- Who did not come ---------------------------------------------------------------------------------------------------


def test_a_missed_session_is_complete_with_its_attendance(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    client.force_login(cast.tara)
    assert client.post(address(session), {"act": "sign", "attendance": "3"}).status_code == 302
    with as_owner():
        session.refresh_from_db()
        assert (session.attendance, session.number) == ("3", None)
        assert Note.objects.get().signed_at is not None


def an_open_alert(cast: Cast) -> None:
    with as_owner():
        earlier = people.held_session(cast.course, cast.tara, days_ago(8), 1)
        response = people.answered(earlier, "phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
        Alert.objects.create(course=cast.course, response=response, item=9, value=1)


def test_with_an_open_alert_a_missed_session_asks_what_was_tried(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    an_open_alert(cast)
    client.force_login(cast.tara)
    page = client.post(address(session), {"act": "sign", "attendance": "3"})
    assert page.status_code == 422
    assert 'href="#id_what_was_tried"' in page.content.decode()
    tried = {
        "act": "sign",
        "attendance": "3",
        "what_was_tried": "Called twice, left no message.",
        "based_on": "1",
    }
    assert client.post(address(session), tried).status_code == 302
    with as_owner():
        assert ContactDue.objects.get().what_was_tried == "Called twice, left no message."


def test_a_contact_that_is_due_is_answered_in_words(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        ContactDue.objects.create(
            session=session, course=cast.course, for_person=cast.tara, raised_by=cast.ada
        )
    client.force_login(cast.tara)
    assert "Reach May" in client.get(address(session, "contact")).content.decode()
    refused = client.post(address(session, "contact"), {"what_was_tried": "  "})
    assert refused.status_code == 422
    assert "Say what was tried to reach the client." in refused.content.decode()
    assert client.post(address(session, "contact"), {"what_was_tried": "Rang at noon."}).status_code == 302
    with as_owner():
        assert ContactDue.objects.get().answered_by == cast.tara
    assert "Rang at noon." in client.get(address(session, "contact")).content.decode()


@pytest.mark.parametrize(("who", "answer"), [("olga", 404), ("ada", 403), ("sunil", 200), ("lena", 200)])
def test_who_reads_a_contact_that_is_due(
    cast: Cast, session: TherapySession, client: Browser, who: str, answer: int
) -> None:
    with as_owner():
        ContactDue.objects.create(
            session=session, course=cast.course, for_person=cast.tara, raised_by=cast.ada
        )
    client.force_login(getattr(cast, who))
    assert client.get(address(session, "contact")).status_code == answer


# --- Walk-ins and days ahead ---------------------------------------------------------------------------------------------


def test_a_walk_in_begins_now_and_opens_its_page(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    way = reverse("sessions:walk_in", args=[cast.course.pk])
    assert client.get(way).status_code == 200
    with as_owner():
        assert not TherapySession.objects.exists()
    answer = client.post(way)
    with as_owner():
        started = TherapySession.objects.get()
    assert answer["Location"] == address(started)
    assert started.starts_at.minute % 5 == 0


def test_a_walk_in_finds_the_appointment_of_today(cast: Cast, client: Browser) -> None:
    with as_owner():
        booked = people.session_of(
            cast.course, cast.tara, timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        )
    client.force_login(cast.tara)
    assert client.post(reverse("sessions:walk_in", args=[cast.course.pk]))["Location"] == address(booked)


def test_a_walk_in_that_clashes_is_refused_in_words(cast: Cast, client: Browser) -> None:
    with as_owner():
        other = people.course_for(people.client_named("Noor", "Khan"), cast.tara)
        people.session_of(other, cast.tara, timezone.now() - timedelta(minutes=10))
    client.force_login(cast.tara)
    page = client.post(reverse("sessions:walk_in", args=[cast.course.pk]))
    assert page.status_code == 422
    assert "The therapist has another session at that time." in page.content.decode()


def test_a_session_of_another_day_cannot_be_logged_yet(cast: Cast, client: Browser) -> None:
    with as_owner():
        ahead = people.session_of(cast.course, cast.tara, days_ago(-3))
    client.force_login(cast.tara)
    page = client.get(address(ahead)).content.decode()
    assert "This session lies ahead" in page
    assert address(ahead, "move") in page
    assert address(ahead, "cancel") in page
    assert client.post(address(ahead), filled(act="sign")).status_code == 409
    with as_owner():
        assert not Note.objects.exists()


def test_a_session_logged_late_takes_the_number_of_its_date(
    cast: Cast, session: TherapySession, client: Browser
) -> None:
    with as_owner():
        people.held_session(cast.course, cast.tara, days_ago(20), 1)
        people.held_session(cast.course, cast.tara, days_ago(0, hour=1), 2)
    client.force_login(cast.tara)
    assert "Log session 2" in client.get(address(session)).content.decode()


def test_last_time_stands_beside_the_form(cast: Cast, session: TherapySession, client: Browser) -> None:
    with as_owner():
        earlier = people.held_session(cast.course, cast.tara, days_ago(8), 1)
        people.note_of(
            earlier,
            work="Named the dispute.",
            next_time="Write down one argument.",
            risk="No thoughts of self-harm.",
        )
    client.force_login(cast.tara)
    page = client.get(address(session)).content.decode()
    for words in ("Named the dispute.", "Write down one argument.", "No thoughts of self-harm."):
        assert words in page


# --- Text of any kind -----------------------------------------------------------------------------------------------------

STRANGE = [
    "x" * 1_048_576,
    "Emoji 🫂👩🏽‍⚕️ and a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "מילים מימין לשמאל \u202e and back",
    "zero\u200bwidth\u2060joiner",
    "  spaces kept  \n\n and lines\n",
    "<script>alert(1)</script> & 'quotes' \"double\"",
]


@pytest.mark.parametrize("text", STRANGE)
def test_text_of_any_kind_comes_back_the_same(
    cast: Cast, session: TherapySession, client: Browser, text: str
) -> None:
    client.force_login(cast.tara)
    assert saved(client, session, work=text, reflection=text, risk=text).status_code == 200
    with as_owner():
        note = Note.objects.get()
        assert (note.work, note.risk, Reflection.objects.get().text) == (text, text, text)
    assert "<script>alert" not in client.get(address(session)).content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "week",
        "work",
        "next_time",
        "risk",
        "reflection",
        "what_was_tried",
        "minutes",
        "phase_reason",
        "event",
        "went_words",
    ],
)
def test_a_nul_is_refused_in_words_and_the_text_stays(
    cast: Cast, session: TherapySession, client: Browser, name: str
) -> None:
    client.force_login(cast.tara)
    answer = saved(client, session, **{name: "before\x00after"})
    assert answer.status_code == 422
    assert "NUL" in json.loads(answer.content)["why"]
    for act in ("draft", "sign"):
        page = client.post(address(session), filled(act=act, **{name: "before\x00after"}))
        assert page.status_code == 422
        assert "Low on Tuesday." in page.content.decode() or name == "week"
        assert "Not saved" in page.content.decode()
        assert "before" in page.content.decode()


def test_half_a_character_never_breaks_the_page(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    body = b"act=draft&based_on=0&week=half%ED%A0%BD&attendance=%FF"
    answer = client.post(address(session, "draft"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 422)


def test_too_long_a_text_is_refused_in_words(cast: Cast, session: TherapySession, client: Browser) -> None:
    client.force_login(cast.tara)
    answer = saved(client, session, work="x" * 2_000_001)
    assert answer.status_code == 422
    assert "longer than" in json.loads(answer.content)["why"]


NONSENSE = ["x", "-1", "9" * 400, "1e9", "١", "\x00", "2026-02-30", "NaN"]
FIELDS = [
    "based_on",
    "attendance",
    "mode",
    "minutes",
    "kind",
    "appointment_type",
    "phase",
    "phase_reason",
    "focus",
    "techniques",
    "risk_answer",
    "next_choice",
    "next_on",
    "next_at",
    "next_mode",
    "next_room",
    "share_reflection",
    "phq9_1",
    "phq9_9",
    "gad7_7",
]


@pytest.mark.parametrize("name", FIELDS)
def test_nonsense_in_a_field_is_never_an_error_of_the_server(
    cast: Cast, session: TherapySession, client: Browser, name: str
) -> None:
    client.force_login(cast.tara)
    for nonsense in NONSENSE:
        typed = filled(next_choice="book", next_on="2031-05-05", next_at="10:00", risk_answer="") | {
            name: nonsense
        }
        for way in ("log", "draft", "scores"):
            answer = client.post(address(session, way), typed | {"act": "sign"})
            assert answer.status_code < 500, (name, nonsense, way)
    assert client.get(address(session)).status_code == 200
