"""A deputy has the line of a supervisor who is on leave: every page of supervision, for exactly those days."""

from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from courses.models import Course, CourseAction
from supervision.models import AgendaItem
from tests.cast import Cast, contact_note_of, held_session
from tests.db.supervision.rows import record_of
from tests.roles import as_owner

NOW = timezone.now()


@pytest.fixture
def world(cast: Cast) -> Any:
    """On Sunil's line with Tara: a course on the agenda, a signed record, an action, a session held, a note to co-sign."""
    with as_owner():
        world = SimpleNamespace(**vars(cast))
        cast.tara.is_trainee = True
        cast.tara.save()
        world.session = held_session(cast.course, cast.tara, NOW - timedelta(days=3), 1)
        world.item = AgendaItem.objects.create(course=cast.course, added_by=cast.tara, question="Stuck?")
        world.record = record_of(cast.course, cast.sunil, cast.tara, signed_at=NOW - timedelta(days=9))
        world.action = CourseAction.objects.create(
            course=cast.course,
            what="Ring the GP",
            owner=cast.tara,
            due_on=timezone.localdate(),
            agreed_by=cast.sunil,
        )
        contact_note_of(cast.course, cast.tara, needs_cosign=True)
    return world


def on_leave(world: Any, first: int, last: int) -> None:
    today = timezone.localdate()
    with as_owner():
        world.sunil.leave.create(
            starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last), cover=world.dana
        )


def of_the_course(world: Any) -> dict[str, str]:
    course = f"/courses/{world.course.pk}"
    return {
        "the course": f"{course}/",
        "its supervision": f"{course}/supervision/",
        "a record": f"{course}/supervision/{world.record.pk}/",
        "a question": f"{course}/supervision/agenda/",
        "an item": f"{course}/supervision/agenda/{world.item.pk}/",
        "an action": f"{course}/actions/{world.action.pk}/",
        "its recordings": f"{course}/recordings/",
        "a rating": f"{course}/sessions/{world.session.pk}/rate/",
        "practice": f"/supervision/practice/{world.tara.pk}/",
    }


NAMED = {"co-sign": "/supervision/cosign/", "agenda": "/supervision/agenda/", "supervisees": "/supervisees/"}


@pytest.mark.parametrize(
    ("first", "last", "has_the_line"),
    [(1, 7, False), (0, 6, True), (-6, 0, True), (-7, -1, False)],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_each_page_of_supervision_is_the_deputys_on_those_days_alone(
    world: Any, client: Browser, first: int, last: int, has_the_line: bool
) -> None:
    on_leave(world, first, last)
    client.force_login(world.dana)
    pages = of_the_course(world)
    found = {name: client.get(address).status_code for name, address in pages.items()}
    assert found == dict.fromkeys(pages, 200 if has_the_line else 404)
    for name, address in NAMED.items():
        answer = client.get(address)
        page = unescape(answer.content.decode())
        assert (name, answer.status_code, "Maya Fielding" in page) == (name, 200, has_the_line)
    for address in ("/supervision/meetings/", "/supervision/practice/"):
        assert client.get(address).status_code == 200
    act_as(world.dana.pk)
    assert Course.objects.filter(pk=world.course.pk).exists() is has_the_line
    assert Course.objects.visible_to(world.dana).filter(pk=world.course.pk).exists() is has_the_line


def test_the_supervisor_keeps_the_line_while_somebody_stands_in(world: Any, client: Browser) -> None:
    on_leave(world, 0, 6)
    client.force_login(world.sunil)
    assert {client.get(address).status_code for address in of_the_course(world).values()} == {200}
