"""Answering a flag: somebody considered it, says why it may stand, and until when. It stays in sight with these words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from access import policy
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.holding import HAS_ENDED
from courses.models import Course
from staff.models import User
from supervision.flags import BY_SLUG, every
from supervision.models import FlagAnswer
from supervision.shape import Flag, Found, Row, Scope

MOST_DAYS_AHEAD = 90
NOT_UP = "This flag is no longer up: nothing is to be considered. Nothing was saved."


@dataclass(frozen=True)
class Considered:
    """What somebody answered about a flag, while it stands."""

    by: str
    until: date
    reason: str


def consider_flag(
    *, course: Course, flag: Flag, subject: UUID, reason: str, until: date, by: User
) -> FlagAnswer:
    """Writes the answer; the newest counts. Raises ValidationError for a flag that is answered on a page of its own, one
    that is not up, an empty reason, and a day that has passed or lies more than 90 days ahead."""
    with refused():
        fresh = Course.objects.content_visible_to(by).filter(pk=course.pk).first()
        if fresh is None or not policy.may_answer_flag(by, fresh):
            raise ValidationError(NOT_YOURS, code="not_yours")
        if not fresh.is_open:
            raise ValidationError(HAS_ENDED)
        now = timezone.now()
        if not flag.may_be_considered:
            raise ValidationError("An alert is answered on its own page.")
        if up_for(by, course, flag, subject, now=now) is None:
            raise ValidationError(NOT_UP)
        reason = reason.strip()
        if not reason:
            raise ValidationError({"reason": "Say what you considered."})
        _check_until(until, today=timezone.localdate(now))
        answer = FlagAnswer(course=course, flag=flag.slug, subject=subject, reason=reason, until=until, by=by)
        answer.clean_fields(exclude=["course", "by"])
        answer.save(force_insert=True)
        record(Action.CREATE, "Considered a flag", by=by, about=answer, client_id=course.client_id)
    return answer


def up_for(reader: User, course: Course, flag: Flag, subject: UUID, *, now: datetime) -> Found | None:
    """The flag of that course and subject, if it is up."""
    scope = Scope(reader=reader, courses=[course.pk], now=now)
    return next((one for one in every(scope, flags=[flag]) if one.subject == subject), None)


def _check_until(until: date, *, today: date) -> None:
    if until < today:
        raise ValidationError({"until": "That day has passed: choose today or a day ahead."})
    if until > today + timedelta(days=MOST_DAYS_AHEAD):
        last = today + timedelta(days=MOST_DAYS_AHEAD)
        raise ValidationError(
            {
                "until": f"At most {MOST_DAYS_AHEAD} days ahead, until {last.day} {last:%b %Y}: then look again."
            }
        )


def standing_answers(
    reader: User, courses: Iterable[UUID], *, on: date
) -> dict[tuple[UUID, str, UUID], Considered]:
    """By course, flag and subject: the newest answer, where its day is not over. One question."""
    newest = (
        FlagAnswer.objects.visible_to(reader)
        .filter(course__in=list(courses), flag__in=BY_SLUG)
        .order_by("course", "flag", "subject", "-at")
        .distinct("course", "flag", "subject")
        .values_list("course", "flag", "subject", "by__full_name", "until", "reason")
    )
    return {
        (course, flag, subject): Considered(by, until, reason)
        for course, flag, subject, by, until, reason in newest
        if until >= on
    }


def with_answer(row: Row, answers: Mapping[tuple[UUID, str, UUID], Considered]) -> Row:
    """The row with what somebody considered about it, where that stands and the flag may be considered."""
    said = answers.get((row.course_id, row.flag.slug, row.subject)) if row.flag.may_be_considered else None
    return replace(row, considered=said)
