"""A recording from the log to the therapist's practice in a real browser: entered, rated by who supervises, seen by the
therapist; each page is clean for axe in both themes, on a screen and on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Contract
from staff.models import User
from supervision.models import Rating
from tests.browser.conftest import building
from tests.cast import Cast, discussed, held_session


def test_a_recording_is_entered_rated_and_its_competence_seen(
    page: Page,
    clinic: Cast,
    live_server: Any,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
) -> None:
    with building():
        now = timezone.now()
        held_session(clinic.course, clinic.tara, now - timedelta(days=7), 1)
        discussed(clinic.sunil, [(clinic.course, clinic.tara)], now - timedelta(days=6))
        Contract.objects.create(
            course=clinic.course,
            number=1,
            planned_sessions=16,
            recording="yes",
            agreed_on=timezone.localdate() - timedelta(days=20),
            agreed_by=clinic.tara,
        )
    page.emulate_media(reduced_motion="reduce")

    def looked_at() -> None:
        """This page, in both themes and both widths."""
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                assert axe(page) == [], (page.url, width, scheme)
        page.set_viewport_size({"width": 1280, "height": 800})

    # The therapist: in the log of the course.
    sign_in(clinic.tara)
    page.goto(f"{live_server.url}/courses/{clinic.course.pk}/recordings/")
    page.get_by_role("link", name="Enter a recording").click()
    looked_at()
    page.get_by_label("Session", exact=True).select_option(index=1)
    page.get_by_label("Where it is kept").fill("The clinic’s drive, folder 12")
    page.get_by_label("Given to be rated on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Enter it in the log").click()
    expect(page.get_by_text("The recording is in the log.")).to_be_visible()
    looked_at()

    # The supervisor: from the therapist's practice to the rating.
    sign_in(clinic.sunil)
    page.goto(f"{live_server.url}/supervision/practice/")
    looked_at()
    page.get_by_role("link", name="Tara Tree").click()
    page.get_by_role("link", name="Rate the session of").click()
    looked_at()
    focus = page.get_by_role("group", name="Focus maintained")
    focus.get_by_label("5", exact=True).check()
    page.get_by_label("Pass", exact=True).check()
    page.get_by_label("What you would say to the therapist").fill("Well held.")
    page.get_by_role("button", name="Sign the rating of Tara Tree").click()
    expect(page.get_by_text("The rating is signed.")).to_be_visible()
    looked_at()
    with building():
        assert Rating.objects.get().scores["focus"] == 5

    # The therapist again: what was said, and what it comes to.
    sign_in(clinic.tara)
    page.goto(f"{live_server.url}/supervision/practice/")
    expect(page.get_by_role("img", name="Focus maintained 5")).to_be_visible()
    expect(page.get_by_text("missing: 11 sessions, 3 h, 2 recordings")).to_be_visible()
    page.get_by_text("The same numbers as a table").click()
    looked_at()
    page.get_by_role("link", name="Maya Fielding, session of").click()
    expect(page.get_by_text("Well held.")).to_be_visible()

    sign_in(clinic.lena)
    page.goto(f"{live_server.url}/supervision/rating-form/")
    page.get_by_text("Add an item").click()
    looked_at()
