"""What a client does by link, without signing in: opening it, saying their date of birth, answering one question after another,
finishing. Who made the link is in links.py, what PostgreSQL allows a link in access/rls. Nobody who works here acts in these
transactions; what an answer sets off (who is told, whether a course asks for a review) the system person does."""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from audit.models import Action
from courses.models import Course, Goal
from outcomes.links import GOALS, hashed
from outcomes.measures import BY_CODE, GOAL_SCALE, Option
from outcomes.models import Alert, Came, GoalRating, Link, Response
from outcomes.recording import record_response
from outcomes.signals import raise_signals
from outcomes.telling import tell_now
from outcomes.wording import Words, words_of

# In our own words, whatever the clinic's wording says of it: without work the total is out of 32.
NO_WORK = "This does not apply to me: I am retired, or I choose not to work for reasons other than how I feel"
_log = logging.getLogger(__name__)
CHOOSE = "Choose an answer, or say that you would rather not answer."
IN_THE_RECORD = (
    "Your therapist has put these answers into your record, so they cannot be changed here any more."
)


# --- The link and the browser in which it was opened ------------------------------------------------------------------


def open_link(token: str) -> str | None:
    """The secret for this browser's cookie; None where there is no such link, or it has ended."""
    secret = secrets.token_urlsafe(32)
    return secret if _call("open_by_link", hashed(token), hashed(secret))["open_by_link"] else None


@dataclass(frozen=True)
class Visit:
    """What a client's page may know. `state` is ended, confirm, open or finished; of the client nothing is known before the
    date of birth was confirmed. `mark` stands in each form: what was typed on the page of one link is never kept for the
    next one that was opened in the same browser."""

    mark: str
    state: str
    tries_left: int
    end_reason: str
    expires_at: datetime
    link_id: UUID
    course_id: UUID
    client_id: UUID
    first_name: str
    for_day: date | None
    measures: Sequence[str]
    needs_help: bool

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def find_visit(secret: str) -> Visit | None:
    """As it is now; None for a cookie that opened nothing."""
    row = _call("facts_by_link", hashed(secret))
    return Visit(mark=hashlib.sha256(b"mark:" + hashed(secret)).hexdigest()[:16], **row) if row else None


def hold_link() -> None:
    """Two windows of one client answer one after the other. Ask for the visit again afterwards: it may have ended meanwhile."""
    _call("hold_my_link")


def confirm(*, secret: str, born: date, request: HttpRequest) -> str:
    """Says ok, wrong or ended. The fifth wrong date ends the link, in whatever browser."""
    said = str(_call("confirm_by_link", hashed(secret), born)["confirm_by_link"])
    if said == "ok" and (visit := find_visit(secret)) and visit.is_open:
        _record(Action.READ, "Opened by link with the date of birth", visit, request)
    return said


def _call(function: str, *values: object) -> dict[str, Any]:
    """The row that one of the functions in access/rls gives, by the names of its columns; empty where it gives none."""
    with connection.cursor() as cursor:
        cursor.callproc(function, values)
        row = cursor.fetchone()
        return dict(zip((column.name for column in cursor.description), row, strict=True)) if row else {}


def _record(action: Action, what: str, visit: Visit, request: HttpRequest, *ids: UUID) -> None:
    trail.record(
        action,
        what,
        by=None,
        course_id=visit.course_id,
        client_id=visit.client_id,
        ids=ids or [visit.link_id],
        request=request,
    )


# --- The questions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What was chosen: a value, or that the question does not apply; both empty for a question that was left out."""

    value: int | None = None
    does_not_apply: bool = False

    @property
    def is_missing(self) -> bool:
        return self.value is None and not self.does_not_apply


@dataclass(frozen=True)
class Question:
    """One page. `item` is the item of its measure, 0 for the question beside the score; a question about a goal has `goal`.
    A question keeps its number while another answer decides that it is not asked."""

    key: str
    number: int
    lead: str
    words: str
    options: tuple[Option, ...]
    given: Answer
    measure: str = ""
    item: int = 0
    version: str = ""
    goal: UUID | None = None
    not_applying: str = ""
    is_asked: bool = True

    @property
    def may_be_left_out(self) -> bool:
        """A rating of a goal stays once it is given: such rows are added and never taken back."""
        return self.goal is None or self.given.is_missing

    @property
    def asks_about_safety(self) -> bool:
        return bool(self.measure) and self.item in BY_CODE[self.measure].risk_items

    def read(self, chosen: str) -> Answer:
        """What a page sent, as an answer. ValidationError for anything that the page does not offer."""
        if self.not_applying and chosen == "none":
            return Answer(does_not_apply=True)
        for option in self.options:
            if chosen == str(option.value):
                return Answer(option.value)
        raise ValidationError(CHOOSE)


def questions_of(visit: Visit) -> list[Question]:
    """In the order of the link. A measure whose words the clinic does not hold is left out, and goals are those that are open
    now."""
    responses = {response.measure: response for response in _responses(visit)}
    found: list[Question] = []
    for code in visit.measures:
        if code == GOALS:
            found += _about_goals(visit)
        elif code in BY_CODE and (words := _words(code, responses.get(code))):
            found += _about(words, responses.get(code))
    return [replace(question, number=number) for number, question in enumerate(found, 1)]


def _responses(visit: Visit) -> list[Response]:
    return list(Response.objects.by_link().filter(link=visit.link_id))


def _words(code: str, response: Response | None) -> Words | None:
    """Those in which it was begun, else today's; None where there are only the names of its parts."""
    words = words_of(BY_CODE[code], response.instrument_version if response else "")
    return words if words and words.is_exact else None


def _about(words: Words, response: Response | None) -> list[Question]:
    measure = words.measure
    answers = response.answers if response else [None] * len(measure.items)
    without_work = bool(response and response.without_work)
    found = [
        Question(
            key=f"{measure.code}-{item}",
            number=0,
            lead=words.stem,
            words=text,
            options=words.options,
            given=Answer(answers[item - 1], does_not_apply=without_work and item == 1),
            measure=measure.code,
            item=item,
            version=words.version,
            not_applying=NO_WORK if measure.code == "wsas" and item == 1 else "",
        )
        for item, text in enumerate(words.items, 1)
    ]
    if measure.unscored:
        found.append(
            Question(
                key=f"{measure.code}-0",
                number=0,
                lead="",
                words=measure.unscored.wording,
                options=measure.unscored.options,
                given=Answer(response.unscored if response else None),
                measure=measure.code,
                version=words.version,
                is_asked=_asks_beside(measure.code, answers),
            )
        )
    return found


def _asks_beside(code: str, answers: Sequence[int | None]) -> bool:
    """The PHQ-9 asks how difficult it was "if you checked off any problems": not where nobody did. The UCLA-3 always asks."""
    return code != "phq9" or any(answers)


def _about_goals(visit: Visit) -> list[Question]:
    ratings = GoalRating.objects.filter(link=visit.link_id).order_by("entered_at")
    rated = dict(ratings.values_list("goal_id", "value"))  # the last stands
    anchors = {option.value: option.label for option in GOAL_SCALE.anchors}
    options = tuple(
        Option(value, f"{value} – {anchors[value]}" if value in anchors else str(value))
        for value in range(GOAL_SCALE.lowest, GOAL_SCALE.highest + 1)
    )
    return [
        Question(
            key=f"goal-{goal.pk}",
            number=0,
            lead=GOAL_SCALE.question,
            words=goal.text,
            options=options,
            given=Answer(rated.get(goal.pk)),
            goal=goal.pk,
        )
        for goal in Goal.objects.filter(course=visit.course_id).current().order_by("position")
    ]


# --- Answering --------------------------------------------------------------------------------------------------------


def give_answer(
    *, visit: Visit, question: Question, answer: Answer, at: datetime, request: HttpRequest
) -> bool:
    """Keeps one answer at once, and says whether the page with help is due now. The same answer sent twice is kept once.
    Raises ValidationError where the record has it already, or for an answer that the question does not have."""
    with transaction.atomic():
        if answer != question.given:
            keep = _keep_rating if question.goal else _keep_in_response
            keep(visit, question, answer, at, request)
        _call("step_by_link", "begun" if answer.is_missing else "answered")
    return question.asks_about_safety and bool(answer.value)


def _keep_rating(
    visit: Visit, question: Question, answer: Answer, at: datetime, request: HttpRequest
) -> None:
    if question.goal is None or answer.value is None:
        raise ValidationError(CHOOSE)
    rating = GoalRating(
        goal_id=question.goal,
        course_id=visit.course_id,
        value=answer.value,
        rated_on=timezone.localdate(at),
        came=Came.LINK,
        link_id=visit.link_id,
        entered_at=at,
    )
    rating.save(force_insert=True)
    if question.given.is_missing:
        _record(Action.CREATE, "Rated a goal by link", visit, request, rating.pk)


def _keep_in_response(
    visit: Visit, question: Question, answer: Answer, at: datetime, request: HttpRequest
) -> None:
    former = Response.objects.by_link().filter(link=visit.link_id, measure=question.measure).first()
    if former and (former.locked_at or former.is_in_error):
        raise ValidationError(IN_THE_RECORD)
    answers = list(former.answers) if former else [None] * len(BY_CODE[question.measure].items)
    beside, without_work = (former.unscored, former.without_work) if former else (None, False)
    if question.item:
        answers[question.item - 1] = answer.value
    else:
        beside = answer.value
    if question.not_applying:
        without_work = answer.does_not_apply
    if not _asks_beside(question.measure, answers):
        beside = None
    response = record_response(
        course=Course(pk=visit.course_id),
        measure=question.measure,
        answers=answers,
        taken_at=at,
        by=None,
        response=former,
        unscored=beside,
        without_work=without_work,
        came=Came.LINK,
        link=Link(pk=visit.link_id),
        version=question.version,
    )
    if former is None:
        name = BY_CODE[question.measure].name
        _record(Action.CREATE, f"Began the {name} by link", visit, request, response.pk)
    if question.asks_about_safety and answer.value:
        _tell(Alert.objects.open().filter(response=response, item=question.item), at)


def _tell(alerts: Iterable[Alert], at: datetime) -> None:
    """At once. Where that fails the answer and its alert stand all the same: who is told falls due again at the next
    `remind`."""
    try:
        with transaction.atomic():
            tell_now(alerts, at=at)
    except Exception:
        _log.exception("Nobody was told at once of an answer that came by link.")


def finish(*, visit: Visit, at: datetime, request: HttpRequest) -> None:
    """Ends the link. What was left out stays missing; a complete score counts from now on."""
    with transaction.atomic():
        responses = _responses(visit)
        ids = [response.pk for response in responses]
        _record(Action.CHANGE, "Finished the questionnaires by link", visit, request, visit.link_id, *ids)
        if any(response.total is not None for response in responses):
            raise_signals(visit.course_id, at=at)
        _call("step_by_link", "finished")


# --- Where one goes next ----------------------------------------------------------------------------------------------


def find_question(questions: Sequence[Question], number: int) -> Question | None:
    """At its place, if it is asked."""
    return next((each for each in questions if each.number == number and each.is_asked), None)


def next_number(questions: Sequence[Question], after: int) -> int | None:
    """The next question that is asked; None behind the last."""
    return next((each.number for each in questions if each.number > after and each.is_asked), None)


def previous_number(questions: Sequence[Question], before: int) -> int | None:
    """The question that was asked before it; None at the first."""
    return next((each.number for each in reversed(questions) if each.number < before and each.is_asked), None)


def left_out(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.is_asked and question.given.is_missing]


def answered_count(questions: Sequence[Question]) -> int:
    return sum(question.is_asked and not question.given.is_missing for question in questions)


def resume_at(questions: Sequence[Question]) -> int | None:
    """Behind the last answer, so that nobody is asked again what they chose not to answer; None where all came by."""
    last = max((each.number for each in questions if not each.given.is_missing), default=0)
    return next_number(questions, last)
