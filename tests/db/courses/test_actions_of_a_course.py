"""What is agreed in supervision that somebody does: who owns it, until when, what came of it, and whose turn it is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from access.meanwhile import Seen
from audit.acting import act_as
from courses.action_actions import agree_action, change_action, close_action, owners_of, reopen_action
from courses.models import Allocation, CourseAction
from staff.models import Leave, User
from tests.cast import Cast, supervises
from tests.roles import as_owner


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def agreed(cast: Cast, *, by: User | None = None, **given: Any) -> CourseAction:
    who = by or cast.sunil
    act_as(who.pk)
    values = {"what": "Write to the GP", "owner": cast.tara, "due_on": day(3), **given}
    return agree_action(course=cast.course, by=who, **values)


def whose_turn(user: User) -> list[str]:
    act_as(user.pk)
    rows = CourseAction.objects.open().standing_with(user, at=timezone.now())
    return [action.what for action in rows]


def test_an_action_is_agreed_for_the_therapist_and_stands_with_them(cast: Cast) -> None:
    action = agreed(cast, what="  Write  to the GP ")
    assert (action.what, action.owner, action.agreed_by) == ("Write to the GP", cast.tara, cast.sunil)
    assert whose_turn(cast.tara) == ["Write to the GP"]
    assert whose_turn(cast.sunil) == []


def test_the_supervisor_may_own_one_themself(cast: Cast) -> None:
    agreed(cast, owner=cast.sunil)
    assert whose_turn(cast.sunil) == ["Write to the GP"]
    assert whose_turn(cast.tara) == []


def test_the_deputy_may_own_one_only_while_the_supervisor_is_away(cast: Cast) -> None:
    act_as(cast.sunil.pk)
    assert owners_of(cast.course) == [cast.tara, cast.sunil]
    with pytest.raises(ValidationError, match="Choose the therapist"):
        agreed(cast, owner=cast.dana)
    with as_owner():
        Leave.objects.create(person=cast.sunil, starts_on=day(0), ends_on=day(0), cover=cast.dana)
    assert owners_of(cast.course) == [cast.tara, cast.dana, cast.sunil]
    assert agreed(cast, owner=cast.dana).owner == cast.dana


@pytest.mark.parametrize("name", ["olga", "ada", "lena", "nadia"])
def test_nobody_else_owns_one(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError, match="Choose the therapist"):
        agreed(cast, owner=getattr(cast, name))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"what": "   "}, "Write what is to be done"),
        ({"what": "x" * 301}, "longer than 300"),
        ({"what": "a\x00b"}, "NUL"),
        ({"due_on": day(-1)}, "is past. Choose today or a later day"),
        ({"due_on": day(-4), "held_on": day(-3)}, "lies before the meeting"),
        ({"due_on": day(367)}, "more than a year ahead"),
    ],
)
def test_what_is_no_action_is_refused(cast: Cast, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        agreed(cast, **given)


def test_a_day_from_the_meeting_on_is_no_slip_although_it_is_past_by_now(cast: Cast) -> None:
    """The meeting of Monday is written up on Thursday; the letter was due on Tuesday."""
    assert agreed(cast, due_on=day(-2), held_on=day(-3)).due_on == day(-2)
    assert agreed(cast, due_on=day(-3), held_on=day(-3)).due_on == day(-3)
    assert agreed(cast, due_on=day(0)).due_on == day(0)
    assert agreed(cast, due_on=day(366)).due_on == day(366)


@pytest.mark.parametrize("name", ["tara", "dana", "olga", "ada", "lena"])
def test_only_who_supervises_agrees_one(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError, match="no longer yours"):
        agreed(cast, by=getattr(cast, name))


def test_done_takes_words_or_none_and_dropped_says_why(cast: Cast) -> None:
    first, second = agreed(cast), agreed(cast, what="Ring her sister")
    act_as(cast.tara.pk)
    done = close_action(action=first, outcome="done", by=cast.tara)
    assert (done.outcome, done.words, done.closed_by) == ("done", "", cast.tara)
    with pytest.raises(ValidationError, match="Say why the action is dropped"):
        close_action(action=second, outcome="dropped", words="  ", by=cast.tara)
    with pytest.raises(ValidationError, match="Say whether it is done or dropped"):
        close_action(action=second, outcome="half", by=cast.tara)
    dropped = close_action(action=second, outcome="dropped", words="She has moved.", by=cast.tara)
    assert (dropped.outcome, dropped.words) == ("dropped", "She has moved.")
    assert whose_turn(cast.tara) == []


def test_closing_twice_says_who_did_it_and_changes_nothing(cast: Cast) -> None:
    action = agreed(cast)
    act_as(cast.tara.pk)
    close_action(action=action, outcome="done", words="Sent.", by=cast.tara)
    act_as(cast.sunil.pk)
    with pytest.raises(ValidationError, match="is done already: Tara Tree"):
        close_action(action=action, outcome="dropped", words="Not needed.", by=cast.sunil)
    action.refresh_from_db()
    assert (action.outcome, action.words) == ("done", "Sent.")


def test_what_was_opened_again_keeps_its_history(cast: Cast) -> None:
    action = agreed(cast)
    act_as(cast.tara.pk)
    close_action(action=action, outcome="dropped", words="She declined.", by=cast.tara)
    reopen_action(action=action, by=cast.tara)
    assert whose_turn(cast.tara) == ["Write to the GP"]
    said = [(event.outcome, event.words) for event in action.events.order_by("pgh_id")]
    assert said == [("", ""), ("dropped", "She declined."), ("", "")]
    with pytest.raises(ValidationError, match="open already"):
        reopen_action(action=action, by=cast.tara)


def test_another_day_or_owner_is_agreed_but_what_was_agreed_stays(cast: Cast) -> None:
    action = agreed(cast)
    act_as(cast.tara.pk)
    changed = change_action(action=action, due_on=day(9), owner=cast.sunil, by=cast.tara)
    assert (changed.due_on, changed.owner) == (day(9), cast.sunil)
    with pytest.raises(ValidationError, match="is past"):
        change_action(action=action, due_on=day(-1), owner=cast.tara, by=cast.tara)
    with pytest.raises(ValidationError, match="Choose the therapist"):
        change_action(action=action, due_on=day(9), owner=cast.olga, by=cast.tara)


def test_a_day_that_is_past_may_stay_when_the_owner_changes(cast: Cast) -> None:
    action = agreed(cast, due_on=day(-2), held_on=day(-3))
    act_as(cast.tara.pk)
    assert change_action(action=action, due_on=day(-2), owner=cast.sunil, by=cast.tara).due_on == day(-2)


def test_two_who_change_an_action_at_once_are_told(cast: Cast) -> None:
    action = agreed(cast)
    shown = {"due_on": day(3).isoformat(), "owner": str(cast.tara.pk)}
    act_as(cast.sunil.pk)
    change_action(action=action, due_on=day(5), owner=cast.tara, by=cast.sunil)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Somebody changed this"):
        change_action(
            action=action, due_on=day(7), owner=cast.tara, by=cast.tara, seen=Seen(shown, {"due_on": day(7)})
        )


def test_after_a_hand_over_an_action_falls_to_the_new_therapist(cast: Cast) -> None:
    """Tara's action is not lost: it stands with Olga, who may close it. Tara, who no longer reads the course, sees nothing."""
    action = agreed(cast)
    with as_owner():
        now = timezone.now()
        Allocation.objects.filter(course=cast.course).update(ends_at=now)
        Allocation.objects.create(course=cast.course, therapist=cast.olga, by=cast.lena, starts_at=now)
    assert whose_turn(cast.tara) == []
    assert whose_turn(cast.olga) == ["Write to the GP"]
    assert close_action(action=action, outcome="done", by=cast.olga).closed_by == cast.olga


def test_an_action_of_a_supervisor_whose_line_ended_falls_to_the_therapist(cast: Cast) -> None:
    agreed(cast, owner=cast.sunil)
    with as_owner():
        cast.line.ends_at = timezone.now()
        cast.line.save()
        supervises(cast.dana, cast.tara, starts_at=timezone.now())
    assert whose_turn(cast.sunil) == []
    assert whose_turn(cast.tara) == ["Write to the GP"]


@pytest.mark.parametrize("name", ["olga", "ada", "dana", "nadia"])
def test_who_does_not_read_the_course_closes_nothing(cast: Cast, name: str) -> None:
    action = agreed(cast)
    who = getattr(cast, name)
    act_as(who.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        close_action(action=action, outcome="done", by=who)
    assert not CourseAction.objects.filter(pk=action.pk).exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"what": ""}, "action_says_what"),
        ({"outcome": "done"}, "action_is_open_or_closed"),
        ({"outcome": "dropped", "closed_at": timezone.now(), "closed_by": True}, "dropped_action_says_why"),
    ],
)
def test_the_database_keeps_no_action_that_is_half(
    cast: Cast, fields: dict[str, Any], constraint: str
) -> None:
    values = {"what": "Ring", "owner": cast.tara, "due_on": day(1), "agreed_by": cast.sunil, **fields}
    if "closed_by" in values:
        values["closed_by"] = cast.tara
    with as_owner(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CourseAction.objects.create(course=cast.course, **values)
