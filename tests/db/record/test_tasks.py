"""The tasks of the phases: ticked in a signed note or marked by hand, the newer of the two counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from courses.models import Contract, EndingPlan, Formulation, TaskMark
from courses.task_actions import mark_task
from interpersonal.models import Person
from sessions.phase_tasks import mid_point_of, standings_of
from tests.cast import Cast, agreed_focus, held_session, note_of, struck_out
from tests.roles import as_owner


def marked(cast: Cast, task: str = "initial_timeline", state: str = "done", **given: Any) -> TaskMark:
    act_as(cast.tara.pk)
    return mark_task(course=cast.course, task=task, state=state, by=cast.tara, **given)


def stands(cast: Cast, task: str) -> tuple[str, int | None]:
    act_as(cast.tara.pk)
    standing = standings_of(cast.course, cast.tara)[task]
    return standing.state, standing.session


def test_a_task_is_done_on_the_day_that_was_said_or_today(cast: Cast) -> None:
    day = timezone.localdate() - timedelta(days=3)
    assert marked(cast, done_on=day).done_on == day
    assert marked(cast, "initial_focus").done_on == timezone.localdate()
    assert stands(cast, "initial_focus") == ("done", None)


@pytest.mark.parametrize(
    ("task", "state", "given", "words"),
    [
        ("initial_timeline", "not_applicable", {"reason": "  "}, "Say why it does not apply"),
        ("initial_timeline", "half", {}, "Say whether it is done"),
        ("no_such_task", "done", {}, "Choose one of the tasks"),
        ("initial_timeline", "done", {"done_on": timezone.localdate() + timedelta(days=1)}, "lies ahead"),
        ("initial_timeline", "done", {"done_on": timezone.localdate() - timedelta(days=900)}, "came later"),
    ],
)
def test_what_is_no_mark_is_refused(
    cast: Cast, task: str, state: str, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        marked(cast, task, state, **given)


def test_what_was_ticked_in_a_session_names_the_session_until_the_note_is_struck(cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 3)
        note = note_of(session, tasks=["initial_timeline", "a code of another release"])
    assert stands(cast, "initial_timeline") == ("done", 3)
    with as_owner():
        struck_out(note, cast.tara)
    assert stands(cast, "initial_timeline") == ("open", None)


def test_the_newer_of_note_and_mark_counts(cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 3)
        note_of(session, tasks=["initial_timeline"])
    marked(cast, state="open", reason="Left half way.")
    assert stands(cast, "initial_timeline") == ("open", None)
    with as_owner():
        again = held_session(cast.course, cast.tara, timezone.now() - timedelta(hours=2), 4)
        signed = note_of(again, signed=False, tasks=["initial_timeline"])
        signed.signed_at, signed.sha256 = timezone.now() + timedelta(minutes=1), "0" * 64
        signed.risk_answer = "unchanged"
        signed.save()
    assert stands(cast, "initial_timeline")[0] == "done"


def test_the_database_keeps_no_mark_that_is_half(cast: Cast) -> None:
    with as_owner(), pytest.raises(IntegrityError, match="task_mark_is_whole"), transaction.atomic():
        TaskMark.objects.create(course=cast.course, task="end_return", state="done", by=cast.tara)


def test_nobody_else_writes_a_mark_and_nobody_changes_one(cast: Cast) -> None:
    mark = marked(cast)
    for who in (cast.olga, cast.sunil, cast.ada, cast.lena):
        act_as(who.pk)
        with pytest.raises(Exception, match=r"row-level security|permission|yours"), transaction.atomic():
            mark_task(course=cast.course, task="end_return", state="done", by=who)
    act_as(cast.tara.pk)
    for what in (
        "UPDATE courses_taskmark SET state = 'open', done_on = NULL",
        "DELETE FROM courses_taskmark",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(what)
    act_as(cast.ada.pk)
    assert not TaskMark.objects.filter(pk=mark.pk).exists()


def test_the_review_is_due_from_half_way_until_it_is_done(cast: Cast) -> None:
    act_as(cast.tara.pk)
    assert mid_point_of(cast.course, cast.tara, attended=7) is None
    review = mid_point_of(cast.course, cast.tara, attended=8)
    assert review is not None
    assert (review.planned, review.left, review.scores, review.goals) == (16, 8, [], [])
    marked(cast, "middle_review")
    assert mid_point_of(cast.course, cast.tara, attended=9) is None


def test_the_page_marks_says_and_opens_again(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/tasks/"
    page = browser.get(address).content.decode()
    assert "9 open" in page
    assert "initial_contract" in page
    answer = browser.post(address, {"task": "initial_timeline", "state": "not_applicable", "reason": ""})
    assert "Say why it does not apply" in answer.content.decode()
    answer = browser.post(
        address, {"task": "initial_timeline", "state": "not_applicable", "reason": "Did it in 2019."}
    )
    assert answer["Location"] == f"{address}#initial_timeline"
    assert "Did it in 2019." in browser.get(address).content.decode()
    browser.post(address, {"task": "initial_timeline", "state": "open"})
    assert "Open again" not in browser.get(address).content.decode()


def test_what_the_record_shows_is_said_beside_its_task_and_ticks_nothing(cast: Cast) -> None:
    today = timezone.localdate()
    with as_owner():
        Contract.objects.create(
            course=cast.course, number=1, planned_sessions=16, agreed_on=today, agreed_by=cast.tara
        )
        Formulation.objects.create(
            course=cast.course,
            number=1,
            text="It began with the move.",
            agreed_on=today,
            written_by=cast.tara,
        )
        agreed_focus(cast.course, "grief", cast.tara)
        Person.objects.create(
            course=cast.course, name="Tom", relationship="partner", x=10, y=5, added_by=cast.tara
        )
        EndingPlan.objects.create(course=cast.course, number=1, early_signs="No sleep.", written_by=cast.tara)
    browser = Browser()
    browser.force_login(cast.tara)
    html = browser.get(f"/courses/{cast.course.pk}/tasks/").content.decode()
    for words in (
        "There is a contract since",
        "A formulation was agreed on",
        "A focus is agreed since",
        "1 person stands in the circles",
        "It is written on the page of the ending since",
    ):
        assert words in html
    assert html.count("page of the ending since") == 1
    assert "9 open" in html


def test_the_page_asks_as_much_for_one_note_as_for_many(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    with as_owner():
        for number in range(1, 13):
            session = held_session(
                cast.course, cast.tara, timezone.now() - timedelta(days=60 - number), number
            )
            note_of(session, tasks=["initial_timeline", "middle_link"])
    browser = Browser()
    browser.force_login(cast.tara)
    with django_assert_max_num_queries(32):
        assert browser.get(f"/courses/{cast.course.pk}/tasks/").status_code == 200
