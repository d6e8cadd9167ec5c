"""Which acts a course page offers: those that the person may do, whose time it is, and whose page exists."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from access import policy
from courses import lifecycle
from courses.lifecycle import Status
from courses.models import Course
from record.addresses import address
from sessions.models import TREATMENT_TYPES, TherapySession
from staff.models import User


@dataclass(frozen=True)
class Act:
    """A link that leads to an act. `about` says whom it concerns where `words` does not."""

    words: str
    href: str
    about: str = ""
    is_primary: bool = False


def acts_for(course: Course, user: User, *, next_number: int, to_log: TherapySession | None) -> list[Act]:
    """The acts of every week, the most likely one last, as they are drawn."""
    name = course.client.name
    return _built(
        Act(
            f"Allocate {name}",
            address("courses:allocate", course.pk) if course.is_open and policy.may_allocate(user) else "",
        ),
        Act(
            "Write a contact note",
            address("sessions:contact_new", course.pk) if policy.may_write_contact(user, course) else "",
            about=f" about {name}",
        ),
        Act(
            f"Book {name}",
            address("sessions:book", course.pk) if course.is_open and policy.may_book(user, course) else "",
        ),
        Act(
            _what_to_log(course, to_log, next_number),
            _logging(course, to_log) if policy.may_log_session(user, course) else "",
            about=f" with {name}",
            is_primary=True,
        ),
    )


def seldom_acts_for(course: Course, user: User, *, has_focus: bool, is_clinical: bool) -> list[Act]:
    """The acts that a course asks for a few times: focus, programme, referral, status, end, and an alert, which whoever
    reads the course's content may raise (`policy.may_raise_alert`; `is_clinical` is the same question, asked already)."""
    name = course.client.name
    return _built(
        Act(
            "Change focus" if has_focus else "Agree focus",
            address("courses:focus", course.pk) if policy.may_agree_focus(user, course) else "",
            about=f" with {name}",
        ),
        Act(
            "Programme",
            address("courses:programme", course.pk) if policy.may_edit_programme(user, course) else "",
            about=f" of {name}’s course",
        ),
        Act(
            "Enter a questionnaire",
            address("outcomes:measure_new", course.pk) if policy.may_enter_measures(user, course) else "",
            about=f" of {name}",
        ),
        Act("Referral", address("referrals:detail", course.pk), about=f" of {name}"),
        Act("Status", moving(course, user), about=f" of {name}’s course"),
        Act(
            "Raise an alert",
            address("outcomes:alert_new", course.pk) if is_clinical else "",
            about=f" about {name}",
        ),
        Act("End course", ending(course, user), about=f" of {name}"),
    )


def session_acts(session: TherapySession, course: Course, user: User, *, at: datetime) -> list[Act]:
    """What may be done about an appointment that nobody has logged: ahead, moved or cancelled; past, logged."""
    when = timezone.localtime(session.starts_at)
    about = f" the session on {when.day} {when:%B} at {when:%H:%M}"
    place = (course.pk, session.pk)
    acts = []
    if session.starts_at > at and course.is_open and policy.may_book(user, course):
        acts += [
            Act("Move", address("sessions:move", *place), about),
            Act("Cancel", address("sessions:cancel", *place), about),
        ]
    if timezone.localdate(session.starts_at) <= timezone.localdate(at):
        if policy.may_log_session(user, course):
            acts.append(Act("Log", address("sessions:log", *place), about))
        elif course.is_open and policy.may_record_attendance(user, course):
            acts.append(Act("Attendance", address("sessions:attendance", *place), f" of{about}"))
    return _built(*acts)


def _built(*acts: Act) -> list[Act]:
    return [act for act in acts if act.href]


def _logging(course: Course, to_log: TherapySession | None) -> str:
    if to_log:
        return address("sessions:log", course.pk, to_log.pk)
    return address("sessions:walk_in", course.pk)


def _what_to_log(course: Course, to_log: TherapySession | None, next_number: int) -> str:
    if to_log and to_log.appointment_type not in TREATMENT_TYPES:
        return f"Log {to_log.get_kind_display().lower()}"
    # After the end of treatment the next session is a follow-up, which takes no number.
    return (
        "Log a session" if course.status == Status.FOLLOW_UP and not to_log else f"Log session {next_number}"
    )


def moving(course: Course, user: User) -> str:
    return address("courses:move", course.pk) if policy.may_move_course(user, course) else ""


def ending(course: Course, user: User) -> str:
    can_end = {Status.ENDED, Status.FOLLOW_UP} & lifecycle.MOVES[course.status]
    return address("courses:end", course.pk) if can_end and policy.may_end_course(user, course) else ""
