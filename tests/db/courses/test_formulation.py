"""The formulation in the client's words: versions are added, what was agreed before stays readable."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from access.meanwhile import Seen, Stale
from audit.acting import act_as
from courses.formulation_actions import write_formulation
from courses.models import Formulation
from tests.cast import Cast, held_session
from tests.roles import as_owner


def write(cast: Cast, text: str = "It began with the move.", **given: Any) -> Formulation:
    act_as(cast.tara.pk)
    return write_formulation(course=cast.course, text=text, by=cast.tara, **given)


def test_each_save_is_a_version_and_the_one_before_stays(cast: Cast) -> None:
    write(cast)
    second = write(cast, " It began\r\nwith his parents. ", agreed_on=timezone.localdate())
    assert (second.number, second.text) == (2, "It began\nwith his parents.")
    assert [each.text for each in Formulation.objects.order_by("number")] == [
        "It began with the move.",
        "It began\nwith his parents.",
    ]


def test_nothing_new_is_no_version(cast: Cast) -> None:
    assert write(cast).pk == write(cast).pk


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "  "}, "Write the formulation"),
        ({"text": "x" * 6001}, "longer than 6,000"),
        ({"text": "a\x00b"}, "NUL"),
        ({"agreed_on": timezone.localdate() + timedelta(days=1)}, "lies ahead"),
        ({"agreed_on": timezone.localdate() - timedelta(days=900)}, "referral came later"),
        ({"agreed_at_session": 1}, "on which day"),
        ({"agreed_on": timezone.localdate(), "agreed_at_session": 3}, "Check the number"),
    ],
)
def test_what_is_no_formulation_is_refused(cast: Cast, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        write(cast, **given)


def test_other_words_that_came_meanwhile_are_not_overwritten(cast: Cast) -> None:
    write(cast)
    with pytest.raises(Stale):
        write(cast, "Mine.", seen=Seen({"text": ""}, {"text": "Mine."}))


def test_the_database_keeps_no_empty_one_and_no_number_twice(cast: Cast) -> None:
    write(cast)
    for constraint, fields in (
        ("one_formulation_a_number", {"number": 1, "text": "x"}),
        ("formulation_says_something", {"number": 2, "text": ""}),
    ):
        with as_owner(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Formulation.objects.create(course=cast.course, written_by=cast.tara, **fields)


def test_nobody_changes_one_nor_writes_in_another_s_name(cast: Cast) -> None:
    write(cast)
    for sql in ("UPDATE courses_formulation SET text = 'x'", "DELETE FROM courses_formulation"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Formulation.objects.create(course=cast.course, number=9, text="x", written_by=cast.sunil)
    for who in (cast.ada, cast.olga):
        act_as(who.pk)
        assert not Formulation.objects.exists()
    act_as(cast.sunil.pk)
    assert Formulation.objects.visible_to(cast.sunil).exists()


def test_the_page_proposes_the_session_and_keeps_the_versions(cast: Cast, client: Browser) -> None:
    with as_owner():
        held_session(cast.course, cast.tara, timezone.now() - timedelta(days=8), 1)
        held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 2)
    client.force_login(cast.tara)
    write_page = reverse("courses:formulation_edit", args=[cast.course.pk])
    form = client.get(write_page).context["form"]
    assert form["agreed_at_session"].value() == 2
    sent = {"seen": form["seen"].value(), "text": "It began with the move.", "agreed_at_session": "2"}
    assert "on which day" in client.post(write_page, sent).content.decode()
    sent["agreed_on"] = timezone.localdate().isoformat()
    assert client.post(write_page, sent).status_code == 302
    sent |= {"seen": client.get(write_page).context["form"]["seen"].value(), "text": "Other words."}
    assert client.post(write_page, sent).status_code == 302
    html = client.get(reverse("courses:formulation", args=[cast.course.pk])).content.decode()
    for words in ("Other words.", "agreed at session 2", "1 earlier version", "It began with the move."):
        assert words in html
    client.force_login(cast.sunil)
    html = client.get(reverse("courses:formulation", args=[cast.course.pk])).content.decode()
    assert "Other words." in html
    assert "Write a new version" not in html


def test_the_page_asks_as_much_for_many_versions_as_for_one(cast: Cast, client: Browser) -> None:
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.tara)
    address = reverse("courses:formulation", args=[cast.course.pk])
    write(cast)
    asked = []
    for count in (0, 8):
        for number in range(count):
            write(cast, f"Version {number}.")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]
