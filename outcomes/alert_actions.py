"""What a person does about an alert: acknowledges it, or closes it with what was done. Raising one is not here: that comes
with the answers that are recorded."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.refusals import NOT_YOURS, refused
from audit import trail
from audit.models import Action
from outcomes.models import Alert
from staff.models import User


def acknowledge_alert(*, alert: Alert, by: User) -> Alert:
    """Says that somebody has seen it and is on it. The first to say so stands; ValidationError for the second."""
    with refused():
        alert = _locked(alert)
        if alert.acknowledged_at:
            raise ValidationError(
                f"{_name(alert.acknowledged_by)} has acknowledged this alert already.", code="acknowledged"
            )
        alert.acknowledged_at = timezone.now()
        alert.acknowledged_by = by
        alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
        _record("Acknowledged an alert", alert, by)
    return alert


def close_alert(*, alert: Alert, what_was_done: str, by: User, typed_in_error: bool = False) -> Alert:
    """Closes it for good, with what was done or, typed in error, with why it is one. ValidationError without words, or
    when somebody else has closed it meanwhile."""
    with refused():
        alert = _locked(alert)
        if not what_was_done.strip():
            raise ValidationError(
                {
                    "what_was_done": "Say how the answer came to be typed in error."
                    if typed_in_error
                    else "Say what was done before you close the alert."
                }
            )
        alert.closed_at = timezone.now()
        alert.closed_by = by
        alert.what_was_done = what_was_done.strip()
        alert.typed_in_error = typed_in_error
        alert.save(update_fields=["closed_at", "closed_by", "what_was_done", "typed_in_error"])
        _record("Closed an alert as typed in error" if typed_in_error else "Closed an alert", alert, by)
    return alert


def _locked(alert: Alert) -> Alert:
    """The row as it is now, held until the act is done: of two people who answer at once the second is told."""
    fresh = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("course", "acknowledged_by", "closed_by")
        .filter(pk=alert.pk)
        .first()
    )
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    alert = fresh
    if alert.closed_at:
        when = timezone.localtime(alert.closed_at)
        raise ValidationError(
            f"{_name(alert.closed_by)} closed this alert on {when:%a} {when.day} {when:%b %Y} at {when:%H:%M}."
            " Nothing was changed.",
            code="closed",
        )
    return alert


def _name(person: User | None) -> str:
    return person.full_name if person else "Somebody"


def _record(what: str, alert: Alert, by: User) -> None:
    trail.record(Action.CHANGE, what, by=by, about=alert, client_id=alert.course.client_id)
