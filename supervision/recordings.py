"""The log of recordings: that a session was recorded, with which consent, where the recording is kept, until when, and what
became of it. Never the recording itself. Questions about rows and the two acts; the rule of consent is the contract's."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from access.words import tidied
from audit.models import Action
from audit.trail import record
from courses.contract_actions import standing_contract
from courses.holding import hold_open_course
from courses.models import Contract, Course
from sessions.models import SEEN, TherapySession
from staff.models import Clinic, User
from supervision.models import WITHOUT_CONSENT, Recording

SOON = timedelta(days=7)

REFUSALS = {
    "not_asked": "The contract does not say whether sessions may be recorded. Ask {name}, and write the answer into the "
    "contract first.",
    "no": "{name} refused consent to recording: no session is recorded. Should they agree later, write it into the "
    "contract first.",
    "withdrawn": "{name} withdrew consent to recording: no further session is recorded. Should they agree again, write it "
    "into the contract first.",
}


# --- What stands ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where a recording stands on a day: the kind of its tag, empty for none, and the words."""

    kind: str
    words: str

    @property
    def is_overdue(self) -> bool:
        return self.kind == "risk"


def standing_of(recording: Recording, *, on: date, contract: Contract | None = None) -> Standing:
    """What is to be done with it. `contract` is the course's, where the row was not asked for `with_contract()`."""
    if recording.deleted_on:
        return Standing("good", "Deleted")
    withdrawn = withdrawn_on(recording, contract)
    if withdrawn:
        return Standing("risk", "Consent withdrawn: to be deleted")
    days = (recording.delete_by - on).days
    if days < 0:
        return Standing("risk", f"To be deleted: {_days(-days)} late")
    if days <= SOON.days:
        return Standing("warn", "To be deleted today" if days == 0 else f"To be deleted in {_days(days)}")
    return Standing("", "Kept")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def withdrawn_on(recording: Recording, contract: Contract | None = None) -> date | None:
    """The day on which consent was withdrawn, as the log or the contract says; None while it stands."""
    if recording.withdrawn_on:
        return recording.withdrawn_on
    says = contract.recording if contract else getattr(recording, "contract_says", None)
    since = contract.agreed_on if contract else getattr(recording, "contract_on", None)
    return since if says in WITHOUT_CONSENT else None


def why_not_recorded(course: Course) -> str:
    """Why no recording may be entered, in words; empty where the standing contract says that consent was given."""
    contract = standing_contract(course)
    says = contract.recording if contract else "not_asked"
    return REFUSALS[says].format(name=course.client.called) if says in REFUSALS else ""


def recordable(course: Course) -> QuerySet[TherapySession]:
    """Sessions that were held and of which no recording is in the log, the newest first."""
    held = course.sessions.filter(attendance__in=SEEN, entered_in_error_at=None)
    return held.exclude(pk__in=Recording.objects.filter(course=course).values("session")).order_by(
        "-starts_at"
    )


def proposed_deletion(session: TherapySession) -> date:
    """The day of the session and so many days after it as the clinic keeps recordings."""
    days = (Clinic.objects.first() or Clinic()).recording_days
    return timezone.localdate(session.starts_at) + timedelta(days=days)


# --- Acts -------------------------------------------------------------------------------------------------------------


def enter_recording(
    *,
    course: Course,
    session: TherapySession,
    consent_on: date,
    kept_where: str,
    delete_by: date | None = None,
    submitted_on: date | None = None,
    by: User,
) -> Recording:
    """One more in the log. Without `delete_by` it is the proposed day. Raises ValidationError where the contract gives no
    consent, or the session was not held."""
    with refused():
        fresh = hold_open_course(course.pk, "client")
        refusal = why_not_recorded(fresh)
        if refusal:
            raise ValidationError(refusal, code="no_consent")
        held = recordable(fresh).filter(pk=session.pk).first()
        if held is None:
            raise ValidationError({"session": "Choose a session that was held and is not in the log yet."})
        recording = Recording(course=fresh, session=held, entered_by=by, consent_on=consent_on)
        _say(
            recording,
            kept_where=kept_where,
            delete_by=delete_by or proposed_deletion(held),
            submitted_on=submitted_on,
        )
        recording.save(force_insert=True)
        record(
            Action.CREATE,
            "Entered a recording of a session",
            by=by,
            about=recording,
            client_id=fresh.client_id,
        )
    return recording


def change_recording(
    *,
    recording: Recording,
    kept_where: str,
    delete_by: date,
    submitted_on: date | None = None,
    withdrawn_on: date | None = None,
    deleted_on: date | None = None,
    version: int,
    seen: Seen | None = None,
    by: User,
) -> Recording:
    """What became of it; also once the course has ended. A deleted recording changes no more. `version` and `seen` are what the
    page showed: what somebody else changed since is said instead of overwritten."""
    with refused():
        rows = Recording.objects.select_related("course", "session").select_for_update(of=("self",))
        fresh = rows.filter(pk=recording.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.version != version:
            refuse_stale(fresh, seen, what_it_says(fresh))
        if fresh.deleted_on:
            raise ValidationError("This recording is deleted already. Nothing was changed.")
        _say(
            fresh,
            kept_where=kept_where,
            delete_by=delete_by,
            submitted_on=submitted_on,
            withdrawn_on=withdrawn_on,
            deleted_on=deleted_on,
        )
        fresh.deleted_by = by if deleted_on else None
        fresh.version += 1
        fresh.save()
        what = "Said that a recording is deleted" if deleted_on else "Changed the log of a recording"
        record(Action.CHANGE, what, by=by, about=fresh, client_id=fresh.course.client_id)
    return fresh


def what_it_says(recording: Recording) -> dict[str, Any]:
    """By the names of the form's fields."""
    names = ("kept_where", "delete_by", "submitted_on", "withdrawn_on", "deleted_on")
    return {name: getattr(recording, name) for name in names}


def _say(recording: Recording, *, kept_where: str, **days: date | None) -> None:
    recording.kept_where = " ".join(tidied(kept_where).split())
    for name, day in days.items():
        setattr(recording, name, day)
    if not recording.kept_where:
        raise ValidationError({"kept_where": "Say where the recording is kept."})
    _check_days(recording)
    recording.clean_fields(exclude=["course", "session", "entered_by", "deleted_by"])


def _check_days(recording: Recording) -> None:
    today, held = timezone.localdate(), timezone.localdate(recording.session.starts_at)
    if recording.consent_on > held:
        raise ValidationError({"consent_on": "Consent comes before the session is recorded. Check the day."})
    if recording.delete_by < held:
        raise ValidationError({"delete_by": "This day lies before the session. Check it."})
    for name, first, said in (
        ("submitted_on", held, "It was given to be rated after the session. Check the day."),
        ("withdrawn_on", recording.consent_on, "Consent was given later than that. Check the day."),
        ("deleted_on", held, "It was deleted after the session. Check the day."),
    ):
        day = getattr(recording, name)
        if day and day > today:
            raise ValidationError({name: "This day lies ahead. Choose today or an earlier day."})
        if day and day < first:
            raise ValidationError({name: said})
