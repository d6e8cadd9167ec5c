"""The base of every queryset that holds client data: `visible_to(user)` is the way to its rows, and the only one in a view."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from access import policy
from staff.models import User


class _CourseRows(models.QuerySet[Any]):
    course_field = "course"

    def _of_courses(self, courses: Q) -> Self:
        """Rows of the courses of that condition. A sub-select, so that joins never double a row and the index on the course
        leads."""
        course_model = self.model._meta.get_field(self.course_field).related_model
        return self.filter(
            **{f"{self.course_field}__in": course_model._base_manager.filter(courses).values("pk")}
        )


class DiaryQuerySet(_CourseRows):
    """Names, diary, attendance: what an administrator sees of every client."""

    def visible_to(self, user: User) -> Self:
        if policy.sees_all_names(user):
            return self.all()
        return self._of_courses(policy.diaries_of(user, at=timezone.now()))


class ContentQuerySet(_CourseRows):
    """Clinical content: what an administrator never sees."""

    def visible_to(self, user: User) -> Self:
        if policy.sees_all_content(user):
            return self.all()
        return self._of_courses(policy.courses_of(user, at=timezone.now()))
