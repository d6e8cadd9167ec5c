"""The page on which something is added to a signed note: by whom, beside what, and what becomes of the note."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from courses.models import Course
from sessions import note_actions, signing
from sessions.models import DraftVersion, Note
from staff.models import User
from tests import cast as people
from tests.cast import Cast
from tests.roles import as_owner


@pytest.fixture
def original(cast: Cast) -> Note:
    """Tara's signed note of the first session, four days ago."""
    with as_owner():
        held = people.held_session(cast.course, cast.tara, timezone.now() - timedelta(days=4), 1)
        return people.note_of(held, work="Spoke about her father.")


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def address(original: Note, key: UUID, name: str = "addendum") -> str:
    return f"{reverse(f'sessions:{name}', args=[original.course_id, key])}?to={original.pk}"


def new(original: Note) -> str:
    return reverse("sessions:addendum_new", args=[original.course_id, original.pk])


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "based_on": "0",
        "reason": "The wrong relative.",
        "work": "It was her brother, not her father.",
        **changes,
    }


def begun(browser: Browser, original: Note, key: UUID | None = None, **changes: Any) -> UUID:
    key = key or uuid4()
    answer = browser.post(address(original, key, "addendum_draft"), filled(**changes))
    assert answer.status_code == 200
    return key


def trainee(person: User) -> None:
    with as_owner():
        User.objects.filter(pk=person.pk).update(is_trainee=True)


def test_a_new_addendum_has_a_key_before_it_has_a_row(original: Note, tara: Browser) -> None:
    first, second = tara.get(new(original)), tara.get(new(original))
    assert first.status_code == second.status_code == 302
    assert first["Location"] != second["Location"]
    assert tara.get(first["Location"]).status_code == 200
    with as_owner():
        assert Note.objects.count() == 1


def test_the_signed_note_stands_whole_beside_what_is_written(original: Note, tara: Browser) -> None:
    html = tara.get(address(original, uuid4())).content.decode()
    assert "Spoke about her father." in html
    assert "A quiet week." in html
    assert "To the note of session 1 on" in html
    assert "Sign for Maya Fielding" in html
    assert "Write an addendum" not in html


def test_an_addendum_that_was_begun_is_gone_on_with(original: Note, tara: Browser) -> None:
    key = begun(tara, original)
    assert tara.get(new(original))["Location"] == address(original, key)
    form = tara.get(address(original, key)).context["form"]
    assert (form["reason"].value(), form["work"].value()) == (
        "The wrong relative.",
        "It was her brother, not her father.",
    )


def test_a_signed_addendum_leaves_the_note_as_it_was_and_is_read_with_it(
    cast: Cast, original: Note, tara: Browser
) -> None:
    key = begun(tara, original)
    answer = tara.post(address(original, key), filled(act="sign", based_on="1"))
    assert answer.status_code == 302
    with as_owner():
        added = Note.objects.get(pk=key)
        assert (added.adds_to_id, added.reason) == (original.pk, "The wrong relative.")
        assert signing.holds(added)
        assert Note.objects.get(pk=original.pk).work == "Spoke about her father."
        assert Event.objects.filter(action="sign", object_ids=[key], client_id=cast.maya.pk).count() == 1
    html = tara.get(reverse("sessions:detail", args=[cast.course.pk, original.session_id])).content.decode()
    assert html.index("Spoke about her father.") < html.index("It was her brother, not her father.")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"reason": " "}, "reason", "Say why the note needs an addendum."),
        ({"work": "\n"}, "work", "Write what is to be added."),
    ],
)
def test_signing_says_what_is_missing_and_keeps_the_draft(
    original: Note, tara: Browser, changes: dict[str, str], field: str, words: str
) -> None:
    page = tara.post(address(original, uuid4()), filled(act="sign", **changes))
    assert page.status_code == 422
    assert page.context["problems"] == [(f"id_{field}", words)]
    assert f'href="#id_{field}"' in page.content.decode()
    with as_owner():
        assert Note.objects.drafts().count() == 1


def test_a_save_that_is_sent_again_makes_one_addendum(original: Note, tara: Browser) -> None:
    key, window = uuid4(), str(uuid4())
    for _ in range(2):
        begun(tara, original, key, window=window, edits="1")
    with as_owner():
        assert Note.objects.drafts().count() == 1


@pytest.mark.parametrize("field", ["reason", "work"])
@pytest.mark.parametrize("act", ["draft", "sign"])
def test_what_cannot_be_kept_stays_on_the_page(original: Note, tara: Browser, act: str, field: str) -> None:
    page = tara.post(address(original, uuid4()), filled(act=act, **{field: "before\x00after"}))
    assert page.status_code == 422
    assert page.context["form"][field].value() == "before\x00after"
    assert [anchor for anchor, _ in page.context["problems"]] == [f"id_{field}"]


def test_every_word_is_kept_as_it_was_typed(original: Note, tara: Browser) -> None:
    words = "👩🏽‍⚕️ שלום \u202e עולם " + "x" * 1_000_000
    key = begun(tara, original, work=words, reason="One line\r\nand another")
    with as_owner():
        note = Note.objects.get(pk=key)
        assert note.work == words
        assert note.form == {"reason": "One line\nand another"}


def test_two_windows_overwrite_nothing(original: Note, tara: Browser) -> None:
    key = begun(tara, original, work="From the first window.")
    late = filled(work="From the second window.")
    said = tara.post(address(original, key, "addendum_draft"), late)
    assert (said.status_code, json.loads(said.content)["kind"]) == (409, "stale")
    both = tara.post(address(original, key), {**late, "act": "sign"})
    assert both.status_code == 409
    kept = tara.post(address(original, key), {**late, "act": "keep", "based_on": "1"})
    assert (kept.status_code, kept["Location"]) == (302, address(original, key))
    with as_owner():
        assert Note.objects.get(pk=key).work == "From the second window."


def test_earlier_versions_are_the_writers_and_come_back(original: Note, tara: Browser) -> None:
    key = begun(tara, original, work="First thoughts.")
    begun(tara, original, key, work="Second thoughts.", based_on="1")
    history = reverse("sessions:addendum_history", args=[original.course_id, key])
    assert tara.get(history).status_code == 200
    with as_owner():
        first = DraftVersion.objects.get(version=1)
    assert tara.post(history, {"version": str(first.pk), "based_on": "2"}).status_code == 302
    assert tara.get(address(original, key)).context["form"]["work"].value() == "First thoughts."


# --- Who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"),
    [("tara", 302), ("lena", 302), ("olga", 404), ("nadia", 404), ("ada", 403), ("sunil", 403)],
)
def test_the_author_and_the_lead_add_to_a_signed_note(
    cast: Cast, original: Note, client: Browser, who: str, answer: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(new(original)).status_code == answer
    assert client.post(address(original, uuid4()), filled(act="sign")).status_code == answer


def test_the_lead_adds_in_their_own_name(cast: Cast, original: Note, client: Browser) -> None:
    client.force_login(cast.lena)
    assert client.post(address(original, uuid4()), filled(act="sign")).status_code == 302
    with as_owner():
        assert Note.objects.get(adds_to=original).author_id == cast.lena.pk


def test_what_somebody_else_has_begun_to_add_is_not_found(cast: Cast, original: Note, tara: Browser) -> None:
    with as_owner():
        key = people.addendum_to(original, by=cast.lena, signed=False).pk
    for name in ("addendum", "addendum_draft"):
        assert tara.post(address(original, key, name), filled(act="sign")).status_code == 404
    assert tara.get(address(original, key)).status_code == 404
    assert str(key) not in tara.get(new(original))["Location"]


def test_only_a_signed_note_of_this_course_is_added_to(cast: Cast, original: Note, tara: Browser) -> None:
    with as_owner():
        noor = people.course_for(people.client_named("Noor", "Khan"), cast.tara)
        draft = people.contact_note_of(cast.course, cast.tara, signed=False)
        elsewhere = people.contact_note_of(noor, cast.tara)
        added = people.addendum_to(original)
    page = reverse("sessions:addendum", args=[cast.course.pk, uuid4()])
    for to in (str(draft.pk), str(elsewhere.pk), str(added.pk), str(uuid4()), "", "%00", "nonsense"):
        assert tara.get(f"{page}?to={to}").status_code == 404, to
        assert tara.post(f"{page}?to={to}", filled(act="sign")).status_code == 404, to


def test_a_course_that_has_ended_takes_addenda(cast: Cast, original: Note, tara: Browser) -> None:
    with as_owner():
        cast.course.allocations.update(ends_at=timezone.now() + timedelta(days=10))
        Course.objects.filter(pk=cast.course.pk).update(status="ended", ended_on=timezone.localdate())
    assert tara.post(address(original, uuid4()), filled(act="sign")).status_code == 302


def test_nothing_is_added_to_what_was_entered_in_error(cast: Cast, tara: Browser) -> None:
    with as_owner():
        note = people.contact_note_of(cast.course, cast.tara)
        begun_before = people.addendum_to(note, signed=False)
        people.struck_out(note, cast.tara)
    read = reverse("sessions:contact_read", args=[cast.course.pk, note.pk])
    assert tara.get(address(note, begun_before.pk))["Location"] == read
    page = tara.post(address(note, begun_before.pk), filled(act="sign", based_on="1"))
    assert page.status_code == 422
    assert "nothing is added to it" in page.content.decode()


# --- Trainees ---------------------------------------------------------------------------------------------------------


def test_a_returned_note_is_put_forward_again_by_its_addendum(
    cast: Cast, original: Note, tara: Browser
) -> None:
    trainee(cast.tara)
    with as_owner():
        people.decided(original, cast.sunil, "returned", comment="Say more about Sunday.")
    html = tara.get(tara.get(new(original))["Location"]).content.decode()
    assert html.index("Say more about Sunday.") < html.index("Why the note needs an addendum")
    assert html.count("Say more about Sunday.") == 2  # on top, and where it stands after the note
    assert "Sign and put forward again" in html
    assert tara.post(address(original, uuid4()), filled(act="sign")).status_code == 302
    with as_owner():
        added = Note.objects.get(adds_to=original)
        assert added.needs_cosign
        assert note_actions.state_of(Note.objects.get(pk=original.pk)) == "awaiting_cosign"
    assert "Signed, awaiting co-sign" in tara.get(f"/courses/{cast.course.pk}/").content.decode()


def test_who_is_no_trainee_signs_for_the_client_alone(cast: Cast, original: Note, tara: Browser) -> None:
    html = tara.get(address(original, uuid4())).content.decode()
    assert "put forward" not in html
