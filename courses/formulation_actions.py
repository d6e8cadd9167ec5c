"""The formulation in the client's words: a new version of it. What was agreed before stays readable."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from access.words import tidied, wrong_with
from audit.models import Action
from audit.trail import record
from courses.holding import hold_open_course
from courses.models import Course, Formulation
from staff.models import User

LONGEST = 6000


def standing_formulation(course: Course) -> Formulation | None:
    """The version that stands, None before the first."""
    return Formulation.objects.filter(course=course).order_by("-number").select_related("written_by").first()


def what_formulation_says(formulation: Formulation | None) -> dict[str, Any]:
    """The words, as the page shows and changes them. When they were agreed is said anew of each version."""
    return {"text": formulation.text if formulation else ""}


def write_formulation(
    *,
    course: Course,
    text: str,
    by: User,
    agreed_on: date | None = None,
    agreed_at_session: int | None = None,
    seen: Seen | None = None,
) -> Formulation:
    """A new version: the one that stands where nothing has changed. `Stale` where somebody else wrote other words meanwhile;
    ValidationError where it says nothing, or was agreed on a day or at a session that cannot be."""
    with refused():
        fresh = hold_open_course(course.pk)
        before = standing_formulation(fresh)
        if seen is not None:
            refuse_stale(None, seen, what_formulation_says(before))
        words = tidied(text)
        _check(fresh, words, agreed_on, agreed_at_session)
        wanted = (words, agreed_on, agreed_at_session)
        if before and wanted == (before.text, before.agreed_on, before.agreed_at_session):
            return before
        formulation = Formulation.objects.create(
            course=fresh,
            number=before.number + 1 if before else 1,
            text=words,
            agreed_on=agreed_on,
            agreed_at_session=agreed_at_session,
            written_by=by,
        )
        what = "Changed the formulation" if before else "Wrote a formulation"
        record(Action.CHANGE, what, by=by, about=formulation, client_id=fresh.client_id)
    return formulation


def _check(course: Course, words: str, agreed_on: date | None, session: int | None) -> None:
    if not words:
        raise ValidationError({"text": "Write the formulation in the client’s words."})
    if why := wrong_with(words, longest=LONGEST):
        raise ValidationError({"text": why})
    if agreed_on and agreed_on > timezone.localdate():
        raise ValidationError({"agreed_on": "This day lies ahead. Choose today or an earlier day."})
    if agreed_on and agreed_on < course.referred_on:
        raise ValidationError({"agreed_on": "The referral came later. Check the day."})
    if session is None:
        return
    if agreed_on is None:
        raise ValidationError({"agreed_on": "Say on which day it was agreed, or empty the session."})
    attended = course.sessions.numbered().count()
    if not 1 <= session <= max(attended, 1):
        said = f"{attended} sessions were attended" if attended != 1 else "1 session was attended"
        raise ValidationError({"agreed_at_session": f"So far {said}. Check the number."})
