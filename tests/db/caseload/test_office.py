"""The office's home: each number opens exactly its rows, a row stands there by its rule, and nothing of it is clinical."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from caseload import office
from courses.models import Allocation, Course
from outcomes.models import Alert
from staff.models import Clinic, Holiday, User
from tests.cast import Cast, client_named, course_for, person, session_of
from tests.db.caseload.reading import words
from tests.roles import as_owner

NOON = timezone.make_aware(datetime(2026, 11, 23, 12, 0))
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def days(count: int) -> date:
    return TODAY - timedelta(days=count)


def referral(name: str, ago: int, **fields: Any) -> Course:
    return course_for(
        client_named(name, "Newly"), None, **{"status": "referred", "referred_on": days(ago), **fields}
    )


def allocated(course: Course, to: User, kind: str = "treatment") -> Allocation:
    return Allocation.objects.create(
        course=course, therapist=to, by=to, kind=kind, starts_at=NOON - timedelta(days=1)
    )


def of(slug: str, reader: User) -> list[tuple[str, str]]:
    """Name and reason of the rows of a duty."""
    act_as(reader.pk)
    return [(line.name, line.reason) for line in office.duty_page(slug, reader, now=NOON, page=1).lines]


def names_of(slug: str, reader: User) -> list[str]:
    return [name for name, _ in of(slug, reader)]


# --- The rules --------------------------------------------------------------------------------------------------------


def test_a_referral_is_new_until_somebody_screens_it(cast: Cast) -> None:
    with as_owner():
        referral("Anna", 3)
        allocated(referral("Bea", 2), cast.olga, "screening")
    assert of("new", cast.ada) == [("Anna Newly", "Referred on 20 Nov.")]


def test_screening_is_overdue_on_the_day_after_the_last_working_day(cast: Cast) -> None:
    # 5 working days: who came on Monday 16 November is screened by Monday 23, who came on Friday 13 was by Friday 20.
    with as_owner():
        referral("Anna", 7)
        late = referral("Bea", 10)
        allocated(late, cast.olga, "screening")
    assert of("screening", cast.ada) == [("Bea Newly", "Referred on 13 Nov. Olga Other screens it.")]
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"screening_working_days": 4})
    assert names_of("screening", cast.ada) == ["Bea Newly", "Anna Newly"]


def test_a_holiday_gives_the_screener_a_day_more(cast: Cast) -> None:
    with as_owner():
        referral("Bea", 10)
        Holiday.objects.create(day=days(4), name="A day off")
    assert names_of("screening", cast.ada) == []


@pytest.mark.parametrize(
    ("ago", "slug"), [(28, ""), (29, "near"), (42, "near"), (43, "breached"), (200, "breached")]
)
def test_a_wait_is_near_the_limit_for_a_fortnight_and_then_past_it(cast: Cast, ago: int, slug: str) -> None:
    with as_owner():
        referral("Anna", ago, status="waiting")
    for each in ("near", "breached"):
        assert ("Anna Newly" in names_of(each, cast.ada)) is (each == slug), each


def test_days_on_which_the_clock_stood_still_do_not_count(cast: Cast) -> None:
    with as_owner():
        referral("Anna", 60, status="waiting", paused_days=10, paused_since=days(10))
    assert "Anna Newly" in names_of("near", cast.ada)


def test_who_was_treated_before_and_waits_again_waits_from_the_day_on_which_the_course_was_opened_again(
    cast: Cast,
) -> None:
    with as_owner():
        referral("Anna", 300, status="waiting", started_on=days(250), paused_days=260)
        referral("Bea", 300, status="waiting", started_on=days(250), paused_days=280)
    assert names_of("near", cast.ada) == ["Anna Newly"]
    assert "Anna Newly" not in names_of("breached", cast.ada)


def test_the_clinics_own_limits_count(cast: Cast) -> None:
    with as_owner():
        referral("Anna", 25, status="waiting")
        Clinic.objects.update_or_create(pk=1, defaults={"wait_first_days": 20, "wait_warning_days": 5})
    assert "Anna Newly" in names_of("breached", cast.ada)


def test_ready_is_who_was_screened_and_has_nobody_the_most_urgent_first(cast: Cast) -> None:
    with as_owner():
        referral("Anna", 30, status="waiting")
        referral("Bea", 5, status="waiting", priority=2)
        referral("Cleo", 40, status="waiting", paused_since=days(3))
        referral("Dora", 40)
        allocated(referral("Ella", 20, status="waiting"), cast.olga)
        allocated(referral("Finn", 10, status="waiting"), cast.olga, "screening")
    assert names_of("ready", cast.ada) == ["Bea Newly", "Anna Newly", "Finn Newly"]


def test_nothing_booked_is_for_who_is_treated_or_allocated(cast: Cast) -> None:
    with as_owner():
        Course.objects.filter(pk=cast.course.pk).update(status="in_treatment")
        allocated(referral("Anna", 20, status="waiting"), cast.olga)
        booked = referral("Bea", 20, status="waiting")
        allocated(booked, cast.olga)
        session_of(booked, cast.olga, NOON + timedelta(days=3))
        referral("Cleo", 20, status="waiting")
        cast.others_course.sessions.all().delete()
    found = dict(of("unbooked", cast.ada))
    assert found["Maya Fielding"] == "In treatment with Tara Tree."
    assert found["Anna Newly"] == "Allocated to Olga Other, with no first appointment."
    assert not {"Bea Newly", "Cleo Newly"} & set(found)


def test_a_clash_is_an_appointment_ahead_on_a_day_off(cast: Cast) -> None:
    with as_owner():
        cast.tara.leave.create(starts_on=days(-2), ends_on=days(-4), cover=cast.olga)
        Holiday.objects.create(day=days(-9), name="Founders’ Day")
        for ahead in (1, 2, 4, 5, 9):
            session_of(cast.course, cast.tara, NOON + timedelta(days=ahead))
        session_of(
            cast.course,
            cast.tara,
            NOON + timedelta(days=3),
            attendance="4",
            attendance_at=NOON,
            attendance_by=cast.tara,
        )
    assert of("clashes", cast.ada) == [
        ("Maya Fielding", "Wed 25 Nov, 12:00: Tara Tree is away until 27 Nov."),
        ("Maya Fielding", "Fri 27 Nov, 12:00: Tara Tree is away until 27 Nov."),
        ("Maya Fielding", "Wed 2 Dec, 12:00: the clinic is closed (Founders’ Day)."),
    ]


def test_who_left_with_a_caseload_stands_on_the_homes_of_administrator_and_lead(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        User.objects.filter(pk=cast.tara.pk).update(is_active=False)
    assert of("left", cast.ada) == [("Tara Tree", "1 course to hand over.")]
    for who, page in ((cast.ada, "/office/"), (cast.lena, "/office/"), (cast.lena, "/all/")):
        client.force_login(who)
        assert "Left with a caseload" in words(client.get(page))
        assert "Tara Tree 1 course to hand over" in words(client.get(page)), page


def test_overloaded_is_who_carries_more_than_places_or_a_trainee_more_than_the_limit(cast: Cast) -> None:
    with as_owner():
        full = person("Una Under", "therapist", places=2)
        over = person("Otto Over", "therapist", places=1)
        trainee = person("Tess Trainee", "therapist", places=12, is_trainee=True)
        for therapist, count in ((full, 2), (over, 2), (trainee, 9)):
            for number in range(count):
                course_for(client_named(f"C{number}", therapist.full_name), therapist)
            allocated(referral(f"S{therapist.first_name}", 1), therapist, "screening")
    assert of("overloaded", cast.ada) == [
        ("Otto Over", "Carries 2 courses, of 1 place."),
        ("Tess Trainee", "Carries 9 courses, as a trainee at most 8 places."),
    ]


# --- Alerts are numbers -----------------------------------------------------------------------------------------------


def alerts_of(cast: Cast) -> None:
    for kind, answered in (("thoughts", None), ("child", NOON), ("plan", None)):
        Alert.objects.create(
            course=cast.course,
            kind=kind,
            words="KESTREL said so.",
            raised_by=cast.tara,
            acknowledged_at=answered,
            acknowledged_by=cast.tara if answered else None,
        )


@pytest.mark.parametrize(
    ("who", "counted"), [("ada", (3, 2)), ("lena", (3, 2)), ("tara", (0, 0)), ("nadia", (0, 0))]
)
def test_alerts_are_counted_for_those_who_run_the_office_and_nobody_else(
    cast: Cast, who: str, counted: tuple[int, int]
) -> None:
    with as_owner():
        alerts_of(cast)
    act_as(getattr(cast, who).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT open, unanswered FROM count_open_alerts()")
        assert cursor.fetchone() == counted


def test_the_page_shows_how_many_alerts_wait_and_not_whose(client: Browser, cast: Cast) -> None:
    with as_owner():
        alerts_of(cast)
    client.force_login(cast.ada)
    shown = words(client.get("/office/"))
    assert "Unanswered 2 Open 3" in shown
    assert "KESTREL" not in shown


# --- The page ---------------------------------------------------------------------------------------------------------


def a_busy_clinic(cast: Cast) -> None:
    for number in range(7):
        referral(f"New{number}", 12)
        referral(f"Near{number}", 35, status="waiting")
        referral(f"Past{number}", 50, status="waiting")
        allocated(referral(f"Held{number}", 20, status="waiting"), cast.olga)
        missed = course_for(client_named(f"Missed{number}", "Newly"), cast.tara, status="in_treatment")
        for week in (1, 2):
            session_of(
                missed,
                cast.tara,
                NOON - timedelta(days=7 * week, minutes=60 * number),
                attendance="3",
                attendance_at=NOON,
                attendance_by=cast.tara,
            )
        session_of(missed, cast.tara, NOON + timedelta(days=2, minutes=60 * number))
    cast.tara.leave.create(starts_on=days(-2), ends_on=days(-2), cover=cast.olga)
    for number in range(6):
        left = person(f"Lou Left{number}", "therapist", is_active=False)
        course_for(client_named(f"Left{number}", "Newly"), left)
        over = person(f"Otto Over{number}", "therapist", places=0)
        course_for(client_named(f"Over{number}", "Newly"), over)


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_every_number_opens_exactly_its_rows(client: Browser, cast: Cast, who: str) -> None:
    with as_owner():
        a_busy_clinic(cast)
    client.force_login(getattr(cast, who))
    page = client.get("/office/").context["office"]
    assert {one.duty.slug for one in page.waiting} == set(office.BY_SLUG)
    for one in page.waiting:
        assert one.count > 5, one.duty.slug
        opened = client.get(f"/office/{one.duty.slug}/")
        waiting = opened.context["waiting"]
        assert waiting.count == len(waiting.lines) == one.count, one.duty.slug
        assert len({line.key for line in waiting.lines}) == one.count, one.duty.slug
        assert [line.key for line in one.lines] == [line.key for line in waiting.lines[:5]], one.duty.slug
        assert f"{one.duty.name} {one.count}" in words(client.get("/office/")), one.duty.slug


def test_a_long_list_is_read_page_by_page(client: Browser, cast: Cast) -> None:
    with as_owner():
        for number in range(43):
            referral(f"New{number:02}", 12)
    client.force_login(cast.ada)
    first, second, third = (client.get(f"/office/new/?page={page}").context["waiting"] for page in (1, 2, 3))
    assert (first.count, len(first.lines)) == (43, 40)
    assert (second.count, len(second.lines)) == (43, 3)
    assert (third.count, third.lines) == (43, [])
    assert not {line.key for line in first.lines} & {line.key for line in second.lines}


def test_an_office_for_which_nothing_waits_says_so(client: Browser, cast: Cast) -> None:
    with as_owner():
        Course.objects.all().update(status="ended", ended_on=TODAY, end_reason="46")
    client.force_login(cast.ada)
    shown = words(client.get("/office/"))
    assert "Nothing waits" in shown
    assert client.get("/office/").context["office"].waiting == []
    for slug in office.BY_SLUG:
        assert "Nothing waits here" in words(client.get(f"/office/{slug}/")), slug


def test_who_was_shown_stands_on_the_trail(client: Browser, cast: Cast) -> None:
    with as_owner():
        course = referral("Anna", 12)
    client.force_login(cast.ada)
    client.get("/office/new/")
    with as_owner():
        event = Event.objects.filter(what="Office: New referrals").latest("at")
    assert (event.user_id, event.object_ids) == (cast.ada.pk, [course.pk])


def test_an_unknown_duty_is_not_found(client: Browser, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert client.get("/office/nonsense/").status_code == 404
