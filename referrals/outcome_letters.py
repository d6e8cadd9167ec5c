"""Letters that tell the person, the GP or who referred what became of a referral. The clinic's own wording is filled in and may
be changed; nothing clinical is put in by itself. What was written stays; that it has gone is added."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from clients.models import Client
from courses.lifecycle import Status
from courses.models import Course
from referrals.models import LetterKind, LetterTo, OutcomeLetter
from staff.models import Clinic, User
from staff.wordings import filled

LONGEST = 8000


# --- Which letter, and its words --------------------------------------------------------------------------------------


def kinds_for(course: Course) -> list[tuple[str, str]]:
    """What has become of the referral says which letters there are; that nobody could be reached is written at any time."""
    match course.status:
        case Status.REFERRED:
            kinds = [LetterKind.NO_CONTACT]
        case Status.NOT_TAKEN_ON:
            kinds = [LetterKind.NOT_SUITABLE, LetterKind.SIGNPOSTED, LetterKind.NO_CONTACT]
        case _:
            kinds = [LetterKind.ACCEPTED, LetterKind.NO_CONTACT]
    return [(kind.value, kind.label) for kind in kinds]


def wording(course: Course, *, kind: str, to: str, clinic: Clinic) -> str:
    """The clinic's words for such a letter, with the name of whom it goes to, the clinic's and the day of the referral."""
    return filled(
        getattr(clinic, f"letter_{kind}"),
        name=named(course.client, to),
        clinic=clinic.name,
        referred_on=course.referred_on,
    )


def named(client: Client, to: str) -> str:
    """How the letter greets whom it goes to."""
    match to:
        case LetterTo.CLIENT:
            return client.name
        case LetterTo.GP:
            return client.gp_name or "colleague"
        case _:
            return "colleague"


def address_of(course: Course, to: str) -> list[str]:
    """The lines over the letter. The client's home stands there only where it is safe to write home."""
    client = course.client
    match to:
        case LetterTo.CLIENT:
            lines = [client.name]
            if client.may_write_home:
                lines += [*client.address.splitlines(), client.postcode]
        case LetterTo.GP:
            lines = [client.gp_name, client.gp_practice]
        case _:
            lines = [course.get_referral_source_display()]
    return [line.strip() for line in lines if line.strip()]


# --- Actions ----------------------------------------------------------------------------------------------------------


def write_outcome_letter(
    *, key: UUID, course: Course, kind: str, to: str, body: str, by: User
) -> OutcomeLetter:
    """Keeps a letter as it was written. `key` is the page's: sent twice it is one letter. ValidationError for a letter that
    does not fit what became of the referral."""
    with refused():
        fresh = Course.objects.select_for_update(of=("self",)).filter(pk=course.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        before = OutcomeLetter.objects.filter(pk=key, course=fresh).first()
        if before is not None:
            return before
        if kind not in dict(kinds_for(fresh)):
            raise ValidationError(
                {
                    "kind": f"This course is {fresh.get_status_display().lower()} now: that letter does not fit."
                }
            )
        letter = OutcomeLetter(id=key, course=fresh, kind=kind, to=to, body=body.strip(), made_by=by)
        letter.clean_fields(exclude=["course", "made_by", "sent_by"])
        letter.save(force_insert=True)
        what = f"Wrote a letter about the referral: {letter}"
        record(Action.CREATE, what, by=by, about=letter, client_id=fresh.client_id)
    return letter


def mark_letter_sent(*, letter: OutcomeLetter, on: date, by: User) -> OutcomeLetter:
    """That it has gone, on a day from that on which it was written up to today. Said once."""
    with refused():
        rows = OutcomeLetter.objects.select_for_update(of=("self",)).select_related("course")
        fresh = rows.filter(pk=letter.pk).first()
        if fresh is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        if fresh.sent_on is not None:
            raise ValidationError("This letter was marked as sent already. Nothing was changed.")
        if on > timezone.localdate():
            raise ValidationError({"on": "This day lies ahead. Choose today or an earlier day."})
        if on < timezone.localdate(fresh.made_at):
            raise ValidationError({"on": "The letter was written later. Check the day."})
        fresh.sent_on, fresh.sent_by = on, by
        fresh.save(update_fields=["sent_on", "sent_by"])
        record(
            Action.CHANGE,
            "Marked a letter about the referral as sent",
            by=by,
            about=fresh,
            client_id=fresh.course.client_id,
        )
    return fresh
