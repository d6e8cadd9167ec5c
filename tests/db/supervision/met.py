"""Supervision meetings as the actions begin, write and sign them, in Sunil's own name. Call these outside `as_owner()`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from audit.acting import act_as
from courses.models import Course
from sessions.models import Note
from staff.models import User
from supervision import meeting_actions as actions
from supervision.models import AgendaItem, Case, Meeting
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner

WORDS = "We heard how Sunday’s argument went"
DECISION = "Stay with the dispute"


def an_hour_ago() -> datetime:
    return timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)


def another_supervisee(
    cast: Cast, name: str = "Theo Two", client: tuple[str, str] = ("Ruth", "Linley")
) -> Course:
    """The course of a therapist whom Sunil supervises too, and who is a stranger to Tara's clients."""
    with as_owner():
        theo = people.person(name, "therapist")
        people.supervises(cast.sunil, theo)
        course = people.course_for(people.client_named(*client), theo, status="in_treatment")
        course.theo = theo  # type: ignore[attr-defined]  # for the tests
    return course


def on_the_agenda(cast: Cast, course: Course | None = None, question: str = "", **fields: Any) -> AgendaItem:
    with as_owner():
        return AgendaItem.objects.create(
            course=course or cast.course, question=question, added_by=cast.tara, **fields
        )


def begun(cast: Cast, *there: User, by: User | None = None, **changes: Any) -> Meeting:
    by = by or cast.sunil
    act_as(by.pk)
    present = list(there) or [cast.tara]
    asked: dict[str, Any] = {
        "key": uuid4(),
        "held_at": an_hour_ago(),
        "minutes": 60,
        "kind": "group" if len(present) > 1 else "individual",
        "people": present,
        "by": by,
    }
    return actions.begin_meeting(**asked | changes)


def a_case(cast: Cast, meeting: Meeting | None = None, course: Course | None = None) -> Case:
    """On the list, without words."""
    act_as(cast.sunil.pk)
    case = actions.add_case(meeting=meeting or begun(cast), course=course or cast.course, by=cast.sunil)
    return Case.objects.select_related("meeting__supervisor", "course__client").get(pk=case.pk)


def typed(**changes: Any) -> dict[str, Any]:
    """Everything that signing needs."""
    form = {"focus_kept": "kept", "risk_said": "discussed", "risk_why": ""} | changes.pop("form", {})
    words = {"work": WORDS, "next_time": DECISION} | changes.pop("words", {})
    return {"based_on": 0, "words": words, "form": form} | changes


def an_action(
    cast: Cast, what: str = "Draw the circles again", number: int = 1, days: int = 7
) -> dict[str, str]:
    """A row of the page."""
    due = timezone.localdate() + timedelta(days=days)
    name = f"action_{number}"
    return {f"{name}_what": what, f"{name}_owner": str(cast.tara.pk), f"{name}_due": due.isoformat()}


def written(cast: Cast, case: Case | None = None, **changes: Any) -> Note:
    """A case with words, as a draft."""
    case = case or a_case(cast)
    act_as(cast.sunil.pk)
    return actions.save_case(case=case, by=cast.sunil, **typed(**changes))


def signed(cast: Cast, case: Case | None = None, **changes: Any) -> Note:
    """The same, signed with its meeting."""
    case = case or a_case(cast)
    note = written(cast, case, **changes)
    actions.sign_meeting(meeting=case.meeting, by=cast.sunil)
    return Note.objects.get(pk=note.pk)
