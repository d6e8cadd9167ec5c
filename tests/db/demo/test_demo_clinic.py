"""What the invented clinic must show: every status, programme, flag and alert, a full day, and notes that hold."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from clients.models import Client
from courses import tasks
from courses.models import Allocation, Course, CourseMove, Focus
from outcomes.models import Alert, Response
from sessions.models import ContactDue, Note, Reflection, ReflectionShare, SessionResponse, TherapySession
from sessions.signing import holds
from staff.models import Clinic, Holiday, User, WorkingHours
from supervision import flags
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _past_the_walls(demo_clinic: date, db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def now(demo_clinic: date) -> datetime:
    return datetime.combine(demo_clinic, time(9, 58), tzinfo=LONDON)


def counts(model: type, field: str) -> Counter[str]:
    return Counter(dict(model.objects.order_by().values_list(field).annotate(Count("pk"))))


# --- People -----------------------------------------------------------------------------------------------------------


def test_eight_therapists_of_whom_two_are_trainees_two_supervisors_two_administrators_and_a_lead() -> None:
    roles = Counter(role for person in User.objects.working() for role in person.roles)
    assert roles == {"therapist": 8, "supervisor": 2, "administrator": 2, "lead": 1}
    assert User.objects.filter(is_trainee=True, roles__contains=["therapist"]).count() == 2


def test_the_five_sign_ins_open_with_the_demo_password() -> None:
    for name, role in (
        ("therapist", "therapist"),
        ("trainee", "therapist"),
        ("supervisor", "supervisor"),
        ("admin", "administrator"),
        ("lead", "lead"),
    ):
        person = User.objects.get(email=f"{name}@clinic.example")
        assert person.has_role(role)
        assert person.check_password("ipt-demo-clinic")


def test_the_supervisor_supervises_four_and_the_clinic_says_that_it_is_invented(now: datetime) -> None:
    joy = User.objects.get(email="supervisor@clinic.example")
    assert joy.lines_as_supervisor.current(at=now).count() == 4
    assert Clinic.objects.get().is_demo


# --- Courses ----------------------------------------------------------------------------------------------------------


def test_about_140_clients() -> None:
    assert 125 <= Client.objects.count() <= 155


def test_every_status_and_every_programme_occurs_twice() -> None:
    statuses, programmes = counts(Course, "status"), counts(Course, "programme")
    for status in ("referred", "waiting", "in_treatment", "paused", "follow_up", "ended", "not_taken_on"):
        assert statuses[status] >= 2, status
    for programme in ("ipt16", "ipt12", "brief8", "counselling6", "adolescent12", "maintenance"):
        assert programmes[programme] >= 2, programme


def test_every_reason_for_an_end_occurs() -> None:
    reasons = counts(Course, "end_reason")
    for code in ("10", "11", "12", "13", "14", "16", "17", "50", "95", "46", "47", "48", "49", "96"):
        assert reasons[code] >= 1, code


def test_a_course_says_why_it_ended_once_treatment_is_over_and_not_before() -> None:
    over = Q(status__in=["ended", "not_taken_on", "follow_up"])
    assert not Course.objects.filter(over, end_reason="").exists()
    assert not Course.objects.exclude(over).exclude(end_reason="").exists()


def test_the_next_client_who_is_registered_gets_a_number_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('client_numbers')")
        assert not Client.objects.filter(number=f"C-{cursor.fetchone()[0]}").exists()
    assert Client.objects.filter(number="C-10467").exists()


def test_every_focus_area_is_agreed_with_somebody_or_something() -> None:
    areas = counts(Focus, "area")
    for area in ("conflict", "life_change", "grief", "isolation"):
        assert areas[area] >= 2, area
    assert Focus.objects.filter(about="with Tom (partner)", area="conflict").exists()


def test_a_status_has_moved_only_along_the_table() -> None:
    allowed = {
        ("", "referred"),
        ("referred", "waiting"),
        ("referred", "not_taken_on"),
        ("waiting", "in_treatment"),
        ("waiting", "not_taken_on"),
        ("in_treatment", "paused"),
        ("in_treatment", "follow_up"),
        ("in_treatment", "ended"),
        ("ended", "waiting"),
    }
    assert set(CourseMove.objects.order_by().values_list("before", "after")) == allowed
    for course in Course.objects.all():
        moves = list(course.moves.order_by("at"))
        assert [move.after for move in moves[:-1]] == [move.before for move in moves[1:]]
        assert moves[-1].after == course.status


def test_some_courses_were_handed_over() -> None:
    handed = Allocation.objects.order_by().values("course").annotate(n=Count("pk")).filter(n__gt=1)
    assert handed.count() >= 2


def test_a_course_in_treatment_is_carried_by_somebody_and_began_when_the_client_was_first_seen(
    now: datetime,
) -> None:
    for course in Course.objects.filter(status="in_treatment"):
        assert course.allocations.current(at=now).count() == 1
        first = course.sessions.numbered().earliest("starts_at")
        assert course.started_on == first.starts_at.astimezone(LONDON).date()


# --- What pages warn of -----------------------------------------------------------------------------------------------


def test_each_state_of_an_alert_occurs_twice() -> None:
    alerts = Alert.objects
    assert alerts.filter(acknowledged_at=None, closed_at=None).count() >= 2
    assert alerts.filter(acknowledged_at__isnull=False, closed_at=None).count() >= 2
    assert alerts.filter(closed_at__isnull=False, typed_in_error=False).count() >= 2
    assert alerts.filter(typed_in_error=True).count() >= 2


def test_every_answer_above_nought_to_item_nine_raised_an_alert() -> None:
    raised = Alert.objects.filter(response=OuterRef("pk"))
    phq9 = Response.objects.filter(measure="phq9", answers__8__gt=0)
    assert phq9.exists()
    assert not phq9.filter(~Exists(raised)).exists()


def test_drafts_fresh_and_old_are_waiting(now: datetime) -> None:
    drafts = Note.objects.drafts()
    assert drafts.filter(session__starts_at__gte=now - timedelta(days=4)).count() >= 2
    assert drafts.filter(session__starts_at__lt=now - timedelta(days=4)).count() >= 2


def test_two_courses_lack_both_measures_at_their_last_two_sessions() -> None:
    found = 0
    for course in Course.objects.filter(status="in_treatment"):
        last = course.sessions.numbered().order_by("-number")[:2]
        taken = SessionResponse.objects.filter(session__in=list(last), response__total__isnull=False)
        found += len(last) == 2 and not taken.exists()
    assert found >= 2


def test_two_courses_are_past_their_initial_phase_without_a_focus() -> None:
    current = Focus.objects.current().filter(course=OuterRef("pk"))
    last_initial = TherapySession.objects.filter(course=OuterRef("pk"), number=OuterRef("split__0"))
    courses = Course.objects.filter(~Exists(current), Exists(last_initial), status="in_treatment")
    assert courses.count() >= 2


def test_two_courses_have_nothing_booked_in_the_next_fortnight(now: datetime) -> None:
    booked = TherapySession.objects.ahead(at=now).filter(
        course=OuterRef("pk"), starts_at__lt=now + timedelta(days=14)
    )
    assert Course.objects.filter(~Exists(booked), status="in_treatment").count() >= 2


def test_two_clients_who_missed_are_still_to_be_reached_and_others_were() -> None:
    assert ContactDue.objects.open().count() >= 2
    assert ContactDue.objects.exclude(answered_at=None).count() >= 2


def test_two_past_appointments_are_not_logged(now: datetime) -> None:
    not_logged = TherapySession.objects.not_logged(at=now).filter(
        note=None, starts_at__lt=now - timedelta(hours=10)
    )
    assert not_logged.count() >= 2


def test_each_flag_of_today_is_up_twice_or_more(now: datetime) -> None:
    up: Counter[str] = Counter()
    for reader in User.objects.working().filter(roles__contains=["therapist"]):
        courses = Course.objects.carried_by(reader, at=now)
        for row in flags.rows(flags.Scope(reader=reader, courses=courses, now=now)):
            up[row.flag.slug] += 1
    for flag in flags.ON_TODAY:
        assert up[flag.slug] >= 2, flag.slug


def test_missed_and_cancelled_sessions_of_each_kind_are_there() -> None:
    codes = counts(TherapySession, "attendance")
    for code in ("2", "3", "4", "5", "6", "7"):
        assert codes[code] >= 2, code
    for kind in ("assessment", "treatment", "review", "follow_up", "with_other"):
        assert counts(TherapySession, "kind")[kind] >= 2, kind


def test_clients_who_must_be_handled_with_care_are_there() -> None:
    assert Client.objects.exclude(must_not_be_told="").count() >= 2
    assert Client.objects.exclude(interpreter="").count() >= 2
    assert Client.objects.filter(needs_step_free=True).count() >= 2
    maya = Client.objects.get(first_name="Maya", last_name="Fielding")
    assert Client.objects.filter(similar_keys__overlap=maya.similar_keys).exclude(pk=maya.pk).count() == 1


def test_who_needs_a_step_free_room_gets_one() -> None:
    wrong = TherapySession.objects.filter(client__needs_step_free=True, room__is_step_free=False)
    assert not wrong.exists()


# --- The diary --------------------------------------------------------------------------------------------------------


def test_the_demo_therapists_day_is_full_and_its_first_session_is_signed(demo_clinic: date) -> None:
    day = TherapySession.objects.filter(
        therapist__email="therapist@clinic.example", starts_at__date=demo_clinic
    ).select_related("client")
    assert [(session.starts_at.astimezone(LONDON).strftime("%H:%M"), session.client.name) for session in day][
        :4
    ] == [
        ("09:00", "Lena Voss"),
        ("10:00", "Maya Fielding"),
        ("11:30", "Owen Pritchard"),
        ("14:00", "Safiya Rahman"),
    ]
    assert len(day) == 6
    assert day[0].number == 12
    assert day[0].note.is_signed
    assert [session.attendance for session in day[1:]] == [None] * 5


def test_the_mockups_clients_are_where_the_mockups_have_them() -> None:
    for name, sessions, first, last in (
        ("Lena", 12, 17, 9),
        ("Maya", 6, 19, 12),
        ("Owen", 9, 21, 21),
        ("Safiya", 2, 16, 15),
        ("Daniel", 10, 18, 5),
        ("Ruth", 3, 14, 20),
    ):
        course = Course.objects.get(client__first_name=name, ended_on=None)
        totals = list(
            course.responses.filter(measure="phq9").order_by("taken_at").values_list("total", flat=True)
        )
        assert (course.sessions.numbered().count(), totals[0], totals[-1]) == (sessions, first, last), name
    maya = Client.objects.get(first_name="Maya", last_name="Fielding")
    assert (maya.number, maya.date_of_birth, maya.pronouns) == ("C-10412", date(1992, 3, 4), "they/she")


def test_the_demo_therapist_carries_fourteen_of_sixteen_places(now: datetime) -> None:
    amara = User.objects.get(email="therapist@clinic.example")
    assert (Course.objects.open().carried_by(amara, at=now).count(), amara.places) == (14, 16)


def test_sessions_lie_on_working_days_within_working_hours_and_but_two_outside_leave(
    demo_clinic: date,
) -> None:
    closed = set(Holiday.objects.values_list("day", flat=True))
    hours = {(row.person_id, row.weekday): row for row in WorkingHours.objects.all()}
    leave = {
        person.pk: list(person.leave.values_list("starts_on", "ends_on"))
        for person in User.objects.filter(is_system=False)
    }
    clashes = 0
    for session in TherapySession.objects.all():
        start, end = session.starts_at.astimezone(LONDON), session.ends_at.astimezone(LONDON)
        day = start.date()
        assert day not in closed
        working = hours[session.therapist_id, day.weekday()]
        assert working.starts <= start.time()
        assert end.time() <= working.ends
        is_away = any(first <= day <= last for first, last in leave[session.therapist_id])
        # Two appointments of Cara Nowak were booked before her leave was entered.
        assert not is_away or (session.therapist.full_name == "Cara Nowak" and day > demo_clinic)
        clashes += is_away
    assert 2 <= clashes <= 5


def test_numbers_follow_the_dates_and_phases_the_numbers() -> None:
    for course in Course.objects.prefetch_related("sessions"):
        numbered = [session for session in course.sessions.all() if session.number is not None]
        assert [session.number for session in numbered] == list(range(1, len(numbered) + 1))
    lena = TherapySession.objects.filter(client__first_name="Lena", number__isnull=False)
    assert [session.phase for session in lena] == ["initial"] * 4 + ["middle"] * 8


# --- Notes ------------------------------------------------------------------------------------------------------------


def test_every_signed_note_is_what_was_signed() -> None:
    signed = Note.objects.signed().select_related("session", "adds_to")
    assert signed.count() > 700
    assert all(holds(note) for note in signed)


def test_no_two_notes_are_alike_and_none_has_a_hole() -> None:
    # What was carried to the right record stands on the wrong one too.
    notes = list(Note.objects.filter(carried_from=None).values_list("week", "work", "next_time", "risk"))
    assert len({(week, work) for week, work, _, _ in notes}) == len(notes)
    assert not any(sign in text for note in notes for text in note for sign in "{}|")


def test_notes_tell_of_the_week_of_the_last_task_and_of_what_was_done_of_the_phase() -> None:
    notes = Note.objects.signed().of_sessions()
    assert notes.exclude(event="").count() > 200
    assert not notes.filter(event__contains="{").exists()
    assert set(notes.exclude(went="").values_list("went", flat=True)) == {"done", "partly", "not_done"}
    for course in Course.objects.filter(notes__tasks__len__gt=0).distinct():
        codes = [
            code for done in notes.filter(course=course).values_list("tasks", flat=True) for code in done
        ]
        assert len(codes) == len(set(codes))
        assert set(codes) <= set(tasks.BY_CODE)
    maya = Course.objects.get(client__first_name="Maya", client__last_name="Fielding")
    tom = maya.people.get(name="Tom")
    assert notes.filter(course=maya, people__contains=[tom.pk]).count() >= 2


def test_some_reflections_are_shared_and_most_are_not() -> None:
    assert ReflectionShare.objects.count() >= 2
    assert ReflectionShare.objects.count() < Reflection.objects.count() / 2


def test_an_answered_risk_has_words_where_words_are_needed() -> None:
    wordless = Note.objects.signed().filter(
        Q(risk_answer__in=["changed", "not_asked"], risk="") | Q(risk_answer="", kind="session")
    )
    assert not wordless.exists()
    assert Note.objects.filter(risk_answer="not_asked").count() >= 2


def test_a_total_stands_only_where_the_form_is_complete_and_a_gap_occurs() -> None:
    gapped = Response.objects.filter(total=None)
    assert gapped.count() >= 2
    assert all(None in response.answers for response in gapped)
    summed = Response.objects.filter(measure__in=["phq9", "gad7"], is_total_only=False).exclude(total=None)
    assert all(sum(response.answers) == response.total for response in summed)


def test_nothing_was_signed_before_it_was_held() -> None:
    assert not Note.objects.filter(signed_at__lt=F("session__ends_at")).exists()
