"""Who may be the same person: said while somebody is typed in, of those whom the reader may see, and fast in a large clinic."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from audit.acting import act_as
from audit.models import Event
from clients import similar
from clients.models import Client
from tests.cast import Cast
from tests.roles import as_owner

ALIKE = "/clients/alike/"


def asked(client: Browser, **typed: str) -> str:
    answer = client.post(ALIKE, typed)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"first_name": "Mia", "last_name": "Feilding"}, "Similar name"),
        ({"preferred_name": "May", "last_name": "Fielding"}, "Similar name"),
        ({"last_name": "Fielding", "date_of_birth": "1990-05-17"}, "Similar name, same date of birth"),
        ({"first_name": "Maya", "last_name": "Fielding"}, "Same name"),
        ({"phone": "+44 (0)7700 900123"}, "Same phone"),
        ({"nhs_number": "943 476 5919"}, "Same NHS number"),
        ({"phone": "07700900123", "date_of_birth": "1990-05-17"}, "Same date of birth, same phone"),
    ],
)
def test_who_may_be_the_same_is_said_with_the_reason_while_somebody_is_typed_in(
    cast: Cast, client: Browser, typed: dict[str, str], reason: str
) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(phone="07700 900123", nhs_number="9434765919")
    client.force_login(cast.ada)
    html = asked(client, **typed)
    assert "Already known?" in html
    assert reason in html
    assert f"{cast.maya.number} · born Thu 17 May 1990" in html
    assert reverse("clients:detail", args=[cast.maya.pk]) in html


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_name": "Maya"},
        {"last_name": "Fielding"},
        {"date_of_birth": "1990-05-17"},
        {"phone": "900123"},
        {"nhs_number": "943 476"},
        {"first_name": "Zoe", "last_name": "Quist", "date_of_birth": "2001-02-03", "phone": "0113 496 0000"},
    ],
)
def test_too_little_to_go_by_and_nobody_alike_are_silent(
    cast: Cast, client: Browser, typed: dict[str, str]
) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(phone="07700 900123", nhs_number="9434765919")
    client.force_login(cast.ada)
    assert "Already known?" not in asked(client, **typed)
    with as_owner():
        assert not Event.objects.filter(action="list").exists()


@pytest.mark.parametrize(
    ("who", "shown"), [("tara", True), ("sunil", True), ("ada", True), ("lena", True), ("olga", False)]
)
def test_nobody_is_shown_whom_the_reader_may_not_see(
    cast: Cast, client: Browser, who: str, shown: bool
) -> None:
    client.force_login(getattr(cast, who))
    assert ("Maya Fielding" in asked(client, first_name="Mia", last_name="Fielding")) == shown


def test_who_was_shown_stands_on_the_trail(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    asked(client, first_name="Mia", last_name="Fielding")
    with as_owner():
        event = Event.objects.get(action="list")
    assert (event.user_id, event.object_ids) == (cast.ada.pk, [cast.maya.pk])


def test_nothing_typed_is_kept(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    asked(client, first_name="Zoe", last_name="Quist", date_of_birth="2001-02-03")
    with as_owner():
        assert Client.objects.count() == 2


def test_the_register_page_asks_while_it_is_filled_in_and_sends_these_fields_alone(
    cast: Cast, client: Browser
) -> None:
    client.force_login(cast.ada)
    html = client.get("/clients/new/").content.decode()
    part = html.split('class="alike-while-typing"')[1].split("</div>")[0]
    assert 'aria-live="polite"' in html
    assert f'hx-post="{ALIKE}"' in part
    sent = part.split('hx-params="')[1].split('"')[0].split(",")
    assert sent == [
        "csrfmiddlewaretoken",
        "first_name",
        "last_name",
        "preferred_name",
        "date_of_birth",
        "phone",
        "nhs_number",
    ]


ODD = ["\x00", "9" * 400, "½", "٣٤٣", "x" * 3000, "2026-13-99", "<script>", "'; --", "‮", "0001-01-01"]


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_word_breaks_the_question(cast: Cast, client: Browser, odd: str) -> None:
    client.force_login(cast.ada)
    for name in ("first_name", "last_name", "preferred_name", "date_of_birth", "phone", "nhs_number"):
        asked(client, **{"first_name": "Mia", "last_name": "Fielding", name: odd})


# --- A large clinic ---------------------------------------------------------------------------------------------------

PEOPLE = 20_000


def a_large_clinic() -> None:
    firsts, lasts = ["Ann", "Bob", "Cy", "Dee", "Ed"], [f"Name{'abcdefghij'[n % 10]}{n}" for n in range(4000)]
    Client.objects.bulk_create(
        Client(
            number=f"L-{n}",
            first_name=firsts[n % 5],
            last_name=lasts[n // 5],
            date_of_birth=date(1950 + n % 50, 1 + n % 12, 1 + n % 28),
            phone=f"07700 {n:06}",
            similar_keys=similar.keys(
                firsts[n % 5], lasts[n // 5], "", date(1950 + n % 50, 1 + n % 12, 1 + n % 28)
            ),
        )
        for n in range(PEOPLE)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clients_client")


def rows_read(act: Callable[[], Any]) -> int:
    """How many rows of clients were read from the table, by index and by reading it through."""
    counted = "select pg_stat_get_xact_tuples_returned(i) from (select 'clients_client'::regclass::oid i) t"

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(counted)
            return int(cursor.fetchone()[0])

    before = count()
    act()
    return count() - before


def test_a_large_clinic_is_not_read_through(cast: Cast, client: Browser) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(phone="07700 900123", nhs_number="9434765919")
        a_large_clinic()
    act_as(cast.ada.pk)
    client.force_login(cast.ada)
    for typed in (
        {"first_name": "Mia", "last_name": "Fielding"},
        {"phone": "+44 7700 900123"},
        {"nhs_number": "9434765919"},
    ):
        pages: list[str] = []
        assert rows_read(lambda typed=typed, pages=pages: pages.append(asked(client, **typed))) < PEOPLE / 10
        assert "Maya Fielding" in pages[0]
