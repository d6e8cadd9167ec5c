"""A screener in a real browser: from Today to the decision, by what a person reads and types; axe in both themes, no script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.models import Course
from referrals.models import OutcomeLetter, ReferralWords, Screening
from staff.models import User
from tests.browser.conftest import building
from tests.cast import Cast, client_named, person, referral_for
from tests.roles import as_owner


@pytest.fixture
def referral(clinic: Any) -> Course:
    with building():
        clinic.sara = person("Sara Screener", "therapist", is_screener=True)
        course = referral_for(
            client_named(
                "Noor", "Jabari", needs_evenings=True, may_write_home=False, must_not_be_told="Her brother"
            ),
            clinic.sara,
            by=clinic.ada,
        )
        ReferralWords.objects.create(
            course=course, problem="Cries every day since her mother died in May.", thoughts_of_harm=True
        )
        OutcomeLetter.objects.create(
            course=course, kind="no_contact", body="Dear Noor,\n\nwe rang.", made_by=clinic.ada
        )
        return course


def test_a_screener_goes_from_today_to_a_decision(
    page: Page, live_server: Any, clinic: Any, referral: Course, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.sara)
    page.goto(f"{live_server.url}/today/")
    page.get_by_role("link", name="Screen Noor Jabari").click()
    expect(page.get_by_text("Cries every day since her mother died in May.")).to_be_visible()
    expect(page.get_by_role("heading", name="1 open alert")).to_be_visible()
    assert page.locator("main input:checked").count() == 0
    page.get_by_role("button", name="Record the screening of Noor Jabari").click()
    expect(page.get_by_role("alert")).to_contain_text("Say whether IPT suits.")
    page.get_by_label("Risk: what the form says").fill(
        "Thoughts of death after the funeral; no plan, asked on the phone."
    )
    page.get_by_label("What was done").fill("Gave the crisis numbers; her sister stays with her.")
    page.get_by_label("PHQ-9").fill("222222220")
    page.get_by_label("Suitable for IPT: may wait").check()
    page.get_by_label("Likely focus").select_option(label="Grief")
    page.get_by_role("button", name="Record the screening of Noor Jabari").click()
    expect(page.get_by_role("status")).to_contain_text("Noor Jabari is on the waiting list now.")
    with as_owner():
        decided = Screening.objects.get(course=referral)
        assert (decided.suitability, decided.likely_focus) == ("suitable", "grief")
        assert Course.objects.get(pk=referral.pk).status == "waiting"


def test_without_script_a_referral_is_given_and_decided(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    clinic: Any,
    referral: Course,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.lena)
    page = without_script().new_page()
    page.goto(f"{live_server.url}/courses/{referral.pk}/referral/give/")
    page.get_by_role("button", name="Take Noor Jabari back from Sara Screener").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody screens Noor Jabari now.")
    page.get_by_label("Tick Noor Jabari").check()
    page.get_by_label("Give those that are ticked to").select_option(label="Sara Screener, holds 0")
    page.get_by_role("button", name="Give the referrals").click()
    expect(page.get_by_role("status")).to_contain_text("Sara Screener screens 1 more referral now.")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_where_referrals_are_screened(
    page: Page,
    live_server: Any,
    clinic: Any,
    referral: Course,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 900})
    with as_owner():
        letter = OutcomeLetter.objects.get()
    of_course = f"/courses/{referral.pk}/referral/"
    for who, addresses in (
        (clinic.sara, ["/today/", "/screening/", f"{of_course}screen/", of_course]),
        (
            clinic.ada,
            [
                "/screening/",
                f"{of_course}give/",
                of_course,
                f"{of_course}outcome/new/?kind=no_contact&to=client",
                f"{of_course}outcome/{letter.pk}/",
            ],
        ),
    ):
        sign_in(who)
        for address in addresses:
            page.goto(live_server.url + address)
            assert axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_letter_stands_alone_on_its_sheet(
    page: Page, live_server: Any, clinic: Cast, referral: Course, sign_in: Callable[[User], None]
) -> None:
    with as_owner():
        letter = OutcomeLetter.objects.get()
    sign_in(clinic.ada)
    page.goto(f"{live_server.url}/courses/{referral.pk}/referral/outcome/{letter.pk}/")
    expect(page.get_by_text("Must not be told: Her brother")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("we rang.")).to_be_visible()
    for hidden in (
        "Must not be told: Her brother",
        "Mark the letter about Noor Jabari as sent",
        "Print this page",
    ):
        expect(page.get_by_text(hidden)).to_be_hidden()
