"""A new line shows supervision records from before only where the clinic says so. Both walls say the same, in every case."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation
from sessions.models import Note, NoteKind
from staff.models import Clinic, SupervisionLine, User
from supervision.models import Case
from tests import cast as people
from tests.cast import Cast
from tests.db.supervision.rows import record_of
from tests.roles import as_owner

NOW = timezone.now()
THEN = NOW - timedelta(days=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(cast: Cast) -> Any:
    """Ten days ago Sunil signed a record of Tara's case, and five days ago he added to it."""
    with as_owner():
        world = SimpleNamespace(**vars(cast))
        world.nina = people.person("Nina New", "supervisor", "therapist")
        world.record = record_of(cast.course, cast.sunil, cast.tara, signed_at=THEN)
        world.addendum = people.addendum_to(world.record, signed_at=NOW - timedelta(days=5))
    return world


def begins(supervisor: User, therapist: User, starts_at: Any, deputy: User | None = None) -> None:
    with as_owner():
        people.supervises(supervisor, therapist, starts_at=starts_at, deputy=deputy)


def away(person: User, cover: User) -> None:
    today = timezone.localdate()
    with as_owner():
        person.leave.create(starts_on=today, ends_on=today, cover=cover)


def reads(world: Any, person: User) -> str:
    """What of record and addendum this person reads; asked of the queryset and of the bare table alike."""
    act_as(person.pk)
    walls = []
    for rows in (Note.objects.visible_to(person), Note.objects.all()):
        keys = set(rows.filter(course=world.course).values_list("pk", flat=True))
        walls.append(
            " ".join(name for name in ("record", "addendum") if getattr(world, name).pk in keys) or "nothing"
        )
    for rows in (Case.objects.visible_to(person), Case.objects.all()):
        walls.append("record addendum" if rows.filter(note=world.record).exists() else "nothing")
    assert len(set(walls)) == 1, walls
    return walls[0]


def history(is_shown: bool) -> None:
    with as_owner():
        Clinic.objects.update_or_create(defaults={"supervision_history_for_new_line": is_shown})


BOTH = "record addendum"


def test_a_line_from_a_minute_before_the_signature_reads_it_one_from_a_minute_after_does_not(
    world: Any,
) -> None:
    begins(world.nina, world.tara, THEN - MINUTE)
    late = people_with_role(world)
    begins(late, world.tara, THEN + MINUTE)
    history(False)
    assert (reads(world, world.nina), reads(world, late)) == (BOTH, "nothing")
    history(True)
    assert (reads(world, world.nina), reads(world, late)) == (BOTH, BOTH)


def people_with_role(world: Any) -> User:
    with as_owner():
        return people.person("Lata Late", "supervisor")


def test_without_a_word_of_the_clinic_a_new_line_reads_none(world: Any) -> None:
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    with as_owner():
        Clinic.objects.all().delete()
    assert reads(world, world.nina) == "nothing"


def test_author_therapist_and_lead_read_it_whenever_their_line_began(world: Any) -> None:
    with as_owner():
        SupervisionLine.objects.filter(pk=world.line.pk).update(ends_at=NOW - timedelta(days=2))
    assert reads(world, world.sunil) == "nothing"  # no line, no course
    begins(world.sunil, world.tara, NOW - timedelta(days=1))
    assert [reads(world, who) for who in (world.sunil, world.tara, world.lena)] == [BOTH] * 3
    assert [reads(world, who) for who in (world.ada, world.olga, world.dana)] == ["nothing"] * 3


def test_who_carries_the_course_reads_what_was_discussed_of_it(world: Any) -> None:
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    assert reads(world, world.nina) == "nothing"
    with as_owner():
        world.course.allocations.update(ends_at=NOW - MINUTE)
        Allocation.objects.create(
            course=world.course, therapist=world.nina, starts_at=NOW - MINUTE, by=world.ada
        )
    assert reads(world, world.nina) == BOTH


def test_a_deputy_reads_as_far_back_as_the_line_that_they_stand_in_for(world: Any) -> None:
    away(world.sunil, world.dana)
    assert reads(world, world.dana) == BOTH
    with as_owner():
        SupervisionLine.objects.filter(pk=world.line.pk).update(starts_at=THEN + MINUTE)
    assert reads(world, world.dana) == "nothing"


def test_an_own_new_line_is_not_made_older_by_one_on_which_one_is_only_named_as_deputy(world: Any) -> None:
    begins(world.dana, world.tara, NOW - timedelta(days=1))
    assert reads(world, world.dana) == "nothing"
    away(world.sunil, world.dana)
    assert reads(world, world.dana) == BOTH


def test_a_line_that_was_taken_up_again_counts_from_its_new_beginning(world: Any) -> None:
    with as_owner():
        people.supervises(
            world.nina, world.tara, starts_at=THEN - timedelta(days=9), ends_at=NOW - timedelta(days=3)
        )
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    assert reads(world, world.nina) == "nothing"


def test_a_line_with_somebody_else_does_not_open_this_course(world: Any) -> None:
    begins(world.nina, world.olga, THEN - timedelta(days=100))
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    assert reads(world, world.nina) == "nothing"


def test_what_is_added_now_to_a_record_from_before_stays_with_it(world: Any) -> None:
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    with as_owner():
        later = people.addendum_to(world.record, signed_at=NOW)
    act_as(world.nina.pk)
    assert not Note.objects.filter(pk=later.pk).exists()
    assert not Note.objects.visible_to(world.nina).filter(pk=later.pk).exists()


def test_session_notes_from_before_are_read_all_the_same(world: Any) -> None:
    with as_owner():
        note = people.note_of(people.session_of(world.course, world.tara, THEN))
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    act_as(world.nina.pk)
    assert Note.objects.visible_to(world.nina).filter(pk=note.pk).exists()


def test_what_is_sealed_is_asked_once_and_not_row_by_row(world: Any) -> None:
    begins(world.nina, world.tara, NOW - timedelta(days=1))
    act_as(world.nina.pk)
    with connection.cursor() as cursor:
        cursor.execute("explain (costs off) select id from therapy_sessions_note")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "SubPlan" not in plan
    assert "InitPlan" in plan
    rows = Note.objects.visible_to(world.nina).filter(kind=NoteKind.SUPERVISION)
    assert rows.count() == 0
