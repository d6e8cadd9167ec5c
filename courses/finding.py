"""Finding the course that a page of clinical content is about."""

from uuid import UUID

from access import policy
from access.found import allow, found
from courses.models import Course
from staff.models import User


def readable_course(user: User, course_id: UUID) -> Course:
    """The course with its client, for who may read what is clinical of it: 404 for who may not see it at all, 403 for who may
    see it without that."""
    course = found(Course.objects.visible_to(user).select_related("client"), pk=course_id)
    allow(policy.may_read_content(user, course))
    return course
