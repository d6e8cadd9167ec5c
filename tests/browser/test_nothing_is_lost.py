"""No word is lost in a real browser: the network goes, the server goes, the sign-in runs out, somebody else sits down."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session as SignIn
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, Request, Route, expect

from sessions.models import Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.browser.conftest import building
from tests.cast import Cast

PASSWORD = "a kettle sings at four"  # of an invented therapist


@pytest.fixture
def session(clinic: Cast) -> TherapySession:
    with building():
        clinic.tara.set_password(PASSWORD)
        clinic.tara.save()
        return people.session_of(clinic.course, clinic.tara, timezone.now() - timedelta(hours=1))


@pytest.fixture
def log(
    page: Page, live_server: Any, session: TherapySession, clinic: Cast, sign_in: Callable[[User], None]
) -> Page:
    """The log page, open before its therapist."""
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("sessions:log", args=[session.course_id, session.pk]))
    return page


def work(page: Page) -> Locator:
    return page.get_by_label("Work done")


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def kept_work() -> str:
    with building():
        note = Note.objects.first()
        return note.work if note else ""


def end_every_sign_in() -> None:
    with building():
        SignIn.objects.all().delete()


def with_totp(person: User) -> Callable[[], str]:
    """Gives somebody an authenticator app; the answer is what it shows now."""
    secret = generate_totp_secret()
    with building():
        TOTP.activate(person, secret)

    def code() -> str:
        if time.time() % 30 > 26:  # it would change on the way
            time.sleep(30 - time.time() % 30)
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    return code


# --- The network and the server ---------------------------------------------------------------------------------------


def test_offline_the_page_says_so_and_saves_by_itself_when_the_network_is_back(log: Page) -> None:
    work(log).press_sequentially("Before the tunnel. ")
    log.context.set_offline(True)
    work(log).press_sequentially("In the tunnel, without a pause, word after word. ", delay=30)
    expect(state(log)).to_contain_text(
        re.compile("Not saved: the clinic's server cannot be reached; trying again in [0-9]+ s")
    )
    log.get_by_role("button", name="Leave as draft").click()
    expect(log.get_by_text("Nothing was sent and nothing is lost: try again in a moment.")).to_be_visible()
    log.context.set_offline(False)
    expect(state(log)).to_contain_text("Draft saved", timeout=3000)
    assert kept_work() == "Before the tunnel. In the tunnel, without a pause, word after word. "


@pytest.mark.parametrize("trouble", ["refuses", "fails", "hangs"])
def test_a_server_in_trouble_costs_no_word(log: Page, trouble: str) -> None:
    def answer(route: Route) -> None:
        if trouble == "refuses":
            route.abort("connectionrefused")
        elif trouble == "fails":
            route.fulfill(status=502, body="Bad gateway")
        # Else no answer ever comes.

    # The page waits many seconds for an answer; here a tenth of them.
    log.evaluate(
        "{ const wait = AbortSignal.timeout; AbortSignal.timeout = (ms) => wait.call(AbortSignal, ms / 10); }"
    )
    for address in ("**/again/", "**/draft/"):
        log.route(address, answer)
    work(log).press_sequentially("Written while the server was restarted. ", delay=30)
    expect(state(log)).to_contain_text("Not saved: the clinic's server cannot be reached")
    log.unroute_all()
    # Steady typing does not put the next attempt off.
    for _ in range(60):
        work(log).press_sequentially("On. ", delay=30)
        if kept_work():
            break
    assert kept_work().startswith("Written while the server was restarted. On. ")


def test_a_save_whose_answer_was_lost_is_sent_again_and_is_no_conflict(log: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    log.route("**/draft/", lose, times=1)
    work(log).fill("Kept, but nobody said so.")
    expect(state(log)).to_contain_text("Not saved: the clinic's server cannot be reached")
    expect(state(log)).to_contain_text("Draft saved")
    work(log).press_sequentially(" And more.")
    expect(state(log)).to_contain_text("Draft saved")
    assert kept_work() == "Kept, but nobody said so. And more."


def test_a_contact_note_that_nobody_saved_yet_is_kept_as_well(
    page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(clinic.tara)
    page.goto(live_server.url + reverse("sessions:contact_new", args=[clinic.course.pk]))
    page.route("**/draft/", lambda route: (route.fetch(), route.abort()), times=1)
    page.locator("[name=work]").fill("Rang at six, and will ring again.")
    expect(state(page)).to_contain_text("Not saved: the clinic's server cannot be reached")
    expect(state(page)).to_contain_text("Draft saved")
    with building():
        assert [note.work for note in Note.objects.all()] == ["Rang at six, and will ring again."]


def test_words_after_another_window_signed_are_not_thrown_away(log: Page, session: TherapySession) -> None:
    work(log).fill("Before.")
    expect(state(log)).to_contain_text("Draft saved")
    other = log.context.new_page()
    other.goto(log.url)
    other.get_by_label("Did not attend").check()
    other.get_by_role("button", name="Sign for Maya Fielding").click()
    other.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))
    work(log).press_sequentially(" And after.")
    expect(state(log)).to_contain_text("Not saved any more.")
    log.get_by_role("button", name="Leave as draft").click()
    expect(log.get_by_text("this can no longer be saved here")).to_be_visible()
    expect(work(log)).to_have_value("Before. And after.")


def test_a_page_with_unsaved_words_asks_before_it_is_left(log: Page) -> None:
    asked: list[str] = []

    def stay(question: Any) -> None:
        asked.append(question.type)
        question.dismiss()

    log.on("dialog", stay)
    log.route("**/draft/", lambda route: route.abort())
    work(log).press_sequentially("Not anywhere yet.")
    with log.expect_event("dialog"):
        log.evaluate("setTimeout(() => location.assign('/today/'))")
    assert asked == ["beforeunload"]
    log.unroute_all()
    expect(state(log)).to_contain_text("Draft saved")
    log.get_by_role("link", name="Today").first.click()
    log.wait_for_url("**/today/")
    assert asked == ["beforeunload"]


def test_a_reload_shows_the_newer_version_and_not_what_stood_here(log: Page) -> None:
    work(log).fill("The older words.")
    expect(state(log)).to_contain_text("Draft saved")
    with building():
        Note.objects.update(work="The newer words.", version=7)
    log.reload()
    expect(work(log)).to_have_value("The newer words.")
    expect(log.locator("[name=based_on]")).to_have_value("7")


def test_nothing_of_it_stays_in_the_browser(log: Page) -> None:
    work(log).fill("Something private.")
    expect(state(log)).to_contain_text("Draft saved")
    kept = log.evaluate(
        """async () => [
          Object.keys(localStorage), Object.keys(sessionStorage), (await indexedDB.databases()).length,
          (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert kept == [[], [], 0, 0, 0]


def test_a_megabyte_is_typed_and_saved_without_freezing(log: Page) -> None:
    text = "Sentence after sentence of one long session. " * 23_000
    work(log).fill(text)
    expect(state(log)).to_contain_text("Draft saved", timeout=20_000)
    took = log.evaluate(
        """async () => {
          const area = document.activeElement;
          const took = [];
          for (let key = 0; key < 20; key += 1) {
            const begun = performance.now();
            area.dispatchEvent(new InputEvent("input", {bubbles: true}));
            took.push(performance.now() - begun);
            await new Promise((go) => setTimeout(go, 20));
          }
          return took.sort((one, other) => one - other);
        }"""
    )
    # Milliseconds of script for one key. Another program may hold up a single one, the way a person does not notice.
    assert took[len(took) // 2] < 20
    assert took[-1] < 100
    assert kept_work() == text


# --- Signing in again -------------------------------------------------------------------------------------------------


def test_a_sign_in_that_ran_out_is_renewed_over_the_page_by_keyboard_alone(log: Page, clinic: Cast) -> None:
    code = with_totp(clinic.tara)
    keys = log.keyboard
    work(log).focus()
    keys.type("She said she would ")
    expect(state(log)).to_contain_text("Draft saved")
    end_every_sign_in()
    # Steadily on: the dialog waits for a pause, and not a letter lands in the password.
    keys.type("call her sister before the weekend, and then decide about the move to Leeds.", delay=60)
    for _ in "to Leeds.":
        keys.press("ArrowLeft")
    expect(state(log)).to_contain_text("Signed out, not saved.")
    expect(dialog(log)).to_contain_text("Sign in again and go on; your words are still here.")
    expect(log.get_by_label("Password")).to_be_focused()
    expect(log.get_by_label("Password")).to_have_value("")
    expect(dialog(log).get_by_label("Email")).to_have_value(clinic.tara.email)
    keys.type("not the password")
    keys.press("Enter")
    expect(dialog(log).get_by_role("alert")).to_contain_text("password you specified are not correct")
    expect(log.get_by_label("Password")).to_be_focused()
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(log.get_by_label("Code")).to_be_focused()
    keys.type("000000")
    keys.press("Enter")
    expect(dialog(log).get_by_role("alert")).to_contain_text("Incorrect code")
    expect(log.get_by_label("Code")).to_be_focused()
    keys.type(code())
    keys.press("Enter")
    expect(dialog(log)).to_be_hidden()
    expect(work(log)).to_be_focused()
    keys.type("up ")
    expect(state(log)).to_contain_text("Draft saved")
    assert kept_work() == (
        "She said she would call her sister before the weekend, and then decide about the move up to Leeds."
    )
    log.get_by_role("button", name="Leave as draft").click()
    log.wait_for_url("**/today/")


def test_escape_closes_the_dialog_and_loses_nothing_and_a_recovery_code_opens_the_way(
    log: Page, clinic: Cast
) -> None:
    with_totp(clinic.tara)
    with building():
        recovery = RecoveryCodes.activate(clinic.tara).get_unused_codes()[0]
    end_every_sign_in()
    work(log).fill("Every word of this.")
    expect(dialog(log)).to_be_visible()
    log.keyboard.press("Escape")
    expect(dialog(log)).to_be_hidden()
    expect(work(log)).to_be_focused()
    log.keyboard.type(" And of this.")
    expect(state(log)).to_contain_text("Signed out, not saved.")
    state(log).get_by_role("button", name="Sign in again").click()
    log.get_by_label("Password").fill(PASSWORD)
    log.get_by_role("button", name="Sign in", exact=True).click()
    log.get_by_label("Code").fill(recovery)
    log.get_by_role("button", name="Sign in", exact=True).click()
    expect(state(log)).to_contain_text("Draft saved")
    assert kept_work() == "Every word of this. And of this."


def test_a_security_key_is_the_second_step_as_well(log: Page, live_server: Any) -> None:
    cdp = log.context.new_cdp_session(log)
    cdp.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    page = log.url
    log.goto(f"{live_server.url}{reverse('mfa_add_webauthn')}")
    log.get_by_label("Password").fill(PASSWORD)
    log.get_by_role("button", name="Go on").click()
    add = log.get_by_role("button", name="Add")
    expect(add).to_be_visible()
    log.wait_for_load_state("load")  # the button does nothing before its script has run
    add.click()
    expect(log.get_by_text("The passkey or security key is added.")).to_be_visible()
    log.goto(page)
    end_every_sign_in()
    work(log).fill("Behind a key.")
    log.get_by_label("Password").fill(PASSWORD)
    log.keyboard.press("Enter")
    log.get_by_role("button", name="Use a passkey or security key").click()
    expect(state(log)).to_contain_text("Draft saved")
    assert kept_work() == "Behind a key."


def test_signing_goes_on_after_signing_in_again(log: Page, session: TherapySession) -> None:
    log.get_by_label("Attended", exact=True).check()
    log.get_by_label(re.compile("Asked, unchanged")).check()
    work(log).fill("To be signed.")
    expect(state(log)).to_contain_text("Draft saved")
    log.context.clear_cookies()
    log.get_by_role("button", name="Sign for Maya Fielding").click()
    log.get_by_label("Password").fill(PASSWORD)
    log.keyboard.press("Enter")
    log.wait_for_url(re.compile(r"/courses/[0-9a-f-]+/$"))
    with building():
        assert Note.objects.get(session=session).signed_at is not None


def test_somebody_else_who_signs_in_in_another_tab_is_never_sent_a_word(
    log: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    work(log).fill("Tara wrote this. ")
    expect(state(log)).to_contain_text("Draft saved")
    sign_in(clinic.olga)
    sent: list[str] = []

    def remember(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''}")

    log.on("request", remember)
    work(log).press_sequentially("For her eyes alone.")
    log.locator("#id_phq9_9").press_sequentially("3")
    expect(state(log)).to_contain_text("Not saved: somebody else is signed in here now. Nothing is sent.")
    expect(dialog(log)).to_contain_text("Nothing of this page was sent to them")
    log.keyboard.press("Escape")
    log.get_by_role("button", name="Leave as draft").click()
    expect(dialog(log)).to_be_visible()
    assert sent
    assert {line.strip() for line in sent} == {f"{live_server.url}/again/"}
    log.get_by_role("button", name="Sign them out, and sign in as Tara Tree").click()
    log.get_by_label("Password").fill(PASSWORD)
    log.keyboard.press("Enter")
    log.wait_for_url("**/today/")
    assert kept_work() == "Tara wrote this. For her eyes alone."


def test_who_signs_in_in_another_tab_finds_the_dialog_gone(
    log: Page, clinic: Cast, sign_in: Callable[[User], None]
) -> None:
    log.context.clear_cookies()
    work(log).fill("With a passkey in another tab.")
    expect(dialog(log)).to_be_visible()
    sign_in(clinic.tara)
    log.evaluate("dispatchEvent(new Event('focus'))")
    expect(dialog(log)).to_be_hidden()
    expect(state(log)).to_contain_text("Draft saved")
    assert kept_work() == "With a passkey in another tab."


def test_the_dialog_is_clean_for_axe_in_both_themes_and_fits_a_phone(
    log: Page, clinic: Cast, axe: Callable[[Page], list[str]]
) -> None:
    with_totp(clinic.tara)
    end_every_sign_in()
    work(log).fill("Words.")
    expect(dialog(log)).to_be_visible()
    found = []
    for width, step in ((1280, "password"), (360, "code")):
        log.set_viewport_size({"width": width, "height": 740})
        if step == "code":
            log.get_by_label("Password").fill(PASSWORD)
            log.keyboard.press("Enter")
            expect(log.get_by_label("Code")).to_be_focused()
        for theme in ("light", "dark"):
            log.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{step} {theme}: {line}" for line in axe(log)]
        assert dialog(log).evaluate(
            "box => box.scrollWidth <= box.clientWidth && box.offsetWidth < innerWidth"
        )
    assert found == []


# --- Every other form -------------------------------------------------------------------------------------------------


@pytest.fixture
def edit(page: Page, live_server: Any, clinic: Cast, sign_in: Callable[[User], None]) -> Page:
    """A client's details, open before an administrator."""
    with building():
        clinic.ada.set_password(PASSWORD)
        clinic.ada.save()
    sign_in(clinic.ada)
    page.goto(live_server.url + reverse("clients:edit", args=[clinic.maya.pk]))
    return page


def preferred_name(clinic: Cast) -> str:
    with building():
        clinic.maya.refresh_from_db()
        return clinic.maya.preferred_name


def test_any_form_goes_on_after_signing_in_again(edit: Page, clinic: Cast) -> None:
    edit.get_by_label("Preferred name").fill("Mae")
    end_every_sign_in()
    edit.get_by_role("button", name="Save").click()
    expect(dialog(edit)).to_be_visible()
    edit.keyboard.press("Escape")
    expect(edit.get_by_text("Nothing is lost: sign in again to go on.")).to_be_visible()
    edit.get_by_role("button", name="Save").click()
    edit.get_by_label("Password").fill(PASSWORD)
    edit.keyboard.press("Enter")
    edit.wait_for_url(re.compile(r"/clients/[0-9a-f-]+/$"))
    assert preferred_name(clinic) == "Mae"


def test_any_form_stays_while_the_server_is_away_and_a_double_click_sends_it_once(
    edit: Page, clinic: Cast
) -> None:
    posted: list[str] = []
    edit.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    edit.get_by_label("Preferred name").fill("Mae")
    edit.context.set_offline(True)
    edit.get_by_role("button", name="Save").click()
    expect(edit.get_by_text("The clinic's server cannot be reached. Nothing was sent")).to_be_visible()
    assert posted == []
    edit.context.set_offline(False)
    edit.get_by_role("button", name="Save").dblclick()
    edit.wait_for_url(re.compile(r"/clients/[0-9a-f-]+/$"))
    assert len(posted) == 1
    assert preferred_name(clinic) == "Mae"
