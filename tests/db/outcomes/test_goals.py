"""Goals in the client's own words: agreed, rated for a day, ended, and what a page says of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from access.refusals import refused
from audit.acting import act_as
from courses.goal_actions import agree_goal, end_goal
from courses.models import Goal
from outcomes.entry_actions import rate_goals
from outcomes.goals import goals_of
from outcomes.models import GoalRating
from tests.browsing import form_with
from tests.cast import Cast, answered, held_session
from tests.roles import as_owner


def address(cast: Cast) -> str:
    return f"/courses/{cast.course.pk}/goals/"


def opened(client: Browser, cast: Cast) -> str:
    client.force_login(cast.tara)
    return client.get(address(cast)).content.decode()


def agreed(cast: Cast, text: str) -> Goal:
    act_as(cast.tara.pk)
    return agree_goal(course=cast.course, text=text, agreed_on=timezone.localdate(), by=cast.tara)


def rated(cast: Cast, goal: Goal, value: int, days_ago: int) -> Any:
    act_as(cast.tara.pk)
    day = timezone.localdate() - timedelta(days=days_ago)
    return rate_goals(course=cast.course, ratings={goal.pk: value}, rated_on=day, by=cast.tara)


def test_a_goal_is_agreed_rated_and_ended_as_a_browser_does_it(client: Browser, cast: Cast) -> None:
    page = opened(client, cast)
    assert "No goals yet" in page
    answer = client.post(address(cast), form_with(page, "text") | {"text": ["See Ruth again"]}, follow=True)
    page = answer.content.decode()
    assert "The goal is agreed." in page
    with as_owner():
        goal = Goal.objects.get(course=cast.course)
    assert (goal.text, goal.position, goal.agreed_by) == ("See Ruth again", 1, cast.tara)
    form = form_with(page, f"goal_{goal.pk}")
    assert form[f"goal_{goal.pk}"] == [""]
    page = client.post(address(cast), form | {f"goal_{goal.pk}": ["2"]}, follow=True).content.decode()
    assert "2 of 10" in page
    end = {"act": "end", "goal": str(goal.pk)}
    page = client.post(address(cast), end, follow=True).content.decode()
    assert "The goal has ended. Its ratings stay." in page
    assert "2 of 10" in page
    again = client.post(address(cast), end)
    assert "This goal has ended already." in again.content.decode()


def test_the_change_is_said_in_numbers_and_of_one_day_the_last_rating_stands(cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    assert goals_of(cast.course, cast.tara)[0].change == "Not rated yet"
    rated(cast, goal, 2, 14)
    assert goals_of(cast.course, cast.tara)[0].change == "2 of 10"
    rated(cast, goal, 9, 0)
    rated(cast, goal, 5, 0)
    (line,) = goals_of(cast.course, cast.tara)
    assert (line.change, line.values) == ("2 → 5 of 10", [2, 5])


def test_the_same_rating_sent_twice_is_one(cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    assert len(rated(cast, goal, 3, 0)) == 1
    assert rated(cast, goal, 3, 0) == []
    with as_owner():
        assert GoalRating.objects.count() == 1


def test_a_fourth_goal_and_the_same_goal_again_are_refused(client: Browser, cast: Cast) -> None:
    agreed(cast, "See Ruth again")
    with pytest.raises(ValidationError, match="agreed already"):
        agreed(cast, "  see  ruth again ")
    second = agreed(cast, "Sleep")
    agreed(cast, "Work")
    with pytest.raises(ValidationError, match="Three goals are agreed already"):
        agreed(cast, "Sing")
    end_goal(goal=second, by=cast.tara)
    assert agreed(cast, "Sing").position == 2
    assert "End one before you agree another" in opened(client, cast)


@pytest.mark.parametrize("odd", ["11", "-1", "²", "9" * 400, "five", "\x00"])
def test_a_rating_out_of_range_is_refused_and_the_others_stay(client: Browser, cast: Cast, odd: str) -> None:
    first, second = agreed(cast, "See Ruth again"), agreed(cast, "Sleep")
    form = form_with(opened(client, cast), f"goal_{first.pk}")
    form |= {f"goal_{first.pk}": [odd], f"goal_{second.pk}": ["7"]}
    page = client.post(address(cast), form).content.decode()
    assert "choose an answer from 0 to 10" in page
    assert form_with(page, f"goal_{first.pk}")[f"goal_{second.pk}"] == ["7"]
    with as_owner():
        assert not GoalRating.objects.exists()


def test_no_goal_is_rated_or_agreed_for_a_day_ahead(client: Browser, cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    tomorrow = f"{timezone.localdate() + timedelta(days=1)}"
    page = opened(client, cast)
    form = form_with(page, f"goal_{goal.pk}") | {f"goal_{goal.pk}": ["4"], "rated_on": [tomorrow]}
    refused_page = client.post(address(cast), form).content.decode()
    assert "lies ahead" in refused_page
    assert form_with(refused_page, f"goal_{goal.pk}")[f"goal_{goal.pk}"] == ["4"]
    form = form_with(page, "text") | {"text": ["Sleep"], "agreed_on": [tomorrow]}
    refused_page = client.post(address(cast), form).content.decode()
    assert "lies ahead" in refused_page
    assert form_with(refused_page, "text")["text"] == ["Sleep"]


def test_nothing_rated_is_said_and_not_saved(client: Browser, cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    form = form_with(opened(client, cast), f"goal_{goal.pk}")
    assert "Rate at least one goal" in client.post(address(cast), form).content.decode()


@pytest.mark.parametrize("key", ["", "x", "\x00", "6a4b6a84-16b5-4774-8c7a-8ac98199bf58"])
def test_no_goal_ends_that_is_not_of_this_course(client: Browser, cast: Cast, key: str) -> None:
    client.force_login(cast.tara)
    answer = client.post(address(cast), {"act": "end", "goal": key})
    assert "Choose one of the goals on this page." in answer.content.decode()


def test_the_supervisor_reads_goals_and_changes_none(client: Browser, cast: Cast) -> None:
    agreed(cast, "See Ruth again")
    client.force_login(cast.sunil)
    page = client.get(address(cast)).content.decode()
    assert "See Ruth again" in page
    assert '<form method="post"' not in page.split("<main")[1]
    assert client.post(address(cast), {"act": "agree", "text": "Sing"}).status_code == 403


def test_the_words_of_a_goal_and_its_rating_stay_as_they_were_written(cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    (rating,) = rated(cast, goal, 4, 0)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError), refused():
        Goal.objects.filter(pk=goal.pk).update(text="Something else")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        GoalRating.objects.filter(pk=rating.pk).update(value=9)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select value from outcomes_goalrating")
        assert cursor.fetchone() == (4,)


def test_the_course_page_says_how_near_each_goal_is_and_leads_to_them(client: Browser, cast: Cast) -> None:
    goal = agreed(cast, "See Ruth again")
    agreed(cast, "Sleep through")
    for value, days in ((2, 14), (9, 3), (5, 3)):
        rated(cast, goal, value, days)
    client.force_login(cast.tara)
    page = client.get(f"/courses/{cast.course.pk}/").content.decode()
    assert "See Ruth again" in page
    assert "2 → 5 of 10" in page
    assert "Not rated yet" in page
    assert f'href="{address(cast)}"' in page
    client.force_login(cast.ada)
    assert "See Ruth again" not in client.get(f"/courses/{cast.course.pk}/").content.decode()


def test_each_number_on_the_course_page_opens_its_questionnaire(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        response = answered(session, "gad7", [1] * 7)
    client.force_login(cast.tara)
    page = client.get(f"/courses/{cast.course.pk}/").content.decode()
    assert f'<a href="/courses/{cast.course.pk}/measures/{response.pk}/">7, mild</a>' in page
