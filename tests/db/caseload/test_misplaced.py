"""What was entered for the wrong client stands on the lead's first page until it is four weeks old."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.utils import timezone

from sessions.models import EnteredInError
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

PAGES = {"lena": "/all/", "tara": "/today/", "sunil": "/supervisees/", "ada": "/clinic/"}


def misplace(cast: Cast, days: int = 0, kind: str = "wrong_client") -> list[EnteredInError]:
    at = timezone.now() - timedelta(days=days)
    with as_owner():
        session = people.held_session(
            cast.course, cast.tara, at - timedelta(days=2), None, entered_in_error_at=at
        )
        contact = people.contact_note_of(cast.course, cast.tara)
        added = people.addendum_to(people.contact_note_of(cast.course, cast.tara))
        notes = (people.note_of(session), contact, added)
        return [people.struck_out(note, cast.tara, kind=kind, at=at, reason="It was Owen") for note in notes]


def test_the_lead_finds_each_with_its_page_and_without_a_reason(client: Browser, cast: Cast) -> None:
    session, contact, addendum = misplace(cast)
    client.force_login(cast.lena)
    page = unescape(client.get("/all/").content.decode())
    assert page.count("belongs to another client: marked by Tara Tree") == 3
    course = f"/courses/{cast.course.pk}"
    for href in (
        f"{course}/sessions/{session.session_id}/read/",
        f"{course}/contacts/{contact.note_id}/read/",
        f"{course}/contacts/{addendum.note.adds_to_id}/read/",
    ):
        assert href in page
        assert client.get(href).status_code == 200
    assert "Owen" not in page.split('id="misplaced"')[1].split("</section>")[0]


@pytest.mark.parametrize("who", ["tara", "sunil", "ada"])
def test_nobody_else_has_the_list(client: Browser, cast: Cast, who: str) -> None:
    misplace(cast)
    client.force_login(getattr(cast, who))
    assert "Entered for the wrong client" not in client.get(PAGES[who]).content.decode()


def test_it_stands_there_for_four_weeks_and_a_mere_mistake_never(client: Browser, cast: Cast) -> None:
    misplace(cast, days=29)
    misplace(cast, days=1, kind="mistake")
    client.force_login(cast.lena)
    assert "Entered for the wrong client" not in client.get("/all/").content.decode()


def test_a_lead_who_treats_finds_it_on_today(client: Browser, cast: Cast) -> None:
    misplace(cast)
    with as_owner():
        cast.lena.roles = ["therapist", "lead"]
        cast.lena.save()
    client.force_login(cast.lena)
    assert "Entered for the wrong client" in client.get("/today/").content.decode()
