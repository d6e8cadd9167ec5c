"""What was worked on in a course, added up from signed notes: by phase, by focus, and the tasks that are done."""

import re
from datetime import datetime, timedelta

from django.test import Client as Browser
from django.utils import timezone

from courses.models import TaskMark
from sessions.models import SessionFocus
from tests.cast import Cast, held_session, note_of, struck_out
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


def hour(days_ago: int) -> datetime:
    return timezone.now().replace(hour=10, minute=0) - timedelta(days=days_ago)


def opened(client: Browser, cast: Cast, who: str = "tara") -> str:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/courses/{cast.course.pk}/work/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def row_of(page: str, label: str) -> str:
    """The words of the row of that label, tags left out."""
    row = re.search(rf'<th scope="row">{label}</th>.*?</tr>', page)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row.group())).strip() if row else ""


def test_an_empty_page_says_where_to_tick(client: Browser, cast: Cast) -> None:
    page = opened(client, cast)
    assert "Nothing is ticked yet." in page
    assert "tick the strategies and techniques" in page


def test_what_was_ticked_adds_up_by_phase_and_by_focus(client: Browser, cast: Cast) -> None:
    with as_owner():
        for number, ticked in (
            (1, ["psychoeducation"]),
            (4, ["communication_analysis", "conflict_stage"]),
            (5, ["communication_analysis"]),
            (6, []),
        ):
            session = held_session(cast.course, cast.tara, hour(50 - 7 * number), number)
            if number in (4, 5):
                SessionFocus.objects.create(session=session, course=cast.course, area="conflict")
            note_of(session, techniques=ticked, tasks=["initial_timeline"] if number == 1 else [])
        TaskMark.objects.create(
            course=cast.course, task="end_named", state="done", done_on=timezone.localdate(), by=cast.tara
        )
    page = opened(client, cast)
    assert "Most: communication analysis, 2 sessions." in page
    assert "Conflict in 2 sessions." in page
    assert "Nothing is ticked in 1 of 4 signed notes." in page
    line = row_of(page, "Communication analysis")
    assert line.startswith("Communication analysis 2 Session 4, ")
    assert "Session 5, " in line
    assert "Communication analysis 2, Found its stage" in row_of(page, "Conflict")
    assert "Encouraging feelings" not in page
    assert 'Initial <span class="muted num">1 of 9</span>' in page
    assert "session 1, " in page
    assert "1 of 9" in page.split("Ending named")[0].rsplit("End ", 1)[1]


def test_drafts_and_struck_notes_count_for_nothing(client: Browser, cast: Cast) -> None:
    with as_owner():
        note_of(held_session(cast.course, cast.tara, hour(9), 1), signed=False, techniques=["role_play"])
        struck = note_of(held_session(cast.course, cast.tara, hour(2), 2), techniques=["limits"])
        struck_out(struck, cast.tara)
    for who in ("tara", "sunil", "lena"):
        page = opened(client, cast, who)
        assert "Role play" not in page
        assert "Setting limits" not in page


def test_two_or_forty_sessions_cost_the_same(client: Browser, cast: Cast) -> None:
    def meet(first: int, last: int) -> None:
        for number in range(first, last):
            session = held_session(cast.course, cast.tara, hour(59 - number), number, minutes=20)
            SessionFocus.objects.create(session=session, course=cast.course, area="grief")
            note_of(session, techniques=["affect", "grief_events"], tasks=["initial_timeline"])

    with as_owner():
        meet(1, 3)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/work/"
    two, _ = queries_of(client, address)
    with as_owner():
        meet(3, 43)
    forty, _ = queries_of(client, address)
    assert len(two) == len(forty) <= 10
