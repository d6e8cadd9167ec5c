"""The expected course from the clinic's own archive. Every band is worked out by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.models import Course
from outcomes.archive import refresh_expected
from outcomes.models import ExpectedBand, ExpectedModel, Response
from sessions.models import TherapySession
from staff.models import LastRun
from tests.cast import Cast, client_named, course_for, system_person
from tests.roles import as_owner

_places = count()  # no two at one time: they have one therapist
BEGAN = timezone.make_aware(datetime(2026, 1, 5, 10))


def archive(cast: Cast, courses: Sequence[tuple[int, ...]], *, status: str = "ended") -> None:
    """Ended courses with these PHQ-9 scores: the first at the assessment, then one at each weekly session."""
    with as_owner():
        system_person()
        for place, scores in zip(_places, courses, strict=False):
            course = course_for(
                client_named(f"Past{place}", "Client"),
                None,
                status=status,
                referred_on=BEGAN.date(),
                ended_on=BEGAN.date() + timedelta(days=200) if status == "ended" else None,
            )
            begins = BEGAN + timedelta(minutes=10 * place)
            TherapySession.objects.bulk_create(
                TherapySession(
                    course=course,
                    client_id=course.client_id,
                    therapist=cast.olga,
                    booked_by=cast.olga,
                    starts_at=begins + timedelta(weeks=number),
                    ends_at=begins + timedelta(weeks=number, minutes=5),
                    minutes=5,
                    attendance="5",
                    attendance_at=begins,
                    attendance_by=cast.olga,
                    number=number,
                    phase="initial",
                )
                for number in range(1, len(scores))
            )
            Response.objects.bulk_create(
                Response(
                    course=course,
                    measure="phq9",
                    instrument_version="1",
                    answers=[None] * 9,
                    total=total,
                    is_total_only=True,
                    came="paper",
                    taken_at=begins + timedelta(weeks=number),
                    entered_by=cast.olga,
                )
                for number, total in enumerate(scores)
            )


def bands() -> list[tuple[str, int, int, int, int, int, int, bool]]:
    with as_owner():
        rows = ExpectedBand.objects.order_by("model", "measure", "baseline_low", "session_number")
        return [
            (
                one.measure,
                one.baseline_low,
                one.baseline_high,
                one.session_number,
                one.courses,
                int(one.low),
                int(one.high),
                one.is_pooled,
            )
            for one in rows
        ]


def refresh() -> str:
    said = StringIO()
    call_command("expected", stdout=said)
    return said.getvalue()


# Thirty courses that began at 17: at session 1 all have 16; at session 2 they have 1 to 30, cut at 27. The tenth percentile is
# the third lowest of thirty, the ninetieth the twenty-seventh.
THIRTY = [(17, 16, min(place, 27)) for place in range(1, 31)]


def test_of_thirty_courses_eight_in_ten_lie_from_the_third_to_the_twenty_seventh(cast: Cast) -> None:
    archive(cast, THIRTY)
    refresh()
    assert bands() == [
        ("phq9", 15, 19, 1, 30, 16, 16, False),
        ("phq9", 15, 19, 2, 30, 3, 27, False),
    ]


def test_of_twenty_nine_courses_there_is_no_band(cast: Cast) -> None:
    archive(cast, THIRTY[:29])
    assert "Too few for a band" in refresh()
    assert bands() == []
    with as_owner():
        assert ExpectedModel.objects.count() == 0


def test_with_too_few_of_their_own_the_adjacent_starts_help_and_it_is_said(cast: Cast) -> None:
    # Twenty began at 17 and ten at 12, each with 9 at both sessions: neither band has thirty, together they have.
    archive(cast, [(17, 9, 9)] * 20 + [(12, 9, 9)] * 10)
    refresh()
    assert bands() == [
        ("phq9", 10, 14, 1, 30, 9, 9, True),
        ("phq9", 10, 14, 2, 30, 9, 9, True),
        ("phq9", 15, 19, 1, 30, 9, 9, True),
        ("phq9", 15, 19, 2, 30, 9, 9, True),
    ]


def test_only_ended_courses_with_two_sessions_count(cast: Cast) -> None:
    archive(cast, THIRTY[:29])
    archive(cast, [(17, 16)])  # one session
    archive(cast, [(17, 16, 12)], status="in_treatment")
    assert refresh().startswith("29 ended courses")
    assert bands() == []


def test_a_follow_up_after_the_last_session_is_left_out(cast: Cast) -> None:
    archive(cast, [(17, 16, 9)] * 30)
    with as_owner():
        for course in Course.objects.filter(status="ended"):
            Response.objects.create(
                course=course,
                measure="phq9",
                instrument_version="1",
                answers=[None] * 9,
                total=2,
                is_total_only=True,
                came="paper",
                taken_at=BEGAN + timedelta(weeks=20),
                entered_by=cast.olga,
            )
    refresh()
    assert bands()[-1] == ("phq9", 15, 19, 2, 30, 9, 9, False)


def test_a_score_that_was_entered_in_error_is_left_out(cast: Cast) -> None:
    archive(cast, THIRTY)
    with as_owner():
        some = Response.objects.filter(total=17).order_by("pk").values("pk")[:1]
        Response.objects.filter(pk__in=some).update(
            in_error_at=timezone.now(), in_error_by=cast.olga, in_error_reason="Another client's."
        )
    refresh()
    # That course now begins at session 1 with 16, in the same band: thirty all the same.
    assert bands()[0] == ("phq9", 15, 19, 1, 30, 16, 16, False)


def test_run_twice_it_adds_nothing_and_with_a_new_course_a_new_model(cast: Cast) -> None:
    archive(cast, THIRTY)
    assert "keeps 2 bands" in refresh()
    assert "says the same already" in refresh()
    archive(cast, [(17, 16, 12)])
    assert "keeps 2 bands" in refresh()
    with as_owner():
        assert ExpectedModel.objects.count() == 2


def test_where_most_courses_are_gone_the_last_model_stands(cast: Cast) -> None:
    archive(cast, THIRTY)
    with as_owner():
        ExpectedModel.objects.create(courses=100, digest="x")
    with pytest.raises(RuntimeError, match="only 30 ended courses are seen"):
        refresh_expected(at=timezone.now())
    assert bands() == []


def test_remind_makes_it_anew_once_a_week(cast: Cast) -> None:
    archive(cast, THIRTY)
    call_command("remind", stdout=StringIO())
    archive(cast, [(17, 16, 12)])
    call_command("remind", stdout=StringIO())
    with as_owner():
        assert ExpectedModel.objects.count() == 1
        LastRun.objects.filter(name__startswith="expected").update(ran_at=timezone.now() - timedelta(days=8))
    call_command("remind", stdout=StringIO())
    with as_owner():
        assert ExpectedModel.objects.count() == 2
