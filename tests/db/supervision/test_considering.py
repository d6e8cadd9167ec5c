"""A flag can be answered and never hidden: what was considered stands beside it, until a day, and a new reason asks anew."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation, Course
from staff.models import User
from supervision.considering import consider_flag, standing_answers
from supervision.flags import BY_SLUG
from supervision.models import FlagAnswer
from tests.cast import Cast, client_named, course_for, held_session
from tests.roles import as_owner


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def course(cast: Cast) -> Course:
    """Of Tara's, in treatment, with two sessions without a questionnaire, allocated three days ago."""
    with as_owner():
        course = course_for(client_named("Ruth", "Linley"), cast.tara, status="in_treatment")
        Allocation.objects.filter(course=course).update(starts_at=timezone.now() - timedelta(days=3))
        for number in (1, 2):
            held_session(course, cast.tara, timezone.now() - timedelta(days=20 - 7 * number), number)
    return course


def considered(
    course: Course, by: User, slug: str = "measure", subject: UUID | None = None, **given: object
) -> FlagAnswer:
    act_as(by.pk)
    words = {"reason": "Asked on paper.", "until": today() + timedelta(days=7), **given}
    return consider_flag(course=course, flag=BY_SLUG[slug], subject=subject or course.pk, by=by, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [0, 1, 90])
def test_until_today_or_ninety_days_ahead(cast: Cast, course: Course, days: int) -> None:
    answer = considered(course, cast.sunil, until=today() + timedelta(days=days))
    assert answer.until == today() + timedelta(days=days)
    assert standing_answers(cast.sunil, [course.pk], on=today()) != {}


@pytest.mark.parametrize(("days", "words"), [(-1, "has passed"), (91, "At most 90 days ahead")])
def test_neither_a_day_that_has_passed_nor_more_than_ninety_days(
    cast: Cast, course: Course, days: int, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        considered(course, cast.sunil, until=today() + timedelta(days=days))
    assert FlagAnswer.objects.count() == 0


def test_an_answer_says_why(cast: Cast, course: Course) -> None:
    with pytest.raises(ValidationError, match="Say what you considered"):
        considered(course, cast.sunil, reason="  ")


@pytest.mark.parametrize("slug", ["risk", "contact"])
def test_an_alert_cannot_be_considered_away(cast: Cast, course: Course, slug: str) -> None:
    with pytest.raises(ValidationError, match="answered on its own page"):
        considered(course, cast.sunil, slug)


def test_a_flag_that_is_not_up_is_not_considered(cast: Cast, course: Course) -> None:
    with pytest.raises(ValidationError, match="no longer up"):
        considered(course, cast.sunil, "ending")
    with pytest.raises(ValidationError, match="no longer up"):
        considered(course, cast.sunil, subject=uuid4())


@pytest.mark.parametrize("name", ["olga", "ada", "nadia", "dana"])
def test_who_does_not_read_the_course_considers_nothing(cast: Cast, course: Course, name: str) -> None:
    with pytest.raises(ValidationError):
        considered(course, getattr(cast, name))
    assert FlagAnswer.objects.count() == 0


def test_the_newest_answer_counts_and_ends_with_its_day(cast: Cast, course: Course) -> None:
    considered(course, cast.sunil, until=today() + timedelta(days=30))
    considered(course, cast.tara, until=today() + timedelta(days=2), reason="Sent by post.")
    key = (course.pk, "measure", course.pk)
    answers = standing_answers(cast.sunil, [course.pk], on=today() + timedelta(days=2))
    assert (answers[key].by, answers[key].reason) == ("Tara Tree", "Sent by post.")
    assert standing_answers(cast.sunil, [course.pk], on=today() + timedelta(days=3)) == {}


@pytest.mark.parametrize("name", ["olga", "ada"])
def test_no_stranger_reads_what_was_considered(cast: Cast, course: Course, name: str) -> None:
    considered(course, cast.sunil)
    reader = getattr(cast, name)
    act_as(reader.pk)
    assert FlagAnswer.objects.count() == 0


def test_the_wall_refuses_an_answer_in_another_name_and_a_change(cast: Cast, course: Course) -> None:
    answer = considered(course, cast.sunil)
    with pytest.raises(DatabaseError), transaction.atomic():
        FlagAnswer.objects.create(
            course=course, flag="measure", subject=course.pk, reason="Mine.", until=today(), by=cast.tara
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        FlagAnswer.objects.filter(pk=answer.pk).update(reason="Otherwise.")
    with pytest.raises(DatabaseError), transaction.atomic():
        FlagAnswer.objects.filter(pk=answer.pk).delete()
    act_as(cast.olga.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        FlagAnswer.objects.create(
            course=course, flag="measure", subject=course.pk, reason="Mine.", until=today(), by=cast.olga
        )


# --- On the pages


def page(client: Browser, person: User, address: str) -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_proposes_the_day_of_the_next_review(client: Browser, cast: Cast, course: Course) -> None:
    html = page(client, cast.sunil, f"/courses/{course.pk}/flags/measure/{course.pk}/")
    assert "No PHQ-9 or GAD-7 at sessions 1 and 2." in html
    assert f'value="{today() + timedelta(days=28):%Y-%m-%d}"' in html


def test_an_answer_stands_on_the_review_and_on_the_therapists_today(
    client: Browser, cast: Cast, course: Course
) -> None:
    client.force_login(cast.sunil)
    until = today() + timedelta(days=7)
    answer = client.post(
        f"/courses/{course.pk}/flags/measure/{course.pk}/",
        {"reason": "She answers on paper.", "until": f"{until:%Y-%m-%d}"},
    )
    assert answer.status_code == 302
    words = f"considered by Sunil Super until {until.day} {until:%b}"
    assert words in page(client, cast.sunil, "/supervision/")
    for address in ("/today/", "/attention/measure/", "/supervision/flags/measure/"):
        html = page(client, cast.tara, address)
        assert words in html
        assert "She answers on paper." in html


def test_a_day_too_far_ahead_keeps_the_words(client: Browser, cast: Cast, course: Course) -> None:
    client.force_login(cast.sunil)
    far = today() + timedelta(days=91)
    answer = client.post(
        f"/courses/{course.pk}/flags/measure/{course.pk}/",
        {"reason": "She answers on paper.", "until": f"{far:%Y-%m-%d}"},
    )
    assert answer.status_code == 200
    assert "At most 90 days ahead" in answer.content.decode()
    assert "She answers on paper." in answer.content.decode()


def test_there_is_no_form_for_an_alert_nor_for_a_rule_that_is_none(
    client: Browser, cast: Cast, course: Course
) -> None:
    client.force_login(cast.sunil)
    for slug in ("risk", "contact", "nonsense"):
        assert client.get(f"/courses/{course.pk}/flags/{slug}/{course.pk}/").status_code == 404


def test_a_flag_that_went_meanwhile_says_so(client: Browser, cast: Cast, course: Course) -> None:
    html = page(client, cast.sunil, f"/courses/{course.pk}/flags/ending/{course.pk}/")
    assert "no longer up" in html
    assert 'name="reason"' not in html
