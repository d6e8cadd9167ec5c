"""What stands on a referral is read by whoever reads the course and by nobody else: past the pages, in SQL, as the app role."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.acting import act_as
from outcomes.models import Alert
from referrals.models import Referral, ReferralLetter, ReferralWords
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


@pytest.fixture
def world(cast: Cast) -> Cast:
    with as_owner():
        people.system_person()
        people.referral_of(cast.course, cast.ada)
        ReferralWords.objects.create(
            course=cast.course, problem="Grief.", thoughts_of_harm=True, entered_by=cast.ada
        )
        cast.letter = people.letter_of(cast.course, cast.ada)  # type: ignore[attr-defined]
    return cast


def counted(who: Any, table: str) -> int:
    act_as(who.pk if who else None)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("who", "arrival", "clinical"),
    [
        ("tara", 1, 1),
        ("sunil", 1, 1),
        ("lena", 1, 1),
        ("ada", 1, 0),
        ("olga", 0, 0),
        ("dana", 0, 0),
        ("nadia", 0, 0),
        (None, 0, 0),
    ],
)
def test_who_reads_what_by_sql(world: Cast, who: str | None, arrival: int, clinical: int) -> None:
    person = getattr(world, who) if who else None
    assert counted(person, "referrals_referral") == arrival
    tables = ("referrals_referralwords", "referrals_referralletter", "outcomes_alert")
    assert [counted(person, table) for table in tables] == [clinical] * 3
    if person:
        assert Referral.objects.visible_to(person).count() == arrival
        for model in (ReferralWords, ReferralLetter, Alert):
            assert model.objects.visible_to(person).count() == clinical


def test_an_administrator_reads_no_letter_by_writing(world: Cast) -> None:
    """Neither what they have just written, nor what stood there before."""
    for sql in (
        "INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,"
        " child_at_risk, entered_by_id, at) VALUES (gen_random_uuid(), '{c}', 'x', false, false, false, false, '{a}', now())"
        " RETURNING problem",
        "UPDATE referrals_referralwords SET problem = problem RETURNING problem",
        "UPDATE referrals_referralletter SET name = name RETURNING name",
        "DELETE FROM referrals_referralletter RETURNING name",
    ):
        act_as(world.ada.pk)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(c=world.course.pk, a=world.ada.pk))


FORGERIES = {
    "a stranger writes words on another's referral": (
        "olga",
        "INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,"
        " child_at_risk, entered_by_id, at) VALUES"
        " (gen_random_uuid(), '{w.course.pk}', 'x', true, false, false, false, '{w.olga.pk}', now())",
    ),
    "an administrator writes words in another's name": (
        "ada",
        "INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,"
        " child_at_risk, entered_by_id, at) VALUES"
        " (gen_random_uuid(), '{w.course.pk}', 'x', true, false, false, false, '{w.lena.pk}', now())",
    ),
    "somebody says that the person wrote it": (
        "ada",
        "INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,"
        " child_at_risk, at) VALUES (gen_random_uuid(), '{w.course.pk}', 'x', true, false, false, false, now())",
    ),
    "a therapist enters a referral": (
        "tara",
        "INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times,"
        " priority_reason) VALUES (gen_random_uuid(), '{w.others_course.pk}', 'phone', now(), '{w.tara.pk}', '', '', '')",
    ),
    "a referral is entered as screened": (
        "ada",
        "INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times,"
        " priority_reason, screened_at, screened_by_id) VALUES"
        " (gen_random_uuid(), '{w.others_course.pk}', 'phone', now(), '{w.ada.pk}', '', '', '', now(), '{w.lena.pk}')",
    ),
    "an administrator says that it was screened": (
        "ada",
        "UPDATE referrals_referral SET screened_at = now(), screened_by_id = '{w.ada.pk}'",
    ),
    "how it came is rewritten": ("ada", "UPDATE referrals_referral SET way = 'phone'"),
    "who entered it is rewritten": ("lena", "UPDATE referrals_referral SET entered_by_id = '{w.lena.pk}'"),
    "consent is written in later": ("ada", "UPDATE referrals_referral SET consent_at = now()"),
    "the lead rewrites the words": ("lena", "UPDATE referrals_referralwords SET problem = 'x'"),
    "the lead takes a letter away": ("lena", "DELETE FROM referrals_referralletter"),
    "the therapist changes a letter": ("tara", "UPDATE referrals_referralletter SET content = 'x'"),
    "a letter is uploaded in another's name": (
        "ada",
        "INSERT INTO referrals_referralletter (id, course_id, name, kind, size, sha256, content, uploaded_by_id, uploaded_at,"
        " withdrawn_why) VALUES"
        " (gen_random_uuid(), '{w.course.pk}', 'x', 'application/pdf', 1, '', 'x', '{w.lena.pk}', now(), '')",
    ),
}


@pytest.mark.parametrize(("who", "sql"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused(world: Cast, who: str, sql: str) -> None:
    act_as(getattr(world, who).pk)
    refused = r"row-level security|stays as it was|permission denied"
    with (
        pytest.raises(DatabaseError, match=refused),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(w=world))


def parts(world: Cast, who: str) -> tuple[Any, ...] | None:
    act_as(getattr(world, who).pk)
    with connection.cursor() as cursor:
        cursor.execute("select words, letters, screenings from clinical_parts_of(%s)", [world.course.pk])
        return cursor.fetchone()


@pytest.mark.parametrize("who", ["ada", "tara", "sunil", "lena", "olga", "nadia"])
def test_that_clinical_parts_are_there_is_known_to_who_sees_the_course(world: Cast, who: str) -> None:
    assert parts(world, who) == (None if who in ("olga", "nadia") else (1, 1, 0))


@pytest.mark.parametrize(("who", "count"), [("ada", 1), ("lena", 0), ("tara", 0), ("olga", 0)])
def test_ones_own_letters_are_known_by_key_and_day(world: Cast, who: str, count: int) -> None:
    act_as(getattr(world, who).pk)
    with connection.cursor() as cursor:
        cursor.execute("select * from letters_i_uploaded(%s)", [world.course.pk])
        assert [column.name for column in cursor.description] == ["id", "uploaded_at", "kind", "size"]
        assert len(cursor.fetchall()) == count


@pytest.mark.parametrize(
    ("who", "why", "done"),
    [
        ("ada", "Wrong client.", True),
        ("ada", "", False),
        ("lena", "Wrong client.", True),
        ("tara", "Wrong client.", False),
        ("sunil", "Wrong client.", False),
        ("olga", "Wrong client.", False),
    ],
)
def test_who_withdraws_a_letter(world: Cast, who: str, why: str, done: bool) -> None:
    act_as(getattr(world, who).pk)
    with connection.cursor() as cursor:
        cursor.execute("select withdraw_letter(%s, %s)", [world.letter.pk, why])  # type: ignore[attr-defined]
        assert cursor.fetchone() == (done,)
