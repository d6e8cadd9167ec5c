"""`kill -9` of the browser, the web, PostgreSQL and all three while a note is being typed, at moments drawn by chance.

Promised: at most five seconds of typing are lost, and nothing that was answered as saved. Where the page lives on, nothing is
lost at all: it saves by itself once the clinic is back. The long form (`pytest -m long tests/faults`) does fifty moments
and prints what each of them cost."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Error, Playwright

from tests.faults.writer import TEXT, Writer, browser_of
from tests.running import RunningClinic, children_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the processes are found in /proc"),
]

AT_MOST = 5.0  # s of typing that may be lost
BACK_WITHIN = 60.0  # s until the page has saved by itself again, the start of the clinic included
KINDS = ("browser", "web worker", "PostgreSQL", "all three", "database session", "web master", "launcher")
SEED = int(os.environ.get("FAULTS_SEED", "0")) or random.randrange(1, 1_000_000)


@dataclass
class Outcome:
    kind: str
    moment: float  # s after the first key
    typed: int = 0  # characters, at the moment of the kill
    unsaved: float = 0.0  # s of typing that had no answer yet
    lost: float = 0.0  # s of typing that were lost for good
    back: float = 0.0  # s until a save was answered again
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def clinic() -> Iterator[RunningClinic]:
    running = RunningClinic()
    yield running
    running.close()


@dataclass(frozen=True)
class Unwritten:
    """A session of the invented clinic that was held and is not signed."""

    session: str
    address: str
    email: str
    before: str


@pytest.fixture(scope="module")
def notes(clinic: RunningClinic) -> list[Unwritten]:
    rows = ask(
        clinic,
        "select s.id::text, '/courses/' || s.course_id || '/sessions/' || s.id || '/', u.email, coalesce(n.work, '')"
        " from therapy_sessions_therapysession s join staff_user u on u.id = s.therapist_id"
        " join courses_course c on c.id = s.course_id left join therapy_sessions_note n on n.session_id = s.id"
        " where s.attendance is null and s.entered_in_error_at is null and s.kind = 'treatment'"
        " and c.status = 'in_treatment' and s.starts_at < now() and (n.id is null or n.author_id = u.id)"
        " and n.signed_at is null order by s.starts_at, s.id",
    )
    assert rows
    return [Unwritten(*row) for row in rows]


def ask(clinic: RunningClinic, question: str, *values: Any) -> list[tuple[Any, ...]]:
    """The database's own word, past the walls."""
    connection = psycopg2.connect(clinic.owners_address())
    try:
        with connection.cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchall()
    finally:
        connection.close()


# --- The tests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS[:4])
def test_what_is_typed_survives_kill_9_of(
    clinic: RunningClinic, notes: list[Unwritten], playwright: Playwright, kind: str
) -> None:
    print(f"FAULTS_SEED={SEED}")
    place = KINDS.index(kind)
    chance = random.Random(SEED + place)
    note = notes[place % len(notes)]
    outcome = one_moment(
        clinic, playwright, note, kind, chance.uniform(1.5, 6.5), chance, then_sign=len(notes) > place
    )
    assert outcome.wrong == []


@pytest.mark.long
def test_at_fifty_moments_at_most_five_seconds_are_lost_and_no_answered_save(
    clinic: RunningClinic, notes: list[Unwritten], playwright: Playwright, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kinds in turn over the notes in turn, each note growing on; every note is signed after its last moment."""
    moments = int(os.environ.get("FAULTS_MOMENTS", "50"))
    chance = random.Random(SEED)
    free = notes[: min(len(notes), moments)]
    outcomes = []
    with capsys.disabled():
        print(f"\nFAULTS_SEED={SEED}", end="", flush=True)
    for turn in range(moments):
        kind, note = KINDS[turn % len(KINDS)], free[turn % len(free)]
        last = turn + len(free) >= moments
        outcomes.append(
            one_moment(clinic, playwright, note, kind, chance.uniform(1, 10), chance, then_sign=last)
        )
        with capsys.disabled():
            print(f"\n{turn + 1}/{moments} {outcomes[-1]}", end="", flush=True)
    table = as_table(outcomes)
    with capsys.disabled():
        print(f"\n\n{table}")
    if kept_in := os.environ.get("FAULTS_TABLE"):
        Path(kept_in).write_text(table)
    assert [(outcome.kind, outcome.wrong) for outcome in outcomes if outcome.wrong] == []


# --- One moment -------------------------------------------------------------------------------------------------------


def one_moment(
    clinic: RunningClinic,
    playwright: Playwright,
    note: Unwritten,
    kind: str,
    moment: float,
    chance: random.Random,
    *,
    then_sign: bool,
) -> Outcome:
    """Types, kills, brings back what a person brings back, and looks at what is kept."""
    outcome = Outcome(kind, moment)
    with browser_of(playwright) as (browser, process):
        writer = Writer(
            browser.new_context(),
            clinic.address,
            note.email,
            note.address,
            before=note.before,
            seed=chance.randrange(10**9),
        )
        if writer.found != writer.written():
            outcome.wrong.append("the page does not go on with the text that was kept")
        kill = Kill(victims(clinic, kind, process, chance), after=moment)
        try:
            writer.type_on(for_seconds=moment + 0.3)
        except Error:
            if kind not in ("browser", "all three"):
                raise
        killed_at = kill.wait()
        outcome.typed = sum(at <= killed_at for at in writer.typed_at.values())
        answered = [save.text for save in writer.saved if save.at <= killed_at]
        outcome.unsaved = writer.lost_seconds(answered[-1] if answered else writer.found, at=killed_at)
        if kind in ("browser", "all three"):
            recover(clinic, kind)
        else:
            go_on_writing(clinic, writer, outcome, killed_at)
    if kind in ("browser", "all three"):
        look_for_loss(clinic, note, writer, outcome, killed_at)
    look_at_the_note(clinic, playwright, note, writer, outcome, then_sign=then_sign)
    for name in ("unsaved", "lost"):
        if getattr(outcome, name) > AT_MOST:
            outcome.wrong.append(f"{getattr(outcome, name):.1f} s {name}")
    return outcome


class Kill:
    """SIGKILL for all of them at once, from a thread of its own: the moment must not depend on what the typing waits for."""

    def __init__(self, pids: list[int], *, after: float):
        self._pids = pids
        self._at = 0.0
        self._timer = threading.Timer(after, self._now)
        self._timer.start()

    def _now(self) -> None:
        self._at = time.monotonic()
        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)

    def wait(self) -> float:
        self._timer.join()
        return self._at


def victims(clinic: RunningClinic, kind: str, browser: int, chance: random.Random) -> list[int]:
    """Processes below those that this test started itself."""
    processes: dict[str, Callable[[], list[int]]] = {
        "browser": lambda: [browser],
        "web worker": lambda: [clinic.web_worker()],
        "PostgreSQL": lambda: [clinic.postmaster()],
        "all three": lambda: [browser, clinic.web_worker(), clinic.postmaster()],
        "database session": lambda: [session_of_the_web(clinic)],
        "web master": lambda: [clinic.web_master()],
        "launcher": lambda: [clinic.launcher.pid],
    }
    found = processes[kind]()
    chance.shuffle(found)
    return found


def session_of_the_web(clinic: RunningClinic) -> int:
    """One process of PostgreSQL that works for the web. Its death makes PostgreSQL throw out all the others and begin anew."""
    rows = ask(
        clinic,
        "select pid from pg_stat_activity where usename = 'ipt_app' order by state_change desc limit 1",
    )
    assert rows[0][0] in children_of(clinic.postmaster())
    return int(rows[0][0])


def recover(clinic: RunningClinic, kind: str) -> None:
    """What a person does: the browser is opened again by the next look, and a clinic that closed is started again."""
    if kind in ("browser", "web worker", "database session"):
        return
    clinic.launcher.wait(timeout=BACK_WITHIN)
    clinic.open()


def go_on_writing(clinic: RunningClinic, writer: Writer, outcome: Outcome, killed_at: float) -> None:
    """The writer has not looked up: typing goes on without a pause, and the page must save again all the same."""
    recovery = threading.Thread(target=recover, args=(clinic, outcome.kind))
    recovery.start()
    while (
        recovery.is_alive() or not answered_since(writer, killed_at)
    ) and time.monotonic() < killed_at + BACK_WITHIN:
        writer.type_on(for_seconds=0.4, pauses=False)
    recovery.join()
    if not answered_since(writer, killed_at):
        outcome.wrong.append("the page does not save again while typing goes on")
    if not writer.wait_until_saved(seconds=BACK_WITHIN):
        outcome.wrong.append("the page does not save again by itself")
    outcome.back = (answered_since(writer, killed_at) or [time.monotonic()])[0] - killed_at
    if writer.text() != writer.written():
        outcome.wrong.append("the page does not hold what was typed")


def answered_since(writer: Writer, moment: float) -> list[float]:
    return [save.at for save in writer.saved if save.at > moment + 0.2]


def look_for_loss(
    clinic: RunningClinic, note: Unwritten, writer: Writer, outcome: Outcome, killed_at: float
) -> None:
    """The page is gone: what the database has is all that there is."""
    rows = ask(clinic, "select work, version from therapy_sessions_note where session_id = %s", note.session)
    kept, version = rows[0] if rows else (note.before, 0)
    outcome.lost = writer.lost_seconds(kept, at=killed_at)
    if not (note.before + TEXT).startswith(kept):
        outcome.wrong.append(f"the kept text is not what was typed: …{kept[-80:]!r}")
    if writer.saved and not kept.startswith(writer.saved[-1].text):
        outcome.wrong.append(
            f"an answered save is lost: {writer.saved[-1].text[-12:]!r} against {kept[-12:]!r}"
        )
    if writer.saved and version <= writer.saved[-1].based_on:
        outcome.wrong.append(f"the draft is at version {version}, older than one that was answered")


def look_at_the_note(
    clinic: RunningClinic,
    playwright: Playwright,
    note: Unwritten,
    earlier: Writer,
    outcome: Outcome,
    *,
    then_sign: bool,
) -> None:
    """Somebody sits down again: one draft, with the text that was kept, which can be written on and, at last, signed."""
    with browser_of(playwright) as (browser, _):
        writer = Writer(
            browser.new_context(), clinic.address, note.email, note.address, before=note.before, seed=1
        )
        if writer.found != writer.written():
            outcome.wrong.append("the page does not show what was kept")
        if outcome.kind not in ("browser", "all three") and writer.found != earlier.written():
            outcome.wrong.append("something that was typed is missing in the end")
        writer.type_on(for_seconds=0.5)
        if not writer.wait_until_saved(seconds=BACK_WITHIN):
            outcome.wrong.append("the note cannot be written on")
        outcome.wrong += earlier.refused + writer.refused
        look_at_the_history(clinic, note, [*earlier.saved, *writer.saved], outcome)
        if then_sign:
            writer.sign()
    rows = ask(
        clinic,
        "select work, version, signed_at is not null from therapy_sessions_note where session_id = %s",
        note.session,
    )
    if [(work, signed) for work, _, signed in rows] != [(writer.written(), then_sign)]:
        outcome.wrong.append(f"in the database stands: {rows!r}")
    elif rows[0][1] <= writer.saved[-1].based_on:
        outcome.wrong.append("the version went back")


def look_at_the_history(clinic: RunningClinic, note: Unwritten, saved: list[Any], outcome: Outcome) -> None:
    """Each pause that was answered is a version that can be brought back."""
    rows = ask(
        clinic,
        "select v.parts ->> 'work' from therapy_sessions_draftversion v join therapy_sessions_note n on n.id = v.note_id"
        " where n.session_id = %s",
        note.session,
    )
    for missing in {save.text for save in saved if save.is_pause} - {text for (text,) in rows}:
        outcome.wrong.append(f"a pause is not in the history: …{missing[-12:]!r}")


def as_table(outcomes: list[Outcome]) -> str:
    lines = [
        "| killed | moments | characters typed before | s without an answer, at most | s lost, median | s lost, at most"
        " | s until saved again, median | at most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in KINDS:
        mine = [outcome for outcome in outcomes if outcome.kind == kind]
        if not mine:
            continue
        back, lost = sorted(one.back for one in mine), sorted(one.lost for one in mine)
        lines.append(
            f"| {kind} | {len(mine)} | {sum(one.typed for one in mine)} | {max(one.unsaved for one in mine):.1f}"
            f" | {lost[len(lost) // 2]:.1f} | {lost[-1]:.1f} | {back[len(back) // 2]:.1f} | {back[-1]:.1f} |"
        )
    return "\n".join(lines) + "\n"
