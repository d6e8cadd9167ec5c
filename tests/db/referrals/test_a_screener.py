"""Every address under a course, for the clinician to whom its referral is given: what is answered, written by hand. They read
what whoever reads the course reads, decide, and write nothing else; and in the second in which they decide it is gone."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from courses.models import Course, EndingPlan
from outcomes.models import Alert, Response, SafetyPlan
from referrals.models import ReferralWords
from referrals.screening import record_screening
from tests.cast import (
    Cast,
    client_named,
    event_of,
    letter_of,
    person,
    person_of,
    picture_of,
    referral_for,
    signal_of,
)
from tests.db.test_access_matrix import EXPECTED
from tests.roles import as_owner

# name: (GET, POST) while they hold it; (GET, POST) once they found it suitable, when they know who waits by name.
WHILE_AND_AFTER = {
    "clients:detail": ("200 405", "200 405"),
    "clients:edit": ("403 403", "403 403"),
    "clients:merge": ("403 405", "403 405"),
    "referrals:wait": ("200 405", "200 405"),
    "referrals:pause": ("403 403", "403 403"),
    "referrals:resume": ("403 403", "403 403"),
    "referrals:priority": ("403 403", "403 403"),
    "referrals:attempt": ("200 200", "403 403"),
    "supervision:consider": ("200 200", "403 403"),
    "courses:detail": ("200 405", "200 405"),
    "courses:allocate": ("403 403", "403 403"),
    "courses:transfer": ("403 403", "403 403"),
    "courses:cover": ("403 403", "403 403"),
    "courses:call_off": ("403 403", "403 403"),
    "courses:focus": ("403 403", "403 403"),
    "courses:tasks": ("200 403", "403 403"),
    "courses:formulation": ("200 405", "403 405"),
    "courses:formulation_edit": ("403 403", "403 403"),
    "courses:contract": ("200 405", "200 405"),
    "courses:contract_edit": ("403 403", "403 403"),
    "courses:programme": ("403 403", "403 403"),
    "courses:move": ("403 403", "403 403"),
    "courses:end": ("403 403", "403 403"),
    "record:print": ("200 405", "403 405"),
    "courses:ending": ("200 405", "403 405"),
    "courses:ending_edit": ("403 403", "403 403"),
    "courses:ending_version": ("200 405", "403 405"),
    "referrals:detail": ("200 405", "200 405"),
    "referrals:words": ("200 200", "403 403"),
    "referrals:letter_new": ("200 200", "403 403"),
    "referrals:letter": ("200 405", "403 405"),
    "referrals:letter_withdraw": ("200 200", "403 403"),
    # Sent a second time, the page says that it is decided.
    "referrals:screen": ("200 200", "403 302"),
    "referrals:give": ("403 403", "403 403"),
    "referrals:outcome_letter_new": ("403 403", "403 403"),
    "sessions:book": ("403 403", "403 403"),
    "sessions:walk_in": ("403 403", "403 403"),
    "sessions:contact_new": ("403 405", "403 405"),
    "sessions:letters": ("200 405", "403 405"),
    "sessions:letter_new": ("403 405", "403 405"),
    "outcomes:alert": ("200 200", "403 403"),
    "outcomes:alert_new": ("200 200", "403 403"),
    "outcomes:signal": ("200 200", "403 403"),
    "outcomes:measures": ("200 405", "403 405"),
    "outcomes:measure_new": ("403 403", "403 403"),
    "outcomes:response": ("200 405", "403 405"),
    "outcomes:response_error": ("403 403", "403 403"),
    "outcomes:links": ("204 405", "204 405"),
    "outcomes:link_new": ("403 403", "403 403"),
    "outcomes:goals": ("200 403", "403 403"),
    "record:timeline": ("200 405", "403 405"),
    "record:work": ("200 405", "403 405"),
    "record:timeline_new": ("403 403", "403 403"),
    "record:timeline_entry": ("200 403", "403 403"),
    "outcomes:plan": ("200 405", "403 405"),
    "outcomes:plan_edit": ("403 403", "403 403"),
    "outcomes:plan_version": ("200 405", "403 405"),
    "outcomes:plan_print": ("200 405", "403 405"),
    "outcomes:plan_copy": ("403 403", "403 403"),
    "interpersonal:people": ("200 405", "403 405"),
    "interpersonal:person_new": ("403 403", "403 403"),
    "interpersonal:person": ("403 403", "403 403"),
    "interpersonal:place": ("405 403", "405 403"),
    "interpersonal:take_off": ("403 403", "403 403"),
    "interpersonal:concern": ("403 403", "403 403"),
    "interpersonal:picture_new": ("403 403", "403 403"),
    "interpersonal:picture": ("200 405", "403 405"),
    "interpersonal:compare": ("200 405", "403 405"),
    "supervision:course": ("200 405", "403 405"),
    "supervision:propose": ("403 403", "403 403"),
    "supervision:recordings": ("200 405", "403 405"),
    "supervision:recording_new": ("403 403", "403 403"),
}
# Of sessions and notes, which a referral has none of; of two records of one person; and of what its own tests ask.
NOT_OF_A_REFERRAL = {
    "supervision:record",
    "supervision:record_sign",
    "clients:alike",
    "clients:merge_with",
    "clients:part",
    "courses:choose",
    "courses:open",
    "outcomes:link_withdraw",
    "referrals:new",
    "referrals:outcome_letter",
}


class World:
    def __init__(self, cast: Cast) -> None:
        self.sara = person("Sara Screener", "therapist", is_screener=True)
        self.course = course = referral_for(client_named("Noor", "Jabari"), self.sara, by=cast.ada)
        ReferralWords.objects.create(course=course, problem="Cries every day.", thoughts_of_harm=True)
        letter = letter_of(course, cast.ada)
        response = Response.objects.create(
            course=course,
            measure="phq9",
            instrument_version="1",
            answers=[1] * 9,
            total=9,
            taken_at=timezone.now(),
            entered_by=cast.lena,
        )
        SafetyPlan.objects.create(course=course, number=1, coping="A walk.", written_by=cast.lena)
        EndingPlan.objects.create(course=course, number=1, feelings="Sad.", written_by=cast.lena)
        tom = person_of(course, cast.lena)
        more: dict[str, dict[str, Any]] = {
            "referrals:letter": {"letter_id": letter.pk},
            "referrals:letter_withdraw": {"letter_id": letter.pk},
            "outcomes:alert": {"alert_id": Alert.objects.get(course=course).pk},
            "outcomes:signal": {"signal_id": signal_of(response).pk},
            "outcomes:response": {"response_id": response.pk},
            "outcomes:response_error": {"response_id": response.pk},
            "outcomes:plan_version": {"number": 1},
            "courses:ending_version": {"number": 1},
            "supervision:consider": {"slug": "unreviewed", "subject": course.pk},
            "record:timeline_entry": {"entry_id": event_of(course, cast.lena).pk},
            "interpersonal:picture": {"picture_id": picture_of(course, cast.lena).pk},
            **{
                f"interpersonal:{act}": {"person_id": tom.pk}
                for act in ("person", "place", "take_off", "concern")
            },
        }
        self.addresses = {
            name: reverse(name, kwargs={"client_id": course.client_id})
            if name.startswith("clients:")
            else reverse(name, kwargs={"course_id": course.pk, **more.get(name, {})})
            for name in WHILE_AND_AFTER
        }
        self.browser = Browser()
        self.browser.force_login(self.sara)

    def answers(self) -> dict[str, str]:
        found = {}
        for name, address in self.addresses.items():
            statuses = []
            for method in ("get", "post"):
                with transaction.atomic():
                    statuses.append(str(getattr(self.browser, method)(address).status_code))
                    transaction.set_rollback(True)
            found[name] = " ".join(statuses)
        return found

    def decide(self, suitability: str, **given: Any) -> None:
        act_as(self.sara.pk)
        record_screening(
            key=uuid4(),
            course=self.course,
            suitability=suitability,
            risk="Asked; nothing.",
            done="Talked.",
            by=self.sara,
            **given,
        )


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


def wrong(answered: dict[str, str], expected: dict[str, str]) -> dict[str, str]:
    return {
        name: f"{statuses} instead of {expected[name]}"
        for name, statuses in answered.items()
        if statuses != expected[name]
    }


def test_whoever_screens_reads_decides_and_writes_nothing_else(world: World) -> None:
    assert wrong(world.answers(), {name: both[0] for name, both in WHILE_AND_AFTER.items()}) == {}


def test_it_is_gone_in_the_second_in_which_it_is_found_suitable(world: World) -> None:
    world.decide("suitable")
    assert wrong(world.answers(), {name: both[1] for name, both in WHILE_AND_AFTER.items()}) == {}
    for name in ("courses:detail", "referrals:detail", "clients:detail"):
        html = world.browser.get(world.addresses[name]).content.decode()
        assert "Cries" not in html
        assert "PHQ-9" not in html
        assert "alert" not in html.lower().replace('role="alert"', "")


def test_it_is_as_if_it_had_never_been_where_it_is_not_suitable(world: World) -> None:
    world.decide("not_suitable", end_reason="11", reasons="Psychosis.")
    answered = world.answers()
    assert {
        name: statuses for name, statuses in answered.items() if set(statuses.split()) - {"404", "405"}
    } == {}


def test_it_is_as_if_it_had_never_been_given_once_it_is_anothers(cast: Cast, world: World) -> None:
    with as_owner():
        world.course.allocations.update(ends_at=timezone.now())
    expected = {name: both[1] for name, both in WHILE_AND_AFTER.items()} | {"referrals:screen": "403 403"}
    assert wrong(world.answers(), expected) == {}


def test_no_address_of_a_course_is_forgotten() -> None:
    of_a_course = {
        name
        for name in EXPECTED
        if name.startswith(("courses:", "referrals:", "outcomes:", "clients:", "record:"))
        and name != "clients:register"
    }
    assert of_a_course - NOT_OF_A_REFERRAL - set(WHILE_AND_AFTER) == set()


def test_who_waits_is_seen_by_name_alone_by_those_who_screen(cast: Cast, world: World) -> None:
    act_as(world.sara.pk)
    assert Course.objects.visible_to(world.sara).filter(pk=cast.course.pk).exists()
    html = world.browser.get(reverse("courses:detail", args=[cast.course.pk])).content.decode()
    assert "Maya Fielding" in html
    assert "/sessions/book/" not in html
    assert "open alert" not in html
