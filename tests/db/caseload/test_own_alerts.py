"""Alerts that have come to who does not carry the course stand on their first page, with the reason, until they are closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from outcomes.models import Alert, AlertTold
from outcomes.telling import tell_due
from staff.models import User
from tests.cast import Cast, answered, person, session_of, system_person
from tests.roles import as_owner

HEADING = "Alerts that have come to you"


@pytest.fixture
def alert(cast: Cast) -> Alert:
    with as_owner():
        system_person()
        cast.cora = person("Cora Cover", "therapist")  # type: ignore[attr-defined]  # of these tests alone
        session = session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=25))
        response = answered(session, "phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
        return Alert.objects.create(course=cast.course, response=response, item=9, value=1)


def away(who: User, cover: User) -> None:
    today = timezone.localdate()
    with as_owner():
        who.leave.create(starts_on=today, ends_on=today, cover=cover)


def page(client: Browser, who: User, address: str = "/today/") -> str:
    client.force_login(who)
    return client.get(address).content.decode()


def test_a_cover_finds_the_alert_of_whoever_is_on_leave_on_today(
    client: Browser, cast: Any, alert: Alert
) -> None:
    assert HEADING not in page(client, cast.cora)
    away(cast.tara, cast.cora)
    html = page(client, cast.cora)
    assert HEADING in html
    assert "PHQ-9 item 9 scored 1" in html
    assert "Tara Tree is on leave until" in html
    assert f"/courses/{cast.course.pk}/alerts/{alert.pk}/" in html


def test_the_therapists_own_stand_under_what_needs_attention_alone(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    html = page(client, cast.tara)
    assert HEADING not in html
    assert "PHQ-9 item 9 scored 1" in html


@pytest.mark.parametrize("address", ["/today/", "/supervisees/"])
def test_a_supervisor_finds_what_they_were_told_of(
    client: Browser, cast: Cast, alert: Alert, address: str
) -> None:
    assert HEADING not in page(client, cast.sunil, address)
    with as_owner():
        AlertTold.objects.create(
            alert=alert,
            course=cast.course,
            person=cast.sunil,
            role="supervisor",
            stage="supervisor",
            why="Why",
        )
    assert "It is Tara Tree’s to answer." in page(client, cast.sunil, address)


def test_it_is_the_supervisors_where_nobody_covers(client: Browser, cast: Any, alert: Alert) -> None:
    away(cast.tara, cast.cora)
    away(cast.cora, cast.olga)
    html = page(client, cast.sunil, "/supervisees/")
    assert "Yours now" in html
    assert "no cover is here. Sunil Super supervises Tara Tree." in html


def test_a_deputy_finds_it_while_the_supervisor_is_away(client: Browser, cast: Any, alert: Alert) -> None:
    away(cast.tara, cast.cora)
    away(cast.cora, cast.olga)
    away(cast.sunil, cast.dana)
    assert "Yours now" in page(client, cast.dana, "/supervisees/")


def test_the_lead_finds_what_is_nobodys_else(client: Browser, cast: Cast, alert: Alert) -> None:
    assert HEADING not in page(client, cast.lena, "/all/")
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now())
    assert "No therapist carries the course" in page(client, cast.lena, "/all/")


def test_the_lead_finds_what_went_unanswered(client: Browser, cast: Cast, alert: Alert) -> None:
    tell_due(at=timezone.now() + timedelta(days=9))
    assert "You were told" in page(client, cast.lena, "/all/")


def test_a_closed_one_is_gone(client: Browser, cast: Any, alert: Alert) -> None:
    away(cast.tara, cast.cora)
    with as_owner():
        Alert.objects.filter(pk=alert.pk).update(
            closed_at=timezone.now(), closed_by=cast.cora, what_was_done="Rang her."
        )
    assert HEADING not in page(client, cast.cora)


def test_a_restricted_one_is_not_shown_to_the_cover(client: Browser, cast: Any, alert: Alert) -> None:
    with as_owner():
        alert.delete()
        Alert.objects.create(course=cast.course, kind="child", words="A bruise.", raised_by=cast.tara)
    away(cast.tara, cast.cora)
    assert HEADING not in page(client, cast.cora)
    html = page(client, cast.sunil, "/supervisees/")
    assert "this kind of alert is not shown to a cover" in html
    assert "Safeguarding of a child" in html


def test_an_alert_outlasts_its_course_on_the_therapists_today(
    client: Browser, cast: Cast, alert: Alert
) -> None:
    with as_owner():
        cast.course.status, cast.course.ended_on = "ended", timezone.localdate()
        cast.course.end_reason = "46"
        cast.course.save()
    assert "PHQ-9 item 9 scored 1" in page(client, cast.tara)
