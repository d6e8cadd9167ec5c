"""A referral is given to a clinician, who reads it and decides; until then it cannot wait.

Whether somebody may do it is asked of `access.policy` by the pages. Each action holds the course, so that of two people who
act at once the second finds what the first did; `seen` is what the page said, and what differs from it is said instead of
overwritten. A screener's access is their allocation of kind screening: it ends with the decision, last of all."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils import timezone

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses import lifecycle
from courses.actions import move_course
from courses.lifecycle import Status
from courses.models import Allocation, Course
from outcomes.entry_actions import enter_measure
from outcomes.models import Alert
from referrals.models import Referral, ReferralLetter, ReferralWords, Screening, Suitability, Way
from staff.models import User

Scores = Mapping[str, Sequence[int | None]]


# --- To whom it is given ----------------------------------------------------------------------------------------------


def give_to_screener(
    *, course: Course, screener: User, by: User, version: int | None = None, seen: Seen | None = None
) -> Allocation:
    """From this minute the screener reads the referral and decides; who held it before does no longer. ValidationError where
    somebody has decided, where a therapist carries it, and for a person who does not screen."""
    with refused():
        fresh = _held(course)
        if version is not None and version != fresh.version:
            refuse_stale(fresh, seen, who_holds_it(fresh))
        _still_to_decide(fresh)
        if not (screener.is_active and policy.screens_referrals(screener)):
            raise ValidationError({"screener": f"{screener.full_name} does not screen referrals here."})
        before = _current(fresh)
        if before and before.kind != Allocation.Kind.SCREENING:
            raise ValidationError(f"{before.therapist.full_name} carries this course already.")
        if before and before.therapist_id == screener.pk:
            raise ValidationError({"screener": f"{screener.full_name} screens this referral already."})
        _arrival(fresh, by)
        now = timezone.now()
        if before:
            before.ends_at = now
            before.save(update_fields=["ends_at"])
        allocation = Allocation.objects.create(
            course=fresh, therapist=screener, kind=Allocation.Kind.SCREENING, starts_at=now, by=by
        )
        _count(fresh)
        what = f"Gave the referral to {screener.full_name} to be screened"
        record(Action.CHANGE, what, by=by, about=allocation, client_id=fresh.client_id)
    return allocation


def give_to_screeners(*, courses: Sequence[tuple[Course, int]], screener: User, by: User) -> list[Allocation]:
    """Several referrals at once, each with the version that the list showed: all of them or none. What is refused names the
    client."""
    if not courses:
        raise ValidationError({"courses": "Choose at least one referral."})
    given = []
    with refused():
        # In one order, whoever asks: two lists that hold the same referrals do not wait for one another.
        for course, version in sorted(courses, key=lambda each: each[0].pk):
            try:
                given.append(give_to_screener(course=course, screener=screener, by=by, version=version))
            except ValidationError as refusal:
                raise ValidationError(f"{course.client.name}: {refusal.messages[0]}") from refusal
    return given


def take_back_from_screener(
    *, course: Course, by: User, version: int | None = None, seen: Seen | None = None
) -> Course:
    """Nobody holds the referral any more: it waits for another screener."""
    with refused():
        fresh = _held(course)
        if version is not None and version != fresh.version:
            refuse_stale(fresh, seen, who_holds_it(fresh))
        before = _current(fresh)
        if before is None or before.kind != Allocation.Kind.SCREENING:
            raise ValidationError("Nobody screens this referral now. Nothing was changed.")
        before.ends_at = timezone.now()
        before.save(update_fields=["ends_at"])
        _count(fresh)
        what = f"Took the referral back from {before.therapist.full_name}"
        record(Action.CHANGE, what, by=by, about=before, client_id=fresh.client_id)
    return fresh


# --- What is decided --------------------------------------------------------------------------------------------------


def record_screening(
    *,
    key: UUID,
    course: Course,
    suitability: str,
    risk: str,
    done: str,
    by: User,
    likely_focus: str = "",
    reasons: str = "",
    end_reason: str = "",
    scores: Scores | None = None,
    seen: Seen | None = None,
) -> Screening:
    """What a clinician decided about a referral, added to what was decided before. `key` is the page's: sent twice it is one.

    Suitable: it waits. Not suitable: it is not taken on, with an `end_reason` of that list. More information: it stays referred
    and with who holds it. A course that was not taken on is screened again by a lead: suitable re-opens it. `scores` are the
    answers of questionnaires that were asked, by code, None for one left out."""
    with refused():
        fresh = _held(course)
        before = Screening.objects.filter(pk=key, course=fresh).first()
        if before is not None:
            return before
        if seen is not None:
            refuse_stale(fresh, seen, what_is_known(fresh))
        _may_be_decided(fresh, suitability)
        screening = Screening(
            id=key,
            course=fresh,
            screener=by,
            at=timezone.now(),
            suitability=suitability,
            likely_focus=likely_focus,
            reasons=reasons.strip(),
            risk=risk.strip(),
            done=done.strip(),
        )
        screening.clean_fields(exclude=["course", "screener"])
        if suitability != Suitability.SUITABLE and not screening.reasons:
            raise ValidationError({"reasons": "Say why."})
        screening.save(force_insert=True)
        for measure, answers in (scores or {}).items():
            enter_measure(
                key=uuid5(key, measure),
                course=fresh,
                measure=measure,
                answers=answers,
                taken_at=screening.at,
                by=by,
            )
        record(Action.CREATE, "Screened the referral", by=by, about=screening, client_id=fresh.client_id)
        if suitability == Suitability.MORE_INFORMATION:
            _count(fresh)
            return screening
        arrival = _arrival(fresh, by)
        if arrival is not None:
            arrival.screened_at, arrival.screened_by = screening.at, by
            arrival.save(update_fields=["screened_at", "screened_by"])
        _move_on(fresh, suitability, end_reason, by)
    return screening


def _move_on(course: Course, suitability: str, end_reason: str, by: User) -> None:
    """Its reason is read by the office: it says nothing clinical."""
    is_closed = not course.is_open
    if suitability == Suitability.SUITABLE:
        reason = "Screened again and found suitable." if is_closed else ""
        move_course(course=course, to=Status.WAITING, by=by, reason=reason)
    elif not is_closed:
        reason = f"Screened: {dict(lifecycle.END_REASONS_NOT_TAKEN_ON).get(end_reason, '')}."
        move_course(course=course, to=Status.NOT_TAKEN_ON, by=by, reason=reason, end_reason=end_reason)


def _may_be_decided(course: Course, suitability: str) -> None:
    if suitability not in Suitability.values:
        raise ValidationError({"suitability": "Say whether IPT suits: choose from the list."})
    if course.status not in (Status.REFERRED, Status.NOT_TAKEN_ON):
        raise ValidationError(f"This course is {course.get_status_display().lower()}: it was screened.")
    if course.status == Status.NOT_TAKEN_ON and suitability == Suitability.MORE_INFORMATION:
        raise ValidationError(
            {"suitability": "This course is closed. It is opened again when it is found suitable."}
        )


# --- What pages say ---------------------------------------------------------------------------------------------------


def who_holds_it(course: Course) -> dict[str, Any]:
    """What the page on which a screener is named states of the referral; nothing clinical."""
    current = _current(course)
    return {
        "Status": course.get_status_display(),
        "Screened by": current.therapist.full_name if current else "nobody yet",
    }


def what_is_known(course: Course) -> dict[str, Any]:
    """What the page on which it is decided states: words, a letter or an alert that came in meanwhile is read first."""
    return {
        "Status": course.get_status_display(),
        "Words about the problem": str(ReferralWords.objects.filter(course=course).count()),
        "Letters": str(ReferralLetter.objects.filter(course=course).standing().count()),
        "Open alerts": str(Alert.objects.filter(course=course).open().count()),
        "Screenings before": str(Screening.objects.filter(course=course).count()),
    }


# --- What all of them need --------------------------------------------------------------------------------------------


def _held(course: Course) -> Course:
    """The course as it stands, held until the act is done."""
    rows = Course.objects.select_for_update(of=("self",)).select_related("client")
    fresh = rows.filter(pk=course.pk).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    return fresh


def _still_to_decide(course: Course) -> None:
    if course.status != Status.REFERRED:
        raise ValidationError(
            f"This course is {course.get_status_display().lower()}: it is not screened any more."
        )


def holder_of(course: Course) -> User | None:
    """Who screens it now."""
    current = course.allocations.current(at=timezone.now()).screening().select_related("therapist").first()
    return current.therapist if current else None


def _current(course: Course) -> Allocation | None:
    return course.allocations.current(at=timezone.now()).select_related("therapist").first()


def _arrival(course: Course, by: User) -> Referral | None:
    """How it came; of a course that was opened without it, that nobody wrote it down. None where the reader may not add it."""
    found = Referral.objects.filter(course=course).first()
    if found is None and policy.may_enter_referral(by):
        found = Referral.objects.create(
            course=course, way=Way.UNKNOWN, received_at=course.opened_at, entered_by=by
        )
    return found


def _count(course: Course) -> None:
    course.version += 1
    course.save(update_fields=["version"])
