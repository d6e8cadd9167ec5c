"""The questionnaires of one course, asked in one way for its chart and for its timeline."""

from courses.models import Course
from outcomes.models import Response
from record.progress import Form
from staff.models import User

FACTS = (
    "in_session__session",
    "measure",
    "answers",
    "total",
    "taken_at",
    "without_work",
    "is_total_only",
    "came",
    "pk",
)  # in the order of `Form`


def forms_of(course: Course, user: User) -> list[Form]:
    """Those that stand and that this person may read, in the order in which they were taken; one question."""
    rows = Response.objects.visible_to(user).standing().filter(course=course)
    return [Form(*row) for row in rows.order_by("taken_at", "entered_at").values_list(*FACTS)]
