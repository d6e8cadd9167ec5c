"""A mail that waits for a quarter of an hour, and reminders that have not run for half an hour, stand on the first pages of the
lead and the administrator. Nobody else is told."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from audit.acting import act_as
from caseload.standstill import standstill
from staff import outbox
from staff.models import LastRun, OutgoingMail
from tests.cast import Cast, person, system_person
from tests.roles import as_owner

OPENED = datetime.fromisoformat("2026-11-23T09:00:00+00:00")


@pytest.fixture(autouse=True)
def opened_at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("staff"), "opened_at", OPENED)


def after(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def ran(at: datetime) -> None:
    with as_owner():
        LastRun.objects.update_or_create(name="remind", defaults={"ran_at": at})


def silent(cast: Cast, at: datetime) -> datetime | None:
    found = standstill(cast.ada, at=at)
    assert found is not None
    return found.silent_since


def test_reminders_that_ran_a_moment_ago_are_no_news(cast: Cast) -> None:
    ran(after(60))
    assert silent(cast, after(89)) is None
    assert silent(cast, after(90)) == after(60)


def test_a_clinic_that_never_ran_them_says_so_after_half_an_hour(cast: Cast) -> None:
    assert silent(cast, after(29)) is None
    assert silent(cast, after(30)) == OPENED


def test_a_clinic_that_was_closed_overnight_has_half_an_hour_too(cast: Cast) -> None:
    ran(after(-600))
    assert silent(cast, after(29)) is None
    assert silent(cast, after(31)) == after(-600)


def test_late_mail_is_counted_and_urgent_mail_named(cast: Cast) -> None:
    for urgent in (False, True):
        outbox.queue(to="a@clinic.example", subject="s", body="b", urgent=urgent)
    with as_owner():
        OutgoingMail.objects.update(created_at=after(0))
    ran(after(10))
    found = standstill(cast.lena, at=after(14))
    assert not found
    found = standstill(cast.lena, at=after(15))
    assert found is not None
    assert (found.mails, found.urgent, found.waits_since, found.silent_since) == (2, 1, OPENED, None)


def test_nobody_else_is_told(cast: Cast) -> None:
    for who in (cast.tara, cast.sunil, cast.nadia):
        assert standstill(who, at=after(60 * 24)) is None


# --- Pages ------------------------------------------------------------------------------------------------------------


def look(browser: Client, who: object, address: str) -> str:
    browser.force_login(who)  # type: ignore[arg-type]  # a person of the cast
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_stands_on_the_first_pages_of_lead_and_administrator(client: Client, cast: Cast) -> None:
    with as_owner():
        both = person("Thea Both", "therapist", "lead")
    for who, address in ((cast.ada, "/clinic/"), (cast.lena, "/all/"), (both, "/today/")):
        assert "Reminders have not run since Mon 23 Nov 2026, 09:00." in look(client, who, address)
    for who, address in ((cast.tara, "/today/"), (cast.sunil, "/supervisees/")):
        assert "Reminders have not run" not in look(client, who, address)


def test_it_goes_when_reminders_run_and_mail_goes_out(client: Client, cast: Cast) -> None:
    outbox.queue(to="a@clinic.example", subject="s", body="b")
    with as_owner():
        OutgoingMail.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    shown = look(client, cast.ada, "/clinic/")
    assert "1 mail has waited to be sent since" in shown
    outbox.send_due(at=timezone.now())
    with as_owner():
        system = system_person()
    act_as(system.pk)
    LastRun.objects.create(name="remind", ran_at=timezone.now())
    shown = look(client, cast.ada, "/clinic/")
    assert "waited to be sent" not in shown
    assert "Reminders have not run" not in shown
