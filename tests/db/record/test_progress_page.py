"""What the course page says of scores: the expected course, how a score came, the measures that the chart does not draw."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.models import Client
from courses.models import Course
from outcomes.models import ExpectedBand, ExpectedModel, Response
from tests.cast import Cast, answered, held_session, link_for
from tests.db.caseload.reading import spread, words
from tests.db.test_query_counts import is_frame
from tests.roles import as_owner


def ago(days: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def form_of(cast: Cast, measure: str, answers: list[int | None], days: int, **fields: Any) -> Response:
    values = {"came": "paper", "is_total_only": False, "entered_by": cast.tara, **fields}
    if "total" not in values:
        values["total"] = None
    return Response.objects.create(
        course=cast.course,
        measure=measure,
        instrument_version="1",
        answers=answers,
        taken_at=ago(days),
        **values,
    )


@pytest.fixture
def treated(cast: Cast) -> Course:
    """PHQ-9 18, 16, 12 and GAD-7 12, 10, 7 over three sessions."""
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        for number, days, phq9, gad7 in ((1, 21, 18, 12), (2, 14, 16, 10), (3, 7, 12, 7)):
            session = held_session(cast.course, cast.tara, ago(days), number)
            answered(session, "phq9", spread(phq9))
            answered(session, "gad7", spread(gad7, 7))
    return cast.course


@pytest.fixture
def expected(treated: Course) -> ExpectedModel:
    with as_owner():
        model = ExpectedModel.objects.create(courses=1204, digest="x")
        ExpectedBand.objects.bulk_create(
            ExpectedBand(
                model=model,
                measure=measure,
                baseline_low=low,
                baseline_high=high,
                session_number=number,
                courses=34 + number,
                low=8 - number,
                high=19 - number,
                is_pooled=number == 4,
            )
            for measure, low, high in (("phq9", 15, 19), ("phq9", 10, 14), ("gad7", 10, 14))
            for number in (1, 2, 3, 4)
        )
    return model


def read(client: Browser, cast: Cast) -> tuple[str, dict[str, Any]]:
    client.force_login(cast.tara)
    page = client.get(f"/courses/{cast.course.pk}/")
    drawn = re.search(
        r'<script id="course-progress" type="application/json">(.*?)</script>', page.content.decode()
    )
    assert drawn is not None
    return words(page), json.loads(drawn.group(1))


def test_the_band_of_this_start_is_drawn_and_stands_in_the_table(
    client: Browser, cast: Cast, expected: ExpectedModel
) -> None:
    said, drawn = read(client, cast)
    assert drawn["band"] == {
        "name": "Expected PHQ-9",
        "points": [
            {"session": 1, "low": 7, "high": 18},
            {"session": 2, "low": 6, "high": 17},
            {"session": 3, "low": 5, "high": 16},
            {"session": 4, "low": 4, "high": 15},
        ],
    }
    assert f"model {expected.pk} of" in said
    assert "Band: where 80% of the clinic’s courses with this PHQ-9 at the start have been" in said
    assert "1,204 courses" in said
    assert "12, moderate expected 5 to 16" in said
    assert "7, mild expected 5 to 16" in said
    assert "4 4 to 15 38, neighbours pooled" in said


def test_without_a_model_no_band_is_spoken_of(client: Browser, cast: Cast, treated: Course) -> None:
    said, drawn = read(client, cast)
    assert drawn["band"] is None
    assert "80%" not in said
    assert "expected" not in said.lower()


def test_a_total_alone_an_estimate_and_a_form_by_link_are_marked(
    client: Browser, cast: Cast, treated: Course
) -> None:
    with as_owner():
        form_of(cast, "phq9", [None] * 9, 5, total=11, is_total_only=True)
        form_of(cast, "core10", [1, 1, 1, 1, 1, 0, 1, 1, 1, None], 4)
        link, _ = link_for(cast.course, cast.tara)
        form_of(cast, "gad7", spread(6, 7), 3, total=6, came="link", link=link, entered_by=None)
    said, _ = read(client, cast)
    assert "11, moderate (total only)" in said
    # Items 2 and 3 are reversed: 1 + 3 + 3 + 1 + 1 + 0 + 1 + 1 + 1 = 12 of nine, 13.3 of ten.
    assert "incomplete, estimated 13" in said
    assert "6, mild (by link)" in said


def test_the_wsas_out_of_32_and_out_of_40_are_two_lines(client: Browser, cast: Cast, treated: Course) -> None:
    with as_owner():
        form_of(cast, "wsas", [5, 5, 5, 5, 5], 20, total=25)
        form_of(cast, "wsas", [4, 4, 4, 4, 4], 13, total=20)
        form_of(cast, "wsas", [None, 3, 3, 3, 3], 6, total=12, without_work=True)
        form_of(cast, "ucla3", [2, 2, 2], 6, total=6)
    said, _ = read(client, cast)
    assert "12 out of 32" in said
    assert "WSAS out of 40" in said
    assert "25 → 20" in said
    assert "WSAS out of 32" in said
    assert "20 → 12" not in said


@pytest.mark.parametrize(("years", "is_said"), [(17, True), (18, False)])
def test_of_a_client_under_18_the_page_says_that_the_bands_are_of_adults(
    client: Browser, cast: Cast, treated: Course, years: int, is_said: bool
) -> None:
    today = timezone.localdate()
    with as_owner():
        born = date(today.year - years, today.month, 1)
        Client.objects.filter(pk=cast.maya.pk).update(date_of_birth=born)
    said, _ = read(client, cast)
    assert ("Cut-offs and bands are for adults (18 and over)." in said) is is_said


def test_every_list_and_the_course_page_say_the_same_words(
    client: Browser, cast: Cast, treated: Course
) -> None:
    # PHQ-9 18 to 12 and GAD-7 12 to 7: six and five points down, still a case by the PHQ-9.
    client.force_login(cast.tara)
    assert "Reliable improvement: PHQ-9 down 6, GAD-7 down 5" in words(client.get(f"/courses/{treated.pk}/"))
    for who, where in (
        ("tara", "/caseload/"),
        ("tara", "/today/"),
        ("sunil", "/supervisees/"),
        ("lena", "/all/"),
    ):
        client.force_login(getattr(cast, who))
        said = words(client.get(where))
        assert "18 → 12" in said, where
        assert "Reliable improvement" in said, where


def test_forty_sessions_with_four_measures_cost_at_most_nine_questions(
    client: Browser, cast: Cast, expected: ExpectedModel
) -> None:
    with as_owner():
        for number in range(4, 41):
            session = held_session(cast.course, cast.tara, ago(400 - number), number + 100)
            forms: dict[str, list[int | None]] = {
                "phq9": spread(12),
                "gad7": spread(8, 7),
                "core10": [1] * 10,
                "wsas": [3] * 5,
            }
            for measure, answers in forms.items():
                answered(session, measure, answers)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert page.status_code == 200
    own = [query["sql"] for query in asked.captured_queries if not is_frame(query["sql"])]
    assert len(own) <= 9, "\n".join(own)


def test_two_forms_of_one_day_are_both_shown(cast: Cast) -> None:
    """A total from paper and answers, both of midday: neither hides the other in the table or on the chart."""
    from record.progress import Form, progress_of

    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    forms = [
        Form(None, "phq9", [None] * 9, 14, noon, is_total_only=True),
        Form(None, "gad7", [1] * 7, 7, noon),
        Form(None, "phq9", [1] * 9, 9, noon),
    ]
    shown = progress_of(cast.course, [], forms)
    assert shown is not None
    said = [[reading.words for reading in one.readings] for one in shown.occasions]
    assert said == [["14, moderate (total only)", "7, mild"], ["9, mild", "not taken"]]
    assert [point["total"] for point in shown.chart["lines"][0]["points"]] == [14, 9]


def test_a_total_of_the_day_stands_beside_the_session_of_the_same_hour(cast: Cast) -> None:
    from record.progress import Form, progress_of

    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with as_owner():
        session = held_session(cast.course, cast.tara, noon, 1)
    forms = [
        Form(None, "phq9", [None] * 9, 14, noon, is_total_only=True),
        Form(session.pk, "phq9", [1] * 9, 9, noon),
    ]
    shown = progress_of(cast.course, [session], forms)
    assert shown is not None
    assert [(one.words, one.readings[0].total) for one in shown.occasions] == [
        ("Between sessions", 14),
        ("Session 1", 9),
    ]
