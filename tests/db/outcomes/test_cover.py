"""What a cover sees of a colleague's client: an open alert, names and contact, the diary and the safety plan, while the leave
and the alert last. No note, no score, no other alert."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from clients.models import Client
from courses.models import Course, Focus
from outcomes.alert_actions import acknowledge_alert, close_alert, raise_alert, record_act
from outcomes.models import Alert, AlertAct, GoalRating, Response, SafetyPlan
from sessions.models import Note, SessionResponse
from staff.models import User
from tests.cast import Cast, agreed_focus, answered, held_session, note_of, person
from tests.roles import as_owner


class World:
    """Tara is on leave today and tomorrow, Cora covers; Maya's course has a note, scores, a focus, a plan, an open alert, a
    closed one and a restricted one."""

    def __init__(self, cast: Cast) -> None:
        today = timezone.localdate()
        self.cast, self.cora = cast, person("Cora Cover", "therapist")
        self.leave = cast.tara.leave.create(
            starts_on=today, ends_on=today + timedelta(days=1), cover=self.cora
        )
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
        response = answered(session, "phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
        note_of(session)
        agreed_focus(cast.course, "grief", cast.tara)
        SafetyPlan.objects.create(course=cast.course, number=1, coping="Walk.", written_by=cast.tara)
        self.alert = Alert.objects.create(course=cast.course, response=response, item=9, value=1)
        self.closed = Alert.objects.create(
            course=cast.course,
            kind="thoughts",
            words="Long ago.",
            raised_by=cast.tara,
            closed_at=timezone.now(),
            closed_by=cast.tara,
            what_was_done="Talked.",
        )
        self.restricted = Alert.objects.create(
            course=cast.course, kind="domestic_abuse", words="Afraid of him.", raised_by=cast.tara
        )

    def seen(self, who: User) -> dict[str, int]:
        """Without any filter: the second wall alone."""
        act_as(who.pk)
        tables = (Client, Course, Note, Response, SessionResponse, Focus, GoalRating, SafetyPlan, Alert)
        return {table.__name__: table.objects.count() for table in tables}

    def page(self, alert: Alert) -> str:
        return f"/courses/{self.cast.course.pk}/alerts/{alert.pk}/"


NOTHING = dict.fromkeys(
    (
        "Client",
        "Course",
        "Note",
        "Response",
        "SessionResponse",
        "Focus",
        "GoalRating",
        "SafetyPlan",
        "Alert",
    ),
    0,
)


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


def test_a_cover_sees_the_client_the_plan_and_the_one_alert(world: World) -> None:
    assert world.seen(world.cora) == NOTHING | {"Client": 1, "Course": 1, "SafetyPlan": 1, "Alert": 1}
    assert Alert.objects.get().pk == world.alert.pk


def test_the_first_wall_says_the_same(world: World) -> None:
    act_as(world.cora.pk)
    for table in (Client, Course, Note, Response, SafetyPlan, Alert):
        assert set(table.objects.visible_to(world.cora)) == set(table.objects.all()), table.__name__


@pytest.mark.parametrize("which", ["over", "not begun"])
def test_the_view_ends_with_the_leave(world: World, which: str) -> None:
    today = timezone.localdate()
    with as_owner():
        shift = -2 if which == "over" else 1
        world.leave.starts_on = today + timedelta(days=shift)
        world.leave.ends_on = world.leave.starts_on + timedelta(days=1)
        world.leave.save()
    assert world.seen(world.cora) == NOTHING


def test_the_view_ends_with_the_alert(world: World) -> None:
    act_as(world.cora.pk)
    close_alert(alert=world.alert, kind="asked", what_was_done="Rang them, safe tonight.", by=world.cora)
    assert world.seen(world.cora) == NOTHING


def test_a_restricted_alert_alone_opens_nothing(world: World) -> None:
    with as_owner():
        world.alert.delete()
    assert world.seen(world.cora) == NOTHING


def test_who_is_deactivated_or_only_administrates_sees_nothing_by_covering(world: World) -> None:
    with as_owner():
        User.objects.filter(pk=world.cora.pk).update(roles=["administrator"])
    act_as(world.cora.pk)
    assert Alert.objects.count() == SafetyPlan.objects.count() == 0
    with as_owner():
        User.objects.filter(pk=world.cora.pk).update(roles=["therapist"], is_active=False)
    assert world.seen(world.cora) == NOTHING


def test_a_cover_answers_the_alert(world: World) -> None:
    act_as(world.cora.pk)
    acknowledge_alert(alert=world.alert, by=world.cora)
    record_act(
        alert=world.alert,
        kind="gp",
        what_was_done="Rang the GP.",
        follow_up_on=timezone.localdate(),
        by=world.cora,
    )
    close_alert(alert=world.alert, kind="plan", what_was_done="Went through the plan.", by=world.cora)
    with as_owner():
        assert list(AlertAct.objects.order_by("at").values_list("kind", "closes")) == [
            ("gp", False),
            ("plan", True),
        ]


def test_a_cover_neither_raises_one_nor_says_that_an_answer_was_typed_in_error(world: World) -> None:
    act_as(world.cora.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        raise_alert(course=world.cast.course, kind="plan", words="Tablets.", by=world.cora)
    with pytest.raises(ValidationError, match="Only an answer"):
        close_alert(alert=world.alert, what_was_done="A slip.", by=world.cora, typed_in_error=True)
    with pytest.raises(ValidationError, match="no longer yours"):
        acknowledge_alert(alert=world.restricted, by=world.cora)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_page_gives_a_cover_the_alert_and_the_contact_and_nothing_else(
    client: Browser, world: World
) -> None:
    with as_owner():
        Client.objects.update(phone="020 7946 0018", emergency_name="Ben Fielding")
    client.force_login(world.cora)
    html = client.get(world.page(world.alert)).content.decode()
    for words in ("1, Several days", "020 7946 0018", "Ben Fielding", "You see this because you cover"):
        assert words in html
    assert "Cora Cover</strong>" in html
    assert "Tara Tree is on leave until" in html
    for closed in ("Earlier answers", "typed in error", "grief", "Grief"):
        assert closed not in html
    for hidden in (world.closed, world.restricted):
        assert client.get(world.page(hidden)).status_code == 404


def test_after_closing_a_cover_is_sent_to_their_own_day(client: Browser, world: World) -> None:
    client.force_login(world.cora)
    typed: dict[str, Any] = {"act": "close", "did-kind": "asked", "did-what_was_done": "Rang them."}
    answer = client.post(world.page(world.alert), typed, follow=True)
    assert answer.redirect_chain[-1][0] == "/today/"
    assert "You no longer see this client’s record" in answer.content.decode()
    assert client.get(world.page(world.alert)).status_code == 404


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("", 200),
        ("safety-plan/", 200),
        ("alerts/new/", 403),
        ("measures/", 403),
        ("goals/", 403),
        ("safety-plan/edit/", 403),
    ],
)
def test_the_other_pages_of_the_course(client: Browser, world: World, place: str, status: int) -> None:
    client.force_login(world.cora)
    assert client.get(f"/courses/{world.cast.course.pk}/{place}").status_code == status
