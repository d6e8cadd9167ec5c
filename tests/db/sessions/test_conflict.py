"""Two windows with one draft: both versions are shown, the writer chooses, and nothing that anybody typed is lost."""

from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from outcomes.models import Response
from sessions import actions, drafts
from sessions.models import DraftVersion, Note, Reflection, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_log import address, days_ago, digits, filled
from tests.roles import as_owner

HERE = (
    'Communication analysis of Tuesday\'s argument, line by line. Maya stops at "fine" and waits to be asked.'
    " Tried two other openings in role play; the second felt like her own words."
)
SAVED = (
    'Communication analysis of Tuesday\'s argument, line by line. Maya stops at "fine" and leaves the room.'
    " Tried two other openings in role play. Link to how her mother ended quarrels."
)


class Page(HTMLParser):
    """What a browser without script makes of the page: what travels with its form, what stands in each box, what is marked."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, list[str]] = {}
        self.boxes: dict[str, str] = {}
        self.marks: dict[str, list[str]] = {}
        self._box, self._tag, self._depth, self._is_marked = "", "", 0, False
        # As a browser reads it.
        self.feed(answer.content.decode().replace("\r\n", "\n").replace("\r", "\n"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_sent = given.get("type") == "hidden" or (given.get("type") == "radio" and "checked" in given)
        if tag == "input" and is_sent and given["name"] != "csrfmiddlewaretoken":
            self.fields.setdefault(str(given["name"]), []).append(str(given.get("value")))
        if self._box and tag == self._tag:
            self._depth += 1
        if "part-words" in (given.get("class") or ""):
            self._box, self._tag, self._depth = str(given["id"]), tag, 1
            self.boxes[self._box], self.marks[self._box] = "", []
        if self._box and tag == "mark":
            self.marks[self._box].append("")
            self._is_marked = True

    def handle_endtag(self, tag: str) -> None:
        self._is_marked = self._is_marked and tag != "mark"
        if self._box and tag == self._tag:
            self._depth -= 1
            self._box = self._box if self._depth else ""

    def handle_data(self, data: str) -> None:
        if self._box:
            self.boxes[self._box] += data
        if self._box and self._is_marked:
            self.marks[self._box][-1] += data


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(1), room=people.room("Room 2"))


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def other_window_saves(client: Browser, session: TherapySession, based_on: int = 0, **changes: Any) -> None:
    answer = client.post(address(session, "draft"), filled(based_on=based_on, **changes))
    assert answer.status_code == 200, answer.content


def sends(client: Browser, session: TherapySession, act: str, **changes: Any) -> HttpResponse:
    return client.post(address(session), filled(act=act, **changes))


def goes_on(
    client: Browser, session: TherapySession, page: Page, chosen: str, **changes: Any
) -> HttpResponse:
    return client.post(address(session), {**page.fields, "act": chosen, **changes})


def kept() -> list[dict[str, Any]]:
    """Every version of the history, oldest first."""
    with as_owner():
        return list(DraftVersion.objects.order_by("saved_at").values_list("parts", flat=True))


def draft() -> Note:
    with as_owner():
        return Note.objects.get()


# --- What the page shows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["compare", "draft", "sign"])
def test_a_stale_page_shows_both_texts_whole_with_the_words_that_differ_marked(
    tara: Browser, session: TherapySession, act: str
) -> None:
    other_window_saves(tara, session, work=SAVED)
    answer = sends(tara, session, act, work=HERE)
    page = Page(answer)
    assert answer.status_code == 409
    assert page.boxes == {"mine-work": HERE, "theirs-work": SAVED}
    assert page.marks["mine-work"] == ["waits to be asked", "; the second felt like her own words"]
    assert page.marks["theirs-work"] == ["leaves the room", ". Link to how her mother ended quarrels"]
    html = answer.content.decode()
    assert "The other parts are the same on both sides." in html
    assert "Maya Fielding" in html
    assert ("It is not signed yet." in html) == (act == "sign")
    assert draft().work == SAVED
    assert draft().signed_at is None


def test_only_the_parts_that_differ_are_shown(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session, week="A quiet week.", minutes="45", focus=["grief"])
    page = Page(sends(tara, session, "compare"))
    assert set(page.boxes) == {
        f"{side}-{part}" for side in ("mine", "theirs") for part in ("week", "minutes", "focus")
    }


def test_choices_lists_digits_and_dates_are_said_in_words(tara: Browser, session: TherapySession) -> None:
    then = {"next_choice": "book", "next_on": "2026-11-30", "next_at": "10:00"}
    other_window_saves(
        tara,
        session,
        **{**digits(phq9="021212110"), "attendance": "6", "mode": "video", "focus": ["conflict", "grief"]},
        techniques=["role_play", "communication_analysis"],
        risk_answer="not_asked",
        **then,
    )
    page = Page(sends(tara, session, "compare", next_on="2026-12-01", next_at="10:00", phq9_9=""))
    assert page.boxes["mine-attendance"] == "Attended"
    assert page.boxes["theirs-attendance"] == "Came late"
    assert page.boxes["mine-mode"] == "In person"
    assert page.boxes["theirs-mode"] == "Video"
    assert page.marks["theirs-focus"] == ["Grief"]
    assert page.boxes["mine-techniques"] == "Role play"
    assert page.boxes["theirs-risk_answer"] == "Not asked, why"
    assert page.boxes["mine-next_on"] == "Tue 1 Dec 2026"
    assert page.boxes["theirs-next_on"] == "Mon 30 Nov 2026"
    assert "1. Little interest or pleasure in doing things: 1, several days" in page.boxes["mine-phq9"]
    assert "1. Little interest or pleasure in doing things: 0, not at all" in page.boxes["theirs-phq9"]
    assert page.marks["mine-phq9"] == ["1, several days", "no answer"]
    assert page.marks["theirs-phq9"] == ["0, not at all", "0, not at all"]
    assert "gad7" not in "".join(page.boxes)


def test_where_nothing_differs_nothing_is_asked(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session)
    answer = tara.post(address(session), filled(act="compare"), follow=True)
    assert answer.redirect_chain == [(address(session), 302)]
    assert "Nothing differs." in answer.content.decode()


def test_who_is_not_overtaken_is_saved_and_goes_on(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session)
    answer = tara.post(address(session), filled(act="compare", based_on=1, work=HERE), follow=True)
    assert "There is no other version." in answer.content.decode()
    assert draft().work == HERE


# --- What the writer chooses ------------------------------------------------------------------------------------------

CHANGES = [
    {"work": HERE},
    {"week": "One\r\ntwo\r\n", "next_time": "", "reflection": "Mine alone."},
    {"minutes": "", "focus": [], "techniques": ["communication_analysis"]},
    {**digits(phq9="333333333", gad7=" " * 7)},
    {"phq9_3": "9", "attendance": "", "risk_answer": "changed", "risk": "👩🏽‍⚕️ שלום e\u0301 \u200b"},
]


def as_the_form_keeps(changes: dict[str, Any]) -> dict[str, Any]:
    from sessions.forms import LogForm
    from sessions.parts import parts_of

    return dict(parts_of(LogForm(filled(**changes))))


def same(parts: dict[str, Any], changes: dict[str, Any]) -> bool:
    """The version says all that was typed with these changes."""
    wanted = as_the_form_keeps(changes)
    return {name: parts.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("act", ["keep", "take", "join", "choose"])
@pytest.mark.parametrize("mine", CHANGES)
def test_whatever_is_chosen_both_versions_stay_in_the_history(
    tara: Browser, session: TherapySession, act: str, mine: dict[str, Any]
) -> None:
    theirs = {"work": SAVED, "minutes": "45", "pause": ""}  # typed without a pause, so not in the history yet
    other_window_saves(tara, session, **theirs)
    page = Page(sends(tara, session, "compare", **mine))
    answer = goes_on(tara, session, page, act)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == address(session)
    assert any(same(parts, mine) for parts in kept())
    assert any(same(parts, theirs) for parts in kept())


@pytest.mark.parametrize("mine", CHANGES)
def test_kept_is_all_that_the_window_held(
    tara: Browser, session: TherapySession, mine: dict[str, Any]
) -> None:
    other_window_saves(tara, session, work=SAVED, minutes="45", **digits(phq9="000000000"))
    goes_on(tara, session, Page(sends(tara, session, "compare", **mine)), "keep")
    begun = tara.get(address(session)).context["form"].initial
    wanted = filled(**mine)
    for name, typed in wanted.items():
        if name in ("based_on", "next_choice"):
            continue
        typed = typed.replace("\r\n", "\n") if isinstance(typed, str) else typed
        assert (begun.get(name) if begun.get(name) is not None else "") in (typed, _digit(typed)), name


def _digit(typed: Any) -> Any:
    return int(typed) if isinstance(typed, str) and typed.isdecimal() and len(typed) == 1 else typed


def test_taken_is_what_was_saved_and_nothing_is_written(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session, work=SAVED)
    goes_on(tara, session, Page(sends(tara, session, "compare", work=HERE)), "take")
    assert (draft().work, draft().version) == (SAVED, 1)


def test_joined_holds_both_and_is_saved_before_it_is_edited(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session, work=SAVED, focus=["grief"], minutes="45", reflection="Theirs.")
    page = Page(sends(tara, session, "compare", work=HERE, reflection="Mine."))
    answer = tara.post(address(session), {**page.fields, "act": "join"}, follow=True)
    note = draft()
    assert note.work == (
        'Communication analysis of Tuesday\'s argument, line by line. Maya stops at "fine" and waits to be asked.'
        ' Maya stops at "fine" and leaves the room.'
        " Tried two other openings in role play; the second felt like her own words."
        " Link to how her mother ended quarrels."
    )
    assert note.form["focus"] == ["conflict", "grief"]
    assert note.form["minutes"] == "50"
    with as_owner():
        assert Reflection.objects.get().text == "Mine.\nTheirs."
    html = answer.content.decode()
    assert "Only one of the two can stand here: Minutes." in html
    assert "Link to how her mother ended quarrels." in html


def test_joining_keeps_the_value_that_was_changed_and_each_answer_that_was_given(
    tara: Browser, session: TherapySession
) -> None:
    other_window_saves(tara, session, **digits(phq9="12       "))
    other_window_saves(tara, session, based_on=1, minutes="45", **digits(phq9="1 3      "))
    page = Page(sends(tara, session, "compare", based_on=1, work=HERE, **digits(phq9="12 1     ")))
    goes_on(tara, session, page, "join")
    assert draft().form["minutes"] == "45"
    with as_owner():
        answers = Response.objects.get(measure="phq9").answers
    assert answers == [1, 2, 3, 1, None, None, None, None, None]


def test_part_by_part_each_goes_its_own_way(tara: Browser, session: TherapySession) -> None:
    other_window_saves(
        tara, session, work=SAVED, week="Theirs.", next_time="Theirs.", minutes="45", attendance="6"
    )
    page = Page(sends(tara, session, "compare", work=HERE, week="Mine.", next_time="Mine."))
    choices = {"use_week": "mine", "use_work": "theirs", "use_next_time": "both", "use_minutes": "theirs"}
    goes_on(tara, session, page, "choose", **choices)
    note = draft()
    assert (note.week, note.work, note.next_time) == ("Mine.", SAVED, "Mine.\nTheirs.")
    assert (note.form["minutes"], note.form["attendance"]) == ("45", "5")


# --- Meanwhile --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["keep", "take", "join", "choose"])
def test_a_third_version_is_shown_before_anything_is_done(
    tara: Browser, session: TherapySession, act: str
) -> None:
    other_window_saves(tara, session, work=SAVED)
    page = Page(sends(tara, session, "compare", work=HERE))
    other_window_saves(tara, session, based_on=1, work="A third text.")
    answer = goes_on(tara, session, page, act)
    again = Page(answer)
    assert answer.status_code == 409
    assert again.boxes == {"mine-work": HERE, "theirs-work": "A third text."}
    assert draft().work == "A third text."
    assert goes_on(tara, session, again, "keep").status_code == 302
    assert draft().work == HERE
    assert {parts["work"] for parts in kept()} == {HERE, SAVED, "A third text."}


def test_a_page_that_is_loaded_again_says_the_same_and_doubles_nothing(
    tara: Browser, session: TherapySession
) -> None:
    other_window_saves(tara, session, work=SAVED)
    first = Page(sends(tara, session, "compare", work=HERE))
    before = len(kept())
    again = Page(sends(tara, session, "compare", work=HERE))
    assert (again.boxes, again.fields) == (first.boxes, first.fields)
    assert len(kept()) == before


@pytest.mark.parametrize("act", ["keep", "take", "join", "compare", "draft", "sign"])
def test_what_arrives_after_signing_changes_nothing_and_is_kept(
    cast: Cast, tara: Browser, session: TherapySession, act: str
) -> None:
    other_window_saves(tara, session, work=SAVED)
    page = Page(sends(tara, session, "compare", work=HERE + " And more."))
    assert sends(tara, session, "sign", based_on=1, work=SAVED).status_code == 302
    answer = tara.post(address(session), {**page.fields, "act": act, "work": HERE}, follow=True)
    assert "signed already. Nothing was changed." in answer.content.decode()
    assert draft().work == SAVED
    assert HERE in {parts["work"] for parts in kept()}


def test_a_stale_signature_signs_nothing_and_keeps_the_words(tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session, work=SAVED)
    assert sends(tara, session, "sign", work=HERE).status_code == 409
    assert draft().signed_at is None
    assert HERE in {parts["work"] for parts in kept()}


def test_a_page_without_script_that_is_gone_back_to_and_sent_again_loses_nothing(
    tara: Browser, session: TherapySession
) -> None:
    window = str(uuid4())
    assert sends(tara, session, "draft", work=SAVED, window=window).status_code == 302
    assert Page(sends(tara, session, "draft", work=HERE, window=window)).boxes["mine-work"] == HERE
    assert {HERE, SAVED} <= {parts["work"] for parts in kept()}


# --- Text of any kind -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> & 'quotes' \"double\"",
        "👩🏽‍⚕️ سلام שלום e\u0301 \u200b\u200d\ufeff \u202e we",
        "  two  spaces\tand\n\n\nempty lines\n",
        "\n\nbegins with lines",
    ],
)
def test_not_one_character_is_lost_on_the_way(tara: Browser, session: TherapySession, text: str) -> None:
    other_window_saves(tara, session, work="Theirs.")
    page = Page(sends(tara, session, "compare", work=text.replace("\n", "\r\n")))
    assert page.boxes["mine-work"] == text
    assert page.fields["work"] == [text]
    goes_on(tara, session, page, "keep", work=page.fields["work"][0].replace("\n", "\r\n"))
    assert draft().work == text


def test_a_megabyte_on_both_sides_is_shown_and_joined(tara: Browser, session: TherapySession) -> None:
    days = [f"On day {day} Maya spoke of Tom. " for day in range(34_000)]
    mine = "".join(days)
    theirs = "".join(text.replace("Tom", "Tim") if at % 3400 == 7 else text for at, text in enumerate(days))
    other_window_saves(tara, session, work=theirs)
    page = Page(sends(tara, session, "compare", work=mine))
    assert page.boxes == {"mine-work": mine, "theirs-work": theirs}
    assert page.marks["theirs-work"] == ["Tim"] * 10
    goes_on(tara, session, page, "join")
    joined = draft().work
    assert len(joined) == len(mine) + sum(len(text) for text in days[7::3400])
    assert "On day 7 Maya spoke of Tom. On day 7 Maya spoke of Tim. " in joined


def test_half_a_character_is_refused_in_words_and_every_word_stays(
    tara: Browser, session: TherapySession
) -> None:
    other_window_saves(tara, session, work=SAVED)
    answer = sends(tara, session, "compare", work=HERE, week="nul \x00 here")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "NUL character" in html
    assert "waits to be asked" in html
    assert draft().work == SAVED


@pytest.mark.parametrize("odd", ["\x00", "²", "٣", "-1", "9" * 400, "\u202e\ufeff", "x" * 3000])
@pytest.mark.parametrize("name", ["begun_from", "based_on", "window", "edits", "use_work", "act"])
def test_nonsense_from_the_page_is_never_an_error_of_the_server(
    tara: Browser, session: TherapySession, name: str, odd: str
) -> None:
    other_window_saves(tara, session, work=SAVED)
    page = Page(sends(tara, session, "compare", work=HERE))
    answer = goes_on(tara, session, page, "choose", **{name: odd})
    assert answer.status_code in (302, 409, 422), answer.content.decode()
    assert {HERE, SAVED} <= {parts["work"] for parts in kept()}


# --- Contact notes and addenda ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["keep", "take", "join"])
@pytest.mark.parametrize("kind", ["contact_note", "addendum"])
def test_contact_notes_and_addenda_are_settled_in_the_same_way(
    cast: Cast, tara: Browser, session: TherapySession, kind: str, act: str
) -> None:
    key = uuid4()
    where = reverse(f"sessions:{kind}", args=[cast.course.pk, key])
    if kind == "addendum":
        with as_owner():
            where += f"?to={people.note_of(session).pk}"
    said = {"happened_on": "2026-11-20", "with_whom": "gp", "how": "phone", "reason": "Left out."}
    assert tara.post(where, {**said, "based_on": 0, "work": SAVED}).status_code == 302
    answer = tara.post(where, {**said, "based_on": 0, "work": HERE, "act": "sign", "reason": "Another."})
    page = Page(answer)
    assert answer.status_code == 409
    assert (page.boxes["mine-work"], page.boxes["theirs-work"]) == (HERE, SAVED)
    assert tara.post(where, {**page.fields, "act": act}).status_code == 302
    with as_owner():
        note = Note.objects.get(pk=key)
    assert note.signed_at is None
    assert (note.work == HERE, note.work == SAVED) == (act == "keep", act == "take")
    assert ("waits to be asked" in note.work, "leaves the room" in note.work) == (
        act != "take",
        act != "keep",
    )
    assert {HERE, SAVED} <= {parts["work"] for parts in kept()}
    history = tara.get(reverse(f"sessions:{kind.split('_')[0]}_history", args=[cast.course.pk, key]))
    assert "not saved into the note" in history.content.decode()


# --- Whose ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "sunil", "lena", "ada", "nadia"])
@pytest.mark.parametrize("act", ["compare", "keep", "take", "join", "choose"])
def test_nobody_else_sees_either_version(
    cast: Cast, client: Browser, session: TherapySession, who: str, act: str
) -> None:
    client.force_login(cast.tara)
    other_window_saves(client, session, work=SAVED)
    client.force_login(getattr(cast, who))
    answer = sends(client, session, act, work="Not theirs to write.")
    assert answer.status_code in (403, 404)
    assert "leaves the room" not in answer.content.decode()
    assert draft().work == SAVED


def test_a_page_made_for_somebody_else_is_refused(cast: Cast, tara: Browser, session: TherapySession) -> None:
    other_window_saves(tara, session, work=SAVED)
    assert sends(tara, session, "keep", based_on=1, person=str(cast.olga.pk)).status_code == 403
    assert draft().work == SAVED


def test_that_both_versions_were_looked_at_is_on_the_trail(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    other_window_saves(tara, session, work=SAVED)
    sends(tara, session, "compare", work=HERE)
    with as_owner():
        read = Event.objects.filter(what="Two versions of a draft").get()
    assert read.user_id == cast.tara.pk


def test_the_action_itself_keeps_what_was_overtaken(cast: Cast, session: TherapySession) -> None:
    act_as(cast.tara.pk)
    typed: dict[str, Any] = {"form": {}, "answers": {}}
    actions.save_draft(session=session, by=cast.tara, based_on=0, words={"work": SAVED}, **typed)
    with pytest.raises(drafts.StaleDraft):
        actions.save_draft(
            session=session, by=cast.tara, based_on=0, words={"work": HERE}, at=timezone.now(), **typed
        )
    assert {parts["work"] for parts in kept()} == {HERE, SAVED}
