"""What the log page brings together of the work of IPT: what to ask, who came up, tasks of the phase, half-way, the ending."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from courses.models import TaskMark
from sessions.models import Note, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_log import address, days_ago, filled
from tests.db.sessions.test_week import somebody
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def session_number(cast: Cast, number: int, **of_notes: Any) -> TherapySession:
    """The appointment of yesterday, after so many sessions that were held, each with its signed note."""
    with as_owner():
        for one in range(1, number):
            held = people.held_session(cast.course, cast.tara, days_ago(7 * (number - one) + 1), one)
            people.note_of(held, **of_notes)
        return people.session_of(cast.course, cast.tara, days_ago(1))


def shown(tara: Browser, session: TherapySession) -> str:
    answer = tara.get(address(session))
    assert answer.status_code == 200
    return answer.content.decode()


def task(html: str, code: str) -> bool:
    """It can be ticked."""
    return f'name="tasks" value="{code}"' in html


# --- What to ask --------------------------------------------------------------------------------------------------------


def test_the_focus_and_the_phase_say_what_to_ask_and_the_stage_what_to_aim_at(
    cast: Cast, tara: Browser
) -> None:
    session = session_number(cast, 6)
    with as_owner():
        people.agreed_focus(cast.course, "conflict", cast.tara, about="with Tom", stage="impasse")
    html = shown(tara, session)
    assert "To ask in the middle phase" in html
    assert "with Tom. Impasse" in html
    assert "Bring the disagreement into the open, so that talking can begin again." in html
    assert "What do you expect of them, and have you ever said so?" in html


def test_two_foci_have_two_questions_each(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 1)
    with as_owner():
        people.agreed_focus(cast.course, "grief", cast.tara, anniversaries="4 March")
        people.agreed_focus(
            cast.course, "life_change", cast.tara, position=2, old_role="Nurse", new_role="Mother at home"
        )
    prompts = tara.get(address(session)).context["page"].prompts
    assert [(one.heading, one.about, len(one.questions)) for one in prompts] == [
        ("Grief", "Anniversaries: 4 March", 2),
        ("Life change", "Nurse → Mother at home", 2),
    ]


def test_before_a_focus_is_agreed_the_questions_fit_any(cast: Cast, tara: Browser) -> None:
    html = shown(tara, session_number(cast, 1))
    assert "While no focus is agreed" in html
    assert "Who matters to you now, and who knows how you are?" in html


def test_a_session_opens_with_how_things_have_been(cast: Cast, tara: Browser) -> None:
    html = shown(tara, session_number(cast, 2))
    day = timezone.localtime(days_ago(8))
    assert f"How have things been since we met on {day.day} {day:%b}" in html


def test_beside_a_contact_note_nothing_is_asked(cast: Cast, tara: Browser) -> None:
    html = tara.get(f"/courses/{cast.course.pk}/contacts/new/", follow=True).content.decode()
    assert "Last time" in html
    assert "To ask in the" not in html


# --- Who came up --------------------------------------------------------------------------------------------------------


def test_the_people_of_this_client_can_be_ticked_and_nobody_elses(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 1)
    with as_owner():
        somebody(cast.course, cast.tara, "Tom")
        somebody(cast.course, cast.tara, "Gone", removed_at=timezone.now(), removed_by=cast.tara)
        somebody(cast.others_course, cast.olga, "Stranger")
    html = shown(tara, session)
    assert 'data-name="Tom"' in html
    assert 'data-name="Gone"' not in html
    assert "Stranger" not in html


def test_beyond_eight_they_are_a_click_away_and_who_is_ticked_or_in_the_focus_comes_first(
    cast: Cast, tara: Browser
) -> None:
    session = session_number(cast, 1)
    with as_owner():
        crowd = [somebody(cast.course, cast.tara, f"Friend {number}") for number in range(10)]
        somebody(cast.course, cast.tara, "Tom", focus_area="conflict")
    tara.post(address(session, "draft"), filled(people=[str(crowd[9].pk)]))
    offered = tara.get(address(session)).context["page"].people
    assert [one.name for one in offered.at_once[:3]] == ["Friend 9", "Tom", "Friend 0"]
    assert (len(offered.at_once), len(offered.more)) == (8, 3)


def test_somebody_who_was_taken_off_stays_where_they_were_ticked(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 1)
    with as_owner():
        tom = somebody(cast.course, cast.tara, "Tom")
    tara.post(address(session, "draft"), filled(people=[str(tom.pk)]))
    with as_owner():
        tom.removed_at, tom.removed_by = timezone.now(), cast.tara
        tom.save()
    assert 'data-name="Tom"' in shown(tara, session)
    assert (
        tara.post(address(session), filled(act="sign", based_on="1", people=[str(tom.pk)])).status_code == 302
    )
    with as_owner():
        assert Note.objects.get().people == [tom.pk]


# --- Tasks of the phase ---------------------------------------------------------------------------------------------------


def test_a_task_is_ticked_in_the_session_and_done_once_it_is_signed(cast: Cast, tara: Browser) -> None:
    first = session_number(cast, 1)
    html = shown(tara, first)
    assert "Tasks of the initial phase: 9 open" in html
    assert task(html, "initial_timeline")
    assert not task(html, "middle_link")
    tara.post(address(first, "draft"), filled(tasks=["initial_timeline"]))
    with as_owner():
        second = people.session_of(cast.course, cast.tara, days_ago(0, hour=1))
    assert task(shown(tara, second), "initial_timeline")  # a draft ticks nothing
    tara.post(address(first), filled(act="sign", based_on="1", tasks=["initial_timeline"]))
    html = shown(tara, second)
    assert not task(html, "initial_timeline")
    assert "Timeline, session 1" in html
    assert "Tasks of the initial phase: 8 open" in html


def test_what_does_not_apply_says_why_and_what_is_open_from_before_stays_in_reach(
    cast: Cast, tara: Browser
) -> None:
    done = ["initial_symptoms", "initial_sick_role", "initial_explaining", "initial_timeline"]
    done += ["initial_inventory", "initial_focus", "initial_formulation", "initial_contract"]
    session = session_number(cast, 5, tasks=done)
    with as_owner():
        TaskMark.objects.create(
            course=cast.course,
            task="middle_plans",
            state="not_applicable",
            reason="In hospital",
            by=cast.tara,
        )
    html = shown(tara, session)
    assert "Tasks of the middle phase: 3 open, 1 of another phase" in html
    assert task(html, "initial_supports")
    assert "does not apply: In hospital" in html


def test_a_tick_is_not_lost_when_another_phase_is_chosen(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 5)
    sent = filled(phase="initial", phase_reason="One more.", tasks=["middle_link"])
    tara.post(address(session, "draft"), sent)
    html = shown(tara, session)
    assert "Tasks of the initial phase" in html
    assert task(html, "middle_link")


# --- Half-way, and the ending -----------------------------------------------------------------------------------------------


def test_half_way_is_looked_back_on_until_it_was_done(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 8)
    html = shown(tara, session)
    assert "Half-way: a look back together" in html
    assert "session 8 of 16, 8 left" in html
    assert html.count('value="middle_review"') == 1
    tara.post(address(session), filled(act="sign", phase="middle", tasks=["middle_review"]))
    with as_owner():
        ninth = people.session_of(cast.course, cast.tara, days_ago(0, hour=1))
    html = shown(tara, ninth)
    assert "Half-way" not in html
    assert "Mid-point review, session 8" in html


def test_before_half_way_and_in_what_takes_no_number_nothing_prompts(cast: Cast, tara: Browser) -> None:
    assert "Half-way" not in shown(tara, session_number(cast, 7))
    with as_owner():
        review = people.session_of(
            cast.course, cast.tara, days_ago(0, hour=1), kind="assessment", appointment_type="01"
        )
    assert "Half-way" not in shown(tara, review)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (11, ""),
        (12, "After this session 4 are left."),
        (15, "After this session 1 is left."),
        (16, "This is the last session that is planned."),
        (17, "17 sessions held, 1 more than planned."),
    ],
)
def test_the_ending_is_counted_down_from_four_sessions_before(
    cast: Cast, tara: Browser, number: int, words: str
) -> None:
    page = tara.get(address(session_number(cast, number)))
    assert page.context["page"].ending_words == words
    assert words in page.content.decode()


# --- It stays quick -------------------------------------------------------------------------------------------------------


def test_sixty_people_and_ticked_notes_cost_what_one_does(cast: Cast, tara: Browser) -> None:
    session = session_number(cast, 8, tasks=["initial_timeline"], event="Argued", went="done")
    with as_owner():
        somebody(cast.course, cast.tara, "Tom")
    few, _ = queries_of(tara, address(session))
    with as_owner():
        for number in range(70):
            somebody(cast.course, cast.tara, f"Friend {number}")
        for number in range(8, 13):
            held = people.held_session(cast.course, cast.tara, days_ago(100 + number), number)
            people.note_of(held, tasks=["middle_link"])
    many, _ = queries_of(tara, address(session))
    assert len(many) == len(few) <= 40
    html = shown(tara, session)
    assert html.count('name="people"') == 60
