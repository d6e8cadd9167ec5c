"""What the pages of a course's questionnaires state, worked out beforehand. Questions to the database are few and do not grow
with the number of questionnaires on a page."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from courses.models import Course
from outcomes import results
from outcomes.measures import BY_CODE, Measure
from outcomes.models import Came, Response
from outcomes.scoring import is_case
from outcomes.wording import Words, words_when_answered
from sessions.models import TherapySession
from staff.models import User

BESIDE = ("entered_by", "in_error_by", "in_session__session")
MIDDAY = time(12)


@dataclass(frozen=True)
class Row:
    """One questionnaire in the list. `said` is total, band and what is special about it."""

    response: Response
    measure: Measure
    said: str
    given: str
    came: str


@dataclass(frozen=True)
class Line:
    """One question as it was asked. `counts` says what it adds to the total where that is not the answer's own value."""

    number: int
    question: str
    answer: str
    is_missing: bool
    counts: str


@dataclass(frozen=True)
class Read:
    """Everything that the page of one questionnaire states."""

    response: Response
    measure: Measure
    words: Words
    said: str
    caseness: str
    estimate: str
    given: str
    came: str
    session: TherapySession | None
    lines: list[Line]
    unscored: str


def newest_first(course: Course, user: User) -> QuerySet[Response]:
    rows = Response.objects.visible_to(user).filter(course=course)
    return rows.select_related(*BESIDE).order_by("-taken_at", "-entered_at", "pk")


def row_of(response: Response) -> Row:
    return Row(
        response=response,
        measure=BY_CODE[response.measure],
        said=results.in_words(response),
        given=_given(response),
        came=_came(response),
    )


def read(response: Response) -> Read:
    measure = BY_CODE[response.measure]
    words = words_when_answered(response.measure, response.instrument_version)
    return Read(
        response=response,
        measure=measure,
        words=words,
        said=results.in_words(response),
        caseness=_caseness(measure, response),
        estimate=_estimate(response),
        given=_given(response),
        came=_came(response),
        session=session_of(response),
        lines=[] if response.is_total_only else _lines(words, response),
        unscored=_unscored(measure, response),
    )


def session_of(response: Response) -> TherapySession | None:
    """At which it was given, None for a day between sessions."""
    try:
        return response.in_session.session
    except ObjectDoesNotExist:
        return None


def session_words(session: TherapySession) -> str:
    name = f"Session {session.number}" if session.number else session.get_kind_display()
    begins = timezone.localtime(session.starts_at)
    return f"{name}, {date_format(begins, 'D j M Y')}, {begins:%H:%M}"


def moment_of(day: date) -> datetime:
    """Today it is now; of an earlier day nobody knows the hour."""
    now = timezone.now()
    return now if day == timezone.localdate(now) else timezone.make_aware(datetime.combine(day, MIDDAY))


def _given(response: Response) -> str:
    session = session_of(response)
    if session is None:
        return "Between sessions"
    return f"Session {session.number}" if session.number else session.get_kind_display()


def _came(response: Response) -> str:
    by = response.entered_by.full_name if response.entered_by else ""
    if response.came == Came.LINK:
        return "Filled in by the client, by link"
    return f"From paper, entered by {by}" if response.came == Came.PAPER else f"Typed in by {by}"


def _caseness(measure: Measure, response: Response) -> str:
    at_caseness = None if response.without_work else is_case(measure, response.total)
    if at_caseness is None:
        return ""
    return (
        f"At caseness: {measure.cut_off} or more"
        if at_caseness
        else f"Below caseness, which begins at {measure.cut_off}"
    )


def _estimate(response: Response) -> str:
    estimate = results.estimate_of(response)
    if estimate is None:
        return ""
    return (
        f"About {estimate} of {response.out_of}, from the questions that were answered."
        " An estimate is no total: caseness, change and recovery leave it out."
    )


def _lines(words: Words, response: Response) -> list[Line]:
    measure = words.measure
    lines = []
    for number, (question, answer) in enumerate(zip(words.items, response.answers, strict=True), start=1):
        if answer is None:
            said = "Does not apply" if response.without_work and number == 1 else "No answer"
            lines.append(Line(number, question, said, is_missing=True, counts=""))
            continue
        counts = ""
        if number in measure.reversed_items:
            counts = f"counts {measure.highest_answer + measure.lowest_answer - answer}, the other way round"
        lines.append(Line(number, question, words.label(answer), is_missing=False, counts=counts))
    return lines


def _unscored(measure: Measure, response: Response) -> str:
    if measure.unscored is None or response.unscored is None:
        return ""
    labels = {option.value: option.label for option in measure.unscored.options}
    return labels.get(response.unscored, str(response.unscored))
