"""No word that a person or a program sends breaks a page: in an address, in a field, in a cookie, whoever sends it."""

import re
from html import unescape
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.db.test_access_matrix import EXPECTED, World
from tests.roles import as_owner

# As they stand in an address: NUL, half a character, bytes that are no text, other people's digits, days that are none.
IN_AN_ADDRESS = (
    "%00",
    "a%00b",
    "%ED%A0%BD",
    "%FF%FE",
    quote("²"),
    quote("٣"),
    "-1",
    "0",
    "9" * 400,
    "1e9",
    "NaN",
    "0000-00-00",
    "99999-01-01",
    "0001-01-01",
    "9999-12-31",
    quote("'; drop table clients_client; --"),
    quote("\u202e") + "x" * 3000,
)
ASKED = (
    "page",
    "q",
    "sort",
    "show",
    "phase",
    "focus",
    "therapist",
    "next",
    "day",
    "o",
    "prefill",
    "version",
    "from",
    "to",
    "scale",
    "kind",
    "flag",
    "course",
)
IN_A_FIELD = (
    "\x00",
    "before\x00after",
    "²",
    "٣",
    "-1",
    "9" * 400,
    "2147483648",
    "0000-00-00",
    "99999-01-01",
    "0001-01-01",
    "9999-12-31",
    "23:59:60",
    "\u202e\ufeff\u200b",
    "x" * 3000,
)
ROLES = ("therapist", "administrator", "lead", "anonymous")


@pytest.fixture
def world(db: None) -> World:
    with as_owner():
        return World()


def addresses(world: World) -> dict[str, str]:
    return {name: reverse(name, kwargs=world.arguments.get(name, {})) for name in EXPECTED}


def asked(browser: Browser, method: str, address: str, *args: Any, **kwargs: Any) -> Any:
    """The answer, and nothing of it kept."""
    with transaction.atomic():
        answer = getattr(browser, method)(address, *args, **kwargs)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", ROLES)
def test_no_address_breaks_a_page(world: World, role: str) -> None:
    words = cycle(IN_AN_ADDRESS)
    for name, address in addresses(world).items():
        for _ in range(2):
            odd = next(words)
            query = "&".join(f"{key}={odd}&{key}={odd}" for key in ASKED)
            assert asked(world.browsers[role], "get", f"{address}?{query}").status_code < 500, (
                name,
                odd[:40],
            )


@pytest.mark.parametrize(
    "address", ["/", "/find/", "/clinic/", "/all/", "/supervisees/", "/caseload/", "/today/", "/supervision/"]
)
def test_no_question_breaks_a_list(world: World, address: str) -> None:
    for role in ("therapist", "administrator", "lead"):
        for odd in IN_AN_ADDRESS:
            query = "&".join(f"{key}={odd}" for key in ASKED)
            assert asked(world.browsers[role], "get", f"{address}?{query}").status_code < 500, (
                role,
                odd[:40],
            )


@pytest.mark.parametrize(
    "address",
    [
        "/courses/%00/",
        "/courses/00000000-0000-0000-0000-00000000000%00/",
        "/attention/%00/",
        "/attention/" + "x" * 3000 + "/",
        "/courses/choose/%ED%A0%BD/",
        "/people/holidays/9999/99/99/remove/",
        "/people/holidays/%D9%A3/1/1/remove/",
        "/account/password/reset/key/%00-x/",
        "/account/login/?next=%00",
        "/account/login/?next=//evil.example/",
        "/%FF",
    ],
)
def test_an_address_that_is_none_is_not_found(world: World, address: str) -> None:
    for role in ("therapist", "administrator", "anonymous"):
        assert asked(world.browsers[role], "get", address).status_code < 500, role
        assert asked(world.browsers[role], "post", address).status_code < 500, role


def fields_of(page: str) -> dict[str, str]:
    """Every field of a page's forms with what it would send as it stands; where nothing is chosen, the first choice."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        name, value = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name and (name[1] not in found or "checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(text).strip()
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        any_other = re.search(r'value="([^"]+)"', options)
        best = (chosen and chosen[1]) or (any_other and any_other[1]) or ""
        found[name] = best
    found.pop("csrfmiddlewaretoken", None)
    return found


PAGES = sorted(
    name for name in EXPECTED if "200" in EXPECTED[name][0] and "405" not in EXPECTED[name][1].split()[1:]
)


@pytest.mark.parametrize("name", PAGES)
def test_no_word_in_a_field_breaks_a_page(world: World, name: str) -> None:
    address = addresses(world)[name]
    words = cycle(IN_A_FIELD)
    may_see = [
        (role, page)
        for role in ("administrator", "therapist")
        if (page := asked(world.browsers[role], "get", address)).status_code == 200
    ]
    for turn, (role, page) in enumerate(may_see):
        browser = world.browsers[role]
        right = fields_of(page.content.decode())
        # Where both see it, each sends half of the words.
        everywhere = [dict.fromkeys(right, odd) for odd in IN_A_FIELD[turn :: len(may_see)]]
        # One odd word among right ones reaches the action.
        one_by_one = [
            {**right, field: next(words)} for field in right for _ in range(1 if len(right) > 12 else 2)
        ]
        for typed in [*everywhere, *one_by_one]:
            answer = asked(browser, "post", address, typed)
            odd = {field: word[:30] for field, word in typed.items() if right.get(field) != word}
            assert answer.status_code < 500, (role, odd)


SIGN_IN_PAGES = (
    "account_login",
    "account_reset_password",
    "account_change_password",
    "account_reauthenticate",
)


@pytest.mark.parametrize("name", SIGN_IN_PAGES)
def test_no_word_breaks_a_sign_in_page(world: World, name: str) -> None:
    for role in ("anonymous", "therapist"):
        for odd in IN_A_FIELD[::2]:
            typed = dict.fromkeys(
                ("login", "email", "password", "oldpassword", "password1", "password2", "next", "remember"),
                odd,
            )
            assert asked(world.browsers[role], "post", reverse(name), typed).status_code < 500, (
                role,
                odd[:30],
            )
            mail = typed | {"login": f"a{odd[:50]}@clinic.example", "email": f"a{odd[:50]}@clinic.example"}
            assert asked(world.browsers[role], "post", reverse(name), mail).status_code < 500, (
                role,
                odd[:30],
            )


def test_a_megabyte_in_a_field_is_refused_or_kept_and_never_a_failure(world: World) -> None:
    huge = "x" * 3_000_000
    for name, role, field in (
        ("sessions:log", "therapist", "work"),
        ("sessions:draft", "therapist", "phase_reason"),
        ("sessions:log", "therapist", "event"),
        ("sessions:contact", "therapist", "what_was_tried"),
        ("sessions:contact_note", "therapist", "who"),
        ("sessions:contact_draft", "therapist", "next_time"),
        ("sessions:addendum", "therapist", "reason"),
        ("sessions:letter", "therapist", "part_reason"),
        ("sessions:letter_draft", "therapist", "greeting"),
        ("sessions:letter_given", "therapist", "to_name"),
        ("outcomes:alert", "therapist", "did-what_was_done"),
        ("outcomes:plan_edit", "therapist", "coping"),
        ("courses:ending_edit", "therapist", "feelings"),
        ("interpersonal:person", "therapist", "hard"),
        ("interpersonal:concern", "therapist", "text"),
        ("outcomes:signal", "therapist", "plan"),
        ("courses:move", "lead", "reason"),
        ("courses:allocate", "administrator", "reason"),
        ("courses:focus", "therapist", "reason"),
        ("courses:focus", "therapist", "pattern"),
        ("courses:formulation_edit", "therapist", "text"),
        ("courses:contract_edit", "therapist", "missed_rule"),
        ("courses:tasks", "therapist", "reason"),
        ("supervision:propose", "therapist", "question"),
        ("supervision:item", "supervisor", "question"),
        ("supervision:action", "therapist", "words"),
        ("clients:edit", "administrator", "address"),
        ("clients:register", "administrator", "shown"),
        ("staff:add", "administrator", "full_name"),
        ("staff:holidays", "administrator", "name"),
    ):
        browser, address = world.browsers[role], addresses(world)[name]
        page = asked(browser, "get", address)
        right = fields_of(page.content.decode()) if page.status_code == 200 else {}
        answer = asked(browser, "post", address, {**right, "act": "close", field: huge})
        assert answer.status_code < 500, name


def test_without_its_token_nothing_is_done(world: World) -> None:
    for name, address in addresses(world).items():
        browser = Browser(enforce_csrf_checks=True)
        browser.cookies = world.browsers["administrator"].cookies
        assert asked(browser, "post", address).status_code in (403, 405), name
