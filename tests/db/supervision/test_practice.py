"""Hours, supervised cases and competence: numbers for the therapist, who supervises them and the lead, for nobody else, also
once the course is no longer theirs to read."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone
from pypdf import PdfReader

from audit.acting import act_as
from courses.models import Course
from staff.models import Clinic, User
from supervision.models import Meeting
from supervision.practice import practice_of, rule_of_the_clinic
from tests.cast import (
    Cast,
    agreed_focus,
    client_named,
    course_for,
    discussed,
    held_session,
    person,
    rating_of,
    recording_of,
    struck_out,
)
from tests.roles import as_owner

WEEKS = 4


class World:
    """Tara’s course of Maya: four weekly sessions, each discussed the day after, twice alone and twice in a group where a case
    of Kim’s was discussed too; three recorded, of which two were rated, one of these twice."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.kim = person("Kim Colleague", "therapist")
        self.nora = course_for(client_named("Nora", "Banks"), self.kim)
        now = timezone.now()
        agreed_focus(cast.course, "grief", cast.tara)
        self.sessions = [
            held_session(cast.course, cast.tara, now - timedelta(days=40 - 7 * week), week + 1)
            for week in range(WEEKS)
        ]
        self.meetings: list[Meeting] = []
        for week, session in enumerate(self.sessions):
            with_kim = week >= 2
            others = [(self.nora, self.kim)] if with_kim else []
            self.meetings.append(
                discussed(
                    cast.sunil,
                    [(cast.course, cast.tara), *others],
                    session.starts_at + timedelta(days=1),
                    minutes=90 if with_kim else 60,
                    kind="group" if with_kim else "individual",
                )
            )
        for session in self.sessions[:3]:
            recording_of(session)
        rating_of(self.sessions[0], cast.sunil, scores={"focus": 2})
        rating_of(self.sessions[0], cast.dana, scores={"focus": 3})
        rating_of(self.sessions[1], cast.sunil, scores={"focus": 5, "ending": None}, overall="needs_work")
        rating_of(self.sessions[3], cast.sunil)


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


def known(person: User, to: User) -> Any:
    act_as(to.pk)
    return practice_of(person, rule=rule_of_the_clinic())


@pytest.mark.parametrize("who", ["tara", "sunil", "lena"])
def test_the_numbers_are_what_was_held(world: World, who: str) -> None:
    found = known(world.cast.tara, getattr(world.cast, who)).standing
    assert (found.meetings, found.individual, found.group) == (4, 120, 180)
    assert found.supervisors == ("Sunil Super",)
    (case,) = found.cases
    # 60 + 60 alone, half of 90 twice in the group; four sessions; two recorded sessions were rated.
    assert (case.number, case.areas, case.attended, case.supervised) == (1, ("grief",), 4, 4)
    assert (case.minutes, case.recordings) == (210, 2)


@pytest.mark.parametrize("who", ["olga", "dana", "ada", "nadia"])
def test_whom_it_is_no_business_gets_nothing(world: World, who: str) -> None:
    found = known(world.cast.tara, getattr(world.cast, who))
    assert (found.standing.meetings, found.standing.cases, found.ratings) == (0, (), ())


@pytest.mark.parametrize(
    "function",
    ["practice_meetings", "practice_cases", "practice_discussed", "practice_sessions", "practice_ratings"],
)
def test_each_function_answers_who_may_know_and_nobody_else(world: World, function: str) -> None:
    asked = {}
    for who in ("tara", "sunil", "lena", "dana", "olga", "ada", "nadia"):
        act_as(getattr(world.cast, who).pk)
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {function}(%s)", [[world.cast.tara.pk]])
            asked[who] = cursor.fetchone()[0]
    many = {
        "practice_meetings": 4,
        "practice_cases": 1,
        "practice_discussed": 4,
        "practice_sessions": 4,
        "practice_ratings": 4,
    }
    assert asked == dict.fromkeys(asked, 0) | dict.fromkeys(("tara", "sunil", "lena"), many[function])


def test_the_records_behind_them_are_asked_by_nobody(world: World) -> None:
    act_as(world.cast.lena.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from practice_records(%s)", [[world.cast.tara.pk]])


def test_the_functions_give_times_and_numbers_and_no_word_of_a_client(world: World) -> None:
    act_as(world.cast.tara.pk)
    with connection.cursor() as cursor:
        for function in ("practice_discussed", "practice_sessions", "practice_ratings"):
            cursor.execute(f"select * from {function}(%s) limit 1", [[world.cast.tara.pk]])
            columns = {column.name for column in cursor.description}
            assert not columns & {"course_id", "session_id", "client_id", "comment"}, function


def test_they_outlast_the_access_to_the_course_and_the_case_has_a_number_then(
    client: Browser, world: World
) -> None:
    before = known(world.cast.tara, world.cast.tara)
    client.force_login(world.cast.tara)
    page = client.get("/supervision/practice/").content.decode()
    assert "Maya Fielding" in page
    with as_owner():
        world.cast.course.allocations.update(ends_at=timezone.now() - timedelta(minutes=1))
    after = known(world.cast.tara, world.cast.tara)
    assert after.standing == before.standing
    assert after.ratings == before.ratings
    assert after.courses == {}
    page = client.get("/supervision/practice/").content.decode()
    assert "Maya" not in page
    assert "Case 1" in page


def test_a_record_that_was_entered_in_error_counts_no_more(world: World) -> None:
    with as_owner():
        note = world.meetings[3].cases.get(course=world.cast.course).note
        struck_out(note, world.cast.sunil)
    (case,) = known(world.cast.tara, world.cast.tara).standing.cases
    assert (case.supervised, case.minutes) == (3, 165)
    # Kim's was the only one left in that meeting.
    assert known(world.kim, world.kim).standing.cases[0].minutes == 45 + 90


def test_a_meeting_that_is_not_signed_counts_nothing(world: World) -> None:
    with as_owner():
        discussed(
            world.cast.sunil,
            [(world.cast.course, world.cast.tara)],
            timezone.now(),
            minutes=480,
            signed=False,
        )
    assert known(world.cast.tara, world.cast.tara).standing.minutes == 300


def test_cases_are_numbered_as_they_were_first_discussed(world: World) -> None:
    with as_owner():
        earlier = course_for(client_named("Ruth", "Linley"), world.cast.tara)
        discussed(world.cast.sunil, [(earlier, world.cast.tara)], timezone.now() - timedelta(days=90))
    found = known(world.cast.tara, world.cast.tara)
    assert found.courses == {1: earlier.pk, 2: world.cast.course.pk}


def test_the_rule_is_the_clinics(world: World) -> None:
    with as_owner():
        Clinic.objects.update_or_create(
            pk=1,
            defaults={
                "accreditation_cases": 1,
                "accreditation_focus_areas": 1,
                "accreditation_sessions": 4,
                "accreditation_hours": 3,
                "accreditation_recordings": 2,
            },
        )
    assert known(world.cast.tara, world.cast.tara).standing.is_reached
    with as_owner():
        Clinic.objects.update(accreditation_recordings=3)
    (case,) = known(world.cast.tara, world.cast.tara).standing.cases
    assert case.missing == ("1 recording",)


# --- The pages


def test_a_therapist_reads_what_is_there_and_what_is_missing(client: Browser, world: World) -> None:
    client.force_login(world.cast.tara)
    page = " ".join(client.get("/supervision/practice/").content.decode().split())
    for words in (
        "<b>5 h</b><span>of supervision in 4 meetings",
        "<b>2 h</b><span>individual",
        "<b>3 h</b><span>in a group",
        "<b>0 of 4</b><span>cases count",
        "4 supervised cases of which each has all that follows",
        "4 more cases",
        "missing: 8 sessions, 30 min, 1 recording",
        "within 14 days after it",
    ):
        assert words in page
    # Two ratings of the first session, one of the second, one of the fourth: the focus, from 2 to 3.
    assert "2 → <b>3</b>" in page
    assert "needs work" in page


def test_who_supervises_sees_a_list_and_a_therapist_their_own_page(client: Browser, world: World) -> None:
    client.force_login(world.cast.sunil)
    page = client.get("/supervision/practice/").content.decode()
    assert "Tara Tree" in page
    assert "Kim Colleague" not in page
    client.force_login(world.cast.lena)
    page = client.get("/supervision/practice/").content.decode()
    assert "Tara Tree" in page
    assert "Kim Colleague" in page


def test_the_deputy_sees_it_while_the_supervisor_is_away(client: Browser, world: World) -> None:
    client.force_login(world.cast.dana)
    assert client.get(f"/supervision/practice/{world.cast.tara.pk}/").status_code == 404
    today = timezone.localdate()
    with as_owner():
        world.cast.sunil.leave.create(starts_on=today, ends_on=today, cover=world.cast.lena)
    assert client.get(f"/supervision/practice/{world.cast.tara.pk}/").status_code == 200


def test_the_supervisor_finds_what_was_given_to_be_rated(client: Browser, world: World) -> None:
    session = world.sessions[2]
    with as_owner():
        session.recording.submitted_on = timezone.localdate()
        session.recording.save()
    address = f"/courses/{world.cast.course.pk}/sessions/{session.pk}/rate/"
    client.force_login(world.cast.sunil)
    assert address in client.get(f"/supervision/practice/{world.cast.tara.pk}/").content.decode()
    client.force_login(world.cast.tara)
    assert address not in client.get("/supervision/practice/").content.decode()


def test_the_summary_is_whole_and_names_no_client(client: Browser, world: World) -> None:
    client.force_login(world.cast.tara)
    answer = client.get(f"/supervision/practice/{world.cast.tara.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store, private"
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    words = " ".join(words.split())
    for said in (
        "Supervised practice in interpersonal psychotherapy",
        "Tara Tree, therapist",
        "5 h in 4 meetings: 2 h individual, 3 h in a group",
        "Sunil Super",
        "Case 1 Grief 4 4 3 h 30 min 2 not yet",
        "4, of which 3 passed",
        "Supervisor, date",
    ):
        assert said in words, said
    for name in ("Maya", "Fielding", "C-9"):
        assert name not in words
    saved = client.get(f"/supervision/practice/{world.cast.tara.pk}/pdf/?save")
    assert saved["Content-Disposition"].startswith("attachment; filename=")


def test_a_page_costs_the_same_for_few_rows_or_many(client: Browser, cast: Cast, world: World) -> None:
    from tests.db.test_query_counts import queries_of

    pages = [
        ("tara", "/supervision/practice/"),
        ("sunil", "/supervision/practice/"),
        ("sunil", f"/supervision/practice/{cast.tara.pk}/"),
        ("lena", "/supervision/practice/"),
        ("tara", f"/courses/{cast.course.pk}/recordings/"),
        ("sunil", f"/courses/{cast.course.pk}/recordings/"),
    ]

    def counts() -> list[int]:
        found = []
        for who, address in pages:
            client.force_login(getattr(cast, who))
            found.append(len(queries_of(client, address)[0]))
        return found

    few = counts()
    with as_owner():
        for number in range(25):
            course = course_for(client_named("Many", f"Number{number}"), cast.tara)
            grow(cast, course, timezone.now() - timedelta(days=150 + number))
        for number in range(5, 30):
            at = timezone.now() - timedelta(days=100 - number)
            session = held_session(cast.course, cast.tara, at, number)
            recording_of(session, delete_by=timezone.localdate() - timedelta(days=1))
            rating_of(session, cast.sunil)
    many = counts()
    assert few == many
    assert max(many) <= 24


def grow(cast: Cast, course: Course, at: datetime) -> None:
    session = held_session(course, cast.tara, at, 1)
    recording_of(session, delete_by=timezone.localdate() - timedelta(days=1))
    rating_of(session, cast.sunil)
    discussed(cast.sunil, [(course, cast.tara)], at + timedelta(hours=2))
