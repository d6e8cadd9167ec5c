"""The pages that act on a course: who gets in, what happens, and that a refusal loses no word."""

from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Allocation, Course, Focus
from staff.models import User
from tests.cast import Cast, agreed_focus, client_named, course_for, held_session, note_of, session_of
from tests.roles import as_owner

PAGES = {
    #             tara olga sunil ada lena nadia
    "allocate": (403, 404, 403, 200, 200, 404),
    "focus": (200, 404, 403, 403, 403, 404),
    "programme": (200, 404, 403, 403, 403, 404),
    "move": (200, 404, 403, 200, 200, 404),
    "end": (200, 404, 403, 403, 200, 404),
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("which", PAGES)
def test_a_page_opens_for_those_who_may(cast: Cast, client: Browser, which: str, method: str) -> None:
    address = reverse(f"courses:{which}", args=[cast.course.pk])
    answers = []
    for name in ("tara", "olga", "sunil", "ada", "lena", "nadia"):
        client.force_login(getattr(cast, name))
        answers.append(getattr(client, method)(address).status_code)
    assert tuple(answers) == PAGES[which]


def test_every_page_says_whom_it_is_about(cast: Cast, client: Browser) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    client.force_login(cast.tara)
    for page in ("focus", "programme", "move", "end"):
        html = client.get(reverse(f"courses:{page}", args=[cast.course.pk])).content.decode()
        assert cast.maya.number in html
        assert "known as May" in html
        assert "of Maya Fielding</button>" in html


def test_a_course_is_allocated(cast: Cast, client: Browser) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari", needs_step_free=True, interpreter="Arabic")
        course = course_for(noor)
    client.force_login(cast.ada)
    address = reverse("courses:allocate", args=[course.pk])
    page = client.get(address).content.decode()
    assert "Allocate Noor Jabari to Tara Tree" in page
    assert "1 of 16 taken" in page
    assert "Step-free room" in page
    assert "Interpreter for Arabic" in page
    answer = client.post(address, {"therapist": cast.tara.pk, "version": course.version})
    assert answer.url == reverse("clients:detail", args=[noor.pk])
    with as_owner():
        assert Allocation.objects.get(course=course).therapist == cast.tara


def test_a_full_therapist_is_shown_as_full_and_the_reason_is_asked_for(cast: Cast, client: Browser) -> None:
    with as_owner():
        User.objects.filter(pk=cast.olga.pk).update(places=1)
    client.force_login(cast.ada)
    address = reverse("courses:allocate", args=[cast.course.pk])
    assert '<span class="tag warn">full</span>' in client.get(address).content.decode()
    answer = client.post(address, {"therapist": cast.olga.pk, "version": 1})
    assert "Olga Other carries 1 of 1. Say why one more." in answer.content.decode()
    answer = client.post(address, {"therapist": cast.olga.pk, "version": 1, "reason": "Speaks Polish."})
    assert answer.status_code == 302


def test_an_old_page_does_not_take_the_client_from_whom_it_did_not_show(cast: Cast, client: Browser) -> None:
    with as_owner():
        course = course_for(client_named("Noor", "Jabari"))
    address = reverse("courses:allocate", args=[course.pk])
    client.force_login(cast.ada)
    client.post(address, {"therapist": cast.tara.pk, "version": 1})
    client.force_login(cast.lena)
    answer = client.post(address, {"therapist": cast.olga.pk, "version": 1, "reason": "Nearer to home."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert '<td class="pre" data-label="It now says">Tara Tree</td>' in html
    assert "Nearer to home." in html
    assert 'name="version" value="2"' in html
    with as_owner():
        assert Allocation.objects.get(course=course).therapist == cast.tara


def test_the_focus_is_agreed_and_changed_with_a_reason(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    address = reverse("courses:focus", args=[cast.course.pk])
    typed: dict[str, Any] = {
        "version": 1,
        "area": "conflict",
        "about": "with Tom (partner)",
        "agreed_on": timezone.localdate().isoformat(),
    }
    assert client.post(address, typed).url == reverse("courses:detail", args=[cast.course.pk])
    html = client.get(address).content.decode()
    assert "Conflict with Tom (partner)" in html
    typed |= {"version": 2, "area": "grief", "about": "her mother"}
    html = client.post(address, typed).content.decode()
    assert "Say why, in a few words." in html
    assert "her mother" in html
    assert client.post(address, typed | {"reason": "It was grief all along."}).status_code == 302
    with as_owner():
        assert [focus.area for focus in Focus.objects.current()] == ["grief"]


def test_an_administrator_reads_nothing_of_the_focus_on_any_page(cast: Cast, client: Browser) -> None:
    with as_owner():
        agreed_focus(cast.course, "conflict", cast.tara, about="with Tom the plumber")
    client.force_login(cast.ada)
    for address in (
        reverse("clients:detail", args=[cast.maya.pk]),
        reverse("courses:allocate", args=[cast.course.pk]),
        reverse("courses:move", args=[cast.course.pk]),
    ):
        html = client.get(address).content.decode()
        assert "plumber" not in html
        assert "onflict" not in html
        assert "open alert" not in html


def test_another_programme_brings_its_own_numbers(cast: Cast, client: Browser) -> None:
    with as_owner():
        for week in (5, 4, 3):
            held_session(cast.course, cast.tara, timezone.now() - timedelta(weeks=week), 6 - week)
    client.force_login(cast.tara)
    answer = client.post(
        reverse("courses:programme", args=[cast.course.pk]),
        {
            "version": 1,
            "programme": "brief8",
            "initial_sessions": 4,
            "middle_sessions": 8,
            "end_sessions": 4,
            "reason": "Agreed with Maya.",
        },
    )
    assert answer.status_code == 302
    with as_owner():
        course = Course.objects.get(pk=cast.course.pk)
    assert (course.split, course.planned_sessions) == ([2, 4, 2], 8)


def test_fewer_sessions_than_were_attended_are_allowed_and_said(cast: Cast, client: Browser) -> None:
    with as_owner():
        for week in (5, 4, 3):
            held_session(cast.course, cast.tara, timezone.now() - timedelta(weeks=week), 6 - week)
    client.force_login(cast.tara)
    answer = client.post(
        reverse("courses:programme", args=[cast.course.pk]),
        {
            "version": 1,
            "programme": "ipt16",
            "initial_sessions": 1,
            "middle_sessions": 0,
            "end_sessions": 1,
            "reason": "A short contract.",
        },
        follow=True,
    )
    assert "3 sessions were attended already, more than the 2 planned." in answer.content.decode()


def test_a_course_is_paused_and_goes_on(cast: Cast, client: Browser) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    client.force_login(cast.tara)
    address = reverse("courses:move", args=[cast.course.pk])
    html = client.post(address, {"version": 1, "to": "paused"}).content.decode()
    assert "Say why, in a few words." in html
    client.post(address, {"version": 1, "to": "paused", "reason": "Away until January."})
    client.post(address, {"version": 2, "to": "in_treatment"})
    with as_owner():
        assert Course.objects.get(pk=cast.course.pk).status == "in_treatment"


def test_treatment_is_not_begun_or_ended_on_the_status_page(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    address = reverse("courses:move", args=[cast.course.pk])
    for to in ("in_treatment", "ended", "follow_up"):
        assert client.post(address, {"version": 1, "to": to, "reason": "x"}).status_code == 200
    with as_owner():
        assert Course.objects.get(pk=cast.course.pk).status == "waiting"


def test_what_holds_an_end_up_is_listed(cast: Cast, client: Browser) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        session_of(cast.course, cast.tara, timezone.now() + timedelta(days=3))
        held = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=4), 1)
        note_of(held, signed=False)
    client.force_login(cast.tara)
    address = reverse("courses:end", args=[cast.course.pk])
    assert "Still to be done first" in client.get(address).content.decode()
    typed = {"version": 1, "to": "ended", "end_reason": "48", "on": timezone.localdate().isoformat()}
    html = client.post(address, typed).content.decode()
    assert "You have 1 unsigned note in this course" in html
    assert "1 appointment still stands open" in html
    assert '<option value="48" selected>' in html


def test_a_course_ends_on_its_page(cast: Cast, client: Browser) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    client.force_login(cast.tara)
    answer = client.post(
        reverse("courses:end", args=[cast.course.pk]),
        {"version": 1, "to": "ended", "end_reason": "46", "on": timezone.localdate().isoformat()},
        follow=True,
    )
    assert answer.status_code == 200
    assert "The course of Maya Fielding is over." in answer.content.decode()


def _queries(client: Browser, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_pages_ask_as_much_for_many_rows_as_for_few(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    addresses = [
        reverse("courses:allocate", args=[cast.course.pk]),
        reverse("courses:move", args=[cast.course.pk]),
        reverse("clients:detail", args=[cast.maya.pk]),
    ]
    few = [_queries(client, address) for address in addresses]
    with as_owner():
        for number in range(20):
            therapist = User.objects.create(
                email=f"t{number}@clinic.example",
                full_name=f"Therapist {number}",
                roles=["therapist"],
                places=9,
            )
            course_for(client_named("Some", f"Body{number}x"), therapist)
            course_for(cast.maya, therapist, status="ended", ended_on=timezone.localdate(), end_reason="46")
            cast.course.moves.create(before="waiting", after="waiting", by=therapist)
    assert [_queries(client, address) for address in addresses] == few


ODD = [
    "",
    " ",
    "0",
    "-1",
    "9" * 40,
    "½",
    "\x00",
    "nan",
    "2026-13-99",
    "0001-01-01",
    "9999-12-31",
    "<b>",
    "٣",
    "x" * 3000,
]


@pytest.mark.parametrize("which", PAGES)
def test_no_odd_word_breaks_a_page(cast: Cast, client: Browser, which: str) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
    client.force_login(cast.tara if which in ("focus", "programme") else cast.lena)
    right = {
        "allocate": {"therapist": cast.olga.pk, "reason": "x"},
        "focus": {"area": "grief", "about": "", "second_area": "", "agreed_on": "2026-01-01"},
        "programme": {
            "programme": "brief8",
            "initial_sessions": "1",
            "middle_sessions": "2",
            "end_sessions": "3",
            "planned": "",
            "reason": "x",
        },
        "move": {"to": "nowhere", "reason": "x", "on": "", "end_reason": ""},
        "end": {"to": "ended", "end_reason": "46", "on": "2020-01-01"},
    }[which] | {"version": "1"}
    address = reverse(f"courses:{which}", args=[cast.course.pk])
    everywhere = [dict.fromkeys(right, odd) for odd in ODD]
    # Each field once with an odd word among right ones, so that it reaches the action.
    one_by_one = [right | {field: odd} for field, odd in zip(right, cycle(ODD[2:]), strict=False)]
    for typed in everywhere + one_by_one:
        assert client.post(address, typed).status_code in (200, 302, 403, 409)
