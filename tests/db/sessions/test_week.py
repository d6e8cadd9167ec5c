"""The work of IPT in a session's note: the event of the week, the last task, tasks that were done, people who came up. Kept
with the draft, locked with the note, and what was signed before there were such things still holds."""

import hashlib
import json
from datetime import UTC
from typing import Any

import pytest
from django.test import Client as Browser

from audit.acting import act_as
from courses.models import Course
from interpersonal.models import Person
from sessions import actions, mentions, note_actions, signing
from sessions.models import DraftVersion, Note, TherapySession
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_conflict import Page
from tests.db.sessions.test_log import address, days_ago, filled
from tests.db.sessions.written import draft_of_session, signed_session, strike, typed
from tests.roles import as_owner

EVENT = "Argued with Tom about the weekend away"


def somebody(course: Course, by: User, name: str = "Tom", **fields: Any) -> Person:
    return Person.objects.create(
        course=course, name=name, added_by=by, **{"relationship": "Partner", **fields}
    )


@pytest.fixture
def tom(cast: Cast) -> Person:
    with as_owner():
        return somebody(cast.course, cast.tara)


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(1))


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def the_note() -> Note:
    with as_owner():
        return Note.objects.get()


def of_the_week(tom: Person) -> dict[str, Any]:
    """Everything that is new, as the actions take it."""
    given = typed()
    return given | {
        "words": given["words"]
        | {
            "went": "partly",
            "went_words": "Wrote half of it.",
            "tasks": ["initial_timeline"],
            "people": [str(tom.pk)],
        },
        "form": given["form"] | {"event": EVENT},
    }


# --- The hash ---------------------------------------------------------------------------------------------------------


def test_a_note_without_any_of_it_has_the_hash_that_it_had_before_there_was_such_a_thing(cast: Cast) -> None:
    note = Note.objects.select_related("session").get(pk=signed_session(cast).pk)
    session = note.session
    before = {
        "note": str(note.pk),
        "course": str(note.course_id),
        "author": str(note.author_id),
        "signed_at": note.signed_at.astimezone(UTC).isoformat(),
        "words": [note.week, note.work, note.next_time, note.risk_answer, note.risk],
        "scheme": 1,
        "session": str(session.pk),
        "techniques": ["role_play"],
        "reflection": note.reflection_sha256,
        "facts": [
            session.starts_at.astimezone(UTC).isoformat(),
            50,
            "in_person",
            "treatment",
            "02",
            "5",
            "initial",
            "",
        ],
        "focus": ["grief"],
        "answers": {"gad7": [1] * 7, "phq9": [1] * 8 + [2]},
    }
    text = json.dumps(before, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert note.sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event", "Something else"),
        ("event", ""),
        ("went", "done"),
        ("went_words", "Wrote all of it."),
        ("tasks", []),
        ("people", []),
    ],
)
def test_changed_in_the_database_it_is_not_what_was_signed(
    cast: Cast, tom: Person, name: str, value: Any
) -> None:
    note = signed_session(cast, **of_the_week(tom))
    assert signing.holds(Note.objects.get(pk=note.pk))
    changed = Note.objects.get(pk=note.pk)
    setattr(changed, name, value)
    assert not signing.holds(changed)


def test_added_to_a_contact_note_it_is_not_what_was_signed_either(cast: Cast) -> None:
    with as_owner():
        note = people.contact_note_of(cast.course, cast.tara)
        note.sha256 = signing.sha256_now(note)
    assert signing.holds(note)
    note.event = EVENT
    assert not signing.holds(note)


# --- Kept and signed ----------------------------------------------------------------------------------------------------


def test_all_of_it_is_signed_with_the_note(cast: Cast, tom: Person) -> None:
    note = Note.objects.get(pk=signed_session(cast, **of_the_week(tom)).pk)
    assert (note.event, note.went, note.went_words) == (EVENT, "partly", "Wrote half of it.")
    assert (note.tasks, note.people, note.form) == (["initial_timeline"], [tom.pk], {})


def test_the_event_is_one_line(cast: Cast) -> None:
    given = typed()
    note = signed_session(cast, **given | {"form": given["form"] | {"event": "  Argued\n with   Tom "}})
    assert Note.objects.get(pk=note.pk).event == "Argued with Tom"


def test_too_long_an_event_is_kept_in_the_draft_and_refused_at_signing(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    assert tara.post(address(session, "draft"), filled(event="x" * 201)).status_code == 200
    page = tara.post(address(session), filled(act="sign", based_on="1", event="x" * 201))
    assert page.status_code == 422
    assert "at most 200 characters" in page.content.decode()
    assert "x" * 201 in page.content.decode()
    assert tara.post(address(session), filled(act="sign", based_on="2", event="x" * 200)).status_code == 302
    assert the_note().event == "x" * 200


def test_the_page_of_a_draft_comes_back_with_it(
    cast: Cast, tara: Browser, session: TherapySession, tom: Person
) -> None:
    sent = filled(
        event=EVENT, went="partly", went_words="Half.", people=[str(tom.pk)], tasks=["initial_timeline"]
    )
    assert tara.post(address(session, "draft"), sent).status_code == 200
    page = tara.get(address(session))
    begun = page.context["form"].initial
    assert (begun["event"], begun["went"], begun["went_words"]) == (EVENT, "partly", "Half.")
    assert (begun["people"], begun["tasks"]) == ([str(tom.pk)], ["initial_timeline"])
    html = page.content.decode()
    assert EVENT in html
    assert "Half." in html


def test_each_pause_keeps_it_among_the_earlier_versions(
    cast: Cast, tara: Browser, session: TherapySession, tom: Person
) -> None:
    tara.post(address(session, "draft"), filled(event=EVENT, people=[str(tom.pk)]))
    with as_owner():
        version = DraftVersion.objects.get()
    assert (version.parts["event"], version.parts["people"]) == (EVENT, [str(tom.pk)])
    html = tara.get(address(session, "history"), {"version": version.pk}).content.decode()
    assert EVENT in html
    assert "Tom" in html


def test_two_windows_choose_between_two_events_and_keep_the_people_of_both(
    cast: Cast, tara: Browser, session: TherapySession, tom: Person
) -> None:
    with as_owner():
        anna = somebody(cast.course, cast.tara, "Anna", relationship="Sister")
    tara.post(address(session, "draft"), filled(event="Theirs", people=[str(anna.pk)]))
    page = tara.post(
        address(session), filled(act="compare", event="Mine", people=[str(tom.pk)], based_on="0")
    )
    html = page.content.decode()
    for words in ("Event of the week", "Mine", "Theirs", "Tom", "Anna"):
        assert words in html
    tara.post(
        address(session), Page(page).fields | {"act": "choose", "use_event": "mine", "use_people": "both"}
    )
    note = the_note()
    assert note.form["event"] == "Mine"
    assert set(note.people) == {tom.pk, anna.pk}


def test_of_a_missed_session_what_was_written_stays(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    tara.post(address(session), filled(act="sign", attendance="3", event=EVENT))
    assert the_note().event == EVENT


# --- Only what belongs here ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["draft", "sign"])
def test_nobody_of_another_client_is_named(
    cast: Cast, tara: Browser, session: TherapySession, act: str
) -> None:
    with as_owner():
        other = people.course_for(people.client_named("Second", "Course"), cast.tara)
        theirs = somebody(other, cast.tara)
        strangers = somebody(cast.others_course, cast.olga)
    for person in (theirs, strangers):
        page = tara.post(address(session), filled(act=act, people=[str(person.pk)]))
        assert page.status_code == 422
        assert "this client&#x27;s own relationships" in page.content.decode()
    with as_owner():
        assert not Note.objects.exists()


def test_what_is_no_task_and_no_answer_is_not_kept(cast: Cast, session: TherapySession) -> None:
    act_as(cast.tara.pk)
    words = {"tasks": ["no_such_task", "end_goodbye"], "went": "sideways", "people": ["nobody"]}
    note = actions.save_draft(session=session, by=cast.tara, based_on=0, words=words, form={}, answers={})
    assert (note.tasks, note.went, note.people) == (["end_goodbye"], "", [])


def test_an_unknown_task_is_refused_at_signing(cast: Cast, tara: Browser, session: TherapySession) -> None:
    page = tara.post(address(session), filled(act="sign", tasks=["no_such_task"]))
    assert page.status_code == 422
    with as_owner():
        assert not Note.objects.signed().exists()


def test_carried_to_the_right_record_the_people_stay_behind(cast: Cast, tom: Person) -> None:
    note = signed_session(cast, 3, **of_the_week(tom))
    with as_owner():
        to = people.course_for(people.client_named("Right", "Client"), cast.tara)
    strike(note, cast.tara, "wrong_client", "The page of another client.")
    session = note_actions.carry_session(
        session=TherapySession.objects.get(pk=note.session_id), to=to, by=cast.tara
    )
    new = Note.objects.get(session=session)
    assert (new.form["event"], new.went, new.went_words) == (EVENT, "partly", "Wrote half of it.")
    assert (new.tasks, new.people) == (["initial_timeline"], [])


# --- Read -----------------------------------------------------------------------------------------------------------------


def test_the_signed_note_is_read_with_it(cast: Cast, client: Browser, tom: Person) -> None:
    note = signed_session(cast, **of_the_week(tom))
    client.force_login(cast.sunil)
    html = client.get(f"/courses/{note.course_id}/sessions/{note.session_id}/read/").content.decode()
    for words in ("Event of the week", EVENT, "How the last task went", "Partly.", "Wrote half of it."):
        assert words in html


def test_a_draft_that_was_struck_out_is_read_with_its_event(cast: Cast, tara: Browser) -> None:
    given = typed()
    note = draft_of_session(cast, **given | {"form": given["form"] | {"event": EVENT}})
    strike(note, cast.tara)
    html = tara.get(f"/courses/{note.course_id}/sessions/{note.session_id}/read/").content.decode()
    assert EVENT in html


def test_the_last_task_is_asked_about_where_one_was_agreed(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    assert "How the last task went" not in tara.get(address(session)).content.decode()
    with as_owner():
        earlier = people.held_session(cast.course, cast.tara, days_ago(8), 1)
        people.note_of(earlier, next_time="Write down one argument.")
    html = tara.get(address(session)).content.decode()
    assert "How the last task went" in html
    assert html.count("Write down one argument.") == 2


def test_sessions_in_which_somebody_came_up_are_told_to_who_reads_the_notes(cast: Cast, tom: Person) -> None:
    first, second = (signed_session(cast, days, **of_the_week(tom)) for days in (15, 8))
    draft_of_session(cast, 1, **of_the_week(tom))
    act_as(cast.sunil.pk)
    assert [one.session_id for one in mentions.came_up(cast.course, cast.sunil)[tom.pk]] == [
        first.session_id,
        second.session_id,
    ]
    act_as(cast.olga.pk)
    assert mentions.came_up(cast.course, cast.olga) == {}
    act_as(cast.tara.pk)
    strike(first, cast.tara)
    assert [one.number for one in mentions.came_up(cast.course, cast.tara)[tom.pk]] == [1]


def test_the_page_of_the_relationships_says_in_which_sessions_somebody_came_up(
    cast: Cast, client: Browser, tom: Person
) -> None:
    address = f"/courses/{cast.course.pk}/relationships/"
    client.force_login(cast.tara)
    assert "Came up in sessions" not in client.get(address).content.decode()
    note = signed_session(cast, **of_the_week(tom))
    client.force_login(cast.tara)
    html = client.get(address).content.decode()
    assert "Came up in sessions" in html
    assert f"/courses/{cast.course.pk}/sessions/{note.session_id}/read/" in html
