"""Who screens, by SQL and in the app role: nobody gives themself a referral, nobody screens in another's name, and the office
writes no screening. And what the functions of the database give to those who screen."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from referrals.models import Referral, Screening
from staff.models import User
from tests.cast import Cast, client_named, course_for, person, referral_for
from tests.roles import as_owner

EVERYBODY = ("sara", "seth", "tara", "olga", "sunil", "ada", "lena", "nadia")


@pytest.fixture
def world(cast: Cast) -> Any:
    """Sara holds Noor's referral, nobody Omar's; Seth screens too; Wanda waits."""
    world: Any = cast
    with as_owner():
        world.sara = person("Sara Screener", "therapist", is_screener=True)
        world.seth = person("Seth Second", "therapist", is_screener=True)
        world.held = referral_for(client_named("Noor", "Jabari"), world.sara, by=cast.ada)
        world.free = referral_for(client_named("Omar", "Khan"), by=cast.ada)
        world.waits = course_for(client_named("Wanda", "Waiting"))
        world.over = course_for(
            client_named("Nick", "Over"),
            status="not_taken_on",
            ended_on=timezone.localdate(),
            end_reason="10",
        )
    return world


def does(world: Any, who: str, sql: str) -> int:
    act_as(getattr(world, who).pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(w=world))
        return int(cursor.rowcount)


def one(sql: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


SCREENING = (
    "INSERT INTO referrals_screening (id, course_id, screener_id, at, suitability, likely_focus, reasons, risk, done) VALUES"
    " (gen_random_uuid(), '{{w.{course}.pk}}', '{{w.{name}.pk}}', now(), 'suitable', '', '', 'r', 'd')"
)
GIVING = (
    "INSERT INTO courses_allocation (id, course_id, therapist_id, kind, starts_at, by_id, reason)"
    " VALUES (gen_random_uuid(), '{{w.{course}.pk}}', '{{w.{to}.pk}}', '{kind}', now(), '{{w.{by}.pk}}', '')"
)


def screening(course: str, name: str) -> str:
    return SCREENING.format(course=course, name=name)


def giving(course: str, to: str, by: str, kind: str = "screening") -> str:
    return GIVING.format(course=course, to=to, by=by, kind=kind)


FORGERIES = {
    "a screener gives themself a referral": ("sara", giving("free", "sara", "sara")),
    "a screener gives themself a referral in the office's name": ("sara", giving("free", "sara", "ada")),
    "a screener gives a referral to a colleague": ("sara", giving("free", "seth", "sara")),
    "a therapist takes a referral to be screened": ("tara", giving("free", "tara", "tara")),
    "the office gives a referral to who does not screen": ("ada", giving("free", "tara", "ada")),
    "the office gives a referral to itself": ("ada", giving("free", "ada", "ada")),
    "the office gives a screening of who waits": ("ada", giving("waits", "sara", "ada")),
    "the office allocates who is referred": ("ada", giving("free", "tara", "ada", "treatment")),
    "the lead allocates who is referred": ("lena", giving("free", "tara", "lena", "cover")),
    "the office screens": ("ada", screening("held", "ada")),
    "the office screens in the screener's name": ("ada", screening("held", "sara")),
    "a screener screens what nobody gave them": ("sara", screening("free", "sara")),
    "a screener screens what another holds": ("seth", screening("held", "seth")),
    "a screener screens in another's name": ("sara", screening("held", "lena")),
    "the lead screens in the screener's name": ("lena", screening("held", "sara")),
    "a supervisor screens": ("sunil", screening("held", "sunil")),
    "a therapist screens who was not taken on": ("tara", screening("over", "tara")),
    "the office says that it was screened": (
        "ada",
        "UPDATE referrals_referral SET screened_at = now(), screened_by_id = '{w.ada.pk}' WHERE course_id = '{w.held.pk}'",
    ),
    "the office says that the screener screened it": (
        "ada",
        "UPDATE referrals_referral SET screened_at = now(), screened_by_id = '{w.sara.pk}' WHERE course_id = '{w.held.pk}'",
    ),
    "a screener says that the lead screened it": (
        "sara",
        "UPDATE referrals_referral SET screened_at = now(), screened_by_id = '{w.lena.pk}' WHERE course_id = '{w.held.pk}'",
    ),
    "a screener rewrites how it came": (
        "sara",
        "UPDATE referrals_referral SET way = 'phone' WHERE course_id = '{w.held.pk}'",
    ),
    "a screener writes an arrival": (
        "sara",
        "INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times,"
        " priority_reason) VALUES (gen_random_uuid(), '{w.waits.pk}', 'phone', now(), '{w.sara.pk}', '', '', '')",
    ),
    "an arrival comes screened": (
        "lena",
        "INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times,"
        " priority_reason, screened_at, screened_by_id) VALUES (gen_random_uuid(), '{w.waits.pk}', 'phone', now(),"
        " '{w.lena.pk}', '', '', '', now(), '{w.lena.pk}')",
    ),
    "a referral waits before anybody found it suitable": (
        "ada",
        "UPDATE courses_course SET status = 'waiting' WHERE id = '{w.free.pk}'",
    ),
    "a screener lets it wait before they have screened": (
        "sara",
        "UPDATE courses_course SET status = 'waiting' WHERE id = '{w.held.pk}'",
    ),
    "the lead treats who was never screened": (
        "lena",
        "UPDATE courses_course SET status = 'in_treatment' WHERE id = '{w.free.pk}'",
    ),
    "who was not taken on waits again unscreened": (
        "lena",
        "UPDATE courses_course SET status = 'waiting', ended_on = NULL, end_reason = '' WHERE id = '{w.over.pk}'",
    ),
    "the office says that IPT does not suit": (
        "ada",
        "UPDATE courses_course SET status = 'not_taken_on', ended_on = current_date, end_reason = '10'"
        " WHERE id = '{w.free.pk}'",
    ),
    "the office says so afterwards": (
        "ada",
        "UPDATE courses_course SET end_reason = '11' WHERE id = '{w.over.pk}'",
    ),
    "a screener reads on for ninety days": (
        "sara",
        "UPDATE courses_allocation SET ends_at = now() + interval '80 days' WHERE course_id = '{w.held.pk}'",
    ),
    "a screener makes themself the therapist": (
        "sara",
        "UPDATE courses_allocation SET kind = 'treatment' WHERE course_id = '{w.held.pk}'",
    ),
    "a therapist makes themself a screener": (
        "tara",
        "UPDATE staff_user SET is_screener = true WHERE id = '{w.tara.pk}'",
    ),
    "a screener writes a letter about the outcome": (
        "sara",
        'INSERT INTO referrals_outcomeletter (id, course_id, kind, "to", body, made_by_id, made_at)'
        " VALUES (gen_random_uuid(), '{w.held.pk}', 'accepted', 'client', 'x', '{w.sara.pk}', now())",
    ),
    "the office writes a letter in the lead's name": (
        "ada",
        'INSERT INTO referrals_outcomeletter (id, course_id, kind, "to", body, made_by_id, made_at)'
        " VALUES (gen_random_uuid(), '{w.held.pk}', 'accepted', 'client', 'x', '{w.lena.pk}', now())",
    ),
    "a screener begins a session": (
        "sara",
        "INSERT INTO therapy_sessions_note (id, course_id, author_id, kind) VALUES (gen_random_uuid(), '{w.held.pk}',"
        " '{w.sara.pk}', 'contact')",
    ),
    "a screener agrees a focus": (
        "sara",
        "INSERT INTO courses_focus (id, course_id, area, position, about, agreed_on, agreed_by_id, reason) VALUES"
        " (gen_random_uuid(), '{w.held.pk}', 'grief', 1, '', current_date, '{w.sara.pk}', '')",
    ),
}
REFUSED = r"row-level security|stays as it was|screened first|is a clinician|lengthened|permission denied|null value"


@pytest.mark.parametrize(("who", "sql"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused(world: Any, who: str, sql: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        does(world, who, sql)


UNTOUCHED = {
    "another screener ends a screening": (
        "seth",
        "UPDATE courses_allocation SET ends_at = now() WHERE course_id = '{w.held.pk}'",
    ),
    "a screener moves what they do not hold": (
        "sara",
        "UPDATE courses_course SET status = 'not_taken_on', ended_on = current_date, end_reason = '14'"
        " WHERE id = '{w.free.pk}'",
    ),
    "a screener corrects the client": (
        "sara",
        "UPDATE clients_client SET phone = 'x' WHERE id = '{w.held.client_id}'",
    ),
    "a screener says that they screened what they do not hold": (
        "sara",
        "UPDATE referrals_referral SET screened_at = now(), screened_by_id = '{w.sara.pk}' WHERE course_id = '{w.free.pk}'",
    ),
}


@pytest.mark.parametrize(("who", "sql"), UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_what_is_not_theirs_is_not_touched(world: Any, who: str, sql: str) -> None:
    assert does(world, who, sql) == 0


def test_a_screening_is_never_changed_nor_taken_away(world: Any) -> None:
    does(world, "sara", screening("held", "sara"))
    for who in ("sara", "lena", "ada"):
        for sql in (
            "UPDATE referrals_screening SET suitability = 'not_suitable'",
            "DELETE FROM referrals_screening",
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                does(world, who, sql)


def test_what_was_screened_suitable_may_wait(world: Any) -> None:
    does(world, "sara", screening("held", "sara"))
    assert does(world, "sara", "UPDATE courses_course SET status = 'waiting' WHERE id = '{w.held.pk}'") == 1


def test_what_was_found_unsuitable_since_may_not(world: Any) -> None:
    with as_owner():
        for suitability, minute in (("suitable", 1), ("not_suitable", 2)):
            Screening.objects.create(
                course=world.over,
                screener=world.lena,
                suitability=suitability,
                reasons="w",
                risk="r",
                done="d",
                at=timezone.now() - timedelta(minutes=9 - minute),
            )
    with pytest.raises(DatabaseError, match="screened first"):
        does(
            world,
            "lena",
            "UPDATE courses_course SET status = 'waiting', ended_on = NULL, end_reason = '' WHERE id = '{w.over.pk}'",
        )


# --- What the functions give to whom ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_screens_is_a_therapist_named_so_who_may_sign_in(world: Any, who: str) -> None:
    act_as(getattr(world, who).pk)
    assert one("select i_screen()") is (who in ("sara", "seth"))


def test_who_may_no_longer_sign_in_screens_nothing(world: Any) -> None:
    with as_owner():
        User.objects.filter(pk=world.sara.pk).update(is_active=False)
    act_as(world.sara.pk)
    assert one("select i_screen()") is False
    assert one("select cardinality(my_screenings())") == 0
    assert one("select cardinality(courses_that_wait())") == 0
    assert one("select count(*) from courses_course") == 0


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_waits_is_known_to_those_who_screen(world: Any, who: str) -> None:
    act_as(getattr(world, who).pk)
    found: list[UUID] = one("select courses_that_wait()")
    waiting = {world.held.pk, world.free.pk, world.waits.pk, world.course.pk, world.others_course.pk}
    assert set(found) == (waiting if who in ("sara", "seth") else set())


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_screening_is_theirs_to_whom_it_is_given(world: Any, who: str) -> None:
    act_as(getattr(world, who).pk)
    assert one("select my_screenings()") == ([world.held.pk] if who == "sara" else [])


def test_a_screening_is_over_with_its_allocation_and_with_the_course(world: Any) -> None:
    with as_owner():
        type(world.held).objects.filter(pk=world.held.pk).update(
            status="not_taken_on", ended_on=timezone.localdate()
        )
    act_as(world.sara.pk)
    assert one("select my_screenings()") == []
    with as_owner():
        type(world.held).objects.filter(pk=world.held.pk).update(status="referred", ended_on=None)
        world.held.allocations.update(ends_at=timezone.now())
    act_as(world.sara.pk)
    assert one("select my_screenings()") == []


@pytest.mark.parametrize(
    ("who", "arrivals", "clinical"),
    [("sara", 2, 1), ("seth", 2, 0), ("ada", 2, 0), ("lena", 2, 1), ("tara", 0, 0), ("nadia", 0, 0)],
)
def test_who_reads_a_screening_by_sql(world: Any, who: str, arrivals: int, clinical: int) -> None:
    does(world, "sara", screening("held", "sara"))
    reader = getattr(world, who)
    act_as(reader.pk)
    assert (
        one("select count(*) from referrals_referral")
        == arrivals
        == Referral.objects.visible_to(reader).count()
    )
    assert one("select count(*) from referrals_screening") == clinical
    assert Screening.objects.visible_to(reader).count() == clinical
