"""When a score asks for a review: one signal a rule, one open one a measure, and what becomes of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Course
from outcomes.models import ExpectedBand, ExpectedModel, Response, Signal
from outcomes.signals import raise_signals, review_signal
from sessions.actions import sign_session
from tests.cast import Cast, answered, held_session, session_of
from tests.db.caseload.reading import spread, words
from tests.db.sessions.written import typed
from tests.roles import as_owner


def ago(days: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def form_of(course: Course, cast: Cast, total: int, days: int, measure: str = "phq9") -> Response:
    """A total copied from paper, so many days ago."""
    items = 9 if measure == "phq9" else 7
    with as_owner():
        return Response.objects.create(
            course=course,
            measure=measure,
            instrument_version="1",
            answers=[None] * items,
            total=total,
            is_total_only=True,
            came="paper",
            taken_at=ago(days),
            entered_by=cast.tara,
        )


@pytest.fixture
def treated(cast: Cast) -> Course:
    """Four weekly sessions, the last one a week ago; the programme plans sixteen."""
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        for number, days in ((1, 28), (2, 21), (3, 14), (4, 7)):
            held_session(cast.course, cast.tara, ago(days), number)
    act_as(cast.tara.pk)
    cast.course.refresh_from_db()
    return cast.course


def band(low: int, high: int, session: int, *, limit: int, measure: str = "phq9") -> ExpectedBand:
    with as_owner():
        model = ExpectedModel.objects.create(courses=40, digest="x")
        return ExpectedBand.objects.create(
            model=model,
            measure=measure,
            baseline_low=low,
            baseline_high=high,
            session_number=session,
            courses=34,
            low=5,
            high=limit,
        )


def raised(course: Course) -> list[tuple[str, str, int, int, int, int]]:
    """Measure, rule, session, first score, score and limit of every signal of the course, the oldest first."""
    with as_owner():
        rows = Signal.objects.filter(course=course).order_by("raised_at", "measure")
        return [
            (one.measure, one.rule, one.session_number, one.baseline, one.score, int(one.limit or 0))
            for one in rows
        ]


def ask(course: Course) -> None:
    raise_signals(course.pk, at=timezone.now())


# --- Each rule raises one ---------------------------------------------------------------------------------------------


def test_six_points_more_than_at_the_start_ask_for_a_review_at_any_session(
    cast: Cast, treated: Course
) -> None:
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 20, 7)
    ask(treated)
    assert raised(treated) == [("phq9", "worsening", 4, 14, 20, 19)]


def test_five_points_more_ask_for_nothing(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 14, 27)
    form_of(treated, cast, 19, 7)
    ask(treated)
    assert raised(treated) == []


def test_a_score_above_the_band_names_the_model_it_was_compared_with(cast: Cast, treated: Course) -> None:
    it = band(15, 19, 4, limit=16)
    form_of(treated, cast, 18, 30)
    form_of(treated, cast, 17, 7)
    ask(treated)
    assert raised(treated) == [("phq9", "expected", 4, 18, 17, 16)]
    with as_owner():
        assert Signal.objects.get().model_id == it.model_id


def test_where_there_is_a_band_the_weeks_are_not_asked(cast: Cast, treated: Course) -> None:
    band(15, 19, 4, limit=18)
    form_of(treated, cast, 18, 35)
    form_of(treated, cast, 18, 0)
    ask(treated)
    assert raised(treated) == []


def test_little_change_after_four_to_six_weeks_asks_once(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 18, 35)
    form_of(treated, cast, 14, 4)
    ask(treated)
    assert raised(treated) == [("phq9", "weeks", 4, 18, 14, 13)]
    with as_owner():
        (signal,) = Signal.objects.all()
    review_signal(signal=signal, considered=["dose"], plan="Weekly from now on.", by=cast.tara)
    form_of(treated, cast, 14, 0)
    ask(treated)
    assert len(raised(treated)) == 1


def test_no_reliable_improvement_by_mid_course_asks_at_session_eight_of_sixteen(cast: Cast) -> None:
    course = cast.course
    with as_owner():
        Course.objects.filter(pk=course.pk).update(status="in_treatment")
        for number in range(1, 9):
            held_session(course, cast.tara, ago(70 - 7 * number), number)
    act_as(cast.tara.pk)
    form_of(course, cast, 18, 65)
    form_of(course, cast, 15, 21)  # session 7
    ask(course)
    assert raised(course) == []
    form_of(course, cast, 13, 14)  # session 8, five below the first
    form_of(course, cast, 9, 65, "gad7")
    form_of(course, cast, 5, 14, "gad7")  # four below: reliable
    ask(course)
    assert raised(course) == [("phq9", "mid_course", 8, 18, 13, 12)]


# --- One open one a measure -------------------------------------------------------------------------------------------


def test_each_measure_asks_by_itself_and_once_while_it_is_open(cast: Cast, treated: Course) -> None:
    for measure, first, last in (("phq9", 14, 21), ("gad7", 8, 13)):
        form_of(treated, cast, first, 30, measure)
        form_of(treated, cast, last, 7, measure)
    ask(treated)
    ask(treated)
    form_of(treated, cast, 24, 1)
    ask(treated)
    assert [row[:2] for row in raised(treated)] == [("gad7", "worsening"), ("phq9", "worsening")]


def test_of_two_who_raise_it_at_once_the_second_finds_it_there(
    cast: Cast, treated: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 21, 7)
    ask(treated)
    # As the other one saw the course, a moment before.
    monkeypatch.setattr("outcomes.signals._signals_of", lambda course: [])
    ask(treated)
    assert len(raised(treated)) == 1


def test_once_answered_the_same_score_does_not_ask_again_and_the_next_one_does(
    cast: Cast, treated: Course
) -> None:
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 21, 7)
    ask(treated)
    with as_owner():
        signal = Signal.objects.get()
    review_signal(signal=signal, considered=["life_events"], plan="Look at the move again.", by=cast.tara)
    ask(treated)
    assert len(raised(treated)) == 1
    form_of(treated, cast, 22, 1)
    ask(treated)
    assert [row[4] for row in raised(treated)] == [21, 22]


def test_a_struck_score_asks_nothing_and_does_not_stand_in_the_way(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 14, 30)
    wrong = form_of(treated, cast, 24, 7)
    ask(treated)
    with as_owner():
        Response.objects.filter(pk=wrong.pk).update(
            in_error_at=timezone.now(), in_error_by=cast.tara, in_error_reason="It says 14."
        )
        assert Signal.objects.open().standing().count() == 0
    form_of(treated, cast, 20, 6)
    ask(treated)
    with as_owner():
        assert [signal.score for signal in Signal.objects.open().standing()] == [20]
        closed = Signal.objects.exclude(reviewed_at=None).get()
    assert closed.plan == "The score behind this signal was entered in error."
    assert closed.reviewed_by is not None
    assert closed.reviewed_by.is_system


@pytest.mark.parametrize("status", ["follow_up", "ended"])
def test_a_course_whose_treatment_is_over_is_not_asked(cast: Cast, treated: Course, status: str) -> None:
    with as_owner():
        Course.objects.filter(pk=treated.pk).update(
            status=status, ended_on=ago(0).date() if status == "ended" else None
        )
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 24, 0)
    ask(treated)
    assert raised(treated) == []


def test_an_old_form_that_is_entered_late_asks_nothing(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 10, 7)
    form_of(treated, cast, 22, 14)
    ask(treated)
    assert raised(treated) == []


def test_an_incomplete_form_asks_nothing(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 10, 30)
    with as_owner():
        session = session_of(treated, cast.tara, ago(1))
        answered(session, "phq9", [3, 3, 3, 3, 3, 3, 3, None, 0])
    ask(treated)
    assert raised(treated) == []


def test_what_is_still_being_typed_asks_nothing_and_signing_it_does(cast: Cast, treated: Course) -> None:
    form_of(treated, cast, 10, 30)
    with as_owner():
        session = session_of(treated, cast.tara, ago(1))
        answered(session, "phq9", spread(20))
    ask(treated)
    assert raised(treated) == []
    sign_session(
        session=session,
        by=cast.tara,
        **typed(
            answers={"phq9": spread(20)},
            words={"week": "A bad week.", "risk_answer": "unchanged"},
        ),
    )
    assert raised(treated) == [("phq9", "worsening", 5, 10, 20, 15)]


# --- The answer ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def signal(cast: Cast, treated: Course) -> Signal:
    form_of(treated, cast, 14, 30)
    form_of(treated, cast, 21, 7)
    ask(treated)
    with as_owner():
        return Signal.objects.get()


def address(signal: Signal) -> str:
    return f"/courses/{signal.course_id}/signals/{signal.pk}/"


def test_its_page_names_the_rule_and_the_numbers_and_never_says_stop(
    client: Browser, cast: Cast, signal: Signal
) -> None:
    client.force_login(cast.tara)
    said = words(client.get(address(signal)))
    assert "Reliable worsening" in said
    assert "PHQ-9 21 at session 4, 7 above the first score of 14" in said
    assert "Some people respond late" in said
    assert "First score 14 Now 21 Asks above 19" in said
    for word in ("stop", "low risk", "high risk", "prognosis"):
        assert word not in said.lower()


def test_its_page_says_with_how_many_courses_it_was_compared(
    client: Browser, cast: Cast, treated: Course
) -> None:
    band(15, 19, 4, limit=16)
    form_of(treated, cast, 18, 30)
    form_of(treated, cast, 17, 7)
    ask(treated)
    with as_owner():
        signal = Signal.objects.get()
    client.force_login(cast.tara)
    said = words(client.get(address(signal)))
    assert "34 ended courses that began from 15 to 19: eight in ten had 5 to 16 at session 4." in said
    assert "made of 40 courses" in said


def test_it_is_answered_with_what_was_considered_and_the_plan(
    client: Browser, cast: Cast, signal: Signal
) -> None:
    client.force_login(cast.sunil)
    sent = {"considered": ["alliance", "focus"], "plan": "Ask Tara to bring a recording."}
    assert client.post(address(signal), sent).status_code == 302
    said = words(client.get(address(signal)))
    assert "by Sunil" in said
    assert "Considered: The working alliance, The focus Ask Tara to bring a recording." in said
    with as_owner():
        assert Event.objects.filter(what="Reviewed a signal", user_id=cast.sunil.pk).count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"plan": "Go on."}, "Tick what you considered."),
        ({"considered": ["risk"], "plan": "  "}, "Say what the plan is."),
    ],
)
def test_half_an_answer_is_no_answer_and_keeps_what_was_typed(
    client: Browser, cast: Cast, signal: Signal, sent: Any, sentence: str
) -> None:
    client.force_login(cast.tara)
    answer = client.post(address(signal), sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    if "considered" not in sent:
        assert "Go on.</textarea>" in answer.content.decode()
    with as_owner():
        assert Signal.objects.get().reviewed_at is None


def test_the_second_of_two_is_told_and_keeps_the_words(client: Browser, cast: Cast, signal: Signal) -> None:
    act_as(cast.sunil.pk)
    review_signal(signal=signal, considered=["risk"], plan="Ring the GP.", by=cast.sunil)
    client.force_login(cast.tara)
    said = words(client.post(address(signal), {"considered": ["dose"], "plan": "Twice a week."}))
    assert "reviewed this on" in said
    assert "Nothing was changed." in said
    assert "What you wrote, not saved Twice a week." in said
    assert "Ring the GP." in said


def test_a_review_without_a_plan_is_refused_by_the_action_too(cast: Cast, signal: Signal) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Say what the plan is"):
        review_signal(signal=signal, considered=["risk"], plan=" ", by=cast.tara)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("tara", 200),
        ("olga", 404),
        ("sunil", 200),
        ("dana", 404),
        ("ada", 403),
        ("lena", 200),
        ("nadia", 404),
    ],
)
def test_therapist_supervisor_and_lead_answer_it(
    client: Browser, cast: Cast, signal: Signal, who: str, answer: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(signal)).status_code == answer


@pytest.mark.parametrize(
    ("who", "where"), [("tara", "/today/"), ("tara", "/caseload/"), ("sunil", "/supervisees/")]
)
def test_an_open_signal_stands_in_the_lists_until_it_is_answered(
    client: Browser, cast: Cast, signal: Signal, who: str, where: str
) -> None:
    client.force_login(getattr(cast, who))
    assert "Not on track" in words(client.get(where))
    act_as(cast.tara.pk)
    review_signal(signal=signal, considered=["risk"], plan="Ring the GP.", by=cast.tara)
    client.force_login(getattr(cast, who))
    assert "Not on track" not in words(client.get(where))


def test_today_says_why_in_words(client: Browser, cast: Cast, signal: Signal) -> None:
    client.force_login(cast.tara)
    said = words(client.get("/today/"))
    assert "PHQ-9 21 at session 4, 7 above the first score of 14" in said


def test_the_log_page_names_it_beside_the_scores(client: Browser, cast: Cast, signal: Signal) -> None:
    with as_owner():
        session = session_of(cast.course, cast.tara, ago(0))
    client.force_login(cast.tara)
    said = words(client.get(f"/courses/{cast.course.pk}/sessions/{session.pk}/"))
    assert "Not on track PHQ-9 21 at session 4, 7 above the first score of 14" in said


def test_the_course_page_names_it_and_later_its_answer(client: Browser, cast: Cast, signal: Signal) -> None:
    client.force_login(cast.tara)
    said = words(client.get(f"/courses/{cast.course.pk}/"))
    assert "Not on track Reliable worsening. PHQ-9 21 at session 4" in said
    act_as(cast.tara.pk)
    review_signal(signal=signal, considered=["alliance"], plan="A recording for Sunil.", by=cast.tara)
    client.force_login(cast.tara)
    said = words(client.get(f"/courses/{cast.course.pk}/"))
    assert "Considered: The working alliance. Plan: A recording for Sunil." in said
    assert "Not on track" not in said
