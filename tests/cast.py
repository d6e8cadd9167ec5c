"""The people and clients of the tests. Tara treats, Sunil supervises her, Dana deputises, Ada administrates, Lena leads,
Olga is a therapist who is a stranger to Tara's clients, Nadia has no role. Call these inside `as_owner()`."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from clients.models import Client, Merge
from courses import protocol
from courses.models import Allocation, Course, CourseAction, CourseMove, Focus
from interpersonal.models import Person, Picture, PicturePlace, TimelineEntry
from outcomes.models import Link, Response, Signal
from outcomes.scoring import score
from referrals.models import Referral, ReferralLetter, Way
from sessions.models import CoSignature, EnteredInError, Note, NoteKind, SessionResponse, TherapySession
from staff.models import Room, SupervisionLine, User
from supervision.models import AgendaItem, Case, Meeting, MeetingPerson, Rating, Recording
from supervision.rating_form import DEFAULT, packed

PASSWORD = "a long password for tests"
_numbers = count(1)


def person(name: str, *roles: str, **fields: Any) -> User:
    user = User(
        email=f"{name.lower().replace(' ', '.')}.{next(_numbers)}@clinic.example",
        full_name=name,
        roles=list(roles),
        **{"places": 16 if "therapist" in roles else 0, **fields},
    )
    user.set_unusable_password()
    user.save()
    return user


def system_person() -> User:
    """In whose name commands act. A flush takes the row that the migration made."""
    user, _ = User.objects.get_or_create(
        is_system=True,
        defaults={"email": "system@clinic.invalid", "full_name": "The system", "is_active": False},
    )
    return user


def supervises(supervisor: User, therapist: User, **fields: Any) -> SupervisionLine:
    return SupervisionLine.objects.create(
        supervisor=supervisor,
        therapist=therapist,
        **{"starts_at": timezone.now() - timedelta(days=200), **fields},
    )


def client_named(first: str, last: str, **fields: Any) -> Client:
    return Client.objects.create(
        number=f"C-{90000 + next(_numbers)}",
        first_name=first,
        last_name=last,
        **{"date_of_birth": date(1990, 5, 17), **fields},
    )


def course_for(
    client: Client, therapist: User | None = None, programme: str = "ipt16", **fields: Any
) -> Course:
    split = protocol.split_of(programme)
    started = timezone.localdate() - timedelta(days=60)
    course = Course.objects.create(
        client=client,
        programme=programme,
        split=list(split) if split else None,
        **{
            "planned_sessions": protocol.planned_sessions(programme) or 12,
            "referred_on": started - timedelta(days=20),
            "status": "waiting",
            **fields,
        },
    )
    CourseMove.objects.create(course=course, after=course.status, by=therapist or person("Whoever Opened"))
    if therapist:
        Allocation.objects.create(
            course=course, therapist=therapist, by=therapist, starts_at=timezone.now() - timedelta(days=60)
        )
    return course


def referral_for(
    client: Client, screener: User | None = None, *, by: User | None = None, **fields: Any
) -> Course:
    """A course that is referred and that nobody has decided yet; given to the screener, where one is named."""
    course = course_for(client, status="referred", **fields)
    given_by = by or person("Whoever Entered", "administrator")
    Referral.objects.create(course=course, way="letter", entered_by=given_by)
    if screener:
        Allocation.objects.create(
            course=course,
            therapist=screener,
            kind="screening",
            by=given_by,
            starts_at=timezone.now() - timedelta(days=1),
        )
    return course


def merged_with(kept: Client, by: User) -> Merge:
    """Somebody who was registered a second time, without a course, is merged into this record."""
    again = client_named("Again", kept.last_name, merged_into=kept)
    return Merge.objects.create(kept=kept, merged=again, by=by, reason="Registered twice.")


def event_of(course: Course, by: User, **fields: Any) -> TimelineEntry:
    """On the timeline: Mum died on 4 March 2019."""
    given = {"kind": "relationship", "title": "Mum died", "starts_on": date(2019, 3, 4), **fields}
    return TimelineEntry.objects.create(course=course, added_by=by, **given)


def session_of(course: Course, therapist: User, starts_at: datetime, **fields: Any) -> TherapySession:
    return TherapySession.objects.create(
        course=course,
        client_id=course.client_id,
        therapist=therapist,
        starts_at=starts_at,
        booked_by=therapist,
        **fields,
    )


def held_session(
    course: Course, therapist: User, starts_at: datetime, number: int | None, **fields: Any
) -> TherapySession:
    """An attended treatment session with its number and phase, without a note."""
    return session_of(
        course,
        therapist,
        starts_at,
        attendance="5",
        attendance_at=starts_at,
        attendance_by=therapist,
        number=number,
        phase=protocol.phase_of(course.plan, number or 1),
        **fields,
    )


def note_of(session: TherapySession, *, signed: bool = True, **fields: Any) -> Note:
    words = {
        "week": "A quiet week.",
        "work": "Looked at Sunday's argument.",
        "next_time": "Ask Tom.",
        **fields,
    }
    if signed:
        words |= {"signed_at": session.ends_at, "sha256": "0" * 64, "risk_answer": "unchanged"}
    return Note.objects.create(
        session=session, course_id=session.course_id, author=session.therapist, **words
    )


def contact_note_of(course: Course, author: User, *, signed: bool = True, **fields: Any) -> Note:
    """A phone call with the client yesterday."""
    values: dict[str, Any] = {
        "work": "She rang to say that she is well.",
        "next_time": "Nothing to do.",
        **fields,
    }
    if signed:
        now = timezone.now()
        values = {
            "happened_at": now - timedelta(days=1),
            "with_whom": "client",
            "how": "phone",
            "risk_answer": "unchanged",
            "signed_at": now,
            "sha256": "0" * 64,
            **values,
        }
    return Note.objects.create(kind=NoteKind.CONTACT, course=course, author=author, **values)


def addendum_to(note: Note, *, by: User | None = None, signed: bool = True, **fields: Any) -> Note:
    values: dict[str, Any] = {"work": "It was the brother, not the father.", **fields}
    if signed:
        values = {"reason": "A slip.", "signed_at": timezone.now(), "sha256": "0" * 64, **values}
    author = by or note.author
    return Note.objects.create(
        kind=NoteKind.ADDENDUM, adds_to=note, course_id=note.course_id, author=author, **values
    )


PRINTED = {
    "about": "ending",
    "to": "client",
    "address": ["Maya Fielding"],
    "day": "2026-11-24",
    "greeting": "Dear Maya",
    "parts": [["returning", "How to come back", "Ring us within a year."]],
    "kept_names": [],
    "client": "Maya Fielding",
    "born": "1990-05-17",
    "clinic": "IPT Clinic",
    "clinic_address": [],
    "phone": "",
    "footer": "",
    "author": "Tara Treats",
    "role": "Therapist",
}


def letter_to_client(course: Course, author: User, *, signed: bool = True, **fields: Any) -> Note:
    """An ending letter; `printed` changes what stands in it."""
    facts = {**PRINTED, **fields.pop("printed", {})}
    if signed:
        words = {
            "letter": facts,
            "work": facts["parts"][0][2],
            "signed_at": timezone.now(),
            "sha256": "0" * 64,
        }
    else:
        words = {"form": {"about": facts["about"], "to": facts["to"], "part_returning": facts["parts"][0][2]}}
    return Note.objects.create(kind=NoteKind.LETTER, course=course, author=author, **{**words, **fields})


def meeting_of(supervisor: User, *there: User, **fields: Any) -> Meeting:
    """A supervision meeting of an hour ago, not signed."""
    when = timezone.now() - timedelta(hours=1)
    meeting = Meeting.objects.create(
        supervisor=supervisor,
        **{"held_at": when, "minutes": 60, "kind": "group" if len(there) > 1 else "individual", **fields},
    )
    for one in there:
        MeetingPerson.objects.create(meeting=meeting, person=one)
    return meeting


def case_at(meeting: Meeting, course: Course, therapist: User, **fields: Any) -> Case:
    """On the list of a meeting, without words."""
    return Case.objects.create(meeting=meeting, course=course, therapist=therapist, **fields)


def supervision_record_of(
    course: Course,
    by: User,
    therapist: User,
    *,
    signed: bool = True,
    meeting: Meeting | None = None,
    **fields: Any,
) -> Note:
    """A case that was discussed at a meeting of its own, signed with it unless it is a draft; `facts` changes what is signed
    beside the words."""
    now = timezone.now()
    facts = {
        "focus": "kept",
        "risk": "discussed",
        "risk_words": "",
        "actions": [],
        "minutes": 60,
        "kind": "individual",
        "therapist": str(therapist.pk),
        **fields.pop("facts", {}),
    }
    meeting = meeting or meeting_of(by, therapist)
    words: dict[str, Any] = {"work": "We spoke of Sunday.", "next_time": "Stay with it."}
    if signed:
        sealed = {"supervision": {**facts, "meeting": str(meeting.pk)}, "happened_at": meeting.held_at}
        words |= sealed | {"signed_at": now, "sha256": "0" * 64}
    else:
        words["form"] = {"focus_kept": "kept", "risk_said": "discussed"}
    given = {**words, **fields}
    note = Note.objects.create(kind=NoteKind.SUPERVISION, course=course, author=by, **given)
    case_at(meeting, course, therapist, id=note.pk, note=note)
    if signed and not meeting.is_signed:
        meeting.signed_at = now
        meeting.save()
    return note


def decided(note: Note, by: User, decision: str = "cosigned", **fields: Any) -> CoSignature:
    comment = "Say more about the risk." if decision == "returned" else ""
    return CoSignature.objects.create(
        note=note,
        course_id=note.course_id,
        by=by,
        **{"decision": decision, "comment": comment, "sha256": "0" * 64, **fields},
    )


def struck_out(note: Note, by: User, *, kind: str = "mistake", **fields: Any) -> EnteredInError:
    """The row alone; a session's mark, number and alerts are the action's."""
    return EnteredInError.objects.create(
        note=note,
        session_id=note.session_id,
        course_id=note.course_id,
        by=by,
        kind=kind,
        **{"reason": "Written on the wrong record.", **fields},
    )


def answered(session: TherapySession, measure: str, answers: list[int | None]) -> Response:
    response = Response.objects.create(
        course_id=session.course_id,
        measure=measure,
        instrument_version="1",
        answers=answers,
        total=score(measure, answers).total,
        taken_at=session.starts_at,
        entered_by=session.therapist,
    )
    SessionResponse.objects.create(
        session=session, course_id=session.course_id, response=response, measure=measure
    )
    return response


def signal_of(response: Response) -> Signal:
    """That asks for a review, and that nobody has answered."""
    return Signal.objects.create(
        course_id=response.course_id,
        measure=response.measure,
        rule="worsening",
        response=response,
        session_number=3,
        baseline=14,
        score=21,
        limit=19,
    )


def agreed_focus(course: Course, area: str, by: User, **fields: Any) -> Focus:
    return Focus.objects.create(
        course=course, area=area, agreed_by=by, **{"agreed_on": timezone.localdate(), **fields}
    )


def link_for(
    course: Course, by: User, measures: Sequence[str] = ("phq9", "gad7"), **fields: Any
) -> tuple[Link, str]:
    """A link and its token, as it goes to a client; by default handed over now, for tomorrow's session."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    values = {
        "how": Link.How.HAND,
        "for_day": timezone.localdate() + timedelta(days=1),
        "created_at": now,
        "expires_at": now + timedelta(hours=72),
        **fields,
    }
    link = Link.objects.create(
        course=course,
        measures=list(measures),
        token_hash=hashlib.sha256(token.encode()).digest(),
        created_by=by,
        **values,
    )
    return link, token


def recording_of(session: TherapySession, **fields: Any) -> Recording:
    """In the log, to be deleted in three months."""
    values = {
        "consent_on": timezone.localdate(session.starts_at),
        "kept_where": "The clinic’s drive.",
        "delete_by": timezone.localdate() + timedelta(days=90),
        "entered_by": session.therapist,
        **fields,
    }
    return Recording.objects.create(session=session, course_id=session.course_id, **values)


def rating_of(session: TherapySession, by: User, **fields: Any) -> Rating:
    """On the form with which every clinic begins; `scores` changes some points."""
    given: dict[str, int | None] = dict.fromkeys((item.code for item in DEFAULT), 3)
    values = {
        "form": 0,
        "items": packed(DEFAULT),
        "scores": given | fields.pop("scores", {}),
        "overall": "pass",
        "comment": "Well held.",
        "rated_by": by,
        **fields,
    }
    return Rating.objects.create(
        session=session, course_id=session.course_id, therapist=session.therapist, **values
    )


def discussed(
    supervisor: User,
    courses: Sequence[tuple[Course, User]],
    held_at: datetime,
    *,
    minutes: int = 60,
    kind: str = "individual",
    work: str = "How she asks for help.",
    signed: bool = True,
) -> Meeting:
    """A supervision meeting at which these courses of these therapists were discussed, each with its signed record."""
    meeting = Meeting.objects.create(supervisor=supervisor, held_at=held_at, minutes=minutes, kind=kind)
    for therapist in dict.fromkeys(therapist for _, therapist in courses):
        meeting.people.create(person=therapist)
    for course, therapist in courses:
        facts = {"focus": "kept", "risk": "not_needed", "minutes": minutes, "kind": kind}
        words: dict[str, Any] = (
            {
                "happened_at": held_at,
                "signed_at": timezone.now(),
                "sha256": "0" * 64,
                "supervision": {**facts, "meeting": str(meeting.pk), "therapist": str(therapist.pk)},
            }
            if signed
            else {}
        )
        note = Note.objects.create(
            kind=NoteKind.SUPERVISION,
            course=course,
            author=supervisor,
            work=work,
            next_time="Go on.",
            **words,
        )
        Case.objects.create(pk=note.pk, meeting=meeting, course=course, therapist=therapist, note=note)
    if signed:
        Meeting.objects.filter(pk=meeting.pk).update(signed_at=timezone.now())
    return meeting


A_PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def referral_of(course: Course, by: User | None, **fields: Any) -> Referral:
    """How the course began: a letter, or without `by` the form on the web page."""
    way = Way.LETTER if by else Way.SELF
    return Referral.objects.create(course=course, entered_by=by, **{"way": way, **fields})


def letter_of(course: Course, by: User, content: bytes = A_PDF, **fields: Any) -> ReferralLetter:
    values = {"name": "letter.pdf", "kind": "application/pdf", **fields}
    return ReferralLetter.objects.create(
        course=course,
        uploaded_by=by,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        **values,
    )


def on_the_agenda(course: Course, by: User, question: str = "", **fields: Any) -> AgendaItem:
    return AgendaItem.objects.create(course=course, question=question, added_by=by, **fields)


def action_of(
    course: Course, owner: User, agreed_by: User, what: str = "Write to the GP", **fields: Any
) -> Any:
    """What was agreed in supervision, for tomorrow."""
    values = {"due_on": timezone.localdate() + timedelta(days=1), **fields}
    return CourseAction.objects.create(course=course, what=what, owner=owner, agreed_by=agreed_by, **values)


def supervision_record(course: Course, supervisor: User, therapist: User, **fields: Any) -> Note:
    """What was discussed about a course two days ago, signed by who supervises."""
    at = fields.pop("held_at", timezone.now() - timedelta(days=2))
    said = {
        "focus": "kept",
        "risk": "not_needed",
        "risk_words": "Asked on Friday.",
        "actions": [],
        "minutes": 60,
        "kind": "individual",
        "meeting": "",
        "therapist": str(therapist.pk),
    }
    values = {
        "work": "Her husband’s side of it.",
        "next_time": "Stay with grief.",
        "happened_at": at,
        "signed_at": at,
        "sha256": "0" * 64,
        "supervision": {**said, **fields.pop("supervision", {})},
        **fields,
    }
    return Note.objects.create(kind=NoteKind.SUPERVISION, course=course, author=supervisor, **values)


def room(name: str = "") -> Room:
    return Room.objects.create(name=name or f"Room {next(_numbers)}")


def person_of(course: Course, by: User, name: str = "Tom", **fields: Any) -> Person:
    """Somebody in the client's life."""
    return Person.objects.create(
        course=course, name=name, added_by=by, **{"relationship": "partner", **fields}
    )


def picture_of(course: Course, by: User, moment: str = "start", **fields: Any) -> Picture:
    """The circles as they stand, kept."""
    picture = Picture.objects.create(course=course, moment=moment, by=by, **fields)
    for each in Person.objects.filter(course=course).standing():
        PicturePlace.objects.create(
            picture=picture,
            course=course,
            person=each,
            name=each.name,
            relationship=each.relationship,
            has_died=each.has_died,
            focus_area=each.focus_area,
            x=each.x,
            y=each.y,
        )
    return picture


class Cast:
    """Everybody at once, one client of Tara's and one of Olga's."""

    def __init__(self) -> None:
        self.tara = person("Tara Tree", "therapist")
        self.olga = person("Olga Other", "therapist")
        self.sunil = person("Sunil Super", "supervisor")
        self.dana = person("Dana Deputy", "supervisor")
        self.ada = person("Ada Admin", "administrator")
        self.lena = person("Lena Lead", "lead")
        self.nadia = person("Nadia None")
        self.line = supervises(self.sunil, self.tara, deputy=self.dana)
        self.maya = client_named("Maya", "Fielding", preferred_name="May", pronouns="they/she")
        self.course = course_for(self.maya, self.tara)
        self.owen = client_named("Owen", "Pritchard")
        self.others_course = course_for(self.owen, self.olga)
