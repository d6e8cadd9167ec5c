"""Nobody crosses from what they may see to what they may not: with the key of another course's row, with several roles at
once, in somebody's stead, after the end, after the end of a sign-in."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from outcomes.models import Alert
from sessions.models import Note, Reflection
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

UNDER_A_COURSE = (
    "sessions:log",
    "sessions:draft",
    "sessions:scores",
    "sessions:contact",
    "sessions:detail",
    "sessions:share",
    "sessions:move",
    "sessions:cancel",
    "sessions:attendance",
)


class World:
    """Tara's course with everything on it: a signed session, an open alert, a shared reflection, an appointment to log."""

    def __init__(self, cast: Cast) -> None:
        now = timezone.now()
        self.cast, self.course = cast, cast.course
        self.course.status, self.course.started_on = "in_treatment", timezone.localdate() - timedelta(days=30)
        self.course.save()
        self.signed = people.held_session(self.course, cast.tara, now - timedelta(days=8), 1)
        self.response = people.answered(self.signed, "phq9", [2] * 9)
        self.reflection = Reflection.objects.create(
            session=self.signed, course=self.course, author=cast.tara, text="Wistful words of mine."
        )
        people.note_of(self.signed, work="Spoke of the quarrel.")
        self.alert = Alert.objects.create(course=self.course, response=self.response, item=9, value=2)
        self.to_log = people.session_of(self.course, cast.tara, now - timedelta(hours=2))
        self.drafted = people.session_of(self.course, cast.tara, now - timedelta(days=1))
        people.note_of(self.drafted, signed=False, work="Half a thought.")
        people.agreed_focus(self.course, "grief", cast.tara)

    def share(self) -> None:
        self.reflection.shares.create(course=self.course, by=self.cast.tara)


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


def signed_in(person: Any) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def statuses(browser: Browser, course: Any, session: Any, alert: Any) -> dict[str, tuple[int, int]]:
    """What GET and POST answer at every address under a course."""
    answers = {}
    for name in (*UNDER_A_COURSE, "outcomes:alert"):
        address = reverse(name, args=[course, alert if name == "outcomes:alert" else session])
        with transaction.atomic():
            answers[name] = (browser.get(address).status_code, browser.post(address).status_code)
            transaction.set_rollback(True)
    return answers


@pytest.mark.parametrize("who", ["olga", "tara", "lena", "ada"])
def test_a_row_of_another_course_is_not_there(world: World, who: str) -> None:
    """Olga's own course with the keys of Tara's, and each who sees both courses with the two mixed up."""
    with as_owner():
        other = people.course_for(people.client_named("Nora", "Banks"), world.cast.tara)
    course = world.cast.others_course if who == "olga" else other
    browser = signed_in(getattr(world.cast, who))
    mixed = statuses(browser, course.pk, world.signed.pk, world.alert.pk)
    nowhere = statuses(browser, course.pk, uuid4(), uuid4())
    assert mixed == nowhere
    assert not [name for name, answers in mixed.items() if not set(answers) <= {403, 404, 405}]


def test_after_hand_over_the_former_therapist_finds_nothing(world: World) -> None:
    with as_owner():
        world.course.allocations.update(ends_at=timezone.now())
        world.course.allocations.create(therapist=world.cast.olga, by=world.cast.ada)
    tara = signed_in(world.cast.tara)
    answers = statuses(tara, world.course.pk, world.drafted.pk, world.alert.pk)
    assert not [name for name, (_, post) in answers.items() if post not in (404, 405)], answers
    assert "Fielding" not in tara.get("/today/").content.decode()
    assert "Fielding" not in tara.get("/find/?q=Fielding").content.decode().replace('value="Fielding"', "")
    act_as(world.cast.tara.pk)
    assert not Note.objects.exists()
    assert not Reflection.objects.exists()


def test_the_lead_reads_no_draft_and_no_reflection_even_a_shared_one(world: World) -> None:
    with as_owner():
        world.share()
    lena = signed_in(world.cast.lena)
    for session in (world.signed, world.drafted):
        page = lena.get(reverse("sessions:detail", args=[world.course.pk, session.pk])).content.decode()
        assert "Wistful words" not in page
        assert "Half a thought" not in page
    assert (
        "Spoke of the quarrel"
        in lena.get(reverse("sessions:detail", args=[world.course.pk, world.signed.pk])).content.decode()
    )


# --- Several roles ----------------------------------------------------------------------------------------------------


def with_roles(person: Any, *roles: str) -> Any:
    with as_owner():
        person.roles = list(roles)
        person.save()
    return person


def test_an_administrator_who_treats_reads_their_own_clients_alone(world: World) -> None:
    olga = signed_in(with_roles(world.cast.olga, "administrator", "therapist"))
    theirs = olga.get(reverse("courses:detail", args=[world.course.pk])).content.decode()
    own = olga.get(reverse("courses:detail", args=[world.cast.others_course.pk])).content.decode()
    assert "alert" not in theirs.lower().replace('class="alert', "").replace('role="alert"', "")
    assert "No open alert" in own
    assert "Grief" not in theirs
    for name, key in (("sessions:detail", world.signed.pk), ("outcomes:alert", world.alert.pk)):
        assert olga.get(reverse(name, args=[world.course.pk, key])).status_code == 403


@pytest.mark.parametrize("person", ["sunil", "tara"])
def test_an_administrator_who_supervises_or_treats_sees_the_alerts_of_those_they_read(
    world: World, person: str
) -> None:
    browser = signed_in(
        with_roles(
            getattr(world.cast, person),
            "administrator",
            {"sunil": "supervisor", "tara": "therapist"}[person],
        )
    )
    page = browser.get(reverse("clients:detail", args=[world.cast.maya.pk])).content.decode()
    assert "Open alert: item 9 scored 2" in page


def test_the_page_of_a_client_is_the_same_to_an_administrator_with_and_without_an_alert(world: World) -> None:
    ada = signed_in(world.cast.ada)
    addresses = [
        reverse("clients:detail", args=[world.cast.maya.pk]),
        reverse("courses:detail", args=[world.course.pk]),
        reverse("courses:move", args=[world.course.pk]),
        reverse("sessions:book", args=[world.course.pk]),
        "/clinic/",
        "/find/?q=Maya",
    ]
    before = [_bare(ada.get(address)) for address in addresses]
    with as_owner():
        world.alert.delete()
    assert [_bare(ada.get(address)) for address in addresses] == before


def _bare(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_a_supervisor_who_is_one_no_longer_reads_nothing_though_they_deputise_elsewhere(world: World) -> None:
    with as_owner():
        people.supervises(world.cast.dana, world.cast.olga, deputy=world.cast.sunil)
    sunil = signed_in(with_roles(world.cast.sunil, "therapist"))
    assert sunil.get(reverse("courses:detail", args=[world.course.pk])).status_code == 404
    assert "Fielding" not in sunil.get("/supervisees/").content.decode()


def test_a_deputy_reads_and_writes_nothing_while_the_supervisor_is_away(world: World) -> None:
    today = timezone.localdate()
    with as_owner():
        world.cast.sunil.leave.create(starts_on=today, ends_on=today, cover=world.cast.dana)
        world.share()
    dana = signed_in(world.cast.dana)
    answers = statuses(dana, world.course.pk, world.signed.pk, world.alert.pk)
    assert answers["sessions:detail"][0] == answers["outcomes:alert"][0] == 200
    assert {answers[name][1] for name in UNDER_A_COURSE if name != "sessions:contact"} <= {403, 405}
    assert (
        "Wistful words"
        in dana.get(reverse("sessions:detail", args=[world.course.pk, world.signed.pk])).content.decode()
    )


# --- The end ----------------------------------------------------------------------------------------------------------


def test_an_ended_course_is_read_for_ninety_days_and_written_no_more(world: World) -> None:
    with as_owner():
        Note.objects.filter(signed_at=None).delete()
        world.course.status, world.course.ended_on = "ended", timezone.localdate()
        world.course.save()
        world.course.allocations.update(ends_at=timezone.now() + timedelta(days=90))
    tara = signed_in(world.cast.tara)
    answers = statuses(tara, world.course.pk, world.signed.pk, world.alert.pk)
    assert answers["sessions:detail"][0] == 200
    for name in UNDER_A_COURSE:
        assert answers[name][1] in (403, 404, 405), name
    for name in ("allocate", "focus", "programme", "move", "end"):
        assert tara.post(reverse(f"courses:{name}", args=[world.course.pk])).status_code == 403, name
    assert tara.post(reverse("clients:edit", args=[world.cast.maya.pk])).status_code == 403
    with as_owner():
        world.course.allocations.update(ends_at=timezone.now())
    assert statuses(tara, world.course.pk, world.signed.pk, world.alert.pk)["sessions:detail"][0] == 404


def test_who_may_no_longer_sign_in_is_out_at_the_next_request(world: World) -> None:
    tara = signed_in(world.cast.tara)
    assert tara.get("/today/").status_code == 200
    with as_owner():
        world.cast.tara.is_active = False
        world.cast.tara.save()
    assert tara.get("/today/").status_code == 302
    assert (
        tara.post(
            reverse("sessions:draft", args=[world.course.pk, world.to_log.pk]), {"work": "x"}
        ).status_code
        == 302
    )
    act_as(world.cast.tara.pk)
    assert not Note.objects.exists()
    assert not Reflection.objects.exists()
