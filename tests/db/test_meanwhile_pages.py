"""Two people, or two windows, edit one record: each form by each form, the second is shown both values, and nothing of either
is lost. An address that takes a POST and stands in none of the lists here fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import get_resolver, reverse
from django.utils import timezone

from clients.models import Client
from courses.models import Contract, Course, CourseAction, EndingPlan, Formulation, HandOver
from interpersonal.models import TimelineEntry
from outcomes.models import ClinicWording, SafetyPlan
from people.admin import ReferenceForm, reference_site
from referrals.models import Referral, WaitPause
from sessions.models import TherapySession
from staff.models import Clinic, Room, SupervisionLine, User
from supervision.models import AgendaItem, Meeting, RatingForm, Recording
from tests.browsing import form_with
from tests.cast import (
    Cast,
    action_of,
    agreed_focus,
    client_named,
    event_of,
    held_session,
    meeting_of,
    on_the_agenda,
    person,
    person_of,
    recording_of,
    referral_for,
    room,
    session_of,
)
from tests.db.test_access_matrix import EXPECTED, addresses
from tests.roles import as_owner

Typed = dict[str, str | list[str]]


@dataclass(frozen=True)
class Edit:
    """Somebody has the page open, somebody else saves `theirs` from their own page, then the first saves `mine`. Each pair
    of `differ` stands on the page after that; what `read` gives is `after_theirs`, and `after_both` once the first has saved
    again. `of` is a field of the form where the page has several."""

    address: Callable[[Cast], str]
    me: str
    they: str
    mine: Typed
    theirs: Typed
    differ: tuple[tuple[str, str], ...]
    read: Callable[[Cast], Any]
    after_theirs: Any
    after_both: Any
    of: str = "seen"
    build: Callable[[Cast], None] = field(default=lambda cast: None)


def _page(name: str, **arguments: str) -> Callable[[Cast], str]:
    """The address, its arguments by the names of the cast's people and rows."""
    return lambda cast: reverse(name, kwargs={key: getattr(cast, of).pk for key, of in arguments.items()})


def _row(model: Any, of: str, *fields: str) -> Callable[[Cast], Any]:
    def read(cast: Cast) -> Any:
        return model.objects.values_list(*fields).get(pk=getattr(cast, of).pk)

    return read


def _next_monday() -> date:
    day = timezone.localdate() + timedelta(days=8)
    return day + timedelta(days=-day.weekday() % 7)


def _an_appointment(cast: Cast) -> None:
    starts_at = timezone.make_aware(datetime.combine(_next_monday(), time(10)))
    cast.ahead = session_of(cast.course, cast.tara, starts_at)  # type: ignore[attr-defined]


def _an_appointment_held(cast: Cast) -> None:
    cast.held = session_of(cast.course, cast.tara, timezone.now() - timedelta(hours=3))  # type: ignore[attr-defined]


def _an_arrival(cast: Cast) -> None:
    Referral.objects.create(course=cast.course, way="letter", entered_by=cast.ada)


def _a_pause(cast: Cast) -> None:
    WaitPause.objects.create(course=cast.course, starts_on=_ahead(-5), reason="Away.", by=cast.ada)
    Course.objects.filter(pk=cast.course.pk).update(paused_since=_ahead(-5))


def _clock(cast: Cast) -> tuple[int, date | None]:
    return Course.objects.values_list("paused_days", "paused_since").get(pk=cast.course.pk)


def _a_formulation(cast: Cast) -> None:
    Formulation.objects.create(course=cast.course, number=1, text="I am tired.", written_by=cast.tara)


def _a_contract(cast: Cast) -> None:
    Contract.objects.create(
        course=cast.course,
        number=1,
        planned_sessions=16,
        frequency="varies",  # so that the day of the ending stays as it was typed
        ends_on=_ahead(120),
        agreed_on=timezone.localdate(),
        agreed_by=cast.tara,
    )


def _somebody(cast: Cast) -> None:
    cast.tom = person_of(cast.course, cast.tara)  # type: ignore[attr-defined]


def _a_focus(cast: Cast) -> None:
    agreed_focus(cast.course, "conflict", cast.tara, about="with Tom", position=1)


def _an_event(cast: Cast) -> None:
    cast.event = event_of(cast.course, cast.tara)  # type: ignore[attr-defined]


def _a_meeting(cast: Cast) -> None:
    cast.meeting = meeting_of(cast.sunil, cast.tara)  # type: ignore[attr-defined]


def _a_recording(cast: Cast) -> None:
    session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)
    cast.recording = recording_of(session)  # type: ignore[attr-defined]


def _on_the_agenda(cast: Cast) -> None:
    cast.item = on_the_agenda(cast.course, cast.tara, "Is grief still the focus?")  # type: ignore[attr-defined]


def _an_action(cast: Cast) -> None:
    cast.agreed = action_of(cast.course, cast.tara, cast.sunil)  # type: ignore[attr-defined]


def _a_room(cast: Cast) -> None:
    cast.attic = room("Attic")  # type: ignore[attr-defined]


def _a_wording(cast: Cast) -> None:
    ClinicWording.objects.create(
        measure="wsas",
        number=1,
        stem="How much?",
        items=["Work.", "Home.", "With others.", "Alone.", "Close ones."],
        labels=[""] * 9,
        licence="By letter of 1 May 2026.",
        entered_by=cast.ada,
    )


def _in_treatment(cast: Cast) -> None:
    cast.course.status, cast.course.started_on = "in_treatment", timezone.localdate() - timedelta(days=30)
    cast.course.save()


def _a_referral(cast: Cast) -> None:
    for name in ("Sara Screener", "Seth Second"):
        setattr(cast, name.split()[0].lower(), person(name, "therapist", is_screener=True))
    cast.referred = referral_for(client_named("Noor", "Jabari"))  # type: ignore[attr-defined]


def _another_therapist(cast: Cast) -> None:
    cast.theo = person("Theo Third", "therapist")  # type: ignore[attr-defined]


def _a_hand_over(cast: Cast) -> None:
    cast.plan = HandOver.objects.create(  # type: ignore[attr-defined]
        of=cast.tara,
        at=timezone.now().replace(second=0, microsecond=0),
        reason="Leaves the clinic.",
        made_by=cast.ada,
    )
    cast.plan.items.create(course=cast.course, to=cast.olga)  # type: ignore[attr-defined]


def _plan_of_a_hand_over(cast: Cast) -> tuple[str, date]:
    plan = HandOver.objects.get(pk=cast.plan.pk)  # type: ignore[attr-defined]
    return plan.reason, timezone.localdate(plan.at)


def _slot(cast: Cast) -> tuple[str, int, str]:
    session = TherapySession.objects.get(pk=cast.ahead.pk)  # type: ignore[attr-defined]
    return f"{timezone.localtime(session.starts_at):%H:%M}", session.minutes, session.mode


def _plan(cast: Cast) -> tuple[str, list[int] | None, int]:
    course = Course.objects.get(pk=cast.course.pk)
    return course.programme, course.split, course.planned_sessions


def _focus(cast: Cast) -> list[tuple[str, str]]:
    return list(cast.course.foci.current().order_by("position").values_list("area", "about"))


def _week(cast: Cast) -> list[str]:
    return [str(span) for span in cast.tara.working_hours.order_by("weekday", "starts")]


def _status(cast: Cast) -> str:
    return Course.objects.get(pk=cast.course.pk).status


def _carrier(cast: Cast) -> str:
    return cast.course.allocations.current(at=timezone.now()).get().therapist.full_name


def _end_of_the_line(cast: Cast) -> date:
    return timezone.localdate(SupervisionLine.objects.get(pk=cast.line.pk).ends_at)


def _ahead(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


OF_MAYA = "Flat 2\n17 Long Lane\nLeeds"
NOT_TOUCHED = "You had not changed this: the field has taken what stands."

# Forms that show the values of a record and change them.
EDITS = {
    "supervision:item": Edit(
        lambda cast: reverse("supervision:item", args=[cast.course.pk, cast.item.pk]),  # type: ignore[attr-defined]
        *("tara", "sunil"),
        mine={"question": "Is it grief?"},
        theirs={"question": "Is it conflict?"},
        differ=(("Is it conflict?", "Is it grief?"),),
        read=lambda cast: AgendaItem.objects.values_list("question", flat=True).get(),
        after_theirs="Is it conflict?",
        after_both="Is it grief?",
        build=_on_the_agenda,
    ),
    "supervision:action": Edit(
        lambda cast: reverse("supervision:action", args=[cast.course.pk, cast.agreed.pk]),  # type: ignore[attr-defined]
        *("tara", "sunil"),
        mine={"act": "change", "due_on": _ahead(9).isoformat()},
        theirs={"act": "change", "due_on": _ahead(5).isoformat()},
        differ=((f"{_ahead(5):%a} {_ahead(5).day}", f"{_ahead(9):%a} {_ahead(9).day}"),),
        read=lambda cast: CourseAction.objects.values_list("due_on", flat=True).get(),
        after_theirs=_ahead(5),
        after_both=_ahead(9),
        build=_an_action,
    ),
    "interpersonal:person": Edit(
        lambda cast: reverse(
            "interpersonal:person",
            kwargs={"course_id": cast.course.pk, "person_id": cast.tom.pk},  # type: ignore[attr-defined]
        ),
        *("tara", "tara"),
        mine={"hard": "Silence.", "ring": "1", "direction": "up"},
        theirs={"hard": "Arguments.", "good": "Kind.", "has_died": "on", "died": "2019"},
        differ=(
            ("Kind.", NOT_TOUCHED),
            ("Arguments.", "Silence."),
            ("yes", NOT_TOUCHED),
            ("2019", NOT_TOUCHED),
        ),
        read=lambda cast: cast.course.people.values_list("hard", "good", "died_on", "died_to").get(),
        after_theirs=("Arguments.", "Kind.", date(2019, 1, 1), "year"),
        after_both=("Silence.", "Kind.", date(2019, 1, 1), "year"),
        build=_somebody,
    ),
    "outcomes:plan_edit": Edit(
        _page("outcomes:plan_edit", course_id="course"),
        *("tara", "tara"),
        mine={"coping": "A long bath.", "reasons": "My daughter."},
        theirs={"coping": "A walk by the canal.", "people": "Ring my sister."},
        differ=(("A walk by the canal.", "A long bath."), ("Ring my sister.", NOT_TOUCHED)),
        read=lambda cast: cast.course.safety_plans.values_list(
            "number", "coping", "people", "reasons"
        ).first(),
        after_theirs=(2, "A walk by the canal.", "Ring my sister.", ""),
        after_both=(3, "A long bath.", "Ring my sister.", "My daughter."),
        build=lambda cast: SafetyPlan.objects.create(
            course=cast.course, number=1, coping="A walk.", written_by=cast.tara
        ),
    ),
    "courses:ending_edit": Edit(
        _page("courses:ending_edit", course_id="course"),
        *("tara", "tara"),
        mine={"feelings": "Glad.", "skills": "Asks for help."},
        theirs={"feelings": "Sad.", "supports": "My sister."},
        differ=(("Sad.", "Glad."), ("My sister.", NOT_TOUCHED)),
        read=lambda cast: cast.course.ending_plans.values_list(
            "number", "feelings", "supports", "skills"
        ).first(),
        after_theirs=(2, "Sad.", "My sister.", ""),
        after_both=(3, "Glad.", "My sister.", "Asks for help."),
        build=lambda cast: EndingPlan.objects.create(
            course=cast.course, number=1, feelings="Mixed.", written_by=cast.tara
        ),
    ),
    "supervision:recording": Edit(
        _page("supervision:recording", course_id="course", recording_id="recording"),
        *("tara", "sunil"),
        mine={"kept_where": "Folder 12", "withdrawn_on": _ahead(0).isoformat()},
        theirs={"kept_where": "Folder 7", "submitted_on": _ahead(-1).isoformat()},
        differ=(("Folder 7", "Folder 12"), (str(_ahead(-1).year), NOT_TOUCHED)),
        read=lambda cast: Recording.objects.values_list("kept_where", "submitted_on", "withdrawn_on").get(),
        after_theirs=("Folder 7", _ahead(-1), None),
        after_both=("Folder 12", _ahead(-1), _ahead(0)),
        of="kept_where",
        build=_a_recording,
    ),
    "supervision:rating_form": Edit(
        _page("supervision:rating_form"),
        *("lena", "lena"),
        mine={"label_2": "Focus kept", "most_7": "4"},
        theirs={"label_2": "The focus", "label_9": "Humour", "most_9": "3"},
        differ=(("The focus", "Focus kept"), ("Humour", NOT_TOUCHED), ("3", NOT_TOUCHED)),
        read=lambda cast: (
            [(item["label"], item["most"]) for item in RatingForm.objects.all()[0].items if item["most"] != 6]
            + [RatingForm.objects.all()[0].items[1]["label"]]
        ),
        after_theirs=[("Humour", 3), "The focus"],
        after_both=[("Alliance", 4), ("Humour", 3), "Focus kept"],
        of="label_1",
    ),
    "record:timeline_entry": Edit(
        lambda cast: f"/courses/{cast.course.pk}/timeline/{cast.event.pk}/",  # type: ignore[attr-defined]
        *("tara", "tara"),
        mine={"title": "Mum died in spring", "mood": "2"},
        theirs={"title": "Mother died", "until": "2020"},
        differ=(("Mother died", "Mum died in spring"), ("2020", NOT_TOUCHED)),
        read=lambda cast: TimelineEntry.objects.values_list("title", "ends_to", "mood").get(
            pk=cast.event.pk  # type: ignore[attr-defined]
        ),
        after_theirs=("Mother died", "year", None),
        after_both=("Mum died in spring", "year", 2),
        build=_an_event,
    ),
    "clients:edit": Edit(
        _page("clients:edit", client_id="maya"),
        *("tara", "ada"),
        mine={"phone": "07700 900222", "gp_name": "Dr Ali", "asks_for": "man"},
        theirs={
            "phone": "07700 900111",
            "address": OF_MAYA.replace("\n", "\r\n"),
            "may_email": "on",
            "needs_evenings": "on",
            "asks_for": "woman",
        },
        differ=(
            ("07700 900111", "07700 900222"),
            ("17 Long Lane", NOT_TOUCHED),
            ("yes", NOT_TOUCHED),
            ("yes", NOT_TOUCHED),
            ("a woman", "a man"),
        ),
        read=lambda cast: tuple(
            part.replace("\r\n", "\n") if isinstance(part, str) else part
            for part in _row(
                Client, "maya", "phone", "address", "may_email", "gp_name", "needs_evenings", "asks_for"
            )(cast)
        ),
        after_theirs=("07700 900111", OF_MAYA, True, "", True, "woman"),
        after_both=("07700 900222", OF_MAYA, True, "Dr Ali", True, "man"),
    ),
    "referrals:priority": Edit(
        _page("referrals:priority", course_id="course"),
        *("ada", "lena"),
        mine={"priority": "1", "reason": "Asked again."},
        theirs={"priority": "2", "reason": "Baby due in January."},
        differ=(
            ("Urgent", "Soon"),
            ("Baby due in January.", "When you opened the page: nothing."),
        ),
        read=lambda cast: Course.objects.get(pk=cast.course.pk).priority,
        after_theirs=2,
        after_both=1,
        of="priority",
        build=_an_arrival,
    ),
    "courses:formulation_edit": Edit(
        _page("courses:formulation_edit", course_id="course"),
        *("tara", "tara"),
        mine={"text": "It began when we moved in with his parents."},
        theirs={"text": "It began with the move."},
        differ=(("It began with the move.", "It began when we moved in with his parents."),),
        read=lambda cast: [version.text for version in cast.course.formulations.order_by("number")][1:],
        after_theirs=["It began with the move."],
        after_both=["It began with the move.", "It began when we moved in with his parents."],
        build=_a_formulation,
    ),
    "courses:contract_edit": Edit(
        _page("courses:contract_edit", course_id="course"),
        *("tara", "tara"),
        mine={"middle_sessions": "7", "reason": "A slow start."},
        theirs={"middle_sessions": "6", "end_sessions": "5", "reason": "A long end."},
        differ=(("6", "7"), ("5", NOT_TOUCHED)),
        read=lambda cast: _plan(cast)[1:],
        after_theirs=([4, 6, 5], 15),
        after_both=([4, 7, 5], 16),
        build=_a_contract,
    ),
    "courses:programme": Edit(
        _page("courses:programme", course_id="course"),
        *("tara", "tara"),
        mine={"middle_sessions": "7", "reason": "A slow start."},
        theirs={"middle_sessions": "6", "end_sessions": "5", "reason": "A long end."},
        differ=(("6", "7"), ("5", NOT_TOUCHED)),
        read=_plan,
        after_theirs=("ipt16", [4, 6, 5], 15),
        after_both=("ipt16", [4, 7, 5], 16),
    ),
    "courses:focus": Edit(
        _page("courses:focus", course_id="course"),
        *("tara", "tara"),
        mine={"about": "with Tom, about money", "reason": "Clearer now."},
        theirs={"about": "with Tom (partner)", "second_area": "isolation", "reason": "Both."},
        differ=(("with Tom (partner)", "with Tom, about money"), ("Isolation", NOT_TOUCHED)),
        read=_focus,
        after_theirs=[("conflict", "with Tom (partner)"), ("isolation", "")],
        after_both=[("conflict", "with Tom, about money"), ("isolation", "")],
        build=_a_focus,
    ),
    "sessions:move": Edit(
        _page("sessions:move", course_id="course", session_id="ahead"),
        *("tara", "ada"),
        mine={"at": "09:00", "mode": "phone"},
        theirs={"at": "15:30", "minutes": "60"},
        differ=(("15:30", "09:00"), ("60", NOT_TOUCHED)),
        read=_slot,
        after_theirs=("15:30", 60, "in_person"),
        after_both=("09:00", 60, "phone"),
        build=_an_appointment,
    ),
    "sessions:attendance": Edit(
        _page("sessions:attendance", course_id="course", session_id="held"),
        *("ada", "ada"),
        mine={"attendance": "5"},
        theirs={"attendance": "3"},
        differ=(("Did not attend", "Attended"),),
        read=lambda cast: _row(TherapySession, "held", "attendance")(cast),
        after_theirs=("3",),
        after_both=("5",),
        build=_an_appointment_held,
    ),
    "staff:edit": Edit(
        _page("staff:edit", person_id="tara"),
        *("ada", "ada"),
        mine={"places": "7", "is_trainee": "on"},
        theirs={"places": "12", "full_name": "Tara Tree-Smith", "roles": ["therapist", "supervisor"]},
        differ=(
            ("Tara Tree-Smith", NOT_TOUCHED),
            ("Therapist, Supervisor", NOT_TOUCHED),
            ("12", "7"),
        ),
        read=_row(User, "tara", "full_name", "places", "is_trainee", "roles"),
        after_theirs=("Tara Tree-Smith", 12, False, ["therapist", "supervisor"]),
        after_both=("Tara Tree-Smith", 7, True, ["therapist", "supervisor"]),
    ),
    "staff:hours": Edit(
        _page("staff:hours", person_id="tara"),
        *("ada", "ada"),
        mine={
            "monday_1_from": "10:00",
            "monday_1_to": "16:00",
            "friday_1_from": "09:00",
            "friday_1_to": "12:00",
        },
        theirs={
            "monday_1_from": "09:00",
            "monday_1_to": "16:00",
            "tuesday_1_from": "08:00",
            "tuesday_1_to": "12:00",
        },
        differ=(("09:00", "10:00"), ("08:00", NOT_TOUCHED), ("12:00", NOT_TOUCHED)),
        read=_week,
        after_theirs=["Monday 09:00 to 16:00", "Tuesday 08:00 to 12:00"],
        after_both=["Monday 10:00 to 16:00", "Tuesday 08:00 to 12:00", "Friday 09:00 to 12:00"],
    ),
    "staff:line": Edit(
        _page("staff:line", line_id="line"),
        *("ada", "ada"),
        mine={"deputy": "lena"},
        theirs={"deputy": ""},
        differ=(("Nobody", "Lena Lead"),),
        read=lambda cast: getattr(SupervisionLine.objects.get(pk=cast.line.pk).deputy, "full_name", None),
        after_theirs=None,
        after_both="Lena Lead",
        of="deputy",
    ),
    "staff:room_edit": Edit(
        _page("staff:room_edit", room_id="attic"),
        *("ada", "ada"),
        mine={"name": "Orchard", "ended_on": "2031-05-01"},
        theirs={"name": "Garden", "is_step_free": "on"},
        differ=(("Garden", "Orchard"), ("yes", NOT_TOUCHED)),
        read=_row(Room, "attic", "name", "is_step_free", "ended_on"),
        after_theirs=("Garden", True, None),
        after_both=("Orchard", True, date(2031, 5, 1)),
        build=_a_room,
    ),
    "staff:settings": Edit(
        _page("staff:settings"),
        *("ada", "ada"),
        mine={"name": "Elm Street"},
        theirs={"name": "Northgate", "readable_days_after_end": "30"},
        differ=(("Northgate", "Elm Street"), ("30", NOT_TOUCHED)),
        read=lambda cast: Clinic.objects.values_list("name", "readable_days_after_end").get(),
        after_theirs=("Northgate", 30),
        after_both=("Elm Street", 30),
    ),
    "measures:wording": Edit(
        lambda cast: reverse("measures:wording", args=["wsas"]),
        *("ada", "ada"),
        mine={"item_1": "My job.", "label_4": "somewhat"},
        theirs={"item_1": "My work.", "stem": "How far?"},
        differ=(("How far?", NOT_TOUCHED), ("My work.", "My job.")),
        read=lambda cast: (
            ClinicWording.objects.order_by("-number").values_list("stem", "items__0", "labels__4").first()
        ),
        after_theirs=("How far?", "My work.", ""),
        after_both=("How far?", "My job.", "somewhat"),
        build=_a_wording,
    ),
    "caseload:hand_over": Edit(
        _page("caseload:hand_over", person_id="tara"),
        *("ada", "lena"),
        mine={"why": "Moves away.", "act": "save"},
        theirs={"why": "Is ill.", "day": _ahead(9).isoformat(), "act": "save"},
        differ=((f"{_ahead(9):%a} {_ahead(9).day}", NOT_TOUCHED), ("Is ill.", "Moves away.")),
        read=_plan_of_a_hand_over,
        after_theirs=("Is ill.", _ahead(9)),
        after_both=("Moves away.", _ahead(9)),
        build=_a_hand_over,
    ),
    "supervision:meeting_edit": Edit(
        _page("supervision:meeting_edit", meeting_id="meeting"),
        *("sunil", "sunil"),
        mine={"minutes": "50"},
        theirs={"minutes": "45", "kind": "group"},
        differ=(("45", "50"), ("Group", NOT_TOUCHED)),
        read=_row(Meeting, "meeting", "minutes", "kind"),
        after_theirs=(45, "group"),
        after_both=(50, "group"),
        build=_a_meeting,
    ),
    "admin:staff_room_change": Edit(
        lambda cast: reverse("admin:staff_room_change", args=[cast.attic.pk]),  # type: ignore[attr-defined]
        *("rita", "rita"),
        mine={"name": "Orchard"},
        theirs={"name": "Garden", "is_step_free": "on"},
        differ=(("Garden", "Orchard"), ("yes", NOT_TOUCHED)),
        read=_row(Room, "attic", "name", "is_step_free"),
        after_theirs=("Garden", True),
        after_both=("Orchard", True),
        build=_a_room,
    ),
    "admin:staff_supervisionline_change": Edit(
        lambda cast: reverse("admin:staff_supervisionline_change", args=[cast.line.pk]),
        *("rita", "rita"),
        mine={"deputy": "lena"},
        theirs={"deputy": "", "ends_at_0": "2031-05-01", "ends_at_1": "12:00:00"},
        differ=(("nothing", "Lena Lead"), ("Thu 1 May 2031, 12:00", NOT_TOUCHED)),
        read=lambda cast: (
            getattr(SupervisionLine.objects.get(pk=cast.line.pk).deputy, "full_name", None),
            f"{timezone.localtime(SupervisionLine.objects.get(pk=cast.line.pk).ends_at):%Y-%m-%d %H:%M}",
        ),
        after_theirs=(None, "2031-05-01 12:00"),
        after_both=("Lena Lead", "2031-05-01 12:00"),
    ),
}

# Acts that rest on what their page stated of the record. What `they` do is another page's act.
DECISIONS = {
    "referrals:pause": Edit(
        _page("referrals:pause", course_id="course"),
        *("ada", "lena"),
        mine={"starts_on": _ahead(-5).isoformat(), "reason": "Away."},
        theirs={
            "starts_on": _ahead(-20).isoformat(),
            "ends_on": _ahead(-10).isoformat(),
            "reason": "Was ill.",
        },
        differ=(("10", "When you opened the page: 0."),),
        read=_clock,
        after_theirs=(10, None),
        after_both=(10, _ahead(-5)),
        of="starts_on",
    ),
    "referrals:resume": Edit(
        _page("referrals:resume", course_id="course"),
        *("ada", "lena"),
        mine={"ends_on": _ahead(-1).isoformat()},
        theirs={"ends_on": _ahead(-2).isoformat()},
        differ=(
            ("runs", "When you opened the page: stands still since"),
            ("3", "When you opened the page: 0."),
        ),
        read=_clock,
        after_theirs=(3, None),
        after_both=(3, None),
        of="ends_on",
        build=_a_pause,
    ),
    "courses:allocate": Edit(
        _page("courses:allocate", course_id="course"),
        *("ada", "lena"),
        mine={"therapist": "theo"},
        theirs={"therapist": "olga"},
        differ=(("Olga Other", "When you opened the page: Tara Tree."),),
        read=_carrier,
        after_theirs="Olga Other",
        after_both="Theo Third",
        build=_another_therapist,
    ),
    "courses:transfer": Edit(
        _page("courses:transfer", course_id="course"),
        *("ada", "lena"),
        mine={"therapist": "theo", "reason": "Nearer to home."},
        theirs={"therapist": "olga", "reason": "Speaks Polish."},
        differ=(("Olga Other", "When you opened the page: Tara Tree."),),
        read=_carrier,
        after_theirs="Olga Other",
        after_both="Theo Third",
        build=_another_therapist,
    ),
    "courses:cover": Edit(
        _page("courses:cover", course_id="course"),
        *("ada", "lena"),
        mine={"therapist": "theo", "reason": "Ill.", "until_day": _ahead(20).isoformat()},
        theirs={"therapist": "olga", "reason": "Away.", "until_day": _ahead(10).isoformat()},
        differ=(("Olga Other", "When you opened the page: Tara Tree."),),
        read=_carrier,
        after_theirs="Olga Other",
        after_both="Olga Other",
        build=_another_therapist,
    ),
    "referrals:give": Edit(
        _page("referrals:give", course_id="referred"),
        *("ada", "lena"),
        mine={"screener": "sara"},
        theirs={"screener": "seth"},
        differ=(("Seth Second", "When you opened the page: nobody yet."),),
        read=lambda cast: cast.referred.allocations.current(at=timezone.now()).get().therapist.full_name,
        after_theirs="Seth Second",
        after_both="Sara Screener",
        build=_a_referral,
        of="version",
    ),
    "courses:move": Edit(
        _page("courses:move", course_id="course"),
        *("tara", "lena"),
        mine={"to": "paused", "reason": "Away."},
        theirs={"to": "paused", "reason": "Ill."},
        differ=(("Paused", "When you opened the page: In treatment."),),
        read=_status,
        after_theirs="paused",
        after_both="paused",
        build=_in_treatment,
    ),
    "courses:end": Edit(
        _page("courses:end", course_id="course"),
        *("tara", "lena"),
        mine={"to": "ended", "end_reason": "46"},
        theirs={"to": "follow_up", "end_reason": "46"},
        differ=(("Follow-up", "When you opened the page: In treatment."),),
        read=_status,
        after_theirs="follow_up",
        after_both="ended",
        build=_in_treatment,
    ),
    "staff:line_end": Edit(
        _page("staff:line", line_id="line"),
        *("ada", "ada"),
        mine={"ends_on": _ahead(20).isoformat()},
        theirs={"ends_on": _ahead(10).isoformat()},
        differ=((f"{_ahead(10):%a} {_ahead(10).day}", "When you opened the page: none is set."),),
        read=_end_of_the_line,
        after_theirs=_ahead(10),
        after_both=_ahead(20),
        of="ends_on",
    ),
}

# Acts that write no value over another: what a second one meets is said beside each.
ACTS = {
    "supervision:propose": "on the agenda once; another question than the one that stands is refused with it",
    "supervision:order": "moves in the order that stands by then: both have their way",
    "interpersonal:person_new": "somebody more; who is on the list already is shown first",
    "interpersonal:place": "holds the version that the circles showed; the second is told the true place",
    "interpersonal:take_off": "taken off once; the second is told",
    "interpersonal:concern": "a concern more, or a reading",
    "interpersonal:picture_new": "a picture more; a second start is refused",
    "caseload:waiting_acts": "holds each course against its preview; where one changed, nothing is done (tests/db/caseload)",
    "referrals:attempt": "an attempt more; sent twice it is one",
    "outcomes:measure_new": "a response more; sent twice it is one",
    "outcomes:response_error": "struck out once; the second is told",
    "outcomes:link_new": "a link more; it ends the one before, and the page says that there is one",
    "outcomes:link_withdraw": "withdrawn once; the second is told",
    "outcomes:plan_copy": "a copy more, of the version that the page names",
    "courses:tasks": "a mark more; the newest of a task counts, and what was said before stays",
    "record:timeline_new": "an event more",
    "outcomes:goals": "a goal more, rated or ended; the fourth, the same again and the second end are refused",
    "clients:register": "a client more; who may be the same person is shown first",
    "clients:merge_with": "merged once; a record that has changed since is shown first",
    "clients:part": "parted once; the second is told; what changed since stays",
    "refer:form": "a referral more; sent twice it is one, and so is the same person within a day",
    "referrals:new": "a course more; a client has one open course, and sent twice it is one",
    "referrals:words": "words more; sent twice they are there once",
    "referrals:letter_new": "a letter more; sent twice it is there once",
    "referrals:letter_withdraw": "withdrawn once; the second is told",
    "courses:call_off": "called off once; the second is told",
    "referrals:screen": "a screening more; sent twice it is one, and what came in meanwhile is shown first",
    "caseload:screening": "each referral with the version that the list showed; one that changed is named",
    "referrals:outcome_letter_new": "a letter more; sent twice it is one",
    "referrals:outcome_letter": "marked as sent once; the second is told",
    "sessions:book": "an appointment more; two at one time are refused",
    "sessions:cancel": "what is logged or cancelled already is refused; an appointment that moved is shown (below)",
    "supervision:recording_new": "a recording more; a session is in the log once",
    "supervision:rate": "a rating more; a session once by a person, on the version that the page showed",
    "sessions:walk_in": "today's session, or one more",
    "sessions:contact": "answered once; the second is told",
    "supervision:meeting_new": "a meeting more; sent twice it is one",
    "supervision:meeting": "a case is on the list once, taken off once; moved, the list is numbered anew",
    "supervision:meeting_sign": "signed once; what is signed stays as it is",
    "supervision:record_sign": "holds what the therapist read against what stands; signed once",
    "sessions:letter_given": "a giving more, of a letter that never changes",
    "sessions:share": "says what is to be; twice is once",
    "sessions:error": "struck out once; the second is told",
    "sessions:note_error": "struck out once; the second is told",
    "sessions:carry": "carried once; the second is told",
    "sessions:carry_note": "carried once; the second is told",
    "sessions:cosign": "holds what the supervisor read against what stands; decided once, the second is told",
    "supervision:consider": "an answer more; the newest counts, and each stays",
    "supervision:cosign": "holds what the supervisor read against what stands; decided once, the second is told",
    "outcomes:alert": "acknowledged once, closed once; the second is told by whom",
    "outcomes:signal": "reviewed once; the second is told by whom",
    "outcomes:alert_new": "an alert more; sent twice it is one",
    "staff:add": "a person more; an email once",
    "by_link:start": "confirmed once more; a wrong date is a try more",
    "by_link:question": "an answer more; the last stands, and the client's windows wait for one another",
    "by_link:review": "finished once; the second is shown the thanks",
    "staff:invite": "a mail more",
    "staff:sign_in": "does what its button said; the second is told (below)",
    "staff:leave": "leave more; two at one time are refused",
    "staff:leave_remove": "removed once; the second is told",
    "staff:line_add": "a line more; two at one time are refused",
    "staff:room_add": "a room more; a name once",
    "staff:holidays": "a day more; a day keeps its name, the second is told",
    "staff:holidays_propose": "days more; a day keeps its name",
    "staff:holiday_remove": "removed once; the second is told",
}

# Takes a POST so that no name stands in an address, and writes nothing.
QUESTIONS = {"clients:alike"}

# A note is written by its author alone, in any number of windows: tests/db/sessions hold its versions against each other.
DRAFTS = {
    *("sessions:log", "sessions:draft", "sessions:history", "sessions:scores"),
    *("sessions:contact_note", "sessions:contact_draft", "sessions:contact_history"),
    *("sessions:addendum", "sessions:addendum_draft", "sessions:addendum_history"),
    *("sessions:letter", "sessions:letter_draft", "sessions:letter_history"),
    *("supervision:case", "supervision:case_draft", "supervision:case_history"),
}


def test_every_address_that_takes_a_post_is_in_one_list() -> None:
    takes_post = {name for name, (_, post) in EXPECTED.items() if set(post.split()[1:]) != {"405"}}
    listed = [*EDITS, *DECISIONS, *ACTS, *DRAFTS, *QUESTIONS]
    assert sorted(takes_post - set(listed)) == []
    assert sorted(set(listed) - addresses(get_resolver())) == []
    assert len(listed) == len(set(listed))


def test_every_form_of_the_reference_site_looks_again_at_its_row() -> None:
    for model, page in reference_site._registry.items():
        assert issubclass(page.form, ReferenceForm), model


@pytest.mark.parametrize("name", [*EDITS, *DECISIONS])
def test_who_saves_second_is_shown_both_and_loses_nothing(cast: Cast, name: str) -> None:
    edit = (EDITS | DECISIONS)[name]
    with as_owner():
        cast.rita = person("Rita Root", is_superuser=True)  # type: ignore[attr-defined]
        edit.build(cast)
    me, they = _window(cast, edit.me), _window(cast, edit.they)
    page = edit.address(cast)
    act = reverse(name, kwargs={"line_id": cast.line.pk}) if name == "staff:line_end" else page
    opened = form_with(me.get(page).content.decode(), edit.of)
    other = form_with(they.get(page).content.decode(), edit.of)

    assert they.post(act, other | _typed(cast, edit.theirs)).status_code == 302
    mine = opened | _typed(cast, edit.mine)
    answer = me.post(act, mine)

    assert answer.status_code == 409
    told = answer.content.decode()
    assert "changed this" in told
    rows = told.split('class="meanwhile"')[1].split("</table>")[0].split("<tr>")[2:]
    assert len(rows) == len(edit.differ)
    for row, (stands, typed) in zip(rows, edit.differ, strict=True):
        assert stands in row.split("</td>")[0]
        assert typed in row.split("</td>")[1]
    assert _read(edit, cast) == edit.after_theirs
    # What was typed is on the page, and the page has seen what stands: saving again is a choice.
    again = form_with(told, edit.of)
    for field_name, words in _typed(cast, edit.mine).items():
        if field_name in again:  # what a button says is on the button
            assert again[field_name] == ([words] if isinstance(words, str) else words)
    saved = me.post(act, again | _typed(cast, {key: edit.mine[key] for key in edit.mine if key not in again}))
    # Who wanted what the other has done already is told that it is so.
    assert saved.status_code == (302 if edit.after_both != edit.after_theirs else 200)
    assert _read(edit, cast) == edit.after_both


@pytest.mark.parametrize("name", [name for name in EDITS if name != "sessions:attendance"])  # one field
def test_two_who_change_different_fields_keep_both_changes(cast: Cast, name: str) -> None:
    """Whatever only the other person changed is never turned back, not even by somebody who saves without looking."""
    edit = EDITS[name]
    with as_owner():
        cast.rita = person("Rita Root", is_superuser=True)  # type: ignore[attr-defined]
        edit.build(cast)
    me, they = _window(cast, edit.me), _window(cast, edit.they)
    page = edit.address(cast)
    opened = form_with(me.get(page).content.decode(), edit.of)
    other = form_with(they.get(page).content.decode(), edit.of)
    assert they.post(page, other | _typed(cast, edit.theirs)).status_code == 302
    why = {"reason": "No change of mine."} if "reason" in opened else {}
    told = me.post(page, opened | why)
    assert told.status_code == 409
    me.post(page, form_with(told.content.decode(), edit.of) | why)
    assert _read(edit, cast) == edit.after_theirs


def test_who_and_when_are_said_where_they_are_known(cast: Cast) -> None:
    me, they = _window(cast, "tara"), _window(cast, "ada")
    page = reverse("clients:edit", args=[cast.maya.pk])
    opened = form_with(me.get(page).content.decode(), "phone")
    they.post(page, opened | {"phone": "07700 900111"})
    told = me.post(page, opened | {"phone": "07700 900222"}).content.decode()
    assert "Ada Admin changed this while you were writing" in told
    assert f"Saved {timezone.localdate():%a} {timezone.localdate().day}" in told
    assert '<a href="#id_phone">Phone</a>' in told
    assert 'href="?">Take what stands now</a>' in told


def test_ones_own_other_window_is_called_so(cast: Cast) -> None:
    browser = _window(cast, "ada")
    page = reverse("clients:edit", args=[cast.maya.pk])
    opened = form_with(browser.get(page).content.decode(), "phone")
    browser.post(page, opened | {"phone": "07700 900111"})
    told = browser.post(page, opened | {"phone": "07700 900222"}).content.decode()
    assert "You changed this in another window" in told


def test_two_who_write_the_same_are_not_asked(cast: Cast) -> None:
    me, they = _window(cast, "tara"), _window(cast, "ada")
    page = reverse("clients:edit", args=[cast.maya.pk])
    opened = form_with(me.get(page).content.decode(), "phone")
    they.post(page, opened | {"phone": "07700 900111"})
    assert me.post(page, opened | {"phone": "07700 900111", "gp_name": "Dr Ali"}).status_code == 302
    with as_owner():
        maya = Client.objects.get(pk=cast.maya.pk)
    assert (maya.phone, maya.gp_name) == ("07700 900111", "Dr Ali")


@pytest.mark.parametrize(
    "odd", ["{", "[1]", '{"phone": {"a": 1}}', '{"phone": 7}', "[" * 100_000, "9" * 5000, "null"]
)
def test_a_page_whose_memory_is_spoilt_overwrites_nothing(cast: Cast, odd: str) -> None:
    me, they = _window(cast, "tara"), _window(cast, "ada")
    page = reverse("clients:edit", args=[cast.maya.pk])
    opened = form_with(me.get(page).content.decode(), "phone")
    they.post(page, opened | {"phone": "07700 900111"})
    assert me.post(page, opened | {"phone": "07700 900222", "seen": odd}).status_code == 409
    with as_owner():
        assert Client.objects.get(pk=cast.maya.pk).phone == "07700 900111"


def test_what_the_therapist_logged_is_not_overwritten_by_the_office(cast: Cast) -> None:
    """The office has the page open, the therapist logs that the client came, the office says that they did not."""
    with as_owner():
        _an_appointment_held(cast)
    ada = _window(cast, "ada")
    page = _page("sessions:attendance", course_id="course", session_id="held")(cast)
    opened = form_with(ada.get(page).content.decode(), "attendance")
    with as_owner():
        TherapySession.objects.filter(pk=cast.held.pk).update(attendance="5", number=1, phase="initial")  # type: ignore[attr-defined]
    told = ada.post(page, opened | {"attendance": "3"})
    assert told.status_code == 409
    assert "Attended" in told.content.decode().split('class="meanwhile"')[1].split("</table>")[0]
    with as_owner():
        assert TherapySession.objects.get(pk=cast.held.pk).attendance == "5"  # type: ignore[attr-defined]


def test_an_appointment_that_moved_is_not_cancelled_unseen(cast: Cast) -> None:
    with as_owner():
        _an_appointment(cast)
    tara, ada = _window(cast, "tara"), _window(cast, "ada")
    arguments = {"course_id": cast.course.pk, "session_id": cast.ahead.pk}  # type: ignore[attr-defined]
    page = reverse("sessions:cancel", kwargs=arguments)
    opened = form_with(tara.get(page).content.decode(), "seen")
    other = reverse("sessions:move", kwargs=arguments)
    ada.post(other, form_with(ada.get(other).content.decode(), "at") | {"at": "15:30"})
    told = tara.post(page, opened | {"code": "2"})
    assert told.status_code == 409
    assert "15:30, 50 minutes" in told.content.decode()
    assert tara.post(page, form_with(told.content.decode(), "seen") | {"code": "2"}).status_code == 302
    assert "has been logged already" in tara.post(page, opened | {"code": "4"}).content.decode()


def test_the_button_that_ends_a_sign_in_never_gives_one(cast: Cast) -> None:
    """Two administrators end one person: the second does not let them in again."""
    ada = _window(cast, "ada")
    page = reverse("staff:sign_in", args=[cast.olga.pk])
    ada.post(page, {"act": "end"})
    told = ada.post(page, {"act": "end"})
    assert "has ended the sign-in of Olga Other already" in told.content.decode()
    assert not User.objects.get(pk=cast.olga.pk).is_active
    ada.post(page, {"act": "restore"})
    assert "can sign in already" in ada.post(page, {"act": "restore"}).content.decode()


def test_a_third_span_of_a_day_is_shown_and_kept(cast: Cast) -> None:
    with as_owner():
        for starts, ends in ((8, 10), (11, 13), (14, 16)):
            cast.tara.working_hours.create(weekday=0, starts=time(starts), ends=time(ends))
    ada = _window(cast, "ada")
    page = reverse("staff:hours", args=[cast.tara.pk])
    assert ada.post(page, form_with(ada.get(page).content.decode(), "monday_1_from")).status_code == 302
    assert _week(cast) == ["Monday 08:00 to 10:00", "Monday 11:00 to 13:00", "Monday 14:00 to 16:00"]


def _window(cast: Cast, who: str) -> Browser:
    browser = Browser()
    browser.force_login(getattr(cast, who))
    return browser


def _typed(cast: Cast, typed: Typed) -> Typed:
    """People by their keys."""
    return {
        name: str(getattr(cast, value).pk) if name in ("deputy", "therapist", "screener") and value else value  # type: ignore[arg-type]
        for name, value in typed.items()
    }


def _read(edit: Edit, cast: Cast) -> Any:
    with as_owner():
        return edit.read(cast)
