"""Links to questionnaires as those see them who send them: by mail or by hand, for a session or by the schedule, and what a
session has received."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Goal
from outcomes import links
from outcomes.models import ClinicWording, Link, Response
from outcomes.scoring import score
from sessions import actions
from sessions import links as of_sessions
from sessions.links import by_link_of, falls_due, send_due_links
from sessions.models import SessionLink, SessionResponse, TherapySession
from staff import outbox
from staff.models import Clinic, OutgoingMail
from tests.cast import Cast, session_of, system_person
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")
PHQ9 = [2, 2, 1, 2, 1, 2, 2, 2, 0]  # 14, moderate
GAD7 = [1, 1, 1, 1, 1, 1, 1]  # 7, mild


def may_mail(cast: Cast, *, is_safe: bool = True, email: str = "maya@example.org") -> None:
    with as_owner():
        type(cast.maya).objects.filter(pk=cast.maya.pk).update(may_email=is_safe, email=email)


def made(cast: Cast, **fields: Any) -> tuple[Link, str]:
    values: dict[str, Any] = {"measures": ["phq9", "gad7"], "how": "hand", "for_day": None, **fields}
    by = values.pop("by", cast.tara)
    at = values.pop("at", timezone.now())
    act_as(by.pk)
    return links.make_link(course=cast.course, by=by, at=at, **values)


def filled(link: Link, measure: str, answers: list[int | None], *, at: datetime) -> Response:
    """As the client's pages write it."""
    return Response.objects.create(
        course_id=link.course_id,
        measure=measure,
        instrument_version="1",
        answers=answers,
        total=score(measure, answers).total,
        came="link",
        link=link,
        taken_at=at,
    )


def finish(link: Link, *, at: datetime) -> None:
    Link.objects.filter(pk=link.pk).update(
        opened_at=at,
        confirmed_at=at,
        begun_at=at,
        last_answer_at=at,
        finished_at=at,
        ended_at=at,
        end_reason="finished",
    )


# --- Making one -------------------------------------------------------------------------------------------------------


def test_the_token_is_stored_nowhere_and_its_hash_is(cast: Cast) -> None:
    link, token = made(cast)
    assert len(token) >= 43
    assert bytes(Link.objects.get().token_hash) == links.hashed(token)
    assert link.expires_at - link.created_at == timedelta(hours=72)


def test_no_row_of_any_table_holds_the_token_while_its_mail_waits(cast: Cast) -> None:
    may_mail(cast)
    act_as(cast.tara.pk)
    _, token = of_sessions.send_for(
        course=cast.course, session=None, measures=["phq9"], how="mail", by=cast.tara, at=timezone.now()
    )
    waiting = OutgoingMail.objects.get(to="maya@example.org")
    assert token in outbox.words_of(waiting)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" t where t::text like %s', [f"%{token}%"])
            assert cursor.fetchone() == (0,), table


def test_the_mail_says_no_name_beyond_the_first_and_no_clinical_word(cast: Cast) -> None:
    may_mail(cast)
    act_as(cast.tara.pk)
    _, token = of_sessions.send_for(
        course=cast.course, session=None, measures=["phq9"], how="mail", by=cast.tara, at=timezone.now()
    )
    outbox.send_due(at=timezone.now())
    (sent,) = mail.outbox
    assert sent.subject == "A few questions before your session"
    assert "Hello May," in sent.body
    assert f"/q/{token}" in sent.body
    for said in ("999", "NHS 111, option 2", "116 123", "85258", "Nobody reads this form"):
        assert said in sent.body
    for word in ("Fielding", "PHQ", "depression", "therap", "Tara", "C-9", "risk"):
        assert word not in sent.body + sent.subject


def test_a_new_link_ends_the_one_before(cast: Cast) -> None:
    first, _ = made(cast)
    second, _ = made(cast)
    first.refresh_from_db()
    assert (first.end_reason, first.ended_at is not None) == ("replaced", True)
    assert Link.objects.live(at=timezone.now()).get() == second


def test_one_that_has_run_out_is_called_expired(cast: Cast) -> None:
    first, _ = made(cast, at=timezone.now() - timedelta(hours=73))
    made(cast)
    first.refresh_from_db()
    assert (first.end_reason, first.ended_at) == ("expired", first.expires_at)


@pytest.mark.parametrize(
    ("is_safe", "email", "why"),
    [
        (False, "maya@example.org", "The client's consent to contact does not name mail."),
        (True, "", "There is no email address of the client."),
    ],
)
def test_no_mail_where_the_client_has_not_agreed_to_it(
    cast: Cast, is_safe: bool, email: str, why: str
) -> None:
    may_mail(cast, is_safe=is_safe, email=email)
    with pytest.raises(ValidationError) as refusal:
        made(cast, how="mail")
    assert why in str(refusal.value.message_dict["how"])
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("measures", "why"),
    [
        ([], "Choose at least one questionnaire."),
        (["phq9", "mood"], "There is no questionnaire “mood”."),
        (["wsas"], "The clinic has not entered its licensed wording of the WSAS."),
        (["goals"], "No goals are agreed yet."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(cast: Cast, measures: list[str], why: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        made(cast, measures=measures)
    assert refusal.value.message_dict["measures"] == [why]


def test_with_wording_and_goals_they_can_be_asked_in_their_order(cast: Cast) -> None:
    with as_owner():
        ClinicWording.objects.create(
            measure="wsas",
            number=1,
            stem="S",
            items=list("abcde"),
            labels=[""] * 9,
            licence="Ours",
            entered_by=cast.ada,
        )
        Goal.objects.create(
            course=cast.course, text="See friends", agreed_on=timezone.localdate(), agreed_by=cast.tara
        )
    link, _ = made(cast, measures=["goals", "wsas", "phq9"])
    assert link.measures == ["phq9", "wsas", "goals"]


def test_a_course_that_has_ended_gets_no_link(cast: Cast) -> None:
    with as_owner():
        type(cast.course).objects.filter(pk=cast.course.pk).update(
            status="not_taken_on", ended_on=timezone.localdate()
        )
    with pytest.raises(ValidationError, match="This course is not open"):
        made(cast)


# --- Its state --------------------------------------------------------------------------------------------------------

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Sent Mon 23 Nov 2026, 09:00, not opened yet"),
        ({"how": "hand"}, "Handed over Mon 23 Nov 2026, 09:00, not opened yet"),
        ({"opened_at": at(5)}, "Opened Mon 23 Nov 2026, 09:05, not begun"),
        (
            {"opened_at": at(5), "tries": 2},
            "Opened Mon 23 Nov 2026, 09:05, not begun; twice a wrong date of birth",
        ),
        (
            {"begun_at": at(6), "last_answer_at": at(55)},
            "Being filled in, last answer Mon 23 Nov 2026, 09:55",
        ),
        ({"begun_at": at(6), "last_answer_at": at(8)}, "Left at Mon 23 Nov 2026, 09:08, not finished"),
        (
            {"finished_at": at(9), "ended_at": at(9), "end_reason": "finished"},
            "Finished Mon 23 Nov 2026, 09:09",
        ),
        ({"ended_at": at(9), "end_reason": "replaced"}, "Replaced by a newer link"),
        ({"ended_at": at(9), "end_reason": "tries"}, "Ended: the date of birth was wrong five times"),
        (
            {"begun_at": at(6), "ended_at": at(9), "end_reason": "withdrawn"},
            "Withdrawn; begun Mon 23 Nov 2026, 09:06, not finished",
        ),
        ({"expires_at": at(10)}, "Expired: a link lasts 72 hours"),
    ],
)
def test_how_far_the_client_came_in_words(
    fields: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links.timezone, "localdate", lambda *given: date(2026, 11, 24))
    link = Link(**{"how": "mail", "created_at": NINE, "expires_at": at(72 * 60), **fields})
    assert links.state_of(link, at=at(60)).words == words


def test_a_withdrawn_link_is_not_withdrawn_twice(cast: Cast) -> None:
    link, _ = made(cast)
    links.withdraw_link(link=link, by=cast.tara)
    with pytest.raises(ValidationError, match=r"Withdrawn\. Nothing was changed\."):
        links.withdraw_link(link=link, by=cast.tara)


# --- The pages --------------------------------------------------------------------------------------------------------


def new_page(cast: Cast) -> str:
    return reverse("outcomes:link_new", args=[cast.course.pk])


def test_where_consent_does_not_name_mail_the_page_says_why(cast: Cast, client: Client) -> None:
    client.force_login(cast.tara)
    page = client.get(new_page(cast)).content.decode()
    assert "The client&#x27;s consent to contact does not name mail. Hand the link over instead." in page
    assert 'value="mail"' not in page


def test_the_clinics_questionnaires_are_chosen_beforehand(cast: Cast, client: Client) -> None:
    client.force_login(cast.tara)
    form = client.get(new_page(cast)).context["form"]
    assert form["measures"].value() == ["phq9", "gad7"]
    assert [code for code, _ in form.fields["measures"].choices] == ["phq9", "gad7", "core10", "ucla3"]


def test_handed_over_it_is_shown_once_with_a_code_and_as_text(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    shown = client.post(new_page(cast), {"measures": ["phq9"], "how": "hand"})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "This is shown once." in page
    assert shown.context["address"] in page
    assert 'src="data:image/svg+xml;base64,' in page
    token = shown.context["address"].rstrip("/").rsplit("/", 1)[1]
    with as_owner():
        assert bytes(Link.objects.get().token_hash) == links.hashed(token)


def test_sent_by_mail_it_belongs_to_the_next_session(cast: Cast, client: Client) -> None:
    may_mail(cast)
    with as_owner():
        tomorrow = session_of(cast.course, cast.tara, timezone.now() + timedelta(days=1))
    client.force_login(cast.tara)
    answer = client.post(new_page(cast), {"measures": ["phq9"], "how": "mail"}, follow=True)
    assert "The link is on its way to May." in answer.content.decode()
    with as_owner():
        assert SessionLink.objects.get().session == tomorrow
        assert Link.objects.get().for_day == timezone.localdate(tomorrow.starts_at)


def test_an_administrator_sees_how_far_it_came_and_no_answer(cast: Cast, client: Client) -> None:
    link, _ = made(cast)
    with as_owner():
        filled(link, "phq9", PHQ9, at=timezone.now())
        finish(link, at=timezone.now())
    client.force_login(cast.ada)
    page = client.get(reverse("courses:detail", args=[cast.course.pk])).content.decode()
    assert "Questionnaires by link" in page
    assert "Finished today" in page
    assert "by Tara Tree" in page
    words = re.sub("<[^>]*>", " ", page.split('id="links-by-mail"')[1].split("</section>")[0])
    assert "14" not in re.sub(r"\d+:\d+|\d+ [A-Z][a-z]{2}", "", words)  # but for hours and days


def test_the_panel_says_nothing_until_there_is_something_new(cast: Cast, client: Client) -> None:
    link, _ = made(cast)
    client.force_login(cast.tara)
    address = reverse("outcomes:links", args=[cast.course.pk])
    shown = client.get(address)
    mark = shown.context["links"].mark
    assert client.get(address, {"mark": mark}).status_code == 204
    with as_owner():
        Link.objects.filter(pk=link.pk).update(opened_at=timezone.now())
    assert "Opened today" in client.get(address, {"mark": mark}).content.decode()


def test_withdrawn_from_the_course_page(cast: Cast, client: Client) -> None:
    link, _ = made(cast)
    client.force_login(cast.ada)
    client.post(reverse("outcomes:link_withdraw", args=[cast.course.pk, link.pk]))
    with as_owner():
        assert Link.objects.get().end_reason == "withdrawn"


# --- The schedule -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tomorrow(cast: Cast) -> TherapySession:
    may_mail(cast)
    with as_owner():
        system_person()
        Clinic.objects.get_or_create()
        return session_of(cast.course, cast.tara, moment_on(date(2026, 12, 2), 10))


def moment_on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def due(day: date, hour: int, minute: int = 0) -> int:
    return send_due_links(at=moment_on(day, hour, minute))


def test_one_mail_the_day_before_at_eight(cast: Cast, tomorrow: TherapySession) -> None:
    assert due(date(2026, 11, 30), 12) == 0
    assert due(date(2026, 12, 1), 7, 59) == 0
    assert due(date(2026, 12, 1), 8) == 1
    assert due(date(2026, 12, 1), 8, 5) == 0
    with as_owner():
        link = Link.objects.get()
        assert (link.measures, link.for_day, link.how) == (["phq9", "gad7"], date(2026, 12, 2), "mail")
        assert link.created_by.is_system
        assert SessionLink.objects.get().session == tomorrow
        assert OutgoingMail.objects.filter(to="maya@example.org").count() == 1


def test_eight_in_the_morning_across_the_change_of_the_clocks() -> None:
    """The clocks go back on Sunday 25 October 2026 and forward on Sunday 28 March 2027."""
    utc = ZoneInfo("UTC")
    assert falls_due(date(2026, 10, 25), 1) == datetime(2026, 10, 24, 7, tzinfo=utc)
    assert falls_due(date(2026, 10, 26), 1) == datetime(2026, 10, 25, 8, tzinfo=utc)
    assert falls_due(date(2027, 3, 29), 1) == datetime(2027, 3, 28, 7, tzinfo=utc)


def test_nothing_by_itself_where_the_clinic_says_so(cast: Cast, tomorrow: TherapySession) -> None:
    with as_owner():
        Clinic.objects.update(link_days_before=0)
    assert due(date(2026, 12, 1), 12) == 0


def changed(tomorrow: TherapySession, cast: Cast, what: str) -> None:
    with as_owner():
        if what == "consent":
            type(cast.maya).objects.update(may_email=False)
        elif what == "address":
            type(cast.maya).objects.update(email="")
        elif what == "cancelled":
            TherapySession.objects.update(attendance="2")
        elif what == "error":
            TherapySession.objects.update(entered_in_error_at=timezone.now())
        else:
            type(cast.course).objects.update(status="not_taken_on", ended_on=timezone.localdate())


@pytest.mark.parametrize("what", ["consent", "address", "cancelled", "error", "course"])
def test_nothing_goes_where_it_must_not(cast: Cast, tomorrow: TherapySession, what: str) -> None:
    changed(tomorrow, cast, what)
    assert due(date(2026, 12, 1), 12) == 0
    with as_owner():
        assert not OutgoingMail.objects.exists()


def test_consent_taken_back_between_the_look_and_the_mail(
    cast: Cast, tomorrow: TherapySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = of_sessions._send_due

    def meanwhile(*args: Any, **fields: Any) -> bool:
        changed(tomorrow, cast, "consent")
        return send(*args, **fields)

    monkeypatch.setattr(of_sessions, "_send_due", meanwhile)
    assert due(date(2026, 12, 1), 12) == 0


def test_a_session_that_is_moved_gets_one_for_its_new_day(cast: Cast, tomorrow: TherapySession) -> None:
    assert due(date(2026, 12, 1), 9) == 1
    with as_owner():
        tomorrow.starts_at += timedelta(days=7)
        tomorrow.save()
    assert due(date(2026, 12, 1), 10) == 0
    assert due(date(2026, 12, 8), 9) == 1
    assert due(date(2026, 12, 8), 10) == 0
    with as_owner():
        assert [link.for_day for link in Link.objects.order_by("created_at")] == [
            date(2026, 12, 2),
            date(2026, 12, 9),
        ]


def test_an_hour_later_the_same_day_is_no_new_link(cast: Cast, tomorrow: TherapySession) -> None:
    assert due(date(2026, 12, 1), 9) == 1
    with as_owner():
        tomorrow.starts_at += timedelta(hours=1)
        tomorrow.save()
    assert due(date(2026, 12, 1), 10) == 0


def test_a_link_that_was_handed_over_for_the_session_is_enough(cast: Cast, tomorrow: TherapySession) -> None:
    act_as(cast.tara.pk)
    of_sessions.send_for(
        course=cast.course,
        session=tomorrow,
        measures=["phq9"],
        how="hand",
        by=cast.tara,
        at=moment_on(date(2026, 11, 30), 9),
    )
    assert due(date(2026, 12, 1), 9) == 0


def test_the_schedule_takes_no_link_away_that_is_being_filled_in(
    cast: Cast, tomorrow: TherapySession
) -> None:
    link, _ = made(cast, at=moment_on(date(2026, 11, 30), 9))
    with as_owner():
        Link.objects.filter(pk=link.pk).update(begun_at=moment_on(date(2026, 12, 1), 7, 55))
    assert due(date(2026, 12, 1), 8) == 0
    link.refresh_from_db()
    assert link.ended_at is None


# --- What was received ------------------------------------------------------------------------------------------------


@pytest.fixture
def today(cast: Cast) -> TherapySession:
    with as_owner():
        system_person()
        return session_of(cast.course, cast.tara, timezone.now() - timedelta(minutes=50))


def received(cast: Cast, session: TherapySession, *, is_finished: bool = True) -> Link:
    act_as(cast.tara.pk)
    link, _ = of_sessions.send_for(
        course=cast.course,
        session=session,
        measures=["phq9", "gad7"],
        how="hand",
        by=cast.tara,
        at=timezone.now() - timedelta(hours=1),
    )
    now = timezone.now()
    with as_owner():
        filled(link, "phq9", PHQ9, at=now)
        if is_finished:
            filled(link, "gad7", GAD7, at=now)
            finish(link, at=now)
        else:
            Link.objects.filter(pk=link.pk).update(begun_at=now, last_answer_at=now)
    return link


def draft(cast: Cast, session: TherapySession, **typed: Any) -> Any:
    act_as(cast.tara.pk)
    values: dict[str, Any] = {"based_on": 0, "words": {"week": "Quiet."}, "form": {}, **typed}
    return actions.save_draft(session=session, by=cast.tara, **values)


def linked(session: TherapySession) -> dict[str, tuple[str, int | None]]:
    with as_owner():
        rows = SessionResponse.objects.filter(session=session).select_related("response")
        return {row.measure: (row.response.came, row.response.total) for row in rows}


def test_what_came_by_link_stands_on_the_log_page(cast: Cast, today: TherapySession, client: Client) -> None:
    received(cast, today)
    client.force_login(cast.tara)
    page = client.get(reverse("sessions:log", args=[cast.course.pk, today.pk])).content.decode()
    assert "PHQ-9 received by link today" in page
    assert ": 14 of 27, moderate" in page
    assert "GAD-7 received by link today" in page
    assert "2, More than half the days" in page


def test_a_client_who_is_still_answering(cast: Cast, today: TherapySession) -> None:
    link = received(cast, today, is_finished=False)
    with as_owner():
        Response.objects.update(answers=[1, 1, 1, 1, 1, None, None, None, None], total=None)
    act_as(cast.tara.pk)
    shown = by_link_of(today, cast.tara, at=timezone.now())
    assert shown.received == []
    assert shown.waiting == "PHQ-9 and GAD-7 by link: begun, 5 of 17 answered."
    assert link.ended_at is None


def test_a_thought_of_death_is_said_in_words(cast: Cast, today: TherapySession, client: Client) -> None:
    received(cast, today)
    with as_owner():
        Response.objects.filter(measure="phq9").update(answers=[*PHQ9[:8], 1], total=15)
    client.force_login(cast.tara)
    page = client.get(reverse("sessions:log", args=[cast.course.pk, today.pk])).content.decode()
    assert "Item 9: 1, Several days" in page


def test_a_draft_makes_it_the_sessions_own(cast: Cast, today: TherapySession) -> None:
    received(cast, today)
    draft(cast, today)
    assert linked(today) == {"phq9": ("link", 14), "gad7": ("link", 7)}


def test_empty_digits_change_nothing_of_it(cast: Cast, today: TherapySession) -> None:
    received(cast, today)
    note = draft(cast, today)
    blank = {"phq9": [None] * 9, "gad7": [None] * 7}
    draft(cast, today, based_on=note.version, answers=blank)
    assert linked(today) == {"phq9": ("link", 14), "gad7": ("link", 7)}


def test_what_was_typed_already_stays_the_sessions_and_the_clients_stays_too(
    cast: Cast, today: TherapySession
) -> None:
    typed = {"phq9": [1] * 9, "gad7": [None] * 7}
    note = draft(cast, today, answers=typed)
    received(cast, today)
    draft(cast, today, based_on=note.version, answers=typed)
    assert linked(today) == {"phq9": ("typed", 9), "gad7": ("link", 7)}
    with as_owner():
        assert Response.objects.filter(measure="phq9").count() == 2
    act_as(cast.tara.pk)
    assert [one.typed for one in by_link_of(today, cast.tara, at=timezone.now()).received] == [True, False]


def test_typed_after_it_was_received_both_stay(cast: Cast, today: TherapySession) -> None:
    received(cast, today)
    note = draft(cast, today)
    typed = {"phq9": [1] * 9, "gad7": [None] * 7}
    note = draft(cast, today, based_on=note.version, answers=typed)
    draft(cast, today, based_on=note.version, answers={"phq9": [2, *[1] * 8], "gad7": [None] * 7})
    assert linked(today) == {"phq9": ("typed", 10), "gad7": ("link", 7)}
    with as_owner():
        assert Response.objects.get(measure="phq9", came="link").answers == PHQ9
        assert Response.objects.filter(measure="phq9").count() == 2


def test_signed_it_is_locked_with_the_note(cast: Cast, today: TherapySession) -> None:
    received(cast, today)
    act_as(cast.tara.pk)
    actions.sign_session(
        session=today,
        by=cast.tara,
        based_on=0,
        words={"week": "Quiet.", "work": "Sunday.", "next_time": "Ask.", "risk_answer": "unchanged"},
        form={
            "attendance": "5",
            "mode": "in_person",
            "minutes": "50",
            "kind": "treatment",
            "appointment_type": "02",
            "phase": "initial",
        },
        answers={},
    )
    assert linked(today)["phq9"] == ("link", 14)
    with as_owner():
        assert Response.objects.filter(locked_at=None).count() == 0


def test_a_half_done_link_that_still_runs_is_not_locked(cast: Cast, today: TherapySession) -> None:
    received(cast, today, is_finished=False)
    draft(cast, today)
    assert linked(today) == {}


def test_answers_since_the_last_session_belong_to_this_one(cast: Cast, today: TherapySession) -> None:
    link, _ = made(cast, at=timezone.now() - timedelta(days=1))
    with as_owner():
        session_of(cast.course, cast.tara, timezone.now() - timedelta(days=7))
        filled(link, "phq9", PHQ9, at=timezone.now() - timedelta(hours=20))
        finish(link, at=timezone.now() - timedelta(hours=20))
    draft(cast, today)
    assert linked(today) == {"phq9": ("link", 14)}


def test_answers_before_the_last_session_do_not(cast: Cast, today: TherapySession) -> None:
    link, _ = made(cast, at=timezone.now() - timedelta(days=2))
    with as_owner():
        session_of(cast.course, cast.tara, timezone.now() - timedelta(days=1))
        filled(link, "phq9", PHQ9, at=timezone.now() - timedelta(hours=40))
        finish(link, at=timezone.now() - timedelta(hours=40))
    draft(cast, today)
    assert linked(today) == {}


def test_the_open_page_is_told_only_of_what_is_new(cast: Cast, today: TherapySession, client: Client) -> None:
    client.force_login(cast.tara)
    address = reverse("sessions:received", args=[cast.course.pk, today.pk])
    assert client.get(address, {"mark": ""}).status_code == 204
    received(cast, today)
    shown = client.get(address, {"mark": ""})
    assert "PHQ-9 received by link today" in shown.content.decode()
    assert client.get(address, {"mark": shown.context["by_link"].mark}).status_code == 204
    with as_owner():
        assert Event.objects.filter(what="Answers received by link").count() == 1


def test_nobody_else_is_told(cast: Cast, today: TherapySession, client: Client) -> None:
    address = reverse("sessions:received", args=[cast.course.pk, today.pk])
    for person, status in ((cast.sunil, 403), (cast.ada, 403), (cast.olga, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status
