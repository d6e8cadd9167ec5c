"""What the invented clinic shows beside and after its sessions: contacts, addenda, co-signatures, errors, earlier versions."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F, Q

from clients.models import Client
from courses.models import Course
from outcomes.models import Response
from sessions.drafts import WORDS
from sessions.life import State
from sessions.models import CoSignature, DraftVersion, EnteredInError, Note, NoteKind, TherapySession
from sessions.note_actions import state_of
from sessions.signing import decision_sha256_of, holds
from staff.models import Leave, Role, SupervisionLine, User
from tests.roles import as_owner

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _past_the_walls(demo_clinic: date, db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def now(demo_clinic: date) -> datetime:
    return datetime.combine(demo_clinic, time(9, 58), tzinfo=LONDON)


def roots() -> list[Note]:
    """Notes of sessions and contacts: what has a state of its own."""
    return list(Note.objects.filter(adds_to=None).select_related("session", "author"))


def of(email: str) -> User:
    return User.objects.get(email=f"{email}@clinic.example")


# --- States -----------------------------------------------------------------------------------------------------------


def test_each_state_of_a_note_occurs_twice_or_more() -> None:
    states = Counter(state_of(note) for note in roots() if note.needs_cosign or not note.is_signed)
    states[State.SIGNED] = Note.objects.signed().filter(needs_cosign=False, in_error=None).count()
    states[State.ENTERED_IN_ERROR] = EnteredInError.objects.count()
    for state in State:
        assert states[state] >= 2, state


def test_most_of_the_trainees_notes_are_co_signed_and_two_of_dev_patels_wait() -> None:
    notes = Note.objects.signed().filter(author=of("trainee"), adds_to=None, in_error=None)
    states = Counter(state_of(note) for note in notes)
    assert states[State.COSIGNED] > 0.8 * len(notes)
    assert states[State.AWAITING_COSIGN] >= 2
    assert states[State.RETURNED] >= 1


def test_a_returned_note_was_answered_by_an_addendum_and_waits_again() -> None:
    returned = CoSignature.objects.filter(decision="returned", note__author=of("trainee"))
    after = [state_of(decision.note) for decision in returned]
    assert sorted(after) == [State.AWAITING_COSIGN, State.COSIGNED, State.RETURNED]
    answered = Note.objects.filter(kind=NoteKind.ADDENDUM, needs_cosign=True, adds_to__decisions__in=returned)
    assert answered.count() == 2
    assert not answered.filter(
        signed_at__lte=F("adds_to__decisions__at"), adds_to__decisions__decision="returned"
    )


def test_what_trainees_signed_is_for_co_signing_and_nothing_else_is() -> None:
    wrong = ~Q(needs_cosign=F("author__is_trainee"))
    assert not Note.objects.signed().filter(wrong).exists()
    assert not CoSignature.objects.filter(note__needs_cosign=False).exists()


def test_the_supervisor_decides_or_the_deputy_while_the_supervisor_is_away() -> None:
    deputies = 0
    for decision in CoSignature.objects.select_related("note"):
        line = SupervisionLine.objects.get(therapist=decision.note.author_id, ends_at=None)
        day = decision.at.astimezone(LONDON).date()
        away = Leave.objects.filter(person=line.supervisor_id, starts_on__lte=day, ends_on__gte=day).exists()
        assert decision.by_id == (line.deputy_id if away else line.supervisor_id)
        assert decision.at > decision.note.signed_at
        deputies += away
    assert deputies


def test_nothing_was_written_signed_or_decided_after_now(now: datetime) -> None:
    assert not Note.objects.filter(
        Q(signed_at__gt=now) | Q(saved_at__gt=now) | Q(happened_at__gt=now)
    ).exists()
    assert not CoSignature.objects.filter(at__gt=now).exists()
    assert not EnteredInError.objects.filter(at__gt=now).exists()
    assert not DraftVersion.objects.filter(saved_at__gt=now).exists()


# --- Hashes -----------------------------------------------------------------------------------------------------------


def test_contact_notes_and_addenda_are_what_was_signed() -> None:
    others = Note.objects.signed().exclude(kind=NoteKind.SESSION).select_related("adds_to")
    assert others.count() >= 30
    assert all(holds(note) for note in others)


def test_every_decision_is_about_what_was_read() -> None:
    decisions = CoSignature.objects.select_related("note").prefetch_related("note__addenda")
    assert decisions.count() > 100
    for decision in decisions:
        added = [
            piece
            for piece in decision.note.addenda.all()
            if piece.signed_at and piece.signed_at < decision.at
        ]
        read = [decision.note.sha256, *(piece.sha256 for piece in added)]
        assert decision.sha256 == decision_sha256_of(decision, read=read)


# --- Contacts ---------------------------------------------------------------------------------------------------------


def test_contacts_were_with_clients_families_practices_and_others_in_every_usual_way() -> None:
    signed = Note.objects.signed().filter(kind=NoteKind.CONTACT)
    assert signed.count() >= 12
    whom, how = (Counter(signed.values_list(field, flat=True)) for field in ("with_whom", "how"))
    for code in ("client", "family", "gp", "professional"):
        assert whom[code] >= 2, code
    for code in ("phone", "email", "letter", "message"):
        assert how[code] >= 2, code
    assert signed.filter(who__startswith="Mrs", who__endswith="the mother").exists()
    assert not signed.filter(with_whom="client", risk_answer="").exists()


def test_the_demo_therapist_has_begun_two_contact_notes_and_signed_others() -> None:
    contacts = Note.objects.filter(kind=NoteKind.CONTACT, author=of("therapist"))
    assert contacts.drafts().count() == 2
    assert contacts.signed().count() >= 5


def test_a_contact_has_no_session_and_takes_no_number() -> None:
    assert not Note.objects.exclude(kind=NoteKind.SESSION).exclude(session=None).exists()
    maya = Course.objects.get(client__first_name="Maya", ended_on=None)
    assert maya.notes.filter(kind=NoteKind.CONTACT).count() == 2
    assert list(maya.sessions.numbered().values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_whoever_is_named_in_a_contact_is_no_client_and_nobody_of_the_clinic() -> None:
    known = {client.name for client in Client.objects.all()} | {user.full_name for user in User.objects.all()}
    for note in Note.objects.filter(kind=NoteKind.CONTACT).select_related("course__client"):
        who, client = note.who or note.form.get("who", ""), note.course.client
        assert who not in known
        if "gp" in (note.with_whom, note.form.get("with_whom")):
            assert who == client.gp_name
        assert not any(name in note.work for name in known - {client.name})


# --- Addenda ----------------------------------------------------------------------------------------------------------


def test_addenda_are_by_the_author_or_the_lead_and_come_after_what_they_add_to() -> None:
    addenda = Note.objects.signed().filter(kind=NoteKind.ADDENDUM).select_related("adds_to", "author")
    assert addenda.count() >= 6
    assert [note.author for note in addenda if note.author_id != note.adds_to.author_id] == [of("lead")]
    assert all(
        note.signed_at > note.adds_to.signed_at and note.course_id == note.adds_to.course_id
        for note in addenda
    )
    assert all(note.reason and note.work for note in addenda)


# --- Entered in error -------------------------------------------------------------------------------------------------


def test_two_mistakes_and_one_wrong_client_are_struck_out_by_who_wrote_them() -> None:
    errors = EnteredInError.objects.select_related("note", "session")
    assert sorted(error.kind for error in errors) == ["mistake", "mistake", "wrong_client"]
    for error in errors:
        assert error.by_id == error.note.author_id
        assert holds(error.note)
        assert error.at > error.note.signed_at


def test_the_words_of_the_wrong_client_were_carried_to_the_right_record() -> None:
    error = EnteredInError.objects.get(kind="wrong_client")
    carried = Note.objects.get(carried_from=error.note_id)
    assert carried.author_id == error.note.author_id
    assert carried.course.client_id != error.course.client_id
    assert [getattr(carried, name) for name in WORDS] == [getattr(error.note, name) for name in WORDS]
    assert carried.session.starts_at == error.session.starts_at
    assert carried.signed_at > error.at
    assert carried.days_late >= 1


def test_a_struck_session_has_no_number_and_its_answers_count_no_more() -> None:
    struck = TherapySession.objects.exclude(entered_in_error_at=None)
    assert struck.count() == 2
    assert not struck.exclude(number=None).exists()
    assert not struck.filter(in_error=None).exists()
    answers = Response.objects.filter(in_session__session__in=struck)
    assert answers.count() == 2
    assert not Response.objects.standing().filter(pk__in=answers).exists()


# --- Late and unsigned ------------------------------------------------------------------------------------------------


def test_some_notes_were_signed_one_two_or_three_days_late() -> None:
    for kind in (NoteKind.SESSION, NoteKind.CONTACT):
        late = Counter(
            note.days_late for note in Note.objects.signed().filter(kind=kind).select_related("session")
        )
        for days in (1, 2, 3):
            assert late[days] >= 1, (kind, days)


def test_some_work_has_waited_for_a_signature_for_more_than_three_days(now: datetime) -> None:
    old = Note.objects.drafts().filter(session__ends_at__lt=now - timedelta(hours=72))
    assert len({note.author_id for note in old}) >= 2


def test_two_sessions_were_attended_and_nobody_has_begun_a_note() -> None:
    seen = TherapySession.objects.filter(attendance__in=["5", "6"], note=None)
    assert seen.count() == 2
    assert all(session.attendance_by.has_role(Role.ADMINISTRATOR) for session in seen)


# --- Earlier versions -------------------------------------------------------------------------------------------------


def test_the_demo_therapists_drafts_have_earlier_versions_and_the_last_says_what_the_draft_says() -> None:
    drafts = Note.objects.drafts().filter(author=of("therapist"))
    assert drafts.count() >= 4
    for note in drafts:
        versions = list(note.versions.filter(was_refused=False).order_by("version"))
        assert len(versions) >= 2
        assert [version.version for version in versions] == list(range(1, note.version + 1))
        assert [version.saved_at for version in versions] == sorted(version.saved_at for version in versions)
        assert {name: versions[-1].parts[name] for name in WORDS} == {
            name: getattr(note, name) for name in WORDS
        }
        assert versions[-1].parts.items() >= note.form.items()


def test_a_save_from_another_window_was_refused_and_is_kept() -> None:
    refused = DraftVersion.objects.filter(was_refused=True).select_related("note")
    assert refused.exists()
    for version in refused:
        assert version.parts["work"] != version.note.work
