"""Times Today, caseload, course and log against their floors. See README.md beside this file."""

import argparse
import gzip
import http.client
import json
import os
import pickle
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipt_clinic.settings")
os.environ["IPT_DB_ROLE"] = "app"

import django  # after the environment that settings read

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client as TestClient
from django.urls import reverse
from django.utils import timezone
from psycopg2.extras import Json

from audit.acting import acting
from courses.models import Course
from sessions import actions
from sessions.models import TherapySession
from staff.models import User

EMAIL = "therapist@clinic.example"
NOT_COUNTED = 10
# The database's work for the frame of every request, which the issue counts apart from the page's own queries.
_FRAME = re.compile(
    r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET CONSTRAINTS|select set_config)"
    r"|FROM \"(django_session|usersessions_usersession)\""
    r"|FROM \"staff_user\" WHERE \"staff_user\".\"id\" = %s LIMIT"
    r"|INSERT INTO \"audit_event\"|UPDATE \"django_session\"",
    re.IGNORECASE,
)

Statements = list[tuple[str, Any]]


def _plain(value: Any) -> Any:
    """What psycopg2 understands without any class of the product: the floor imports none."""
    if isinstance(value, Json):
        return json.dumps(value.adapted)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value


class Recorder:
    """Keeps every statement with its parameters."""

    def __init__(self) -> None:
        self.statements: Statements = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not re.match(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)", sql, re.IGNORECASE):
            self.statements.append((sql, [_plain(value) for value in params] if params else None))
        return execute(sql, params, many, context)


def record_get(client: TestClient, path: str) -> tuple[Statements, bytes]:
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        response = client.get(path, headers={"host": "127.0.0.1"})
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return recorder.statements, response.content


@contextmanager
def serving(application: str, *options: str, **environment: str) -> Iterator[tuple[int, int]]:
    """gunicorn on a free loopback port, with one worker unless the options say more; gives the port and a worker's pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--threads", "2", "--keep-alive", "60", "--log-level", "error", "--preload", *options]
    process = subprocess.Popen(command, env={**os.environ, **environment})  # our own server
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for _ in range(300):
            with socket.socket() as probe:
                if children.read_text() and probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, int(children.read_text().split()[0])
    finally:
        process.terminate()
        process.wait(timeout=20)


class Browser:
    """One kept connection with cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, fields: list[tuple[str, str]] | None = None
    ) -> tuple[int, bytes, str]:
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Accept-Encoding": "identity",
        }
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, content, answer.getheader("Location") or ""

    def token(self, page: bytes) -> str:
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if found is None:
            raise SystemExit("no form token on the page")
        return found.group(1).decode()

    def sign_in(self, email: str) -> None:
        path = reverse("account_login")
        _, page, _ = self.ask("GET", path)
        fields = [
            ("csrfmiddlewaretoken", self.token(page)),
            ("login", email),
            ("password", settings.DEMO_PASSWORD),
        ]
        status, _, _ = self.ask("POST", path, fields)
        if status != 302:
            raise SystemExit(f"sign-in answered {status}")


def timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def expect(status: int, answer: tuple[int, bytes, str]) -> None:
    if answer[0] != status:
        raise SystemExit(f"answered {answer[0]} instead of {status}: {answer[1][:500]!r}")


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def form_fields(page: bytes) -> list[tuple[str, str]]:
    """What a browser would send of the log page's form as it stands."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[tuple[str, str]] = []
            self.inside = False
            self.area: str | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = {name: value or "" for name, value in attrs}
            if tag == "form":
                self.inside = given.get("id") == "log"
            if not self.inside or "name" not in given or "disabled" in given:
                return
            if tag == "textarea":
                self.area = given["name"]
                self.found.append((given["name"], ""))
            elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
                self.found.append((given["name"], given.get("value", "")))

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[-1] = (self.area, self.found[-1][1] + data)

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = None
            if tag == "form":
                self.inside = False

    parser = Fields()
    parser.feed(page.decode())
    return parser.found


def filled(fields: list[tuple[str, str]], page: bytes) -> list[tuple[str, str]]:
    """A routine session: attended, nine and seven digits, three paragraphs, risk asked."""
    keep = [(name, value) for name, value in fields if not re.match(r"(phq9|gad7)_|phase", name)]
    ours = {
        "attendance": "5",
        "mode": "in_person",
        "minutes": "50",
        "risk_answer": "unchanged",
        "next_choice": "none",
        "kind": "review",
        "appointment_type": "04",
    }
    ours |= {"week": "Lower on Tuesday. " * 12, "work": "Communication analysis of the argument. " * 12}
    ours |= {"next_time": "Open the conversation about weekends. " * 4}
    digits = re.findall(rb'name="((?:phq9|gad7)_\d)"', page)
    ours |= {name.decode(): "1" for name in dict.fromkeys(digits)}
    if "phq9_9" in ours:
        ours["phq9_9"] = "0"
    return [(name, value) for name, value in keep if name not in ours] + list(ours.items())


def measure(runs: int, label: str) -> dict[str, Any]:
    person = User.objects.get(email=EMAIL)
    client = TestClient()
    client.force_login(person)
    with acting(person.pk):
        carried = Course.objects.carried_by(person, at=timezone.now()).filter(status="in_treatment")
        courses = list(carried.filter(sessions__number=4).order_by("pk").distinct())
        if not courses:
            raise SystemExit(f"{EMAIL} carries no course with four sessions")
        prepared = _sessions_to_log(courses, person, 2 * (runs + NOT_COUNTED) + 1)
    course = courses[0]
    log_path = _log_address(prepared[0])
    paths = {
        "today": reverse("caseload:today"),
        "caseload": reverse("caseload:mine"),
        "course": reverse("courses:detail", args=[course.pk]),
        "log GET": log_path,
    }
    statements: dict[str, Statements] = {}
    rows: dict[str, dict[str, Any]] = {}
    for name, path in paths.items():
        record_get(client, path)  # the first asks what later ones have cached
        statements[name.replace(" ", "_")], content = record_get(client, path)
        own = [sql for sql, _ in statements[name.replace(" ", "_")] if not _FRAME.search(sql)]
        rows[name] = {"queries": len(own), "kilobytes": len(gzip.compress(content, 6)) / 1024}
    page = client.get(log_path, headers={"host": "127.0.0.1"}).content
    fields = filled(form_fields(page), page)
    for_pages, for_floor = prepared[1 : runs + NOT_COUNTED + 1], prepared[runs + NOT_COUNTED + 1 :]
    for place, session in enumerate(for_floor):
        statements[f"sign{place}"] = _rolled_back_signing(client, session, fields)
    rows["log POST"] = {
        "queries": sum(not _FRAME.search(sql) for sql, _ in statements["sign0"]),
        "kilobytes": 0.0,
    }

    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        file.write(pickle.dumps(statements))
        file.flush()
        # In the floor's environment DATABASE_URL goes to libpq as it is.
        with (
            serving("ipt_clinic.wsgi:application") as (web, worker),
            serving("bench.floor:application", BENCH_STATEMENTS=file.name) as (bare, _),
        ):
            browser, floor = Browser(web), Browser(bare)
            browser.sign_in(EMAIL)
            for name, path in paths.items():
                key = name.replace(" ", "_")
                pages, floors = [], []
                for run in range(runs + NOT_COUNTED):
                    spent = timed(lambda path=path: expect(200, browser.ask("GET", path)))
                    least = timed(lambda key=key: expect(200, floor.ask("GET", f"/{key}")))
                    if run >= NOT_COUNTED:
                        pages.append(spent)
                        floors.append(least)
                rows[name] |= _figures(pages, floors)
            pages, floors = [], []
            token = browser.token(browser.ask("GET", log_path)[1])
            sent = [(name, token if name == "csrfmiddlewaretoken" else value) for name, value in fields]
            for run, session in enumerate(for_pages):
                path = _log_address(session)
                sending = [*sent, ("act", "sign")]
                spent = timed(
                    lambda path=path, sending=sending: expect(302, browser.ask("POST", path, sending))
                )
                least = timed(lambda run=run: expect(200, floor.ask("GET", f"/sign{run}")))
                if run >= NOT_COUNTED:
                    pages.append(spent)
                    floors.append(least)
            rows["log POST"] |= _figures(pages, floors)
            resident = (
                int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{worker}/status").read_text()).group(1)) / 1024
            )  # type: ignore[union-attr]  # Linux always says
    with connection.cursor() as cursor:
        cursor.execute(
            "select reltuples::bigint from pg_class where relname = 'therapy_sessions_therapysession'"
        )
        sessions = cursor.fetchone()[0]
    return {"label": label, "sessions": sessions, "worker MiB": resident, "pages": rows}


def _log_address(session: TherapySession) -> str:
    return reverse("sessions:log", args=[session.course_id, session.pk])


def _figures(pages: list[float], floors: list[float]) -> dict[str, float]:
    return {
        "median": statistics.median(pages),
        "p95": p95(pages),
        "floor": statistics.median(floors),
        "ratio": statistics.median(page / least for page, least in zip(pages, floors, strict=True)),
    }


def _sessions_to_log(courses: list[Course], person: User, how_many: int) -> list[TherapySession]:
    """Appointments in the nights before the first real one, spread over the courses so that none grows long. The clinic is
    measured, not used."""
    first = TherapySession.objects.filter(therapist=person).order_by("starts_at").first()
    before = first.starts_at if first else timezone.now()
    start = before.replace(hour=3, minute=0, second=0, microsecond=0) - timedelta(days=how_many + 1)
    return [
        actions.book_session(
            course=courses[place % len(courses)],
            therapist=person,
            kind="review",
            appointment_type="04",
            starts_at=start + timedelta(days=place),
            minutes=50,
            mode="in_person",
            room=None,
            by=person,
        )
        for place in range(how_many)
    ]


def _rolled_back_signing(
    client: TestClient, session: TherapySession, fields: list[tuple[str, str]]
) -> Statements:
    data: dict[str, list[str]] = {}
    for name, value in [*fields, ("act", "sign")]:
        data.setdefault(name, []).append(value)
    recorder = Recorder()
    with transaction.atomic():
        with connection.execute_wrapper(recorder):
            answer = client.post(_log_address(session), data, headers={"host": "127.0.0.1"})
        transaction.set_rollback(True)
    if answer.status_code != 302:
        problems = re.findall(rb"<a href=\"#[^>]*>[^<]*|log-error[^<]*<|field-error[^<]*<", answer.content)
        raise SystemExit(f"signing answered {answer.status_code}: {problems}")
    return recorder.statements


def show(result: dict[str, Any], before: dict[str, Any] | None) -> None:
    print(f"\n{result['label']}: {result['sessions']:,} sessions, {result['worker MiB']:.0f} MiB a worker\n")
    print("| page | median ms | p95 ms | floor ms | ratio | queries | kB compressed | growth |")
    print("|---|---|---|---|---|---|---|---|")
    for name, row in result["pages"].items():
        growth = f"{row['median'] / before['pages'][name]['median']:.2f}" if before else "–"
        print(
            f"| {name} | {row['median']:.1f} | {row['p95']:.1f} | {row['floor']:.1f} | {row['ratio']:.1f} |"
            f" {row['queries']} | {row['kilobytes']:.1f} | {growth} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--label", default="this clinic")
    parser.add_argument("--json", type=Path, help="keep the figures here")
    parser.add_argument("--against", type=Path, help="an earlier run, to print growth over")
    given = parser.parse_args()
    result = measure(given.runs, given.label)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))
    show(result, json.loads(given.against.read_text()) if given.against else None)


if __name__ == "__main__":
    main()
