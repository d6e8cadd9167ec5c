"""Times the progress review of one supervisor of twelve therapists with five hundred open courses between them.

Needs the owner's address as well: it moves the lines and allocations of a demo clinic by SQL until there are enough, and
they stay. A clinic of its own, to be thrown away (`manage.py demo --clients 1500`), is the place for it. See README.md
beside this file."""

import argparse
import gzip
import os
import statistics
from typing import Any

import psycopg2
from django.db import connection
from django.test import Client as TestClient

from bench.pages import _FRAME, Recorder, p95, timed  # sets Django up, which the models below need
from staff.models import User

NOT_COUNTED = 3
THERAPISTS = 12
# The demo has fewer than twelve therapists: more are made after the likeness of one of them.
_PEOPLE = """
INSERT INTO staff_user SELECT (jsonb_populate_record(NULL::staff_user, to_jsonb(u) || jsonb_build_object(
  'id', md5('review therapist' || i), 'email', 'therapist' || i || '@review.example', 'full_name', 'Terry Bench' || i))).*
FROM (SELECT * FROM staff_user WHERE is_active AND roles = ARRAY['therapist']::varchar[] ORDER BY email LIMIT 1) u,
  generate_series(1, %(count)s) i ON CONFLICT DO NOTHING
"""
# Twelve therapists under one supervisor, and the open courses that somebody carries dealt out among them.
_LINES = """
UPDATE staff_supervisionline SET ends_at = now() WHERE supervisor_id <> %(supervisor)s AND (ends_at IS NULL OR ends_at > now())
  AND therapist_id = ANY (%(therapists)s::uuid[]);
INSERT INTO staff_supervisionline (id, supervisor_id, therapist_id, starts_at)
SELECT gen_random_uuid(), %(supervisor)s, t, now() - interval '300 days' FROM unnest(%(therapists)s::uuid[]) t
WHERE NOT EXISTS (SELECT 1 FROM staff_supervisionline l WHERE l.supervisor_id = %(supervisor)s AND l.therapist_id = t
  AND (l.ends_at IS NULL OR l.ends_at > now()));
UPDATE courses_allocation a SET therapist_id = (%(therapists)s::uuid[])[1 + dealt.place %% %(count)s], ends_at = NULL
FROM (SELECT a.id, row_number() OVER (ORDER BY a.id) AS place FROM courses_allocation a
  JOIN courses_course c ON c.id = a.course_id AND c.status IN ('in_treatment', 'paused', 'follow_up')
  WHERE a.kind = 'treatment' AND a.starts_at <= now() AND (a.ends_at IS NULL OR a.ends_at > now()) LIMIT %(courses)s) dealt
WHERE dealt.id = a.id
"""
PAGES = {
    "review": "/supervision/",
    "review, page 2": "/supervision/?page=2",
    "review, need discussion": "/supervision/?flag=any",
    "review, one therapist": "/supervision/?therapist={therapist}",
    "rules": "/supervision/flags/",
    "one rule": "/supervision/flags/unreviewed/",
    "sessions with a PHQ-9": "/supervision/figures/phq9/",
}


def hire(count: int) -> None:
    """So many more therapists, as the owner."""
    owner = psycopg2.connect(os.environ["OWNER_DATABASE_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute(_PEOPLE, {"count": count})
    owner.close()


def fill(supervisor: User, therapists: list[User], courses: int) -> None:
    owner = psycopg2.connect(os.environ["OWNER_DATABASE_URL"])
    given = {
        "supervisor": str(supervisor.pk),
        "therapists": [str(person.pk) for person in therapists],
        "count": len(therapists),
        "courses": courses,
    }
    with owner, owner.cursor() as cursor:
        for statement in _LINES.split(";\n"):
            cursor.execute(statement, given)
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owner.close()


def measured(client: TestClient, path: str, runs: int) -> tuple[list[float], float, int, float]:
    """Milliseconds of each request; of them the database's, in one; its own queries; kB of HTML, compressed."""
    answers: list[Any] = []

    def get() -> None:
        answers[:] = [client.get(path, headers={"host": "127.0.0.1"})]
        if answers[0].status_code != 200:
            raise SystemExit(f"{path} did not answer")

    for _ in range(NOT_COUNTED):
        get()
    recorder, asked = Recorder(), []

    def spent(execute: Any, *statement: Any) -> Any:
        rows: list[Any] = []
        asked.append(timed(lambda: rows.append(execute(*statement))))
        return rows[0]

    with connection.execute_wrapper(recorder), connection.execute_wrapper(spent):
        get()
    own = sum(not _FRAME.search(sql) for sql, _ in recorder.statements)
    size = len(gzip.compress(answers[0].content, 6)) / 1000
    return [timed(get) for _ in range(runs)], sum(asked), own, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=500)
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args()
    hire(THERAPISTS)
    supervisor = User.objects.with_role("supervisor").order_by("email").first()
    therapists = list(
        User.objects.working()
        .with_role("therapist")
        .exclude(pk=supervisor.pk if supervisor else None)[:THERAPISTS]
    )
    if supervisor is None or len(therapists) < THERAPISTS:
        raise SystemExit("there are no twelve therapists and a supervisor in this clinic")
    fill(supervisor, therapists, given.courses)
    client = TestClient()
    client.force_login(supervisor)
    print("| page | median ms | p95 ms | of it the database, ms | own queries | kB of HTML |")
    print("|---|---|---|---|---|---|")
    for name, path in PAGES.items():
        times, database, own, size = measured(client, path.format(therapist=therapists[0].pk), given.runs)
        middle, most = statistics.median(times), p95(times)
        print(f"| {name} | {middle:.0f} | {most:.0f} | {database:.0f} | {own} | {size:.1f} |", flush=True)


if __name__ == "__main__":
    main()
