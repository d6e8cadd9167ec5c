"""Lists cost the same for five rows or five hundred. What every page pays besides is counted apart: the sign-in, the setting
of the acting person, the transaction, the row of the trail."""

from datetime import datetime, timedelta

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outcomes.models import Alert, AlertAct, Response
from referrals.models import ContactAttempt, Referral, WaitPause
from tests.cast import (
    Cast,
    action_of,
    agreed_focus,
    answered,
    client_named,
    course_for,
    held_session,
    note_of,
    on_the_agenda,
    person,
    session_of,
)
from tests.roles import as_owner

FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "select set_config", "BEGIN", "COMMIT", "ROLLBACK")
SIGN_IN = ('FROM "django_session"', 'FROM "usersessions_usersession"', 'UPDATE "usersessions_usersession"')


def is_frame(sql: str) -> bool:
    # The history's context travels in front of the trail's row, in one statement.
    if sql.startswith(FRAME) or 'INSERT INTO "audit_event"' in sql:
        return True
    signed_in_person = 'FROM "staff_user" WHERE "staff_user"."id" = ' in sql and sql.endswith("LIMIT 21")
    return signed_in_person or any(mark in sql for mark in SIGN_IN)


def queries_of(browser: Browser, address: str) -> tuple[list[str], list[str]]:
    """The page's own questions, and those of the frame, at the second look (the first fills caches)."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    all_sql = [query["sql"] for query in asked.captured_queries]
    return [sql for sql in all_sql if not is_frame(sql)], [sql for sql in all_sql if is_frame(sql)]


def add_waits(cast: Cast, count: int, *, start: int = 0) -> None:
    """Of three, one to be screened, one ready, one with a therapist; tried to reach, paused, urgent now and then."""
    today = timezone.localdate()
    for index in range(start, start + count):
        status = "waiting" if index % 3 else "referred"
        course = course_for(
            client_named(f"Wait{index:03}", "Waits"),
            status=status,
            referred_on=today - timedelta(days=43 + index % 90),
            priority=index % 2,
            paused_since=today - timedelta(days=1) if index % 4 == 1 else None,
        )
        Referral.objects.create(course=course, way="letter", entered_by=cast.ada)
        ContactAttempt.objects.create(course=course, how="phone", result="reached", by=cast.ada)
        if index % 4 == 1:
            WaitPause.objects.create(
                course=course, starts_on=today - timedelta(days=1), reason="Ill.", by=cast.ada
            )
        if index % 3 == 0:
            course.allocations.create(therapist=cast.sara, kind="screening", by=cast.ada)  # type: ignore[attr-defined]
            cast.held = course  # type: ignore[attr-defined]
        if index % 3 == 2:
            course.allocations.create(therapist=cast.olga, by=cast.ada)


def add_courses(cast: Cast, count: int, *, start: int = 0) -> None:
    """Courses of Tara's with sessions, scores, focus, drafts, flags and appointments today. Five hundred clients do not fit
    into one diary, so their sessions last a few minutes, one after another."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for index in range(start, start + count):
        course = course_for(client_named(f"Client{index:03}", "Listed"), cast.tara, status="in_treatment")
        for number in range(1, 1 + index % 3):
            starts_at = today - timedelta(days=90 - 30 * number, minutes=6 * index)
            session = held_session(course, cast.tara, starts_at, number, minutes=5)
            answered(session, "phq9", [1] * 8 + [0])
            note_of(session, signed=index % 5 > 0)
        if index == 0:
            note_of(session_of(course, cast.tara, today - timedelta(days=100), minutes=5), signed=False)
        if index % 2:
            agreed_focus(course, "grief", cast.tara)
        if index % 3 == 1:
            on_the_agenda(course, cast.tara, "Is it grief?", position=index)
        if index % 3 < 2:
            action_of(course, cast.tara, cast.sunil)
        if index < 200:
            session_of(course, cast.tara, today + timedelta(minutes=6 * index), minutes=5)


PAGES = (
    ("tara", "/today/", 13),
    ("tara", "/today/?sort=change&phase=initial&focus=grief&q=listed", 13),
    ("tara", "/caseload/", 5),
    ("tara", "/caseload/?sort=-course&phase=initial&focus=none&show=all&q=listed", 5),
    ("tara", "/attention/all/", 5),
    ("tara", "/unsigned/", 4),
    ("sunil", "/unsigned/", 6),
    ("ada", "/unsigned/", 4),
    ("lena", "/unsigned/", 6),
    ("sunil", "/supervisees/", 11),
    ("sunil", "/supervision/", 30),
    ("sunil", "/supervision/?flag=any&phase=initial&q=listed", 30),
    ("lena", "/supervision/", 30),
    ("tara", "/supervision/flags/", 12),
    ("sunil", "/supervision/flags/", 12),
    ("sunil", "/supervision/flags/measure/", 12),
    ("sunil", "/supervision/figures/improvement/", 12),
    ("sunil", "/supervision/figures/phq9/", 12),
    ("lena", "/supervision/service/", 20),
    ("lena", "/all/", 13),
    ("ada", "/clinic/", 5),
    ("ada", "/waiting/", 17),
    ("ada", "/waiting/?view=board", 17),
    ("lena", "/waiting/?group=ready&wait=first&sort=name", 16),
    ("sara", "/waiting/", 15),
    ("sara", "/screening/", 8),
    ("ada", "/screening/", 11),
    ("lena", "/screening/?held=nobody", 11),
    ("ada", "/courses/{held}/referral/give/", 11),
    ("sara", "/courses/{held}/referral/screen/", 24),
    ("sara", "/today/", 17),
    ("ada", "/office/", 10),
    ("lena", "/office/", 10),
    ("ada", "/office/unbooked/", 5),
    ("ada", "/office/clashes/", 5),
    ("tara", "/find/?q=listed", 4),
    ("ada", "/find/?q=listed", 4),
    ("tara", "/courses/{course}/", 9),
    ("tara", "/courses/{course}/alerts/new/", 6),
    ("tara", "/courses/{course}/links/new/", 12),
    ("ada", "/courses/{course}/links/new/", 10),
    ("tara", "/courses/{course}/measures/", 9),
    ("tara", "/courses/{course}/measures/new/?measure=phq9", 9),
    ("tara", "/courses/{course}/goals/", 9),
    ("tara", "/courses/{course}/ending/", 14),
    ("tara", "/courses/{course}/relationships/", 14),
    ("tara", "/courses/{course}/timeline/", 12),
    ("tara", "/courses/{course}/work/", 10),
    ("tara", "/courses/{course}/formulation/", 13),
    ("tara", "/courses/{course}/contract/", 11),
    ("ada", "/courses/{course}/contract/", 10),
    ("tara", "/courses/{course}/tasks/", 16),
    ("tara", "/courses/{course}/letters/", 9),
    ("tara", "/courses/{course}/print/?choose=1&part=notes&part=people", 9),
    ("sunil", "/supervision/agenda/", 24),
    ("tara", "/supervision/agenda/", 24),
    ("tara", "/courses/{course}/supervision/", 12),
    ("ada", "/measures/wording/wsas/", 2),
    ("ada", "/referrals/new/?q=listed", 1),
    ("ada", "/courses/{course}/referral/", 11),
    ("tara", "/courses/{course}/referral/", 12),
    ("tara", "/again/", 0),
)


def test_lists_cost_the_same_for_five_rows_or_five_hundred(client: Browser, cast: Cast) -> None:
    with as_owner():
        cast.sara = person("Sara Screens", "therapist", is_screener=True)  # type: ignore[attr-defined]
        add_courses(cast, 5)
        add_waits(cast, 5)
    five = counts(client, cast)
    with as_owner():
        add_courses(cast, 495, start=5)
        add_waits(cast, 495, start=5)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in a running clinic
    five_hundred = counts(client, cast)
    assert five == five_hundred
    most = {f"{who} {address}": limit for who, address, limit in PAGES}
    assert {page: count for page, (count, _) in five.items() if count > most[page]} == {}
    assert {page: frame for page, (_, frame) in five.items() if frame > 7} == {}


def address_in(cast: Cast, address: str) -> str:
    return address.format(course=cast.course.pk, held=cast.held.pk)  # type: ignore[attr-defined]


def counts(client: Browser, cast: Cast) -> dict[str, tuple[int, int]]:
    """By page: its own questions, and what the frame asked."""
    found = {}
    for who, address, _ in PAGES:
        client.force_login(getattr(cast, who))
        own, frame = queries_of(client, address_in(cast, address))
        found[f"{who} {address}"] = (len(own), len(frame))
    return found


# No lists: the print of the notes themselves, and the records of supervision of one course.
SHOW_WORDS = ("part=notes", "{course}/supervision/")


def test_no_list_selects_the_words_of_a_note(client: Browser, cast: Cast) -> None:
    with as_owner():
        cast.sara = person("Sara Screens", "therapist", is_screener=True)  # type: ignore[attr-defined]
        add_courses(cast, 5)
        add_waits(cast, 5)
    words = [f'"therapy_sessions_note"."{part}"' for part in ("week", "work", "next_time", "risk", "form")]
    for who, address, _ in PAGES:
        client.force_login(getattr(cast, who))
        if any(part in address for part in SHOW_WORDS):
            continue
        own, _ = queries_of(client, address_in(cast, address))
        assert not [sql for sql in own if any(word in sql for word in words)], address


def test_an_alert_costs_the_same_with_one_act_or_forty(client: Browser, cast: Cast) -> None:
    """The acts, whom it was told to, and the earlier answers to the same question."""
    now = timezone.now()

    def grown(alert: Alert, times: int) -> None:
        for number in range(times):
            at = now - timedelta(days=40, minutes=number)
            answered_on_a_day(cast, at)
            AlertAct.objects.create(
                alert=alert, course=cast.course, kind="asked", words="Asked her.", by=cast.tara, at=at
            )

    with as_owner():
        alert = Alert.objects.create(
            course=cast.course,
            response=answered_on_a_day(cast, now),
            item=9,
            value=1,
            raised_at=now,
            tell_from=now,
        )
        grown(alert, 1)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/alerts/{alert.pk}/"
    one, _ = queries_of(client, address)
    with as_owner():
        grown(alert, 40)
    forty, _ = queries_of(client, address)
    assert len(one) == len(forty) <= 18


def answered_on_a_day(cast: Cast, at: datetime) -> Response:
    return Response.objects.create(
        course=cast.course,
        measure="phq9",
        instrument_version="1",
        answers=[0] * 8 + [1],
        total=1,
        taken_at=at,
        entered_by=cast.tara,
    )
