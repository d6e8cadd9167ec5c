"""Times the waiting list, its board and its filters with so many people waiting, for an administrator, the lead and a screener.

Needs the owner's address as well: it adds people who wait by SQL until there are enough, and they stay. A clinic of its own,
to be thrown away, is the place for it. See README.md beside this file."""

import argparse
import os
import statistics
from typing import Any

import psycopg2
from django.db import connection
from django.test import Client as TestClient
from django.urls import reverse

from bench.pages import _FRAME, Recorder, p95, timed  # sets Django up, which the models below need
from staff.models import User

NOT_COUNTED = 3
# Of ten, one is to be screened, two have a therapist, the rest are ready.
_PEOPLE = """
INSERT INTO clients_client (id, number, first_name, last_name, preferred_name, pronouns, date_of_birth, email, phone, address,
  postcode, may_email, may_leave_message, may_write_home, must_not_be_told, gp_name, gp_practice, interpreter,
  needs_step_free, needs_evenings, needs_video, asks_for, other_needs,
  emergency_name, emergency_relation, emergency_phone, similar_keys, version,
  registered_at)
SELECT md5('waits client' || i)::uuid, 'C-' || 7000000 + i, 'Wanda' || i %% 97, 'Waits' || i, '', '', '1990-01-01', '', '', '',
  '', false, false, false, '', '', '', CASE WHEN i %% 20 = 0 THEN 'Arabic' ELSE '' END, i %% 12 = 0, i %% 7 = 0, i %% 9 = 0,
  CASE WHEN i %% 11 = 0 THEN 'woman' ELSE '' END, '', '', '', '', '{}', 1, now()
FROM generate_series(1, %(count)s) i ON CONFLICT DO NOTHING;
INSERT INTO courses_course (id, client_id, programme, split, planned_sessions, status, referred_on, referral_source, end_reason,
  priority, paused_days, paused_since, version, opened_at)
SELECT md5('waits course' || i)::uuid, md5('waits client' || i)::uuid, 'ipt16', ARRAY[4, 8, 4], 16,
  CASE WHEN i %% 10 = 0 THEN 'referred' ELSE 'waiting' END, current_date - i %% 150, 'A1', '',
  CASE WHEN i %% 40 = 0 THEN 2 WHEN i %% 13 = 0 THEN 1 ELSE 0 END, CASE WHEN i %% 15 = 0 THEN i %% 30 ELSE 0 END,
  CASE WHEN i %% 25 = 0 THEN current_date - i %% 9 END, 1, now()
FROM generate_series(1, %(count)s) i ON CONFLICT DO NOTHING;
INSERT INTO referrals_referral (id, course_id, way, received_at, entered_by_id, consent_words, best_times, priority_reason,
  screened_at, screened_by_id)
SELECT md5('waits referral' || i)::uuid, md5('waits course' || i)::uuid, 'letter', now(), %(by)s, '', '', '',
  CASE WHEN i %% 10 > 0 THEN now() END, CASE WHEN i %% 10 > 0 THEN %(by)s::uuid END
FROM generate_series(1, %(count)s) i ON CONFLICT DO NOTHING;
INSERT INTO courses_allocation (id, course_id, therapist_id, kind, starts_at, by_id, reason)
SELECT md5('waits given' || i)::uuid, md5('waits course' || i)::uuid, them.ids[1 + i %% cardinality(them.ids)],
  CASE i %% 10 WHEN 0 THEN 'screening' ELSE 'treatment' END, now(), %(by)s, ''
FROM generate_series(1, %(count)s) i,
  (SELECT array_agg(id ORDER BY id) AS ids FROM staff_user WHERE is_active AND 'therapist' = ANY (roles)) them
WHERE i %% 10 IN (0, 1, 2) ON CONFLICT DO NOTHING;
INSERT INTO referrals_contactattempt (id, course_id, at, how, result, words, by_id)
SELECT md5('waits attempt' || i || '-' || n)::uuid, md5('waits course' || i)::uuid, now(), 'phone', 'no_answer', '', %(by)s
FROM generate_series(1, %(count)s) i, generate_series(1, 3) n WHERE i %% 3 = 0 ON CONFLICT DO NOTHING;
INSERT INTO referrals_screening (id, course_id, screener_id, at, suitability, likely_focus, reasons, risk, done)
SELECT md5('waits screening' || i)::uuid, md5('waits course' || i)::uuid, %(by)s, now(), 'suitable', 'grief', '', 'None.',
  'Asked.' FROM generate_series(1, %(count)s) i WHERE i %% 10 > 0 ON CONFLICT DO NOTHING;
INSERT INTO outcomes_response (id, course_id, measure, instrument_version, answers, total, taken_at, entered_by_id, entered_at)
SELECT md5('waits score' || i || m)::uuid, md5('waits course' || i)::uuid, m, '1', array_fill(1, ARRAY[k]), k, now(), %(by)s,
  now() FROM generate_series(1, %(count)s) i, (VALUES ('phq9', 9), ('gad7', 7)) asked (m, k) ON CONFLICT DO NOTHING
"""
PAGES = {
    "list": "",
    "board": "?view=board",
    "one group": "?group=ready",
    "one group, page 50": "?group=ready&page=50",
    "past 42 days, by name": "?group=ready&wait=first&sort=name",
    "longest wait first": "?sort=wait",
    "evenings, soon": "?need=evenings&priority=1",
    "a screener's, referred this month": "?screener={screener}&since=2026-11-01",
    "a name": "?q=wanda5",
}


def fill(count: int, by: str) -> None:
    """The owner adds them; what is there already stays."""
    owner = psycopg2.connect(os.environ["OWNER_DATABASE_URL"])
    with owner, owner.cursor() as cursor:
        for statement in _PEOPLE.split(";\n"):
            cursor.execute(statement, {"count": count, "by": by})
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owner.close()


def measured(person: User, path: str, runs: int) -> tuple[list[float], float, int]:
    """Milliseconds of each request; of them the database's, in one; its own queries."""
    client = TestClient()
    client.force_login(person)

    def get() -> None:
        if client.get(path, headers={"host": "127.0.0.1"}).status_code != 200:
            raise SystemExit(f"{path} did not answer")

    for _ in range(NOT_COUNTED):
        get()
    recorder, asked = Recorder(), []

    def spent(execute: Any, *statement: Any) -> Any:
        answers: list[Any] = []
        asked.append(timed(lambda: answers.append(execute(*statement))))
        return answers[0]

    with connection.execute_wrapper(recorder), connection.execute_wrapper(spent):
        get()
    own = sum(not _FRAME.search(sql) for sql, _ in recorder.statements)
    return [timed(get) for _ in range(runs)], sum(asked), own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args()
    screeners = User.objects.filter(is_screener=True, roles__contains=["therapist"])
    screener = screeners.exclude(roles__contains=["lead"]).first()
    if screener is None:
        raise SystemExit("nobody screens in this clinic")
    fill(given.count, str(screener.pk))
    people = {
        "administrator": User.objects.with_role("administrator").order_by("email").first(),
        "lead": User.objects.with_role("lead").order_by("email").first(),
        "screener": screener,
    }
    print("| page | who | median ms | p95 ms | of it the database, ms | own queries |")
    print("|---|---|---|---|---|---|")
    for name, query in PAGES.items():
        path = reverse("caseload:waiting") + query.format(screener=screener.pk)
        for role, person in people.items():
            times, database, own = measured(person, path, given.runs)
            middle, most = statistics.median(times), p95(times)
            print(f"| {name} | {role} | {middle:.0f} | {most:.0f} | {database:.0f} | {own} |", flush=True)


if __name__ == "__main__":
    main()
