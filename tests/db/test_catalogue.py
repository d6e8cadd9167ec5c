"""What PostgreSQL's own catalogue says about every table: which wall stands before it, who may touch it, what is indexed."""

import pytest
from django.apps import apps
from django.db import connection

# Tables that hold no client's data, by hand. A new table that is in neither list fails.
NOT_OF_CLIENTS = {
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_admin_log",
    "django_cache",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "outcomes_clinicwording",
    "outcomes_expectedband",
    "outcomes_expectedmodel",
    "pghistory_context",
    "staff_clinic",
    "staff_clinicevent",
    "staff_holiday",
    "staff_lastrun",
    "staff_leave",
    "staff_leaveevent",
    "staff_outgoingmail",
    "staff_room",
    "staff_roomevent",
    "staff_supervisionline",
    "staff_supervisionlineevent",
    "staff_user",
    "staff_user_groups",
    "staff_user_user_permissions",
    "staff_userevent",
    "staff_workinghours",
    "supervision_ratingform",
    "usersessions_usersession",
}
OF_CLIENTS = {
    "audit_event",
    "clients_client",
    "clients_clientevent",
    "clients_merge",
    "courses_allocation",
    "courses_allocationevent",
    "courses_contract",
    "courses_course",
    "courses_courseevent",
    "courses_coursemove",
    "courses_endingplan",
    "courses_focus",
    "courses_focusevent",
    "courses_formulation",
    "courses_goal",
    "courses_goalevent",
    "courses_handover",
    "courses_handoverevent",
    "courses_handoveritem",
    "courses_handoveritemevent",
    "courses_taskmark",
    "interpersonal_focusperson",
    "interpersonal_person",
    "interpersonal_personevent",
    "interpersonal_picture",
    "interpersonal_pictureplace",
    "interpersonal_safetyconcern",
    "interpersonal_timelineentry",
    "interpersonal_timelineentryevent",
    "outcomes_alert",
    "outcomes_alertact",
    "outcomes_alertevent",
    "outcomes_alerttold",
    "outcomes_goalrating",
    "outcomes_link",
    "outcomes_linkvisit",
    "outcomes_response",
    "outcomes_responseevent",
    "outcomes_safetyplan",
    "outcomes_safetyplancopy",
    "outcomes_signal",
    "outcomes_signalevent",
    "referrals_contactattempt",
    "referrals_outcomeletter",
    "referrals_outcomeletterevent",
    "referrals_referral",
    "referrals_referralevent",
    "referrals_referralletter",
    "referrals_referralwords",
    "referrals_screening",
    "referrals_waitpause",
    "referrals_waitpauseevent",
    "courses_courseaction",
    "courses_courseactionevent",
    "supervision_agendaitem",
    "supervision_agendaitemevent",
    "supervision_case",
    "supervision_caseevent",
    "supervision_casesignature",
    "supervision_flaganswer",
    "supervision_meeting",
    "supervision_meetingevent",
    "supervision_meetingperson",
    "supervision_rating",
    "supervision_recording",
    "supervision_recordingevent",
    "therapy_sessions_contactdue",
    "therapy_sessions_contactdueevent",
    "therapy_sessions_cosignature",
    "therapy_sessions_draftversion",
    "therapy_sessions_enteredinerror",
    "therapy_sessions_lettergiven",
    "therapy_sessions_note",
    "therapy_sessions_notereminder",
    "therapy_sessions_reflection",
    "therapy_sessions_reflectionshare",
    "therapy_sessions_sessionfocus",
    "therapy_sessions_sessionfocusevent",
    "therapy_sessions_sessionlink",
    "therapy_sessions_sessionresponse",
    "therapy_sessions_therapysession",
    "therapy_sessions_therapysessionevent",
}
# Read by no page and no action: the functions that a client's pages call know them.
OUT_OF_REACH = {"outcomes_linkvisit"}
# Definer functions see past the policies: each is named here, and tests/db/test_definers.py asks what it gives to whom.
DEFINERS = {
    "alert_of_ticks",
    "clinical_parts_of",
    "asked_by_my_link",
    "clients_alike",
    "begin_clinic",
    "carries_at",
    "cases_out_of_reach",
    "clients_at_hand",
    "confirm_by_link",
    "count_drafts",
    "count_open_alerts",
    "count_similar_clients",
    "course_of_my_link",
    "courses_at_hand",
    "courses_i_cover",
    "courses_near_me",
    "courses_that_wait",
    "courses_with_my_concern",
    "entered_in_error",
    "errors_sealed_from_me",
    "facts_by_link",
    "first_scores_of",
    "forget_old_versions",
    "hold_course",
    "hold_my_link",
    "hangs_on_line",
    "i_allocated_just_now",
    "i_am",
    "i_am_the_system",
    "i_screen",
    "kept_client",
    "letters_i_uploaded",
    "may_change_rights",
    "may_cosign",
    "merge_clients",
    "courses_i_supervise",
    "my_carried_courses",
    "my_meetings",
    "my_open_meetings",
    "practice_cases",
    "practice_discussed",
    "practice_i_know",
    "practice_meetings",
    "practice_ratings",
    "practice_records",
    "practice_sessions",
    "refuse_case_of_another",
    "refuse_circle_of_lines",
    "refuse_rating_of_another",
    "supervision_sealed_from_me",
    "my_link",
    "my_open_clients",
    "my_open_courses",
    "my_screenings",
    "my_supervisees",
    "note_states",
    "notes_sealed_from_me",
    "open_by_link",
    "part_clients",
    "readable_courses",
    "receive_referral",
    "reflections_shared_with_me",
    "refuse_date_of_signing",
    "refuse_addendum",
    "refuse_another_course",
    "refuse_child_of_signed",
    "refuse_facts_of_signed",
    "refuse_mark_of_error",
    "refuse_merged_client",
    "refuse_striking",
    "refuse_struck_out",
    "refuse_unscreened",
    "responses_of_my_link",
    "responses_sealed_from_me",
    "sees_all_content",
    "sees_all_names",
    "sessions_sealed_from_me",
    "signed_sessions",
    "somebody_supervises",
    "step_by_link",
    "therapist_of",
    "times_taken",
    "times_taken_of",
    "unsigned_notes",
    "visible_clients",
    "visible_courses",
    "withdraw_letter",
}


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def names(sql: str) -> set[str]:
    return {row[0] for row in rows(sql)}


TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"


@pytest.mark.django_db
def test_every_table_is_known_to_hold_client_data_or_not() -> None:
    assert names(TABLES) == OF_CLIENTS | NOT_OF_CLIENTS


@pytest.mark.django_db
def test_every_client_table_stands_behind_row_security_with_a_policy_for_reading() -> None:
    assert names(f"{TABLES} and relrowsecurity") == OF_CLIENTS
    assert (
        names("select tablename from pg_policies where cmd = 'SELECT' and roles = '{ipt_app}'")
        == OF_CLIENTS - OUT_OF_REACH
    )


@pytest.mark.django_db
def test_every_table_has_a_grant_for_the_app_role() -> None:
    granted = names(
        "select table_name from information_schema.role_table_grants where grantee = 'ipt_app'"
        " and privilege_type = 'SELECT'"
    )
    assert granted == (OF_CLIENTS | NOT_OF_CLIENTS) - OUT_OF_REACH


@pytest.mark.django_db
def test_no_client_row_can_be_deleted_but_the_links_of_a_draft() -> None:
    deletable = names(
        "select table_name from information_schema.role_table_grants where grantee = 'ipt_app'"
        " and privilege_type in ('DELETE', 'TRUNCATE')"
    )
    # Nor what a supervisor takes from the list of a meeting that is not signed.
    of_meetings = {"supervision_case", "supervision_meeting", "supervision_meetingperson"}
    assert deletable & OF_CLIENTS == of_meetings | {
        "therapy_sessions_sessionfocus",
        "therapy_sessions_sessionresponse",
    }


@pytest.mark.django_db
def test_history_is_written_by_triggers_alone() -> None:
    writable = names(
        "select table_name from information_schema.role_table_grants where grantee = 'ipt_app'"
        " and privilege_type <> 'SELECT'"
    )
    assert not {name for name in writable if name.endswith("event") and name != "audit_event"}
    assert "pghistory_context" not in writable


@pytest.mark.django_db
def test_every_function_that_sees_past_the_policies_is_known_and_has_a_fixed_search_path() -> None:
    found = rows(
        "select proname, array_to_string(proconfig, ',') from pg_proc"
        " where pronamespace = 'public'::regnamespace and prosecdef and proname not like 'pgtrigger%'"
        " and proname <> '_pgh_attach_context'"
    )
    assert {name for name, _ in found} == DEFINERS
    assert all("search_path=public, pg_temp" in (config or "") for _, config in found)


@pytest.mark.django_db
def test_nobody_but_the_app_role_runs_them() -> None:
    public = names(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
        " and (proacl is null or exists (select 1 from aclexplode(proacl) a where a.grantee = 0))"
    )
    assert public == set()


@pytest.mark.django_db
def test_every_foreign_key_is_indexed() -> None:
    bare = rows(
        "select c.conrelid::regclass::text, c.conname from pg_constraint c"
        " where c.contype = 'f' and not exists (select 1 from pg_index i where i.indrelid = c.conrelid"
        " and (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey)"
    )
    assert bare == []


@pytest.mark.django_db
def test_client_tables_hang_on_the_course_or_the_client() -> None:
    """What names the client is the person, the course and, by the composite key, the session."""
    naming = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "client_id" for field in model._meta.concrete_fields)
    }
    assert {table for table in naming if not table.endswith("event")} == {
        "courses_course",
        "therapy_sessions_therapysession",
    }
