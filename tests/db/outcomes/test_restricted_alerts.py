"""A restricted alert is for therapist, supervisor and lead: no page says to anybody else that there is one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from outcomes.models import Alert, AlertTold
from outcomes.telling import tell_due
from staff.models import OutgoingMail, User
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

SECRET = "the stepfather and the belt"
TELL_TALE = (SECRET, "Domestic abuse", "domestic abuse", "Safeguarding", "safeguarding of", "Harm to others")


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    """Tara is away and Olga covers. An answer of 1 is open, and so is what Tara noted of the home."""
    today = timezone.localdate()
    with as_owner():
        people.system_person()
        session = people.session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=50))
        response = people.answered(session, "phq9", [0] * 8 + [1])
        Alert.objects.create(course=cast.course, response=response, item=9, value=1)
        for kind in ("domestic_abuse", "child", "harm_to_others"):
            Alert.objects.create(course=cast.course, kind=kind, words=SECRET, raised_by=cast.tara)
        cast.tara.leave.create(starts_on=today, ends_on=today + timedelta(days=3), cover=cast.olga)
    return cast


def pages(cast: Cast) -> list[str]:
    course, client = cast.course.pk, cast.maya.pk
    with as_owner():
        alerts = list(Alert.objects.values_list("pk", flat=True))
    return [
        "/",
        "/caseload/",
        "/supervisees/",
        "/clinic/",
        "/today/",
        "/find/?q=Fielding",
        "/find/?q=stepfather",
        "/all/",
        "/unsigned/",
        "/attention/risk/",
        f"/clients/{client}/",
        f"/courses/{course}/",
        f"/courses/{course}/measures/",
        f"/courses/{course}/safety-plan/",
        f"/courses/{course}/alerts/new/",
        *(f"/courses/{course}/alerts/{alert}/" for alert in alerts),
    ]


def seen(who: User, cast: Cast) -> dict[str, str]:
    browser = Browser(raise_request_exception=True)
    with as_owner():
        browser.force_login(User.objects.get(pk=who.pk))
    return {
        address: page.content.decode()
        for address in pages(cast)
        if (page := browser.get(address, follow=True)).status_code == 200
    }


@pytest.mark.parametrize("who", ["olga", "ada", "nadia"])
def test_no_page_tells_of_it(clinic: Cast, who: str) -> None:
    for address, page in seen(getattr(clinic, who), clinic).items():
        if address.endswith("/alerts/new/"):
            continue  # lists the kinds that there are
        for words in TELL_TALE:
            assert words not in page, (address, words)


def test_the_cover_is_told_of_one_alert_and_sees_one(clinic: Cast) -> None:
    found = seen(clinic.olga, clinic)
    assert sum("/alerts/" in address for address in found) == 1
    assert "Item 9" in found[f"/courses/{clinic.course.pk}/"]


def test_nor_any_row_or_history(clinic: Cast) -> None:
    tell_due(at=timezone.now())
    for who in (clinic.olga, clinic.ada, clinic.nadia):
        act_as(who.pk)
        kinds = set(Alert.objects.values_list("kind", flat=True))
        assert kinds <= {"answer"}, who
        told = AlertTold.objects.exclude(alert__kind="answer")
        assert not told.exists(), who
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM outcomes_alertevent WHERE kind <> 'answer'")
            assert cursor.fetchone() == (0,), who


def test_its_mails_go_past_the_cover_and_hold_no_word_of_it(clinic: Cast) -> None:
    from staff.outbox import words_of

    tell_due(at=timezone.now())
    with as_owner():
        mails = list(OutgoingMail.objects.all())
        restricted = AlertTold.objects.exclude(alert__kind="answer").values_list(
            "person__full_name", flat=True
        )
        assert set(restricted) == {"Sunil Super"}
    for mail in mails:
        said = f"{mail.subject} {words_of(mail)}"
        for words in (*TELL_TALE, "Maya", "May", "Fielding", "C-9", "suicid", "self-harm", "PHQ"):
            assert words not in said.replace("Maybe", ""), words


def test_the_supervisor_and_the_lead_see_all_four(clinic: Cast) -> None:
    for who in (clinic.sunil, clinic.lena):
        act_as(who.pk)
        with as_owner():
            who = User.objects.get(pk=who.pk)
        act_as(who.pk)
        assert Alert.objects.visible_to(who).count() == 4
        assert Alert.objects.count() == 4


# --- Whose it is, as things change ------------------------------------------------------------------------------------


def test_after_the_leave_the_covers_view_is_over(clinic: Cast) -> None:
    with as_owner():
        clinic.tara.leave.update(
            starts_on=timezone.localdate() - timedelta(days=5),
            ends_on=timezone.localdate() - timedelta(days=1),
        )
    found = seen(clinic.olga, clinic)
    assert not [address for address in found if str(clinic.course.pk) in address]
    act_as(clinic.olga.pk)
    assert not Alert.objects.exists()


def test_handed_over_it_is_the_new_therapists_and_no_longer_the_former_ones(clinic: Cast) -> None:
    from courses.models import Allocation
    from outcomes.telling import owner_of

    now = timezone.now() - timedelta(seconds=1)
    with as_owner():
        clinic.tara.leave.all().delete()
        Allocation.objects.filter(course=clinic.course).update(ends_at=now)
        Allocation.objects.create(course=clinic.course, therapist=clinic.olga, by=clinic.ada, starts_at=now)
        alert: Any = Alert.objects.get(kind="child")
        olga, tara = User.objects.get(pk=clinic.olga.pk), User.objects.get(pk=clinic.tara.pk)
    act_as(olga.pk)
    assert owner_of(alert, timezone.now()).people == (olga,)
    assert Alert.objects.visible_to(olga).count() == 4
    act_as(tara.pk)
    assert not Alert.objects.visible_to(tara).exists()
    assert not Alert.objects.exists()
