"""Who hears of an alert: whoever carries the course, covers, supervises, deputises or leads, once each, and nobody else. The
mails name no client."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from outcomes.alert_actions import raise_alert
from outcomes.models import Alert, AlertAct, AlertTold
from outcomes.recording import record_response
from outcomes.telling import owner_of, tell, tell_due, tell_now
from sessions.actions import save_draft, sign_session
from staff.models import OutgoingMail, User
from tests.cast import Cast, answered, held_session, person, session_of, system_person
from tests.roles import as_owner

ZEROS = [0, 0, 0, 0, 0, 0, 0, 0]
NOW = timezone.now


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    """The cast with Cora, who covers for people, and Lars, a second lead."""
    with as_owner():
        system_person()
        cast.cora = person("Cora Cover", "therapist")  # type: ignore[attr-defined]  # of these tests alone
        cast.lars = person("Lars Lead", "lead")  # type: ignore[attr-defined]
    return cast


def alert_of(cast: Cast, value: int = 1, **fields: Any) -> Alert:
    with as_owner():
        session = session_of(cast.course, cast.tara, NOW() - timedelta(hours=25))
        response = answered(session, "phq9", [*ZEROS, value])
        moment = fields.pop("raised_at", NOW())
        return Alert.objects.create(
            course=cast.course,
            response=response,
            item=9,
            value=value,
            **{"raised_at": moment, "tell_from": moment, **fields},
        )


def noted(cast: Cast, kind: str) -> Alert:
    with as_owner():
        return Alert.objects.create(
            course=cast.course, kind=kind, words="Heard it today.", raised_by=cast.tara
        )


def away(who: User, cover: User) -> None:
    today = timezone.localdate()
    with as_owner():
        who.leave.create(starts_on=today, ends_on=today + timedelta(days=3), cover=cover)


def owner(alert: Alert) -> tuple[str, list[str]]:
    act_as(system_id())
    found = owner_of(alert, NOW())
    return found.role, sorted(one.first_name for one in found.people)


def system_id() -> Any:
    return User.objects.get(is_system=True).pk


def told(alert: Alert) -> set[tuple[str, str, str]]:
    with as_owner():
        return {
            (row.person.first_name, row.role, row.stage)
            for row in AlertTold.objects.filter(alert=alert).select_related("person")
        }


def mailed() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("to", flat=True))


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_an_alert_is_the_therapists(clinic: Any) -> None:
    assert owner(alert_of(clinic)) == ("therapist", ["Tara"])


def test_on_leave_it_is_the_covers(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    assert owner(alert) == ("cover", ["Cora"])
    assert "Tara Tree is on leave until" in owner_of(alert, NOW()).why


@pytest.mark.parametrize("kind", ["harm_to_others", "child", "adult", "domestic_abuse"])
def test_a_restricted_alert_passes_the_cover_by(clinic: Any, kind: str) -> None:
    alert = noted(clinic, kind)
    away(clinic.tara, clinic.cora)
    assert owner(alert) == ("supervisor", ["Sunil"])


@pytest.mark.parametrize("kind", ["thoughts", "plan"])
def test_what_a_person_noted_of_a_danger_to_the_client_is_the_covers(clinic: Any, kind: str) -> None:
    alert = noted(clinic, kind)
    away(clinic.tara, clinic.cora)
    assert owner(alert) == ("cover", ["Cora"])


def test_with_the_cover_away_too_it_is_the_supervisors(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    away(clinic.cora, clinic.olga)
    assert owner(alert) == ("supervisor", ["Sunil"])


def test_a_cover_who_no_longer_works_here_or_is_an_administrator_is_passed_by(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.ada)
    assert owner(alert) == ("supervisor", ["Sunil"])


def test_with_the_supervisor_on_leave_it_is_the_deputys(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    away(clinic.cora, clinic.olga)
    away(clinic.sunil, clinic.dana)
    assert owner(alert) == ("deputy", ["Dana"])


def test_with_nobody_who_supervises_it_is_every_leads(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    away(clinic.cora, clinic.olga)
    away(clinic.sunil, clinic.dana)
    away(clinic.dana, clinic.sunil)
    assert owner(alert) == ("lead", ["Lars", "Lena"])


def test_without_a_line_it_is_every_leads(clinic: Any) -> None:
    alert = noted(clinic, "child")
    with as_owner():
        clinic.line.ends_at = NOW()
        clinic.line.save()
    away(clinic.tara, clinic.cora)
    assert owner(alert) == ("lead", ["Lars", "Lena"])


def test_where_nobody_carries_the_course_it_is_every_leads(clinic: Any) -> None:
    alert = alert_of(clinic)
    with as_owner():
        clinic.course.allocations.update(ends_at=NOW())
    assert owner(alert) == ("lead", ["Lars", "Lena"])


def test_who_may_no_longer_sign_in_owns_nothing(clinic: Any) -> None:
    alert = alert_of(clinic)
    with as_owner():
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
    assert owner(alert) == ("supervisor", ["Sunil"])
    with as_owner():
        User.objects.filter(roles__contains=["lead"]).update(is_active=False)
        User.objects.filter(pk=clinic.sunil.pk).update(is_active=False)
    assert owner(alert) == ("lead", [])


def shut_out(*people: User) -> None:
    with as_owner():
        User.objects.filter(pk__in=[one.pk for one in people]).update(is_active=False)


def test_of_a_therapist_who_left_while_on_leave_it_is_the_covers(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    shut_out(clinic.tara)
    assert owner(alert) == ("cover", ["Cora"])
    assert owner_of(alert, NOW()).why == "Tara Tree no longer works here; Cora Cover covers."


def test_of_a_therapist_who_left_and_is_not_on_leave_it_is_the_supervisors(clinic: Any) -> None:
    alert = alert_of(clinic)
    yesterday = timezone.localdate() - timedelta(days=1)
    with as_owner():
        clinic.tara.leave.create(starts_on=yesterday, ends_on=yesterday, cover=clinic.cora)
    shut_out(clinic.tara)
    assert owner(alert) == ("supervisor", ["Sunil"])


def test_a_cover_who_left_too_is_passed_by(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    shut_out(clinic.tara, clinic.cora)
    assert owner(alert) == ("supervisor", ["Sunil"])


def test_a_supervisor_who_left_is_passed_by_and_a_deputy_stands_in_for_nobody_who_is_not_on_leave(
    clinic: Any,
) -> None:
    alert = alert_of(clinic)
    shut_out(clinic.tara, clinic.sunil)
    assert owner(alert) == ("lead", ["Lars", "Lena"])


def test_a_deputy_who_left_is_passed_by(clinic: Any) -> None:
    alert = alert_of(clinic)
    away(clinic.sunil, clinic.olga)
    shut_out(clinic.tara)
    assert owner(alert) == ("deputy", ["Dana"])
    shut_out(clinic.dana)
    assert owner(alert) == ("lead", ["Lars", "Lena"])


def test_a_lead_who_left_is_passed_by(clinic: Any) -> None:
    alert = alert_of(clinic)
    shut_out(clinic.tara, clinic.sunil, clinic.lena)
    assert owner(alert) == ("lead", ["Lars"])


@pytest.mark.parametrize("who", ["cora", "sunil", "lena"])
def test_whoever_has_the_alert_of_a_therapist_who_left_can_open_it(
    clinic: Any, client: Browser, who: str
) -> None:
    alert = alert_of(clinic)
    away(clinic.tara, clinic.cora)
    shut_out(clinic.tara)
    client.force_login(getattr(clinic, who))
    page = reverse("outcomes:alert", args=[clinic.course.pk, alert.pk])
    assert client.get(page).status_code == 200


def test_when_a_therapist_leaves_the_next_is_told_of_what_is_open(clinic: Any) -> None:
    alert = alert_of(clinic)
    tell(alert, NOW())
    assert ("Tara", "therapist", "first") in told(alert)
    shut_out(clinic.tara)
    tell(alert, NOW())
    assert ("Sunil", "supervisor", "first") in told(alert)


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_the_owner_is_told_once_and_the_mail_says_where_and_nothing_else(clinic: Any, settings: Any) -> None:
    settings.SITE_URL = "https://clinic.example"
    alert = alert_of(clinic)
    act_as(clinic.tara.pk)
    assert tell(alert, NOW()) == 1
    assert tell(alert, NOW()) == 0
    assert told(alert) == {("Tara", "therapist", "first")}
    (written,) = OutgoingMail.objects.all()
    assert (written.to, written.urgent) == (clinic.tara.email, True)
    assert written.subject == "IPT Clinic: an alert waits for you"


def test_the_words_of_the_mail(clinic: Any, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.SITE_URL = "https://clinic.example"
    alert = alert_of(clinic)
    act_as(clinic.tara.pk)
    with django_capture_on_commit_callbacks(execute=True):
        tell(alert, NOW())
    (sent,) = mail.outbox
    assert sent.body == (
        "Dear Tara Tree,\n\n"
        "an alert waits for you. It is about a client of yours. Please look at it now:\n\n"
        f"https://clinic.example/courses/{alert.course_id}/alerts/{alert.pk}/\n\n"
        "If the page does not open, or says that it is not found, do not wait: ring the therapist, the supervisor or the"
        " clinical lead, whoever of them is there."
    )
    for word in ("Maya", "Fielding", "May", "PHQ", "item", "risk", "suicid"):
        assert word.lower() not in f"{sent.subject} {sent.body}".lower().replace("please", ""), word


def test_value_3_is_told_to_therapist_and_supervisor_at_once(clinic: Any) -> None:
    alert = alert_of(clinic, 3)
    act_as(clinic.tara.pk)
    assert tell(alert, NOW()) == 2
    assert told(alert) == {("Tara", "therapist", "first"), ("Sunil", "supervisor", "supervisor")}


def test_a_rise_counts_from_the_last_standing_answer_of_the_course(clinic: Any) -> None:
    day = NOW() - timedelta(days=20)
    with as_owner():
        first = held_session(clinic.course, clinic.tara, day, 1)
        answered(first, "phq9", [*ZEROS, 0])
        skipped = held_session(clinic.course, clinic.tara, day + timedelta(days=7), 2)
        answered(skipped, "phq9", [*ZEROS, None])  # type: ignore[list-item]  # left out
        struck = held_session(
            clinic.course, clinic.tara, day + timedelta(days=8), None, entered_in_error_at=NOW()
        )
        answered(struck, "phq9", [*ZEROS, 2])
    alert = alert_of(clinic, 2)
    act_as(clinic.tara.pk)
    tell(alert, NOW())
    assert ("Sunil", "supervisor", "supervisor") in told(alert)
    with as_owner():
        assert AlertTold.objects.get(stage="supervisor").why == "2 points more than the last answer"


def test_from_one_to_two_is_no_such_rise(clinic: Any) -> None:
    with as_owner():
        answered(held_session(clinic.course, clinic.tara, NOW() - timedelta(days=9), 1), "phq9", [*ZEROS, 1])
    alert = alert_of(clinic, 2)
    act_as(clinic.tara.pk)
    tell(alert, NOW())
    assert told(alert) == {("Tara", "therapist", "first")}


def test_unanswered_it_goes_up_and_each_is_told_once(clinic: Any) -> None:
    long_ago = NOW() - timedelta(days=9)
    alert = alert_of(clinic, raised_at=long_ago)
    assert tell_due(at=NOW()) == 4
    assert told(alert) == {
        ("Tara", "therapist", "first"),
        ("Sunil", "supervisor", "supervisor"),
        ("Lena", "lead", "lead"),
        ("Lars", "lead", "lead"),
    }
    assert tell_due(at=NOW()) == 0


@pytest.mark.parametrize("how", ["acknowledged", "act"])
def test_an_answered_alert_goes_no_further(clinic: Any, how: str) -> None:
    alert = alert_of(clinic, raised_at=NOW() - timedelta(days=9))
    with as_owner():
        if how == "act":
            AlertAct.objects.create(
                alert=alert, course=clinic.course, kind="asked", words="Rang her.", by=clinic.tara
            )
        else:
            alert.acknowledged_at, alert.acknowledged_by = NOW(), clinic.tara
            alert.save()
    tell_due(at=NOW())
    assert told(alert) == {("Tara", "therapist", "first")}


def test_when_the_therapist_goes_on_leave_the_cover_is_told_of_what_is_open(clinic: Any) -> None:
    alert = alert_of(clinic)
    tell_due(at=NOW())
    away(clinic.tara, clinic.cora)
    assert tell_due(at=NOW()) == 1
    assert told(alert) == {("Tara", "therapist", "first"), ("Cora", "cover", "first")}


def test_one_person_in_two_places_gets_one_mail(clinic: Any) -> None:
    alert = alert_of(clinic, 3)
    with as_owner():
        clinic.course.allocations.update(ends_at=NOW())
    tell_due(at=NOW())
    assert len(told(alert)) == 4
    assert mailed() == sorted([clinic.lena.email, clinic.lars.email])


def test_what_was_typed_in_error_is_told_to_nobody(clinic: Any) -> None:
    alert = alert_of(clinic, 3)
    with as_owner():
        alert.closed_at, alert.closed_by = NOW(), clinic.tara
        alert.typed_in_error, alert.what_was_done = True, "A slip."
        alert.save()
    assert tell_due(at=NOW()) == 0
    assert told(alert) == set()


def test_while_somebody_types_nobody_is_told_unless_it_is_said_now(clinic: Any) -> None:
    alert = alert_of(clinic, 3, tell_from=NOW() + timedelta(minutes=15))
    assert tell_due(at=NOW()) == 0
    act_as(clinic.tara.pk)
    tell_now([alert], at=NOW())
    assert len(told(alert)) == 2
    with as_owner():
        assert Alert.objects.get(pk=alert.pk).tell_from <= NOW()


def test_whoever_acted_acts_again_afterwards(clinic: Any) -> None:
    alert = alert_of(clinic, 3)
    for who in (clinic.tara.pk, None):
        act_as(who)
        tell_now([alert], at=NOW())
        with connection.cursor() as cursor:
            cursor.execute("select me()")
            assert cursor.fetchone() == (who,)


def test_an_answer_that_becomes_worse_while_it_is_corrected_is_told_on(clinic: Any) -> None:
    act_as(clinic.tara.pk)
    given = {"course": clinic.course, "measure": "phq9", "taken_at": NOW(), "by": clinic.tara}
    response = record_response(answers=[*ZEROS, 1], **given)
    alert = Alert.objects.get(response=response)
    tell_now([alert], at=NOW())
    record_response(answers=[*ZEROS, 3], response=response, **given)
    tell_now([alert], at=NOW())
    assert told(alert) == {("Tara", "therapist", "first"), ("Sunil", "supervisor", "supervisor")}


def test_without_any_lead_the_failure_is_in_the_log(clinic: Any, caplog: pytest.LogCaptureFixture) -> None:
    alert = alert_of(clinic)
    with as_owner():
        User.objects.filter(roles__contains=["lead"]).update(is_active=False)
        clinic.course.allocations.update(ends_at=NOW())
    tell_due(at=NOW())
    assert told(alert) == set()
    assert "make somebody clinical lead" in caplog.text


def test_only_the_system_person_writes_who_was_told(clinic: Any) -> None:
    alert = alert_of(clinic)
    act_as(clinic.tara.pk)
    with pytest.raises(ProgrammingError, match="row-level security"):
        AlertTold.objects.create(
            alert=alert, course=clinic.course, person=clinic.tara, role="therapist", stage="first", why="x"
        )


# --- Typed on the log page --------------------------------------------------------------------------------------------


def typed(session: Any, value: int, based_on: int = 0, **form: Any) -> dict[str, Any]:
    return {
        "session": session,
        "based_on": based_on,
        "words": {"work": f"We talked, {based_on}.", "risk_answer": "unchanged"},
        "form": {"attendance": "5", "minutes": "50", "mode": "in_person", **form},
        "answers": {"phq9": [*ZEROS, value]},
        "reflection": "",
    }


def test_what_is_typed_is_told_fifteen_minutes_after_the_last_keystroke(clinic: Any) -> None:
    begun = NOW() - timedelta(hours=1)
    with as_owner():
        session = session_of(clinic.course, clinic.tara, begun)
    act_as(clinic.tara.pk)
    save_draft(by=clinic.tara, at=begun, **typed(session, 1))
    alert = Alert.objects.get(course=clinic.course)
    save_draft(by=clinic.tara, at=begun + timedelta(minutes=10), **typed(session, 1, based_on=1))
    last = begun + timedelta(minutes=25)
    assert tell_due(at=last - timedelta(seconds=1)) == 0
    assert tell_due(at=last) == 1
    assert told(alert) == {("Tara", "therapist", "first")}


def test_signing_tells_at_once(clinic: Any) -> None:
    begun = NOW() - timedelta(minutes=10)
    with as_owner():
        session = session_of(clinic.course, clinic.tara, begun)
    act_as(clinic.tara.pk)
    save_draft(by=clinic.tara, at=begun, **typed(session, 3))
    alert = Alert.objects.get(course=clinic.course)
    assert told(alert) == set()
    sign_session(by=clinic.tara, at=NOW(), **typed(session, 3, based_on=1))
    assert told(alert) == {("Tara", "therapist", "first"), ("Sunil", "supervisor", "supervisor")}


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_what_a_person_notes_is_told_in_the_same_transaction(clinic: Any) -> None:
    act_as(clinic.tara.pk)
    alert = raise_alert(
        course=clinic.course, kind="plan", words="Has put tablets by.", by=clinic.tara, key=(key := uuid4())
    )
    assert told(alert) == {("Tara", "therapist", "first"), ("Sunil", "supervisor", "supervisor")}
    again = raise_alert(course=clinic.course, kind="plan", words="The same.", by=clinic.tara, key=key)
    assert (again.pk, again.words) == (alert.pk, "Has put tablets by.")
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [("answer", "x", "kind"), ("", "x", "kind"), ("high_risk", "x", "kind"), ("child", "  ", "words")],
)
def test_an_alert_by_hand_has_a_kind_and_words(clinic: Any, kind: str, words: str, field: str) -> None:
    act_as(clinic.tara.pk)
    with pytest.raises(ValidationError) as refusal:
        raise_alert(course=clinic.course, kind=kind, words=words, by=clinic.tara)
    assert list(refusal.value.error_dict) == [field]


@pytest.mark.parametrize(("who", "may"), [("sunil", True), ("lena", True), ("olga", False), ("ada", False)])
def test_who_raises_one(clinic: Any, who: str, may: bool) -> None:
    by = getattr(clinic, who)
    act_as(by.pk)
    if may:
        assert raise_alert(course=clinic.course, kind="child", words="A bruise.", by=by).raised_by == by
    else:
        with pytest.raises(ValidationError, match="no longer yours"):
            raise_alert(course=clinic.course, kind="child", words="A bruise.", by=by)
