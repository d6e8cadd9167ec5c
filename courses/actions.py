"""What happens to a course: it opens with its referral, is allocated, moved, ended; its focus is agreed, its programme changed.

Whether somebody may do it is asked of `access.policy` by the pages; whether it may happen now is said here and in
`courses.lifecycle`. Each action locks the course, works on a fresh copy and returns that; what it refuses is a
ValidationError. `version` is the course as the person saw it and `seen` what their page said: what changed since is said
instead of overwritten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from access.words import tidied
from audit.models import Action
from audit.trail import record
from clients.models import Client
from courses import lifecycle, protocol
from courses.dates import as_typed
from courses.lifecycle import Status
from courses.models import FOCUS_AREAS, Allocation, Contract, Course, CourseMove, Focus
from courses.places import places_of
from courses.transfers import carrier_at, planned_of, say_planned
from staff.models import Clinic, User

# What a maintenance course plans when nobody says otherwise: a year of monthly sessions.
MAINTENANCE_SESSIONS = 12


# --- Opening and the programme ----------------------------------------------------------------------------------------


def open_course(
    *,
    client: Client,
    programme: str,
    split: Sequence[int] | None = None,
    planned: int | None = None,
    referred_on: date,
    referral_source: str,
    by: User,
) -> Course:
    """A new course in status referred. Without a split the programme's own is taken; `planned` counts where the programme
    has no phases."""
    with refused():
        _not_ahead("referred_on", referred_on)
        if referred_on < client.date_of_birth:
            raise ValidationError(
                {"referred_on": "The referral is before the client's birth. Check the year."}
            )
        course = Course(
            client=client, programme=programme, referred_on=referred_on, referral_source=referral_source
        )
        _plan(course, split, planned)
        course.clean_fields()
        course.save(force_insert=True)
        CourseMove.objects.create(course=course, before="", after=Status.REFERRED, by=by)
        record(Action.CREATE, "Opened a course", by=by, about=course)
    return course


def change_programme(
    *,
    course: Course,
    programme: str,
    split: Sequence[int] | None = None,
    planned: int | None = None,
    version: int | None = None,
    seen: Seen | None = None,
    by: User,
    reason: str,
) -> Course:
    """Another programme or another split. It may plan fewer sessions than were attended: the page says so. A contract of
    another number of sessions is followed by a re-contract with the same reason."""
    with refused():
        course = _locked(course, version, seen, plan_of)
        _still_open(course)
        if not reason.strip():
            raise ValidationError({"reason": "Say why the programme changes."})
        before = (course.programme, course.split, course.planned_sessions)
        course.programme = programme
        _plan(course, split, planned)
        if before == (course.programme, course.split, course.planned_sessions):
            raise ValidationError("Nothing has changed: this is the programme as it stands.")
        course.clean_fields()
        _save(course, "programme", "split", "planned_sessions")
        record(Action.CHANGE, "Changed the programme", by=by, about=course, reason=reason.strip())
        _carry_contract(course, by, reason.strip())
    return course


def _carry_contract(course: Course, by: User, reason: str) -> None:
    """Where there is a contract of another number of sessions, the change of the programme is a re-contract as well."""
    stands = Contract.objects.filter(course=course).order_by("-number").first()
    if stands is None or stands.planned_sessions == course.planned_sessions:
        return
    more = course.planned_sessions > stands.planned_sessions
    stands.pk, stands.number, stands.written_at = uuid4(), stands.number + 1, timezone.now()
    stands.planned_sessions, stands.agreed_on, stands.agreed_by = (
        course.planned_sessions,
        timezone.localdate(),
        by,
    )
    stands.reason = reason if len(reason) <= 300 else f"{reason[:299]}…"
    stands.save(force_insert=True)
    what = "Extended the contract" if more else "Shortened the contract"
    record(Action.CHANGE, what, by=by, about=stands, client_id=course.client_id, reason=reason)


def _plan(course: Course, split: Sequence[int] | None, planned: int | None) -> None:
    if course.programme not in protocol.PRESETS:
        raise ValidationError({"programme": "Choose a programme from the list."})
    preset = protocol.split_of(course.programme)
    if preset is None:
        course.split = None
        course.planned_sessions = planned or MAINTENANCE_SESSIONS
        return
    chosen = list(split if split is not None else preset)
    course.split, course.planned_sessions = chosen, sum(chosen)


# --- The status -------------------------------------------------------------------------------------------------------


def move_course(
    *,
    course: Course,
    to: str,
    by: User,
    reason: str = "",
    on: date | None = None,
    end_reason: str = "",
    version: int | None = None,
    seen: Seen | None = None,
) -> Course:
    """The only way a status moves. A move that closes the course takes an `end_reason` of the list that fits, and dates the
    end of the allocation; re-opening takes both back."""
    with refused():
        course = _locked(course, version, seen)
        _move(
            course, to=to, by=by, reason=reason.strip(), on=on or timezone.localdate(), end_reason=end_reason
        )
    return course


def start_treatment(*, course: Course, on: date, by: User) -> Course:
    """The first attended treatment session was logged: the course is in treatment from that day. A referred course passes
    through waiting, both moves remembered. An earlier session that is logged later moves the first day back; otherwise
    nothing happens to a course that is already in treatment."""
    with refused():
        course = _locked(course)
        if course.status == Status.REFERRED:
            _move(course, to=Status.WAITING, by=by, reason="", on=on)
        if course.status == Status.WAITING:
            _move(course, to=Status.IN_TREATMENT, by=by, reason="", on=on)
        if course.started_on is None or on < course.started_on:
            course.started_on = on
            course.save(update_fields=["started_on"])
    return course


def correct_start(*, course: Course, on: date | None, by: User) -> Course:
    """A session that counted was entered in error: treatment began on the day of the first that still counts, None where none
    does. The status stays: no move leads back from treatment to waiting."""
    with refused():
        course = _locked(course)
        if course.started_on != on:
            course.started_on = on
            course.save(update_fields=["started_on"])
            record(Action.CHANGE, "Corrected the first day of treatment", by=by, about=course)
    return course


def end_course(
    *,
    course: Course,
    reason_code: str,
    on: date,
    by: User,
    to: str = Status.ENDED,
    version: int | None = None,
    seen: Seen | None = None,
) -> Course:
    """Treatment has ended: the course is over, or goes on to follow-up. The therapist reads an ended course for as many
    days as the clinic decides."""
    if to not in (Status.ENDED, Status.FOLLOW_UP):
        raise ValidationError({"to": "Choose whether the course ends or goes on to follow-up."})
    return move_course(course=course, to=to, by=by, on=on, end_reason=reason_code, version=version, seen=seen)


def _move(course: Course, *, to: str, by: User, reason: str, on: date, end_reason: str = "") -> None:
    before = Status(course.status)
    if to not in Status.values:
        raise ValidationError({"to": "Choose a status from the list."})
    if not lifecycle.may_move(before, to):
        raise ValidationError(
            f"This course is {before.label.lower()}; it cannot become {Status(to).label.lower()}."
        )
    if lifecycle.needs_reason(before, to) and not reason:
        raise ValidationError({"reason": "Say why, in a few words."})
    _not_ahead("on", on)
    if to in (Status.ENDED, Status.FOLLOW_UP, Status.NOT_TAKEN_ON):
        _check_end(course, to=to, on=on, end_reason=end_reason, by=by)
        course.end_reason = end_reason
    if to in lifecycle.CLOSED:
        course.ended_on = on
    if before in lifecycle.CLOSED:
        _count_on(course, before, on)
        course.ended_on, course.end_reason = None, ""
    course.status = to
    _save(course, "status", "ended_on", "end_reason", "paused_days")
    CourseMove.objects.create(course=course, before=before, after=to, by=by, reason=reason)
    if to in lifecycle.CLOSED:
        _let_allocation_run_out(course, on)
    if before in lifecycle.CLOSED:
        _keep_allocation(course)
    what = f"Moved the course from {before.label.lower()} to {Status(to).label.lower()}"
    record(Action.CHANGE, what, by=by, about=course, reason=reason)
    if before == Status.REFERRED:
        # Last of all: the access of whoever screens ends with it.
        now = timezone.now()
        course.allocations.current(at=now).screening().update(ends_at=now)


def _count_on(course: Course, before: Status, on: date) -> None:
    """The clock of the wait, where a course is opened again: after a treatment a new wait begins that day; of who was not taken
    on the days do not count on which the course was closed."""
    if before == Status.ENDED:
        course.paused_days = max((on - course.referred_on).days, 0)
    elif course.ended_on and not course.paused_since:
        course.paused_days += max((on - course.ended_on).days, 0)


def _check_end(course: Course, *, to: str, on: date, end_reason: str, by: User) -> None:
    reasons = (
        lifecycle.END_REASONS_NOT_TAKEN_ON if to == Status.NOT_TAKEN_ON else lifecycle.END_REASONS_TREATED
    )
    if end_reason not in dict(reasons):
        raise ValidationError({"end_reason": "Choose from the list why it ends."})
    if on < course.referred_on:
        raise ValidationError(
            {"on": f"The course cannot end before its referral on {_day(course.referred_on)}."}
        )
    seen = course.sessions.filter(attendance__in=protocol.SEEN, entered_in_error_at=None).last()
    if seen and on < timezone.localdate(seen.starts_at):
        raise ValidationError({"on": f"A session was held after that, on {_day(seen.starts_at)}."})
    in_the_way = what_is_in_the_way(course, to=to)
    if in_the_way:
        raise ValidationError(in_the_way.sentences(by=by))


@dataclass(frozen=True)
class InTheWay:
    """What has to be done before a course can end: unsigned notes, and appointments of which nobody has said what came of
    them or that lie ahead."""

    therapist: User | None
    drafts: int
    appointments: list[Any]
    planned: str = ""  # that the course goes to somebody else on a day which is set

    def __bool__(self) -> bool:
        return bool(self.drafts or self.appointments or self.planned)

    def sentences(self, *, by: User) -> list[str]:
        found = [self.planned] if self.planned else []
        if self.drafts:
            found.append(unsigned_words(self.drafts, self.therapist, by))
        if self.appointments:
            count = len(self.appointments)
            days = ", ".join(_day(each.starts_at) for each in self.appointments[:3])
            more = f" and {count - 3} more" if count > 3 else ""
            found.append(
                f"{_count(count, 'appointment')} still {'stands' if count == 1 else 'stand'} open: {days}{more}. "
                "Log, move or cancel first."
            )
        return found


def what_is_in_the_way(course: Course, *, to: str) -> InTheWay:
    """Nothing may be left undone when a course closes. Follow-up leaves it open: there only treatment ahead must go."""
    sessions = course.sessions.filter(attendance=None, entered_in_error_at=None)
    if to == Status.FOLLOW_UP:
        ahead = sessions.filter(starts_at__gte=timezone.now()).exclude(kind="follow_up")
        return InTheWay(None, 0, list(ahead))
    planned = planned_of(course, at=timezone.now())
    return InTheWay(
        therapist_of(course), count_drafts(course), list(sessions), say_planned(planned) if planned else ""
    )


def count_drafts(course: Course, *, of: User | None = None) -> int:
    """Unsigned notes of a course, or one author's: the number alone, for those who may not read them."""
    with connection.cursor() as cursor:
        if of is None:
            cursor.execute("select count_drafts(%s)", [course.pk])
        else:
            cursor.execute(
                "select count(*) from note_states(%s) where author_id = %s and signed_at is null and not is_in_error",
                [course.pk, of.pk],
            )
        return int(cursor.fetchone()[0])


def therapist_of(course: Course) -> User | None:
    """Who carries it now; a screener does not."""
    return carrier_at(course, timezone.now())


def never_accepted(course: Course) -> bool:
    """Nobody has found it suitable yet, nor treated it: it is screened before it can wait."""
    return not (course.moves.filter(after=Status.WAITING).exists() or course.allocations.carrying().exists())


def readable_days_after_end() -> int:
    """What the clinic decided, or its usual answer."""
    return (Clinic.objects.first() or Clinic()).readable_days_after_end


def _let_allocation_run_out(course: Course, on: date) -> None:
    """Readable for some days after the end, and not shorter because the end was entered late."""
    now = timezone.now()
    until = timezone.make_aware(
        datetime.combine(on + timedelta(days=readable_days_after_end() + 1), time.min)
    )
    course.allocations.current(at=now).carrying().update(ends_at=max(until, now))


def _keep_allocation(course: Course) -> None:
    """A course that is opened again stays with the therapist who can still read it."""
    course.allocations.current(at=timezone.now()).carrying().update(ends_at=None)


# --- Allocation -------------------------------------------------------------------------------------------------------


def allocate_course(
    *,
    course: Course,
    therapist: User,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen: Seen | None = None,
) -> Allocation:
    """The therapist carries the course from this minute; whoever carried it does no longer. The status stays. A therapist
    whose places are taken gets one more only with a reason, and nobody leaves unsigned notes behind."""
    with refused():
        course = _locked(course, version, seen)
        _still_open(course)
        now = timezone.now()
        check_treats(therapist)
        planned = planned_of(course, at=now)
        if planned:
            raise ValidationError(say_planned(planned))
        current = course.allocations.current(at=now).select_related("therapist").first()
        if current and current.therapist_id == therapist.pk:
            raise ValidationError({"therapist": f"{therapist.full_name} carries this course already."})
        drafts = count_drafts(course, of=current.therapist) if current else 0
        if current and drafts:
            raise ValidationError(unsigned_words(drafts, current.therapist, by))
        check_room_for_more(therapist, reason=reason)
        course.allocations.current(at=now).update(ends_at=now)
        allocation = Allocation.objects.create(
            course=course, therapist=therapist, starts_at=now, by=by, reason=reason.strip()
        )
        _save(course)
        record(
            Action.CHANGE,
            "Handed the course over" if current else "Allocated the course",
            by=by,
            about=allocation,
            client_id=course.client_id,
            reason=reason.strip(),
        )
    return allocation


def check_treats(therapist: User) -> None:
    if not (therapist.is_active and therapist.is_therapist):
        raise ValidationError({"therapist": f"{therapist.full_name} does not treat clients here."})


def check_room_for_more(therapist: User, *, reason: str) -> None:
    """A therapist whose places are taken, and a trainee whom nobody supervises, get one more only with a reason. Held until the
    act is done, so that the last place is given once."""
    therapist = User.objects.select_for_update(of=("self",), no_key=True).get(pk=therapist.pk)
    if reason.strip():
        return
    at = timezone.now()  # after the wait for the person: what another act gave them meanwhile counts
    places = places_of(therapist, at=at)[0]
    if places.is_full:
        raise ValidationError({"reason": places.why_full})
    if therapist.is_trainee and not therapist.lines_as_therapist.current(at=at).exists():
        raise ValidationError(
            {"reason": f"{therapist.full_name} is a trainee whom nobody supervises. Say why all the same."}
        )


# --- The focus --------------------------------------------------------------------------------------------------------


# What each area asks for, as columns of `Focus`.
DETAILS: dict[str, tuple[str, ...]] = {
    "conflict": ("stage", "own_expectations", "their_expectations"),
    "life_change": ("old_role", "new_role", "wanted", "happened_on", "happened_to"),
    "grief": ("relation", "happened_on", "happened_to", "anniversaries"),
    "isolation": ("pattern",),
}


def agree_focus(
    *,
    course: Course,
    areas: Sequence[tuple[str, str]],
    details: Sequence[Mapping[str, Any]] | None = None,
    agreed_on: date,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen: Seen | None = None,
    says: Callable[[Course], dict[str, Any]] | None = None,
    beside: str = "",
) -> list[Focus]:
    """One focus agreed with the client, at most two, the main one first: pairs of area and what it is about, with what each
    area asks for (`DETAILS`; without them an area keeps what it had). Another area, another main one or other words of what
    it is about is a decision: the rows that stand end, with the reason on them. What an area asks for is filled in on its row.

    `beside` says what happens to the people of the focus, of whom a higher room writes: "added", or "changed", which is a
    decision too. `says` is what that room's page showed."""
    with refused():
        course = _locked(course, version, seen, says or focus_of)
        _still_open(course)
        chosen = [(area, about.strip()) for area, about in areas]
        if not 1 <= len(chosen) <= 2:
            raise ValidationError("Agree one focus, at most two.")
        if len({area for area, _ in chosen}) < len(chosen):
            raise ValidationError("Choose two different areas, or only one.")
        if any(area not in dict(FOCUS_AREAS) for area, _ in chosen):
            raise ValidationError("Choose conflict, life change, grief or isolation.")
        standing = list(course.foci.current().order_by("position"))
        before = [(focus.area, focus.about) for focus in standing]
        kept = {focus.area: details_of(focus) for focus in standing}
        wanted = [
            {**_no_details(area), **kept.get(area, {}), **_cleaned(area, detail)}
            for (area, _), detail in zip(chosen, details or [{} for _ in chosen], strict=True)
        ]
        if before == chosen and beside != "changed":
            changed = [details_of(focus) for focus in standing] != wanted
            if not changed and not beside:
                raise ValidationError("Nothing has changed: this focus is agreed already.")
            _fill_in(standing, wanted)
            _save(course)
            record(Action.CHANGE, "Changed the details of the focus", by=by, about=course)
            return standing
        _not_ahead("agreed_on", agreed_on)
        if agreed_on < course.referred_on:
            raise ValidationError(
                {"agreed_on": f"The referral came later, on {_day(course.referred_on)}. Check the day."}
            )
        if before and not reason.strip():
            raise ValidationError({"reason": "Say why the focus changes."})
        course.foci.current().update(ended_at=timezone.now(), reason=reason.strip())
        foci = [
            Focus(
                course=course,
                area=area,
                about=about,
                position=place,
                agreed_on=agreed_on,
                agreed_by=by,
                **wanted[place - 1],
            )
            for place, (area, about) in enumerate(chosen, start=1)
        ]
        for focus in foci:
            focus.clean_fields(exclude=["course", "agreed_by"])
            focus.save(force_insert=True)
        _save(course)
        record(Action.CHANGE, "Changed the focus" if before else "Agreed the focus", by=by, about=course)
    return foci


def details_of(focus: Focus) -> dict[str, Any]:
    """What its area asks for, by column."""
    return {name: getattr(focus, name) for name in DETAILS[focus.area]}


def _no_details(area: str) -> dict[str, Any]:
    empty = Focus()
    return {name: getattr(empty, name) for name in DETAILS[area]}


def _cleaned(area: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of this area alone, with one kind of line end and nothing around the words."""
    found = {name: tidied(detail[name]) for name in DETAILS[area] if name in detail}
    died_on = found.get("happened_on")
    if area == "grief" and died_on and died_on > timezone.localdate():
        raise ValidationError({"grief_on": "The day of a death cannot lie ahead. Check the date."})
    return found


def _fill_in(foci: Sequence[Focus], wanted: Sequence[Mapping[str, Any]]) -> None:
    for focus, values in zip(foci, wanted, strict=True):
        if details_of(focus) == values:
            continue
        for name, value in values.items():
            setattr(focus, name, value)
        focus.clean_fields(exclude=["course", "agreed_by"])
        focus.save(update_fields=list(values))


# --- What all of them need --------------------------------------------------------------------------------------------


def what_it_says(course: Course) -> dict[str, Any]:
    """What a page on which somebody decides about a course states of it; nothing clinical."""
    carrier = therapist_of(course)
    return {
        "Status": course.get_status_display(),
        "Therapist": carrier.full_name if carrier else "nobody yet",
        "Programme": course.get_programme_display(),
    }


def plan_of(course: Course) -> dict[str, Any]:
    """The programme as its page shows and changes it, by name of the field."""
    initial, middle, end = course.split or (None, None, None)
    return {
        "programme": course.programme,
        "initial_sessions": initial,
        "middle_sessions": middle,
        "end_sessions": end,
        "planned": None if course.split else course.planned_sessions,
    }


def focus_of(course: Course) -> dict[str, Any]:
    """The agreed focus as its page shows and changes it, by name of the field; empty where none is agreed. A day that is not
    known exactly stands as it is typed."""
    says: dict[str, Any] = dict.fromkeys(
        ("area", "about", "second_area", "second_about", *FIELDS_OF_DETAILS), ""
    )
    for prefix, focus in zip(("", "second_"), course.foci.current().order_by("position"), strict=False):
        says |= {f"{prefix}area": focus.area, f"{prefix}about": focus.about}
        for name, value in details_of(focus).items():
            if name == "happened_on":
                says[DAY_FIELDS[focus.area]] = as_typed(value, focus.happened_to)
            elif name != "happened_to":
                says[name] = value
    return says


# The fields of the focus page for what the areas ask for; two areas ask for a day, each for one of its own.
DAY_FIELDS = {"grief": "grief_on", "life_change": "change_on"}
FIELDS_OF_DETAILS = (
    *(name for names in DETAILS.values() for name in names if not name.startswith("happened")),
    *DAY_FIELDS.values(),
)


def _locked(
    course: Course,
    version: int | None = None,
    seen: Seen | None = None,
    says: Callable[[Course], dict[str, Any]] = what_it_says,
) -> Course:
    """The course as it stands, held until the action is done. Raises `Stale` when its page said something else."""
    rows = Course.objects.select_for_update(of=("self",)).select_related("client")
    fresh = rows.filter(pk=course.pk).first()
    if fresh is None:
        raise ValidationError("This course is no longer yours to change.")
    if version is not None and version != fresh.version:
        refuse_stale(fresh, seen, says(fresh))
    return fresh


def _save(course: Course, *fields: str) -> None:
    course.version += 1
    course.save(update_fields=[*fields, "version"])


def _still_open(course: Course) -> None:
    if not course.is_open:
        raise ValidationError(f"This course is {course.get_status_display().lower()}. Open it again first.")


def _not_ahead(field: str, day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: f"{_day(day)} lies ahead. Choose today or an earlier day."})


def unsigned_words(drafts: int, therapist: User | None, reader: User) -> str:
    notes = _count(drafts, "unsigned note")
    if therapist == reader:
        return f"You have {notes} in this course. Sign first."
    if therapist is None:
        return f"There {'is' if drafts == 1 else 'are'} {notes} in this course."
    return f"{therapist.full_name} has {notes} in this course, and signs first."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _day(day: date | datetime) -> str:
    return date_format(timezone.localtime(day) if isinstance(day, datetime) else day, "D j M Y")
