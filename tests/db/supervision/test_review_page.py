"""The progress review as its readers see it: whose courses, in which order, with which reasons; its figures and what they
open."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from courses.models import Allocation, Course
from outcomes.models import Alert
from sessions.models import Note, NoteKind
from staff.models import Clinic, User
from supervision.flags import FLAGS, IN_REVIEW
from supervision.models import AgendaItem, FlagAnswer, Meeting, MeetingPerson
from supervision.shape import Flag, Found
from tests.cast import (
    Cast,
    answered,
    client_named,
    course_for,
    held_session,
    note_of,
    person,
    session_of,
    supervises,
)
from tests.db.supervision.test_review_flags import discussed, gad7, phq9
from tests.roles import as_owner

LONG = "Ask about Sunday and keep to the focus. " * 8
NAME = re.compile(r'<a class="who" href="/courses/[0-9a-f-]+/">([^<]+)</a>')


def page(client: Browser, reader: User, address: str = "/supervision/") -> str:
    client.force_login(reader)
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def names(html: str) -> list[str]:
    return NAME.findall(html)


def under_way(cast: Cast, name: str, scores: tuple[int, ...] = (), *, by: User | None = None) -> Course:
    """Weekly sessions with a signed note and both questionnaires each, discussed yesterday, the next one booked: on track."""
    now = timezone.now()
    course = course_for(client_named(name, "Listed"), by or cast.tara, status="in_treatment")
    for number, total in enumerate(scores, start=1):
        days = 7 * (len(scores) - number) + 2
        # One hour for each course of the clinic, so that no two meet.
        start = now - timedelta(days=days, hours=Course.objects.count())
        session = held_session(course, by or cast.tara, start, number)
        answered(session, "phq9", phq9(total))
        answered(session, "gad7", gad7(5))
        note_of(session)
    session_of(course, by or cast.tara, now + timedelta(days=3, hours=Course.objects.count()))
    discussed(course, cast.sunil, 0, happened_at=now - timedelta(days=1), signed_at=now - timedelta(days=1))
    return course


@pytest.fixture
def clinic(cast: Cast) -> Cast:
    """Of Tara's: one on track, one that worsened, one with an alert; and the course that every cast has, which was never
    discussed."""
    with as_owner():
        under_way(cast, "Maya", (19, 15, 12))
        under_way(cast, "Owen", (10, 12, 18))
        cast.alarmed = under_way(cast, "Ruth", (10, 10))  # type: ignore[attr-defined]
        session = cast.alarmed.sessions.get(number=2)  # type: ignore[attr-defined]
        response = session.responses.get(measure="phq9").response
        cast.alert = Alert.objects.create(course=cast.alarmed, response=response, item=9, value=2)  # type: ignore[attr-defined]
    return cast


def test_the_most_concerning_comes_first_and_what_is_on_track_last(client: Browser, clinic: Cast) -> None:
    html = page(client, clinic.sunil)
    assert names(html) == ["Ruth Listed", "Owen Listed", "Maya Fielding", "Maya Listed"]
    assert "You supervise 1 therapist · 4 active courses" in html
    assert "Item 9 scored 2" in html
    assert "Reliable deterioration" in html
    assert "On track" in html


def test_each_reason_opens_the_row_behind_it(client: Browser, clinic: Cast) -> None:
    html = page(client, clinic.sunil)
    alert = reverse("outcomes:alert", args=[clinic.alarmed.pk, clinic.alert.pk])  # type: ignore[attr-defined]
    assert f'<a class="tag risk" href="{alert}">Item 9 scored 2</a>' in html
    assert "Answer alert" in html
    assert client.get(alert).status_code == 200


def test_what_was_decided_last_stands_in_the_row_cut_to_a_line(client: Browser, clinic: Cast) -> None:
    with as_owner():
        now = timezone.now()
        long = discussed(clinic.alarmed, clinic.sunil, 0, happened_at=now, signed_at=now, next_time=LONG)  # type: ignore[attr-defined]
        Note.objects.create(
            kind=NoteKind.SUPERVISION,
            course=clinic.alarmed,
            author=clinic.sunil,
            form={"next_time": "A draft."},  # type: ignore[attr-defined]
        )
    html = page(client, clinic.sunil)
    assert (
        ">Ask about Sunday and keep to the focus. Ask about Sunday and keep to the focus. Ask about …<"
        in html
    )
    assert "A draft." not in html
    assert long.next_time not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?flag=any", ["Ruth Listed", "Owen Listed", "Maya Fielding"]),
        ("?flag=none", ["Maya Listed"]),
        ("?flag=risk", ["Ruth Listed"]),
        ("?flag=deterioration", ["Owen Listed"]),
        ("?flag=unreviewed", ["Maya Fielding"]),  # allocated sixty days ago, and never discussed
        ("?flag=new", []),
        ("?flag=considered", []),
        ("?phase=initial&q=ruth", ["Ruth Listed"]),
        ("?phase=middle", []),
        (
            "?flag=nonsense&therapist=nobody&page=x",
            ["Ruth Listed", "Owen Listed", "Maya Fielding", "Maya Listed"],
        ),
        ("?page=2", []),
    ],
)
def test_the_address_narrows_the_list(client: Browser, clinic: Cast, query: str, expected: list[str]) -> None:
    assert names(page(client, clinic.sunil, f"/supervision/{query}")) == expected


def test_the_list_is_narrowed_by_therapist(client: Browser, clinic: Cast) -> None:
    with as_owner():
        supervises(clinic.sunil, clinic.olga)
    assert "Owen Pritchard" in names(page(client, clinic.sunil))
    assert names(page(client, clinic.sunil, f"/supervision/?therapist={clinic.olga.pk}")) == [
        "Owen Pritchard"
    ]


def test_a_line_that_ended_ends_the_view_of_its_courses(client: Browser, clinic: Cast) -> None:
    with as_owner():
        clinic.line.ends_at = timezone.now()
        clinic.line.save()
    html = page(client, clinic.sunil)
    assert names(html) == []
    assert "No courses yet" in html


def test_the_deputy_sees_them_while_the_supervisor_is_on_leave(client: Browser, clinic: Cast) -> None:
    assert names(page(client, clinic.dana)) == []
    with as_owner():
        clinic.sunil.leave.create(
            starts_on=timezone.localdate(), ends_on=timezone.localdate(), cover=clinic.dana
        )
    assert "Ruth Listed" in names(page(client, clinic.dana))


def test_the_lead_sees_the_whole_clinic(client: Browser, clinic: Cast) -> None:
    html = page(client, clinic.lena)
    assert set(names(html)) == {
        "Ruth Listed",
        "Owen Listed",
        "Maya Listed",
        "Maya Fielding",
        "Owen Pritchard",
    }
    assert "The whole clinic · 2 therapists · 5 active courses" in html


@pytest.mark.parametrize("name", ["tara", "olga", "ada", "nadia"])
def test_who_supervises_nobody_has_no_review(client: Browser, clinic: Cast, name: str) -> None:
    client.force_login(getattr(clinic, name))
    assert client.get("/supervision/").status_code == 403
    assert client.get("/supervision/figures/phq9/").status_code == 403


def test_a_course_on_the_agenda_says_so(client: Browser, clinic: Cast) -> None:
    with as_owner():
        worse = Course.objects.get(client__first_name="Owen", client__last_name="Listed")
        AgendaItem.objects.create(course=worse, added_by=clinic.tara)
    assert "✓ On agenda" in page(client, clinic.sunil)


def test_a_flag_that_was_considered_is_muted_and_sinks_and_stays(client: Browser, clinic: Cast) -> None:
    with as_owner():
        worse = Course.objects.get(client__first_name="Owen", client__last_name="Listed")
        highest = worse.sessions.get(number=3).responses.get(measure="phq9").response
        FlagAnswer.objects.create(
            course=worse,
            flag="deterioration",
            subject=highest.pk,
            reason="A bereavement this week.",
            until=timezone.localdate(),
            by=clinic.sunil,
        )
        new = course_for(client_named("Nell", "Listed"), clinic.tara, status="in_treatment")
        Allocation.objects.filter(course=new).update(starts_at=timezone.now() - timedelta(days=1))
    html = page(client, clinic.sunil)
    assert names(html)[0] == "Ruth Listed"
    assert names(html).index("Owen Listed") > names(html).index("Nell Listed")
    assert "A bereavement this week." in html
    assert names(page(client, clinic.sunil, "/supervision/?flag=considered")) == ["Owen Listed"]
    assert "Owen Listed" not in names(page(client, clinic.sunil, "/supervision/?flag=any"))
    # A higher score is a new reason: the flag speaks up again.
    with as_owner():
        session = held_session(worse, clinic.tara, timezone.now() - timedelta(hours=40), 4)
        answered(session, "phq9", phq9(20))
        note_of(session)
    assert names(page(client, clinic.sunil, "/supervision/?flag=considered")) == []


# --- The figures


def figures(html: str) -> dict[str, tuple[str, str]]:
    """Label → value and address."""
    found = re.findall(r'<li><a href="([^"]+)"><b class="num">([^<]+)</b> <span>([^<]+)</span>', html)
    return {label: (value, href) for href, value, label in found}


def test_each_figure_opens_exactly_its_rows(client: Browser, clinic: Cast) -> None:
    with as_owner():
        for scores, name in (((18, 7), "Better"), ((18, 16), "Same"), ((18,), "Short")):
            ended = under_way(clinic, name, scores)
            ended.status, ended.ended_on, ended.end_reason = "ended", timezone.localdate(), "46"
            ended.save()
        old = under_way(clinic, "Old", (18, 7))
        old.status, old.ended_on, old.end_reason = "ended", timezone.localdate() - timedelta(days=366), "46"
        old.referred_on = timezone.localdate() - timedelta(days=500)
        old.save()
    shown = figures(page(client, clinic.sunil))
    assert shown["need discussion"] == ("3", "/supervision/?flag=any#list")
    assert shown["not reviewed in 28 days"][0] == "1"
    assert names(page(client, clinic.sunil, shown["not reviewed in 28 days"][1].split("#")[0])) == [
        "Maya Fielding"
    ]
    value, href = shown["reliable improvement, 1 of 2 ended courses"]
    assert value == "50%"
    assert set(names(page(client, clinic.sunil, href))) == {"Better Listed", "Same Listed"}
    value, href = shown["sessions with a PHQ-9, 8 of 8"]
    assert value == "100%"
    assert "8 of 8 attended treatment sessions" in page(client, clinic.sunil, href)


# --- The lead's page, and where each begins


def test_the_lead_sees_every_line_and_who_is_overdue(client: Browser, clinic: Cast) -> None:
    with as_owner():
        meeting = Meeting.objects.create(supervisor=clinic.sunil, held_at=timezone.now() - timedelta(days=28))
        MeetingPerson.objects.create(meeting=meeting, person=clinic.tara)
        Meeting.objects.filter(pk=meeting.pk).update(signed_at=timezone.now() - timedelta(days=28))
    html = page(client, clinic.lena, "/supervision/service/")
    assert "1 without a supervisor · 1 overdue" in html  # Olga, whom nobody supervises
    assert html.index("Olga Other") < html.index("Tara Tree")
    assert "28 days ago" in html
    shown = figures(html)
    assert shown["Risk"] == ("1", "/supervision/?flag=risk#list")
    assert names(page(client, clinic.lena, "/supervision/?flag=risk")) == ["Ruth Listed"]


@pytest.mark.parametrize(("days", "count"), [(28, 1), (29, 2)])
def test_who_has_waited_longer_than_the_clinics_days_is_overdue(
    client: Browser, cast: Cast, days: int, count: int
) -> None:
    with as_owner():
        held = timezone.now() - timedelta(days=days)
        meeting = Meeting.objects.create(
            supervisor=cast.sunil, held_at=held, signed_at=held + timedelta(hours=1)
        )
        MeetingPerson.objects.create(meeting=meeting, person=cast.tara)
    assert f"1 without a supervisor · {count} overdue" in page(client, cast.lena, "/supervision/service/")


@pytest.mark.parametrize("name", ["sunil", "dana", "tara", "ada"])
def test_only_the_lead_sees_all_lines(client: Browser, cast: Cast, name: str) -> None:
    client.force_login(getattr(cast, name))
    assert client.get("/supervision/service/").status_code == 403


def test_a_supervisor_begins_at_the_review_and_so_does_a_deputy_without_a_role(
    client: Browser, cast: Cast
) -> None:
    with as_owner():
        cora = person("Cora Covers")
        cast.line.deputy = cora
        cast.line.save()
    for who in (cast.sunil, cora):
        client.force_login(who)
        assert client.get("/").headers["Location"] == "/supervision/"
        assert '<a href="/supervision/" aria-current="page">Supervision</a>' in page(client, who)


# --- The rules


def test_every_rule_has_a_page_that_says_what_it_means(client: Browser, clinic: Cast) -> None:
    for reader in (clinic.tara, clinic.sunil, clinic.lena):
        html = page(client, reader, "/supervision/flags/")
        for flag in FLAGS:
            assert f"/supervision/flags/{flag.slug}/" in html
    for flag in FLAGS:
        html = page(client, clinic.sunil, f"/supervision/flags/{flag.slug}/")
        assert flag.sentence in html
        assert flag.todo in html
    client.force_login(clinic.sunil)
    assert client.get("/supervision/flags/nonsense/").status_code == 404


def test_a_rule_shows_the_clinics_own_number_and_who_may_change_it(client: Browser, clinic: Cast) -> None:
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"flag_unreviewed_days": 21})
    html = page(client, clinic.sunil, "/supervision/flags/unreviewed/")
    assert "21 days" in html
    assert "which the clinical lead may change" in html
    assert "not reviewed in 21 days" in page(client, clinic.sunil)


def test_a_rule_lists_what_is_up_for_the_reader_and_nobody_elses(client: Browser, clinic: Cast) -> None:
    assert names(page(client, clinic.sunil, "/supervision/flags/risk/")) == ["Ruth Listed"]
    assert names(page(client, clinic.tara, "/supervision/flags/risk/")) == ["Ruth Listed"]
    assert names(page(client, clinic.olga, "/supervision/flags/risk/")) == []


@pytest.mark.parametrize(
    "flag", [flag for flag in FLAGS if not flag.page_of_subject], ids=lambda flag: flag.slug
)
def test_what_is_behind_a_reason_opens_for_who_supervises(client: Browser, cast: Cast, flag: Flag) -> None:
    """A page on which its therapist acts is none that a supervisor may open."""
    course = cast.course
    found = Found(0, course.pk, course.client_id, "Maya", "Fielding", course.pk, None, None, None, None)
    for reader in (cast.sunil, cast.lena):
        client.force_login(reader)
        assert client.get(flag.address_of(found, treats=False)).status_code == 200


def test_a_reason_of_the_review_leads_to_what_is_read_and_todays_to_what_is_done(cast: Cast) -> None:
    course = cast.course
    found = Found(0, course.pk, course.client_id, "Maya", "Fielding", course.pk, None, None, None, None)
    booked = next(flag for flag in IN_REVIEW if flag.slug == "not-booked")
    assert booked.address_of(found) == f"/courses/{course.pk}/sessions/book/"
    assert booked.address_of(found, treats=False) == f"/courses/{course.pk}/#sessions"
