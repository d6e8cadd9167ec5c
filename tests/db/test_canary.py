"""Everything that an administrator can reach, read for words that only a clinician may see.

A course and a referral are written whose every clinical word is a word of its own that stands nowhere else, and whose score
lies in a band that nothing else has. Then an administrator opens every address of the clinic: each that has a name, with the
arguments of the access matrix, each that a page leads to, each choice of each filter and each order, searches for those very
words, sends every form empty, as a page and as a fragment, and takes every file. Not one of the words may come back, not in a
page, a redirect, an error, a file, nor in a mail.

A new address is crawled as soon as it stands in the matrix or a page leads to it. That the crawl would see such a word is shown
by the people who may read them: what they cannot reach either is written here by hand."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from courses.models import Allocation, Course, CourseAction, EndingPlan, Focus, Formulation, Goal, TaskMark
from interpersonal.models import Person, Picture, PicturePlace, SafetyConcern
from outcomes.models import Alert, AlertAct, GoalRating, Response, SafetyPlan, Signal
from outcomes.models.plans import PARTS
from referrals.models import Referral, ReferralLetter, ReferralWords, Screening
from sessions.models import ContactDue, DraftVersion, Note, Reflection, ReflectionShare, SessionResponse
from staff.models import OutgoingMail, User
from supervision.models import AgendaItem, CaseSignature
from tests import cast as people
from tests.db.test_access_matrix import EXPECTED, OF_ONESELF, World, addresses
from tests.roles import as_owner

# Of an address with keys, so many of one kind are opened; each may stand in another state than the first.
OF_A_KIND = 8
MOST_PAGES = 900
# In one band alone and nowhere else on a page: the PHQ-9 total 26, as lists, rows and course pages write it.
SCORES = (r"PHQ-9\W{1,3}26\b", r"\b26\b[^<]{0,12}severe", r"scored 3\b", r"tag focus\">\s*Grief")
# allauth's pages are about the person who asks and nobody else, and some of them sign out.
LEAVES = ("/account/", "/static/")
# What the reference site keeps is sent whole or not at all.
NOT_SENT = ("/reference/",)


class Canaries:
    """What was written, each word under what it is."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def of(self, what: str) -> str:
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{len(self.words):02}")
        self.words[what] = f"zwq{letters}xkv"
        return self.words[what]

    def found_in(self, text: str) -> set[str]:
        return {what for what, word in self.words.items() if word in text.lower()}


class Clinic:
    """The world of the access matrix with a canary in every clinical word, and a referral that waits to be screened."""

    def __init__(self) -> None:
        self.world = World()
        self.canaries = Canaries()
        cast, course = self.world.cast, self.world.cast.course
        self.person = {"ada": cast.ada, "tara": cast.tara, "sunil": cast.sunil, "lena": cast.lena}
        self.person["screener"] = people.person("Sky Screener", "therapist", is_screener=True)
        self._sessions(course, cast)
        self._work(course, cast)
        self._safety(course, cast)
        self._practice(course, cast)
        self.referred = people.course_for(people.client_named("Robin", "Referred"), None, status="referred")
        self.waits = people.course_for(people.client_named("Wanda", "Waiting"), None, status="waiting")
        for name, each in (("", course), (" of a referral", self.referred), (" of who waits", self.waits)):
            self._referral(each, name)
        Allocation.objects.create(
            course=self.referred, therapist=self.person["screener"], kind="screening", by=cast.ada
        )

    def _sessions(self, course: Course, cast: Any) -> None:
        now, word = timezone.now(), self.canaries.of
        held = people.held_session(
            course, cast.tara, now - timedelta(days=2), None, kind="assessment", appointment_type="01"
        )
        response = people.answered(held, "phq9", [3, 3, 3, 3, 3, 3, 3, 2, 3])
        reflection = Reflection.objects.create(
            session=held, course=course, author=cast.tara, text=word("reflection"), locked_at=now
        )
        ReflectionShare.objects.create(reflection=reflection, course=course, by=cast.tara)
        parts = ("week", "work", "next_time", "risk", "went_words")
        signed = {part: word(f"note: {part}") for part in parts}
        signed["event"] = word("note: event of the week")
        note = people.note_of(held, **signed, techniques=[word("note: techniques")])
        people.addendum_to(note, work=word("addendum: work"), reason=word("addendum: reason"))
        people.contact_note_of(
            course, cast.tara, work=word("contact: work"), who=word("contact: who"), with_whom="gp"
        )
        people.letter_to_client(
            course,
            cast.tara,
            printed={
                "parts": [["returning", "How to come back", word("letter: part")]],
                "address": [word("letter: address")],
            },
        )
        discussed = people.supervision_record_of(
            course,
            cast.sunil,
            cast.tara,
            work=word("supervision: discussed"),
            next_time=word("supervision: decision"),
            facts={"risk_words": word("supervision: risk"), "actions": []},
        )
        people.supervision_record_of(
            course, cast.sunil, cast.tara, signed=False, work=word("supervision draft: discussed")
        )
        CaseSignature.objects.create(
            note=discussed,
            course=course,
            by=cast.tara,
            comment=word("supervision: comment of the therapist"),
            sha256="0" * 64,
        )
        people.decided(note, cast.sunil, "returned", comment=word("co-signature: comment"))
        struck = people.contact_note_of(course, cast.tara, work=word("struck: work"))
        people.struck_out(struck, cast.tara, reason=word("struck: reason"))
        began = people.session_of(course, cast.tara, now - timedelta(days=3))
        draft = people.note_of(began, signed=False, week=word("draft: week"))
        DraftVersion.objects.create(
            note=draft,
            course=course,
            author=cast.tara,
            version=1,
            parts={"week": word("draft: earlier version")},
        )
        missed = people.session_of(
            course,
            cast.tara,
            now - timedelta(days=5),
            attendance="3",
            attendance_by=cast.ada,
            attendance_at=now,
        )
        ContactDue.objects.create(
            session=missed,
            course=course,
            for_person=cast.tara,
            raised_by=cast.ada,
            answered_at=now,
            answered_by=cast.tara,
            what_was_tried=word("missed: what was tried"),
        )
        Signal.objects.create(
            course=course,
            measure="phq9",
            rule="weeks",
            response=response,
            session_number=3,
            baseline=25,
            score=26,
            reviewed_at=now,
            reviewed_by=cast.tara,
            considered=["focus"],
            plan=word("signal: plan"),
        )
        self.response = response

    def _work(self, course: Course, cast: Any) -> None:
        word = self.canaries.of
        people.agreed_focus(
            course,
            "grief",
            cast.tara,
            about=word("focus: about"),
            relation=word("focus: relation"),
            anniversaries=word("focus: anniversaries"),
        )
        people.agreed_focus(
            course,
            "conflict",
            cast.tara,
            position=2,
            own_expectations=word("focus: own expectations"),
            their_expectations=word("focus: their expectations"),
        )
        for number in (1, 2):
            Formulation.objects.create(
                course=course, number=number, text=word(f"formulation {number}"), written_by=cast.tara
            )
        TaskMark.objects.create(
            course=course,
            task="initial_timeline",
            state="not_applicable",
            reason=word("task: why not applicable"),
            by=cast.tara,
        )
        people.agreed_focus(
            course,
            "isolation",
            cast.tara,
            about=word("former focus: about"),
            ended_at=timezone.now(),
            reason=word("former focus: reason"),
        )
        AgendaItem.objects.filter(course=course).update(question=word("agenda: question"))
        people.action_of(course, cast.tara, cast.sunil, word("action: what"))
        people.action_of(
            course,
            cast.tara,
            cast.sunil,
            word("closed action: what"),
            outcome="dropped",
            words=word("closed action: why"),
            closed_at=timezone.now(),
            closed_by=cast.tara,
        )
        EndingPlan.objects.create(
            course=course,
            number=2,
            written_by=cast.tara,
            **{part: word(f"ending: {part}") for part in EndingPlan.PARTS},
        )
        people.event_of(
            course, cast.tara, title=word("timeline: what happened"), effect=word("timeline: its effect")
        )
        self._people(course, cast)
        goal = Goal.objects.create(
            course=course, text=word("goal"), agreed_on=timezone.localdate(), agreed_by=cast.tara
        )
        GoalRating.objects.create(
            goal=goal, course=course, value=9, rated_on=timezone.localdate(), entered_by=cast.tara
        )

    def _people(self, course: Course, cast: Any) -> None:
        word = self.canaries.of
        written = (
            "known_for",
            "contact",
            "support_given",
            "support_received",
            "confides_about",
            "good",
            "hard",
        )
        written += ("own_expectations", "their_expectations", "wish_to_change", "changed_since")
        somebody = people.person_of(
            course,
            cast.tara,
            word("person: name"),
            relationship=word("person: relationship"),
            x=20.0,
            y=10.0,
            **{name: word(f"person: {name}") for name in written},
        )
        SafetyConcern.objects.create(
            person=somebody, course=course, text=word("safety concern"), by=cast.tara
        )
        people.picture_of(course, cast.tara, "other", note=word("picture: note"))

    def _practice(self, course: Course, cast: Any) -> None:
        word, now = self.canaries.of, timezone.now()
        recorded = people.held_session(course, cast.tara, now - timedelta(days=20), 5)
        people.recording_of(recorded, kept_where=word("recording: where it is kept"))
        people.rating_of(recorded, cast.dana, comment=word("rating: comment"))

    def _safety(self, course: Course, cast: Any) -> None:
        word = self.canaries.of
        SafetyPlan.objects.create(
            course=course,
            number=2,
            written_by=cast.tara,
            may_share_with=word("safety plan: shared with"),
            **{part: word(f"safety plan: {part}") for part in PARTS},
        )
        alert = Alert.objects.create(
            course=course, kind="plan", words=word("alert: words"), raised_by=cast.tara
        )
        AlertAct.objects.create(
            alert=alert, course=course, kind="asked", words=word("alert: what was done"), by=cast.tara
        )
        Alert.objects.create(course=course, response=self.response, item=9, value=3)

    def _referral(self, course: Course, name: str) -> None:
        word, now, ada = self.canaries.of, timezone.now(), self.world.cast.ada
        if not Referral.objects.filter(course=course).exists():
            Referral.objects.create(course=course, way="letter", entered_by=ada)
        ReferralWords.objects.create(
            course=course, problem=word(f"referral{name}: problem"), thoughts_of_harm=True, entered_by=ada
        )
        content = f"%PDF-1.4\n{word(f'letter{name}: content')}\n%%EOF\n".encode()
        ReferralLetter.objects.create(
            course=course,
            name=f"{word(f'letter{name}: name')}.pdf",
            kind="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            uploaded_by=ada,
            uploaded_at=now,
        )
        Screening.objects.create(
            course=course,
            screener=self.world.cast.lena,
            suitability="more_information" if course is getattr(self, "referred", None) else "suitable",
            likely_focus="grief",
            reasons=word(f"screening{name}: reasons"),
            risk=word(f"screening{name}: risk"),
            done=word(f"screening{name}: done"),
        )

    def browser_of(self, name: str) -> Browser:
        browser = Browser()
        browser.force_login(self.person[name])
        return browser


@pytest.fixture
def clinic(db: None) -> Clinic:
    with as_owner():
        clinic = Clinic()
        ada = clinic.person["ada"]
        # The reference site stands open to an administrator who may use it.
        User.objects.filter(pk=ada.pk).update(is_staff=True)
        return clinic


# --- The crawl --------------------------------------------------------------------------------------------------------


class Crawl:
    """One person opens everything. `pages` is what came back, by how it was asked for."""

    def __init__(self, clinic: Clinic, name: str) -> None:
        self.clinic = clinic
        self.browser = clinic.browser_of(name)
        self.pages: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._waiting: list[str] = []

    def run(self) -> "Crawl":
        self._waiting = [*self._named(), *self._searches()]
        while self._waiting and len(self.pages) < MOST_PAGES:
            self._open(self._waiting.pop(0))
        for address in self._named():
            if not address.startswith(NOT_SENT):
                self._send("GET, as a fragment", address, self._fragment)
                self._send("POST, empty", address, self._empty_form)
        return self

    def _page(self, address: str) -> Any:
        return self.browser.get(address)

    def _fragment(self, address: str) -> Any:
        return self.browser.get(address, headers={"hx-request": "true"})

    def _empty_form(self, address: str) -> Any:
        return self.browser.post(address, {})

    def _named(self) -> Iterator[str]:
        """Every address of the resolver that can be named, on the course of the matrix, the referral and who waits."""
        names = [*EXPECTED, *(name for name in addresses(get_resolver()) if name not in EXPECTED)]
        for name in sorted(names):
            if name.startswith(OF_ONESELF):
                continue
            kwargs = self.clinic.world.arguments.get(name, {})
            try:
                yield reverse(name, kwargs=kwargs)
            except NoReverseMatch:  # an address of the reference site that wants a key: its lists lead there
                continue
            if set(kwargs) == {"course_id"}:
                for course in (self.clinic.referred, self.clinic.waits):
                    yield reverse(name, kwargs={"course_id": course.pk})

    def _searches(self) -> Iterator[str]:
        for words in ("Maya", "Robin", "Wanda", "C-", *self.clinic.canaries.words.values()):
            yield f"/find/?{urlencode({'q': words})}"

    def _open(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.netloc or not address.startswith("/") or address.startswith(LEAVES):
            return
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|zwq\w+xkv", "<key>", asked)
        if asked in self.pages or (self._seen.get(kind, 0) >= OF_A_KIND and "q=" not in asked):
            return
        self._seen[kind] = self._seen.get(kind, 0) + 1
        text = self._send("GET", asked, self._page)
        self._waiting += self._leads_to(asked, text)

    def _send(self, how: str, address: str, ask: Callable[[str], Any]) -> str:
        """Whatever was done is taken back: each address finds the same clinic."""
        with transaction.atomic():
            answer = ask(address)
            transaction.set_rollback(True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        text = f"{heads}\n{unescape(content.decode(errors='replace'))}"
        self.pages[address if how == "GET" else f"{how}: {address}"] = text
        return text

    def _leads_to(self, asked: str, text: str) -> list[str]:
        found = re.findall(r'(?:href|src|action|hx-get)="([^"#]+)', text) + re.findall(
            r"^Location: (\S+)", text, re.M
        )
        return [urljoin(asked, address) for address in [*found, *self._choices(asked, text)]]

    def _choices(self, asked: str, text: str) -> Iterator[str]:
        """Each choice of each form that only asks, with the words that somebody might search for."""
        for attributes, form in re.findall(r"<form([^>]*)>(.*?)</form>", text, re.S):
            if 'method="post"' in attributes.lower():
                continue
            action = re.search(r'action="([^"]*)"', attributes)
            path = urljoin(asked, action.group(1)) if action else urlsplit(asked).path
            for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
                for value in re.findall(r'<option[^>]*value="([^"]*)"', options)[:30]:
                    yield f"{path}?{urlencode({name: value})}"
            for name, value in re.findall(
                r'type="(?:radio|checkbox)"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form
            ):
                yield f"{path}?{urlencode({name: value})}"
            for name in re.findall(r'type="(?:search|text)"[^>]*name="([^"]+)"', form):
                yield f"{path}?{urlencode({name: self.clinic.canaries.words['note: week']})}"


def of_the_clinic(text: str, clinic: Clinic, searched: str) -> set[str]:
    """Canaries in an answer, but those that stand there because they were searched for."""
    echoed = {what for what, word in clinic.canaries.words.items() if word in searched}
    return clinic.canaries.found_in(text) - echoed


def test_an_administrator_reaches_no_word_of_notes_scores_focus_or_referrals(clinic: Clinic) -> None:
    crawl = Crawl(clinic, "ada").run()
    assert len(crawl.pages) > 200
    opened = [address for address in crawl.pages if address.startswith("/")]
    assert any("?sort=" in address or "&sort=" in address for address in opened)
    found = {
        address: what
        for address, text in crawl.pages.items()
        if (what := of_the_clinic(text, clinic, address))
    }
    assert found == {}
    scored = {
        address: pattern
        for address, text in crawl.pages.items()
        for pattern in SCORES
        if re.search(pattern, text)
    }
    assert scored == {}


def test_no_mail_holds_such_a_word(clinic: Clinic) -> None:
    """The alerts above are told, and everything that writes a mail is sent once."""
    from outcomes.telling import tell_due
    from staff import outbox

    with as_owner():
        people.system_person()
    tell_due(at=timezone.now() + timedelta(hours=1))
    outbox.send_due(at=timezone.now() + timedelta(hours=1))
    with as_owner():
        written = [f"{row.subject}\n{row.body}" for row in OutgoingMail.objects.all()]
    written += [f"{sent.subject}\n{sent.body}" for sent in mail.outbox]
    assert written
    assert [text for text in written if clinic.canaries.found_in(text)] == []


# Every one of them stands on a page.
UNREACHED: set[str] = set()


def test_who_may_read_them_finds_every_one_of_these_words_by_the_same_crawl(clinic: Clinic) -> None:
    seen: set[str] = set()
    scored: set[str] = set()
    for name in ("tara", "screener", "sunil", "lena"):
        crawl = Crawl(clinic, name).run()
        for address, text in crawl.pages.items():
            seen |= of_the_clinic(text, clinic, address)
            scored |= {pattern for pattern in SCORES if re.search(pattern, text)}
    assert set(clinic.canaries.words) - seen <= UNREACHED
    assert scored == set(SCORES)


def test_the_tables_themselves_show_an_administrator_none_of_it(clinic: Clinic) -> None:
    """Whatever a page forgot, the database would still refuse."""
    from audit.acting import act_as

    act_as(clinic.person["ada"].pk)
    for model in (
        Note,
        Reflection,
        Focus,
        Goal,
        Response,
        SessionResponse,
        Signal,
        Alert,
        AlertAct,
        SafetyPlan,
        EndingPlan,
        Formulation,
        TaskMark,
        CourseAction,
        AgendaItem,
        Person,
        SafetyConcern,
        Picture,
        PicturePlace,
    ):
        assert not model.objects.exists(), model
    for model in (ReferralWords, ReferralLetter, Screening, DraftVersion, GoalRating):
        assert not model.objects.exists(), model
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_referral")
        assert cursor.fetchone()[0] >= 3
