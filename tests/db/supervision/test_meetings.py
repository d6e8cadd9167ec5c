"""Supervision meetings: begun with the agenda of who is there, written case by case, signed whole or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from access.meanwhile import Stale
from audit.acting import act_as
from audit.models import Event
from courses.models import CourseAction
from sessions import note_actions, signing
from sessions.drafts import AlreadySigned, StaleDraft
from sessions.models import EnteredInError, Note
from staff.models import SupervisionLine
from supervision import meeting_actions as actions
from supervision.meeting_actions import NotReady
from supervision.meeting_forms import MeetingForm
from supervision.models import AgendaItem, Case, CaseSignature, Meeting
from tests import cast as people
from tests.cast import Cast
from tests.db.supervision.met import (
    DECISION,
    WORDS,
    a_case,
    an_action,
    another_supervisee,
    begun,
    on_the_agenda,
    signed,
    typed,
    written,
)
from tests.roles import as_owner

# --- Beginning --------------------------------------------------------------------------------------------------------


def test_a_meeting_begins_with_the_open_agenda_of_who_is_there_in_their_order(cast: Cast) -> None:
    other = another_supervisee(cast)
    with as_owner():
        second = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
        elsewhere = people.course_for(people.client_named("Ida", "Gone"), cast.tara)
    on_the_agenda(cast, second, "Is grief still the focus?", position=2)
    on_the_agenda(cast, position=1)
    on_the_agenda(cast, other, position=0)
    on_the_agenda(cast, cast.others_course, position=0)  # Olga's, whom Sunil does not supervise
    on_the_agenda(cast, elsewhere, closed="taken_off", closed_at=timezone.now(), closed_by=cast.tara)
    meeting = begun(cast, cast.tara)
    cases = Case.objects.filter(meeting=meeting).order_by("position")
    assert [case.course_id for case in cases] == [cast.course.pk, second.pk]
    assert cases[1].item is not None
    assert cases[1].item.question == "Is grief still the focus?"
    group = begun(cast, other.theo, cast.tara)  # type: ignore[attr-defined]
    courses = Case.objects.filter(meeting=group).order_by("position").values_list("course", flat=True)
    assert list(courses) == [cast.course.pk, second.pk, other.pk]  # Tara, then Theo


def test_a_form_that_is_sent_twice_begins_one_meeting(cast: Cast) -> None:
    key = uuid4()
    assert begun(cast, key=key).pk == begun(cast, key=key).pk == key
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("there", "changes", "field"),
    [
        ([], {}, "people"),
        (["olga"], {}, "people"),
        (["tara", "theo"], {"kind": "individual"}, "people"),
        (["tara"], {"kind": "crowd"}, "kind"),
    ],
)
def test_who_is_there_is_supervised_and_alone_where_it_is_individual(
    cast: Cast, there: list[str], changes: dict[str, str], field: str
) -> None:
    theo = another_supervisee(cast).theo  # type: ignore[attr-defined]
    present = [theo if who == "theo" else getattr(cast, who) for who in there]
    with pytest.raises(ValidationError) as refusal:
        begun(cast, people=present, **changes)
    assert field in refusal.value.message_dict
    assert not Meeting.objects.exists()


def test_whoever_supervises_nobody_holds_no_meeting(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        begun(cast, cast.tara, by=cast.olga)


def test_a_planned_meeting_is_prepared_and_not_signed(cast: Cast) -> None:
    meeting = begun(cast, held_at=timezone.now() + timedelta(days=2))
    case = a_case(cast, meeting)
    written(cast, case)
    with pytest.raises(ValidationError, match="lies ahead"):
        actions.sign_meeting(meeting=meeting, by=cast.sunil)
    assert not Note.objects.get(pk=case.pk).is_signed


# --- The list ---------------------------------------------------------------------------------------------------------


def test_cases_are_added_moved_and_taken_off_while_nothing_is_written(cast: Cast) -> None:
    with as_owner():
        second = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
    meeting = begun(cast)
    one, two = a_case(cast, meeting), a_case(cast, meeting, second)
    assert a_case(cast, meeting).pk == one.pk  # on the list already
    actions.move_case(case=two, to="up", by=cast.sunil)
    assert list(Case.objects.order_by("position")) == [two, one]
    actions.move_case(case=two, to="up", by=cast.sunil)  # the first stays the first
    actions.move_case(case=two, to="down", by=cast.sunil)
    assert list(Case.objects.order_by("position")) == [one, two]
    actions.take_off_case(case=two, by=cast.sunil)
    actions.take_off_case(case=two, by=cast.sunil)  # pressed twice
    assert list(Case.objects.all()) == [one]
    written(cast, one)
    with pytest.raises(ValidationError, match="has been written about"):
        actions.take_off_case(case=one, by=cast.sunil)


def test_only_courses_of_who_is_there_come_on_the_list(cast: Cast) -> None:
    other = another_supervisee(cast)
    meeting = begun(cast)
    for course in (other, cast.others_course):
        with pytest.raises(ValidationError):
            actions.add_case(meeting=meeting, course=course, by=cast.sunil)
    assert not Case.objects.exists()


def test_who_comes_in_brings_their_agenda_and_who_goes_takes_what_is_not_written(cast: Cast) -> None:
    other = another_supervisee(cast)
    theo = other.theo  # type: ignore[attr-defined]
    on_the_agenda(cast, other)
    meeting = begun(cast)
    case = a_case(cast, meeting)

    def change(*there: object, **changes: object) -> Meeting:
        fresh = Meeting.objects.get(pk=meeting.pk)
        form = MeetingForm(shows=actions.shown_of(fresh), people=[cast.tara, theo])
        given = {"held_at": fresh.held_at, "minutes": 50, "kind": "group", "people": list(there)}
        return actions.change_meeting(
            meeting=fresh,
            version=fresh.version,
            seen=form.initial,
            by=cast.sunil,
            **given | changes,  # type: ignore[arg-type]
        )

    assert change(cast.tara, theo).minutes == 50
    assert set(Case.objects.values_list("course", flat=True)) == {cast.course.pk, other.pk}
    change(cast.tara)
    assert list(Case.objects.all()) == [case]
    written(cast, case)
    with pytest.raises(ValidationError, match="Tara Tree has been written about"):
        change(theo)


def test_two_windows_change_one_meeting(cast: Cast) -> None:
    from access.meanwhile import Seen

    meeting = begun(cast)
    shown = {"minutes": "60"}
    given = {"held_at": meeting.held_at, "kind": "individual", "people": [cast.tara], "by": cast.sunil}
    actions.change_meeting(meeting=meeting, version=1, seen=Seen(), minutes=45, **given)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        actions.change_meeting(
            meeting=meeting,
            version=1,
            seen=Seen(shown, {"minutes": 90}),
            minutes=90,
            **given,  # type: ignore[arg-type]
        )
    assert Meeting.objects.get().minutes == 45


def test_a_meeting_is_taken_away_while_nothing_is_written(cast: Cast) -> None:
    item = on_the_agenda(cast)
    meeting = begun(cast)
    actions.remove_meeting(meeting=meeting, by=cast.sunil)
    assert not Meeting.objects.exists()
    assert not Case.objects.exists()
    assert AgendaItem.objects.get() == item
    case = a_case(cast)
    written(cast, case)
    with pytest.raises(ValidationError, match="it stays"):
        actions.remove_meeting(meeting=case.meeting, by=cast.sunil)


# --- The words --------------------------------------------------------------------------------------------------------


def test_the_words_of_a_case_are_kept_whatever_is_missing(cast: Cast) -> None:
    case = a_case(cast)
    note = written(cast, case, words={"work": "Begun"}, form={"focus_kept": "", "action_2_due": "soon"})
    assert note.pk == case.pk
    assert note.kind == "supervised"
    assert note.author == cast.sunil
    case.refresh_from_db()
    assert case.note_id == note.pk
    with pytest.raises(StaleDraft):
        actions.save_case(case=case, by=cast.sunil, **typed(based_on=0))
    again = actions.save_case(case=case, by=cast.sunil, **typed(based_on=1))
    assert again.version == 2
    assert again.work == WORDS


def test_a_therapist_writes_no_supervision_record_on_their_own_course(cast: Cast) -> None:
    case = a_case(cast)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError):
        actions.save_case(case=case, by=cast.tara, **typed())
    with as_owner():
        assert not Note.objects.exists()


# --- Signing ----------------------------------------------------------------------------------------------------------


def test_a_signed_meeting_seals_words_facts_and_actions(cast: Cast) -> None:
    item = on_the_agenda(cast, question="What now?")
    case = Case.objects.select_related("meeting", "course__client").get(meeting=begun(cast))
    note = signed(cast, case, form=an_action(cast))
    assert note.is_signed
    assert note.happened_at == case.meeting.held_at
    assert note.form == {}
    assert (note.work, note.next_time) == (WORDS, DECISION)
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    assert note.supervision == {
        "focus": "kept",
        "risk": "discussed",
        "risk_words": "",
        "actions": [
            {
                "what": "Draw the circles again",
                "owner": str(cast.tara.pk),
                "owner_name": "Tara Tree",
                "due": due,
            }
        ],
        "minutes": 60,
        "kind": "individual",
        "meeting": str(case.meeting_id),
        "therapist": str(cast.tara.pk),
    }
    assert signing.holds(note)
    note.supervision["focus"] = "changes"
    assert not signing.holds(note)
    action = CourseAction.objects.get()
    assert (action.what, action.owner, action.agreed_by) == ("Draw the circles again", cast.tara, cast.sunil)
    item.refresh_from_db()
    assert (item.closed, item.closed_by) == ("discussed", cast.sunil)
    assert Meeting.objects.get().is_signed
    with as_owner():
        told = set(Event.objects.values_list("what", flat=True))
    assert {"Signed a supervision record", "Signed a supervision meeting"} <= told


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"words": {"work": " "}}, {"work"}),
        ({"form": {"focus_kept": ""}}, {"focus_kept"}),
        ({"form": {"risk_said": ""}}, {"risk_said"}),
        ({"form": {"risk_said": "not_needed"}}, {"risk_why"}),
        ({"form": {"action_1_due": "2031-02-30"}}, {"action_1_what", "action_1_owner", "action_1_due"}),
        ({"form": {"action_3_what": "x" * 301}}, {"action_3_what", "action_3_owner", "action_3_due"}),
        (
            {"form": {"action_1_what": "Ring", "action_1_due": "2001-01-01"}},
            {"action_1_owner", "action_1_due"},
        ),
    ],
)
def test_a_case_with_words_says_focus_and_risk(
    cast: Cast, changes: dict[str, object], fields: set[str]
) -> None:
    case = a_case(cast)
    written(cast, case, **changes)
    with pytest.raises(NotReady) as refusal:
        actions.sign_meeting(meeting=case.meeting, by=cast.sunil)
    assert set(refusal.value.missing[case.pk]) == fields
    assert not Meeting.objects.get().is_signed
    assert not Note.objects.get().is_signed


def test_what_was_not_reached_is_carried_over(cast: Cast) -> None:
    with as_owner():
        second = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
    item = on_the_agenda(cast, second)
    meeting = begun(cast)
    case = a_case(cast, meeting)
    signed(cast, case)
    item.refresh_from_db()
    assert item.closed == ""
    assert item.carried == 1
    assert list(Case.objects.all()) == [case]
    again = begun(cast)
    assert Case.objects.get(meeting=again).item == item


def test_a_draft_that_was_emptied_is_struck_out_and_carried_over(cast: Cast) -> None:
    item = on_the_agenda(cast)
    case = Case.objects.select_related("meeting", "course__client").get(meeting=begun(cast))
    written(cast, case)
    empty = {"words": {"work": "", "next_time": " "}, "form": {"focus_kept": "", "risk_said": ""}}
    written(cast, case, based_on=1, **empty)
    actions.sign_meeting(meeting=case.meeting, by=cast.sunil)
    item.refresh_from_db()
    assert item.carried == 1
    assert item.closed == ""
    assert EnteredInError.objects.get().note_id == case.pk
    assert not Case.objects.visible_to(cast.sunil).exists()


def test_signing_twice_signs_once(cast: Cast) -> None:
    note = signed(cast, form=an_action(cast))
    actions.sign_meeting(meeting=Meeting.objects.get(), by=cast.sunil)
    assert Note.objects.get() == note
    assert CourseAction.objects.count() == 1


def test_a_window_that_saves_after_the_signature_keeps_its_words_among_the_versions(cast: Cast) -> None:
    case = a_case(cast)
    signed(cast, case)
    with pytest.raises(AlreadySigned) as refusal:
        actions.save_case(case=case, by=cast.sunil, **typed(based_on=1, words={"work": "Later words"}))
    assert refusal.value.is_kept
    assert Note.objects.get().work == WORDS


def test_a_case_that_was_not_reached_takes_no_words_once_the_meeting_is_signed(cast: Cast) -> None:
    case = a_case(cast)
    actions.sign_meeting(meeting=case.meeting, by=cast.sunil)
    with pytest.raises(AlreadySigned) as refusal:
        actions.save_case(case=case, by=cast.sunil, **typed())
    assert not refusal.value.is_kept
    assert not Note.objects.exists()


def test_a_meeting_without_a_case_is_signed_for_its_minutes(cast: Cast) -> None:
    meeting = begun(cast)
    assert actions.sign_meeting(meeting=meeting, by=cast.sunil).is_signed


# --- When the line ends -----------------------------------------------------------------------------------------------


def line_ends(line: SupervisionLine) -> None:
    with as_owner():
        line.ends_at = timezone.now()
        line.save()


def test_when_the_line_ends_what_is_no_longer_theirs_stays_out_and_is_not_lost(
    cast: Cast, client: Browser
) -> None:
    other = another_supervisee(cast)
    meeting = begun(cast, cast.tara, other.theo)  # type: ignore[attr-defined]
    mine, theirs = a_case(cast, meeting), a_case(cast, meeting, other)
    written(cast, mine)
    written(cast, theirs)
    line_ends(cast.line)
    client.force_login(cast.sunil)
    assert client.get(reverse("supervision:case", args=[meeting.pk, mine.pk])).status_code == 404
    said = client.get(reverse("supervision:meeting", args=[meeting.pk])).content.decode()
    assert "1 case with words of yours is no longer yours to open" in said
    assert "Maya" not in said
    act_as(cast.sunil.pk)
    actions.sign_meeting(meeting=meeting, by=cast.sunil)
    with as_owner():
        notes = {note.pk: note.is_signed for note in Note.objects.all()}
        assert notes == {mine.pk: False, theirs.pk: True}
        people.supervises(cast.sunil, cast.tara, starts_at=timezone.now())
    act_as(cast.sunil.pk)
    said = client.get(reverse("supervision:meeting", args=[meeting.pk])).content.decode()
    assert "Sign what was left out" in said
    act_as(cast.sunil.pk)
    actions.sign_meeting(meeting=meeting, by=cast.sunil)
    assert Note.objects.get(pk=mine.pk).is_signed


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_in_a_group_each_case_is_its_own_readers_alone(cast: Cast, client: Browser) -> None:
    other = another_supervisee(cast)
    meeting = begun(cast, cast.tara, other.theo)  # type: ignore[attr-defined]
    written(cast, a_case(cast, meeting), form=an_action(cast))
    mine = Case.objects.get(course=cast.course)
    theirs = a_case(cast, meeting, other)
    note = written(cast, theirs, words={"work": "Ruth’s anniversary"})
    client.force_login(cast.tara)
    draft = client.get(reverse("supervision:meeting", args=[meeting.pk])).content.decode()
    assert "Maya" not in draft
    assert "Ruth" not in draft
    act_as(cast.sunil.pk)
    actions.sign_meeting(meeting=meeting, by=cast.sunil)
    said = client.get(reverse("supervision:meeting", args=[meeting.pk])).content.decode()
    assert "Maya Fielding" in said
    assert "Ruth" not in said
    assert "anniversary" not in said
    assert client.get(reverse("supervision:record", args=[cast.course.pk, mine.pk])).status_code == 200
    assert client.get(reverse("supervision:record", args=[other.pk, note.pk])).status_code == 404
    assert client.get(reverse("supervision:record", args=[cast.course.pk, note.pk])).status_code == 404
    assert client.get(reverse("supervision:case", args=[meeting.pk, mine.pk])).status_code == 403


def test_a_draft_is_its_supervisors_alone(cast: Cast, client: Browser) -> None:
    note = written(cast)
    for who in (cast.tara, cast.lena, cast.dana, cast.ada):
        client.force_login(who)
        answer = client.get(reverse("supervision:record", args=[cast.course.pk, note.pk]))
        assert answer.status_code in (403, 404), who
        act_as(who.pk)
        assert not Note.objects.filter(pk=note.pk).exists()


@pytest.mark.parametrize("setting", [False, True])
def test_a_new_line_reads_what_was_before_only_where_the_clinic_says_so(
    cast: Cast, client: Browser, setting: bool
) -> None:
    from staff.models import Clinic

    note = signed(cast)
    with as_owner():
        clinic = Clinic.objects.first() or Clinic()
        clinic.supervision_history_for_new_line = setting
        clinic.save()
        new = people.person("Nell New", "supervisor")
        cast.line.ends_at = timezone.now()
        cast.line.save()
        people.supervises(new, cast.tara, starts_at=timezone.now())
    client.force_login(new)
    answer = client.get(reverse("supervision:record", args=[cast.course.pk, note.pk]))
    assert answer.status_code == (200 if setting else 404)


# --- The therapist signs ----------------------------------------------------------------------------------------------


def seen_by(note: Note) -> str:
    return note_actions.what_is_read(note_actions.pieces_read(note))


def test_the_therapist_reads_the_record_and_signs_for_their_own_case(cast: Cast, client: Browser) -> None:
    note = signed(cast, form=an_action(cast))
    client.force_login(cast.tara)
    waiting = client.get(reverse("supervision:meetings")).content.decode()
    assert "Read and sign" in waiting
    assert "Maya Fielding" in waiting
    address = reverse("supervision:record", args=[cast.course.pk, note.pk])
    said = client.get(address).content.decode()
    for words in (WORDS, DECISION, "Draw the circles again", "Sunil Super", "Unchanged since", note.sha256):
        assert words in said
    sent = {"seen": seen_by(note), "comment": "I see it differently."}
    answer = client.post(reverse("supervision:record_sign", args=[cast.course.pk, note.pk]), sent)
    assert answer.status_code == 302
    client.post(reverse("supervision:record_sign", args=[cast.course.pk, note.pk]), sent)
    act_as(cast.tara.pk)
    row = CaseSignature.objects.get()
    assert (row.by, row.comment) == (cast.tara, "I see it differently.")
    said = client.get(address).content.decode()
    assert "I see it differently." in said
    assert said.count("Unchanged since") == 2
    assert "Read and sign" not in client.get(reverse("supervision:meetings")).content.decode()


def test_nobody_signs_an_addendum_that_they_have_not_read(cast: Cast) -> None:
    note = signed(cast)
    before = seen_by(note)
    note_actions.sign_addendum(
        note_id=uuid4(),
        original=note,
        by=cast.sunil,
        based_on=0,
        words={"work": "The letter goes first."},
        form={"reason": "Forgotten"},
    )
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="An addendum was signed"):
        actions.sign_record(note=note, comment="", seen=before, by=cast.tara)
    row = actions.sign_record(note=note, comment="", seen=seen_by(note), by=cast.tara)
    assert row.by == cast.tara


def test_nobody_signs_for_another_therapists_case_or_their_own_words(cast: Cast) -> None:
    note = signed(cast)
    for who in (cast.sunil, cast.lena):
        act_as(who.pk)
        with pytest.raises(ValidationError):
            actions.sign_record(note=note, comment="", seen=seen_by(note), by=who)


# --- Everywhere else --------------------------------------------------------------------------------------------------


def test_a_supervision_record_is_no_contact_and_in_no_print(cast: Cast, client: Browser) -> None:
    note = signed(cast, words={"work": "Kept for supervision alone"})
    client.force_login(cast.tara)
    for page in ("courses:detail", "sessions:letters", "record:print", "record:work"):
        said = client.get(reverse(page, args=[cast.course.pk])).content.decode()
        assert "Kept for supervision alone" not in said, page
    assert client.get(reverse("sessions:contact_read", args=[cast.course.pk, note.pk])).status_code == 404


def test_the_supervisors_own_draft_waits_on_their_unsigned_page(cast: Cast, client: Browser) -> None:
    note = written(cast)
    client.force_login(cast.sunil)
    said = client.get("/unsigned/").content.decode()
    href = reverse("supervision:record", args=[cast.course.pk, note.pk])
    assert "Supervision record, begun" in said
    assert href in said
    answer = client.get(href)
    act_as(cast.sunil.pk)
    case = Case.objects.get()
    assert answer["Location"] == reverse("supervision:case", args=[case.meeting_id, case.pk])


def test_a_supervision_draft_holds_up_no_hand_over(cast: Cast) -> None:
    from django.db import connection

    written(cast)
    act_as(cast.lena.pk)
    with connection.cursor() as cursor:
        cursor.execute("select count_drafts(%s)", [cast.course.pk])
        assert cursor.fetchone() == (0,)


def test_a_draft_is_emptied_and_not_struck_out(cast: Cast) -> None:
    note = written(cast)
    with pytest.raises(ValidationError, match="emptied in its meeting"):
        note_actions.enter_note_in_error(note=note, kind="mistake", reason="No", by=cast.sunil)


def test_a_signed_record_is_entered_in_error_and_signed_for_by_nobody(cast: Cast, client: Browser) -> None:
    note = signed(cast)
    note_actions.enter_note_in_error(
        note=note, kind="mistake", reason="Another case was meant", by=cast.sunil
    )
    client.force_login(cast.tara)
    said = client.get(reverse("supervision:record", args=[cast.course.pk, note.pk])).content.decode()
    assert "Entered in error" in said
    assert 'id="sign"' not in said
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError):
        actions.sign_record(note=note, comment="", seen=seen_by(note), by=cast.tara)


def test_the_page_of_a_meeting_is_opened_by_who_was_there(cast: Cast, client: Browser) -> None:
    meeting = begun(cast)
    answers = {"sunil": 200, "tara": 200, "lena": 200, "dana": 404, "olga": 404, "ada": 404}
    for who, status in answers.items():
        client.force_login(getattr(cast, who))
        assert client.get(reverse("supervision:meeting", args=[meeting.pk])).status_code == status, who
