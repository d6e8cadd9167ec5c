"""A safety concern about a person: who reads it, after which words, that each reading is on the trail, and where it never
stands."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from access import policy
from audit.acting import act_as
from audit.models import Event
from interpersonal.models import Person, SafetyConcern
from outcomes.models import Alert
from staff.models import Leave
from tests.cast import Cast, client_named, person, person_of, picture_of, referral_for
from tests.roles import as_owner

WORDS = "zebrafish: threw a cup"
TAG = "Safety concern noted"


@pytest.fixture
def tom(cast: Cast) -> Person:
    with as_owner():
        tom = person_of(cast.course, cast.tara, x=20.0, y=0.0)
        SafetyConcern.objects.create(person=tom, course=cast.course, text=WORDS, by=cast.tara)
        picture_of(cast.course, cast.tara)
        return tom


def concern_of(tom: Person) -> str:
    return reverse("interpersonal:concern", args=[tom.course_id, tom.pk])


def readings(cast: Cast) -> list[tuple[object, str]]:
    act_as(cast.lena.pk)
    return list(
        Event.objects.filter(what="Safety concern about a person")
        .order_by("at")
        .values_list("user", "reason")
    )


def test_the_therapist_reads_it_directly_and_it_is_on_the_trail(
    cast: Cast, tom: Person, client: Browser
) -> None:
    client.force_login(cast.tara)
    page = client.get(concern_of(tom)).content.decode()
    assert WORDS in page
    assert reverse("outcomes:alert_new", args=[cast.course.pk]) in page
    assert readings(cast) == [(cast.tara.pk, "")]


@pytest.mark.parametrize("who", ["sunil", "lena"])
def test_a_supervisor_and_the_lead_say_first_why(cast: Cast, tom: Person, client: Browser, who: str) -> None:
    reader = getattr(cast, who)
    client.force_login(reader)
    assert WORDS not in client.get(concern_of(tom)).content.decode()
    assert WORDS not in client.post(concern_of(tom), {"reason": " "}).content.decode()
    assert readings(cast) == []
    page = client.post(concern_of(tom), {"reason": "Before we meet about it."}).content.decode()
    assert WORDS in page
    assert readings(cast) == [(reader.pk, "Before we meet about it.")]
    assert WORDS not in client.get(concern_of(tom)).content.decode()


def test_the_text_stands_on_no_other_page_of_the_course(cast: Cast, tom: Person, client: Browser) -> None:
    client.force_login(cast.tara)
    with as_owner():
        kept = cast.course.pictures.get()
    for name, arguments in (
        ("people", []),
        ("person", [tom.pk]),
        ("take_off", [tom.pk]),
        ("picture", [kept.pk]),
        ("compare", []),
        ("picture_new", []),
    ):
        page = client.get(
            reverse(f"interpersonal:{name}", args=[cast.course.pk, *arguments])
        ).content.decode()
        assert WORDS not in page, name
    page = client.get(reverse("interpersonal:people", args=[cast.course.pk]) + f"?person={tom.pk}")
    assert TAG in page.content.decode()
    assert WORDS not in client.get(reverse("courses:detail", args=[cast.course.pk])).content.decode()


def test_a_concern_is_added_and_offers_an_alert(cast: Cast, tom: Person, client: Browser) -> None:
    client.force_login(cast.tara)
    assert "Write what makes it unsafe" in client.post(concern_of(tom), {"text": " "}).content.decode()
    page = client.post(
        concern_of(tom), {"text": "Said he would take the child."}, follow=True
    ).content.decode()
    assert "Said he would take the child." in page
    assert "Raise an alert" in page


def test_a_screener_knows_of_none(cast: Cast, client: Browser) -> None:
    with as_owner():
        sara = person("Sara Screener", "therapist", is_screener=True)
        course = referral_for(client_named("Noor", "Jabari"), sara, by=cast.ada)
        tom = person_of(course, cast.lena)
        SafetyConcern.objects.create(person=tom, course=course, text=WORDS, by=cast.lena)
    client.force_login(sara)
    page = client.get(reverse("interpersonal:people", args=[course.pk])).content.decode()
    assert "Tom" in page
    assert TAG not in page
    assert client.get(concern_of(tom)).status_code == 403
    act_as(sara.pk)
    assert list(SafetyConcern.objects.all()) == []  # the second wall
    assert list(SafetyConcern.objects.visible_to(sara)) == []


def test_who_covers_because_of_an_alert_knows_of_none(cast: Cast, tom: Person, client: Browser) -> None:
    today = timezone.localdate()
    with as_owner():
        Alert.objects.create(course=cast.course, kind="thoughts", words="x", raised_by=cast.tara)
        Leave.objects.create(person=cast.tara, starts_on=today, ends_on=today, cover=cast.olga)
    client.force_login(cast.olga)
    assert client.get(reverse("outcomes:plan", args=[cast.course.pk])).status_code == 200
    assert client.get(concern_of(tom)).status_code == 403
    act_as(cast.olga.pk)
    assert list(SafetyConcern.objects.all()) == []


@pytest.mark.parametrize(
    ("who", "reads"),
    [("tara", True), ("sunil", True), ("lena", True), ("ada", False), ("olga", False), ("dana", False)],
)
def test_both_walls_say_the_same(cast: Cast, tom: Person, who: str, reads: bool) -> None:
    user = getattr(cast, who)
    act_as(user.pk)
    assert SafetyConcern.objects.exists() is reads
    assert SafetyConcern.objects.visible_to(user).exists() is reads
    with as_owner():
        assert policy.may_read_concern(user, cast.course) is reads


def test_a_concern_stays_as_it_was_written_and_in_its_authors_name(cast: Cast, tom: Person) -> None:
    act_as(cast.tara.pk)
    for sql in (
        "update interpersonal_safetyconcern set text = 'nothing'",
        "delete from interpersonal_safetyconcern",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        SafetyConcern.objects.create(person=tom, course=cast.course, text="Forged.", by=cast.sunil)
