"""What was agreed in supervision about a course, as the log of a session shows it: ticked as done with words, kept with the
draft, and closed when the session is signed. The actions themselves are of `courses`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from access.words import tidied
from courses.action_actions import LONGEST, close_action
from courses.models import Course, CourseAction
from sessions.drafts import keys_in
from sessions.forms import CAME_OF
from sessions.models import Note
from staff.models import User

NOT_TICKED = "You wrote what came of “{}”. Tick it if it is done, or move your words into the note."
CLOSED_MEANWHILE = "“{}” was closed meanwhile by {}. Move your words about it into the note, then sign."
TOO_LONG = f"Say what came of “{{}}” in at most {LONGEST} characters."


@dataclass(frozen=True)
class Line:
    """One action on the page of a session. `state` says whose it is and until when, or that it is closed."""

    key: str
    what: str
    state: str
    is_overdue: bool
    is_ticked: bool
    words: str
    error: str = ""

    @property
    def name(self) -> str:
        return f"{CAME_OF}{self.key}"


def lines(
    course: Course,
    user: User,
    *,
    ticked: Sequence[str],
    words: Mapping[str, str],
    errors: Mapping[str, str],
) -> list[Line]:
    """The open actions of the course, and those of which the draft says something although they are closed by now. `words` and
    `errors` by key. One question."""
    said = keys_in([*ticked, *words])
    rows = CourseAction.objects.visible_to(user).filter(course=course).filter(Q(outcome="") | Q(pk__in=said))
    today = timezone.localdate()
    return [
        Line(
            key=str(action.pk),
            what=action.what,
            state=_state(action, user, today),
            is_overdue=not action.outcome and action.due_on < today,
            is_ticked=str(action.pk) in ticked,
            words=words.get(str(action.pk), ""),
            error=errors.get(str(action.pk), ""),
        )
        for action in rows.select_related("owner", "closed_by")
    ]


def _state(action: CourseAction, user: User, today: date) -> str:
    if action.closed_at and action.closed_by:
        on = date_format(timezone.localtime(action.closed_at), "D j M")
        return f"{action.get_outcome_display()} already: {action.closed_by.full_name}, {on}"
    due = f"due {date_format(action.due_on, 'D j M')}"
    return due if action.owner_id == user.pk else f"{action.owner.full_name}, {due}"


def choices(course: Course, user: User) -> list[tuple[str, str]]:
    """Key and words of every action of the course, for a page that says in words what was ticked."""
    rows = CourseAction.objects.visible_to(user).filter(course=course)
    return [(str(key), what) for key, what in rows.values_list("pk", "what")]


def close_ticked(note: Note, user: User) -> None:
    """What the draft has ticked is done, with its words. One that was closed before stays as it is. Raises ValidationError
    where words would be lost: of an action that is not ticked, or that somebody else closed with other words."""
    ticked = set(keys_in(note.form.get("actions_done", [])))
    words = _words(note.form)
    if not ticked and not words:
        return
    rows = CourseAction.objects.visible_to(user).filter(course=note.course_id, pk__in={*ticked, *words})
    wrong: dict[str, str] = {}
    for action in rows.select_related("closed_by").order_by("pk"):
        said = words.get(action.pk, "")
        if refusal := _refusal(action, said, is_ticked=action.pk in ticked):
            wrong[f"{CAME_OF}{action.pk}"] = refusal
        elif action.pk in ticked and not action.outcome:
            close_action(action=action, outcome=CourseAction.Outcome.DONE, words=said, by=user)
    if wrong:
        raise ValidationError(wrong)


def _refusal(action: CourseAction, said: str, *, is_ticked: bool) -> str:
    if not said:
        return ""
    if action.outcome:
        who = action.closed_by.full_name if action.closed_by else "somebody"
        return "" if said == action.words else CLOSED_MEANWHILE.format(action.what, who)
    if not is_ticked:
        return NOT_TICKED.format(action.what)
    return TOO_LONG.format(action.what) if len(said) > LONGEST else ""


def _words(form: Mapping[str, Any]) -> dict[UUID, str]:
    """By key, only where something is said."""
    typed = {name.removeprefix(CAME_OF): value for name, value in form.items() if name.startswith(CAME_OF)}
    return {
        key: said for one, value in typed.items() if (said := tidied(str(value))) for key in keys_in([one])
    }
