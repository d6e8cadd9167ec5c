"""What is to be spoken of in supervision: a course is put on the agenda, its question changed, taken off, and the items put in
order by hand. What was discussed leaves the agenda when its meeting is signed (`supervision.meeting_actions`).

Whoever writes holds the agenda of the course's therapist first: a lock of that name, since no supervisor holds a course."""

from enum import Enum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from access.words import tidied, wrong_with
from audit.models import Action
from audit.trail import record
from courses.models import Allocation, Course
from database import locks
from staff.models import User
from supervision.models import AgendaItem, AgendaItemQuerySet

LONGEST = 500
OTHER_QUESTION = (
    "This course is on the agenda already, with another question: “{}” ({})."
    " Change the question there, or leave yours."
)
LEFT = "This left the agenda meanwhile. Nothing was changed: put the course on it again if it is still to be discussed."


class Proposed(Enum):
    """What came of putting a course on the agenda."""

    ADDED = "added"
    QUESTION_ADDED = "question added"
    THERE_ALREADY = "there already"


def propose_course(*, course: Course, by: User, question: str = "") -> Proposed:
    """The course goes to the end of its therapist's agenda. On it already, it takes the question if it had none; another
    question than the one that stands is refused, so that neither is lost. Raises ValidationError."""
    with refused():
        words = _question(question)
        if not policy.may_bring_to_supervision(by, course):
            raise ValidationError(NOT_YOURS, code="not_yours")
        therapist = _hold_agenda(course.pk)
        standing = (
            AgendaItem.objects.visible_to(by)
            .open()
            .select_for_update(of=("self",))
            .select_related("added_by")
            .filter(course=course)
            .first()
        )
        if standing is None:
            last = _of_therapist(therapist, by).aggregate(last=Max("position"))["last"] or 0
            item = AgendaItem(course=course, question=words, added_by=by, position=last + 1)
            item.save(force_insert=True)
            record(
                Action.CREATE,
                "Put on the agenda of supervision",
                by=by,
                about=item,
                client_id=course.client_id,
            )
            return Proposed.ADDED
        if not words or words == standing.question:
            return Proposed.THERE_ALREADY
        if standing.question:
            refusal = OTHER_QUESTION.format(standing.question, standing.added_by.full_name)
            raise ValidationError({"question": refusal}, code="on_the_agenda")
        _put_question(standing, words, by=by)
    return Proposed.QUESTION_ADDED


def change_question(
    *, item: AgendaItem, question: str, version: int, by: User, seen: Seen | None = None
) -> AgendaItem:
    """Another question, or none. `Stale` where somebody else changed it meanwhile, ValidationError where it left the agenda."""
    with refused():
        words = _question(question)
        fresh = _held(item, by=by)
        if fresh.version != version:
            refuse_stale(fresh, seen, {"question": fresh.question})
        if words != fresh.question:
            _put_question(fresh, words, by=by)
    return fresh


def take_off(*, item: AgendaItem, version: int, by: User, seen: Seen | None = None) -> AgendaItem:
    """Not to be discussed after all. `Stale` where somebody wrote a question meanwhile: it would go unread."""
    with refused():
        fresh = _held(item, by=by)
        if fresh.version != version:
            refuse_stale(fresh, seen, {"question": fresh.question})
        fresh.closed, fresh.closed_at, fresh.closed_by = AgendaItem.Closed.TAKEN_OFF, timezone.now(), by
        fresh.version += 1
        fresh.save(update_fields=["closed", "closed_at", "closed_by", "version"])
        record(
            Action.CHANGE,
            "Took off the agenda of supervision",
            by=by,
            about=fresh,
            client_id=fresh.course.client_id,
        )
    return fresh


class Way(Enum):
    UP = "up"
    DOWN = "down"


def move_item(
    *, item: AgendaItem, by: User, way: Way | None = None, before: UUID | None = None
) -> list[UUID]:
    """One place up or down, or before another item of the same therapist; without either, to the end. Every move is made in the
    order that stands by then, so that two people who order at once both have their way. Answers the keys in their new order."""
    with refused():
        fresh = _held(item, by=by)
        therapist = _carrier(fresh.course_id)
        rows = list(
            _of_therapist(therapist, by)
            .select_for_update(of=("self",))
            .order_by("position", "added_at", "id")
        )
        keys = [row.pk for row in rows]
        if fresh.pk not in keys:
            raise ValidationError(LEFT, code="left_the_agenda")
        ordered = _moved(keys, fresh.pk, way, before)
        by_key = {row.pk: row for row in rows}
        for position, key in enumerate(ordered, start=1):
            if by_key[key].position != position:
                by_key[key].position = position
                by_key[key].save(update_fields=["position"])
        if ordered != keys:
            record(
                Action.CHANGE,
                "Ordered the agenda of supervision",
                by=by,
                about=fresh,
                client_id=fresh.course.client_id,
            )
    return ordered


def _moved(keys: list[UUID], key: UUID, way: Way | None, before: UUID | None) -> list[UUID]:
    place = keys.index(key)
    others = [one for one in keys if one != key]
    if way is not None:
        place = max(place - 1, 0) if way is Way.UP else min(place + 1, len(others))
    elif before == key:
        return keys
    else:
        # What it was to stand before may have left the agenda: then it goes to the end.
        place = others.index(before) if before in others else len(others)
    return [*others[:place], key, *others[place:]]


def _question(typed: str) -> str:
    words = tidied(typed)
    if wrong := wrong_with(words, longest=LONGEST):
        raise ValidationError({"question": wrong})
    return words


def _put_question(item: AgendaItem, words: str, *, by: User) -> None:
    item.question = words
    item.version += 1
    item.save(update_fields=["question", "version"])
    record(
        Action.CHANGE,
        "Changed the question for supervision",
        by=by,
        about=item,
        client_id=item.course.client_id,
    )


def _held(item: AgendaItem, *, by: User) -> AgendaItem:
    """The item as it stands, with the agenda that it is on, held until the transaction ends."""
    _hold_agenda(item.course_id)
    rows = AgendaItem.objects.visible_to(by).select_for_update(of=("self",)).select_related("course")
    fresh = rows.filter(pk=item.pk).first()
    if fresh is None or not policy.may_bring_to_supervision(by, fresh.course):
        raise ValidationError(NOT_YOURS, code="not_yours")
    if fresh.closed_at is not None:
        raise ValidationError(LEFT, code="left_the_agenda")
    return fresh


def _hold_agenda(course_id: UUID) -> UUID | None:
    therapist = _carrier(course_id)
    locks.hold(f"agenda {therapist or course_id}")
    return therapist


def _carrier(course_id: UUID) -> UUID | None:
    now = timezone.now()
    rows = Allocation.objects.current(at=now).carrying().filter(course=course_id)
    return rows.values_list("therapist", flat=True).first()


def _of_therapist(therapist: UUID | None, by: User) -> AgendaItemQuerySet:
    carried = Allocation.objects.current(at=timezone.now()).carrying().filter(therapist=therapist)
    return AgendaItem.objects.visible_to(by).open().filter(course__in=carried.values("course"))
