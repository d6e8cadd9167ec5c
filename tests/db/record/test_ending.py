"""The ending of a course: counted down, looked back on, written in versions, and not disturbed by what comes after it."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.meanwhile import Seen, Stale
from audit.acting import act_as
from audit.models import Event
from courses.actions import end_course
from courses.ending import Countdown, countdown, save_ending, what_it_says
from courses.models import Contract, Course, EndingPlan, Goal
from outcomes.models import GoalRating
from record.ending import review_of
from tests.cast import Cast, answered, client_named, course_for, held_session
from tests.db.caseload.reading import spread
from tests.roles import as_owner


def ago(days: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def treated(cast: Cast, sessions: int, *, phq9: tuple[int, ...] = (), **fields: Any) -> Course:
    """Weekly sessions, the last one two days ago; a PHQ-9 at each as far as there are totals."""
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(
            status="in_treatment",
            referred_on=timezone.localdate() - timedelta(days=300),
            started_on=ago(2 + 7 * (sessions - 1)).date() if sessions else None,
            **fields,
        )
        for number in range(1, sessions + 1):
            session = held_session(cast.course, cast.tara, ago(2 + 7 * (sessions - number)), number)
            if number <= len(phq9):
                answered(session, "phq9", spread(phq9[number - 1]))
    act_as(cast.tara.pk)
    return Course.objects.get(pk=cast.course.pk)


def page_of(client: Browser, person: Any, course: Course, rest: str = "") -> str:
    client.force_login(person)
    response = client.get(f"/courses/{course.pk}/ending/{rest}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


# --- The count --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attended", "planned", "words", "near"),
    [
        (0, 16, "16 sessions left", False),
        (11, 16, "5 sessions left", False),
        (12, 16, "4 sessions left", True),
        (15, 16, "The last session is next", True),
        (16, 16, "No session is left: the last one planned was held", True),
        (18, 16, "18 sessions held, 2 more than planned", True),
        (3, None, "No number of sessions is agreed, 3 sessions held", False),
        (1, None, "No number of sessions is agreed, 1 session held", False),
    ],
)
def test_what_is_left_is_said_in_words(attended: int, planned: int | None, words: str, near: bool) -> None:
    count = Countdown(attended, planned)
    assert (count.words, count.is_near) == (words, near)


def test_maintenance_is_counted_down_only_where_a_contract_names_a_number(cast: Cast) -> None:
    with as_owner():
        course = course_for(client_named("Mona", "Ward"), cast.tara, "maintenance", status="in_treatment")
    assert countdown(course, attended=10).left is None
    assert countdown(course, attended=10, agreed=12).left == 2


def test_missed_and_follow_up_sessions_do_not_count_down(cast: Cast, client: Browser) -> None:
    course = treated(cast, 12)
    with as_owner():
        held_session(course, cast.tara, ago(1), None, kind="follow_up", appointment_type="06")
        Contract.objects.create(
            course=course,
            number=1,
            planned_sessions=16,
            ends_on=date(2027, 1, 4),
            agreed_on=timezone.localdate(),
            agreed_by=cast.tara,
        )
    page = page_of(client, cast.tara, course)
    assert "<strong>4 sessions left</strong>, ending in sight on Mon 4 Jan 2027." in page
    assert "12 of 16 held" in page


@pytest.mark.parametrize(("held", "stands"), [(11, False), (12, True)])
def test_the_course_page_counts_down_from_four(cast: Cast, client: Browser, held: int, stands: bool) -> None:
    course = treated(cast, held)
    client.force_login(cast.tara)
    page = client.get(f"/courses/{course.pk}/").content.decode()
    assert ("4 sessions left" in page) is stands
    assert (f'/courses/{course.pk}/ending/">Ending<span' in page) is stands


def test_a_course_that_has_ended_says_when_and_why_in_plain_words(cast: Cast, client: Browser) -> None:
    course = treated(cast, 16)
    end_course(course=course, reason_code="46", on=timezone.localdate(), to="ended", by=cast.tara)
    page = page_of(client, cast.tara, course)
    assert "Ended on " in page
    assert "Completed, agreed by both." in page
    assert "sessions left" not in page


# --- First and last ---------------------------------------------------------------------------------------------------


def test_the_first_and_the_last_score_stand_beside_one_another(cast: Cast, client: Browser) -> None:
    course = treated(cast, 4, phq9=(20, 15, 11, 7))
    page = page_of(client, cast.tara, course)
    assert "20, severe" in page
    assert "7, mild" in page
    assert "PHQ-9 down 13" in page
    assert "Reliable recovery" in page
    assert "If it has not helped" not in page


def test_follow_up_does_not_disturb_the_last_treatment_score(cast: Cast, client: Browser) -> None:
    course = treated(cast, 4, phq9=(20, 15, 11, 7))
    end_course(course=course, reason_code="46", on=timezone.localdate(), to="follow_up", by=cast.tara)
    with as_owner():
        after = held_session(course, cast.tara, ago(0), None, kind="follow_up", appointment_type="06")
        answered(after, "phq9", spread(19))
    act_as(cast.tara.pk)
    review = review_of(Course.objects.get(pk=course.pk), cast.tara)
    assert [(line.name, line.first, line.last, line.change) for line in review.symptoms] == [
        ("PHQ-9", "20, severe", "7, mild", "PHQ-9 down 13")
    ]
    assert review.outcome == "Reliable recovery"
    assert review.count.attended == 4


def test_where_it_has_not_helped_the_treatment_failed_and_not_the_client(cast: Cast, client: Browser) -> None:
    course = treated(cast, 4, phq9=(20, 19, 19, 18))
    page = page_of(client, cast.tara, course)
    assert f"<strong>the treatment has failed, not {cast.maya.called}</strong>" in page
    for option in ("Another therapy", "Medication", "More sessions"):
        assert option in page


@pytest.mark.parametrize("totals", [(), (20,)])
def test_without_two_scores_nothing_is_said_to_have_failed(
    cast: Cast, client: Browser, totals: tuple[int, ...]
) -> None:
    course = treated(cast, 4, phq9=totals)
    assert "If it has not helped" not in page_of(client, cast.tara, course)


def test_goals_stand_with_their_first_and_last_rating(cast: Cast, client: Browser) -> None:
    course = treated(cast, 4)
    with as_owner():
        goal = Goal.objects.create(
            course=course, text="Go back to the choir", agreed_on=ago(30).date(), agreed_by=cast.tara
        )
        for days, value in ((30, 2), (15, 4), (2, 7)):
            GoalRating.objects.create(
                goal=goal, course=course, value=value, rated_on=ago(days).date(), entered_by=cast.tara
            )
    page = page_of(client, cast.tara, course)
    assert "Go back to the choir" in page
    assert "2 → 7 of 10" in page


# --- What is written --------------------------------------------------------------------------------------------------


def test_the_first_words_are_version_one_and_a_change_is_the_next(cast: Cast) -> None:
    course = treated(cast, 13)
    first = save_ending(course=course, changes={"feelings": "Sad to stop.\r\nProud too."}, by=cast.tara)
    assert (first.number, first.feelings, first.what_changed) == (1, "Sad to stop.\nProud too.", "")
    second = save_ending(
        course=course,
        changes={"early_signs": "Not answering calls."},
        by=cast.tara,
        seen=Seen(what_it_says(first), {}),
    )
    assert (second.number, second.feelings, second.early_signs) == (
        2,
        "Sad to stop.\nProud too.",
        "Not answering calls.",
    )
    assert list(EndingPlan.objects.order_by("number").values_list("early_signs", flat=True)) == [
        "",
        "Not answering calls.",
    ]


def test_words_that_nobody_changed_make_no_version(cast: Cast) -> None:
    course = treated(cast, 13)
    first = save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)
    again = save_ending(
        course=course, changes={"feelings": " Sad. "}, by=cast.tara, seen=Seen(what_it_says(first), {})
    )
    assert again.pk == first.pk


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({}, "what_changed", "Write at least one part"),
        ({"feelings": "  \n"}, "what_changed", "Write at least one part"),
        ({"feelings": "x" * 4001}, "feelings", "longer than 4,000"),
        ({"feelings": "a\x00b"}, "feelings", "NUL"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    cast: Cast, changes: dict[str, str], field: str, words: str
) -> None:
    course = treated(cast, 13)
    with pytest.raises(ValidationError) as refusal:
        save_ending(course=course, changes=changes, by=cast.tara)
    assert words in refusal.value.message_dict[field][0]


def test_who_saves_second_is_told_and_loses_nothing(cast: Cast) -> None:
    course = treated(cast, 13)
    save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)
    with pytest.raises(Stale):
        save_ending(
            course=course,
            changes={"feelings": "Glad."},
            by=cast.tara,
            seen=Seen(dict.fromkeys(EndingPlan.PARTS, ""), {"feelings": "Glad."}),
        )
    assert EndingPlan.objects.count() == 1


def test_an_ended_course_keeps_what_was_written(cast: Cast) -> None:
    course = treated(cast, 16)
    end_course(course=course, reason_code="46", on=timezone.localdate(), to="ended", by=cast.tara)
    with pytest.raises(ValidationError):
        save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)


def test_a_version_says_what_it_changed(cast: Cast, client: Browser) -> None:
    course = treated(cast, 13)
    with as_owner():
        for number, words in ((1, "Sad."), (2, "Sad, and proud.")):
            EndingPlan.objects.create(course=course, number=number, feelings=words, written_by=cast.tara)
    page = page_of(client, cast.tara, course)
    assert "Version 2, written" in page
    assert "Sad, and proud." in page
    page = page_of(client, cast.tara, course, "2/")
    assert "Changed in this version" in page
    assert "<p>Sad.</p>" in page
    client.force_login(cast.tara)
    assert client.get(f"/courses/{course.pk}/ending/3/").status_code == 404


def test_without_a_word_the_page_says_how_to_begin(cast: Cast, client: Browser) -> None:
    course = treated(cast, 2)
    assert "Begin about four sessions before the last" in page_of(client, cast.tara, course)
    assert "once the therapist has written it" in page_of(client, cast.sunil, course)


def test_each_look_is_on_the_trail(cast: Cast, client: Browser) -> None:
    course = treated(cast, 2)
    page_of(client, cast.tara, course)
    page_of(client, cast.tara, course, "edit/")
    with as_owner():
        said = set(Event.objects.filter(course_id=course.pk).values_list("what", flat=True))
    assert {"Ending of a course", "Page to write the ending"} <= said


def test_behind_the_second_wall_nobody_else_reads_or_writes_it(cast: Cast) -> None:
    course = treated(cast, 13)
    save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)
    for person, rows in ((cast.tara, 1), (cast.sunil, 1), (cast.lena, 1), (cast.olga, 0), (cast.ada, 0)):
        act_as(person.pk)
        assert EndingPlan.objects.count() == rows, person
    for person in (cast.sunil, cast.lena, cast.olga, cast.ada):
        act_as(person.pk)
        with pytest.raises(ProgrammingError, match="row-level security"):
            _forge(course, person)
    act_as(cast.tara.pk)
    with pytest.raises(ProgrammingError, match="row-level security"):
        _forge(course, cast.olga)


def test_what_is_written_is_never_changed(cast: Cast) -> None:
    course = treated(cast, 13)
    save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        EndingPlan.objects.update(feelings="Glad.")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        EndingPlan.objects.all()._raw_delete("default")


def test_two_versions_have_two_numbers_and_neither_is_empty(cast: Cast) -> None:
    course = treated(cast, 13)
    save_ending(course=course, changes={"feelings": "Sad."}, by=cast.tara)
    with pytest.raises(IntegrityError, match="one_ending_plan_a_number"), transaction.atomic():
        EndingPlan.objects.create(course=course, number=1, feelings="Glad.", written_by=cast.tara)
    with pytest.raises(IntegrityError, match="ending_plan_says_something"), transaction.atomic():
        EndingPlan.objects.create(course=course, number=2, written_by=cast.tara)


def _forge(course: Course, person: Any) -> None:
    with transaction.atomic():
        EndingPlan.objects.create(course=course, number=9, feelings="Forged.", written_by=person)


def test_forty_versions_cost_as_many_questions_as_one(cast: Cast, client: Browser) -> None:
    course = treated(cast, 13, phq9=(20, 10))
    client.force_login(cast.tara)
    counts = []
    for first, last in ((1, 2), (2, 41)):
        with as_owner():
            for number in range(first, last):
                EndingPlan.objects.create(course=course, number=number, feelings="Sad.", written_by=cast.tara)
        client.get(f"/courses/{course.pk}/ending/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/courses/{course.pk}/ending/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
