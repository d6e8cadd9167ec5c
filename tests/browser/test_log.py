"""A therapist logs a session in a real browser. What happens when network, server or sign-in go is asked in
test_nothing_is_lost.py."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from outcomes.models import Alert
from sessions.models import ContactDue, Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast


@pytest.fixture
def session(clinic: Cast) -> TherapySession:
    """The seventh session, an hour ago; six before it with notes and scores."""
    with building():
        room = people.room("Room 2")
        now = timezone.localtime().replace(second=0, microsecond=0)
        for number, total in enumerate([19, 18, 18, 15, 14, 12], 1):
            held = people.held_session(
                clinic.course, clinic.tara, now - timedelta(days=7 * (7 - number)), number
            )
            people.answered(held, "phq9", [min(3, max(0, total - 3 * place)) for place in range(8)] + [0])
            people.answered(held, "gad7", [2, 2, 2, 2, 2, 2, max(0, total - 17)])
            people.note_of(held, work="Named what each expects.", next_time="Write one argument down.")
        people.agreed_focus(clinic.course, "conflict", clinic.tara, about="with Tom (partner)")
        return people.session_of(clinic.course, clinic.tara, now - timedelta(hours=1), room=room)


@pytest.fixture
def log(
    page: Page, live_server: Any, session: TherapySession, clinic: Cast, sign_in: Callable[[User], None]
) -> Page:
    """The log page, open before its therapist."""
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("sessions:log", args=[session.course_id, session.pk]))
    return page


def boxes(page: Page, measure: str) -> str:
    return "".join(box.input_value() or "_" for box in page.locator(f"#id_{measure} .digits input").all())


def state(page: Page) -> Any:
    return page.locator("#save-state")


def test_a_routine_session_takes_at_most_twelve_interactions(
    page: Page, live_server: Any, session: TherapySession, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("caseload:today"))
    done = []

    def act(what: str, how: Callable[[], object]) -> None:
        how()
        done.append(what)

    act("open", page.get_by_role("link", name=re.compile("Log session")).first.click)
    act("attended", page.get_by_label("Attended", exact=True).check)
    act("focus", page.get_by_role("checkbox", name="Conflict").check)
    act("nine digits", lambda: page.locator("#id_phq9_1").press_sequentially("121212110"))
    act("seven digits", lambda: page.locator("#id_gad7_1").press_sequentially("1121011"))
    page.get_by_label("Mood and the week's events").fill(
        "Lower on Tuesday after the argument about the move."
    )
    page.get_by_label("Work done").fill("Communication analysis of Tuesday's argument.")
    act("technique", page.get_by_role("checkbox", name="Communication analysis").check)
    act("technique", page.get_by_role("checkbox", name="Role play").check)
    page.get_by_label("Between now and next time").fill("Open the conversation about weekends with Tom.")
    act("risk", page.get_by_label(re.compile("Asked, unchanged since")).check)
    act("sign", page.get_by_role("button", name="Sign for Maya Fielding").click)
    page.wait_for_url(re.compile(reverse("courses:detail", args=[clinic.course.pk]) + "$"))
    assert len(done) <= 12, done
    with building():
        session.refresh_from_db()
        assert (session.number, session.phase) == (7, "middle")
        assert Note.objects.get(session=session).signed_at is not None
        assert TherapySession.objects.filter(starts_at=session.starts_at + timedelta(days=7)).exists()


def test_digits_move_on_go_back_and_are_corrected(log: Page) -> None:
    first = log.locator("#id_phq9_1")
    first.press_sequentially("1213")
    expect(log.locator("#id_phq9_5")).to_be_focused()
    log.keyboard.press("Backspace")
    expect(log.locator("#id_phq9_4")).to_be_focused()
    assert boxes(log, "phq9") == "121______"
    log.keyboard.press("ArrowLeft")
    log.keyboard.type("0")
    assert boxes(log, "phq9") == "120______"
    log.keyboard.press("Home")
    log.keyboard.type("3")
    assert boxes(log, "phq9") == "320______"
    expect(log.locator("#id_phq9_2")).to_be_focused()


def test_nine_pasted_digits_fill_the_form(log: Page) -> None:
    log.locator("#id_phq9_3").focus()
    log.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text", "1 2 1 2 1 2 1 1 0");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    assert boxes(log, "phq9") == "121212110"
    expect(log.locator("#total-phq9")).to_contain_text("Total 11, moderate")


def test_a_number_out_of_range_stays_where_it_is_and_is_said(log: Page) -> None:
    log.locator("#id_phq9_1").press_sequentially("7")
    expect(log.locator("#id_phq9_1")).to_be_focused()
    expect(log.locator("#id_phq9 .log-item")).to_have_text("7 is no answer: write a number from 0 to 3.")
    log.keyboard.type("2")
    assert boxes(log, "phq9") == "2________"


def test_the_total_follows_the_digits(log: Page) -> None:
    log.locator("#id_gad7_1").press_sequentially("112101")
    expect(log.locator("#total-gad7")).to_contain_text("6 of 7 answered")
    log.keyboard.type("1")
    expect(log.locator("#total-gad7")).to_contain_text("Total 7, mild, below caseness.")


def test_item_nine_raises_its_alert_while_the_form_is_incomplete(log: Page) -> None:
    log.locator("#id_phq9_9").press_sequentially("1")
    expect(log.locator("#item-nine")).to_contain_text("ask directly")
    expect(log.locator("#item-nine")).to_contain_text("An alert has been raised, and Sunil Super can see it")
    with building():
        assert Alert.objects.count() == 1


def test_words_are_saved_within_seconds_of_a_pause(log: Page, session: TherapySession) -> None:
    log.get_by_label("Work done").press_sequentially("Went through Tuesday, line by line.", delay=20)
    expect(state(log)).to_contain_text("Draft saved", timeout=3000)
    with building():
        assert Note.objects.get(session=session).work == "Went through Tuesday, line by line."


def test_steady_typing_is_saved_without_a_pause(log: Page, session: TherapySession) -> None:
    log.get_by_label("Work done").press_sequentially("steady " * 9, delay=95)
    with building():
        assert "steady" in Note.objects.get(session=session).work


def test_without_script_a_session_is_logged_all_the_same(
    without_script: Callable[[], BrowserContext],
    live_server: Any,
    session: TherapySession,
    clinic: Cast,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(clinic.tara)
    page = without_script().new_page()
    page.goto(live_server.url + reverse("sessions:log", args=[session.course_id, session.pk]))
    page.get_by_label("Attended", exact=True).check()
    for number, digit in enumerate("121212110", 1):
        page.locator(f"#id_phq9_{number}").fill(digit)
    page.get_by_label("Work done").fill("Written without script.")
    page.get_by_label(re.compile("Asked, unchanged since")).check()
    page.get_by_role("button", name="Sign for Maya Fielding").click()
    page.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))
    with building():
        assert Note.objects.get(session=session).signed_at is not None


def test_a_press_just_after_the_page_moved_to_a_field_is_not_lost(log: Page, session: TherapySession) -> None:
    log.locator("#id_work").evaluate("field => field.focus()")
    box = log.get_by_role("button", name="Leave as draft").bounding_box()
    assert box is not None
    log.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    log.mouse.down()
    log.wait_for_timeout(150)  # as long as a finger takes
    log.mouse.up()
    expect(log.get_by_text("Draft for Maya Fielding kept")).to_be_visible()


def test_two_windows_never_overwrite_each_other(log: Page, session: TherapySession) -> None:
    other = log.context.new_page()
    other.goto(log.url)
    log.get_by_label("Work done").fill("The first window.")
    expect(state(log)).to_contain_text("Draft saved")
    other.get_by_label("Work done").fill("The second window.")
    expect(state(other)).to_contain_text("Another window saved a newer version")
    expect(other.get_by_label("Work done")).to_have_value("The second window.")
    with building():
        assert Note.objects.get(session=session).work == "The first window."


def test_a_did_not_attend_takes_two_clicks(log: Page, session: TherapySession) -> None:
    log.get_by_label("Did not attend").check()
    expect(log.locator("#id_phq9")).to_be_hidden()
    expect(log.locator("#id_risk_answer")).to_be_hidden()
    log.get_by_role("button", name="Sign for Maya Fielding").click()
    log.wait_for_url(re.compile(f"/courses/{session.course_id}/$"))
    with building():
        session.refresh_from_db()
        assert session.attendance == "3"


def test_what_is_missing_is_said_first_and_the_words_stay(log: Page) -> None:
    log.get_by_label("Attended", exact=True).check()
    log.get_by_label("Work done").fill("Every word of this.")
    log.get_by_role("button", name="Sign for Maya Fielding").click()
    expect(log.locator("#problems")).to_contain_text("Say whether you asked about risk.")
    expect(log.locator("#problems")).to_be_focused()
    expect(log.get_by_label("Work done")).to_have_value("Every word of this.")
    log.get_by_label(re.compile("Asked, unchanged since")).check()
    log.get_by_role("button", name="Sign for Maya Fielding").click()
    log.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_clean_for_axe_in_both_themes(
    log: Page, axe: Callable[[Page], list[str]], theme: str, width: int
) -> None:
    log.set_viewport_size({"width": width, "height": 900})
    log.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    log.locator("#id_phq9_9").press_sequentially("1")
    expect(log.locator("#item-nine")).to_contain_text("An alert has been raised")
    assert axe(log) == []
    assert log.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["walk_in", "contact", "ahead"])
def test_the_small_pages_are_clean_for_axe(
    page: Page,
    live_server: Any,
    clinic: Cast,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], list[str]],
    name: str,
) -> None:
    with building():
        hours = 72 if name == "ahead" else -2
        one = people.session_of(clinic.course, clinic.tara, timezone.now() + timedelta(hours=hours))
        ContactDue.objects.create(
            session=one, course=clinic.course, for_person=clinic.tara, raised_by=clinic.ada
        )
    sign_in(clinic.tara)
    where = {
        "walk_in": reverse("sessions:walk_in", args=[clinic.course.pk]),
        "contact": reverse("sessions:contact", args=[clinic.course.pk, one.pk]),
        "ahead": reverse("sessions:log", args=[clinic.course.pk, one.pk]),
    }[name]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.goto(live_server.url + where)
        assert axe(page) == []
