"""From a letter on the desk to a first appointment, in a real browser: an administrator, a screener, and the office again."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from playwright.sync_api import Page, expect

from courses.models import Allocation, Course
from referrals.models import Screening
from sessions.models import TherapySession
from staff.models import User, WorkingHours
from tests.browser.conftest import building
from tests.cast import Cast, person


def test_a_referral_becomes_a_first_appointment_in_at_most_twelve_interactions(
    page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    """Counted from the moment at which the client's data is typed. Going to one's own first page is no interaction: each of
    the three sits down to it. What is written about risk counts as one interaction a box."""
    with building():
        sara = person("Sara Screener", "therapist", is_screener=True, places=0)
        for weekday in range(5):
            WorkingHours.objects.create(person=clinic.tara, weekday=weekday, starts=time(9), ends=time(17))
    done: list[str] = []

    def act(what: str, how: Callable[[], object]) -> None:
        how()
        done.append(what)

    def first_page_of(person: User) -> None:
        sign_in(person)
        page.goto(live_server.url)

    first_page_of(clinic.ada)
    page.get_by_role("link", name="Enter a referral").click()
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Last name").fill("Jabari")
    page.get_by_label("Date of birth").fill("1995-04-02")
    page.get_by_label("How it came").select_option("letter")
    page.get_by_label("Who referred").select_option("A1")
    page.get_by_label("What the difficulty is").fill("Cries every day since her mother died in May.")

    act("enter", page.get_by_role("button", name="Register and enter the referral").click)
    act("to the screeners", page.get_by_role("link", name="Give to a screener").click)
    act("give", page.get_by_role("button", name="Give Noor Jabari to Sara Screener").click)
    expect(page.get_by_role("status")).to_contain_text("Sara Screener")

    first_page_of(sara)
    act("open", page.get_by_role("link", name="Screen Noor Jabari").click)
    risk = page.get_by_label("Risk: what the form says")
    act("risk", lambda: risk.fill("Nothing on the letter; asked on the phone: none."))
    act("what was done", lambda: page.get_by_label("What was done").fill("Rang her, explained the wait."))
    act("suitable", page.get_by_label("Suitable for IPT: may wait").check)
    act("likely focus", lambda: page.get_by_label("Likely focus").select_option(label="Grief"))
    act("record", page.get_by_role("button", name="Record the screening of Noor Jabari").click)
    expect(page.get_by_role("status")).to_contain_text("Noor Jabari is on the waiting list now.")

    first_page_of(clinic.ada)
    ready = page.locator("#ready")
    act("allocate", ready.get_by_role("link", name="Allocate Noor Jabari").click)
    slot = re.compile("^Allocate Noor Jabari to Tara Tree and book ")
    act("book", page.get_by_role("button", name=slot).first.click)
    expect(page.get_by_role("status")).to_contain_text("Noor Jabari")

    assert len(done) <= 12, done
    with building():
        course = Course.objects.get(client__first_name="Noor")
        assert course.status == "waiting"
        assert Screening.objects.get(course=course).suitability == "suitable"
        held = Allocation.objects.get(course=course, kind="treatment")
        assert (held.therapist_id, held.ends_at) == (clinic.tara.pk, None)
        booked = TherapySession.objects.get(course=course)
        assert (booked.therapist_id, booked.attendance) == (clinic.tara.pk, None)

    # Nothing of it waits in the office any more, and the screener reads no word of it: their access ended with the decision.
    page.goto(f"{live_server.url}/office/")
    expect(page.get_by_text("Noor Jabari")).to_have_count(0)
    sign_in(sara)
    page.goto(f"{live_server.url}/courses/{course.pk}/referral/")
    expect(page.get_by_text("Cries every day")).to_have_count(0)
