"""A course on paper: what was chosen, what is signed, and nothing that is not meant for paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from interpersonal.models import SafetyConcern
from record.printed import PARTS
from sessions.models import EnteredInError, Note
from tests.cast import Cast, agreed_focus, held_session, note_of, person_of
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Three sessions: one signed with an addendum, one entered in error, one a draft; a partner, with whom it is not safe."""
    with as_owner():
        now = timezone.now()
        first, wrong, draft = (
            held_session(cast.course, cast.tara, now - timedelta(days=7 * (4 - n)), n) for n in (1, 2, 3)
        )
        note = note_of(
            first, work="Spoke of the quarrel.", event="Argument about Sunday", tasks=["initial_focus"]
        )
        Note.objects.create(
            kind="addendum",
            adds_to=note,
            course=cast.course,
            author=cast.tara,
            work="It was on Monday.",
            reason="The day was wrong",
            signed_at=now,
            sha256="0" * 64,
        )
        struck = note_of(wrong, work="Words of another client.")
        EnteredInError.objects.create(
            note=struck, course=cast.course, kind="mistake", reason="Slip", by=cast.tara
        )
        note_of(draft, signed=False, work="Half a thought.")
        agreed_focus(cast.course, "conflict", cast.tara, about="with a partner")
        tom = person_of(cast.course, cast.tara, hard="Falls silent.")
        SafetyConcern.objects.create(person=tom, course=cast.course, text="Threw a cup.", by=cast.tara)
    return cast


def paper(browser: Browser, cast: Cast, who: Any, query: str = "") -> str:
    browser.force_login(who)
    return browser.get(reverse("record:print", args=[cast.course.pk]) + query).content.decode()


def test_what_is_signed_is_printed_with_what_was_added_and_nothing_else(told: Cast, client: Browser) -> None:
    page = paper(client, told, told.tara)
    for words in (
        "Spoke of the quarrel.",
        "Argument about Sunday",
        "Focus chosen",
        "It was on Monday.",
        "The day was wrong",
        "Signed by Tara Tree",
        "Conflict: with a partner",
    ):
        assert words in page, words
    for words in ("Words of another client.", "Half a thought."):
        assert words not in page, words


def test_other_people_are_left_out_unless_somebody_chooses_them(told: Cast, client: Browser) -> None:
    assert "Falls silent." not in paper(client, told, told.tara)
    page = paper(client, told, told.tara, "?choose=1&part=people")
    assert "Falls silent." in page
    assert "Spoke of the quarrel." not in page


def test_a_safety_concern_is_never_printed(told: Cast, client: Browser) -> None:
    for who in (told.tara, told.sunil, told.lena):
        page = paper(client, told, who, "?choose=1&part=people&part=notes&part=plan")
        assert "Falls silent." in page
        assert "Threw a cup." not in page


def test_a_supervisor_prints_no_draft(told: Cast, client: Browser) -> None:
    page = paper(client, told, told.sunil)
    assert "Spoke of the quarrel." in page
    assert "Half a thought." not in page


def test_nothing_chosen_and_a_part_that_is_none_say_so(told: Cast, client: Browser) -> None:
    assert "Nothing is chosen" in paper(client, told, told.tara, "?choose=1&part=everything")


def test_the_trail_says_which_parts_somebody_had_before_them(told: Cast, client: Browser) -> None:
    paper(client, told, told.tara, "?choose=1&part=people&part=notes")
    with as_owner():
        said = Event.objects.filter(user=told.tara).latest("at").reason
    assert said == "Relationships, Signed session notes"


def test_forty_sessions_are_printed_in_as_many_questions_as_nine(told: Cast, client: Browser) -> None:
    """Past half-way, where the mid-point review is asked for in either."""

    def held(first: int, last: int) -> None:
        with as_owner():
            for n in range(first, last + 1):
                held = held_session(told.course, told.tara, timezone.now() - timedelta(days=300 - n), n)
                note_of(held, tasks=["middle_link"])
                person_of(told.course, told.tara, f"Person {n}")

    address = (
        reverse("record:print", args=[told.course.pk])
        + "?choose=1"
        + "".join(f"&part={part}" for part in PARTS)
    )
    client.force_login(told.tara)
    held(4, 9)
    few = len(queries_of(client, address)[0])
    held(10, 40)
    assert len(queries_of(client, address)[0]) == few


def test_the_paper_says_a_note_in_the_words_in_which_it_is_read(told: Cast, client: Browser) -> None:
    with as_owner():
        held = held_session(told.course, told.tara, timezone.now() - timedelta(days=40), 4)
        note_of(held, signed=False, went="partly", went_words="Rang once.", risk="No plan.")
        Note.objects.filter(session=held).update(
            signed_at=timezone.now(), sha256="0" * 64, risk_answer="changed"
        )
    page = paper(client, told, told.tara, "?choose=1&part=notes")
    assert "Asked, changed. No plan." in page
    assert "How the last task went" in page
    assert "Changed, describe" not in page
