"""A therapist leaves and the caseload is handed over: planned, looked at, changed, taken back or sent, all or none."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from caseload.handover import left_behind, plan_for, preview, propose, takers_but
from caseload.handover_actions import (
    change_hand_over,
    plan_hand_over,
    send_hand_over,
    undo_hand_over,
)
from courses.actions import allocate_course, therapist_of
from courses.models import Allocation, Course, HandOver, HandOverItem
from courses.transfers import carrier_at
from sessions.models import TherapySession
from staff.models import Leave, OutgoingMail, User
from staff.outbox import words_of
from tests.browsing import form_with
from tests.cast import Cast, client_named, course_for, held_session, note_of, person, session_of
from tests.db.courses.test_races import at_once
from tests.db.sessions.test_allocating import soon
from tests.roles import as_owner


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    """Tara carries four courses; Olga has two places left and Theo three; Wanda is away."""
    with as_owner():
        names = (("Elsie", "Tran"), ("Noor", "Jabari"), ("Paul", "Reyes"))
        cast.more = [course_for(client_named(*name), cast.tara) for name in names]  # type: ignore[attr-defined]
        User.objects.filter(pk=cast.olga.pk).update(places=3)
        cast.theo = person("Theo Third", "therapist", places=3)  # type: ignore[attr-defined]
        cast.wanda = person("Wanda Away", "therapist", places=9)  # type: ignore[attr-defined]
        today = timezone.localdate()
        Leave.objects.create(
            person=cast.wanda,  # type: ignore[attr-defined]
            starts_on=today,
            ends_on=today + timedelta(days=60),
            cover=cast.olga,
        )
    return cast


def planned(cast: Cast, by: User | None = None, **given: Any) -> HandOver:
    by = by or cast.ada
    act_as(by.pk)
    return plan_hand_over(**{"of": cast.tara, "at": None, "reason": "Leaves the clinic.", "by": by, **given})


def send(plan: HandOver, by: User, *, agreed: bool = False) -> HandOver:
    act_as(by.pk)
    mark = preview(plan, reader=by, at=timezone.now()).mark
    return send_hand_over(plan=plan, mark=mark, agreed=agreed, by=by)


def carriers(cast: Cast) -> list[str]:
    with as_owner():
        return [therapist_of(course).first_name for course in (cast.course, *cast.more)]  # type: ignore[attr-defined, union-attr]


# --- The proposal -----------------------------------------------------------------------------------------------------


def test_courses_are_spread_so_that_nobody_is_over_filled(clinic: Cast) -> None:
    plan = planned(clinic)
    given = [item.to.first_name for item in plan.items.select_related("to")]
    assert sorted(given) == ["Olga", "Olga", "Theo", "Theo"]
    assert carriers(clinic) == ["Tara"] * 4


def test_who_needs_a_woman_is_given_first_to_who_is_one(clinic: Cast) -> None:
    with as_owner():
        User.objects.filter(pk=clinic.theo.pk).update(gender="woman", places=1)  # type: ignore[attr-defined]
        clinic.more[2].client.asks_for = "woman"  # type: ignore[attr-defined]
        clinic.more[2].client.save()  # type: ignore[attr-defined]
    act_as(clinic.ada.pk)
    courses = [clinic.course, *clinic.more]  # type: ignore[attr-defined]
    chosen = propose(courses, takers_but(clinic.tara, at=timezone.now()))
    assert chosen[clinic.more[2].pk].first_name == "Theo"  # type: ignore[attr-defined]
    assert len(chosen) == 4


def test_nobody_else_who_treats_leaves_every_course_without_a_proposal(clinic: Cast) -> None:
    with as_owner():
        User.objects.exclude(pk=clinic.tara.pk).filter(roles=["therapist"]).update(is_active=False)
    assert planned(clinic).items.count() == 0


@pytest.mark.parametrize("who", ["tara", "sunil", "olga"])
def test_only_who_allocates_plans(clinic: Cast, who: str) -> None:
    with pytest.raises(ValidationError):
        planned(clinic, getattr(clinic, who))


def test_there_is_one_plan_for_a_therapist(clinic: Cast) -> None:
    planned(clinic)
    with pytest.raises(ValidationError, match="There is a plan for this therapist already"):
        planned(clinic, clinic.lena)


# --- Sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_a_plan_that_is_sent_moves_every_course_and_its_appointments(
    clinic: Cast, who: str, django_capture_on_commit_callbacks: Any
) -> None:
    with as_owner():
        session = session_of(clinic.course, clinic.tara, soon(9))
    plan = planned(clinic)
    send(plan, getattr(clinic, who))
    assert "Tara" not in carriers(clinic)
    with as_owner():
        session.refresh_from_db()
        assert session.therapist == therapist_of(clinic.course)
        trail = Event.objects.filter(what__startswith="Handed the course over")
        assert trail.count() == 4
        mails = {mail.to: words_of(mail) for mail in OutgoingMail.objects.all()}
    assert set(mails) == {clinic.olga.email, clinic.theo.email, clinic.lena.email}  # type: ignore[attr-defined]
    assert "2 courses of Tara Tree over to you" in mails[clinic.olga.email]
    for words in mails.values():
        for name in ("Maya", "Fielding", "Elsie", "Noor", "Paul"):
            assert name not in words


def test_a_day_ahead_moves_access_then(clinic: Cast) -> None:
    plan = planned(clinic, at=soon(7, 8))
    send(plan, clinic.ada)
    assert carriers(clinic) == ["Tara"] * 4
    assert carrier_at(clinic.course, soon(7, 8)) != clinic.tara


def test_all_or_nothing_with_what_stands_in_the_way_named(clinic: Cast) -> None:
    with as_owner():
        note_of(
            held_session(clinic.more[0], clinic.tara, timezone.now() - timedelta(days=1), 1),  # type: ignore[attr-defined]
            signed=False,
        )
    plan = planned(clinic)
    act_as(clinic.ada.pk)
    allocate_course(course=clinic.more[1], therapist=clinic.olga, by=clinic.ada)  # type: ignore[attr-defined]
    with pytest.raises(ValidationError) as refusal:
        send(plan, clinic.ada)
    said = " ".join(refusal.value.messages)
    assert "Elsie Tran: Tara Tree has 1 unsigned note, and signs first." in said
    assert "Noor Jabari: Tara Tree does not carry this course any more." in said
    assert carriers(clinic) == ["Tara", "Tara", "Olga", "Tara"]
    assert not OutgoingMail.objects.exists()
    assert plan_for(clinic.tara, reader=clinic.ada) == plan


def test_clashes_and_over_full_are_sent_only_when_somebody_has_looked(clinic: Cast) -> None:
    with as_owner():
        User.objects.filter(pk__in=[clinic.olga.pk, clinic.theo.pk]).update(places=1)  # type: ignore[attr-defined]
        session = session_of(clinic.course, clinic.tara, soon(9))
        for who in (clinic.olga, clinic.theo, clinic.wanda):  # type: ignore[attr-defined]
            session_of(course_for(client_named("Some", f"Body{who.first_name}")), who, soon(9))
    plan = planned(clinic)
    with pytest.raises(ValidationError) as refusal:
        send(plan, clinic.ada)
    said = " ".join(refusal.value.message_dict["agreed"])
    assert "would carry" in said
    assert "has another session. It stays where it is." in said
    send(plan, clinic.ada, agreed=True)
    assert "Tara" not in carriers(clinic)
    with as_owner():
        session.refresh_from_db()
    assert session.therapist == clinic.tara


def test_what_the_page_did_not_show_is_not_sent(clinic: Cast) -> None:
    plan = planned(clinic)
    act_as(clinic.ada.pk)
    mark = preview(plan, reader=clinic.ada, at=timezone.now()).mark
    item = plan.items.first()
    assert item is not None
    change_hand_over(
        plan=plan,
        at=plan.at,
        reason=plan.reason,
        receivers={item.course_id: None},
        by=clinic.ada,
    )
    with pytest.raises(ValidationError, match="The plan has changed"):
        send_hand_over(plan=plan, mark=mark, agreed=True, by=clinic.ada)


def test_drafts_of_who_cannot_sign_in_any_more_wait_for_the_lead(clinic: Cast) -> None:
    with as_owner():
        note_of(held_session(clinic.course, clinic.tara, timezone.now() - timedelta(days=1), 1), signed=False)
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
    clinic.tara.refresh_from_db()
    plan = planned(clinic)
    with pytest.raises(ValidationError, match="The clinical lead sends this one"):
        send(plan, clinic.ada, agreed=True)
    with pytest.raises(ValidationError, match="What is not signed by then stays unsigned"):
        send(plan, clinic.lena)
    send(plan, clinic.lena, agreed=True)
    assert "Tara" not in carriers(clinic)


def test_a_plan_is_changed_line_by_line_until_it_is_sent(clinic: Cast) -> None:
    plan = planned(clinic)
    act_as(clinic.ada.pk)
    first, second = clinic.course.pk, clinic.more[0].pk  # type: ignore[attr-defined]
    given = {"plan": plan, "at": plan.at, "by": clinic.ada}
    change_hand_over(**given, reason="Moves.", receivers={first: None, second: clinic.theo})  # type: ignore[attr-defined]
    assert plan.items.standing().count() == 3
    change_hand_over(**given, reason="Moves.", receivers={first: clinic.theo})  # type: ignore[attr-defined]
    assert plan.items.standing().get(course=first).to == clinic.theo  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="does not carry this course"):
        change_hand_over(**given, reason="Moves.", receivers={clinic.others_course.pk: clinic.theo})  # type: ignore[attr-defined]
    send(plan, clinic.ada, agreed=True)
    with pytest.raises(ValidationError, match="sent already"):
        change_hand_over(**given, reason="Late.", receivers={})


def test_a_plan_that_is_taken_back_moves_nothing(clinic: Cast) -> None:
    plan = planned(clinic)
    act_as(clinic.lena.pk)
    undo_hand_over(plan=plan, by=clinic.lena)
    with pytest.raises(ValidationError, match="taken back"):
        send_hand_over(plan=plan, mark="", agreed=True, by=clinic.lena)
    assert carriers(clinic) == ["Tara"] * 4
    planned(clinic)


def test_of_two_who_send_at_once_one_does(transactional_db: None) -> None:
    with as_owner():
        cast = Cast()
        plan = HandOver.objects.create(of=cast.tara, at=timezone.now(), reason="Leaves.", made_by=cast.ada)
        HandOverItem.objects.create(hand_over=plan, course=cast.course, to=cast.olga)
    answers = at_once((cast.ada, lambda: send(plan, cast.ada)), (cast.lena, lambda: send(plan, cast.lena)))
    assert [answer for answer in answers if isinstance(answer, list)] == [
        ["This plan has been sent already."]
    ]
    with as_owner():
        assert Allocation.objects.filter(course=cast.course).count() == 2


# --- Who has left courses behind --------------------------------------------------------------------------------------


def test_who_may_not_sign_in_and_still_carries_is_found_with_numbers(clinic: Cast) -> None:
    act_as(clinic.ada.pk)
    assert left_behind(reader=clinic.ada, at=timezone.now()) == []
    with as_owner():
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
        User.objects.filter(pk=clinic.olga.pk).update(roles=["supervisor"])
        clinic.others_course.allocations.update(kind="screening")
        Course.objects.filter(pk=clinic.course.pk).update(status="ended", ended_on=timezone.localdate())
    clinic.tara.refresh_from_db()
    plan = planned(clinic)
    for reader in (clinic.ada, clinic.lena):
        act_as(reader.pk)
        with CaptureQueriesContext(connection) as asked:
            tara, olga = left_behind(reader=reader, at=timezone.now())
        assert (tara.person, tara.courses, tara.screenings, tara.has_plan) == (clinic.tara, 3, 0, True)
        assert (olga.person, olga.courses, olga.screenings, olga.has_plan) == (clinic.olga, 0, 1, False)
        assert len(asked) <= 4
    send(plan, clinic.ada, agreed=True)
    assert [each.person for each in left_behind(reader=clinic.ada, at=timezone.now())] == [clinic.olga]


# --- The page ---------------------------------------------------------------------------------------------------------


def test_a_caseload_is_handed_over_on_its_page(clinic: Cast, client: Browser) -> None:
    with as_owner():
        User.objects.filter(pk=clinic.tara.pk).update(is_active=False)
    client.force_login(clinic.ada)
    address = reverse("caseload:hand_over", args=[clinic.tara.pk])
    html = client.get(address).content.decode()
    assert "can no longer sign in" in html
    assert "4 open courses" in html
    assert "Say why, in a few words." in client.post(address, {}).content.decode()
    html = client.post(address, {"why": "Left in May."}, follow=True).content.decode()
    assert "Nothing moves before you send it." in html
    form = form_with(html, "seen")
    key = f"to_{clinic.course.pk}"
    others = (clinic.theo, clinic.olga)  # type: ignore[attr-defined]
    changed = {**form, key: next(str(each.pk) for each in others if str(each.pk) not in form[key])}
    html = client.post(address, {**changed, "act": "send"}, follow=True).content.decode()
    assert "The plan is saved. Look at what it does now, then send it." in html
    assert carriers(clinic) == ["Tara"] * 4
    form = form_with(html, "seen")
    answer = client.post(address, {**form, "act": "send", "agreed": "on"}, follow=True)
    html = answer.content.decode()
    assert "The caseload of Tara Tree is handed over." in html
    assert "4 courses" in html
    assert "Tara" not in carriers(clinic)


def test_a_plan_is_taken_back_on_its_page(clinic: Cast, client: Browser) -> None:
    planned(clinic)
    client.force_login(clinic.lena)
    address = reverse("caseload:hand_over", args=[clinic.tara.pk])
    html = client.post(address, {"act": "undo"}, follow=True).content.decode()
    assert "The plan is taken back. Nothing has moved." in html


def test_forty_courses_cost_as_many_questions_as_four(clinic: Cast, client: Browser) -> None:
    client.force_login(clinic.ada)
    address = reverse("caseload:hand_over", args=[clinic.tara.pk])

    def questions() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    with as_owner():
        session_of(clinic.course, clinic.tara, soon(9))
    plan = planned(clinic)
    four = questions()
    act_as(clinic.ada.pk)
    undo_hand_over(plan=plan, by=clinic.ada)
    with as_owner():
        for number in range(36):
            course = course_for(client_named("Some", f"Body{number}"), clinic.tara)
            session_of(course, clinic.tara, soon(9 + number, 9 + number % 8) + timedelta(days=7 * number))
        for number in range(20):
            person(f"Therapist {number}", "therapist", places=9)
    planned(clinic)
    assert questions() == four


# --- The walls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["tara", "sunil", "olga", "nadia"])
def test_a_plan_is_read_and_written_by_those_who_allocate_alone(clinic: Cast, who: str) -> None:
    plan = planned(clinic)
    act_as(getattr(clinic, who).pk)
    assert not HandOver.objects.exists()
    assert HandOver.objects.filter(pk=plan.pk).update(reason="Mine.") == 0
    assert HandOverItem.objects.filter(hand_over=plan).update(to=getattr(clinic, who)) == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        HandOver.objects.create(of=clinic.olga, at=timezone.now(), reason="x", made_by=getattr(clinic, who))
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        HandOverItem.objects.create(hand_over_id=plan.pk, course=clinic.others_course, to=clinic.tara)


@pytest.mark.parametrize(
    "values",
    [
        {"sent_at": "now", "sent_by": "lena"},
        {"made_by": "lena"},
        {"of": "olga"},
        {"made_at": "now"},
    ],
)
def test_who_planned_what_and_who_sent_it_is_not_written_over(clinic: Cast, values: dict[str, str]) -> None:
    plan = planned(clinic)
    forged = {
        key: timezone.now() if words == "now" else getattr(clinic, words) for key, words in values.items()
    }
    act_as(clinic.ada.pk)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        HandOver.objects.filter(pk=plan.pk).update(**forged)


def test_a_plan_that_was_sent_and_a_line_that_was_taken_out_stay(clinic: Cast) -> None:
    plan = planned(clinic)
    act_as(clinic.ada.pk)
    item = plan.items.first()
    assert item is not None
    HandOverItem.objects.filter(pk=item.pk).update(removed_at=timezone.now())
    for forged in ({"removed_at": None}, {"to": clinic.theo}):  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
            HandOverItem.objects.filter(pk=item.pk).update(**forged)
    send(plan, clinic.ada, agreed=True)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        HandOver.objects.filter(pk=plan.pk).update(reason="Something else.")


@pytest.mark.parametrize(
    "values", [{"therapist": "theo"}, {"kind": "cover"}, {"by": "lena"}, {"starts_at": "now"}]
)
def test_who_carries_since_when_is_not_written_over(clinic: Cast, values: dict[str, str]) -> None:
    forged = {
        key: timezone.now() if words == "now" else (words if key == "kind" else getattr(clinic, words))
        for key, words in values.items()
    }
    act_as(clinic.ada.pk)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        Allocation.objects.filter(course=clinic.course).update(**forged)


def test_nobody_gives_a_course_to_who_does_not_treat(clinic: Cast) -> None:
    act_as(clinic.ada.pk)
    for who in (clinic.sunil, clinic.ada):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Allocation.objects.create(
                course=clinic.course,
                therapist=who,
                by=clinic.ada,
                starts_at=timezone.now() + timedelta(days=9),
            )
    assert TherapySession.objects.count() == 0
