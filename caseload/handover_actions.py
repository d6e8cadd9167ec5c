"""What is done with the plan of a hand-over: made, changed, taken back, sent. Nothing moves before it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from caseload.handover import courses_of, preview, propose, takers_but, what_it_says
from courses.models import Course, HandOver, HandOverItem
from sessions.transferring import transfer_course
from staff import outbox
from staff.models import Clinic, Role, User

A_YEAR = timedelta(days=366)
CHANGED = "The plan has changed since this page was shown. Look at what it does now, then send it."


def plan_hand_over(*, of: User, at: datetime | None, reason: str, by: User) -> HandOver:
    """A plan with a proposal for every open course that this person carries. `at` None: when it is sent."""
    with refused():
        now = timezone.now()
        if not reason.strip():
            raise ValidationError({"why": "Say why, in a few words."})
        _check_year(at, now)
        courses = courses_of(of, reader=by, at=now)
        if not courses:
            raise ValidationError(f"{of.full_name} carries no open course.")
        chosen = propose(courses, takers_but(of, at=now))
        at = (at or now).replace(second=0, microsecond=0)  # as its page can show it
        plan = HandOver.objects.create(of=of, at=at, reason=reason.strip(), made_by=by)
        for course in courses:
            if course.pk in chosen:
                HandOverItem.objects.create(hand_over=plan, course=course, to=chosen[course.pk])
        record(Action.CREATE, "Planned a hand-over of a caseload", by=by, about=plan, reason=reason.strip())
    return plan


def change_hand_over(
    *,
    plan: HandOver,
    at: datetime,
    reason: str,
    receivers: Mapping[UUID, User | None],
    by: User,
    seen: Seen | None = None,
) -> HandOver:
    """Another day, another reason, other therapists: `receivers` says for each course to whom it goes, None for one that is
    left out. A course that is not named stays as it is. `Stale` where somebody else changed the plan meanwhile."""
    with refused():
        plan = _held(plan)
        standing = {item.course_id: item for item in plan.items.standing().select_related("course")}
        if seen is not None:
            stands = what_it_says(plan, {key: item.to_id for key, item in standing.items()})
            left_out = {f"to_{key}": "" for key in receivers if key not in standing}
            refuse_stale(plan, seen, stands | left_out)
        if not reason.strip():
            raise ValidationError({"why": "Say why, in a few words."})
        _check_year(at, timezone.now())
        if (plan.at, plan.reason) != (at, reason.strip()):
            plan.at, plan.reason = at, reason.strip()
            plan.save(update_fields=["at", "reason"])
        carried = {course.pk for course in courses_of(plan.of, reader=by, at=timezone.now())}
        for key, person in receivers.items():
            _set_receiver(plan, standing.get(key), key, person, carried)
        record(Action.CHANGE, "Changed the plan of a hand-over", by=by, about=plan)
    return plan


def undo_hand_over(*, plan: HandOver, by: User) -> HandOver:
    """The plan is taken back: nothing moves."""
    with refused():
        plan = _held(plan)
        plan.undone_at = timezone.now()
        plan.save(update_fields=["undone_at"])
        record(Action.CHANGE, "Took the plan of a hand-over back", by=by, about=plan)
    return plan


def send_hand_over(*, plan: HandOver, mark: str, agreed: bool, by: User) -> HandOver:
    """Every course of the plan goes to its new therapist, now or at the minute of the plan, all or none. `mark` is what the
    page showed; `agreed` says that what speaks against it was looked at. Raises ValidationError with everything that
    stands in the way. Who receives and the leads are told by mail, in numbers."""
    with refused():
        plan = _held(plan)
        items = list(plan.items.standing().select_related("course", "to").order_by("course_id"))
        if not items:
            raise ValidationError("No course is in the plan.")
        # In one order, so that two who hand over do not wait crosswise: courses first, then people, as every transfer does.
        list(
            Course.objects.select_for_update(of=("self",))
            .filter(pk__in=[item.course_id for item in items])
            .order_by("pk")
        )
        list(
            User.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in={item.to_id for item in items})
            .order_by("pk")
        )
        now = timezone.now()
        does = preview(plan, reader=by, at=now)
        if does.hard:
            raise ValidationError(does.hard)
        if does.mark != mark:
            raise ValidationError(CHANGED)
        if does.soft and not agreed:
            raise ValidationError(
                {"agreed": [*does.soft, "Change the plan, or tick that it is right all the same."]}
            )
        for item in items:
            transfer_course(
                course=item.course,
                therapist=item.to,
                at=plan.at if plan.at > now else None,
                reason=plan.reason,
                leave_clashes=True,
                leave_drafts=True,
                by=by,
            )
        plan.sent_at, plan.sent_by = now, by
        plan.save(update_fields=["sent_at", "sent_by"])
        record(Action.CHANGE, "Sent a hand-over of a caseload", by=by, about=plan, reason=plan.reason)
        _tell(plan, does.receivers, at=max(plan.at, now))
    return plan


# --- What all of them need --------------------------------------------------------------------------------------------


def _held(plan: HandOver) -> HandOver:
    fresh = HandOver.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if fresh.sent_at:
        raise ValidationError("This plan has been sent already.")
    if fresh.undone_at:
        raise ValidationError("This plan was taken back.")
    return fresh


def _set_receiver(
    plan: HandOver, item: HandOverItem | None, key: UUID, person: User | None, carried: set[UUID]
) -> None:
    if item is not None and person is None:
        item.removed_at = timezone.now()
        item.save(update_fields=["removed_at"])
    elif item is not None and person is not None and item.to_id != person.pk:
        item.to = person
        item.save(update_fields=["to"])
    elif item is None and person is not None:
        if key not in carried:
            raise ValidationError(f"{plan.of.full_name} does not carry this course.")
        HandOverItem.objects.create(hand_over=plan, course_id=key, to=person)


def _check_year(at: datetime | None, now: datetime) -> None:
    if at is not None and not now - A_YEAR <= at <= now + A_YEAR:
        raise ValidationError({"day": "Check the year."})


def _tell(plan: HandOver, receivers: list[tuple[User, int]], *, at: datetime) -> None:
    words: dict[str, Any] = {
        "clinic": Clinic.objects.first() or Clinic(),
        "at": timezone.localtime(at),
        "of": plan.of,
        "by": plan.sent_by,
    }
    for person, count in receivers:
        _mail("hand_over_to", words | {"person": person, "count": count}, to=person)
    total = {"count": sum(count for _, count in receivers), "people": len(receivers)}
    for lead in User.objects.working().with_role(Role.LEAD):
        _mail("hand_over_lead", words | total | {"person": lead}, to=lead)


def _mail(template: str, words: dict[str, Any], *, to: User) -> None:
    mail = render_to_string(f"caseload/mail/{template}.txt", words).strip()
    subject, _, body = mail.partition("\n")
    outbox.queue(to=to.email, subject=subject, body=body.lstrip())
