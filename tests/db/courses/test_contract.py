"""The contract: agreed, extended, shortened with a reason; the programme and the strip go with it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.actions import change_programme
from courses.contract_actions import agree_contract
from courses.models import Contract, Course
from tests.cast import Cast, client_named, course_for
from tests.roles import as_owner


def agree(cast: Cast, split: list[int] | None = None, **given: Any) -> Contract:
    act_as(cast.tara.pk)
    return agree_contract(
        **{
            "course": cast.course,
            "split": split or [4, 8, 4],
            "agreed_on": timezone.localdate(),
            "by": cast.tara,
            **given,
        }
    )


def plan_of(cast: Cast) -> tuple[list[int], int]:
    course = Course.objects.get(pk=cast.course.pk)
    return course.split, course.planned_sessions


def test_the_first_contract_keeps_what_was_agreed(cast: Cast) -> None:
    agreed = agree(cast, weekday=3, at=time(10, 0), minutes=50, recording="yes", missed_rule=" Ring. ")
    contract = Contract.objects.get()
    assert (contract.number, contract.planned_sessions, contract.weekday, contract.at) == (
        1,
        16,
        3,
        time(10, 0),
    )
    assert (contract.missed_rule, contract.recording, contract.reason) == ("Ring.", "yes", "")
    assert agreed.agreed_by == cast.tara
    assert plan_of(cast) == ([4, 8, 4], 16)


def test_an_extension_says_why_and_changes_the_programme_in_the_same_act(cast: Cast) -> None:
    agree(cast)
    with pytest.raises(ValidationError, match="Say why the contract changes"):
        agree(cast, [4, 10, 6])
    assert plan_of(cast) == ([4, 8, 4], 16)
    second = agree(cast, [4, 10, 6], reason="A slow start.")
    assert (second.number, second.planned_sessions, second.reason) == (2, 20, "A slow start.")
    assert plan_of(cast) == ([4, 10, 6], 20)
    with as_owner():
        said = list(Event.objects.order_by("at", "pk").values_list("what", flat=True))
        assert {"Agreed the contract", "Extended the contract", "Changed the programme"} <= set(said)
        assert Contract.objects.count() == 2


def test_a_first_contract_of_other_numbers_changes_the_programme_too(cast: Cast) -> None:
    agree(cast, [3, 6, 3])
    assert plan_of(cast) == ([3, 6, 3], 12)
    assert Contract.objects.count() == 1


def test_a_programme_that_changes_writes_the_re_contract(cast: Cast) -> None:
    agree(cast, weekday=2)
    change_programme(course=cast.course, programme="ipt12", by=cast.tara, reason="Moves away.")
    second = Contract.objects.order_by("-number")[0]
    assert (second.number, second.planned_sessions, second.reason, second.weekday) == (
        2,
        12,
        "Moves away.",
        2,
    )
    with as_owner():
        assert Event.objects.filter(what="Shortened the contract").count() == 1


def test_a_programme_without_a_contract_writes_none(cast: Cast) -> None:
    act_as(cast.tara.pk)
    change_programme(course=cast.course, programme="ipt12", by=cast.tara, reason="Moves away.")
    assert not Contract.objects.exists()


def test_another_split_of_as_many_sessions_needs_no_re_contract_from_the_programme(cast: Cast) -> None:
    agree(cast)
    change_programme(course=cast.course, programme="ipt16", split=[3, 9, 4], by=cast.tara, reason="Slow.")
    assert Contract.objects.count() == 1


def test_maintenance_agrees_a_number_without_phases(cast: Cast) -> None:
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"), cast.tara, "maintenance")
    agree(cast, course=course, planned=18, frequency="monthly")
    course.refresh_from_db()
    assert (course.split, course.planned_sessions) == (None, 18)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"agreed_on": timezone.localdate() + timedelta(days=1)}, "lies ahead"),
        ({"agreed_on": timezone.localdate() - timedelta(days=900)}, "referral came later"),
        ({"ends_on": date(2001, 1, 1)}, "cannot come before"),
        ({"frequency": "daily"}, "daily"),
        ({"minutes": 4}, "5"),
    ],
)
def test_what_is_no_contract_is_refused(cast: Cast, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        agree(cast, **given)


def test_the_same_contract_again_is_no_change(cast: Cast) -> None:
    agree(cast)
    with pytest.raises(ValidationError, match="Nothing has changed"):
        agree(cast, reason="x")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("one_contract_a_number", {"number": 1}),
        ("contract_of_1_to_180_sessions", {"number": 2, "planned_sessions": 0, "reason": "x"}),
        ("contract_from_the_lists", {"number": 2, "frequency": "daily", "reason": "x"}),
        ("another_contract_says_why", {"number": 2}),
    ],
)
def test_the_database_has_the_last_word(cast: Cast, constraint: str, fields: dict[str, Any]) -> None:
    agree(cast)
    values = {"planned_sessions": 16, "agreed_on": timezone.localdate(), "agreed_by": cast.tara, **fields}
    with as_owner(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Contract.objects.create(course=cast.course, **values)


def test_an_administrator_reads_it_and_writes_none(cast: Cast, client: Browser) -> None:
    agree(cast, missed_rule="Ring the day before.")
    act_as(cast.ada.pk)
    assert Contract.objects.visible_to(cast.ada).count() == 1
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Contract.objects.create(
            course=cast.course,
            number=2,
            planned_sessions=20,
            reason="x",
            agreed_on=timezone.localdate(),
            agreed_by=cast.ada,
        )
    for sql in ("UPDATE courses_contract SET minutes = 5", "DELETE FROM courses_contract"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)
    act_as(cast.olga.pk)
    assert not Contract.objects.exists()
    client.force_login(cast.ada)
    html = client.get(reverse("courses:contract", args=[cast.course.pk])).content.decode()
    assert "Ring the day before." in html
    assert "Formulation and goals" not in html
    assert "Extend, shorten" not in html


def test_the_page_proposes_the_ending_and_the_rule_and_the_ending_follows(
    cast: Cast, client: Browser
) -> None:
    client.force_login(cast.tara)
    address = reverse("courses:contract_edit", args=[cast.course.pk])
    form = client.get(address).context["form"]
    assert "24 hours ahead" in form["missed_rule"].value()
    proposed = form["ends_on"].value()
    assert proposed >= timezone.localdate() + timedelta(weeks=15)
    sent = {
        "seen": form["seen"].value(),
        "initial_sessions": "4",
        "middle_sessions": "8",
        "end_sessions": "4",
        "minutes": "50",
        "frequency": "fortnightly",
        "ends_on": proposed.isoformat(),
        "recording": "no",
        "agreed_on": timezone.localdate().isoformat(),
    }
    assert client.post(address, sent).status_code == 302
    with as_owner():
        contract = Contract.objects.get()
    assert contract.ends_on is not None
    assert contract.ends_on >= timezone.localdate() + timedelta(weeks=30)
    again = sent | {
        "seen": client.get(address).context["form"]["seen"].value(),
        "middle_sessions": "10",
        "ends_on": "2040-01-01",
    }
    html = client.post(address, again).content.decode()
    assert "Say why the contract changes." in html
    assert client.post(address, again | {"reason": "A slow start."}).status_code == 302
    page = client.get(reverse("courses:contract", args=[cast.course.pk])).content.decode()
    for words in ("Extended from 16 to 18 sessions", "A slow start.", "Sun 1 Jan 2040", "sessions 5 to 14"):
        assert words in page
