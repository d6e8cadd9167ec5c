"""What a client does at a link, from opening it to the thanks, and what stands in the record then."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from courses.models import Goal
from outcomes import by_link
from outcomes.models import Alert, ClinicWording, GoalRating, Link, Response
from tests import cast as people
from tests.cast import Cast
from tests.db.outcomes.by_link import Phone, words_of
from tests.roles import as_owner

GAD7_FROM = 11  # behind nine questions of the PHQ-9 and the one beside it


@pytest.fixture(autouse=True)
def _somebody_tells(db: None) -> None:
    """The system person, whom a flush takes."""
    with as_owner():
        people.system_person()


@pytest.fixture
def link(cast: Cast) -> tuple[Link, str]:
    with as_owner():
        return people.link_for(cast.course, cast.tara)


@pytest.fixture
def phone(link: tuple[Link, str]) -> Phone:
    phone = Phone()
    phone.enter(link[1])
    return phone


def response(measure: str = "phq9") -> Response:
    with as_owner():
        return Response.objects.get(measure=measure)


def fresh(link: Link) -> Link:
    with as_owner():
        return Link.objects.get(pk=link.pk)


def test_nothing_about_the_client_is_shown_before_the_date_of_birth(link: tuple[Link, str]) -> None:
    phone = Phone()
    phone.open(link[1])
    page = words_of(phone.get("/q/"))
    assert "Your date of birth" in page
    assert "You have 5 tries" in page
    for name in ("May", "Maya", "Fielding", "session", "PHQ", "17 May", "1990"):
        assert name not in page
    for address in ("/q/1/", "/q/9/help/", "/q/review/", "/q/finished/"):
        assert phone.get(address).headers["Location"] == "/q/"


def test_after_it_the_client_is_greeted_by_the_name_they_want_and_no_other(
    phone: Phone, link: tuple[Link, str]
) -> None:
    page = words_of(phone.get("/q/"))
    assert "Hello May" in page
    assert "17 questions" in page
    assert "Fielding" not in page
    assert "Maya" not in page
    assert "1990" not in page


def test_each_answer_is_in_the_record_as_soon_as_it_is_given(phone: Phone, cast: Cast) -> None:
    assert phone.answer(1, 2).headers["Location"] == "/q/2/"
    assert response().answers == [2, None, None, None, None, None, None, None, None]
    assert (response().total, response().came, response().entered_by) == (None, "link", None)
    assert phone.answer(2, 3).headers["Location"] == "/q/3/"
    assert response().answers[:3] == [2, 3, None]
    assert response().course_id == cast.course.pk


def test_a_form_filled_in_to_its_end(phone: Phone, link: tuple[Link, str]) -> None:
    phone.answer_all([1, 2, 3, 0, 1, 2, 3, 1, 0, 2])
    last = phone.answer_all([1, 1, 1, 1, 1, 1, 3], first=GAD7_FROM)
    assert last.headers["Location"] == "/q/review/"
    assert "You have answered every question" in words_of(phone.get("/q/review/"))
    assert phone.finish().headers["Location"] == "/q/finished/"
    thanks = phone.get("/q/finished/")
    assert "Thank you, May" in words_of(thanks)
    assert thanks.cookies["link"].value == ""
    assert (response().total, response().unscored, response("gad7").total) == (13, 2, 9)
    ended = fresh(link[0])
    assert ended.end_reason == "finished"
    assert ended.finished_at
    assert ended.ended_at
    steps = [ended.opened_at, ended.confirmed_at, ended.begun_at, ended.last_answer_at, ended.finished_at]
    assert sorted(filter(None, steps)) == steps


def test_a_question_may_be_left_out_and_the_total_stays_away(phone: Phone) -> None:
    phone.answer(1, 2)
    assert phone.leave_out(2).headers["Location"] == "/q/3/"
    phone.answer_all([1] * 7, first=3)
    page = words_of(phone.get("/q/review/"))
    assert "2 Feeling down, depressed, or hopeless" in page
    phone.finish()
    assert response().answers == [2, None, 1, 1, 1, 1, 1, 1, 1]
    assert response().total is None


def test_an_answer_may_be_taken_back_by_leaving_it_out(phone: Phone) -> None:
    phone.answer(1, 2)
    phone.leave_out(1)
    assert response().answers[0] is None


def test_going_back_shows_what_was_saved(phone: Phone) -> None:
    phone.answer(1, 2)
    page = phone.get("/q/1/").content.decode()
    assert 'value="2" checked' in page
    assert "✓ Saved" in page
    assert 'href="/q/1/">Back' in phone.get("/q/2/").content.decode()
    phone.answer(1, 0)
    assert response().answers[0] == 0


def test_each_page_says_where_one_is_and_that_nobody_watches(phone: Phone) -> None:
    page = words_of(phone.get("/q/3/"))
    assert "Question 3 of 17. Nobody watches this form live. If you need help now:" in page
    for line in ("999", "NHS 111 option 2", "Samaritans 116 123", "text SHOUT to 85258"):
        assert line in page
    assert "Trouble falling or staying asleep, or sleeping too much" in page


def test_without_an_answer_the_page_asks_again_and_nothing_is_kept(phone: Phone) -> None:
    again = phone.answer(1, "")
    assert again.status_code == 200
    assert "Choose an answer" in words_of(again)
    with as_owner():
        assert not Response.objects.exists()


def test_how_difficult_it_was_is_asked_only_where_there_was_a_problem(phone: Phone) -> None:
    assert phone.answer_all([0] * 9).headers["Location"] == "/q/11/"
    assert phone.get("/q/10/").headers["Location"] == "/q/11/"
    assert 'href="/q/9/">Back' in phone.get("/q/11/").content.decode()
    assert phone.answer(1, 1).headers["Location"] == "/q/2/"
    assert phone.get("/q/10/").status_code == 200
    phone.answer(10, 3)
    assert response().unscored == 3
    phone.answer(1, 0)
    assert response().unscored is None


# --- Safety -----------------------------------------------------------------------------------------------------------


def test_help_is_shown_at_once_after_the_ninth_answer_and_the_alert_is_there(
    phone: Phone, cast: Cast
) -> None:
    phone.answer_all([1] * 8)
    assert phone.answer(9, 1).headers["Location"] == "/q/9/help/"
    with as_owner():
        alert = Alert.objects.get()
    assert (alert.item, alert.value, alert.course_id, alert.raised_by) == (9, 1, cast.course.pk, None)
    page = words_of(phone.get("/q/9/help/"))
    for line in (
        "999",
        "NHS 111, option 2",
        "Samaritans 116 123",
        "SHOUT to 85258",
        "nobody watches this form live",
    ):
        assert line in page
    assert 'href="/q/10/"' in phone.get("/q/9/help/").content.decode()


def test_the_therapist_is_told_in_the_same_moment(phone: Phone, cast: Cast) -> None:
    phone.answer(9, 3)
    with as_owner():
        told = {(each.person.full_name, each.stage) for each in Alert.objects.get().told.all()}
    assert ("Tara Tree", "first") in told
    assert ("Sunil Super", "supervisor") in told


def test_the_answer_and_its_alert_stand_also_where_nobody_could_be_told(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The mail falls due again within five minutes; the client's answer would be lost for good."""

    def broken(alerts: object, *, at: object) -> None:
        raise RuntimeError("no mail today")

    monkeypatch.setattr(by_link, "tell_now", broken)
    assert phone.answer(9, 2).headers["Location"] == "/q/9/help/"
    with as_owner():
        assert Alert.objects.get().value == 2
    assert "Nobody was told at once" in caplog.text
    phone.answer(1, 1)
    assert response().answers == [1, *[None] * 7, 2]


def test_help_is_shown_again_at_the_end(phone: Phone) -> None:
    phone.answer(9, 2)
    phone.finish()
    page = words_of(phone.get("/q/finished/"))
    assert "Samaritans 116 123" in page
    assert "NHS 111, option 2" in page


def test_a_ninth_answer_of_not_at_all_shows_no_help_page(phone: Phone) -> None:
    assert phone.answer(9, 0).headers["Location"] == "/q/11/"
    phone.finish()
    assert "NHS 111, option 2" not in words_of(phone.get("/q/finished/"))


def test_lowering_the_answer_leaves_the_alert_open(phone: Phone) -> None:
    phone.answer(9, 2)
    phone.answer(9, 0)
    phone.leave_out(9)
    with as_owner():
        alert = Alert.objects.get()
    assert alert.closed_at is None
    assert response().answers[8] is None
    phone.finish()
    assert "NHS 111, option 2" in words_of(phone.get("/q/finished/"))


def test_the_sixth_item_of_the_core_10_does_the_same(cast: Cast) -> None:
    with as_owner():
        _, token = people.link_for(cast.course, cast.tara, ["core10"])
    phone = Phone()
    phone.enter(token)
    assert "I made plans to end my life" in words_of(phone.get("/q/6/"))
    assert phone.answer(6, 1).headers["Location"] == "/q/6/help/"
    with as_owner():
        assert Alert.objects.get().item == 6


# --- Other questionnaires ---------------------------------------------------------------------------------------------


def _wording(cast: Cast) -> None:
    ClinicWording.objects.create(
        measure="wsas",
        number=1,
        stem="A stem of our own.",
        items=[f"Our item {number}" for number in range(1, 6)],
        labels=["Not at all", "", "", "", "", "", "", "", "Very much"],
        licence="By letter of 3 May.",
        entered_by=cast.ada,
    )


def test_the_wsas_is_asked_in_the_clinics_words_alone(cast: Cast) -> None:
    with as_owner():
        _, token = people.link_for(cast.course, cast.tara, ["wsas", "gad7"])
    phone = Phone()
    phone.enter(token)
    assert "Question 1 of 7" in words_of(phone.get("/q/1/"))
    with as_owner():
        _wording(cast)
    page = words_of(phone.get("/q/1/"))
    assert "Question 1 of 12" in page
    assert "Our item 1" in page
    assert "A stem of our own." in page
    assert "Not at all" in page
    assert "Very much" in page
    assert "retired" in page
    assert "retired" not in words_of(phone.get("/q/2/"))


def test_without_work_the_total_is_out_of_32(cast: Cast) -> None:
    with as_owner():
        _wording(cast)
        _, token = people.link_for(cast.course, cast.tara, ["wsas"])
    phone = Phone()
    phone.enter(token)
    phone.answer(1, "none")
    phone.answer_all([8, 7, 6, 5], first=2)
    form = response("wsas")
    assert (form.without_work, form.answers, form.total, form.out_of) == (True, [None, 8, 7, 6, 5], 26, 32)
    assert form.instrument_version == "1+clinic-1"
    assert 'value="none" checked' in phone.get("/q/1/").content.decode()
    assert "every question" in words_of(phone.get("/q/review/"))
    phone.answer(1, 8)
    assert (response("wsas").without_work, response("wsas").total) == (False, 34)


def test_the_question_of_loneliness_stands_beside_its_score(cast: Cast) -> None:
    with as_owner():
        _, token = people.link_for(cast.course, cast.tara, ["ucla3"])
    phone = Phone()
    phone.enter(token)
    phone.answer_all([1, 2, 3, 5])
    assert (response("ucla3").total, response("ucla3").unscored) == (6, 5)


def test_goals_that_are_open_are_rated_from_0_to_10(cast: Cast) -> None:
    today = timezone.localdate()
    with as_owner():
        agreed: dict[str, Any] = {"course": cast.course, "agreed_on": today, "agreed_by": cast.tara}
        swim = Goal.objects.create(text="Swim every week", position=1, **agreed)
        Goal.objects.create(text="Long gone", position=2, ended_at=timezone.now(), **agreed)
        Goal.objects.create(
            text="Somebody else's", course=cast.others_course, agreed_on=today, agreed_by=cast.olga
        )
        _, token = people.link_for(cast.course, cast.tara, ["goals"])
    phone = Phone()
    phone.enter(token)
    page = words_of(phone.get("/q/1/"))
    assert "Swim every week" in page
    assert "Question 1 of 1" in page
    assert "Long gone" not in page
    phone.answer(1, 4)
    phone.answer(1, 10)
    assert phone.answer(1, 11).status_code == 200
    with as_owner():
        ratings = list(GoalRating.objects.values_list("goal", "value", "rated_on", "came", "entered_by"))
    assert ratings == [(swim.pk, 4, today, "link", None), (swim.pk, 10, today, "link", None)]
    assert 'value="10" checked' in phone.get("/q/1/").content.decode()


# --- Half done, and the trail -----------------------------------------------------------------------------------------


def test_who_left_goes_on_in_another_browser_after_the_date_of_birth(
    phone: Phone, link: tuple[Link, str]
) -> None:
    phone.answer_all([1, 1, 1])
    other = Phone()
    other.open(link[1])
    assert other.get("/q/4/").headers["Location"] == "/q/"
    other.confirm()
    page = words_of(other.get("/q/"))
    assert "3 of 17 answered and saved" in page
    assert "Go on with question 4" in page
    other.answer(4, 2)
    assert response().answers[:5] == [1, 1, 1, 2, None]
    assert phone.get("/q/4/").content.decode().count(" checked") == 1


def test_the_trail_knows_what_was_done_and_that_nobody_here_did_it(phone: Phone, cast: Cast) -> None:
    phone.answer_all([1] * 10)
    phone.finish()
    with as_owner():
        rows = list(Event.objects.filter(user=None).order_by("at"))
        whats = [(event.action, event.what) for event in rows]
    assert whats == [
        ("read", "Opened by link with the date of birth"),
        ("create", "Began the PHQ-9 by link"),
        ("change", "Finished the questionnaires by link"),
    ]
    assert {event.course_id for event in rows} == {cast.course.pk}
    assert {event.client_id for event in rows} == {cast.maya.pk}


def test_who_is_signed_in_in_the_same_browser_has_no_part_in_it(link: tuple[Link, str], cast: Cast) -> None:
    from django.db import connection

    phone = Phone()
    phone.browser.force_login(cast.lena)
    phone.enter(link[1])
    phone.answer(9, 1)
    page = phone.get("/q/1/").content.decode()
    assert "Lena" not in page
    assert "Sign out" not in page
    assert "mainnav" not in page
    assert response().entered_by is None
    with as_owner(), connection.cursor() as cursor:
        assert not Event.objects.filter(user=cast.lena, course_id=cast.course.pk).exists()
        cursor.execute(
            "SELECT count(*) FROM pghistory_context WHERE metadata::text LIKE %s", [f"%{cast.lena.pk}%"]
        )
        assert cursor.fetchone() == (0,)


def test_a_complete_score_counts_when_the_link_is_finished(cast: Cast) -> None:
    with as_owner():
        cast.course.status, cast.course.started_on = "in_treatment", timezone.localdate() - timedelta(days=40)
        cast.course.save()
        held = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=35), 1)
        first = people.answered(held, "phq9", [1] * 9)
        people.note_of(held)
        Response.objects.filter(pk=first.pk).update(locked_at=timezone.now())
        _, token = people.link_for(cast.course, cast.tara, ["phq9"])
    phone = Phone()
    phone.enter(token)
    phone.answer_all([3] * 8)
    phone.answer(9, 0)
    phone.finish()
    with as_owner():
        signal = cast.course.signals.get()
    assert (signal.measure, signal.score, signal.reviewed_at) == ("phq9", 24, None)


def test_a_page_asks_the_same_few_things_whatever_was_answered(
    phone: Phone, django_assert_max_num_queries: Any
) -> None:
    """Savepoint and role of the transaction, the link's identity twice, the visit, the answers, the clinic's name."""
    with django_assert_max_num_queries(9):
        phone.get("/q/1/")
    phone.answer_all([1] * 12)
    with django_assert_max_num_queries(9):
        phone.get("/q/12/")
