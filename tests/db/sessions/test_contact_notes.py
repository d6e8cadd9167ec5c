"""The page on which a contact outside sessions is written: what is kept, what signing asks for, who reads it and where."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from courses.models import Course
from sessions import signing
from sessions.models import DraftVersion, EnteredInError, Note
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


def ago(**since: int) -> datetime:
    return timezone.localtime() - timedelta(**since)


def address(cast: Cast, key: UUID, name: str = "contact_note") -> str:
    return reverse(f"sessions:{name}", args=[cast.course.pk, key])


def filled(**changes: Any) -> dict[str, Any]:
    yesterday = ago(days=1)
    return {
        "based_on": "0",
        "happened_on": f"{yesterday:%Y-%m-%d}",
        "happened_time": "10:15",
        "with_whom": "client",
        "who": "",
        "how": "phone",
        "work": "Rang: the dose was doubled.",
        "next_time": "Ring again on Monday.",
        "risk_answer": "unchanged",
        "risk": "",
        **changes,
    }


def begun(browser: Browser, cast: Cast, key: UUID | None = None, **changes: Any) -> UUID:
    """A draft that saved itself once."""
    key = key or uuid4()
    assert browser.post(address(cast, key, "contact_draft"), filled(**changes)).status_code == 200
    return key


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_a_new_contact_note_has_a_key_before_it_has_a_row(cast: Cast, tara: Browser) -> None:
    first, second = (tara.get(reverse("sessions:contact_new", args=[cast.course.pk])) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] != second["Location"]
    page = tara.get(first["Location"])
    assert page.status_code == 200
    assert "Sign for Maya Fielding" in page.content.decode()
    with as_owner():
        assert not Note.objects.exists()


def test_the_page_begins_with_now_and_with_nothing_chosen(cast: Cast, tara: Browser) -> None:
    form = tara.get(address(cast, uuid4())).context["form"]
    assert form["happened_on"].value() == f"{timezone.localdate():%Y-%m-%d}"
    assert form["happened_time"].value()
    assert not any(form[name].value() for name in ("with_whom", "how", "risk_answer"))


def test_a_draft_comes_back_as_it_was_left(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast, happened_on="yesterday", who="Dr Hill", with_whom="gp", risk_answer="")
    form = tara.get(address(cast, key)).context["form"]
    assert form["happened_on"].value() == "yesterday"
    assert (form["who"].value(), form["with_whom"].value(), form["how"].value()) == ("Dr Hill", "gp", "phone")
    assert form["work"].value() == "Rang: the dose was doubled."
    assert form["risk_answer"].value() == ""


def test_an_empty_page_is_a_draft_too(cast: Cast, tara: Browser) -> None:
    assert tara.post(address(cast, uuid4(), "contact_draft"), {}).status_code == 200


def test_a_save_that_is_sent_again_makes_one_note_and_no_conflict(cast: Cast, tara: Browser) -> None:
    key, window = uuid4(), str(uuid4())
    sent = filled(window=window, edits="3")
    versions = [
        json.loads(tara.post(address(cast, key, "contact_draft"), sent).content)["version"] for _ in range(2)
    ]
    assert versions == [1, 1]
    with as_owner():
        assert Note.objects.count() == 1


def test_leaving_keeps_a_draft_and_says_that_it_is_not_signed(cast: Cast, tara: Browser) -> None:
    answer = tara.post(address(cast, uuid4()), filled(act="draft"), follow=True)
    assert "It is not signed yet." in answer.content.decode()
    with as_owner():
        assert Note.objects.get().signed_at is None


def test_signing_keeps_when_with_whom_and_how_under_the_signature(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast)
    answer = tara.post(address(cast, key), filled(act="sign", based_on="1", with_whom="gp", who=" Dr Hill "))
    assert (answer.status_code, answer["Location"]) == (302, reverse("courses:detail", args=[cast.course.pk]))
    with as_owner():
        note = Note.objects.get()
        assert (note.with_whom, note.who, note.how) == ("gp", "Dr Hill", "phone")
        assert timezone.localtime(note.happened_at).date() == ago(days=1).date()
        assert f"{timezone.localtime(note.happened_at):%H:%M}" == "10:15"
        assert signing.holds(note)
        assert note.form == {}
        assert Event.objects.filter(action="sign", user_id=cast.tara.pk, client_id=cast.maya.pk).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"happened_on": ""}, "happened_on", "Write the day of the contact."),
        ({"happened_on": "31 June"}, "happened_on", "Write the day of the contact, as 23/11/2026."),
        ({"happened_on": "0001-01-01"}, "happened_on", "Check the year of the contact."),
        (
            {"happened_on": "9999-12-31"},
            "happened_on",
            "This contact lies ahead. Write down what has happened.",
        ),
        ({"happened_time": ""}, "happened_time", "Write the time of the contact."),
        ({"happened_time": "25:00"}, "happened_time", "Write the time of the contact, as 14:30."),
        (
            {"happened_on": "2026-03-29", "happened_time": "01:30"},
            "happened_time",
            "On Sun 29 Mar 2026 the clock goes forward, and there is no 01:30. Choose an earlier or a later time.",
        ),
        (
            {"happened_on": "2026-10-25", "happened_time": "01:30"},
            "happened_time",
            "On Sun 25 Oct 2026 the clock goes back, and 01:30 comes twice. Choose an earlier or a later time.",
        ),
        ({"with_whom": ""}, "with_whom", "Say with whom the contact was."),
        ({"how": ""}, "how", "Say how: by phone, message, email, letter, video or in person."),
        ({"work": "  \n "}, "work", "Write what was said."),
        ({"risk_answer": ""}, "risk_answer", "Say whether you asked about risk."),
        ({"risk_answer": "changed"}, "risk", "Describe what has changed about risk."),
        ({"risk_answer": "not_asked"}, "risk", "Say why you did not ask about risk."),
        (
            {"who": "x" * 121},
            "who",
            "A name has at most 120 characters: write the rest under what was said.",
        ),
    ],
)
def test_signing_says_what_is_missing_and_keeps_the_draft(
    cast: Cast, tara: Browser, changes: dict[str, str], field: str, words: str
) -> None:
    page = tara.post(address(cast, uuid4()), filled(act="sign", **changes))
    html = page.content.decode()
    assert page.status_code == 422
    assert page.context["problems"] == [(f"id_{field}", words)]
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}"' in html
    assert "Everything that you typed is still on this page, and kept as a draft." in html
    with as_owner():
        note = Note.objects.get()
        assert note.signed_at is None
        assert note.next_time == "Ring again on Monday."


def test_nobody_has_to_ask_a_practice_about_risk(cast: Cast, tara: Browser) -> None:
    sent = filled(act="sign", with_whom="gp", risk_answer="")
    assert tara.post(address(cast, uuid4()), sent).status_code == 302


@pytest.mark.parametrize(
    "words",
    ["x" * 1_000_000, "Ring 👩🏽‍⚕️ at nine", "שלום \u202e עולם", "line\u2028break", "\ufffd"],
    ids=["1 MB", "emoji", "right to left", "separator", "replacement"],
)
def test_every_word_is_kept_as_it_was_typed(cast: Cast, tara: Browser, words: str) -> None:
    key = begun(tara, cast, work=words)
    assert tara.get(address(cast, key)).context["form"]["work"].value() == words
    assert tara.post(address(cast, key), filled(act="sign", based_on="1", work=words)).status_code == 302
    with as_owner():
        assert Note.objects.get().work == words


@pytest.mark.parametrize(
    ("field", "words"), [("work", "before\x00after"), ("who", "Dr\x00Hill"), ("work", "x" * 2_000_001)]
)
@pytest.mark.parametrize("act", ["draft", "sign"])
def test_what_cannot_be_kept_stays_on_the_page(
    cast: Cast, tara: Browser, act: str, field: str, words: str
) -> None:
    page = tara.post(address(cast, uuid4()), filled(act=act, **{field: words}))
    assert page.status_code == 422
    assert page.context["form"][field].value() == words
    assert [anchor for anchor, _ in page.context["problems"]] == [f"id_{field}"]
    assert "kept as a draft" not in page.content.decode()
    assert "data-unsaved" in page.content.decode()
    with as_owner():
        assert not Note.objects.exists()


def test_half_a_character_is_kept_as_what_the_browser_makes_of_it(cast: Cast, tara: Browser) -> None:
    answer = tara.post(
        address(cast, uuid4(), "contact_draft"),
        b"based_on=0&work=before%ED%A0%BDafter",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    with as_owner():
        assert Note.objects.get().work.startswith("before")


def test_two_windows_overwrite_nothing(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast, work="From the first window.")
    late = filled(work="From the second window.")
    said = tara.post(address(cast, key, "contact_draft"), late)
    assert (said.status_code, json.loads(said.content)["kind"]) == (409, "stale")
    both = tara.post(address(cast, key), {**late, "act": "sign"})
    html = both.content.decode()
    assert both.status_code == 409
    assert "It is not signed yet." in html
    assert "first" in html
    assert "second" in html
    joined = tara.post(address(cast, key), {**late, "act": "join", "based_on": "1"})
    assert (joined.status_code, joined["Location"]) == (302, address(cast, key))
    with as_owner():
        assert "From the first window." in Note.objects.get().work
        assert "From the second window." in Note.objects.get().work


def test_earlier_versions_are_the_writers_and_come_back(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast, work="First thoughts.")
    begun(tara, cast, key, work="Second thoughts.", based_on="1")
    history = address(cast, key, "contact_history")
    assert tara.get(history).status_code == 200
    with as_owner():
        first = DraftVersion.objects.get(version=1)
    back = tara.post(history, {"version": str(first.pk), "based_on": "2"})
    assert (back.status_code, back["Location"]) == (302, address(cast, key))
    assert tara.get(address(cast, key)).context["form"]["work"].value() == "First thoughts."


def test_what_is_sent_after_signing_changes_nothing_and_is_kept(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast)
    assert tara.post(address(cast, key), filled(act="sign", based_on="1")).status_code == 302
    again = tara.post(address(cast, key), filled(act="sign", based_on="1", work="And one thing more."))
    assert (again.status_code, again["Location"]) == (302, address(cast, key, "contact_read"))
    said = tara.post(address(cast, key, "contact_draft"), filled(based_on="1", work="And another."))
    assert (said.status_code, json.loads(said.content)["kind"]) == (409, "taken")
    assert tara.get(address(cast, key))["Location"] == address(cast, key, "contact_read")
    with as_owner():
        assert Note.objects.get().work == "Rang: the dose was doubled."
        kept = DraftVersion.objects.filter(was_refused=True).values_list("parts__work", flat=True)
        assert sorted(kept) == ["And another.", "And one thing more."]


def test_a_page_that_was_made_for_somebody_else_is_not_sent(cast: Cast, tara: Browser) -> None:
    sent = filled(person=str(cast.olga.pk))
    said = tara.post(address(cast, uuid4(), "contact_draft"), sent)
    assert (said.status_code, json.loads(said.content)["kind"]) == (403, "person")
    assert tara.post(address(cast, uuid4()), {**sent, "act": "sign"}).status_code == 403
    with as_owner():
        assert not Note.objects.exists()


def test_a_draft_that_was_begun_before_is_offered(cast: Cast, tara: Browser) -> None:
    key = begun(tara, cast)
    assert address(cast, key) in tara.get(address(cast, uuid4())).content.decode()
    assert "Go on with that one" not in tara.get(address(cast, key)).content.decode()


# --- Who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"), [("olga", 404), ("nadia", 404), ("ada", 403), ("sunil", 403), ("lena", 403)]
)
def test_only_who_carries_the_course_writes(cast: Cast, client: Browser, who: str, answer: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse("sessions:contact_new", args=[cast.course.pk])).status_code == answer
    for name in ("contact_note", "contact_draft"):
        assert client.post(address(cast, uuid4(), name), filled(act="sign")).status_code == answer
    with as_owner():
        assert not Note.objects.exists()


def test_a_key_of_anothers_draft_of_another_course_or_of_a_session_is_not_found(
    cast: Cast, tara: Browser
) -> None:
    with as_owner():
        held = people.held_session(cast.course, cast.tara, ago(days=3), 1)
        noor = people.course_for(people.client_named("Noor", "Khan"), cast.tara)
        keys = [
            people.contact_note_of(cast.course, cast.olga, signed=False).pk,
            people.contact_note_of(cast.course, cast.olga).pk,
            people.contact_note_of(noor, cast.tara, signed=False).pk,
            people.note_of(held, signed=False).pk,
        ]
    for key in keys:
        assert tara.get(address(cast, key)).status_code == 404
        assert tara.post(address(cast, key), filled(act="sign")).status_code == 404
        assert tara.post(address(cast, key, "contact_draft"), filled()).status_code == 404
        assert tara.get(address(cast, key, "contact_history")).status_code == 404


def test_a_key_of_a_draft_that_nobody_here_may_know_of_is_refused_in_words(cast: Cast, tara: Browser) -> None:
    with as_owner():
        key = people.contact_note_of(cast.others_course, cast.olga, signed=False).pk
    said = tara.post(address(cast, key, "contact_draft"), filled())
    assert said.status_code == 422
    assert "This address belongs to another note." in json.loads(said.content)["why"]


def test_a_course_that_has_ended_takes_contact_notes_while_it_is_carried(cast: Cast, tara: Browser) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now() + timedelta(days=10))
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=timezone.localdate())
    assert "Write a contact note" in tara.get(f"/courses/{cast.course.pk}/").content.decode()
    assert tara.post(address(cast, uuid4()), filled(act="sign")).status_code == 302
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now() - timedelta(minutes=1))
    assert tara.get(address(cast, uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("who", "answer"), [("tara", 200), ("sunil", 200), ("lena", 200), ("ada", 403), ("olga", 404)]
)
def test_who_reads_the_course_reads_its_contacts(cast: Cast, client: Browser, who: str, answer: int) -> None:
    with as_owner():
        key = people.contact_note_of(cast.course, cast.tara, with_whom="gp", who="Dr Hill").pk
    client.force_login(getattr(cast, who))
    page = client.get(address(cast, key, "contact_read"))
    assert page.status_code == answer
    if answer == 200:
        assert "Phone, Dr Hill (GP or practice)" in page.content.decode()
        assert "She rang to say that she is well." in page.content.decode()
        with as_owner():
            assert Event.objects.filter(action="read", object_ids=[key]).count() == 1


def test_a_draft_is_its_authors_alone(cast: Cast, client: Browser) -> None:
    with as_owner():
        key = people.contact_note_of(cast.course, cast.tara, signed=False, work="kingfisher").pk
    for who, answer in (("tara", 302), ("sunil", 404), ("lena", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(address(cast, key, "contact_read")).status_code == answer, who
        assert "kingfisher" not in client.get(f"/courses/{cast.course.pk}/").content.decode()


def test_a_draft_that_was_struck_out_is_written_no_more(cast: Cast, tara: Browser) -> None:
    with as_owner():
        note = people.contact_note_of(cast.course, cast.tara, signed=False)
        EnteredInError.objects.create(
            note=note, course=cast.course, kind="mistake", reason="Twice.", by=cast.tara
        )
    said = tara.post(address(cast, note.pk, "contact_draft"), filled(based_on="1"))
    assert (said.status_code, json.loads(said.content)["kind"]) == (409, "taken")
    assert tara.get(address(cast, note.pk))["Location"] == address(cast, note.pk, "contact_read")
    assert tara.get(address(cast, note.pk, "contact_read")).status_code == 200


# --- Beside the next session ------------------------------------------------------------------------------------------


def test_nobody_opens_a_session_without_knowing_of_yesterdays_call(cast: Cast, tara: Browser) -> None:
    with as_owner():
        held = people.held_session(cast.course, cast.tara, ago(days=7), 1)
        people.note_of(held)
        today = people.session_of(cast.course, cast.tara, ago(hours=1))
        call = people.contact_note_of(
            cast.course,
            cast.tara,
            happened_at=ago(days=1),
            risk_answer="changed",
            risk="x",
            work="Yesterday's call.",
        )
        people.contact_note_of(cast.course, cast.tara, happened_at=ago(days=9), work="An older call.")
        struck = people.contact_note_of(
            cast.course, cast.tara, happened_at=ago(days=2), work="A struck call."
        )
        EnteredInError.objects.create(
            note=struck, course=cast.course, kind="mistake", reason="Twice.", by=cast.tara
        )
        people.contact_note_of(cast.course, cast.tara, signed=False, work="A draft.")
    html = tara.get(reverse("sessions:log", args=[cast.course.pk, today.pk])).content.decode()
    assert "Contacts since" in html
    assert "Yesterday&#x27;s call." in html
    assert "Risk changed" in html
    assert address(cast, call.pk, "contact_read") in html
    for other in ("An older call.", "A struck call.", "A draft."):
        assert other not in html
