"""Which signed notes wait for a co-signature, and whose of them a person may co-sign. Questions only; the act is in
note_actions.py, and the rule for one note is access.policy.may_cosign."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from access import policy
from courses.models import Allocation
from sessions.drafts import WORDS
from sessions.models import CoSignature, Note, NoteKind
from staff.models import Leave, Role, SupervisionLine, User

# A list says whose and since when.
NOT_THE_WORDS = (*WORDS, "reason", "who", "form", "letter", "techniques")


def awaiting(user: User, *, at: datetime) -> QuerySet[Any]:
    """Notes that wait for this person, in the order in which they were put forward: `put_forward_at` is when the note, or the
    last addendum by a trainee, was signed."""
    return (
        _waiting(Note.objects.visible_to(user))
        .filter(_for_this_person(user, at=at))
        .filter(~Exists(_own_pieces(user)))
        .select_related("session", "author", "course__client")
        .defer(*NOT_THE_WORDS)
    )


def _waiting(notes: QuerySet[Note]) -> QuerySet[Any]:
    return (
        notes.filter(adds_to=None, in_error=None)
        .exclude(kind=NoteKind.SUPERVISION)
        .annotate(put_forward_at=_put_forward())
        .exclude(put_forward_at=None)
        .exclude(_decided_since())
        .order_by("put_forward_at", "pk")
    )


def waiting_since(user: User, *, at: datetime) -> dict[UUID, datetime]:
    """The keys of `awaiting` in its order, each with when it was put forward: one question, and not a word of a note."""
    rows = awaiting(user, at=at).values_list("pk", "put_forward_at")
    return dict(rows)


def _decided_since() -> Exists:
    return Exists(CoSignature.objects.filter(note=OuterRef("pk"), at__gte=OuterRef("put_forward_at")))


def _own_pieces(user: User) -> QuerySet[Note]:
    """What this person added to it as a trainee: nobody decides about that themself (policy.may_cosign)."""
    return Note.objects.filter(adds_to=OuterRef("pk"), author=user, needs_cosign=True)


def _put_forward() -> Coalesce:
    pieces = Note.objects.signed().standing().filter(needs_cosign=True)
    own = pieces.filter(pk=OuterRef("pk")).values("signed_at")
    added = (
        pieces.filter(adds_to=OuterRef("pk"))
        .order_by()
        .values("adds_to")
        .annotate(last=Max("signed_at"))
        .values("last")
    )
    return Coalesce(added, own)


# --- For the whole clinic ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """A note that waits, by keys and times. `piece` is what put it forward: the note, or the trainee's last addendum.
    `whose` are all who may decide about it now."""

    piece: UUID
    course: UUID
    since: datetime
    whose: frozenset[UUID]


def all_that_wait(*, since_before: datetime, at: datetime) -> list[Waits]:
    """What was put forward before that moment and waits still, whoever it waits for: for the system person, who sees all. Asks
    the same number of questions however many wait."""
    columns = ("pk", "author", "course", "put_forward_at", "put_forward_by")
    waiting = list(
        _waiting(Note.objects.all())
        .filter(put_forward_at__lt=since_before)
        .annotate(put_forward_by=_put_forward_by())
        .values_list(*columns)
    )
    authors, courses = {row[1] for row in waiting}, {row[2] for row in waiting}
    here = _here_for(authors, at=at)
    leads = set(User.objects.working().with_role(Role.LEAD).values_list("pk", flat=True))
    carried = set(
        Allocation.objects.current(at=at)
        .filter(course__in=courses, therapist__in=authors)
        .values_list("course", "therapist")
    )
    added = _added_by_trainees({row[0] for row in waiting})
    return [
        Waits(
            piece=piece,
            course=course,
            since=since,
            whose=frozenset(
                ((here.get(author, set()) if (course, author) in carried else set()) or leads)
                - {author}
                - added.get(note, set())
            ),
        )
        for note, author, course, since, piece in waiting
    ]


def _here_for(authors: Collection[UUID], *, at: datetime) -> dict[UUID, set[UUID]]:
    """Of each author the supervisors who are here, and the deputies of those who are on leave: as
    policy.supervised_by_somebody, which says whether there is anybody."""
    away = set(Leave.objects.on(timezone.localdate(at)).values_list("person", flat=True))
    found: dict[UUID, set[UUID]] = {}
    lines = SupervisionLine.objects.current(at=at).filter(therapist__in=authors)
    for line in lines.select_related("supervisor", "deputy"):
        person = line.deputy if line.supervisor_id in away else line.supervisor
        if person is None or not person.is_active or person.pk in away:
            continue
        if person.pk == line.supervisor_id and not person.is_supervisor:
            continue
        found.setdefault(line.therapist_id, set()).add(person.pk)
    return found


def _added_by_trainees(notes: Collection[UUID]) -> dict[UUID, set[UUID]]:
    added: dict[UUID, set[UUID]] = {}
    rows = Note.objects.filter(adds_to__in=notes, needs_cosign=True).exclude(author=F("adds_to__author"))
    for note, author in rows.values_list("adds_to", "author"):
        added.setdefault(note, set()).add(author)
    return added


def _put_forward_by() -> Coalesce:
    pieces = Note.objects.signed().standing().filter(adds_to=OuterRef("pk"), needs_cosign=True)
    return Coalesce(pieces.order_by("-signed_at", "-pk").values("pk")[:1], F("pk"))


# --- Parts of the questions -------------------------------------------------------------------------------------------


def _for_this_person(user: User, *, at: datetime) -> Q:
    others = ~Q(author=user)
    if not user.is_lead:
        return others & Q(author__in=policy.supervised_by(user, at=at))
    # The author no longer carries the course: no supervisor of theirs can read it.
    carried = Allocation.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        course=OuterRef("course"),
        therapist=OuterRef("author"),
        starts_at__lte=at,
    )
    nobody = ~Q(author__in=policy.supervised_by_somebody(at=at)) | ~Q(Exists(carried))
    return others & (Q(author__in=policy.supervised_by(user, at=at)) | nobody)
