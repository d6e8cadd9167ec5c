"""What becomes of a link after its last page."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses.models import Course
from outcomes.models import Link, Response, Signal
from outcomes.signals import raise_for_links_left
from tests import cast as people
from tests.cast import Cast
from tests.db.outcomes.by_link import Phone, words_of
from tests.roles import as_owner


@pytest.fixture
def link(cast: Cast) -> tuple[Link, str]:
    """PHQ-9 5 at the first session."""
    with as_owner():
        people.system_person()
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        session = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=14), 1)
        people.answered(session, "phq9", [1, 1, 1, 1, 1, 0, 0, 0, 0])
        people.note_of(session)
        Response.objects.update(locked_at=timezone.now())
        return people.link_for(cast.course, cast.tara, ["phq9"])


def test_thanks_are_said_as_long_as_the_link_would_have_lasted_and_no_name_afterwards(
    link: tuple[Link, str],
) -> None:
    phone = Phone()
    phone.enter(link[1])
    phone.answer_all([0] * 8)
    phone.answer(9, 1)
    kept = phone.browser.cookies["link"].value
    phone.finish()
    assert "May" in words_of(phone.get("/q/finished/"))
    with as_owner():
        now = timezone.now()
        Link.objects.update(created_at=now - timedelta(hours=73), expires_at=now - timedelta(hours=1))
    phone.browser.cookies["link"] = kept
    page = phone.get("/q/finished/")
    assert page.status_code == 410
    assert "May" not in words_of(page)


def test_who_answers_everything_and_leaves_before_the_last_page_is_asked_about_all_the_same(
    link: tuple[Link, str],
) -> None:
    """Every answer is there; the last button was not pressed. When the link is over the score asks for a review."""
    phone = Phone()
    phone.enter(link[1])
    phone.answer_all([3] * 8)
    phone.answer(9, 0)
    with as_owner():
        assert Response.objects.get(came="link").total == 24
        now: Any = timezone.now()
        Link.objects.update(created_at=now - timedelta(hours=73), expires_at=now - timedelta(hours=1))
    assert raise_for_links_left(at=now) == 1
    assert raise_for_links_left(at=now) == 0
    with as_owner():
        assert [signal.rule for signal in Signal.objects.all()] == ["worsening"]
