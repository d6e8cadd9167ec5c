"""What administrators do about who works here, when, under whose supervision and in which rooms. Each act is one transaction
and one sentence of the trail. Nobody is deleted: a person, a line and a room end."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Model, Q
from django.template.loader import render_to_string
from django.utils import timezone

from access import policy
from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from people import lines
from staff import outbox
from staff.clinic_settings import BY_COLUMN
from staff.models import Clinic, Holiday, Leave, Role, Room, SupervisionLine, User, Weekday, WorkingHours

Hours = tuple[int, time, time]
LEAVE_IS_GONE = "Somebody has removed this leave already."
RECORDS_ARE_UNSIGNED = (
    "A supervision record is not signed yet. Let it be signed first, or tick that the line ends all the same."
)

# --- People -----------------------------------------------------------------------------------------------------------


def add_person(
    *,
    full_name: str,
    email: str,
    roles: list[str],
    is_trainee: bool,
    places: int,
    is_screener: bool = False,
    gender: str = "",
    by: User,
) -> User:
    """Somebody new, who cannot sign in before they have chosen a password (`invite_person`)."""
    person = User(
        full_name=full_name,
        email=email.lower(),
        roles=roles,
        is_trainee=is_trainee,
        places=places,
        is_screener=is_screener,
        gender=gender,
    )
    person.set_unusable_password()
    _check_places(person)
    with refused():
        person.save(force_insert=True)
        record(Action.CREATE, "Added a person", by=by, about=person)
    return person


def invite_person(*, person: User, link: str, by: User) -> None:
    """Sends the link with which the person chooses a password, once this transaction stands. Raises ValidationError for
    somebody who may not sign in."""
    if not person.is_active:
        raise ValidationError(f"{person.full_name} may not sign in: let them sign in again first.")
    words = {"person": person, "by": by, "link": link, "clinic": clinic()}
    with refused():
        record(Action.CHANGE, "Sent an invitation to choose a password", by=by, about=person)
        _send("invitation", words, to=person.email)


def change_person(*, person: User, seen: Seen, by: User, **values: Any) -> None:
    """Name, email, roles, trainee mark, places, screening, gender. Refused when the row is not as `seen`, when somebody changes
    their own roles, when no administrator would be left, when a trainee has more places than the clinic lets them, and for the
    email of a superuser, whose password could be asked for there."""
    with refused():
        administrators = _lock_administrators()
        row = User.objects.select_for_update().get(pk=person.pk, is_system=False)
        refuse_stale(row, seen, _columns(row, values))
        if row.pk == by.pk and set(values["roles"]) != set(row.roles):
            raise ValidationError("You cannot change your own roles: ask another administrator.")
        if row.is_active and Role.ADMINISTRATOR not in values["roles"]:
            _refuse_the_last(row, administrators)
        if Role.THERAPIST in row.roles and Role.THERAPIST not in values["roles"]:
            _refuse_who_carries(row)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        former = row.email
        if "email" in changed and row.is_superuser and not by.is_superuser:
            raise ValidationError("Only a superuser changes a superuser's email.")
        for name, value in values.items():
            setattr(row, name, value)
        _check_places(row)
        row.save(update_fields=list(values))
        if changed:
            record(Action.CHANGE, f"Changed a person: {', '.join(changed)}"[:80], by=by, about=row)
        if "email" in changed:
            # allauth keeps addresses of its own, and would let the former one sign in.
            EmailAddress.objects.filter(user=row).delete()
            # Who changes an address can ask for a password there: the person learns of it at the former one.
            _send("new_email", {"person": row, "by": by, "clinic": clinic()}, to=former)


def end_sign_in(*, person: User, by: User) -> None:
    """From now on the person cannot sign in, and where they are signed in they no longer are, whatever still stands in their
    name (`people.left`). What they wrote stays."""
    with refused():
        administrators = _lock_administrators()
        row = User.objects.select_for_update().get(pk=person.pk, is_system=False)
        if row.pk == by.pk:
            raise ValidationError("You cannot end your own sign-in: ask another administrator.")
        if not row.is_active:
            raise ValidationError(f"Somebody has ended the sign-in of {row.full_name} already.")
        _refuse_the_last(row, administrators)
        row.is_active = False
        row.save(update_fields=["is_active"])
        for session in UserSession.objects.filter(user=row):
            session.end()
        record(Action.CHANGE, "Ended a person's sign-in", by=by, about=row)


def restore_sign_in(*, person: User, by: User) -> None:
    """Somebody who had ended works here again, with the roles and the password that they had."""
    with refused():
        row = User.objects.select_for_update().get(pk=person.pk, is_system=False)
        if row.is_active:
            raise ValidationError(f"{row.full_name} can sign in already.")
        row.is_active = True
        row.save(update_fields=["is_active"])
        record(Action.CHANGE, "Let a person sign in again", by=by, about=row)


def _lock_administrators() -> set[Any]:
    """The keys of those who may sign in, locked in one order: two administrators who end each other at one moment wait."""
    rows = User.objects.working().with_role(Role.ADMINISTRATOR).order_by("pk").select_for_update()
    return set(rows.values_list("pk", flat=True))


def _refuse_the_last(person: User, administrators: set[Any]) -> None:
    if administrators == {person.pk}:
        raise ValidationError(
            f"{person.full_name} is the only administrator. Make somebody else administrator first."
        )


def _send(template: str, words: dict[str, Any], *, to: str) -> None:
    subject, _, body = render_to_string(f"people/mail/{template}.txt", words).strip().partition("\n")
    outbox.queue(to=to, subject=subject, body=body.lstrip())


def _check_places(person: User) -> None:
    most = clinic().trainee_places_most
    if person.is_trainee and person.places > most:
        raise ValidationError(
            {"places": f"A trainee carries at most {most} courses at once, as the clinic has set."}
        )


def _refuse_who_carries(person: User) -> None:
    """Access goes with the allocation, not with the role: whoever still carries a course stays a therapist."""
    carried = person.allocations.filter(  # a relation of a higher room, by its name
        Q(ends_at=None) | (Q(ends_at__gt=timezone.now()) & Q(ends_at__gt=F("starts_at"))),
        course__ended_on=None,
    ).count()
    if carried:
        courses = "1 open course" if carried == 1 else f"{carried} open courses"
        raise ValidationError(
            {"roles": f"{person.full_name} carries {courses}. Allocate them to somebody else first."}
        )


# --- Hours and leave --------------------------------------------------------------------------------------------------


def set_working_hours(*, person: User, hours: Iterable[Hours], by: User, seen: Seen | None = None) -> None:
    """The whole week at once: weekday from 0 (Monday), from, to. Hours of one day that overlap are refused; `Stale` when the
    week is not as its page showed it."""
    hours = sorted(hours)
    for (day, _, ends), (next_day, starts, _) in pairwise(hours):
        if day == next_day and starts < ends:
            raise ValidationError("Two spans of one day overlap.")
    with refused():
        User.objects.select_for_update().get(pk=person.pk, is_system=False)
        if seen is not None:
            refuse_stale(None, seen, week_of(person))
        WorkingHours.objects.filter(person=person).delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(person=person, weekday=day, starts=starts, ends=ends) for day, starts, ends in hours
        )
        record(Action.CHANGE, "Changed working hours", by=by, about=person)


def week_of(person: User) -> dict[str, time | None]:
    """Working hours as their page shows and changes them, by name of the field: two spans on each weekday, and more where
    somebody has written more."""
    spans: dict[int, list[WorkingHours]] = {day: [] for day in Weekday}
    for span in person.working_hours.order_by("weekday", "starts"):
        spans[span.weekday].append(span)
    week: dict[str, time | None] = {}
    for number in range(max(2, *(len(each) for each in spans.values()))):
        for day in Weekday:
            found = spans[day][number] if number < len(spans[day]) else None
            week[f"{day.name.lower()}_{number + 1}_from"] = found.starts if found else None
            week[f"{day.name.lower()}_{number + 1}_to"] = found.ends if found else None
    return week


def add_leave(*, person: User, starts_on: date, ends_on: date, cover: User, by: User) -> Leave:
    """Days away, both ends included. Refused where the person is away already, or the cover cannot sign in."""
    if not cover.is_active:
        raise ValidationError(f"{cover.full_name} no longer works here: name somebody else as cover.")
    leave = Leave(person=person, starts_on=starts_on, ends_on=ends_on, cover=cover)
    with refused():
        User.objects.select_for_update().get(pk=person.pk, is_system=False)
        already = Leave.objects.filter(person=person, starts_on__lte=ends_on, ends_on__gte=starts_on).first()
        if already:
            raise ValidationError(
                f"{person.full_name} is already away from {already.starts_on:%d %b %Y} "
                f"to {already.ends_on:%d %b %Y}."
            )
        leave.save(force_insert=True)
        record(Action.CREATE, "Added leave", by=by, about=leave)
    return leave


def remove_leave(*, leave: Leave, by: User) -> None:
    with refused():
        if not Leave.objects.select_for_update().filter(pk=leave.pk).exists():
            raise ValidationError(LEAVE_IS_GONE)
        record(Action.CHANGE, "Removed leave", by=by, about=leave)
        leave.delete()


# --- Supervision lines ------------------------------------------------------------------------------------------------


def start_line(
    *, supervisor: User, therapist: User, deputy: User | None, starts_on: date, by: User
) -> SupervisionLine:
    """From the beginning of that day, or from this minute when it is today."""
    line = SupervisionLine(
        supervisor=supervisor, therapist=therapist, deputy=deputy, starts_at=_moment(starts_on)
    )
    _check_deputy(supervisor, deputy)
    with refused():
        lines.hold_lines()
        if circle := lines.circle_of(line):
            raise ValidationError(
                {
                    "supervisor": f"This line would make a circle: {lines.circle_in_words(circle)}. "
                    f"So {supervisor.full_name} cannot supervise {therapist.full_name}."
                }
            )
        line.save(force_insert=True)
        record(Action.CREATE, "Began a supervision line", by=by, about=line)
    return line


def change_line(*, line: SupervisionLine, seen: Seen, by: User, deputy: User | None) -> None:
    """Who stands in. A line that has ended stays as it was."""
    _check_deputy(line.supervisor, deputy)
    with refused():
        row = _running(line)
        refuse_stale(row, seen, {"deputy": row.deputy})
        row.deputy = deputy
        row.save(update_fields=["deputy"])
        record(Action.CHANGE, "Changed the deputy of a supervision line", by=by, about=row)


def end_line(
    *,
    line: SupervisionLine,
    ends_on: date,
    by: User,
    although_unsigned: bool = False,
    seen: Seen | None = None,
) -> None:
    """The supervisor reads until the beginning of that day, or until this minute when it is today. Refused where a supervision
    record of theirs is unsigned, unless somebody says `although_unsigned`: nobody could sign it afterwards. `Stale` where
    somebody has set another end since the page was shown."""
    with refused():
        row = _running(line)
        if not although_unsigned and lines.hangs_on(row).records:
            raise ValidationError({"although_unsigned": RECORDS_ARE_UNSIGNED})
        if seen is not None and seen.shown:
            refuse_stale(row, seen, end_of(row))
        row.ends_at = _moment(ends_on)
        if row.ends_at <= row.starts_at:
            raise ValidationError("A supervision line ends after it starts.")
        row.save(update_fields=["ends_at"])
        record(Action.CHANGE, "Ended a supervision line", by=by, about=row)


def end_of(line: SupervisionLine) -> dict[str, str]:
    """The end of a line as its page states it."""
    if line.ends_at is None:
        return {"End of the line": "none is set"}
    at = timezone.localtime(line.ends_at)
    return {"End of the line": f"{at:%a} {at.day} {at:%b %Y}, {at:%H:%M}"}


def _running(line: SupervisionLine) -> SupervisionLine:
    row = SupervisionLine.objects.select_for_update().get(pk=line.pk)
    if row.ends_at is not None and row.ends_at <= timezone.now():
        raise ValidationError("This supervision line has ended; what has ended does not change.")
    return row


def _check_deputy(supervisor: User, deputy: User | None) -> None:
    if deputy is not None and deputy.pk == supervisor.pk:
        raise ValidationError("The deputy is somebody other than the supervisor.")


def _moment(day: date) -> datetime:
    today = timezone.localdate()
    if day < today:
        raise ValidationError("Choose today or a day to come: what was, stays as it was.")
    if day == today:
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time()))


# --- Rooms, holidays, the clinic --------------------------------------------------------------------------------------


def add_room(*, name: str, is_step_free: bool, by: User) -> Room:
    room = Room(name=name, is_step_free=is_step_free)
    with refused():
        room.save(force_insert=True)
        record(Action.CREATE, "Added a room", by=by, about=room)
    return room


def change_room(*, room: Room, seen: Seen, by: User, **values: Any) -> None:
    """Name, step-free, and from when it is no longer used (None: in use)."""
    with refused():
        row = Room.objects.select_for_update().get(pk=room.pk)
        refuse_stale(row, seen, _columns(row, values))
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        record(Action.CHANGE, "Changed a room", by=by, about=row)


def add_holidays(*, days: Mapping[date, str], by: User) -> None:
    """Days on which the clinic is closed, with their names. A day that is there already under another name is refused: it was
    written by somebody."""
    with refused():
        new = [Holiday(day=day, name=name) for day, name in days.items()]
        Holiday.objects.bulk_create(new, ignore_conflicts=True)
        for standing in Holiday.objects.filter(day__in=days):
            if standing.name != days[standing.day]:
                raise ValidationError(
                    f"The clinic is closed on {standing.day:%a} {standing.day.day} {standing.day:%b %Y} already: "
                    f"{standing.name}. Remove it first to give it another name."
                )
        record(Action.CHANGE, "Added holidays", by=by)


def remove_holiday(*, day: date, by: User) -> Holiday:
    with refused():
        holiday = Holiday.objects.select_for_update().filter(day=day).first()
        if holiday is None:
            raise ValidationError("That day is not on the list of holidays: somebody has removed it already.")
        Holiday.objects.filter(day=day).delete()
        record(Action.CHANGE, "Removed a holiday", by=by)
    return holiday


def _columns(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def clinic() -> Clinic:
    """The clinic's own row, with what every clinic begins with where nobody has saved one."""
    return Clinic.objects.first() or Clinic()


def change_clinic(*, seen: Seen, by: User, **values: Any) -> None:
    """What the clinic decides for itself (`staff.clinic_settings`), by column. Each setting that changes is a sentence of the
    trail. ValidationError by field where it is not theirs to change, or where two contradict each other."""
    _refuse_others_settings(by, values)
    with refused():
        # Two who save the first settings at one moment find one row.
        with connection.cursor() as cursor:
            cursor.execute("SELECT begin_clinic()")
        row = Clinic.objects.select_for_update().get()
        refuse_stale(row, seen, _columns(row, values))
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name, value in values.items():
            setattr(row, name, value)
        _check_clinic(row, among=values)
        row.save(update_fields=list(values))
        for name in changed:
            record(Action.CHANGE, f"Changed a setting: {BY_COLUMN[name].label}", by=by)


def _refuse_others_settings(by: User, columns: Iterable[str]) -> None:
    others = [BY_COLUMN[name] for name in columns if not policy.may_change_setting(by, BY_COLUMN[name])]
    if others:
        raise ValidationError({each.column: f"This is for {each.who} to change." for each in others})


def _check_clinic(row: Clinic, *, among: Iterable[str]) -> None:
    """Where two settings contradict each other, it is said beside the one that this person typed."""
    rules = (
        (
            row.link_days_before and not row.link_measures,
            ("link_measures", "link_days_before"),
            "Choose what is sent, or send none by itself: 0 days.",
        ),
        (
            row.supervisor_at_once_from < row.supervisor_told_from,
            ("supervisor_at_once_from", "supervisor_told_from"),
            "What the supervisor is told at once cannot be less than what they are told within a working day.",
        ),
        (
            row.unanswered_lead_days < row.unanswered_supervisor_days,
            ("unanswered_lead_days", "unanswered_supervisor_days"),
            "The lead is told no earlier than the supervisor.",
        ),
        (
            row.wait_second_days <= row.wait_first_days,
            ("wait_second_days", "wait_first_days"),
            "The second standard is longer than the first.",
        ),
        (
            row.wait_warning_days >= row.wait_first_days,
            ("wait_warning_days", "wait_first_days"),
            "The warning comes within the days of the first standard.",
        ),
    )
    typed = set(among)
    wrong = {
        next((name for name in names if name in typed), names[0]): words
        for is_wrong, names, words in rules
        if is_wrong
    }
    if wrong:
        raise ValidationError(wrong)
