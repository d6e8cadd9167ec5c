"""Every table of supervision from outside: who sees which rows and who writes them, by SQL in the app role. Answers by hand."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation, CourseAction
from outcomes.models import Alert
from sessions.models import Note, NoteKind
from staff.models import User
from supervision.models import (
    AgendaItem,
    Case,
    CaseSignature,
    FlagAnswer,
    Meeting,
    MeetingPerson,
    Rating,
    Recording,
)
from tests import cast as people
from tests.cast import Cast
from tests.db.supervision.rows import A_HASH, meeting_of, record_of
from tests.roles import as_owner

NOW = timezone.now()
YESTERDAY = NOW - timedelta(days=1)

# The tables in the order of the numbers below; of notes the records of supervision.
TABLES = (
    "courses_courseaction",
    "supervision_agendaitem",
    "supervision_meeting",
    "supervision_meetingperson",
    "supervision_case",
    "supervision_casesignature",
    "supervision_flaganswer",
    "supervision_recording",
    "supervision_rating",
    "therapy_sessions_note",
)
NOTHING = "0 0 0 0 0 0 0 0 0 0"


def action(world: Any, by: User, **fields: Any) -> CourseAction:
    values = {"what": "Ring the GP", "owner": world.tara, "due_on": timezone.localdate(), "agreed_by": by}
    return CourseAction(course=world.course, **{**values, **fields})


def recording(world: Any, by: User, session: Any) -> Recording:
    today = timezone.localdate()
    return Recording(
        course=world.course,
        session=session,
        consent_on=today,
        kept_where="The locked drive",
        delete_by=today,
        entered_by=by,
    )


def rating(world: Any, by: User, session: Any) -> Rating:
    return Rating(
        course=world.course,
        session=session,
        therapist=world.tara,
        form=0,
        items=[],
        scores={},
        overall="pass",
        rated_by=by,
    )


def answer(world: Any, by: User) -> FlagAnswer:
    today = timezone.localdate()
    return FlagAnswer(
        course=world.course, flag="not_on_track", subject=uuid4(), reason="Spoken of.", until=today, by=by
    )


def signature(world: Any, by: User, note: Note) -> CaseSignature:
    return CaseSignature(note=note, course=world.course, by=by, sha256=A_HASH)


@pytest.fixture
def world(cast: Cast) -> Any:
    """One row of each of Tara's course. Sunil held two meetings with her: one is signed, of the other he writes."""
    with as_owner():
        world = SimpleNamespace(**vars(cast))
        world.held = people.held_session(cast.course, cast.tara, NOW - timedelta(days=3), 1)
        world.other = people.held_session(cast.course, cast.tara, NOW - timedelta(days=2), 2)
        world.action = action(world, cast.sunil)
        world.action.save()
        world.item = AgendaItem.objects.create(course=cast.course, added_by=cast.tara, question="Stuck?")
        world.record = record_of(cast.course, cast.sunil, cast.tara, signed_at=YESTERDAY)
        world.signed = world.record.supervision_case.meeting
        world.open = meeting_of(cast.sunil, cast.tara)
        world.draft = record_of(cast.course, cast.sunil, cast.tara, meeting=world.open)
        world.signature = signature(world, cast.tara, world.record)
        world.answer = answer(world, cast.sunil)
        world.recording = recording(world, cast.tara, world.held)
        world.rating = rating(world, cast.sunil, world.held)
        for row in (world.signature, world.answer, world.recording, world.rating):
            row.save()
    return world


def seen_by(person: User | None) -> str:
    act_as(person.pk if person else None)
    counts = []
    with connection.cursor() as cursor:
        for table in TABLES:
            only = " where kind = 'supervised'" if table == "therapy_sessions_note" else ""
            cursor.execute(f"select count(*) from {table}{only}")
            counts.append(str(cursor.fetchone()[0]))
    return " ".join(counts)


def away(person: User, cover: User) -> None:
    today = timezone.localdate()
    with as_owner():
        person.leave.create(starts_on=today, ends_on=today, cover=cover)


#                action item meeting person case signature answer recording rating record
SEES = {
    "tara": "1 1 2 2 1 1 1 1 1 1",
    "sunil": "1 1 2 2 2 1 1 1 1 2",
    "dana": NOTHING,
    "ada": NOTHING,
    "lena": "1 1 2 2 1 1 1 1 1 1",
    "olga": NOTHING,
    "nadia": NOTHING,
}


def test_each_person_sees_the_rows_that_are_theirs_to_see(world: Any) -> None:
    assert {who: seen_by(getattr(world, who)) for who in SEES} == SEES
    assert seen_by(None) == NOTHING


def test_a_deputy_sees_what_is_signed_while_the_supervisor_is_away_and_no_day_longer(world: Any) -> None:
    away(world.sunil, world.dana)
    # Neither the supervisor's meetings nor their draft: those are the supervisor's own.
    assert seen_by(world.dana) == "1 1 0 0 1 1 1 1 1 1"
    yesterday = timezone.localdate() - timedelta(days=1)
    with as_owner():
        world.sunil.leave.update(starts_on=yesterday, ends_on=yesterday)
    assert seen_by(world.dana) == NOTHING


def test_who_covers_for_the_therapist_sees_none_of_it(world: Any) -> None:
    away(world.tara, world.olga)
    with as_owner():
        Alert.objects.create(course=world.course, kind="plan", words="Tablets.", raised_by=world.tara)
    assert seen_by(world.olga) == NOTHING


def test_whoever_screens_reads_the_course_and_not_how_its_therapist_was_rated(world: Any) -> None:
    with as_owner():
        screens = people.person("Sara Screens", "therapist", is_screener=True)
        world.course.allocations.update(ends_at=YESTERDAY)
        Allocation.objects.create(
            course=world.course, therapist=screens, kind="screening", starts_at=YESTERDAY, by=world.ada
        )
    assert seen_by(screens) == "1 1 0 0 1 1 1 1 0 1"


def test_a_new_therapist_reads_what_was_discussed_and_not_how_the_former_one_was_rated(world: Any) -> None:
    with as_owner():
        world.course.allocations.update(ends_at=timezone.now())
        Allocation.objects.create(
            course=world.course,
            therapist=world.olga,
            kind="treatment",
            starts_at=timezone.now(),
            by=world.ada,
        )
    assert seen_by(world.olga) == "1 1 0 0 1 1 1 1 0 1"
    # The former one keeps the meetings at which she was: they hold nothing about a client.
    assert seen_by(world.tara) == "0 0 2 2 0 0 0 0 0 0"
    assert seen_by(world.sunil) == "0 0 2 2 0 0 0 0 0 0"


def test_all_of_it_ends_with_the_line_at_that_minute(world: Any) -> None:
    with as_owner():
        world.line.ends_at = timezone.now() + timedelta(minutes=1)
        world.line.save()
    assert seen_by(world.sunil) == SEES["sunil"]
    with as_owner():
        type(world.line).objects.filter(pk=world.line.pk).update(ends_at=timezone.now())
    assert seen_by(world.sunil) == "0 0 2 2 0 0 0 0 0 0"
    away(world.sunil, world.dana)
    assert seen_by(world.dana) == NOTHING


def test_none_of_it_is_there_for_who_may_no_longer_sign_in(world: Any) -> None:
    with as_owner():
        User.objects.filter(pk__in=[world.sunil.pk, world.tara.pk, world.lena.pk]).update(is_active=False)
    for person in (world.sunil, world.tara, world.lena):
        about_a_course = [count for at, count in enumerate(seen_by(person).split()) if at not in (2, 3)]
        assert set(about_a_course) == {"0"}


@pytest.mark.parametrize("who", ["tara", "sunil", "dana", "ada", "lena", "olga", "nadia"])
def test_the_first_wall_says_the_same_as_the_second(world: Any, who: str) -> None:
    person = getattr(world, who)
    act_as(person.pk)
    models = (
        CourseAction,
        AgendaItem,
        Meeting,
        MeetingPerson,
        Case,
        CaseSignature,
        FlagAnswer,
        Recording,
        Rating,
    )
    for model in models:
        assert set(model.objects.visible_to(person)) == set(model.objects.all()), model
    rows = Note.objects.filter(kind=NoteKind.SUPERVISION)
    assert set(Note.objects.visible_to(person) & rows) == set(rows)


# --- Who writes what --------------------------------------------------------------------------------------------------


def changed(model: Any, row: Any, **values: Any) -> Callable[[User], int]:
    return lambda me: model._base_manager.filter(pk=row.pk).update(
        **{name: me if value == "me" else value for name, value in values.items()}
    )


def deleted(row: Any) -> Callable[[User], int]:
    def delete(me: User) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"delete from {row._meta.db_table} where id = %s", [str(row.pk)])
            return int(cursor.rowcount)

    return delete


def added(make: Callable[[User], Any]) -> Callable[[User], int]:
    def add(me: User) -> int:
        make(me).save(force_insert=True)
        return 1

    return add


def test_each_person_writes_what_is_theirs_to_write(world: Any) -> None:
    today, now = timezone.localdate(), timezone.now()
    with as_owner():
        empty = meeting_of(world.sunil)
        was_there = world.signed.people.get()
        unsigned_by_her = record_of(world.course, world.sunil, world.tara, signed_at=YESTERDAY)
        second = people.course_for(people.client_named("Nora", "Banks"), world.tara)
    case = world.record.supervision_case
    draft_case = world.draft.supervision_case
    writes: dict[str, tuple[Callable[[User], int], str]] = {
        "agree an action": (added(lambda me: action(world, me)), "sunil"),
        "agree one in another's name": (
            added(lambda me: action(world, world.sunil if me != world.sunil else world.dana)),
            "",
        ),
        "close an action": (
            changed(CourseAction, world.action, outcome="done", closed_at=now, closed_by="me"),
            "lena sunil tara",
        ),
        "close it in another's name": (
            changed(CourseAction, world.action, outcome="done", closed_at=now, closed_by=world.nadia),
            "",
        ),
        "change what was agreed": (changed(CourseAction, world.action, what="Ring nobody"), ""),
        "take an action away": (deleted(world.action), ""),
        "put a course on the agenda": (
            added(lambda me: AgendaItem(course=second, added_by=me)),
            "sunil tara",
        ),
        "put it there in another's name": (
            added(lambda me: AgendaItem(course=second, added_by=world.olga)),
            "",
        ),
        "order the agenda": (changed(AgendaItem, world.item, position=7), "sunil tara"),
        "close an item in another's name": (
            changed(AgendaItem, world.item, closed="taken_off", closed_at=now, closed_by=world.nadia),
            "",
        ),
        "take an item away": (deleted(world.item), ""),
        "begin a meeting": (added(lambda me: Meeting(supervisor=me, held_at=now)), "dana sunil"),
        "begin one for another": (
            added(lambda me: Meeting(supervisor=world.lena, held_at=now)),
            "",
        ),
        "begin one that is signed": (
            added(lambda me: Meeting(supervisor=me, held_at=now, signed_at=now)),
            "",
        ),
        "change a meeting": (changed(Meeting, world.open, minutes=45), "sunil"),
        "change a signed meeting": (changed(Meeting, world.signed, minutes=45), ""),
        "give a meeting to another": (changed(Meeting, world.open, supervisor=world.dana), ""),
        "take an empty meeting away": (deleted(empty), "sunil"),
        "take a signed meeting away": (deleted(world.signed), ""),
        "say that a supervisee was there": (
            added(lambda me: MeetingPerson(meeting=empty, person=world.tara)),
            "sunil",
        ),
        "say that a stranger was there": (
            added(lambda me: MeetingPerson(meeting=empty, person=world.olga)),
            "",
        ),
        "say later that somebody was not there": (deleted(was_there), ""),
        "add a case": (
            added(lambda me: Case(meeting=empty, course=second, therapist=world.tara)),
            "sunil",
        ),
        "add a case to a signed meeting": (
            added(lambda me: Case(meeting=world.signed, course=second, therapist=world.tara)),
            "",
        ),
        "add a stranger's case": (
            added(lambda me: Case(meeting=empty, course=world.others_course, therapist=world.olga)),
            "",
        ),
        "order the cases": (changed(Case, draft_case, position=7), "sunil"),
        "order those of a signed meeting": (changed(Case, case, position=7), ""),
        "take away a case that has words": (deleted(draft_case), ""),
        "sign for one's case": (added(lambda me: signature(world, me, unsigned_by_her)), "tara"),
        "sign for it in her name": (added(lambda me: signature(world, world.tara, unsigned_by_her)), "tara"),
        "sign for a draft": (added(lambda me: signature(world, me, world.draft)), ""),
        "change a signature": (changed(CaseSignature, world.signature, comment="No."), ""),
        "take a signature away": (deleted(world.signature), ""),
        "answer a flag": (added(lambda me: answer(world, me)), "lena sunil tara"),
        "answer it in another's name": (added(lambda me: answer(world, world.nadia)), ""),
        "change an answer": (changed(FlagAnswer, world.answer, reason="No."), ""),
        "take an answer away": (deleted(world.answer), ""),
        "enter a recording": (added(lambda me: recording(world, me, world.other)), "tara"),
        "say what became of it": (changed(Recording, world.recording, submitted_on=today), "sunil tara"),
        "take a recording away": (deleted(world.recording), ""),
        "rate a session": (added(lambda me: rating(world, me, world.other)), "sunil"),
        "change a rating": (changed(Rating, world.rating, overall="needs_work"), ""),
        "take a rating away": (deleted(world.rating), ""),
        "begin a record": (
            added(lambda me: Note(kind=NoteKind.SUPERVISION, course=world.course, author=me)),
            "sunil",
        ),
        "begin one in another's name": (
            added(lambda me: Note(kind=NoteKind.SUPERVISION, course=world.course, author=world.nadia)),
            "",
        ),
        "write on a record": (changed(Note, world.draft, work="Other words."), "sunil"),
        "write on a signed record": (changed(Note, world.record, work="Other words."), ""),
        "take a record away": (deleted(world.draft), ""),
    }
    everybody = ("ada", "dana", "lena", "nadia", "olga", "sunil", "tara")
    found = {
        what: " ".join(who for who in everybody if _does(write, getattr(world, who)))
        for what, (write, _) in writes.items()
    }
    assert found == {what: expected for what, (_, expected) in writes.items()}


def _does(write: Callable[[User], int], person: User) -> bool:
    """Whether the database lets them: nothing of it stays."""
    act_as(person.pk)
    done = False
    try:
        with transaction.atomic():
            done = write(person) > 0
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    finally:
        act_as(person.pk)
    return done


def test_a_deputy_writes_while_the_supervisor_is_away(world: Any) -> None:
    made = (
        added(lambda me: action(world, me)),
        added(lambda me: rating(world, me, world.other)),
        added(lambda me: Note(kind=NoteKind.SUPERVISION, course=world.course, author=me)),
        changed(AgendaItem, world.item, position=3),
    )
    assert [_does(write, world.dana) for write in made] == [False] * 4
    away(world.sunil, world.dana)
    assert [_does(write, world.dana) for write in made] == [True] * 4
    # Not in the supervisor's own meeting, nor on their draft.
    assert not _does(changed(Meeting, world.open, minutes=45), world.dana)
    assert not _does(changed(Note, world.draft, work="Other words."), world.dana)


def test_a_supervisor_whose_line_has_ended_writes_nothing_more(world: Any) -> None:
    with as_owner():
        type(world.line).objects.filter(pk=world.line.pk).update(ends_at=timezone.now())
    for write in (
        added(lambda me: action(world, me)),
        changed(AgendaItem, world.item, position=3),
        changed(Case, world.draft.supervision_case, position=3),
        changed(Note, world.draft, work="Other words."),
        added(lambda me: rating(world, me, world.other)),
        added(lambda me: answer(world, me)),
    ):
        assert not _does(write, world.sunil)


def test_nobody_supervises_a_course_that_they_carry(world: Any) -> None:
    """Sunil covers Tara's course himself: there he treats, and is rated and discussed by somebody else."""
    with as_owner():
        world.sunil.roles = ["supervisor", "therapist"]
        world.sunil.save()
        world.course.allocations.update(ends_at=YESTERDAY)
        Allocation.objects.create(
            course=world.course, therapist=world.sunil, kind="cover", starts_at=YESTERDAY, by=world.ada
        )
    for write in (
        added(lambda me: action(world, me)),
        added(lambda me: rating(world, me, world.other)),
        added(lambda me: Note(kind=NoteKind.SUPERVISION, course=world.course, author=me)),
    ):
        assert not _does(write, world.sunil)
