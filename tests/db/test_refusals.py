"""Every constraint that a person can meet says what is wrong in a sentence of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from access.refusals import refused, sentence_for
from clients.models import Client

# What nobody can meet, because a page offers only what is allowed and an action checks or locks first, by hand.
NEVER_MET = {
    "acknowledged_by_somebody",
    "appointment_type_is_known",
    "attendance_is_known",
    "band_of_thirty_courses",
    "case_has_the_key_of_its_note",
    "case_signatures_have_a_hash",
    "cosign_decision_is_known",
    "course_and_client",
    "decisions_have_a_hash",
    "each_measure_once_a_session",
    "each_person_once_in_a_picture",
    "event_taken_off_by_somebody",
    "in_error_kind_is_known",
    "kind_of_allocation_is_known",
    "link_ends_for_a_reason",
    "measure_is_known",
    "number_begins_at_one",
    "one_band_a_cell",
    "one_open_alert_for_an_item",
    "one_open_signal_for_a_measure",
    "one_row_for_a_focus_of_a_session",
    "phase_is_known",
    "risk_answer_is_known",
    "session_focus_from_the_list",
    "session_kind_is_known",
    "shared_once_at_a_time",
    "signal_rule_is_known",
    "signed_notes_have_a_hash",
    "there_is_one_clinic",
    "taken_off_by_somebody",
    "told_stage_is_known",
    "weekday_is_known",
    "went_from_the_list",
}
OURS = {
    "staff",
    "clients",
    "courses",
    "interpersonal",
    "outcomes",
    "therapy_sessions",
    "supervision",
    "audit",
}


def named() -> set[str]:
    return {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.endswith("Event")
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_sentence_or_is_never_met() -> None:
    assert {name for name in named() if sentence_for(name) is None} == NEVER_MET


def test_no_two_constraints_say_the_same() -> None:
    said = [sentence_for(name) for name in sorted(named() - NEVER_MET)]
    assert sorted(said, key=str) == sorted(set(said), key=str)


@pytest.mark.django_db
def test_every_unique_column_and_every_trigger_says_what_is_wrong() -> None:
    """Asked of the catalogue, as PostgreSQL names what it refuses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname from pg_constraint join pg_class on pg_class.oid = conrelid"
            " where contype = 'u' and connamespace = 'public'::regnamespace"
            " and relname ~ '^(staff|clients|courses|interpersonal|outcomes|therapy_sessions|supervision)_'"
            " and relname !~ '_user_|event$'"
        )
        unique = {row[0] for row in cursor.fetchall()}
        cursor.execute("select distinct prosrc from pg_proc where proname like 'refuse\\_%'")
        raised = {
            source.split("CONSTRAINT = '")[part].split("'")[0]
            for (source,) in cursor.fetchall()
            for part in range(1, source.count("CONSTRAINT = '") + 1)
        }
    assert raised >= {"signed_note_is_final", "stays_as_written", "of_one_course"}
    assert {name for name in unique | raised if sentence_for(name) is None} - NEVER_MET == set()


@pytest.mark.parametrize(
    ("number", "words"),
    [("1234567890", "does not fit"), ("12", "ten digits"), ("\u0663" * 10, "ten digits")],
)
def test_a_wrong_nhs_number_is_refused_in_words_also_past_the_form(number: str, words: str) -> None:
    client = Client(first_name="May", last_name="Fielding", nhs_number=number)
    with pytest.raises(ValidationError) as refusal:
        client.clean()
    assert words in refusal.value.message_dict["nhs_number"][0]


@pytest.mark.django_db
def test_what_nobody_wrote_a_sentence_for_stays_a_failure() -> None:
    """A wrong grant or a broken query is no refusal of the person."""

    def fails(sql: str) -> Any:
        with refused(), connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(Exception, match="permission denied"):
        fails("DELETE FROM clients_client")


@pytest.mark.django_db(transaction=True)
def test_two_who_wait_for_each_other_one_saves_and_the_other_is_told() -> None:
    both = Barrier(2)

    def saves(first: int, second: int) -> str:
        try:
            with refused(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [first])
                both.wait(timeout=60)
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [second])
            return "saved"
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(saves, (1, 2), (2, 1)))
    assert told == ["Somebody else saved at the same moment. Nothing was saved: try again.", "saved"]
