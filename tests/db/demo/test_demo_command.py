"""`manage.py demo`: whole or not at all, the same again for the same seed and day, never into a real clinic."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from courses.models import Course
from sessions.models import CoSignature, DraftVersion, Note, TherapySession
from sessions.signing import holds
from staff.models import Clinic, User
from tests.cast import Cast
from tests.db.demo.conftest import MONDAY
from tests.roles import as_owner

SATURDAY = date(2026, 11, 28)
BOXING_DAY = date(2025, 12, 26)


def rows() -> list[Any]:
    notes = Note.objects.order_by("pk").values_list("pk", "session_id", "sha256", "week", "signed_at")
    sessions = TherapySession.objects.order_by("pk").values_list("pk", "starts_at", "room__name", "number")
    decisions = CoSignature.objects.order_by("pk").values_list("pk", "note_id", "sha256", "at")
    versions = DraftVersion.objects.order_by("pk").values_list("pk", "note_id", "saved_at", "parts__work")
    return [*notes, *sessions, *decisions, *versions]


def test_the_same_seed_and_day_give_the_same_clinic_again_and_another_seed_another(db: None) -> None:
    with as_owner():
        call_command("demo", today=MONDAY, seed=5, verbosity=0)
        first = rows()
        call_command("demo", today=MONDAY, seed=5, verbosity=0)
        assert rows() == first
        call_command("demo", today=MONDAY, seed=6, verbosity=0)
        assert rows() != first


@pytest.mark.parametrize("day", [SATURDAY, BOXING_DAY], ids=["a Saturday", "a bank holiday"])
def test_the_demo_therapist_has_a_full_day_whenever_the_clinic_is_opened(db: None, day: date) -> None:
    with as_owner():
        call_command("demo", today=day, verbosity=0)
        amara = User.objects.get(email="therapist@clinic.example")
        assert amara.therapy_sessions.filter(starts_at__date=day).count() == 6
        past = TherapySession.objects.exclude(starts_at__date=day)
        assert not past.filter(starts_at__week_day__in=[1, 7]).exists()


def test_a_clinic_that_is_not_the_invented_one_is_left_alone(cast: Cast) -> None:
    with as_owner():
        with pytest.raises(CommandError, match="not the invented one"):
            call_command("demo", today=MONDAY, verbosity=0)
        assert not Clinic.objects.filter(is_demo=True).exists()
        assert User.objects.filter(pk=cast.tara.pk).exists()


def test_no_invented_people_join_a_real_clinic(db: None, settings: Any) -> None:
    settings.DEMO = False
    with as_owner(), pytest.raises(CommandError, match="DEMO=0"):
        call_command("demo", today=MONDAY, verbosity=0)


def test_the_web_s_role_cannot_fill_the_clinic(db: None) -> None:
    with pytest.raises(CommandError, match="IPT_DB_ROLE=owner"):
        call_command("demo", today=MONDAY, verbosity=0)


def catalogue() -> list[Any]:
    """Every constraint, index and trigger of the public schema, as PostgreSQL writes it down."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
              WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
            ORDER BY 1, 2, 3
            """
        )
        # PostgreSQL writes a condition that was laid again with its casts in other places.
        return [
            (table, name, re.sub(r"::[a-z ]+|[()\[\]]", "", text)) for table, name, text in cursor.fetchall()
        ]


@pytest.mark.slow
def test_a_clinic_in_bulk_is_whole_and_leaves_every_rule_standing(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_owner():
        before = catalogue()
        call_command("demo", today=MONDAY, clients=1000)
        assert catalogue() == before
        assert "of the database's disk" in capsys.readouterr().out
        assert Course.objects.values("client").distinct().count() == 1000
        assert 16_000 <= TherapySession.objects.count() <= 21_000
        amara = User.objects.get(email="therapist@clinic.example")
        assert amara.allocations.filter(ends_at=None, course__ended_on=None).count() == 40
        others = User.objects.get(email="therapist.2@clinic.example")
        assert 16 <= others.allocations.filter(ends_at=None, course__ended_on=None).count() <= 40
        for note in Note.objects.signed().of_sessions().filter(author=others).select_related("session")[:60]:
            assert holds(note)
            assert 300 <= len(note.week + note.work + note.next_time + note.risk) <= 2000
        contacts = Note.objects.signed().filter(author=others, kind="contact")
        assert contacts
        assert all(holds(note) for note in contacts[:60])
        of_sessions = Note.objects.signed().of_sessions().count()
        assert 0.05 <= Note.objects.filter(kind="contact").count() / of_sessions <= 0.15
        waiting = Course.objects.filter(status__in=["referred", "waiting"], allocations=None)
        assert waiting.count() >= 40
        assert not Course.objects.filter(referral=None).exists()
        assert not Course.objects.filter(status="waiting", screenings=None).exists()
        course = Course.objects.filter(allocations__therapist=others, end_reason="46").first()
        numbers = list(course.sessions.numbered().values_list("number", flat=True))
        assert numbers == list(range(1, course.planned_sessions + 1))
        assert course.started_on == course.sessions.numbered().first().starts_at.date()
