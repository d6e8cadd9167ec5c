"""Writing down the answers of a questionnaire, and the alert that an answer raises. Called inside an action's transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError

from courses.models import Course
from outcomes.measures import BY_CODE
from outcomes.models import Alert, Response
from outcomes.scoring import score
from staff.models import User

Answers = Sequence[int | None]


def record_response(
    *,
    course: Course,
    measure: str,
    answers: Answers,
    taken_at: datetime,
    by: User,
    response: Response | None = None,
) -> Response:
    """Adds a response, or corrects `response` while it is not locked, and raises what its answers call for.

    Raises ValidationError where an answer is out of range; a missing one is kept as missing and never as a zero."""
    try:
        total = score(measure, answers).total
    except ValueError as error:
        raise ValidationError({measure: f"{BY_CODE[measure].name}: {error}"}) from error
    if response is None:
        response = Response(
            course=course, measure=measure, instrument_version=BY_CODE[measure].version, entered_by=by
        )
    response.answers, response.total, response.taken_at = list(answers), total, taken_at
    response.save()
    raise_alerts(response)
    return response


def raise_alerts(response: Response) -> None:
    """One open alert for each risk item above 0, also on an incomplete form. An answer that is taken back leaves its alert
    open: a person closes it, with a reason."""
    for item in BY_CODE[response.measure].risk_items:
        value = response.answers[item - 1]
        if not value:
            continue
        alert = Alert.objects.open().filter(response=response, item=item).first()
        if alert is None:
            Alert.objects.create(course_id=response.course_id, response=response, item=item, value=value)
        elif alert.value != value:
            alert.value = value
            alert.save(update_fields=["value"])
