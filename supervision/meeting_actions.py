"""Every write to a supervision meeting: it is begun, changed and taken away, cases are put on its list, taken off and ordered,
their words kept and signed, and a therapist signs for their own case. Each is one transaction and says by whom.

Whoever writes to a meeting waits for who did so before (`sessions.drafts.hold` by its key), and so for the words of a case by
the key of its note: a meeting is signed with the words that stand, or a save comes after it and is told so."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import NOT_YOURS, refused
from audit.models import Action
from audit.trail import record
from courses.action_actions import agree_action, owners_of
from courses.lifecycle import OPEN
from courses.models import Allocation, Course
from sessions import drafts
from sessions.actions import seal
from sessions.drafts import AlreadySigned, Typed
from sessions.models import EnteredInError, ErrorKind, Note, NoteKind
from sessions.note_actions import draft_of, pieces_read, what_is_read
from staff.models import User
from supervision import records
from supervision.models import AgendaItem, Case, CaseSignature, Meeting, MeetingPerson
from supervision.whose import supervised

IS_SIGNED = "This meeting is signed. Nothing was changed."
EMPTIED = "Emptied before the meeting was signed: this case was not reached."


class NotReady(ValidationError):
    """Some cases cannot be signed yet: `missing` says of each what is missing, by field of its page."""

    def __init__(self, missing: dict[UUID, dict[str, str]]) -> None:
        super().__init__("Some cases are not ready to be signed. Nothing was signed.")
        self.missing = missing


# --- Which courses ----------------------------------------------------------------------------------------------------


def courses_to_supervise(user: User, *, at: datetime) -> QuerySet[Course]:
    """The open courses whose therapist this person supervises now, never their own. `policy.supervises` says the same of one,
    and access/rls of the database (`courses_i_supervise`)."""
    own = Allocation.objects.current(at=at).filter(therapist=user)
    return supervised(user, now=at).exclude(pk__in=own.values("course"))


def therapists_of(courses: Iterable[UUID], people: Iterable[UUID], *, at: datetime) -> dict[UUID, UUID]:
    """Who of these people carries each course now."""
    held = Allocation.objects.current(at=at).carrying()
    rows = held.filter(course__in=list(courses), therapist__in=list(people))
    return dict(rows.order_by("starts_at").values_list("course", "therapist"))


# --- A meeting --------------------------------------------------------------------------------------------------------


def begin_meeting(
    *, key: UUID, held_at: datetime, minutes: int, kind: str, people: Sequence[User], by: User
) -> Meeting:
    """A meeting, held or planned, with the open agenda of who is there on its list. `key` is one that the page made: a form
    that is sent twice begins one meeting. Raises ValidationError by field."""
    now = timezone.now()
    with refused():
        drafts.hold(key)
        begun = Meeting.objects.visible_to(by).filter(pk=key, supervisor=by).first()
        if begun is not None:
            return begun
        _check(people, kind, by, now)
        meeting = Meeting(pk=key, supervisor=by, held_at=held_at, minutes=minutes, kind=kind)
        meeting.save(force_insert=True)
        MeetingPerson.objects.bulk_create([MeetingPerson(meeting=meeting, person=one) for one in people])
        _take_up(meeting, people, by, now)
        record(Action.CREATE, "Began a supervision meeting", by=by, about=meeting)
    return meeting


def change_meeting(
    *,
    meeting: Meeting,
    version: int,
    seen: Seen,
    held_at: datetime,
    minutes: int,
    kind: str,
    people: Sequence[User],
    by: User,
) -> Meeting:
    """When, how long, which kind and who was there, until it is signed. Who comes in brings their agenda; whoever goes takes
    what was not written about. Raises ValidationError by field, and `Stale` where somebody changed it meanwhile."""
    now = timezone.now()
    with refused():
        meeting = _held(meeting, by)
        shown = shown_of(meeting)
        if meeting.version != version:
            refuse_stale(meeting, seen, shown)
        before = set(shown["people"])
        _check(people, kind, by, now, already=before)
        after = {str(one.pk) for one in people}
        gone = before - after
        kept = meeting.cases.filter(therapist__in=gone).exclude(note=None).select_related("therapist")
        if who := sorted({case.therapist.full_name for case in kept}):
            raise ValidationError(
                {"people": f"A case of {' and '.join(who)} has been written about: they stay at the meeting."}
            )
        Case.objects.filter(meeting=meeting, therapist__in=gone, note=None).delete()
        MeetingPerson.objects.filter(meeting=meeting, person__in=gone).delete()
        new = [one for one in people if str(one.pk) not in before]
        MeetingPerson.objects.bulk_create([MeetingPerson(meeting=meeting, person=one) for one in new])
        if new:
            _take_up(meeting, new, by, now)
        meeting.held_at, meeting.minutes, meeting.kind = held_at, minutes, kind
        meeting.version += 1
        meeting.save(update_fields=["held_at", "minutes", "kind", "version"])
        record(Action.CHANGE, "Changed a supervision meeting", by=by, about=meeting)
    return meeting


def shown_of(meeting: Meeting) -> dict[str, Any]:
    """What the form that changes a meeting shows of it, by its fields."""
    when = timezone.localtime(meeting.held_at)
    people = MeetingPerson.objects.filter(meeting=meeting).order_by("person__full_name")
    return {
        "held_on": when.date(),
        "held_time": when.time().replace(second=0, microsecond=0),
        "minutes": meeting.minutes,
        "kind": meeting.kind,
        "people": [str(key) for key in people.values_list("person", flat=True)],
    }


def remove_meeting(*, meeting: Meeting, by: User) -> None:
    """A meeting that was begun by mistake, or does not take place, before anything was written. Its agenda stays."""
    with refused():
        meeting = _held(meeting, by)
        if meeting.cases.exclude(note=None).exists() or out_of_reach(meeting) != (0, 0):
            raise ValidationError("Something has been written at this meeting: it stays.")
        Case.objects.filter(meeting=meeting).delete()
        record(Action.CHANGE, "Took away a supervision meeting", by=by, about=meeting)
        meeting.delete()


def _check(people: Sequence[User], kind: str, by: User, at: datetime, already: Iterable[str] = ()) -> None:
    if not policy.may_hold_supervision(by):
        raise ValidationError(NOT_YOURS, code="not_yours")
    wrong = {}
    if kind not in Meeting.Kind.values:
        wrong["kind"] = "Choose individual or group."
    known = {str(key) for key in policy.supervised_by(by, at=at).values_list("pk", flat=True)} | set(already)
    if not people:
        wrong["people"] = "Say who was there."
    elif not {str(one.pk) for one in people} <= known:
        wrong["people"] = "Choose among the therapists whom you supervise now."
    elif kind == Meeting.Kind.INDIVIDUAL and len(people) > 1:
        wrong["people"] = "An individual meeting has one therapist. Choose group where more were there."
    if wrong:
        raise ValidationError(wrong)


def _take_up(meeting: Meeting, people: Sequence[User], by: User, at: datetime) -> None:
    """The open agenda of these therapists comes on the list, each one's in its order."""
    mine = courses_to_supervise(by, at=at).filter(status__in=OPEN)
    listed = Case.objects.filter(meeting=meeting).values("course")
    items = list(
        AgendaItem.objects.visible_to(by)
        .open()
        .filter(course__in=mine.values("pk"))
        .exclude(course__in=listed)
    )
    whose = therapists_of({item.course_id for item in items}, {one.pk for one in people}, at=at)
    order = {one.pk: place for place, one in enumerate(sorted(people, key=lambda one: one.full_name))}
    wanted = [item for item in items if item.course_id in whose]
    wanted.sort(key=lambda item: order[whose[item.course_id]])
    first = _last_position(meeting) + 1
    Case.objects.bulk_create(
        Case(
            meeting=meeting,
            course_id=item.course_id,
            therapist_id=whose[item.course_id],
            item=item,
            position=place,
        )
        for place, item in enumerate(wanted, start=first)
    )


def _last_position(meeting: Meeting) -> int:
    return Case.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0


def _held(meeting: Meeting, by: User) -> Meeting:
    """The meeting as it stands, to be changed by who holds it."""
    drafts.hold(meeting.pk)
    fresh = Meeting.objects.filter(pk=meeting.pk, supervisor=by).first()
    if fresh is None:
        raise ValidationError(NOT_YOURS, code="not_yours")
    if fresh.is_signed:
        raise ValidationError(IS_SIGNED)
    return fresh


# --- Its list ---------------------------------------------------------------------------------------------------------


def add_case(*, meeting: Meeting, course: Course, by: User) -> Case:
    """One more course of somebody who is there, with its question where it is on the agenda. Already on the list, it stays."""
    now = timezone.now()
    with refused():
        meeting = _held(meeting, by)
        listed = Case.objects.filter(meeting=meeting, course=course).first()
        if listed is not None:
            return listed
        if not policy.may_discuss(by, course):
            raise ValidationError({"course": "Choose an open course of a therapist whom you supervise now."})
        present = meeting.people.values_list("person", flat=True)
        therapist = therapists_of([course.pk], present, at=now).get(course.pk)
        if therapist is None or not course.is_open:
            raise ValidationError({"course": "Choose an open course of somebody who is at this meeting."})
        item = AgendaItem.objects.visible_to(by).open().filter(course=course).first()
        case = Case(
            meeting=meeting,
            course=course,
            therapist_id=therapist,
            item=item,
            position=_last_position(meeting) + 1,
        )
        case.save(force_insert=True)
        record(Action.CREATE, "Put a case on a meeting", by=by, about=case, client_id=course.client_id)
    return case


def take_off_case(*, case: Case, by: User) -> None:
    """A case that is not to be discussed at this meeting after all. On the agenda it stays."""
    with refused():
        _held(case.meeting, by)
        drafts.hold(case.pk)
        fresh = Case.objects.visible_to(by).filter(pk=case.pk).select_related("course").first()
        if fresh is None:
            return
        if fresh.note_id is not None:
            raise ValidationError(
                "This case has been written about: it stays. Empty it, and it is carried over when you sign."
            )
        record(
            Action.CHANGE, "Took a case off a meeting", by=by, about=fresh, client_id=fresh.course.client_id
        )
        fresh.delete()


def move_case(*, case: Case, to: str, by: User) -> None:
    """One place `up` or `down`. The whole list is numbered anew, so that it does not matter how it was numbered."""
    with refused():
        meeting = _held(case.meeting, by)
        cases = list(Case.objects.visible_to(by).filter(meeting=meeting).order_by("position", "pk"))
        place = next((at for at, one in enumerate(cases) if one.pk == case.pk), None)
        if place is None or to not in ("up", "down"):
            raise ValidationError("This case is no longer on the list.")
        other = place + (1 if to == "down" else -1)
        if 0 <= other < len(cases):
            cases[place], cases[other] = cases[other], cases[place]
        for position, one in enumerate(cases, start=1):
            one.position = position
        Case.objects.bulk_update(cases, ["position"])


# --- The words of a case ----------------------------------------------------------------------------------------------


def save_case(*, case: Case, by: User, at: datetime | None = None, **typed: Any) -> Note:
    """Keeps everything that was typed about a case, complete or not; the first save begins its note, of the same key. The form
    of `drafts.Typed` carries focus_kept, risk_said, risk_why and the rows of actions, its words `work` (what was discussed) and
    `next_time` (the decision). Raises what `sessions.actions.save_draft` raises."""
    at, sent = at or timezone.now(), Typed(**typed).cleaned()
    with drafts.kept_when_refused(sent, by=by, at=at, pk=case.pk), refused():
        drafts.hold(case.pk)
        course = case.course
        note = draft_of(case.pk, NoteKind.SUPERVISION, course, by)
        fresh = Case.objects.visible_to(by).filter(pk=case.pk).select_related("meeting").first()
        if fresh is None or (note is None and fresh.meeting.is_signed):
            raise AlreadySigned("This case was taken off the list, or its meeting was signed without it.")
        if fresh.meeting.supervisor_id != by.pk or not policy.may_discuss(by, course):
            raise ValidationError(NOT_YOURS, code="not_yours")
        is_new = note is None
        note = note or Note(
            id=case.pk, kind=NoteKind.SUPERVISION, course_id=course.pk, author=by, version=0, started_at=at
        )
        drafts.write(note, sent, at=at)
        if is_new:
            fresh.note = note
            fresh.save(update_fields=["note"])
    return note


# --- Signing ----------------------------------------------------------------------------------------------------------


def cases_to_sign(meeting: Meeting, by: User, *, at: datetime) -> list[Case]:
    """Those of the meeting that are this person's to sign now, in their order: none that is signed or was emptied before, and
    none whose supervision line has ended."""
    cases = Case.objects.visible_to(by).filter(
        meeting=meeting, course__in=courses_to_supervise(by, at=at).values("pk")
    )
    cases = cases.filter(Q(note=None) | Q(note__signed_at=None, note__in_error=None))
    if meeting.is_signed:
        cases = cases.exclude(note=None)  # signed without them, they can be signed now
    related = cases.select_related("note", "item", "course__client", "therapist")
    return list(related.prefetch_related("course__allocations").order_by("position", "pk"))


def what_is_missing(meeting: Meeting, cases: Iterable[Case], *, at: datetime) -> dict[UUID, dict[str, str]]:
    """By case and field; empty where everything can be signed."""
    day = records.held_on(meeting)
    known: dict[frozenset[UUID], list[User]] = {}
    found: dict[UUID, dict[str, str]] = {}
    for case in cases:
        if case.note is None or records.is_empty(case.note):
            continue
        # Who may own an action follows from who carries the course: asked once for each therapist, not for each case.
        carried_by = frozenset(
            one.therapist_id
            for one in case.course.allocations.all()
            if one.starts_at <= at and not (one.ends_at and one.ends_at <= at)
        )
        if carried_by not in known:
            known[carried_by] = owners_of(case.course, at=at)
        if missing := records.missing_in(case.note, owners=known[carried_by], held_on=day):
            found[case.pk] = missing
    return found


def sign_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Signs everything that was written: each case's record is sealed, its actions are agreed, its agenda item is discussed.
    What was not reached is carried over. Then the meeting is locked. Whole or not at all; signed already, only what was left
    out then and is this person's again is signed. Raises NotReady, or ValidationError where the meeting lies ahead."""
    with refused():
        drafts.hold(meeting.pk)
        now = timezone.now()
        found = Meeting.objects.filter(pk=meeting.pk, supervisor=by).first()
        if found is None:
            raise ValidationError(NOT_YOURS, code="not_yours")
        meeting = found
        if meeting.held_at > now:
            raise ValidationError("This meeting lies ahead: sign it once it was held.")
        for key in sorted(case.pk for case in cases_to_sign(meeting, by, at=now)):
            drafts.hold(key)
        cases = cases_to_sign(meeting, by, at=now)  # as they stand once nobody writes any more
        if missing := what_is_missing(meeting, cases, at=now):
            raise NotReady(missing)
        # The hour after the wait: a save that was waited for came before the signature.
        at = timezone.now()
        for case in cases:
            if records.is_empty(case.note):
                _carry_over(case, meeting, by, at)
            else:
                _sign_case(case, meeting, by, at)
        if not meeting.is_signed:
            meeting.signed_at = at
            meeting.version += 1
            meeting.save(update_fields=["signed_at", "version"])
            record(Action.SIGN, "Signed a supervision meeting", by=by, about=meeting)
    return meeting


def _sign_case(case: Case, meeting: Meeting, by: User, at: datetime) -> None:
    note, owners = case.note, owners_of(case.course, at=at)
    assert note is not None
    people = {str(owner.pk): owner for owner in owners}
    rows = records.actions_in(note.form)
    note.supervision = records.facts_of(note, case, meeting, owners=owners)
    note.happened_at = meeting.held_at
    note = seal(note, at=at)
    for row in rows:
        due = records.day_of(row.due)
        assert due is not None
        try:
            agree_action(
                course=case.course,
                what=row.what,
                owner=people[row.owner],
                due_on=due,
                by=by,
                held_on=records.held_on(meeting),
            )
        except ValidationError as refusal:
            raise NotReady({case.pk: _of_row(row.number, refusal)}) from refusal
    _items_of(case).update(closed="discussed", closed_at=at, closed_by=by, version=F("version") + 1)
    record(Action.SIGN, "Signed a supervision record", by=by, about=note, client_id=case.course.client_id)


def _of_row(number: int, refusal: ValidationError) -> dict[str, str]:
    """What the course said to an action, by the fields of its row."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"what": refusal.messages}
    return {
        f"action_{number}_{'due' if name == 'due_on' else name}": f"Action {number}: {' '.join(said)}"
        for name, said in by_field.items()
    }


def _carry_over(case: Case, meeting: Meeting, by: User, at: datetime) -> None:
    """It was not reached. A draft that was emptied is struck out, so that it waits for nobody."""
    if not meeting.is_signed:
        _items_of(case).update(carried=F("carried") + 1, version=F("version") + 1)
    if case.note_id is None:
        case.delete()
        return
    EnteredInError(
        note_id=case.note_id, course_id=case.course_id, kind=ErrorKind.MISTAKE, reason=EMPTIED, by=by, at=at
    ).save(force_insert=True)


def _items_of(case: Case) -> QuerySet[AgendaItem]:
    """The course's open item, also one that was added since the case came on the list."""
    return AgendaItem.objects.filter(course=case.course_id).open()


def out_of_reach(meeting: Meeting) -> tuple[int, int]:
    """How many cases of the meeting are no longer this person's to write: with words, and without."""
    with connection.cursor() as cursor:
        cursor.execute("select written, unwritten from cases_out_of_reach(%s)", [meeting.pk])
        written, unwritten = cursor.fetchone()
    return written, unwritten


# --- The therapist's own signature ------------------------------------------------------------------------------------


def sign_record(*, note: Note, comment: str, seen: str, by: User) -> CaseSignature:
    """The therapist has read a signed record of their own case and signs for it, with a comment if they have one. `seen` is
    what lay before them: nobody signs an addendum unread. Signed already, it stays as it is."""
    with refused():
        drafts.hold(note.pk)
        note = (
            Note.objects.visible_to(by)
            .filter(pk=note.pk, kind=NoteKind.SUPERVISION)
            .select_related("course")
            .get()
        )
        before = CaseSignature.objects.filter(note=note, by=by).first()
        if before is not None:
            return before
        if not policy.may_sign_case(by, note):
            raise ValidationError(NOT_YOURS, code="not_yours")
        if EnteredInError.objects.filter(note=note).exists():
            raise ValidationError("This record was entered in error: nobody signs for it.")
        read = pieces_read(note)
        if seen != what_is_read(read):
            raise ValidationError(
                "An addendum was signed while you were reading. Read it, then sign.", code="stale"
            )
        comment = drafts.clean("comment", comment).strip()
        made = CaseSignature(note=note, course_id=note.course_id, by=by, comment=comment, at=timezone.now())
        made.sha256 = records.signature_sha256_of(made, read=[piece.sha256 for piece in read])
        made.save(force_insert=True)
        record(
            Action.SIGN,
            "Signed for a case in supervision",
            by=by,
            about=note,
            client_id=note.course.client_id,
        )
    return made
