"""Holding a course while something is written to it, so that nobody ends it, hands it over or writes beside it meanwhile."""

from uuid import UUID

from django.core.exceptions import ValidationError

from access.refusals import NOT_YOURS
from courses.models import Course

HAS_ENDED = "This course has ended: open it again first. Nothing was saved."


def hold_open_course(course_id: UUID, *related: str) -> Course:
    """The course as it stands, with those of its relations, held until the transaction ends: who acts on it at once, or sends a
    form twice, waits here. So it comes before a session or another row of the course is locked. Raises ValidationError where it
    has ended or is no longer the person's to change."""
    rows = Course.objects.select_for_update(of=("self",)).filter(pk=course_id)
    course = (rows.select_related(*related) if related else rows).first()
    if course is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if not course.is_open:
        raise ValidationError(HAS_ENDED)
    return course
