"""What is signed, decided or struck out stays so, whatever SQL the web could be made to send. Each attack is refused, and
succeeds once its wall is taken away: so the test knows that it was the wall, and not a slip in the attack."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.acting import act_as
from sessions import note_actions, signing
from sessions.life import State
from sessions.models import Note
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.written import (
    appointment,
    as_trainee,
    decide,
    draft_of_contact,
    draft_of_session,
    signed_addendum,
    signed_contact,
    signed_session,
    strike,
)
from tests.roles import as_owner

NOTE = "therapy_sessions_note"
COSIGNATURE = "therapy_sessions_cosignature"
ERROR = "therapy_sessions_enteredinerror"
SESSION = "therapy_sessions_therapysession"
VERSION = "therapy_sessions_draftversion"


def off(table: str, *triggers: str) -> list[str]:
    return [f"ALTER TABLE {table} DISABLE TRIGGER {trigger}" for trigger in triggers]


def opened(table: str, command: str) -> list[str]:
    """Privilege and policy for a command that the app role does not have at all."""
    return [
        f"GRANT {command} ON {table} TO ipt_app",
        f"CREATE POLICY tests_open ON {table} FOR {command} TO ipt_app USING (true)",
    ]


def unchecked(table: str) -> list[str]:
    """Anybody may insert."""
    return [f"ALTER POLICY {table}_insert ON {table} WITH CHECK (true)"]


@dataclass(frozen=True)
class Attack:
    """`wall` is what the control takes away; `proof` is true once the attack has succeeded."""

    who: str
    sql: str
    wall: list[str]
    proof: str


def decision(by: str, *, note: str = "waiting", at: str = "now()") -> str:
    return (
        f"INSERT INTO {COSIGNATURE} (id, note_id, course_id, decision, comment, by_id, at, sha256) VALUES"
        f" ('{{new}}', '{{{note}}}', '{{course}}', 'cosigned', '', '{{{by}}}', {at}, repeat('a', 64))"
    )


def strike_out(by: str, *, note: str = "NULL", session: str = "NULL", at: str = "now()") -> str:
    note, session = (f"'{{{key}}}'" if key != "NULL" else key for key in (note, session))
    return (
        f"INSERT INTO {ERROR} (id, note_id, session_id, course_id, kind, reason, by_id, at) VALUES"
        f" ('{{new}}', {note}, {session}, '{{course}}', 'mistake', 'Because', '{{{by}}}', {at})"
    )


def new_note(
    by: str, *, kind: str = "contact", adds_to: str = "NULL", course: str = "course", signed: bool = False
) -> str:
    adds_to = f"'{{{adds_to}}}'" if adds_to != "NULL" else adds_to
    facts = ("now()", "'client'", "'phone'", "now()", "repeat('a', 64)", "true") if signed else (
        "NULL", "''", "''", "NULL", "''", "false")  # fmt: skip
    happened_at, with_whom, how, signed_at, sha256, cosign = facts
    return (
        f"INSERT INTO {NOTE} (id, kind, adds_to_id, course_id, author_id, week, work, next_time, techniques, risk_answer,"
        " risk, form, version, started_at, saved_at, reflection_sha256, happened_at, with_whom, how, signed_at, sha256,"
        f" needs_cosign) VALUES ('{{new}}', '{kind}', {adds_to}, '{{{course}}}', '{{{by}}}', '', 'Forged', '', '{{{{}}}}', '',"
        f" '', '{{{{}}}}', 1, now(), now(), '', {happened_at}, {with_whom}, {how}, {signed_at}, {sha256}, {cosign})"
    )


MADE = "EXISTS (SELECT 1 FROM {table} WHERE id = '{{new}}')"
DECIDED, STRUCK, WRITTEN = (MADE.format(table=table) for table in (COSIGNATURE, ERROR, NOTE))
FINAL = off(NOTE, "signed_note_is_final")
NOW_OTHER = f"EXISTS (SELECT 1 FROM {NOTE} WHERE work = 'other')"

ATTACKS = {
    # --- A signed contact note and a signed addendum
    "change the words of a contact": Attack(
        "tara", f"UPDATE {NOTE} SET work = 'other' WHERE id = '{{contact}}'", FINAL, NOW_OTHER
    ),
    "change the words of an addendum": Attack(
        "tara", f"UPDATE {NOTE} SET work = 'other' WHERE id = '{{addendum}}'", FINAL, NOW_OTHER
    ),
    "change why an addendum was added": Attack(
        "tara",
        f"UPDATE {NOTE} SET reason = 'other' WHERE id = '{{addendum}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE reason = 'other')",
    ),
    "change when a contact was": Attack(
        "tara",
        f"UPDATE {NOTE} SET happened_at = now() - interval '9 years' WHERE id = '{{contact}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE happened_at < now() - interval '8 years')",
    ),
    "change what came of the week": Attack(
        "tara",
        f"UPDATE {NOTE} SET event = 'other', went = 'done', tasks = '{{{{end_goodbye}}}}' WHERE id = '{{waiting}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE event = 'other')",
    ),
    "take back the signature of a contact": Attack(
        "tara",
        f"UPDATE {NOTE} SET signed_at = NULL, sha256 = '', needs_cosign = false WHERE id = '{{contact}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{contact}}' AND signed_at IS NULL)",
    ),
    "let a signed note wait for nobody": Attack(
        "tara",
        f"UPDATE {NOTE} SET needs_cosign = false WHERE id = '{{waiting}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{waiting}}' AND NOT needs_cosign)",
    ),
    "let an addendum add to another note": Attack(
        "tara",
        f"UPDATE {NOTE} SET adds_to_id = '{{contact}}' WHERE id = '{{addendum}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE adds_to_id = '{{contact}}')",
    ),
    "write over a signed note by an upsert": Attack(
        "tara",
        f"INSERT INTO {NOTE} SELECT * FROM {NOTE} WHERE id = '{{contact}}'"
        " ON CONFLICT (id) DO UPDATE SET work = 'other'",
        FINAL + off(NOTE, "note_begins_as_draft"),
        NOW_OTHER,
    ),
    "write over a signed note by an upsert of a draft": Attack(
        "tara",
        new_note("tara").replace("{new}", "{contact}") + " ON CONFLICT (id) DO UPDATE SET work = 'other'",
        FINAL,
        NOW_OTHER,
    ),
    "delete a signed note": Attack(
        "tara",
        f"DELETE FROM {NOTE} WHERE id = '{{contact}}'",
        FINAL + opened(NOTE, "DELETE"),
        f"NOT EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{contact}}')",
    ),
    # --- A draft that becomes what it is not
    "turn a draft into an addendum": Attack(
        "tara",
        f"UPDATE {NOTE} SET kind = 'addendum', adds_to_id = '{{waiting}}' WHERE id = '{{draft}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{draft}}' AND kind = 'addendum')",
    ),
    "let a draft say that it was carried": Attack(
        "tara",
        f"UPDATE {NOTE} SET carried_from = gen_random_uuid() WHERE id = '{{draft}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE carried_from IS NOT NULL)",
    ),
    "move a draft to another session": Attack(
        "tara",
        f"UPDATE {NOTE} SET session_id = '{{other_session}}' WHERE id = '{{session_draft}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE session_id = '{{other_session}}')",
    ),
    "move a draft to another course": Attack(
        "tara",
        f"UPDATE {NOTE} SET course_id = '{{second_course}}' WHERE id = '{{draft}}'",
        FINAL,
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE course_id = '{{second_course}}')",
    ),
    "give a draft another author": Attack(
        "tara",
        f"UPDATE {NOTE} SET author_id = '{{lena}}' WHERE id = '{{draft}}'",
        [
            *FINAL,
            f"ALTER POLICY {NOTE}_update ON {NOTE} WITH CHECK (true)",
            f"ALTER POLICY {NOTE}_select ON {NOTE} USING (true)",
        ],
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE author_id = '{{lena}}')",
    ),
    "sign as a trainee for nobody to co-sign": Attack(
        "tara",
        f"UPDATE {NOTE} SET signed_at = now(), sha256 = repeat('a', 64), happened_at = now(), with_whom = 'client',"
        " how = 'phone', needs_cosign = false WHERE id = '{draft}'",
        off(NOTE, "trainees_sign_for_cosigning"),
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{draft}}' AND signed_at IS NOT NULL)",
    ),
    "sign with a date of last year": Attack(
        "tara",
        f"UPDATE {NOTE} SET signed_at = now() - interval '1 year', sha256 = repeat('a', 64), happened_at = now(),"
        " with_whom = 'client', how = 'phone', needs_cosign = true WHERE id = '{draft}'",
        off(NOTE, "signature_dated_when_made"),
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{draft}}' AND signed_at IS NOT NULL)",
    ),
    "sign an addendum as if it had been there at the decision": Attack(
        "tara",
        f"UPDATE {NOTE} SET signed_at = (SELECT min(at) FROM {COSIGNATURE} WHERE note_id = '{{decided}}'),"
        " reason = 'x', sha256 = repeat('a', 64), needs_cosign = true WHERE id = '{draft_addendum}'",
        off(NOTE, "signature_dated_when_made"),
        f"EXISTS (SELECT 1 FROM {NOTE} WHERE id = '{{draft_addendum}}' AND signed_at IS NOT NULL)",
    ),
    "be born signed": Attack(
        "tara", new_note("tara", signed=True), off(NOTE, "note_begins_as_draft"), WRITTEN
    ),
    # --- An addendum by whom it is not
    "add to a note as its supervisor": Attack(
        "sunil",
        new_note("sunil", kind="addendum", adds_to="waiting"),
        unchecked(NOTE) + off(NOTE, "addendum_by_the_author_or_the_lead"),
        WRITTEN,
    ),
    "add to a note as a stranger": Attack(
        "olga",
        new_note("olga", kind="addendum", adds_to="waiting"),
        unchecked(NOTE) + off(NOTE, "addendum_by_the_author_or_the_lead"),
        WRITTEN,
    ),
    "add to a note in the author's name": Attack(
        "lena", new_note("tara", kind="addendum", adds_to="waiting"), unchecked(NOTE), WRITTEN
    ),
    "add to a draft": Attack(
        "tara",
        new_note("tara", kind="addendum", adds_to="draft"),
        off(NOTE, "addendum_by_the_author_or_the_lead"),
        WRITTEN,
    ),
    "add to a note of another course": Attack(
        "tara",
        new_note("tara", kind="addendum", adds_to="waiting", course="second_course"),
        off(NOTE, "addendum_by_the_author_or_the_lead"),
        WRITTEN,
    ),
    "add to what was struck out": Attack(
        "tara",
        new_note("tara", kind="addendum", adds_to="struck"),
        off(NOTE, "addendum_by_the_author_or_the_lead", "struck_out_stays"),
        WRITTEN,
    ),
    # --- A decision by whom it is not, and about what does not wait
    "co-sign one's own note": Attack("tara", decision("tara"), unchecked(COSIGNATURE), DECIDED),
    "co-sign as a stranger": Attack("olga", decision("olga"), unchecked(COSIGNATURE), DECIDED),
    "co-sign as somebody else's supervisor": Attack(
        "sven", decision("sven"), unchecked(COSIGNATURE), DECIDED
    ),
    "co-sign as deputy while the supervisor is there": Attack(
        "dana", decision("dana"), unchecked(COSIGNATURE), DECIDED
    ),
    "co-sign as lead while the supervisor is there": Attack(
        "lena", decision("lena"), unchecked(COSIGNATURE), DECIDED
    ),
    "co-sign as administrator": Attack("ada", decision("ada"), unchecked(COSIGNATURE), DECIDED),
    "co-sign once the line has ended": Attack("former", decision("former"), unchecked(COSIGNATURE), DECIDED),
    "co-sign in another's name": Attack("sunil", decision("lena"), unchecked(COSIGNATURE), DECIDED),
    "co-sign what was decided already": Attack(
        "sunil", decision("sunil", note="decided"), unchecked(COSIGNATURE), DECIDED
    ),
    "co-sign what was struck out": Attack(
        "sunil", decision("sunil", note="struck"), unchecked(COSIGNATURE), DECIDED
    ),
    "co-sign an addendum by itself": Attack(
        "sunil", decision("sunil", note="addendum"), unchecked(COSIGNATURE), DECIDED
    ),
    "date a decision ahead of later addenda": Attack(
        "sunil",
        decision("sunil", at="now() + interval '1 year'"),
        off(COSIGNATURE, "dated_when_made"),
        DECIDED,
    ),
    "change a decision": Attack(
        "sunil",
        f"UPDATE {COSIGNATURE} SET decision = 'cosigned' WHERE note_id = '{{decided}}'",
        opened(COSIGNATURE, "UPDATE") + off(COSIGNATURE, "decision_is_final"),
        f"EXISTS (SELECT 1 FROM {COSIGNATURE} WHERE decision = 'cosigned')",
    ),
    "delete a decision": Attack(
        "sunil",
        f"DELETE FROM {COSIGNATURE} WHERE note_id = '{{decided}}'",
        opened(COSIGNATURE, "DELETE") + off(COSIGNATURE, "decision_is_final"),
        f"NOT EXISTS (SELECT 1 FROM {COSIGNATURE})",
    ),
    "empty the table of decisions": Attack(
        "sunil",
        f"TRUNCATE {COSIGNATURE}",
        [f"GRANT TRUNCATE ON {COSIGNATURE} TO ipt_app"],
        f"NOT EXISTS (SELECT 1 FROM {COSIGNATURE})",
    ),
    # --- Struck out by whom it is not, or not struck out any more
    "strike out a note as its supervisor": Attack(
        "sunil",
        strike_out("sunil", note="contact"),
        unchecked(ERROR) + off(ERROR, "struck_out_by_the_author"),
        STRUCK,
    ),
    "strike out a note as administrator": Attack(
        "ada",
        strike_out("ada", note="contact"),
        unchecked(ERROR) + off(ERROR, "struck_out_by_the_author"),
        STRUCK,
    ),
    "strike out a note as a stranger": Attack(
        "olga",
        strike_out("olga", note="contact"),
        unchecked(ERROR) + off(ERROR, "struck_out_by_the_author"),
        STRUCK,
    ),
    "strike out in the author's name": Attack(
        "lena", strike_out("tara", note="contact"), unchecked(ERROR), STRUCK
    ),
    "strike out another's draft as lead": Attack(
        "lena", strike_out("lena", note="draft"), off(ERROR, "struck_out_by_the_author"), STRUCK
    ),
    "strike out a session and leave its note": Attack(
        "tara",
        strike_out("tara", session="other_note_session"),
        off(ERROR, "struck_out_by_the_author"),
        STRUCK,
    ),
    "strike out a note of another session": Attack(
        "tara",
        strike_out("tara", note="contact", session="other_session"),
        off(ERROR, "struck_out_by_the_author"),
        STRUCK,
    ),
    "date an entry in error back": Attack(
        "tara",
        strike_out("tara", note="contact", at="now() - interval '1 year'"),
        off(ERROR, "dated_when_made"),
        STRUCK,
    ),
    "mark a session as struck out without saying why": Attack(
        "tara",
        f"UPDATE {SESSION} SET entered_in_error_at = now(), number = NULL WHERE id = '{{other_note_session}}'",
        off(SESSION, "marked_with_a_reason"),
        f"EXISTS (SELECT 1 FROM {SESSION} WHERE id = '{{other_note_session}}' AND entered_in_error_at IS NOT NULL)",
    ),
    "mark a session as struck out as administrator": Attack(
        "ada",
        f"UPDATE {SESSION} SET entered_in_error_at = now(), number = NULL WHERE id = '{{other_note_session}}'",
        off(SESSION, "marked_with_a_reason"),
        f"EXISTS (SELECT 1 FROM {SESSION} WHERE id = '{{other_note_session}}' AND entered_in_error_at IS NOT NULL)",
    ),
    "let a struck session stand again": Attack(
        "lena",
        f"UPDATE {SESSION} SET entered_in_error_at = NULL, number = 99 WHERE id = '{{struck_session}}'",
        off(SESSION, "marked_with_a_reason", "struck_out_stays"),
        f"EXISTS (SELECT 1 FROM {SESSION} WHERE number = 99)",
    ),
    "change why it was struck out": Attack(
        "tara",
        f"UPDATE {ERROR} SET reason = 'other'",
        opened(ERROR, "UPDATE") + off(ERROR, "entry_in_error_is_final"),
        f"EXISTS (SELECT 1 FROM {ERROR} WHERE reason = 'other')",
    ),
    "take an entry in error away": Attack(
        "lena",
        f"DELETE FROM {ERROR}",
        opened(ERROR, "DELETE") + off(ERROR, "entry_in_error_is_final"),
        f"NOT EXISTS (SELECT 1 FROM {ERROR})",
    ),
    "write on a struck draft": Attack(
        "tara",
        f"UPDATE {NOTE} SET work = 'other' WHERE id = '{{struck_draft}}'",
        off(NOTE, "struck_out_stays"),
        NOW_OTHER,
    ),
    "change the attendance of a struck session": Attack(
        "ada",
        f"UPDATE {SESSION} SET attendance = '3', attendance_by_id = '{{ada}}' WHERE id = '{{struck_draft_session}}'",
        off(SESSION, "struck_out_stays"),
        f"EXISTS (SELECT 1 FROM {SESSION} WHERE attendance = '3')",
    ),
    "change an answer of a struck draft": Attack(
        "tara",
        "UPDATE outcomes_response SET answers[1] = 3 WHERE locked_at IS NULL",
        off("outcomes_response", "struck_out_stays"),
        "EXISTS (SELECT 1 FROM outcomes_response WHERE answers[1] = 3)",
    ),
    "unlink an answer of a struck draft": Attack(
        "tara",
        "DELETE FROM therapy_sessions_sessionresponse WHERE session_id = '{struck_draft_session}'",
        off("therapy_sessions_sessionresponse", "struck_out_is_not_taken_away"),
        "NOT EXISTS (SELECT 1 FROM therapy_sessions_sessionresponse WHERE session_id = '{struck_draft_session}')",
    ),
    "change the reflection on a struck draft": Attack(
        "tara",
        "UPDATE therapy_sessions_reflection SET text = 'other' WHERE session_id = '{struck_draft_session}'",
        off("therapy_sessions_reflection", "struck_out_stays"),
        "EXISTS (SELECT 1 FROM therapy_sessions_reflection WHERE text = 'other')",
    ),
    # --- The history of a draft
    "write into another's history": Attack(
        "sunil",
        f"INSERT INTO {VERSION} (id, note_id, course_id, author_id, version, saved_at, parts, was_refused) VALUES"
        " ('{new}', '{draft}', '{course}', '{tara}', 9, now(), '{{}}', false)",
        unchecked(VERSION),
        MADE.format(table=VERSION),
    ),
    "change what a draft said": Attack(
        "tara",
        f"UPDATE {VERSION} SET parts = '{{{{}}}}'",
        opened(VERSION, "UPDATE"),
        f"EXISTS (SELECT 1 FROM {VERSION} WHERE parts = '{{{{}}}}')",
    ),
    "delete what a draft said": Attack(
        "tara",
        f"DELETE FROM {VERSION}",
        opened(VERSION, "DELETE"),
        f"NOT EXISTS (SELECT 1 FROM {VERSION} WHERE author_id = '{{tara}}')",
    ),
}


@pytest.fixture
def keys(cast: Cast) -> dict[str, UUID]:
    """Everything that an attack may name. Tara is a trainee, Sunil supervises her."""
    as_trainee(cast)
    with as_owner():
        sven = people.person("Sven Super", "supervisor")
        people.supervises(sven, cast.olga)
        former = people.person("Fatima Former", "supervisor")
        people.supervises(former, cast.tara, ends_at=timezone.now() - timedelta(minutes=1))
        second_course = people.course_for(people.client_named("Second", "Course"), cast.tara)
    waiting = signed_session(cast, 30)
    addendum = signed_addendum(cast, waiting)
    decided = signed_session(cast, 25)
    decide(decided, cast.sunil, "returned", "Say more.")
    contact, draft, session_draft = signed_contact(cast), draft_of_contact(cast), draft_of_session(cast, 5)
    draft_addendum = note_actions.save_addendum(
        note_id=uuid4(), original=decided, by=cast.tara, based_on=0, words={"work": "More."}, form={}
    )
    standing, struck, struck_draft = (
        signed_session(cast, 20),
        signed_session(cast, 15),
        draft_of_session(cast, 10),
    )
    other_session = appointment(cast, 2)
    strike(struck, cast.tara)
    strike(struck_draft, cast.tara)
    return {
        **{name: getattr(cast, name).pk for name in ("tara", "olga", "sunil", "dana", "ada", "lena")},
        "sven": sven.pk,
        "former": former.pk,
        "course": cast.course.pk,
        "second_course": second_course.pk,
        "waiting": waiting.pk,
        "addendum": addendum.pk,
        "decided": decided.pk,
        "contact": contact.pk,
        "draft": draft.pk,
        "draft_addendum": draft_addendum.pk,
        "session_draft": session_draft.pk,
        "other_session": other_session.pk,
        "other_note_session": standing.session_id,
        "struck": struck.pk,
        "struck_session": struck.session_id,
        "struck_draft": struck_draft.pk,
        "struck_draft_session": struck_draft.session_id,
        "new": uuid4(),
    }


def comes_through(attack: Attack, keys: dict[str, UUID], *, past: list[str] | None = None) -> bool:
    """Sends it, looks, and takes everything back. `past` are the walls that are taken away before."""
    with transaction.atomic():
        take_away(past or [])
        act_as(keys[attack.who])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack.sql.format(**keys))
        except DatabaseError:
            pass  # what a policy hides is no error, and is not changed either
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT " + attack.proof.format(**keys))
            found = cursor.fetchone()[0]
        transaction.set_rollback(True)
    return found


def take_away(walls: list[str]) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for wall in walls:
            cursor.execute(wall)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_every_attack_is_refused(keys: dict[str, UUID]) -> None:
    assert [name for name, attack in ATTACKS.items() if comes_through(attack, keys)] == []


def test_without_its_wall_every_one_of_them_succeeds(keys: dict[str, UUID]) -> None:
    assert [
        name for name, attack in ATTACKS.items() if not comes_through(attack, keys, past=attack.wall)
    ] == []


def test_after_all_attacks_every_hash_still_holds(keys: dict[str, UUID], cast: Cast) -> None:
    for attack in ATTACKS.values():
        act_as(keys[attack.who])
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack.sql.format(**keys))
    act_as(cast.tara.pk)
    signed = list(Note.objects.signed().select_related("session", "adds_to"))
    assert len(signed) == 6
    assert all(signing.holds(note) for note in signed)
    assert note_actions.state_of(Note.objects.get(pk=keys["decided"])) == State.RETURNED


# What only the owner or a superuser may do has no wall to take away.
AT_THE_WALLS = (
    f"ALTER TABLE {NOTE} DISABLE TRIGGER signed_note_is_final",
    f"ALTER TABLE {COSIGNATURE} DISABLE TRIGGER ALL",
    f"ALTER TABLE {ERROR} DISABLE ROW LEVEL SECURITY",
    f"ALTER POLICY {COSIGNATURE}_insert ON {COSIGNATURE} WITH CHECK (true)",
    f"DROP TRIGGER decision_is_final ON {COSIGNATURE}",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION may_cosign(of_note uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE OR REPLACE FUNCTION refuse_striking() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    f"TRUNCATE {NOTE} CASCADE",
    f"TRUNCATE {ERROR}",
    f"TRUNCATE {VERSION}",
)


@pytest.mark.parametrize("attack", AT_THE_WALLS)
def test_nobody_who_uses_the_web_takes_a_wall_away(cast: Cast, attack: str) -> None:
    signed_contact(cast)
    if attack.startswith("SET ROLE"):
        pytest.skip(
            "the login of the tests wears both roles; tests/db/test_deploy.py asks it of the web's own"
        )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
