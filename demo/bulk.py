"""A clinic of any size, for measuring: INSERT … SELECT on the server, as owner, beside the small invented clinic.

Each therapist has 25 weekly hours, and each hour has held twelve courses one after the other: eleven have ended, one is
open. A course has one assessment and then a session a week; every fifth is missed or cancelled, and for one session in ten
there is a contact note. Bank holidays are not observed, and words are put together from the notes of the small clinic;
nobody here is a trainee, so nothing waits for a co-signature. One client in twenty is not yet in treatment: referred, or on
the waiting list. History triggers are off, and constraints and indexes are taken down and laid again as they were, which is
several times faster than keeping 40 million random keys in order."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from clients.similar import sound
from demo.chance import Chance
from demo.names import HE, SHE
from demo.people import Staff
from outcomes.measures import BY_CODE

SEATS = 25
ROUNDS = 12
THERAPISTS_OF_A_SUPERVISOR = 8
CASELOAD_OF_THE_DEMO_THERAPIST = 40
ONE_WAITS_IN = 20
BATCH = 3000
# Measured on PostgreSQL 15: tables and indexes of 5,000 clients. While it is written, the log needs room as well.
BYTES_OF_A_CLIENT = 55_000

TABLES = (
    "clients_client",
    "courses_course",
    "courses_coursemove",
    "courses_allocation",
    "courses_focus",
    "therapy_sessions_therapysession",
    "outcomes_response",
    "therapy_sessions_sessionfocus",
    "therapy_sessions_sessionresponse",
    "therapy_sessions_note",
    "outcomes_alert",
    "referrals_referral",
    "referrals_referralwords",
    "referrals_screening",
    "referrals_waitpause",
    "audit_event",
)
_PREFIXES = (
    "Ash Bar Beck Black Brad Brom Burn Cald Carl Clay Cold Crom Dal Den Dray Dun East Eg Ell Fair Farn Fen Glad Gran Green "
    "Hal Ham Hart Haver Hol Hurst Kel Kirk Lang Lin Lock Mar Mel Mid Mor Nor Oak Old Pem Pres Rad Red Row Sand Shel Stan "
    "Stock Sut Thorn Up Wake Wal War West Whit Win Wood"
)
_SUFFIXES = (
    "bourne bridge burn bury by combe cote croft dale den don field ford gate grave ham hurst ington land leigh ley low man "
    "mere mond more ness ridge row sall shaw stead stone thorpe ton wall ward well wick win wood worth"
)


@dataclass(frozen=True)
class Size:
    """How much comes on top of the small clinic."""

    clients: int

    @property
    def waiting(self) -> int:
        return self.clients // ONE_WAITS_IN

    @property
    def treated(self) -> int:
        return self.clients - self.waiting

    @property
    def hours(self) -> int:
        """Weekly hours of all therapists together: each is the place of an open course."""
        return -(-self.treated // ROUNDS)

    @property
    def therapists(self) -> int:
        return -(-self.hours // SEATS)

    @property
    def bytes(self) -> int:
        return self.clients * BYTES_OF_A_CLIENT

    def in_words(self) -> str:
        giga = self.bytes / 1e9
        size = f"{giga:.1f} GB" if giga >= 1 else f"{self.bytes / 1e6:.0f} MB"
        return (
            f"{self.clients:,} clients with {self.therapists:,} therapists and about "
            f"{self.clients * 20:,} sessions will take about {size} of the database's disk."
        )


def fill_up(
    size: Size,
    *,
    seed: int,
    today: date,
    staff: Staff,
    progress: Callable[[Iterable[Any], str], Iterable[Any]] = lambda steps, name: steps,
) -> None:
    """Writes the clients, inside the caller's transaction. The small clinic is there already."""
    chance = Chance(f"bulk {seed}")
    with connection.cursor() as cursor:
        # Checks that still wait would hold the tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _make_room_for_work(cursor)
        _pools(cursor, chance)
        _people(cursor, size, seed, today, staff)
        _plan(cursor, size, seed, today, staff)
        with _without_triggers(cursor), _without_keys(cursor, progress):
            starts = range(0, size.treated, BATCH)
            for start in progress(starts, "Clients, three thousand at a time"):
                _batch(cursor, start, min(start + BATCH, size.treated), seed, today, staff)
            _wait(cursor, size, seed, today, staff)
        for table in progress(TABLES, "Statistics"):
            cursor.execute(f"ANALYZE {table}")


def _make_room_for_work(cursor: Any) -> None:
    for name, value in (
        ("work_mem", "256MB"),
        ("maintenance_work_mem", "512MB"),
        ("synchronous_commit", "off"),
        ("max_parallel_maintenance_workers", "2"),
        # Fresh temporary tables have no statistics: without this the planner fears a nested loop of millions.
        ("enable_nestloop", "off"),
        # … and then takes a second to compile what runs in one.
        ("jit", "off"),
    ):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


# --- What stands in the way of speed ----------------------------------------------------------------------------------


@contextmanager
def _without_triggers(cursor: Any) -> Iterator[None]:
    """History and signing are for people's writes. What is written here is signed from the start."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _without_keys(cursor: Any, progress: Callable[[Iterable[Any], str], Iterable[Any]]) -> Iterator[None]:
    """Takes down keys, foreign keys, exclusions and indexes, and lays the same ones again, each checked in one pass.

    Checks of single rows stay. All of it stands in the caller's transaction: nobody ever sees a table without them."""
    cursor.execute(
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint
        WHERE contype IN ('p', 'u', 'x', 'f') AND connamespace = 'public'::regnamespace
          AND (conrelid = ANY (%(tables)s::regclass[]) OR confrelid = ANY (%(tables)s::regclass[]))
        ORDER BY position(contype::text in 'fxup'), conrelid, conname
        """,
        {"tables": list(TABLES)},
    )
    constraints = cursor.fetchall()
    cursor.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = ANY (%s::regclass[])
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY 1
        """,
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    quote = connection.ops.quote_name
    for table, name, _, _ in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    # Keys first, then what refers to them.
    laid = [definition for _, definition in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}"
        for table, name, definition, _ in reversed(constraints)
    ]
    for statement in progress(laid, "Keys and indexes"):
        cursor.execute(statement)


# --- What clinics are made of -----------------------------------------------------------------------------------------


def _pools(cursor: Any, chance: Chance) -> None:
    """Names with the keys of `clients.similar`, and the words of the small clinic's notes."""
    cursor.execute(
        "CREATE TEMPORARY TABLE bulk_first (i int PRIMARY KEY, name text, key text, pronouns text) ON COMMIT DROP;"
        "CREATE TEMPORARY TABLE bulk_last (i int PRIMARY KEY, name text, key text) ON COMMIT DROP"
    )
    firsts = [(name, "she/her") for name in SHE] + [(name, "he/him") for name in HE]
    lasts = [a + b for a in _PREFIXES.split() for b in _SUFFIXES.split()]
    chance.shuffle(firsts)
    chance.shuffle(lasts)
    cursor.executemany(
        "INSERT INTO bulk_first VALUES (%s, %s, %s, %s)",
        [(i, name, sound(name), pronouns) for i, (name, pronouns) in enumerate(firsts)],
    )
    cursor.executemany(
        "INSERT INTO bulk_last VALUES (%s, %s, %s)", [(i, name, sound(name)) for i, name in enumerate(lasts)]
    )
    cursor.execute(
        """
        CREATE TEMPORARY TABLE bulk_words ON COMMIT DROP AS
          SELECT (row_number() OVER (ORDER BY id) - 1)::int AS i, week, work, next_time
          FROM therapy_sessions_note WHERE kind = 'session' AND signed_at IS NOT NULL AND risk_answer = 'unchanged';
        ALTER TABLE bulk_words ADD PRIMARY KEY (i);
        CREATE TEMPORARY TABLE bulk_contact ON COMMIT DROP AS
          SELECT (row_number() OVER (ORDER BY id) - 1)::int AS i, work, next_time, with_whom, who, how, risk_answer, risk
          FROM therapy_sessions_note WHERE kind = 'contact' AND signed_at IS NOT NULL AND risk_answer <> 'changed';
        ALTER TABLE bulk_contact ADD PRIMARY KEY (i);
        ANALYZE bulk_first, bulk_last, bulk_words, bulk_contact
        """
    )


def _people(cursor: Any, size: Size, seed: int, today: date, staff: Staff) -> None:
    """Therapists with a room and hours each, and a supervisor for every eight."""
    values = {
        "seed": str(seed),
        "therapists": size.therapists,
        "each": THERAPISTS_OF_A_SUPERVISOR,
        "opened": today - timedelta(days=7 * 23 * ROUNDS),
        "deputy": staff.users["joy"].pk,
    }
    cursor.execute(
        """
        CREATE TEMPORARY TABLE bulk_person ON COMMIT DROP AS
        SELECT t, role, md5(%(seed)s || role || t)::uuid AS id,
          (SELECT name FROM bulk_first WHERE i = t * 7 %% (SELECT count(*) FROM bulk_first)) || ' ' ||
          (SELECT name FROM bulk_last WHERE i = t * 31 %% (SELECT count(*) FROM bulk_last)) AS name,
          md5(%(seed)s || 'room' || t)::uuid AS room
        FROM (SELECT generate_series(0, %(therapists)s - 1) AS t, 'therapist' AS role
              UNION ALL SELECT generate_series(0, (%(therapists)s - 1) / %(each)s), 'supervisor') people;
        INSERT INTO staff_user (id, email, full_name, roles, is_trainee, places, password, is_active, is_staff,
                                is_superuser, is_system, joined_at)
          SELECT id, role || '.' || t + 1 || '@clinic.example', name, ARRAY[role], false,
            CASE role WHEN 'therapist' THEN 30 ELSE 0 END, '!', true, false, false, false, %(opened)s FROM bulk_person;
        INSERT INTO staff_room (id, name, is_step_free)
          SELECT room, 'Room ' || 100 + t, t %% 3 = 0 FROM bulk_person WHERE role = 'therapist';
        INSERT INTO staff_workinghours (id, person_id, weekday, starts, ends)
          SELECT md5(%(seed)s || 'hours' || t || day)::uuid, id, day, '09:00', '17:00'
          FROM bulk_person CROSS JOIN generate_series(0, 4) day WHERE role = 'therapist';
        INSERT INTO staff_supervisionline (id, supervisor_id, therapist_id, deputy_id, starts_at)
          SELECT md5(%(seed)s || 'line' || p.t)::uuid, s.id, p.id, %(deputy)s, %(opened)s
          FROM bulk_person p JOIN bulk_person s ON s.role = 'supervisor' AND s.t = p.t / %(each)s
          WHERE p.role = 'therapist';
        ANALYZE bulk_person
        """,
        values,
    )


def _plan(cursor: Any, size: Size, seed: int, today: date, staff: Staff) -> None:
    """One row a course: whose, when, how long, how it goes. Weeks are counted from this Monday. The oldest courses come
    first, so that rows lie on the disk in about the order in which a clinic writes them."""
    hours = "ARRAY['09:00', '10:00', '11:30', '14:00', '15:00']::time[]"
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE bulk_course ON COMMIT DROP AS
        WITH places AS (
          SELECT c, c %% %(hours)s / {SEATS} AS t, c %% %(hours)s %% {SEATS} AS seat, {ROUNDS} - 1 - c / %(hours)s AS round
          FROM generate_series(0, %(clients)s - 1) c),
        hashed AS (
          SELECT places.*, {_hash("c", 1)} AS h1, {_hash("c", 2)} AS h2, {_hash("c", 3)} AS h3,
            {_hash("(t * 1000 + seat)", 4)} %% 21 AS along
          FROM places)
        SELECT c, t, seat, round, h1, h2, h3, along, p.id AS therapist_id, p.room AS room_id,
          md5(%(seed)s || 'course' || c)::uuid AS id, md5(%(seed)s || 'client' || c)::uuid AS client_id,
          %(monday)s::date + seat %% 5 - 7 * (along + 22 * round) AS begins, ({hours})[1 + seat / 5] AS hour,
          h1 %% 5 AS missing,
          CASE WHEN h2 %% 100 < 5 THEN 'ipt12' ELSE 'ipt16' END AS programme,
          CASE WHEN round > 0 AND h1 %% 100 < 5 THEN 7 WHEN h2 %% 100 < 5 THEN 15 ELSE 20 END AS weeks,
          round > 0 AND h1 %% 100 < 5 AS left_early,
          (ARRAY['conflict', 'life_change', 'grief', 'isolation'])[1 + h3 %% 4] AS area,
          13 + h1 %% 10 AS phq_first, CASE WHEN h3 %% 10 < 6 THEN 4 + h2 %% 7 ELSE 12 + h2 %% 9 END AS phq_last,
          9 + h2 %% 9 AS gad_first, CASE WHEN h3 %% 10 < 6 THEN 3 + h1 %% 5 ELSE 9 + h1 %% 7 END AS gad_last
        FROM hashed JOIN bulk_person p USING (t) WHERE p.role = 'therapist';
        ALTER TABLE bulk_course ADD PRIMARY KEY (c);
        ANALYZE bulk_course
        """,  # noqa: S608  # numbers of this module, no word of a person
        {
            "clients": size.treated,
            "hours": size.hours,
            "seed": str(seed),
            "monday": today - timedelta(days=today.weekday()),
        },
    )
    _hand_over(cursor, today, staff)


def _hand_over(cursor: Any, today: date, staff: Staff) -> None:
    """The demo therapist takes over open courses up to a caseload of forty, and sees them in the evenings."""
    amara = staff.users["amara"]
    cursor.execute(
        """
        SELECT count(*) FROM courses_course c JOIN courses_allocation a ON a.course_id = c.id
        WHERE a.therapist_id = %s AND c.ended_on IS NULL AND a.ends_at IS NULL
        """,
        [amara.pk],
    )
    wanted = max(0, CASELOAD_OF_THE_DEMO_THERAPIST - cursor.fetchone()[0])
    cursor.execute(
        """
        CREATE TEMPORARY TABLE bulk_handed ON COMMIT DROP AS
        WITH taken AS (
          SELECT c, row_number() OVER (ORDER BY h1, c) - 1 AS place FROM bulk_course
          WHERE round = 0 AND along > 1 AND along < weeks ORDER BY h1, c LIMIT %(wanted)s),
        days AS (
          SELECT day, row_number() OVER (ORDER BY day) - 1 AS place
          FROM generate_series(%(today)s::date + 1, %(today)s::date + 40, interval '1 day') day
          WHERE extract(isodow FROM day) < 6)
        SELECT c, %(amara)s::uuid AS therapist_id, days.day::date + make_time(17 + (taken.place %% 3)::int, 0, 0) AS next_at
        FROM taken JOIN days ON days.place = taken.place / 3
        """,
        {"wanted": wanted, "today": today, "amara": amara.pk},
    )
    cursor.execute("UPDATE staff_workinghours SET ends = '20:00' WHERE person_id = %s", [amara.pk])


def _hash(number: str, salt: int) -> str:
    """SQL for a whole number from 0 up that looks like chance and is the same each time."""
    return f"((hashint8extended({number}::bigint, {salt}) & 2147483647)::int)"


# --- Who waits --------------------------------------------------------------------------------------------------------


def _wait(cursor: Any, size: Size, seed: int, today: date, staff: Staff) -> None:
    """People with nobody yet: nine in ten are on the waiting list, with first scores; one in ten is still to be screened."""
    values = {
        "start": size.treated,
        "end": size.clients,
        "seed": str(seed),
        "today": today,
        "therapists": size.therapists,
        "office": staff.users["sam"].pk,
        "version": BY_CODE["phq9"].version,
    }
    for statement in (_WHO_WAITS, _clients_of("bulk_wait"), _WAITS):
        cursor.execute(statement, values)


# --- One batch --------------------------------------------------------------------------------------------------------


def _batch(cursor: Any, start: int, end: int, seed: int, today: date, staff: Staff) -> None:
    values = {
        "start": start,
        "end": end,
        "seed": str(seed),
        "today": today,
        "version": BY_CODE["phq9"].version,
        "office": staff.users["sam"].pk,
    }
    cursor.execute(_HOURS, values)
    for statement in (
        _clients_of("bulk_course"),
        _COURSES,
        _REFERRALS,
        _SESSIONS,
        _RESPONSES,
        _NOTES,
        _CONTACTS,
        _ALERTS,
    ):
        cursor.execute(statement, values)


# Each hour of these courses: number 0 is the assessment, every fifth is missed, an open course ends a fortnight ahead.
_HOURS = f"""
DROP TABLE IF EXISTS bulk_hour;
CREATE TEMPORARY TABLE bulk_hour ON COMMIT DROP AS
WITH hours AS (
  SELECT b.*, k, b.begins + 7 * k AS day, {_hash("c * 64 + k", 5)} AS h,
    k > 0 AND (k + missing) %% 5 = 0 AS missed, k - ((k + missing) / 5 - missing / 5) AS counted
  FROM bulk_course b CROSS JOIN generate_series(0, 20) k
  WHERE c >= %(start)s AND c < %(end)s AND k <= weeks)
SELECT c, k, h, hours.id AS course_id, client_id, area, round,
  md5(%(seed)s || 'session' || c || '-' || k)::uuid AS id,
  hours.therapist_id,
  CASE WHEN h %% 10 < 7 THEN room_id END AS room_id,
  CASE WHEN h %% 10 < 7 THEN 'in_person' ELSE 'video' END AS mode,
  (day + hour) AT TIME ZONE 'Europe/London' AS starts_at,
  CASE k WHEN 0 THEN 60 ELSE 50 END AS minutes,
  CASE WHEN day >= %(today)s THEN NULL WHEN missed THEN (ARRAY['3', '2', '2', '4', '7'])[1 + h %% 5]
       WHEN h %% 12 = 0 THEN '6' ELSE '5' END AS attendance,
  day < %(today)s AND NOT missed AS was_seen,
  CASE WHEN k > 0 AND NOT missed AND day < %(today)s THEN counted END AS number,
  CASE WHEN day >= %(today)s THEN '' WHEN greatest(counted, 1) + missed::int <= CASE programme WHEN 'ipt12' THEN 3 ELSE 4 END
       THEN 'initial' WHEN greatest(counted, 1) + missed::int <= CASE programme WHEN 'ipt12' THEN 9 ELSE 12 END THEN 'middle'
       ELSE 'end' END AS phase,
  greatest(1, least(24, phq_first + (phq_last - phq_first) * k / weeks + h %% 5 - 2)) AS phq,
  greatest(0, least(21, gad_first + (gad_last - gad_first) * k / weeks + h %% 3 - 1)) AS gad,
  -- One in twenty has thoughts of death early on, one in sixty of the open ones now.
  (h1 %% 20 = 0 AND k = 1) OR (round = 0 AND h1 %% 60 = 1 AND k = along - 1) AS is_risk
FROM hours LEFT JOIN bulk_handed handed USING (c)
WHERE (handed.c IS NULL OR day < %(today)s) AND (day < %(today)s OR day < %(today)s::date + 14)
UNION ALL
SELECT c, weeks + 1, 0, b.id, client_id, area, round, md5(%(seed)s || 'next' || c)::uuid, handed.therapist_id, NULL,
  'video', next_at AT TIME ZONE 'Europe/London', 50, NULL, false, NULL, '', 0, 0, false
FROM bulk_handed handed JOIN bulk_course b USING (c) WHERE c >= %(start)s AND c < %(end)s
ORDER BY starts_at;
ANALYZE bulk_hour
"""  # noqa: S608  # numbers of this module, no word of a person


def _clients_of(table: str) -> str:
    return f"""
INSERT INTO clients_client (id, number, first_name, last_name, preferred_name, pronouns, date_of_birth, nhs_number, email,
  phone, address, postcode, may_email, may_leave_message, may_write_home, must_not_be_told, gp_name, gp_practice, interpreter,
  needs_step_free, needs_evenings, needs_video, asks_for, other_needs, emergency_name,
  emergency_relation, emergency_phone, similar_keys, version, registered_at)
SELECT client_id, 'C-' || 100000 + c, f.name, l.name, '', f.pronouns, born, NULL,
  lower(f.name || '.' || l.name) || c || '@mail.example', '07700 900' || lpad((h2 %% 1000)::text, 3, '0'),
  1 + h1 %% 180 || ' Station Road' || chr(10) || 'Netherby', 'NB' || 1 + h1 %% 9 || ' ' || 1 + h2 %% 9 || 'AB', h1 %% 4 > 0,
  h2 %% 4 > 0, h3 %% 5 > 0, '', 'Dr Hale', 'Newton Road Surgery', '', h1 %% 12 = 0,
  h2 %% 9 = 0, h3 %% 14 = 0, (ARRAY['', '', '', '', 'woman', 'man'])[1 + h1 %% 6], '', '', '', '',
  (SELECT array_agg(key ORDER BY key COLLATE "C") FROM unnest(ARRAY[
     least(f.key COLLATE "C", l.key COLLATE "C") || ' ' || greatest(f.key COLLATE "C", l.key COLLATE "C"),
     l.key || ' ' || born]) key),
  1, (begins - 30)::timestamp AT TIME ZONE 'Europe/London'
FROM (SELECT b.*, (begins - 6600 - h1 %% 18000)::date AS born, {_hash("c", 6)} AS h4 FROM {table} b
      WHERE c >= %(start)s AND c < %(end)s) b
JOIN bulk_first f ON f.i = h4 %% (SELECT count(*) FROM bulk_first)
JOIN bulk_last l ON l.i = h4 / 256 %% (SELECT count(*) FROM bulk_last)
"""  # noqa: S608  # numbers and tables of this module, no word of a person


_COURSES = """
DROP TABLE IF EXISTS bulk_state;
CREATE TEMPORARY TABLE bulk_state ON COMMIT DROP AS
SELECT b.*, held.started_on, held.last_at, handed.therapist_id AS handed_to,
  begins - 15 - h3 %% 40 AS referred_on, CASE WHEN round > 0 THEN held.last_at::date END AS ended_on,
  CASE WHEN round > 0 THEN 'ended' WHEN held.started_on IS NULL THEN 'waiting' ELSE 'in_treatment' END AS status
FROM bulk_course b LEFT JOIN bulk_handed handed USING (c)
LEFT JOIN (SELECT c, min(starts_at) FILTER (WHERE number IS NOT NULL)::date AS started_on,
             max(starts_at) FILTER (WHERE attendance IS NOT NULL) AS last_at FROM bulk_hour GROUP BY c) held USING (c)
WHERE c >= %(start)s AND c < %(end)s;
INSERT INTO courses_course (id, client_id, programme, split, planned_sessions, status, referred_on, referral_source, started_on,
  ended_on, end_reason, version, opened_at)
SELECT id, client_id, programme, CASE programme WHEN 'ipt12' THEN ARRAY[3, 6, 3] ELSE ARRAY[4, 8, 4] END,
  CASE programme WHEN 'ipt12' THEN 12 ELSE 16 END, status, referred_on, 'A1', started_on, ended_on,
  CASE WHEN ended_on IS NULL THEN '' WHEN left_early THEN '47' ELSE '46' END, 1, referred_on
FROM bulk_state;
INSERT INTO courses_coursemove (id, course_id, before, after, at, by_id, reason)
SELECT md5(%(seed)s || 'move' || c || step)::uuid, id, before, after, at, therapist_id, '' FROM bulk_state
CROSS JOIN LATERAL (VALUES (1, '', 'referred', referred_on::timestamptz),
  (2, 'referred', 'waiting', (referred_on + 2)::timestamptz),
  (3, 'waiting', 'in_treatment', started_on + interval '18 hours'), (4, 'in_treatment', 'ended', last_at + interval '2 hours'))
  moves (step, before, after, at)
WHERE step < 3 OR (step = 3 AND started_on IS NOT NULL) OR (step = 4 AND ended_on IS NOT NULL);
INSERT INTO courses_allocation (id, course_id, therapist_id, starts_at, ends_at, by_id, reason)
SELECT md5(%(seed)s || 'allocation' || c)::uuid, id, therapist_id, (begins - 4)::timestamptz,
  CASE WHEN handed_to IS NOT NULL THEN %(today)s::date::timestamptz ELSE last_at + interval '90 days' END, therapist_id, ''
FROM (SELECT id, c, therapist_id, begins, handed_to, CASE WHEN ended_on IS NOT NULL THEN last_at END AS last_at
      FROM bulk_state) s;
INSERT INTO courses_allocation (id, course_id, therapist_id, starts_at, ends_at, by_id, reason)
SELECT md5(%(seed)s || 'handed' || c)::uuid, id, handed_to, %(today)s::date::timestamptz, NULL, therapist_id, 'Long leave.'
FROM bulk_state WHERE handed_to IS NOT NULL;
INSERT INTO courses_focus (id, course_id, area, position, about, agreed_on, agreed_by_id, reason)
SELECT md5(%(seed)s || 'focus' || f.c)::uuid, course_id, f.area, 1, '', starts_at::date, f.therapist_id, ''
FROM bulk_hour f JOIN bulk_course b USING (c) WHERE number = CASE b.programme WHEN 'ipt12' THEN 3 ELSE 4 END
"""

# Every course came as a letter, and a therapist of the clinic screened it two days later.
_REFERRALS = """
INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times, priority_reason,
  screened_at, screened_by_id)
SELECT md5(%(seed)s || 'arrived' || c)::uuid, id, 'letter', referred_on + interval '10 hours', %(office)s, '', '', '',
  referred_on + interval '2 days 14 hours', therapist_id FROM bulk_state;
INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,
  child_at_risk, entered_by_id, at)
SELECT md5(%(seed)s || 'words' || c)::uuid, id, 'Low mood for some months and few people to turn to.', false, false, false,
  false, %(office)s, referred_on + interval '10 hours' FROM bulk_state;
INSERT INTO referrals_screening (id, course_id, screener_id, at, suitability, likely_focus, reasons, risk, done)
SELECT md5(%(seed)s || 'screened' || c)::uuid, id, therapist_id, referred_on + interval '2 days 14 hours', 'suitable', area, '',
  'Asked directly: none.', 'Rang, explained the wait and gave the crisis numbers.' FROM bulk_state
"""

_SESSIONS = """
INSERT INTO therapy_sessions_therapysession (id, course_id, client_id, therapist_id, kind, appointment_type, starts_at, minutes,
  ends_at, mode, room_id, attendance, attendance_at, attendance_by_id, number, phase, phase_reason, entered_in_error_reason,
  booked_by_id, booked_at, version)
SELECT id, course_id, client_id, therapist_id, CASE k WHEN 0 THEN 'assessment' ELSE 'treatment' END,
  CASE k WHEN 0 THEN '01' ELSE '02' END, starts_at, minutes, starts_at + make_interval(mins => minutes), mode, room_id,
  attendance, CASE WHEN attendance IS NOT NULL THEN starts_at + interval '1 hour' END,
  CASE WHEN attendance IS NOT NULL THEN therapist_id END, number, CASE WHEN attendance IN ('2', '4') THEN '' ELSE phase END,
  '', '', therapist_id, starts_at - interval '7 days', 2
FROM bulk_hour;
INSERT INTO therapy_sessions_sessionfocus (id, session_id, course_id, area)
SELECT md5(%(seed)s || 'worked' || c || '-' || k)::uuid, id, course_id, area FROM bulk_hour WHERE number > 4
"""

# Eight answers share a total so that they add up to it: each gets an eighth, and the first few one more.
_ANSWERS = """
DROP TABLE IF EXISTS bulk_answers;
CREATE TEMPORARY TABLE bulk_answers ON COMMIT DROP AS
SELECT c, k, id AS session_id, course_id, therapist_id, starts_at, is_risk, phq + is_risk::int AS phq, gad,
  md5(%(seed)s || 'phq9' || c || '-' || k)::uuid AS phq_id, md5(%(seed)s || 'gad7' || c || '-' || k)::uuid AS gad_id,
  (SELECT array_agg((phq + (i + c) %% 8) / 8 ORDER BY i) FROM generate_series(0, 7) i) || is_risk::int AS phq_answers,
  (SELECT array_agg((gad + (i + c) %% 7) / 7 ORDER BY i) FROM generate_series(0, 6) i) AS gad_answers
FROM bulk_hour WHERE was_seen;
ANALYZE bulk_answers;
"""
_RESPONSES = (
    _ANSWERS
    + """
INSERT INTO outcomes_response (id, course_id, measure, instrument_version, answers, total, taken_at, entered_by_id, entered_at,
  locked_at)
SELECT response.id, course_id, measure, %(version)s, answers, total, starts_at, therapist_id, starts_at,
  starts_at + interval '1 hour'
FROM bulk_answers CROSS JOIN LATERAL (VALUES ('phq9', phq_id, phq_answers, phq), ('gad7', gad_id, gad_answers, gad))
  response (measure, id, answers, total);
INSERT INTO therapy_sessions_sessionresponse (id, session_id, course_id, response_id, measure)
SELECT md5(%(seed)s || measure || 'of' || c || '-' || k)::uuid, session_id, course_id, response.id, measure
FROM bulk_answers CROSS JOIN LATERAL (VALUES ('phq9', phq_id), ('gad7', gad_id)) response (measure, id)
"""
)

# The text that is hashed is, letter for letter, the one of sessions.signing: sorted keys, no spaces.
_NOTES = """
DROP TABLE IF EXISTS bulk_note;
CREATE TEMPORARY TABLE bulk_note ON COMMIT DROP AS
WITH pool AS (SELECT count(*)::int AS size FROM bulk_words)
SELECT held.*, md5(%(seed)s || 'note' || held.c || '-' || held.k)::uuid AS note_id,
  starts_at + make_interval(mins => minutes + 3 + h %% 20) AS signed_at,
  one.week || ' ' || two.week AS week, one.work || ' ' || three.work AS work, three.next_time,
  CASE WHEN is_risk THEN 'changed' ELSE 'unchanged' END AS risk_answer,
  CASE WHEN is_risk THEN 'Item 9 marked 1. Asked: passing thoughts, no plan. Safety plan gone through.'
       ELSE 'Asked directly: none.' END AS risk
FROM bulk_hour held CROSS JOIN pool
JOIN bulk_words one ON one.i = h %% pool.size
JOIN bulk_words two ON two.i = h / 7 %% pool.size
JOIN bulk_words three ON three.i = h / 61 %% pool.size
WHERE was_seen;
INSERT INTO therapy_sessions_note (id, session_id, course_id, author_id, week, work, next_time, techniques, risk_answer, risk,
  form, version, started_at, saved_at, signed_at, sha256, reflection_sha256)
SELECT note_id, n.id, n.course_id, n.therapist_id, week, work, next_time, ARRAY['exploring', 'clarification'], risk_answer,
  risk, '{}', 3, n.starts_at, signed_at, signed_at,
  encode(sha256(convert_to(
    '{"answers":{"gad7":[' || array_to_string(gad_answers, ',') || '],"phq9":[' || array_to_string(phq_answers, ',')
    || ']},"author":"' || n.therapist_id || '","course":"' || n.course_id || '","facts":["'
    || to_char(n.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00",' || minutes || ',"' || mode || '","'
    || CASE n.k WHEN 0 THEN 'assessment","01' ELSE 'treatment","02' END || '","' || attendance || '","' || phase
    || '",""],"focus":[' || CASE WHEN number > 4 THEN '"' || area || '"' ELSE '' END || '],"note":"' || note_id
    || '","reflection":"","scheme":1,"session":"' || n.id || '","signed_at":"'
    || to_char(signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00","techniques":["exploring","clarification"],'
    || '"words":[' || to_json(week) || ',' || to_json(work) || ',' || to_json(next_time) || ',"' || risk_answer || '",'
    || to_json(risk) || ']}', 'UTF8')), 'hex'), ''
FROM bulk_note n JOIN bulk_answers a ON a.session_id = n.id;
INSERT INTO audit_event (id, at, user_id, action, what, object_type, object_ids, client_id, course_id, reason)
SELECT md5(%(seed)s || 'signed' || c || '-' || k)::uuid, signed_at, therapist_id, 'sign', 'Signed a session', 'note',
  ARRAY[note_id], client_id, course_id, '' FROM bulk_note
"""

# Two days after one session in ten, at another hour. The hash is that of sessions.signing's second scheme.
_CONTACTS = """
DROP TABLE IF EXISTS bulk_told;
CREATE TEMPORARY TABLE bulk_told ON COMMIT DROP AS
WITH pool AS (SELECT count(*)::int AS size FROM bulk_contact)
SELECT held.c, held.k, held.course_id, held.client_id, held.therapist_id, told.*,
  md5(%(seed)s || 'contact' || held.c || '-' || held.k)::uuid AS note_id,
  starts_at + interval '2 days 25 minutes' AS happened_at, starts_at + interval '2 days 50 minutes' AS signed_at
FROM bulk_hour held CROSS JOIN pool JOIN bulk_contact told ON told.i = h / 11 %% pool.size
WHERE was_seen AND h / 3 %% 10 = 0 AND starts_at < %(today)s::date - 2;
INSERT INTO therapy_sessions_note (id, kind, course_id, author_id, happened_at, with_whom, who, how, week, work, next_time,
  techniques, risk_answer, risk, form, version, started_at, saved_at, signed_at, sha256, reflection_sha256)
SELECT note_id, 'contact', course_id, therapist_id, happened_at, with_whom, who, how, '', work, next_time, '{}', risk_answer,
  risk, '{}', 3, happened_at, signed_at, signed_at,
  encode(sha256(convert_to(
    '{"adds_to":[],"author":"' || therapist_id || '","carried_from":"","course":"' || course_id || '","facts":["'
    || to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00",' || to_json(with_whom::text) || ','
    || to_json(who::text) || ',' || to_json(how::text) || '],"kind":"contact","needs_cosign":false,"note":"' || note_id
    || '","reason":"","scheme":2,"signed_at":"' || to_char(signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
    || '+00:00","words":["",' || to_json(work) || ',' || to_json(next_time) || ',"' || risk_answer || '",' || to_json(risk)
    || ']}', 'UTF8')), 'hex'), ''
FROM bulk_told;
INSERT INTO audit_event (id, at, user_id, action, what, object_type, object_ids, client_id, course_id, reason)
SELECT md5(%(seed)s || 'told' || c || '-' || k)::uuid, signed_at, therapist_id, 'sign', 'Signed a contact note', 'note',
  ARRAY[note_id], client_id, course_id, '' FROM bulk_told
"""

_ALERTS = """
INSERT INTO outcomes_alert (id, course_id, response_id, item, value, raised_at, acknowledged_at, acknowledged_by_id, closed_at,
  closed_by_id, what_was_done, typed_in_error)
SELECT md5(%(seed)s || 'alert' || a.c || '-' || a.k)::uuid, a.course_id, phq_id, 9, 1, a.starts_at,
  CASE WHEN k = 1 THEN a.starts_at + interval '1 hour' END, CASE WHEN k = 1 THEN a.therapist_id END,
  CASE WHEN k = 1 THEN a.starts_at + interval '1 day' END, CASE WHEN k = 1 THEN a.therapist_id END,
  CASE WHEN k = 1 THEN 'Asked in the session: passing thoughts, no plan. GP informed the same day.' ELSE '' END, false
FROM bulk_answers a WHERE is_risk
"""

_WHO_WAITS = f"""
CREATE TEMPORARY TABLE bulk_wait ON COMMIT DROP AS
WITH hashed AS (
  SELECT c, {_hash("c", 1)} AS h1, {_hash("c", 2)} AS h2, {_hash("c", 3)} AS h3
  FROM generate_series(%(start)s, %(end)s - 1) c),
dated AS (
  SELECT hashed.*, h2 %% 10 = 0 AS is_new,
    %(today)s::date - CASE WHEN h2 %% 10 = 0 THEN h1 %% 12 ELSE 3 + h1 %% 130 END AS referred_on FROM hashed)
SELECT dated.*, md5(%(seed)s || 'course' || c)::uuid AS id, md5(%(seed)s || 'client' || c)::uuid AS client_id,
  referred_on + 30 AS begins, CASE WHEN is_new THEN 'referred' ELSE 'waiting' END AS status,
  CASE WHEN h3 %% 29 = 0 THEN 2 WHEN h3 %% 7 = 0 THEN 1 ELSE 0 END AS priority,
  CASE WHEN NOT is_new AND h2 %% 15 = 1 THEN greatest(referred_on, %(today)s::date - h3 %% 30) END AS paused_since,
  (ARRAY['conflict', 'life_change', 'grief', 'isolation'])[1 + h3 %% 4] AS area, 10 + h1 %% 12 AS phq, 8 + h2 %% 10 AS gad,
  p.id AS screener_id
FROM dated JOIN bulk_person p ON p.role = 'therapist' AND p.t = h3 %% %(therapists)s;
ANALYZE bulk_wait
"""  # noqa: S608  # numbers of this module, no word of a person

_WAITS = """
INSERT INTO courses_course (id, client_id, programme, split, planned_sessions, status, referred_on, referral_source, end_reason,
  paused_since, priority, version, opened_at)
SELECT id, client_id, 'ipt16', ARRAY[4, 8, 4], 16, status, referred_on, 'A1', '', paused_since, priority, 1, referred_on
FROM bulk_wait;
INSERT INTO courses_coursemove (id, course_id, before, after, at, by_id, reason)
SELECT md5(%(seed)s || 'move' || c || step)::uuid, id, before, after, at, by_id, '' FROM bulk_wait
CROSS JOIN LATERAL (VALUES (1, '', 'referred', referred_on::timestamptz, %(office)s::uuid),
  (2, 'referred', 'waiting', referred_on + interval '2 days 14 hours', screener_id)) moves (step, before, after, at, by_id)
WHERE step = 1 OR NOT is_new;
INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times, priority_reason,
  screened_at, screened_by_id)
SELECT md5(%(seed)s || 'arrived' || c)::uuid, id, 'letter', referred_on + interval '10 hours', %(office)s, '', '',
  CASE WHEN priority > 0 THEN 'Goes abroad for work in the spring.' ELSE '' END,
  CASE WHEN NOT is_new THEN referred_on + interval '2 days 14 hours' END, CASE WHEN NOT is_new THEN screener_id END
FROM bulk_wait;
INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed,
  child_at_risk, entered_by_id, at)
SELECT md5(%(seed)s || 'words' || c)::uuid, id, 'Low mood for some months and few people to turn to.', false, false, false,
  false, %(office)s, referred_on + interval '10 hours' FROM bulk_wait;
INSERT INTO referrals_screening (id, course_id, screener_id, at, suitability, likely_focus, reasons, risk, done)
SELECT md5(%(seed)s || 'screened' || c)::uuid, id, screener_id, referred_on + interval '2 days 14 hours', 'suitable', area, '',
  'Asked directly: none.', 'Rang, explained the wait and gave the crisis numbers.' FROM bulk_wait WHERE NOT is_new;
INSERT INTO referrals_waitpause (id, course_id, starts_on, reason, by_id)
SELECT md5(%(seed)s || 'pause' || c)::uuid, id, paused_since, 'Away, asked us to wait.', %(office)s FROM bulk_wait
WHERE paused_since IS NOT NULL;
INSERT INTO outcomes_response (id, course_id, measure, instrument_version, answers, total, taken_at, entered_by_id, entered_at)
SELECT md5(%(seed)s || measure || 'first' || c)::uuid, id, measure, %(version)s, answers, total,
  referred_on + interval '2 days 13 hours', screener_id, referred_on + interval '2 days 13 hours'
FROM bulk_wait CROSS JOIN LATERAL (VALUES
  ('phq9', (SELECT array_agg((phq + (i + c) %% 8) / 8 ORDER BY i) FROM generate_series(0, 7) i) || 0, phq),
  ('gad7', (SELECT array_agg((gad + (i + c) %% 7) / 7 ORDER BY i) FROM generate_series(0, 6) i), gad))
  response (measure, answers, total) WHERE NOT is_new
"""
