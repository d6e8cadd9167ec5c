"""Writing down the answers of a questionnaire, and the alert that an answer raises. Called inside an action's transaction, or
inside that of a client who fills in a questionnaire by link: then `by` is None and `link` says which."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Alert, Came, Link, Response
from outcomes.scoring import score, wsas_without_work
from staff.models import User

Answers = Sequence[int | None]


def record_response(
    *,
    course: Course,
    measure: str,
    answers: Answers,
    taken_at: datetime,
    by: User | None,
    response: Response | None = None,
    unscored: int | None = None,
    without_work: bool = False,
    came: str = Came.TYPED,
    link: Link | None = None,
    version: str = "",
    tell_from: datetime | None = None,
    key: UUID | None = None,
) -> Response:
    """Adds a response, or corrects `response` while it is not locked, and raises what its answers call for.

    `key` is the new row's, where the page made one. `version` names the clinic's own wording where it was answered by that.
    `tell_from` is when the first mails about an alert go, None for now. Raises ValidationError where an answer is out of range;
    a missing one is kept as missing and never as a zero."""
    try:
        total = score(measure, answers).total
        if without_work:
            total = wsas_without_work(answers)
    except ValueError as error:
        raise ValidationError({measure: f"{BY_CODE[measure].name}: {error}"}) from error
    if response is None:
        response = Response(
            id=key or uuid4(),
            course_id=course.pk,
            measure=measure,
            instrument_version=version or BY_CODE[measure].version,
            entered_by=by,
            came=came,
            link=link,
        )
    response.answers, response.total, response.taken_at = list(answers), total, taken_at
    response.unscored, response.without_work = unscored, without_work
    response.is_total_only = False
    response.save()
    raise_alerts(response, by=by, tell_from=tell_from)
    return response


def record_total(
    *,
    course: Course,
    measure: str,
    total: int,
    taken_at: datetime,
    by: User,
    without_work: bool = False,
    key: UUID | None = None,
) -> Response:
    """A total copied from paper, marked as such: what was answered to each question is not known, so nothing alerts. Raises
    ValidationError where no form can have that total."""
    about = BY_CODE[measure]
    highest = about.highest_total - (about.highest_answer if without_work else 0)
    if not about.lowest_total <= total <= highest:
        raise ValidationError(
            {measure: f"A total of the {about.name} lies between {about.lowest_total} and {highest}."}
        )
    response = Response(
        id=key or uuid4(),
        course_id=course.pk,
        measure=measure,
        instrument_version=about.version,
        answers=[None] * len(about.items),
        total=total,
        without_work=without_work,
        is_total_only=True,
        came=Came.PAPER,
        taken_at=taken_at,
        entered_by=by,
    )
    response.save()
    return response


def raise_alerts(
    response: Response, *, by: User | None = None, tell_from: datetime | None = None
) -> list[Alert]:
    """One open alert for each risk item above 0, also on an incomplete form, and which of them are new or say something else
    now. An answer that is taken back leaves its alert open: a person closes it, with a reason. One that was answered and closed
    is raised anew only by another answer. While somebody is still typing `tell_from` moves on with them."""
    news = []
    for item in BY_CODE[response.measure].risk_items:
        value = response.answers[item - 1]
        alert = Alert.objects.open().filter(response=response, item=item).first()
        if alert is None:
            if value and not _is_answered(response, item, value):
                alert = Alert(course_id=response.course_id, response=response, item=item, value=value)
                alert.raised_by, alert.tell_from = by, tell_from or timezone.now()
                alert.save(force_insert=True)
                news.append(alert)
            continue
        is_news = bool(value) and alert.value != value
        if is_news:
            alert.value = value
            news.append(alert)
        if is_news or (tell_from is not None and alert.tell_from > timezone.now()):
            alert.tell_from = tell_from or alert.tell_from
            alert.save(update_fields=["value", "tell_from"])
    return news


def _is_answered(response: Response, item: int, value: int) -> bool:
    """Somebody has closed the alert about just this answer with what they did. Called a slip, it is not answered while it
    stands."""
    last = Alert.objects.filter(response=response, item=item).order_by("raised_at", "closed_at").last()
    return last is not None and last.value == value and not last.typed_in_error
