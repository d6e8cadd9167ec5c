"""Times the autosave of eight people who write at once against a bare endpoint that makes the same rows and commits them.

See README.md beside this file."""

import argparse
import json
import pickle
import re
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client as TestClient
from django.urls import reverse
from django.utils import timezone

from audit.acting import acting
from bench.pages import (  # sets Django up, which the models below need
    Browser,
    Recorder,
    Statements,
    _log_address,
    _sessions_to_log,
    filled,
    form_fields,
    p95,
    serving,
)
from courses.models import Course
from sessions.models import TherapySession
from staff.models import User

WRITERS = 8
SLICE = 5.0  # s; page and floor in turn, so that both meet the machine in the same state
# As script/server starts the web.
AS_THE_CLINIC = ("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--no-control-socket")
# What a save writes, and who the row policies take the writer for.
_WRITES = re.compile(
    r"\b(INSERT INTO|DELETE FROM)\b|(?<!FOR )(?<!FOR NO KEY )\bUPDATE \"|app\.user_id", re.IGNORECASE
)


class Line:
    """One kept connection that sends prepared bytes: the measuring itself must cost next to nothing."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """The body of the answer; anything but 200 ends the measuring."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))  # type: ignore[union-attr]  # always sent
        while len(body) < length:
            body += self._more()
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"answered {head[:40]!r}: {body[:500]!r}")
        return body

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise SystemExit("the server closed the connection")
        return part

    def close(self) -> None:
        self._socket.close()


class Draft:
    """One person's page of one session, which sends what a page sends: all of the form, with the version that it saw."""

    def __init__(self, browser: Browser, person: User, session: TherapySession) -> None:
        self.person = person
        self.address = reverse("sessions:draft", args=[session.course_id, session.pk])
        _, page, _ = browser.ask("GET", _log_address(session))
        self.fields = dict(_without_lists(filled(form_fields(page), page)))
        self.fields["csrfmiddlewaretoken"] = browser.token(page)
        self.cookies = dict(browser.cookies)
        self.edits = 0

    def next_fields(self) -> dict[str, str]:
        """Eleven more characters; every second save is a pause."""
        self.edits += 1
        ends = f" w{self.edits:09d}"
        more = {"edits": str(self.edits), "pause": "1" if self.edits % 2 else ""}
        return {**self.fields, "work": self.fields["work"][:800] + ends, **more}

    def request(self) -> bytes:
        return as_request(self.address, self.next_fields(), self.cookies)

    def take(self, answer: bytes) -> None:
        self.fields["based_on"] = str(json.loads(answer)["version"])


def _without_lists(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name not in ("techniques", "focus")]


def as_request(path: str, fields: dict[str, str], cookies: dict[str, str]) -> bytes:
    """A form as the page's `fetch` sends it."""
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        f"Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n\r\n"
    )
    return head.encode() + body


def measure(seconds: float, every: float) -> dict[str, Any]:
    writers = sessions_of_writers()
    drafts: list[Draft] = []
    replayed: list[Draft] = []  # sessions of their own: what is replayed sets the version back
    with (
        tempfile.NamedTemporaryFile(suffix=".pickle") as file,
        serving("ipt_clinic.wsgi:application", *AS_THE_CLINIC) as (web, _),
    ):
        for person, *sessions in writers:
            browser = Browser(web)
            browser.sign_in(person.email)
            for among, session in zip((drafts, replayed), sessions, strict=True):
                draft, line = Draft(browser, person, session), Line(web)
                for _ in range(4):  # the first makes the draft, the next show every worker its statements
                    draft.take(line.ask(draft.request()))
                line.close()
                among.append(draft)
        statements = recorded(replayed)
        file.write(pickle.dumps(statements))
        file.flush()
        with serving("bench.floor:application", *AS_THE_CLINIC, BENCH_STATEMENTS=file.name) as (bare, _):
            return compared(web, bare, drafts, statements, seconds, every)


def sessions_of_writers() -> list[tuple[User, TherapySession, TherapySession]]:
    """One of each therapist's courses, and then a second, until there are enough; each with two sessions to write about."""
    found: list[tuple[int, User, Course]] = []
    for person in User.objects.filter(is_active=True).order_by("email"):
        with acting(person.pk):
            carried = Course.objects.carried_by(person, at=timezone.now()).filter(status="in_treatment")
            found += [
                (place, person, course) for place, course in enumerate(carried.order_by("pk")[:WRITERS])
            ]
    found.sort(key=lambda one: one[0])
    if len(found) < WRITERS:
        raise SystemExit(f"this clinic has only {len(found)} courses in treatment, not {WRITERS}")
    writers = []
    for _, person, course in found[:WRITERS]:
        with acting(person.pk):
            first, second = _sessions_to_log([course], person, 2)
            writers.append((person, first, second))
    return writers


def recorded(drafts: list[Draft]) -> dict[str, Statements]:
    """What a save of each draft runs, with a pause and without: all of it, and the writing alone. Taken from saves that are
    rolled back."""
    found: dict[str, Statements] = {}
    for place, draft in enumerate(drafts):
        client = TestClient()
        client.force_login(draft.person)
        for kind in ("pause", "steady"):
            fields = draft.next_fields() | {"pause": "1" if kind == "pause" else ""}
            recorder = Recorder()
            with transaction.atomic():
                with connection.execute_wrapper(recorder):
                    answer = client.post(draft.address, fields, headers={"host": "127.0.0.1"})
                transaction.set_rollback(True)
            if answer.status_code != 200:
                raise SystemExit(f"the save answered {answer.status_code}: {answer.content[:500]!r}")
            found[f"all-{kind}-{place}"] = recorder.statements
            found[f"writes-{kind}-{place}"] = [one for one in recorder.statements if _WRITES.search(one[0])]
    return found


def compared(
    web: int, bare: int, drafts: list[Draft], statements: dict[str, Statements], seconds: float, every: float
) -> dict[str, Any]:
    times: dict[str, list[float]] = {"page": [], "writes": [], "all": []}
    sizes = [len(draft.request()) for draft in drafts]

    def saving(place: int) -> Callable[[Line], None]:
        draft = drafts[place]
        return lambda line: draft.take(line.ask(draft.request()))

    def replaying(which: str, place: int) -> Callable[[Line], None]:
        names: Iterator[str] = (f"{which}-{('pause', 'steady')[turn % 2]}-{place}" for turn in count())
        body = {"sent": "x" * (sizes[place] - 300)}  # as much as a page sends
        return lambda line: void(line.ask(as_request(f"/{next(names)}", body, {})))

    acts = {
        "page": (web, [saving(place) for place in range(WRITERS)]),
        "writes": (bare, [replaying("writes", place) for place in range(WRITERS)]),
        "all": (bare, [replaying("all", place) for place in range(WRITERS)]),
    }
    for port, each in acts.values():
        together(port, each, 1.0, every)  # not counted
    for _ in range(max(1, round(seconds / SLICE))):
        for name, (port, each) in acts.items():
            times[name] += together(port, each, SLICE, every)
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('fsync'), current_setting('synchronous_commit')")
        durable = cursor.fetchone() == ("on", "on")
    return {
        "writers": WRITERS,
        "seconds": seconds,
        "every": every,
        "durable": durable,
        "statements": {name: len(statements[f"{name}-pause-0"]) for name in ("all", "writes")},
        "times": {
            name: {"saves": len(each), "median": statistics.median(each), "p95": p95(each)}
            for name, each in times.items()
        },
    }


def void(_: object) -> None:
    return None


def together(port: int, acts: list[Callable[[Line], None]], seconds: float, every: float) -> list[float]:
    """Milliseconds of each request of all writers. `every` 0: each sends the next as soon as it has its answer."""
    times: list[float] = []
    failed: list[BaseException] = []
    ends = time.perf_counter() + seconds

    def write(place: int, act: Callable[[Line], None]) -> None:
        line = Line(port)
        due = time.perf_counter() + every * place / len(acts)
        try:
            while (now := time.perf_counter()) < ends:
                if now < due:
                    time.sleep(min(due, ends) - now)
                    continue
                due += every
                begun = time.perf_counter()
                act(line)
                times.append((time.perf_counter() - begun) * 1000)
        except BaseException as error:  # told by the main thread
            failed.append(error)
        finally:
            line.close()

    threads = [threading.Thread(target=write, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(str(failed[0]))
    return times


def show(result: dict[str, Any]) -> None:
    pace = f"one save every {result['every']:g} s each" if result["every"] else "each sends the next at once"
    print(f"\n{result['writers']} writers, {pace}, {result['seconds']:g} s; durable: {result['durable']}\n")
    print("| | saves | median ms | p95 ms | statements | ratio of p95 |")
    print("|---|---|---|---|---|---|")
    page = result["times"]["page"]
    names = {
        "page": "autosave",
        "writes": "bare endpoint, the same writes",
        "all": "bare endpoint, all statements",
    }
    for key, name in names.items():
        row = result["times"][key]
        ratio = "" if key == "page" else f"{page['p95'] / row['p95']:.1f}"
        number = result["statements"].get(key, result["statements"]["all"])
        print(f"| {name} | {row['saves']} | {row['median']:.1f} | {row['p95']:.1f} | {number} | {ratio} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="of each, page and floors")
    parser.add_argument(
        "--every", type=float, default=0, help="s between two saves of one writer; 0: at once"
    )
    parser.add_argument("--json", type=Path, help="keep the figures here")
    given = parser.parse_args()
    result = measure(given.seconds, given.every)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))
    show(result)


if __name__ == "__main__":
    main()
