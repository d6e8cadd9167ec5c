"""Functions that see past the policies give numbers, keys and times, to those who may know them, and are not empty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.acting import act_as
from sessions.models import DraftVersion, Note
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


def one(sql: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("who", "count"), [("tara", 1), ("sunil", 1), ("ada", 1), ("lena", 1), ("olga", 0), ("nadia", 0)]
)
def test_unsigned_drafts_are_counted_for_those_near_the_course(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        session = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        people.note_of(session, signed=False)
    act_as(getattr(cast, who).pk)
    assert one("select count_drafts(%s)", cast.course.pk) == count


@pytest.mark.parametrize(("who", "count"), [("tara", 1), ("ada", 1), ("olga", 0), ("nadia", 0)])
def test_a_similar_name_is_counted_for_those_who_see_the_client(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        people.client_named("Mia", "Feilding")
    act_as(getattr(cast, who).pk)
    assert one("select count_similar_clients(%s)", cast.maya.pk) == count


@pytest.mark.parametrize(
    ("who", "count"), [("tara", 0), ("sunil", 0), ("ada", 1), ("lena", 1), ("olga", 0), ("nadia", 0)]
)
def test_keys_of_people_alike_are_for_those_who_see_every_name(cast: Cast, who: str, count: int) -> None:
    act_as(getattr(cast, who).pk)
    found = one("select clients_alike(%s, null, null)", cast.maya.similar_keys)
    assert found == [cast.maya.pk][:count]


@pytest.mark.parametrize(
    ("who", "leads"), [("tara", True), ("sunil", True), ("ada", True), ("olga", False), ("nadia", False)]
)
def test_a_merged_record_leads_to_the_kept_one_for_those_who_see_that(
    cast: Cast, who: str, leads: bool
) -> None:
    with as_owner():
        again = people.merged_with(cast.maya, cast.ada).merged
    act_as(getattr(cast, who).pk)
    assert one("select kept_client(%s)", again.pk) == (cast.maya.pk if leads else None)
    assert one("select kept_client(%s)", cast.maya.pk) is None


@pytest.mark.parametrize(("who", "count"), [("tara", 1), ("ada", 1), ("sunil", 1), ("olga", 0)])
def test_signed_sessions_are_known_by_key_alone(cast: Cast, who: str, count: int) -> None:
    with as_owner():
        people.note_of(people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1))
    act_as(getattr(cast, who).pk)
    assert len(one("select signed_sessions(%s)", cast.course.pk)) == count  # type: ignore[arg-type]


def test_a_taken_hour_is_known_by_its_times(cast: Cast) -> None:
    with as_owner():
        room = people.room()
        theirs = people.session_of(
            cast.others_course, cast.olga, timezone.now() + timedelta(days=1), room=room
        )
    act_as(cast.tara.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select starts_at, taken from times_taken(%s, %s, %s, %s, %s)",
            [cast.tara.pk, cast.maya.pk, room.pk, timezone.now(), timezone.now() + timedelta(days=2)],
        )
        assert cursor.fetchall() == [(theirs.starts_at, "room")]


def test_the_therapist_of_a_course_is_the_one_who_carries_it_now(cast: Cast) -> None:
    act_as(cast.ada.pk)
    assert one("select therapist_of(%s)", cast.course.pk) == cast.tara.pk


def test_a_deputy_sees_the_courses_while_the_supervisor_is_on_leave_and_not_after(cast: Cast) -> None:
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 0
    today = timezone.localdate()
    with as_owner():
        leave = cast.sunil.leave.create(starts_on=today, ends_on=today, cover=cast.dana)
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 1
    with as_owner():
        leave.starts_on = leave.ends_on = today - timedelta(days=1)
        leave.save()
    act_as(cast.dana.pk)
    assert one("select cardinality(courses_near_me())") == 0


def test_access_ends_with_the_allocation_at_that_minute(cast: Cast) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now())
    act_as(cast.tara.pk)
    assert one("select cardinality(courses_near_me())") == 0


def test_access_ends_when_a_person_may_no_longer_sign_in(cast: Cast) -> None:
    with as_owner():
        type(cast.tara).objects.filter(pk__in=[cast.tara.pk, cast.ada.pk, cast.lena.pk]).update(
            is_active=False
        )
    for person in (cast.tara, cast.ada, cast.lena):
        act_as(person.pk)
        assert one("select count(*) from clients_client") == 0


# --- Notes: what waits, what was decided, what is sealed ---------------------------------------------------------------


def rows_of(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def a_trainees_note(cast: Cast) -> Note:
    with as_owner():
        session = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        people.answered(session, "phq9", [1] * 9)
        return people.note_of(session, needs_cosign=True)


@pytest.mark.parametrize(
    ("who", "count"),
    [("tara", 1), ("sunil", 1), ("dana", 0), ("ada", 1), ("lena", 1), ("olga", 0), ("nadia", 0)],
)
def test_where_notes_stand_is_known_by_keys_and_times(cast: Cast, who: str, count: int) -> None:
    note = a_trainees_note(cast)
    with as_owner():
        people.decided(note, cast.sunil, "returned")
    act_as(getattr(cast, who).pk)
    states = rows_of("select note_id, decision, is_in_error from note_states(%s)", cast.course.pk)
    assert states == [(note.pk, "returned", False)] * count


@pytest.mark.parametrize(
    ("who", "count"),
    [("tara", 2), ("sunil", 2), ("dana", 0), ("ada", 2), ("lena", 2), ("olga", 0), ("nadia", 0)],
)
def test_what_waits_for_a_signature_is_known_to_those_who_look_after_it(
    cast: Cast, who: str, count: int
) -> None:
    with as_owner():
        held = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=3), 1)
        draft = people.contact_note_of(cast.course, cast.tara, signed=False)
        struck = people.contact_note_of(cast.course, cast.tara, signed=False)
        people.struck_out(struck, cast.tara)
        people.contact_note_of(cast.course, cast.tara)
    act_as(getattr(cast, who).pk)
    waiting = rows_of("select note_id, session_id, kind from unsigned_notes() order by kind")
    assert waiting == [(draft.pk, None, "contact"), (None, held.pk, "session")][:count]


def test_the_system_person_knows_of_all_that_waits_and_nobody_of_nothing(cast: Cast) -> None:
    with as_owner():
        people.contact_note_of(cast.course, cast.tara, signed=False)
        people.contact_note_of(cast.others_course, cast.olga, signed=False)
        system = people.system_person()
    act_as(system.pk)
    assert one("select count(*) from unsigned_notes()") == 2
    act_as(None)
    assert one("select count(*) from unsigned_notes()") == 0


@pytest.mark.parametrize(
    ("who", "may"),
    [("tara", False), ("sunil", True), ("dana", False), ("ada", False), ("lena", False), ("olga", False)],
)
def test_who_may_co_sign_a_note_that_waits(cast: Cast, who: str, may: bool) -> None:
    note = a_trainees_note(cast)
    act_as(getattr(cast, who).pk)
    assert one("select may_cosign(%s)", note.pk) is may


def test_nobody_co_signs_what_does_not_wait(cast: Cast) -> None:
    note = a_trainees_note(cast)
    with as_owner():
        plain = people.contact_note_of(cast.course, cast.tara)
        struck = people.contact_note_of(cast.course, cast.tara, needs_cosign=True)
        people.struck_out(struck, cast.tara)
        people.decided(note, cast.sunil)
    act_as(cast.sunil.pk)
    assert [one("select may_cosign(%s)", key) for key in (plain.pk, struck.pk, note.pk)] == [False] * 3
    with as_owner():
        people.addendum_to(note, needs_cosign=True, signed_at=timezone.now() + timedelta(seconds=1))
    act_as(cast.sunil.pk)
    assert one("select may_cosign(%s)", note.pk) is True


def test_somebody_supervises_a_person_until_supervisor_and_deputy_are_away(cast: Cast) -> None:
    today = timezone.localdate()

    def supervised() -> object:
        act_as(cast.lena.pk)
        return one("select somebody_supervises(%s)", cast.tara.pk)

    assert supervised() is True
    with as_owner():
        cast.sunil.leave.create(starts_on=today, ends_on=today, cover=cast.dana)
    assert supervised() is True
    with as_owner():
        cast.dana.leave.create(starts_on=today, ends_on=today, cover=cast.olga)
    assert supervised() is False
    act_as(cast.lena.pk)
    assert one("select somebody_supervises(%s)", cast.olga.pk) is False


@pytest.mark.parametrize(("who", "count"), [("tara", 1), ("sunil", 0), ("ada", 0), ("lena", 0), ("olga", 0)])
def test_a_therapist_carries_a_course_that_has_ended_while_the_allocation_lasts(
    cast: Cast, who: str, count: int
) -> None:
    with as_owner():
        type(cast.course).objects.filter(pk=cast.course.pk).update(
            status="ended", ended_on=timezone.localdate()
        )
    act_as(getattr(cast, who).pk)
    carried = one("select my_carried_courses()")
    assert (cast.course.pk in carried) == bool(count)  # type: ignore[operator]
    assert cast.course.pk not in one("select my_open_courses()")  # type: ignore[operator]


SEALS = (
    "notes_sealed_from_me",
    "sessions_sealed_from_me",
    "responses_sealed_from_me",
    "errors_sealed_from_me",
)


@pytest.mark.parametrize(
    ("who", "sealed"),
    [("tara", 0), ("lena", 0), ("sunil", 1), ("dana", 1), ("ada", 1), ("olga", 1), ("nadia", 1)],
)
def test_what_was_the_wrong_clients_is_sealed_from_all_but_author_and_lead(
    cast: Cast, who: str, sealed: int
) -> None:
    note = a_trainees_note(cast)
    with as_owner():
        people.addendum_to(note)
        people.struck_out(note, cast.lena, kind="wrong_client")
        people.struck_out(people.contact_note_of(cast.course, cast.tara), cast.tara)  # a mere mistake
    act_as(getattr(cast, who).pk)
    counts = [one(f"select cardinality({seal}())") for seal in SEALS]
    assert counts == [2 * sealed, sealed, sealed, sealed]


@pytest.mark.parametrize(
    ("who", "count"),
    [("tara", 2), ("sunil", 2), ("lena", 2), ("dana", 0), ("ada", 0), ("olga", 0), ("nadia", 0)],
)
def test_that_something_was_struck_out_is_known_to_the_readers_of_the_course(
    cast: Cast, who: str, count: int
) -> None:
    note = a_trainees_note(cast)
    with as_owner():
        added = people.addendum_to(note)
        people.struck_out(note, cast.tara, kind="wrong_client")
        people.struck_out(added, cast.tara)
    act_as(getattr(cast, who).pk)
    struck = rows_of(
        "select session_id, note_id, adds_to_id, kind from entered_in_error(%s) order by kind", cast.course.pk
    )
    both = [(None, added.pk, note.pk, "mistake"), (note.session_id, note.pk, None, "wrong_client")]
    assert struck == both[:count]


def test_the_system_person_alone_forgets_what_drafts_said_thirty_days_after_signing(cast: Cast) -> None:
    now = timezone.now()
    with as_owner():
        system = people.system_person()
        for days in (31, 29):
            note = people.contact_note_of(cast.course, cast.tara, signed_at=now - timedelta(days=days))
            DraftVersion.objects.create(note=note, course=cast.course, author=cast.tara, version=1)
        draft = people.contact_note_of(cast.course, cast.tara, signed=False)
        DraftVersion.objects.create(note=draft, course=cast.course, author=cast.tara, version=1)
        struck = people.contact_note_of(cast.course, cast.tara, signed=False)
        DraftVersion.objects.create(note=struck, course=cast.course, author=cast.tara, version=1)
        people.struck_out(struck, cast.tara, at=now - timedelta(days=31))
    for person, forgotten in ((cast.tara, 0), (cast.lena, 0), (cast.ada, 0), (system, 2), (system, 0)):
        act_as(person.pk)
        assert one("select forget_old_versions()") == forgotten
    act_as(cast.tara.pk)
    assert DraftVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "held"), [("tara", True), ("sunil", True), ("lena", True), ("olga", False), ("nadia", False)]
)
def test_a_course_is_held_by_those_who_see_it(cast: Cast, who: str, held: bool) -> None:
    act_as(getattr(cast, who).pk)
    assert one("select hold_course(%s)", cast.course.pk) is held


@pytest.mark.parametrize(("who", "count"), [("ada", 3), ("lena", 3), ("nadia", 3), (None, 0)])
def test_taken_times_of_many_are_keys_and_times(cast: Cast, who: str | None, count: int) -> None:
    with as_owner():
        room = people.room()
        ahead = timezone.now() + timedelta(days=1)
        people.session_of(cast.others_course, cast.olga, ahead, room=room)
        people.session_of(cast.others_course, cast.olga, ahead + timedelta(days=9))
    act_as(getattr(cast, who).pk if who else None)
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from times_taken_of(%s::uuid[], %s, %s::uuid[], %s, %s)",
            [
                [cast.olga.pk, cast.tara.pk],
                cast.owen.pk,
                [room.pk],
                timezone.now(),
                ahead + timedelta(days=2),
            ],
        )
        rows = cursor.fetchall()
    assert len(rows) == count
    assert {row[0] for row in rows} == ({cast.olga.pk, cast.owen.pk, room.pk} if count else set())


def test_a_lead_who_has_just_allocated_is_known(cast: Cast) -> None:
    with as_owner():
        course = people.course_for(people.client_named("Noor", "Jabari"))
        course.allocations.create(therapist=cast.tara, by=cast.lena)
    asked = "select i_allocated_just_now(%s, %s)"
    for who, therapist, answer in (
        ("lena", cast.tara, True),
        ("lena", cast.olga, False),
        ("ada", cast.tara, False),
        ("tara", cast.tara, False),
    ):
        act_as(getattr(cast, who).pk)
        assert one(asked, course.pk, therapist.pk) is answer, who
    act_as(cast.lena.pk)
    assert one(asked, cast.course.pk, cast.tara.pk) is False


@pytest.mark.parametrize(
    ("who", "answer"), [("ada", True), ("tara", True), ("olga", False), ("nadia", False)]
)
def test_who_carries_a_course_at_a_time_ahead_is_known_near_it(cast: Cast, who: str, answer: bool) -> None:
    ahead = timezone.now() + timedelta(days=9)
    act_as(getattr(cast, who).pk)
    assert one("select carries_at(%s, %s, %s)", cast.course.pk, cast.tara.pk, ahead) is answer
    assert one("select carries_at(%s, %s, %s)", cast.course.pk, cast.olga.pk, ahead) is False


@pytest.mark.parametrize(
    ("who", "count"), [("tara", 1), ("sunil", 1), ("sara", 1), ("ada", 0), ("lena", 0), ("nadia", 0)]
)
def test_what_is_at_hand_leaves_out_who_only_waits(cast: Cast, who: str, count: int) -> None:
    """A screener sees also those, by their status; who sees everybody needs no list."""
    with as_owner():
        cast.sara = people.person("Sara Screens", "therapist", is_screener=True)  # type: ignore[attr-defined]
        people.course_for(people.client_named("Own", "Client"), cast.sara, status="in_treatment")  # type: ignore[attr-defined]
        people.course_for(people.client_named("Wanda", "Waits"))
    act_as(getattr(cast, who).pk)
    assert one("select cardinality(courses_at_hand())") == count
    assert one("select cardinality(clients_at_hand())") == count
    if who == "sara":
        # Her own, Wanda, and Tara's and Olga's clients, who wait in this clinic of tests.
        assert one("select count(*) from courses_course") == 4
        assert one("select count(*) from clients_client") == 4
