"""Entering questionnaires: every measure as a browser sends it, totals from paper, what is refused, what is struck out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from outcomes.entry_actions import enter_measure, strike_response
from outcomes.models import Alert, ClinicWording, Response, Signal
from sessions import measure_actions
from sessions.models import SessionResponse
from tests.browsing import form_with
from tests.cast import Cast, answered, held_session, note_of, session_of
from tests.roles import as_owner

# Each measure with its answers, and by hand what it comes to: total, highest, and the words on the page.
FILLED = {
    "phq9": ([3, 2, 1, 0, 3, 2, 1, 0, 0], "2", 12, "12 of 27, moderate"),
    "gad7": ([3, 3, 3, 3, 3, 3, 3], None, 21, "21 of 21, severe"),
    # Items 2 and 3 count the other way round: 1 + (4 - 0) + (4 - 4) + 2 + 3 + 0 + 4 + 1 + 2 + 3 = 20.
    "core10": ([1, 0, 4, 2, 3, 0, 4, 1, 2, 3], None, 20, "20 of 40, moderately severe"),
    "wsas": ([8, 7, 6, 5, 4], None, 30, "30 of 40, moderately severe or worse"),
    "ucla3": ([1, 2, 3], "5", 6, "6 of 9"),
}


def address(cast: Cast, query: str = "") -> str:
    return f"/courses/{cast.course.pk}/measures/new/{query}"


def page_of(client: Browser, cast: Cast, code: str, rest: str = "") -> dict[str, Any]:
    """The form as the page has it, before anything is chosen."""
    client.force_login(cast.tara)
    page = client.get(address(cast, f"?measure={code}{rest}"))
    assert page.status_code == 200
    return form_with(page.content.decode(), "key")


def send(client: Browser, cast: Cast, code: str, form: dict[str, Any], rest: str = "") -> Any:
    return client.post(address(cast, f"?measure={code}{rest}"), form)


def stored(cast: Cast) -> list[Response]:
    with as_owner():
        return list(Response.objects.filter(course=cast.course).order_by("entered_at"))


def filled(form: dict[str, Any], answers: list[int | None]) -> dict[str, Any]:
    digits = {f"item_{n}": [str(a)] for n, a in enumerate(answers, start=1) if a is not None}
    return {**form, **digits}


@pytest.mark.parametrize("code", FILLED)
def test_each_measure_is_filled_in_as_a_browser_sends_it(client: Browser, cast: Cast, code: str) -> None:
    answers, beside, total, words = FILLED[code]
    form = page_of(client, cast, code)
    assert [name for name in form if name.startswith("item_")] == [
        f"item_{n}" for n in range(1, len(answers) + 1)
    ]
    assert {value for name, values in form.items() if name.startswith("item_") for value in values} == {""}
    sent = filled(form, answers) | ({"unscored": [beside]} if beside else {})
    answer = client.post(address(cast, f"?measure={code}"), sent, follow=True)
    assert words in answer.content.decode()
    (response,) = stored(cast)
    assert (response.measure, response.answers, response.total) == (code, answers, total)
    assert response.unscored == (int(beside) if beside else None)
    assert (response.came, response.instrument_version, response.entered_by) == ("typed", "1", cast.tara)
    assert timezone.localdate(response.taken_at) == timezone.localdate()


@pytest.mark.parametrize(("code", "questions"), [("phq9", 9), ("gad7", 7), ("core10", 10), ("ucla3", 3)])
def test_every_question_stands_on_the_page_in_its_words(
    client: Browser, cast: Cast, code: str, questions: int
) -> None:
    client.force_login(cast.tara)
    page = client.get(address(cast, f"?measure={code}")).content.decode()
    last = {
        "phq9": "Thoughts that you would be better off dead or of hurting yourself in some way",
        "gad7": "Feeling afraid as if something awful might happen",
        "core10": "Unwanted images or memories have been distressing me",
        "ucla3": "How often do you feel isolated from others?",
    }[code]
    assert last in page
    assert page.count("No answer") == questions + (code in ("phq9", "ucla3"))


def test_the_unscored_questions_are_asked_in_their_words(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    assert "get along with other people?" in client.get(address(cast, "?measure=phq9")).content.decode()
    assert "How often do you feel lonely?" in client.get(address(cast, "?measure=ucla3")).content.decode()


def test_an_incomplete_form_is_kept_raw_and_has_no_total_and_item_nine_alerts_all_the_same(
    client: Browser, cast: Cast
) -> None:
    answers = [1, 1, 1, 1, 1, 1, 1, None, 2]
    answer = client.post(
        address(cast, "?measure=phq9"), filled(page_of(client, cast, "phq9"), answers), follow=True
    )
    page = answer.content.decode()
    assert "No total, 1 not answered" in page
    assert "Item 9 is above 0: ask directly, today." in page
    (response,) = stored(cast)
    assert (response.answers, response.total) == (answers, None)
    with as_owner():
        alert = Alert.objects.get(response=response)
        assert (alert.item, alert.value, alert.closed_at) == (9, 2, None)
        assert alert.tell_from <= timezone.now()


def test_core_ten_with_one_item_missing_shows_an_estimate_marked_as_one(client: Browser, cast: Cast) -> None:
    # Nine answers: 1 + 4 + 0 + 2 + 3 + 0 + 4 + 1 + 2 = 17; 17 × 10 / 9 = 18.9, so 19.
    answers = [1, 0, 4, 2, 3, 0, 4, 1, 2, None]
    page = client.post(
        address(cast, "?measure=core10"), filled(page_of(client, cast, "core10"), answers), follow=True
    ).content.decode()
    assert "No total, 1 not answered; estimated 19 of 40" in page
    assert "caseness, change and recovery leave it out" in page
    assert "At caseness" not in page
    assert stored(cast)[0].total is None


def test_core_ten_item_six_alerts(client: Browser, cast: Cast) -> None:
    send(client, cast, "core10", filled(page_of(client, cast, "core10"), [0, 4, 4, 0, 0, 1, 0, 0, 0, 0]))
    with as_owner():
        assert list(Alert.objects.values_list("item", "value")) == [(6, 1)]


def test_wsas_without_work_is_out_of_32_and_has_no_band(client: Browser, cast: Cast) -> None:
    form = filled(page_of(client, cast, "wsas"), [None, 8, 8, 8, 8]) | {"without_work": ["on"]}
    page = client.post(address(cast, "?measure=wsas"), form, follow=True).content.decode()
    assert "32 of 32, work does not apply" in page
    assert "moderately severe" not in page
    assert "never compared with a total out of 40" in page
    (response,) = stored(cast)
    assert (response.total, response.without_work, response.out_of) == (32, True, 32)


def test_work_that_has_an_answer_and_does_not_apply_is_refused_with_all_that_was_typed(
    client: Browser, cast: Cast
) -> None:
    form = filled(page_of(client, cast, "wsas"), [3, 1, 2, 3, 4]) | {"without_work": ["on"]}
    answer = send(client, cast, "wsas", form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Work has an answer, and does not apply" in page
    again = form_with(page, "key")
    assert [again[f"item_{n}"] for n in range(1, 6)] == [["3"], ["1"], ["2"], ["3"], ["4"]]
    assert again["without_work"] == ["on"]
    assert stored(cast) == []


@pytest.mark.parametrize("odd", ["4", "-1", "9999999999999999999999", "3.5", "²", "zero", "\x00", "x" * 3000])
def test_an_answer_out_of_range_is_refused_beside_its_question_and_the_others_stay(
    client: Browser, cast: Cast, odd: str
) -> None:
    form = filled(page_of(client, cast, "phq9"), [1, 2, 3, 0, 1, 2, 3, 0, 1]) | {"item_3": [odd]}
    answer = send(client, cast, "phq9", form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "PHQ-9 item 3: choose an answer from 0 to 3." in page
    again = form_with(page, "key")
    assert [again.get(f"item_{n}") for n in (1, 2, 4, 9)] == [["1"], ["2"], ["0"], ["1"]]
    assert stored(cast) == []


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (timezone.localdate() + timedelta(days=1), "lies ahead"),
        (date(1990, 5, 16), "was born later"),
        (timezone.localdate() - timedelta(days=21 * 366), "years back"),
    ],
)
def test_a_day_that_cannot_be_is_refused(client: Browser, cast: Cast, day: date, refusal: str) -> None:
    form = filled(page_of(client, cast, "gad7"), [1] * 7) | {"day": [f"{day}"]}
    page = send(client, cast, "gad7", form).content.decode()
    assert refusal in page
    assert form_with(page, "key")["item_7"] == ["1"]
    assert stored(cast) == []


def test_a_total_from_paper_is_marked_as_one_everywhere(client: Browser, cast: Cast) -> None:
    form = page_of(client, cast, "phq9", "&total=1") | {"total": ["14"]}
    page = client.post(address(cast, "?measure=phq9&total=1"), form, follow=True).content.decode()
    assert "14 of 27, moderate, total only, from paper" in page
    assert "What was answered to each question is not known here." in page
    (response,) = stored(cast)
    assert (response.total, response.is_total_only, response.came) == (14, True, "paper")
    assert response.answers == [None] * 9
    listed = client.get(f"/courses/{cast.course.pk}/measures/").content.decode()
    assert "14 of 27, moderate, total only, from paper" in listed


@pytest.mark.parametrize(
    ("code", "typed", "refusal"),
    [
        ("phq9", {"total": "28"}, "A total of the PHQ-9 lies between 0 and 27."),
        ("ucla3", {"total": "2"}, "A total of the UCLA-3 lies between 3 and 9."),
        ("wsas", {"total": "33", "without_work": "on"}, "A total of the WSAS lies between 0 and 32."),
        ("phq9", {"total": ""}, "Write the total."),
        ("phq9", {"total": "14.5"}, "Write the total as a whole number."),
        ("phq9", {"total": "9" * 400}, "A total of the PHQ-9 lies between 0 and 27."),
    ],
)
def test_a_total_that_no_form_can_have_is_refused_beside_its_field(
    client: Browser, cast: Cast, code: str, typed: dict[str, str], refusal: str
) -> None:
    page = send(client, cast, code, page_of(client, cast, code, "&total=1") | typed, "&total=1")
    assert page.status_code == 200
    assert refusal in page.content.decode()
    assert stored(cast) == []


def test_a_form_that_is_sent_twice_makes_one_response(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
    form = filled(page_of(client, cast, "gad7"), [1] * 7) | {"session": [str(session.pk)]}
    first, second = send(client, cast, "gad7", form), send(client, cast, "gad7", form)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert len(stored(cast)) == 1


def test_the_same_key_makes_one_response_also_in_the_action(cast: Cast) -> None:
    act_as(cast.tara.pk)
    key = cast.course.pk  # any key
    given = {
        "key": key,
        "course": cast.course,
        "measure": "gad7",
        "taken_at": timezone.now(),
        "by": cast.tara,
    }
    first = enter_measure(answers=[1] * 7, **given)
    assert enter_measure(answers=[2] * 7, **given).pk == first.pk
    assert stored(cast)[0].answers == [1] * 7


def test_given_at_a_session_it_takes_the_sessions_time_and_stands_on_its_page(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
    form = page_of(client, cast, "core10", f"&session={session.pk}")
    assert form["session"] == [str(session.pk)]
    answer = client.post(address(cast, "?measure=core10"), filled(form, [0] * 10), follow=True)
    (response,) = stored(cast)
    assert response.taken_at == session.starts_at
    with as_owner():
        assert SessionResponse.objects.get(session=session, measure="core10").response == response
    assert f"/sessions/{session.pk}/read/" in answer.content.decode()


def test_a_signed_or_missed_session_and_one_that_has_the_measure_are_not_offered(
    client: Browser, cast: Cast
) -> None:
    now = timezone.now()
    with as_owner():
        signed = held_session(cast.course, cast.tara, now - timedelta(days=9), 1)
        note_of(signed)
        taken = held_session(cast.course, cast.tara, now - timedelta(days=6), 2)
        answered(taken, "phq9", [1] * 8 + [0])
        free = held_session(cast.course, cast.tara, now - timedelta(days=3), 3)
        missed = session_of(
            cast.course,
            cast.tara,
            now - timedelta(days=2),
            attendance="3",
            attendance_at=now,
            attendance_by=cast.tara,
        )
    client.force_login(cast.tara)
    page = client.get(address(cast, "?measure=phq9")).content.decode()
    assert str(free.pk) in page
    for other in (signed, taken, missed):
        assert str(other.pk) not in page
    form = filled(form_with(page, "key"), [0] * 9) | {"session": [str(signed.pk)]}
    refused = send(client, cast, "phq9", form).content.decode()
    assert "That session is not offered any more: choose again." in refused
    assert form_with(refused, "key")["item_9"] == ["0"]


def test_the_action_refuses_a_session_that_was_signed_meanwhile(cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=9), 1)
        note_of(session)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="takes no GAD-7 now"):
        measure_actions.enter_measure_at_session(
            session=session, key=session.pk, measure="gad7", by=cast.tara, answers=[1] * 7
        )
    assert stored(cast) == []


def test_struck_out_it_counts_no_more_and_can_still_be_read(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
        response = answered(session, "phq9", [3] * 9)
    client.force_login(cast.tara)
    place = f"/courses/{cast.course.pk}/measures/{response.pk}/"
    assert (
        "Say why it was entered in error." in client.post(f"{place}error/", {"reason": " "}).content.decode()
    )
    page = client.post(f"{place}error/", {"reason": "Another client's sheet."}, follow=True).content.decode()
    assert "Another client&#x27;s sheet." in page
    assert "27 of 27, severe" in page
    response = stored(cast)[0]
    assert (response.in_error_by, response.in_error_reason) == (cast.tara, "Another client's sheet.")
    with as_owner():
        assert not Response.objects.standing().exists()
        assert not SessionResponse.objects.filter(session=session).exists()
    assert "Entered in error" in client.get(f"/courses/{cast.course.pk}/measures/").content.decode()
    again = client.post(f"{place}error/", {"reason": "Once more."}).content.decode()
    assert "entered in error already" in again
    assert "Once more." in again


def test_what_is_part_of_a_signed_note_is_not_struck_out_alone(client: Browser, cast: Cast) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
        response = answered(session, "phq9", [1] * 9)
        Response.objects.filter(pk=response.pk).update(locked_at=timezone.now())
    client.force_login(cast.tara)
    place = f"/courses/{cast.course.pk}/measures/{response.pk}/"
    assert "Write an addendum to the note" in client.get(place).content.decode()
    page = client.post(f"{place}error/", {"reason": "A slip."}).content.decode()
    assert "what is signed does not change" in page
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="what is signed does not change"):
        strike_response(response=response, reason="A slip.", by=cast.tara)
    assert stored(cast)[0].in_error_at is None


def test_an_alert_stays_open_when_its_answer_is_struck_out(client: Browser, cast: Cast) -> None:
    send(client, cast, "phq9", filled(page_of(client, cast, "phq9"), [0] * 8 + [1]))
    (response,) = stored(cast)
    client.post(f"/courses/{cast.course.pk}/measures/{response.pk}/error/", {"reason": "Mistyped."})
    with as_owner():
        assert Alert.objects.open().filter(response=response).count() == 1


def test_an_adolescents_page_says_that_cut_offs_are_for_adults(client: Browser, cast: Cast) -> None:
    with as_owner():
        type(cast.maya).objects.filter(pk=cast.maya.pk).update(
            date_of_birth=timezone.localdate() - timedelta(days=16 * 365)
        )
    client.force_login(cast.tara)
    page = client.get(address(cast, "?measure=phq9")).content.decode()
    assert "Cut-offs and bands are for adults (18 and over)." in page
    assert "Cut-offs" not in client.get(address(cast, "?measure=ucla3")).content.decode()


def test_without_the_clinics_words_the_wsas_shows_names_and_numbers_alone(
    client: Browser, cast: Cast
) -> None:
    client.force_login(cast.tara)
    page = client.get(address(cast, "?measure=wsas")).content.decode()
    assert "Home management" in page
    assert "The text of this questionnaire is copyright" in page


def test_the_clinics_own_words_are_asked_and_read_again_after_they_have_changed(
    client: Browser, cast: Cast
) -> None:
    words = {
        "measure": "wsas",
        "stem": "How far does it get in the way?",
        "labels": ["not at all", "", "a little", "", "", "", "", "", "very much"],
        "licence": "By letter of 1 May 2026.",
        "entered_by": cast.ada,
    }
    with as_owner():
        ClinicWording.objects.create(number=1, items=[f"First words {n}" for n in range(5)], **words)
    form = page_of(client, cast, "wsas")
    assert form["version"] == ["1+clinic-1"]
    with as_owner():
        ClinicWording.objects.create(number=2, items=[f"Second words {n}" for n in range(5)], **words)
    page = client.post(
        address(cast, "?measure=wsas"), filled(form, [2, 0, 0, 0, 8]), follow=True
    ).content.decode()
    assert stored(cast)[0].instrument_version == "1+clinic-1"
    assert "First words 4" in page
    assert "Second words 4" not in page
    assert "2, a little" in page
    assert "By letter of 1 May 2026." in page


def test_what_is_entered_and_read_stands_on_the_trail(client: Browser, cast: Cast) -> None:
    client.post(address(cast, "?measure=gad7"), filled(page_of(client, cast, "gad7"), [1] * 7), follow=True)
    with as_owner():
        assert list(Event.objects.filter(user=cast.tara).order_by("at").values_list("action", "what")) == [
            ("read", "Page to enter a questionnaire"),
            ("create", "Entered a questionnaire"),
            ("read", "One questionnaire"),
        ]
        assert set(Event.objects.filter(user=cast.tara).values_list("client_id", flat=True)) == {cast.maya.pk}


def test_the_log_page_of_an_adolescent_says_so_too_and_offers_the_other_questionnaires(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
        type(cast.maya).objects.filter(pk=cast.maya.pk).update(
            date_of_birth=timezone.localdate() - timedelta(days=16 * 365)
        )
    client.force_login(cast.tara)
    page = client.get(f"/courses/{cast.course.pk}/sessions/{session.pk}/").content.decode()
    assert page.count("Cut-offs and bands are for adults (18 and over).") == 2
    assert f"{address(cast)}?session={session.pk}" in page


def test_digits_typed_on_the_log_page_are_the_sessions_and_a_total_from_paper_stays_with_the_course(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
    form = page_of(client, cast, "gad7", f"&total=1&session={session.pk}") | {"total": ["9"]}
    send(client, cast, "gad7", form, "&total=1")
    place = f"/courses/{cast.course.pk}/sessions/{session.pk}/draft/"
    assert client.post(place, {"week": "Quiet."}).status_code == 200
    assert stored(cast)[0].total == 9
    assert (
        client.post(
            place, {"week": "Quiet.", "based_on": "1", **{f"gad7_{n}": "2" for n in range(1, 8)}}
        ).status_code
        == 200
    )
    paper, typed = stored(cast)
    assert (paper.total, paper.is_total_only) == (9, True)
    assert (typed.total, typed.is_total_only, typed.answers) == (14, False, [2] * 7)
    with as_owner():
        assert SessionResponse.objects.get(session=session).response == typed


def test_a_score_that_is_much_worse_asks_for_a_review_at_once_and_no_more_once_it_is_struck_out(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        type(cast.course).objects.filter(pk=cast.course.pk).update(status="in_treatment")
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=9), 1)
        first = answered(session, "phq9", [1] * 8 + [0])
        Response.objects.filter(pk=first.pk).update(locked_at=timezone.now())
        note_of(session)
    send(client, cast, "phq9", filled(page_of(client, cast, "phq9"), [3] * 8 + [0]))
    with as_owner():
        signal = Signal.objects.get(course=cast.course)
        assert (signal.measure, signal.score, signal.reviewed_at) == ("phq9", 24, None)
    worse = stored(cast)[-1]
    client.post(f"/courses/{cast.course.pk}/measures/{worse.pk}/error/", {"reason": "Another client's."})
    with as_owner():
        assert Signal.objects.get(course=cast.course).reviewed_at is not None
