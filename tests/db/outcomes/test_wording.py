"""The words of a questionnaire that the clinic holds a licence for: who enters them, and that no version is lost."""

from typing import Any

import pytest
from django.test import Client as Browser

from outcomes.models import ClinicWording
from tests.browsing import form_with
from tests.cast import Cast
from tests.roles import as_owner

ADDRESS = "/measures/wording/wsas/"
WORDS = {
    "stem": "How far does it get in the way?",
    **{f"item_{n}": f"Question {n} as printed." for n in range(1, 6)},
    "label_0": "not at all",
    "label_8": "very severely",
    "licence": "By letter of 1 May 2026.",
}


def page(client: Browser, cast: Cast) -> str:
    client.force_login(cast.ada)
    return client.get(ADDRESS).content.decode()


def send(client: Browser, cast: Cast, **changes: str) -> Any:
    return client.post(ADDRESS, form_with(page(client, cast), "stem") | WORDS | changes)


def versions() -> list[ClinicWording]:
    with as_owner():
        return list(ClinicWording.objects.order_by("number"))


def test_an_administrator_enters_the_words_and_a_change_is_a_new_version(client: Browser, cast: Cast) -> None:
    assert "Nothing is entered yet" in page(client, cast)
    assert send(client, cast).status_code == 302
    assert send(client, cast, item_2="Question 2, mended.").status_code == 302
    first, second = versions()
    assert (first.version, first.items[1], first.labels[8]) == (
        "1+clinic-1",
        WORDS["item_2"],
        "very severely",
    )
    assert (second.version, second.items[1], second.entered_by) == (
        "1+clinic-2",
        "Question 2, mended.",
        cast.ada,
    )
    shown = page(client, cast)
    assert "Question 2 as printed." in shown
    assert "Version 1, " in shown


def test_the_same_words_again_are_no_new_version(client: Browser, cast: Cast) -> None:
    send(client, cast)
    answer = send(client, cast)
    assert "Nothing has changed: these words stand already." in answer.content.decode()
    assert len(versions()) == 1


@pytest.mark.parametrize(
    ("field", "refusal"),
    [
        ("licence", "Say under which licence the clinic uses these words."),
        ("item_3", "Write the words of question 3, social leisure."),
    ],
)
def test_words_without_a_licence_or_a_question_are_refused_and_all_typed_stays(
    client: Browser, cast: Cast, field: str, refusal: str
) -> None:
    answer = send(client, cast, **{field: " "})
    shown = answer.content.decode()
    assert refusal in shown
    assert form_with(shown, "stem")["item_1"] == ["Question 1 as printed."]
    assert versions() == []


@pytest.mark.parametrize("code", ["phq9", "gad7", "core10", "ucla3", "nothing"])
def test_a_measure_with_words_of_its_own_has_no_such_page(client: Browser, cast: Cast, code: str) -> None:
    client.force_login(cast.ada)
    assert client.get(f"/measures/wording/{code}/").status_code == 404


def test_the_clinic_page_leads_there(client: Browser, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert f'href="{ADDRESS}"' in client.get("/people/settings/").content.decode()
