"""Which signed notes wait for a co-signature, and whose of them a person may co-sign. Questions only; the act is in
note_actions.py, and the rule for one note is access.policy.may_cosign."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from access import policy
from courses.models import Allocation
from sessions.drafts import WORDS
from sessions.models import CoSignature, Note
from staff.models import User

# A list says whose and since when.
NOT_THE_WORDS = (*WORDS, "reason", "who", "form", "letter", "techniques")


def awaiting(user: User, *, at: datetime) -> QuerySet[Any]:
    """Notes that wait for this person, in the order in which they were put forward: `put_forward_at` is when the note, or the
    last addendum by a trainee, was signed."""
    return (
        Note.objects.visible_to(user)
        .standing()
        .filter(_for_this_person(user, at=at), adds_to=None)
        .filter(~Exists(_own_pieces(user)))
        .annotate(put_forward_at=_put_forward())
        .exclude(put_forward_at=None)
        .exclude(_decided_since())
        .select_related("session", "author", "course__client")
        .defer(*NOT_THE_WORDS)
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
