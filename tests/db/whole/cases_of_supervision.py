"""Supervision: agenda and actions, each act done once and written down whole."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from access.meanwhile import Seen
from audit.models import Event
from courses import action_actions
from courses.models import CourseAction
from sessions.drafts import AlreadySigned
from sessions.models import DraftVersion, EnteredInError, Note
from sessions.note_actions import what_is_read
from supervision import agenda_actions, considering, meeting_actions
from supervision.flags import BY_SLUG
from supervision.meeting_actions import NotReady
from supervision.models import AgendaItem, CaseSignature, FlagAnswer, Meeting, MeetingPerson
from supervision.models import Case as CaseAtMeeting
from tests.cast import (
    Cast,
    case_at,
    client_named,
    course_for,
    meeting_of,
    on_the_agenda,
    supervision_record_of,
)
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def _action(cast: Cast, **fields: object) -> CourseAction:
    values = {
        "what": "Write to the GP",
        "owner": cast.tara,
        "due_on": timezone.localdate(),
        "agreed_by": cast.sunil,
    }
    return CourseAction.objects.create(course=cast.course, **{**values, **fields})


@case_of(action_actions.agree_action)
def an_action_is_agreed(cast: Cast) -> Case:
    return Case(
        by=cast.sunil,
        writes={CourseAction: 1, Event: 1},
        given={
            "course": cast.course,
            "what": "Write to the GP",
            "owner": cast.tara,
            "due_on": timezone.localdate(),
        },
    )


@case_of(action_actions.close_action)
def an_action_is_done(cast: Cast) -> Case:
    given = {"action": _action(cast), "outcome": "done", "words": "Sent."}
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given=given)


@case_of(action_actions.reopen_action)
def an_action_is_not_done_after_all(cast: Cast) -> Case:
    action = _action(cast, outcome="done", closed_at=timezone.now(), closed_by=cast.tara)
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given={"action": action})


@case_of(action_actions.change_action)
def an_action_is_put_off_and_given_to_another(cast: Cast) -> Case:
    due_on = timezone.localdate() + timedelta(days=7)
    given = {"action": _action(cast), "due_on": due_on, "owner": cast.sunil}
    return Case(by=cast.tara, writes={CourseAction: 0, Event: 1}, given=given)


@case_of(agenda_actions.propose_course)
def a_course_is_put_on_the_agenda(cast: Cast) -> Case:
    given = {"course": cast.course, "question": "Is grief still the focus?"}
    return Case(by=cast.tara, writes={AgendaItem: 1, Event: 1}, given=given)


@case_of(agenda_actions.propose_course)
def a_question_is_added_to_what_is_on_the_agenda(cast: Cast) -> Case:
    on_the_agenda(cast.course, cast.sunil)
    given = {"course": cast.course, "question": "Is grief still the focus?"}
    return Case(by=cast.tara, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.change_question)
def a_question_is_changed(cast: Cast) -> Case:
    item = on_the_agenda(cast.course, cast.tara, "Why?")
    given = {"item": item, "question": "How?", "version": 1}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.take_off)
def a_course_is_taken_off_the_agenda(cast: Cast) -> Case:
    given = {"item": on_the_agenda(cast.course, cast.tara), "version": 1}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)


@case_of(agenda_actions.move_item)
def the_agenda_is_put_in_order(cast: Cast) -> Case:
    on_the_agenda(cast.course, cast.tara, position=1)
    other = course_for(client_named("Nora", "Banks"), cast.tara)
    item = on_the_agenda(other, cast.tara, position=2)
    given = {"item": item, "way": agenda_actions.Way.UP}
    return Case(by=cast.sunil, writes={AgendaItem: 0, Event: 1}, given=given)


# --- Meetings ---------------------------------------------------------------------------------------------------------


@case_of(meeting_actions.begin_meeting)
def a_meeting_begins_with_the_agenda(cast: Cast) -> Case:
    on_the_agenda(cast.course, cast.tara, "Is grief still the focus?")
    given = {
        "key": uuid4(),
        "held_at": timezone.now() - timedelta(hours=1),
        "minutes": 60,
        "kind": "individual",
        "people": [cast.tara],
    }
    return Case(by=cast.sunil, writes={Meeting: 1, MeetingPerson: 1, CaseAtMeeting: 1, Event: 1}, given=given)


@case_of(meeting_actions.change_meeting)
def a_meeting_was_shorter(cast: Cast) -> Case:
    meeting = meeting_of(cast.sunil, cast.tara)
    given = {
        "meeting": meeting,
        "version": 1,
        "seen": Seen(),
        "held_at": meeting.held_at,
        "minutes": 40,
        "kind": "individual",
        "people": [cast.tara],
    }
    return Case(by=cast.sunil, writes={Meeting: 0, Event: 1}, given=given)


@case_of(meeting_actions.remove_meeting)
def a_meeting_does_not_take_place(cast: Cast) -> Case:
    meeting = meeting_of(cast.sunil, cast.tara)
    case_at(meeting, cast.course, cast.tara)
    writes = {Meeting: -1, MeetingPerson: -1, CaseAtMeeting: -1, Event: 1}
    return Case(by=cast.sunil, writes=writes, given={"meeting": meeting})


@case_of(meeting_actions.add_case)
def a_case_more_is_discussed(cast: Cast) -> Case:
    given = {"meeting": meeting_of(cast.sunil, cast.tara), "course": cast.course}
    return Case(by=cast.sunil, writes={CaseAtMeeting: 1, Event: 1}, given=given)


@case_of(meeting_actions.take_off_case)
def a_case_is_not_discussed_after_all(cast: Cast) -> Case:
    case = case_at(meeting_of(cast.sunil, cast.tara), cast.course, cast.tara)
    return Case(by=cast.sunil, writes={CaseAtMeeting: -1, Event: 1}, given={"case": case})


@case_of(meeting_actions.move_case)
def a_case_comes_first(cast: Cast) -> Case:
    meeting = meeting_of(cast.sunil, cast.tara)
    second = course_for(client_named("Nora", "Banks"), cast.tara)
    case_at(meeting, cast.course, cast.tara, position=1)
    case = case_at(meeting, second, cast.tara, position=2)
    return Case(by=cast.sunil, writes={CaseAtMeeting: 0}, given={"case": case, "to": "up"})


def _said(cast: Cast, **form: str) -> dict[str, object]:
    return {
        "based_on": 0,
        "words": {"work": "We spoke of Sunday.", "next_time": "Stay with it."},
        "form": {"focus_kept": "kept", "risk_said": "discussed", **form},
    }


@case_of(meeting_actions.save_case)
def the_words_of_a_case_are_begun(cast: Cast) -> Case:
    case = case_at(meeting_of(cast.sunil, cast.tara), cast.course, cast.tara)
    writes = {Note: 1, DraftVersion: 1, CaseAtMeeting: 0}
    return Case(by=cast.sunil, writes=writes, given={"case": case, **_said(cast)})


@case_of(meeting_actions.save_case)
def the_words_of_a_case_come_after_the_signature_and_are_kept_beside(cast: Cast) -> Case:
    note = supervision_record_of(cast.course, cast.sunil, cast.tara)
    given = {"case": CaseAtMeeting.objects.get(pk=note.pk), **_said(cast)}
    return Case(by=cast.sunil, writes={DraftVersion: 1}, given=given, refusal=AlreadySigned)


@case_of(meeting_actions.sign_meeting)
def a_meeting_is_signed_with_an_action_and_a_case_that_was_not_reached(cast: Cast) -> Case:
    meeting = meeting_of(cast.sunil, cast.tara)
    on_the_agenda(cast.course, cast.tara)
    emptied, waits = (course_for(client_named(name, "Banks"), cast.tara) for name in ("Nora", "Ned"))
    for course in (emptied, waits):
        on_the_agenda(course, cast.tara)
    form = {
        "focus_kept": "kept",
        "risk_said": "discussed",
        "action_1_what": "Ring the GP",
        "action_1_owner": str(cast.tara.pk),
        "action_1_due": timezone.localdate().isoformat(),
    }
    supervision_record_of(cast.course, cast.sunil, cast.tara, signed=False, meeting=meeting, form=form)
    nothing: dict[str, object] = {"work": "", "next_time": "", "form": {}}
    supervision_record_of(emptied, cast.sunil, cast.tara, signed=False, meeting=meeting, **nothing)
    case_at(meeting, waits, cast.tara, position=3)
    writes = {
        Meeting: 0,
        Note: 0,
        AgendaItem: 0,
        CourseAction: 1,
        CaseAtMeeting: -1,
        EnteredInError: 1,
        Event: 3,
    }
    return Case(by=cast.sunil, writes=writes, given={"meeting": meeting})


@case_of(meeting_actions.sign_meeting)
def a_meeting_with_half_a_case_is_not_signed(cast: Cast) -> Case:
    meeting = meeting_of(cast.sunil, cast.tara)
    form = {"focus_kept": "kept"}
    supervision_record_of(cast.course, cast.sunil, cast.tara, signed=False, meeting=meeting, form=form)
    return Case(by=cast.sunil, writes={}, given={"meeting": meeting}, refusal=NotReady)


@case_of(meeting_actions.sign_record)
def the_therapist_signs_for_their_own_case(cast: Cast) -> Case:
    note = supervision_record_of(cast.course, cast.sunil, cast.tara)
    given = {"note": note, "comment": "Read.", "seen": what_is_read([note])}
    return Case(by=cast.tara, writes={CaseSignature: 1, Event: 1}, given=given)


@case_of(considering.consider_flag)
def a_flag_is_considered(cast: Cast) -> Case:
    """Allocated sixty days ago and never discussed."""
    return Case(
        by=cast.sunil,
        writes={FlagAnswer: 1, Event: 1},
        given={
            "course": cast.course,
            "flag": BY_SLUG["unreviewed"],
            "subject": cast.course.allocations.get().pk,
            "reason": "On the agenda of Wednesday.",
            "until": timezone.localdate() + timedelta(days=5),
        },
    )
