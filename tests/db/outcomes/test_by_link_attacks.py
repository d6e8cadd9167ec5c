"""What somebody might try at a link: each tried by hand, with the answer that the clinic wants."""

import hashlib
import inspect
import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from outcomes import by_link
from outcomes.models import Alert, GoalRating, Link, LinkVisit, Response
from tests import cast as people
from tests.cast import Cast
from tests.db.outcomes.by_link import BORN, Phone, words_of
from tests.roles import as_owner

WRONG = date(1991, 5, 17)


@pytest.fixture(autouse=True)
def _somebody_tells(db: None) -> None:
    """The system person, whom a flush takes."""
    with as_owner():
        people.system_person()


@pytest.fixture
def link(cast: Cast) -> tuple[Link, str]:
    with as_owner():
        return people.link_for(cast.course, cast.tara)


@pytest.fixture
def phone(link: tuple[Link, str]) -> Phone:
    phone = Phone()
    phone.enter(link[1])
    return phone


def change(link: Link, **fields: Any) -> None:
    with as_owner():
        Link.objects.filter(pk=link.pk).update(**fields)


def answers() -> list[list[int | None]]:
    with as_owner():
        return list(Response.objects.order_by("measure").values_list("answers", flat=True))


def is_over(answer: Any) -> bool:
    return answer.status_code == 410 and "This link has ended" in words_of(answer)


# --- Links that have ended --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "0" * 42 + "x", "é" * 20, "a/b/c", "%00", "x" * 3000, "%F0%9F%98%80"])
def test_a_token_that_is_none_leads_to_a_page_that_says_what_to_do(cast: Cast, token: str) -> None:
    phone = Phone()
    sent = phone.get(f"/q/{token}/")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/q/ended/")
    assert "link" not in sent.cookies
    page = phone.get("/q/ended/")
    assert is_over(page)
    assert "ask the clinic for a new one" in words_of(page)
    assert "Samaritans 116 123" in words_of(page)


@pytest.mark.parametrize("how", ["expired", "replaced", "withdrawn", "finished"])
def test_a_link_that_has_ended_opens_nowhere_and_its_cookie_is_worth_nothing(
    phone: Phone, link: tuple[Link, str], how: str
) -> None:
    phone.answer(1, 2)
    now = timezone.now()
    if how == "expired":
        change(link[0], created_at=now - timedelta(hours=73), expires_at=now - timedelta(hours=1))
    elif how == "finished":
        phone.finish()
        phone.get("/q/finished/")
    else:
        change(link[0], ended_at=now, end_reason=how)
    assert Phone().open(link[1]).headers["Location"] == "/q/ended/"
    for address in ("/q/", "/q/1/", "/q/9/help/", "/q/review/", "/q/finished/"):
        assert is_over(phone.get(address)), address
    for address in ("/q/", "/q/1/", "/q/review/"):
        assert is_over(phone.browser.post(address, {"answer": "3", "question": "phq9-1", "go": "next"}))
    assert answers() == [[2] + [None] * 8]


def test_what_was_sent_is_not_sent_again_after_the_end(phone: Phone) -> None:
    kept = phone.browser.cookies["link"].value
    sent = {"answer": "1", "go": "next", "question": "phq9-1", "visit": mark(phone)}
    phone.answer(1, 2)
    phone.finish()
    phone.get("/q/finished/")
    phone.browser.cookies["link"] = kept
    assert phone.browser.post("/q/1/", sent).headers["Location"] == "/q/finished/"
    assert phone.browser.post("/q/review/", sent).headers["Location"] == "/q/finished/"
    assert answers() == [[2] + [None] * 8]


def mark(phone: Phone) -> str:
    visit = by_link.find_visit(phone.browser.cookies["link"].value)
    assert visit
    return visit.mark


# --- The date of birth ------------------------------------------------------------------------------------------------


def test_five_wrong_dates_of_birth_end_the_link_for_everybody(link: tuple[Link, str], phone: Phone) -> None:
    thief = Phone()
    thief.open(link[1])
    for left in ("4 tries", "3 tries", "2 tries", "one try"):
        page = thief.confirm(WRONG)
        assert f"You have {left} left" in words_of(page)
        assert "May" not in words_of(page)
    thief.open(link[1])  # a new visit gives no new tries
    assert "You have one try." in words_of(thief.get("/q/"))
    assert thief.confirm(WRONG).headers["Location"] == "/q/"
    over = thief.get("/q/")
    assert is_over(over)
    assert "did not match five times" in words_of(over)
    assert is_over(thief.get("/q/1/"))
    assert is_over(phone.get("/q/1/"))
    thief.browser.cookies.clear()
    assert thief.open(link[1]).headers["Location"] == "/q/ended/"


def test_the_right_date_at_the_fifth_try_opens(link: tuple[Link, str]) -> None:
    phone = Phone()
    phone.open(link[1])
    for _ in range(4):
        phone.confirm(WRONG)
    assert phone.confirm().headers["Location"] == "/q/"
    assert "Hello May" in words_of(phone.get("/q/"))


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "31", "month": "2", "year": "1990"},
        {"day": "17", "month": "5", "year": "90"},
        {"day": "", "month": "5", "year": "1990"},
        {"day": "1\x007", "month": "5", "year": "1990"},
        {"day": "²", "month": "5", "year": "1990"},
        {"day": "٣", "month": "5", "year": "1990"},
        {"day": "-1", "month": "5", "year": "1990"},
        {"day": "9" * 400, "month": "5", "year": "1990"},
        {"day": "17", "month": "5", "year": "999999"},
        {"day": "0", "month": "0", "year": "0"},
    ],
)
def test_a_date_that_is_none_costs_no_try(link: tuple[Link, str], typed: dict[str, str]) -> None:
    phone = Phone()
    phone.open(link[1])
    page = phone.confirm(None, **typed)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert "You have 5 tries" in words_of(page)
    assert phone.confirm().headers["Location"] == "/q/"


def test_the_page_of_one_link_says_nothing_for_the_next_one_opened_in_the_browser(
    link: tuple[Link, str], cast: Cast
) -> None:
    with as_owner():
        theirs, token = people.link_for(cast.others_course, cast.olga)
    phone = Phone()
    phone.open(link[1])
    page = {"visit": mark(phone), "day": "1", "month": "1", "year": "1980"}
    phone.open(token)
    assert phone.browser.post("/q/", page).headers["Location"] == "/q/"
    with as_owner():
        assert Link.objects.get(pk=theirs.pk).tries == 0


# --- The cookie -------------------------------------------------------------------------------------------------------


def test_the_token_is_exchanged_for_a_cookie_that_lasts_no_longer_than_the_link(
    link: tuple[Link, str],
) -> None:
    change(link[0], expires_at=timezone.now() + timedelta(hours=2))
    sent = Phone().open(link[1])
    assert sent.headers["Referrer-Policy"] == "no-referrer"
    assert sent.headers["Cache-Control"] == "no-store"
    cookie = sent.cookies["link"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert 7190 <= int(cookie["max-age"]) <= 7200
    assert link[1] not in cookie.value


def test_behind_https_the_cookie_is_the_hosts_alone(link: tuple[Link, str], settings: Any) -> None:
    settings.HTTPS = True
    cookie = Phone().open(link[1]).cookies["__Host-link"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_the_secret_of_the_cookie_is_another_each_time_and_neither_it_nor_the_token_is_stored(
    link: tuple[Link, str],
) -> None:
    one, two = Phone(), Phone()
    secrets = {phone.open(link[1]).cookies["link"].value for phone in (one, two)}
    assert len(secrets) == 2
    with as_owner():
        stored = {bytes(row) for row in LinkVisit.objects.values_list("secret_hash", flat=True)}
        assert bytes(Link.objects.get().token_hash) == hashlib.sha256(link[1].encode()).digest()
    assert stored == {hashlib.sha256(secret.encode()).digest() for secret in secrets}


def test_a_token_has_256_bits_of_chance() -> None:
    from outcomes import links

    assert "secrets.token_urlsafe(32)" in inspect.getsource(links.make_link)
    assert "secrets.token_urlsafe(32)" in inspect.getsource(by_link.open_link)


@pytest.mark.parametrize("secret", ["", "x", "é", "\ud800", "x" * 5000, "'; drop table outcomes_link; --"])
def test_a_cookie_that_is_none_opens_nothing(link: tuple[Link, str], secret: str) -> None:
    assert by_link.find_visit(secret) is None
    phone = Phone()
    phone.browser.cookies["link"] = secret.replace("\ud800", "?")
    assert is_over(phone.get("/q/1/"))


def test_a_cookie_whose_date_of_birth_was_not_confirmed_writes_nothing(link: tuple[Link, str]) -> None:
    phone = Phone()
    phone.open(link[1])
    sent = {"answer": "3", "go": "next", "question": "phq9-9", "visit": mark(phone)}
    assert phone.browser.post("/q/9/", sent).headers["Location"] == "/q/"
    assert phone.browser.post("/q/review/", sent).headers["Location"] == "/q/"
    assert answers() == []


def test_who_confirmed_one_link_has_not_confirmed_another(phone: Phone, cast: Cast) -> None:
    with as_owner():
        _, token = people.link_for(cast.others_course, cast.olga)
    sent = {"answer": "3", "go": "next", "question": "phq9-1", "visit": mark(phone)}
    phone.open(token)
    assert phone.get("/q/1/").headers["Location"] == "/q/"
    assert phone.browser.post("/q/1/", sent).headers["Location"] == "/q/"
    assert answers() == []


def test_an_open_page_of_one_link_writes_nothing_into_another_one(phone: Phone, cast: Cast) -> None:
    """Two links in one browser, both confirmed: a page of the first is still open."""
    with as_owner():
        _, token = people.link_for(cast.others_course, cast.olga)
    sent = {"answer": "3", "go": "next", "question": "phq9-1", "visit": mark(phone)}
    phone.enter(token)
    assert phone.browser.post("/q/1/", sent).headers["Location"] == "/q/1/"
    assert phone.browser.post("/q/review/", sent).headers["Location"] == "/q/"
    assert answers() == []


# --- Looking without opening ------------------------------------------------------------------------------------------


def test_a_program_that_only_looks_opens_nothing(link: tuple[Link, str]) -> None:
    phone = Phone()
    looked = phone.browser.head(f"/q/{link[1]}/")
    assert (looked.status_code, looked.content, dict(looked.cookies)) == (200, b"", {})
    ahead = phone.get(f"/q/{link[1]}/", headers={"Sec-Purpose": "prefetch;prerender"})
    assert (ahead.status_code, dict(ahead.cookies)) == (503, {})
    with as_owner():
        assert Link.objects.get().opened_at is None
        assert not LinkVisit.objects.exists()


def test_a_mail_program_that_opens_it_uses_nothing_up(link: tuple[Link, str]) -> None:
    for _ in range(30):
        Phone().open(link[1])
    phone = Phone()
    phone.enter(link[1])
    assert phone.get("/q/1/").status_code == 200


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_the_seventh_question_may_be_answered_first(phone: Phone) -> None:
    phone.answer(7, 3)
    assert answers() == [[None] * 6 + [3, None, None]]
    phone.answer(1, 1)
    assert answers() == [[1] + [None] * 5 + [3, None, None]]


@pytest.mark.parametrize(
    "odd",
    [
        "4",
        "-1",
        "1.5",
        "01",
        " 1",
        "1 ",
        "²",
        "٣",
        "NaN",
        "none",
        "true",
        "\x00",
        "1\x00",
        "9" * 5000,
        "\u202e1",
    ],
)
def test_an_answer_that_the_page_does_not_offer_is_refused_in_words(phone: Phone, odd: str) -> None:
    page = phone.answer(9, odd)
    assert page.status_code == 200
    assert "Choose an answer" in words_of(page)
    assert answers() == []


def test_several_answers_at_once_are_one(phone: Phone) -> None:
    phone.answer(1, ["0", "3"])
    assert answers() == [[3] + [None] * 8]


@pytest.mark.parametrize("number", ["0", "18", "999", "9" * 30])
def test_a_number_without_a_question_leads_to_one_that_is(phone: Phone, number: str) -> None:
    assert phone.get(f"/q/{number}/").headers["Location"] in ("/q/1/", "/q/17/", "/q/review/")
    sent = {"answer": "1", "go": "next", "question": "phq9-1", "visit": mark(phone)}
    assert phone.browser.post(f"/q/{number}/", sent).status_code == 302
    assert answers() == []


def test_the_page_of_one_question_answers_no_other(phone: Phone) -> None:
    sent = {"answer": "3", "go": "next", "question": "phq9-8", "visit": mark(phone)}
    assert phone.browser.post("/q/9/", sent).headers["Location"] == "/q/9/"
    assert answers() == []


def test_an_answer_sent_twice_is_kept_once(phone: Phone) -> None:
    phone.answer(9, 2)
    again = phone.answer(9, 2)
    assert again.headers["Location"] == "/q/9/help/"
    with as_owner(), connection.cursor() as cursor:
        assert Alert.objects.count() == 1
        cursor.execute("SELECT count(*) FROM outcomes_responseevent")
        assert cursor.fetchone() == (1,)


def test_a_form_finished_twice_is_thanked_twice(phone: Phone) -> None:
    page = phone.get("/q/review/").content.decode()
    sent = {"visit": re.findall(r'name="visit" value="(\w+)"', page)[0]}
    assert phone.browser.post("/q/review/", sent).headers["Location"] == "/q/finished/"
    assert phone.browser.post("/q/review/", sent).headers["Location"] == "/q/finished/"


def test_what_stands_in_a_signed_note_is_not_changed_by_link(phone: Phone) -> None:
    phone.answer(1, 1)
    with as_owner():
        Response.objects.update(locked_at=timezone.now())
    page = phone.answer(1, 3)
    assert "has put these answers into your record" in words_of(page)
    assert answers() == [[1] + [None] * 8]


def test_a_form_from_another_site_is_not_taken(link: tuple[Link, str]) -> None:
    from django.test import Client as Browser

    phone = Phone()
    phone.enter(link[1])
    cookie = phone.browser.cookies["link"].value
    phone.browser = Browser(enforce_csrf_checks=True)
    phone.browser.cookies["link"] = cookie
    sent = {"answer": "3", "go": "next", "question": "phq9-1", "visit": mark(phone)}
    assert phone.browser.post("/q/1/", sent).status_code == 403
    assert answers() == []


def test_an_answer_that_fails_half_way_is_kept_not_at_all(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = by_link._call

    def broken(function: str, *values: object) -> dict[str, Any]:
        if function == "step_by_link":
            raise RuntimeError("the power went")
        return plain(function, *values)

    monkeypatch.setattr(by_link, "_call", broken)
    phone.browser.raise_request_exception = False
    assert phone.answer(9, 3).status_code == 500
    assert phone.browser.post("/q/review/", {"visit": mark(phone)}).status_code == 500
    with as_owner():
        assert not Alert.objects.exists()
        assert Link.objects.get().finished_at is None
    assert answers() == []


# --- At one moment ----------------------------------------------------------------------------------------------------


def at_one_moment(*acts: Callable[[], Any]) -> None:
    """Each on a connection of its own, as two windows have it."""
    together = Barrier(len(acts))

    def perform(act: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=30)
            act()
        finally:
            connection.close()

    threads = [Thread(target=perform, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def _enter(cast: Cast) -> tuple[Phone, Phone]:
    with as_owner():
        _, token = people.link_for(cast.course, cast.tara)
    phones = Phone(), Phone()
    for phone in phones:
        phone.enter(token)
    return phones


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_answer_at_one_moment_lose_neither() -> None:
    with as_owner():
        cast = Cast()
    one, two = _enter(cast)
    at_one_moment(lambda: one.answer(1, 1).status_code, lambda: two.answer(2, 2).status_code)
    assert answers() == [[1, 2] + [None] * 7]


@pytest.mark.django_db(transaction=True)
def test_one_answer_from_two_windows_at_one_moment_raises_one_alert() -> None:
    with as_owner():
        cast = Cast()
    one, two = _enter(cast)
    at_one_moment(lambda: one.answer(9, 2).status_code, lambda: two.answer(9, 2).status_code)
    with as_owner():
        assert Alert.objects.count() == 1
        assert Alert.objects.get().told.filter(stage="first").count() == 1
    assert answers() == [[None] * 8 + [2]]


@pytest.mark.django_db(transaction=True)
def test_five_wrong_dates_at_one_moment_are_five_tries() -> None:
    with as_owner():
        cast = Cast()
        link, token = people.link_for(cast.course, cast.tara)
    thieves = [Phone() for _ in range(7)]
    for thief in thieves:
        thief.open(token)
    at_one_moment(*(partial(thief.confirm, WRONG) for thief in thieves))
    with as_owner():
        ended = Link.objects.get(pk=link.pk)
    assert (ended.tries, ended.end_reason) == (5, "tries")


# --- Nothing leaks ----------------------------------------------------------------------------------------------------


def test_no_log_line_holds_a_token(
    link: tuple[Link, str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = link[1]
    caplog.set_level(logging.DEBUG)
    phone = Phone()
    phone.browser.raise_request_exception = False
    phone.browser.post(f"/q/{token}/")
    phone.get(f"/q/{token}x/")
    phone.get(f"/q/{token}/", headers={"Sec-Purpose": "prefetch"})

    def broken(token: str) -> None:
        raise RuntimeError(f"cannot open /q/{token}/")

    monkeypatch.setattr(by_link, "open_link", broken)
    assert phone.get(f"/q/{token}/").status_code == 500
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/q/{token}/")
    logging.getLogger("gunicorn.access").info("%(r)s", {"r": f"GET /q/{token}/ HTTP/1.1"})
    logging.getLogger("x").warning("next=%s", f"%2Fq%2F{token}%2F")
    said = caplog.text + "".join(str(record.exc_text) + record.getMessage() for record in caplog.records)
    assert "Method Not Allowed" in said
    assert "Internal Server Error" in said
    assert "/q/…" in said
    assert token not in said


def test_addresses_without_a_token_stay_in_the_log() -> None:
    from ipt_clinic.logs import without_tokens

    for line in (
        "Gone: /q/",
        "Gone: /q/3/",
        "Gone: /q/9/help/",
        "GET /q/review/ HTTP/1.1",
        "/q/ended/",
        "/faq/x/",
    ):
        assert without_tokens(line) == line
    assert without_tokens("GET /q/abc-DEF_123/ HTTP/1.1") == "GET /q/… HTTP/1.1"
    assert without_tokens("/q/3x/ /q/reviewed") == "/q/… /q/…"


def test_no_table_holds_a_token_or_a_cookies_secret(phone: Phone, link: tuple[Link, str], cast: Cast) -> None:
    from outcomes import links

    secret = phone.browser.cookies["link"].value
    phone.answer(9, 3)
    phone.finish()
    with as_owner():
        _, sent = links.make_link(
            course=cast.course, measures=["gad7"], how="hand", for_day=None, by=cast.tara, at=timezone.now()
        )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', [f"{link[1]}|{secret}|{sent}"]
            )
            assert cursor.fetchone() == (0,), table


def test_every_page_is_kept_nowhere_and_named_nowhere(phone: Phone) -> None:
    for address in ("/q/", "/q/1/", "/q/9/help/", "/q/review/", "/q/ended/"):
        page = phone.get(address)
        assert page.headers["Cache-Control"] == "no-store", address
        assert page.headers["Referrer-Policy"] == "same-origin", address
        assert "noindex" in page.headers["X-Robots-Tag"], address
        assert "unsafe" not in page.headers["Content-Security-Policy"], address
        assert 'name="robots" content="noindex' in page.content.decode(), address


def test_who_tries_many_tokens_stands_in_the_log_and_shuts_nobody_out(
    link: tuple[Link, str], caplog: pytest.LogCaptureFixture
) -> None:
    cache.clear()
    for number in range(30):
        assert Phone().open(f"guess-{number}").headers["Location"] == "/q/ended/"
    for number in (31, 32):
        refused = Phone().open(f"guess-{number}")
        assert (refused.status_code, refused.headers["Referrer-Policy"]) == (429, "no-referrer")
    assert caplog.text.count("Many links that do not exist") == 2
    phone = Phone()
    phone.enter(link[1])
    assert phone.get("/q/1/").status_code == 200


def test_no_rating_is_made_of_an_answer_for_a_goal_of_another_course(phone: Phone) -> None:
    sent = {"answer": "3", "go": "next", "question": "goal-1", "visit": mark(phone)}
    assert phone.browser.post("/q/1/", sent).headers["Location"] == "/q/1/"
    with as_owner():
        assert not GoalRating.objects.exists()


def test_the_day_of_birth_of_the_cast_is_the_one_that_is_typed(cast: Cast) -> None:
    assert cast.maya.date_of_birth == BORN
