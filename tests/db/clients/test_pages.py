"""The pages of the person: registered once, read by those who may, changed without overwriting anybody."""

from datetime import date
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from clients.models import Client
from tests.browsing import form_with
from tests.cast import Cast, client_named
from tests.roles import as_owner

NOOR = {"first_name": "Noor", "last_name": "Jabari", "date_of_birth": "1988-02-03"}
REGISTER = "/clients/new/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_administrators_and_the_lead_register_clients(cast: Cast, client: Browser, method: str) -> None:
    answers = {}
    for name in ("tara", "sunil", "ada", "lena", "nadia"):
        client.force_login(getattr(cast, name))
        answers[name] = getattr(client, method)(REGISTER).status_code
    assert answers == {"tara": 403, "sunil": 403, "ada": 200, "lena": 200, "nadia": 403}


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        #          tara olga sunil ada lena nadia
        ("detail", (200, 404, 200, 200, 200, 404)),
        ("edit", (200, 404, 403, 200, 200, 404)),
    ],
)
def test_a_client_is_found_by_those_who_may_know_them(
    cast: Cast, client: Browser, which: str, expected: tuple[int, ...]
) -> None:
    answers = []
    for name in ("tara", "olga", "sunil", "ada", "lena", "nadia"):
        client.force_login(getattr(cast, name))
        answers.append(client.get(reverse(f"clients:{which}", args=[cast.maya.pk])).status_code)
    assert tuple(answers) == expected


def test_a_client_is_registered_with_the_next_number(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    answer = client.post(REGISTER, NOOR | {"nhs_number": "943 476 5919", "may_email": "on"}, follow=True)
    with as_owner():
        noor = Client.objects.get(last_name="Jabari")
    assert noor.number.startswith("C-1")
    assert (noor.nhs_number, noor.may_email, noor.may_leave_message) == ("9434765919", True, False)
    assert f"Noor Jabari is registered as {noor.number}." in answer.content.decode()
    client.post(REGISTER, {"first_name": "Elsie", "last_name": "Tran", "date_of_birth": "1970-01-01"})
    with as_owner():
        elsie = Client.objects.get(last_name="Tran")
    assert int(elsie.number[2:]) == int(noor.number[2:]) + 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("nhs_number", "943 476 5918", "its last digit does not fit"),
        ("nhs_number", "12345", "has ten digits"),
        ("date_of_birth", "2999-01-01", "lies in the future"),
        ("date_of_birth", "0188-02-03", "Check the year"),
        ("first_name", "  ", "First name is missing."),
        ("email", "noor@", "valid email"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    cast: Cast, client: Browser, field: str, typed: str, said: str
) -> None:
    client.force_login(cast.ada)
    answer = client.post(REGISTER, NOOR | {"address": "12 Quarry Lane", field: typed})
    html = answer.content.decode()
    assert said in html
    assert f'<a href="#id_{field}">' in html
    assert "12 Quarry Lane" in html
    with as_owner():
        assert not Client.objects.filter(last_name="Jabari").exists()


def test_an_nhs_number_belongs_to_one_client(cast: Cast, client: Browser) -> None:
    with as_owner():
        client_named("Elsie", "Tran", nhs_number="9434765919")
    client.force_login(cast.ada)
    html = client.post(REGISTER, NOOR | {"nhs_number": "9434765919"}).content.decode()
    assert "Another client has this NHS number." in html


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"first_name": "Mia", "last_name": "Fielding", "date_of_birth": "2001-01-01"}, "similar name"),
        ({"first_name": "May", "last_name": "Fielding", "date_of_birth": "2001-01-01"}, "similar name"),
        ({"first_name": "Fielding", "last_name": "Maya", "date_of_birth": "2001-01-01"}, "similar name"),
        ({"first_name": "Jo", "last_name": "Fielding", "date_of_birth": "1990-05-17"}, "same date of birth"),
        (
            {
                "first_name": "Zoe",
                "last_name": "Quist",
                "date_of_birth": "2001-01-01",
                "phone": "+44 7700 900123",
            },
            "same phone",
        ),
    ],
)
def test_who_may_be_registered_already_is_shown_before_a_second_record(
    cast: Cast, client: Browser, typed: dict[str, str], reason: str
) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(phone="07700 900123")
    client.force_login(cast.ada)
    html = client.post(REGISTER, typed).content.decode()
    assert "Is it one of these?" in html
    assert reason in html.lower()
    assert cast.maya.number in html
    assert "Register anyway" in html
    with as_owner():
        assert Client.objects.count() == 2
    again = client.post(REGISTER, typed | {"anyway": "on", "shown": str(cast.maya.pk)})
    assert again.status_code == 302


def test_a_tick_for_one_list_does_not_hide_another(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    typed = {"first_name": "Owen", "last_name": "Pritchard", "date_of_birth": "2001-01-01"}
    html = client.post(REGISTER, typed | {"anyway": "on", "shown": str(cast.maya.pk)}).content.decode()
    assert cast.owen.number in html
    with as_owner():
        assert Client.objects.count() == 2


def test_the_contact_stands_beside_who_must_not_be_told(cast: Cast, client: Browser) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(
            phone="07700 900123",
            may_leave_message=False,
            must_not_be_told="Tom, who reads her post",
            address="1 Hill",
        )
    client.force_login(cast.tara)
    html = client.get(reverse("clients:detail", args=[cast.maya.pk])).content.decode()
    reach = html[html.index('id="reach-heading"') :]
    reach = reach[: reach.index("</section>")]
    for words in (
        "07700 900123",
        "leave no message",
        "do not write home",
        "Must not be told: Tom, who reads her post",
    ):
        assert words in reach


def test_each_reader_is_offered_what_they_may_do(cast: Cast, client: Browser) -> None:
    offered = {}
    for name in ("tara", "sunil", "ada", "lena"):
        client.force_login(getattr(cast, name))
        html = client.get(reverse("clients:detail", args=[cast.maya.pk])).content.decode()
        offered[name] = {
            page
            for page in ("allocate", "transfer", "focus", "programme", "move", "end")
            if reverse(f"courses:{page}", args=[cast.course.pk]) in html
        }
    assert offered == {
        "tara": {"focus", "programme", "move", "end"},
        "sunil": set(),
        "ada": {"transfer", "move"},
        "lena": {"transfer", "move", "end"},
    }


def test_a_referral_is_offered_only_where_no_course_is_open(cast: Cast, client: Browser) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari")
    client.force_login(cast.ada)
    new = reverse("referrals:new")
    assert f"{new}?client={noor.pk}" in client.get(f"/clients/{noor.pk}/").content.decode()
    assert f"{new}?client=" not in client.get(f"/clients/{cast.maya.pk}/").content.decode()


def test_looking_at_a_client_stands_on_the_trail(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    client.get(reverse("clients:detail", args=[cast.maya.pk]))
    with as_owner():
        event = Event.objects.get(action="read")
    assert (event.what, event.user_id, event.client_id) == ("Client page", cast.ada.pk, cast.maya.pk)


def as_typed(person: Client, **changes: Any) -> dict[str, Any]:
    """The page as it was opened, with some fields typed over."""
    return {
        "version": person.version,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "preferred_name": person.preferred_name,
        "pronouns": person.pronouns,
        "date_of_birth": person.date_of_birth.isoformat(),
        "phone": person.phone,
        **changes,
    }


def test_a_therapist_corrects_the_phone(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    address = reverse("clients:edit", args=[cast.maya.pk])
    assert client.post(address, as_typed(cast.maya, phone="07700 900999")).status_code == 302
    with as_owner():
        maya = Client.objects.get(pk=cast.maya.pk)
    assert (maya.phone, maya.version) == ("07700 900999", 2)


def test_a_page_that_is_saved_as_it_stands_empties_nothing(cast: Cast, client: Browser) -> None:
    known: dict[str, Any] = {
        "nhs_number": "9434765919",
        "email": "maya@mail.example",
        "phone": "07700 900123",
        "address": "12 Quarry Lane",
        "postcode": "NB1 2AB",
        "may_email": True,
        "may_leave_message": True,
        "may_write_home": True,
        "must_not_be_told": "Tom",
        "gp_name": "Dr Hale",
        "gp_practice": "Newton Road Surgery",
        "needs_evenings": True,
        "needs_video": True,
        "needs_step_free": True,
        "asks_for": "woman",
        "interpreter": "Arabic",
        "other_needs": "A chair with arms.",
        "emergency_name": "Zoe",
        "emergency_relation": "sister",
        "emergency_phone": "07700 900555",
    }
    with as_owner():
        Client.objects.filter(pk=cast.maya.pk).update(**known)
        before = Client.objects.values().get(pk=cast.maya.pk)
    client.force_login(cast.tara)
    address = reverse("clients:edit", args=[cast.maya.pk])
    assert client.post(address, form_with(client.get(address).content.decode(), "seen")).status_code == 302
    with as_owner():
        assert Client.objects.values().get(pk=cast.maya.pk) == before


def test_needs_of_time_and_person_stand_on_the_pages_that_ask_for_them(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    address = reverse("clients:edit", args=[cast.maya.pk])
    typed = {"needs_evenings": "on", "needs_video": "on", "asks_for": "woman"}
    assert client.post(address, as_typed(cast.maya, **typed)).status_code == 302
    for page in ("clients:detail", "courses:allocate"):
        key = cast.maya.pk if page == "clients:detail" else cast.course.pk
        html = client.get(reverse(page, args=[key])).content.decode()
        for words in ("Evenings only", "Video only", "Asks for a woman"):
            assert words in html, page


def test_who_has_no_needs_is_said_to_have_none_known(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    html = client.get(reverse("clients:detail", args=[cast.maya.pk])).content.decode()
    assert "none known" in html
    assert "Asks for" not in html


def test_of_two_changes_the_second_is_told_both_values(cast: Cast, client: Browser) -> None:
    address = reverse("clients:edit", args=[cast.maya.pk])
    client.force_login(cast.tara)
    client.post(address, as_typed(cast.maya, phone="07700 900111"))
    client.force_login(cast.ada)
    told = client.post(address, as_typed(cast.maya, phone="07700 900222"))
    assert told.status_code == 409
    html = told.content.decode()
    assert "Tara Tree changed this while you were writing" in html
    assert '<td class="pre" data-label="It now says">07700 900111</td>' in html
    assert '<td class="pre" data-label="You wrote">07700 900222</td>' in html
    assert 'value="07700 900222"' in html
    assert 'name="version" value="2"' in html
    assert client.post(address, as_typed(cast.maya, phone="07700 900222", version=2)).status_code == 302
    with as_owner():
        assert Client.objects.get(pk=cast.maya.pk).phone == "07700 900222"


def test_a_field_that_is_wrong_on_an_old_page_does_not_make_the_page_new(cast: Cast, client: Browser) -> None:
    address = reverse("clients:edit", args=[cast.maya.pk])
    client.force_login(cast.ada)
    client.post(address, as_typed(cast.maya, phone="07700 900111"))
    html = client.post(address, as_typed(cast.maya, email="nonsense")).content.decode()
    assert 'name="version" value="1"' in html


def test_a_new_name_makes_new_keys_for_similar_names(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    client.post(
        reverse("clients:edit", args=[cast.maya.pk]),
        as_typed(cast.maya, last_name="Pritchard", first_name="Owain", preferred_name=""),
    )
    html = client.get(reverse("clients:detail", args=[cast.maya.pk])).content.decode()
    assert f"Similar name: Owen Pritchard ({cast.owen.number})" in html


def test_the_banner_goes_on_saying_what_stands(cast: Cast, client: Browser) -> None:
    client.force_login(cast.ada)
    html = client.post(
        reverse("clients:edit", args=[cast.maya.pk]),
        as_typed(cast.maya, first_name="Wrong", email="nonsense"),
    ).content.decode()
    assert "<b>Maya Fielding</b>" in html


ODD = ["", " ", "\x00", "9" * 40, "½", "٣٤٣", "x" * 3000, "2026-13-99", "<script>", "'; --", "‮", "0001-01-01"]


@pytest.mark.parametrize("which", ["register", "edit"])
def test_no_odd_word_breaks_a_page(cast: Cast, client: Browser, which: str) -> None:
    client.force_login(cast.ada)
    address = REGISTER if which == "register" else reverse("clients:edit", args=[cast.maya.pk])
    right = as_typed(cast.maya, first_name="Q", last_name="W", version=7) | dict.fromkeys(
        ("nhs_number", "email", "postcode", "shown", "anyway", "must_not_be_told"), ""
    )
    everywhere = [dict.fromkeys(right, odd) for odd in ODD]
    # Each field once with an odd word among right ones, so that it reaches the action.
    one_by_one = [right | {field: odd} for field, odd in zip(right, cycle(ODD[2:]), strict=False)]
    for typed in everywhere + one_by_one:
        assert client.post(address, typed).status_code in (200, 302, 409)


def test_the_client_page_asks_the_same_for_each_reader_however_many_clients(
    cast: Cast, client: Browser
) -> None:
    with as_owner():
        client_named("Mia", "Fielding")
    client.force_login(cast.ada)
    address = reverse("clients:detail", args=[cast.maya.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    with as_owner():
        for number in range(30):
            client_named("Maya", "Fielding", date_of_birth=date(1980, 1, number % 27 + 1))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)
