"""The earlier versions of a draft: its writer reads them, copies from them and brings one back. Nobody else knows of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from outcomes.models import Response
from sessions.models import DraftVersion, Note, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_conflict import Page, draft, kept
from tests.db.sessions.test_log import address, days_ago, filled
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(1), room=people.room("Room 2"))


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


def pauses(client: Browser, session: TherapySession, *texts: str, **changes: Any) -> None:
    """One save for each text."""
    for at, text in enumerate(texts):
        answer = client.post(address(session, "draft"), filled(based_on=at, work=text, **changes))
        assert answer.status_code == 200, answer.content


def version_of(text: str) -> DraftVersion:
    with as_owner():
        return DraftVersion.objects.get(parts__work=text)


def brings_back(client: Browser, session: TherapySession, text: str, based_on: int) -> Any:
    sent = {"version": str(version_of(text).pk), "based_on": based_on}
    return client.post(address(session, "history"), sent, follow=True)


def test_each_pause_is_listed_newest_first_with_a_short_measure(
    tara: Browser, session: TherapySession
) -> None:
    pauses(tara, session, "One two three.", "One two three. Four five.", "One.", week="", next_time="")
    days = tara.get(address(session, "history")).context["days"]
    assert [day for day, _ in days] == [timezone.localdate()]
    assert [row.measure for row in days[0][1]] == [
        "Work done: 1 word, −4",
        "Work done: 5 words, +2",
        "Work done: 3 words",
    ]


def test_what_changed_beside_the_text_is_named(tara: Browser, session: TherapySession) -> None:
    pauses(tara, session, "The same.")
    changes = {"minutes": "45", "focus": ["grief"], "phq9_1": "3"}
    tara.post(address(session, "draft"), filled(based_on=1, work="The same.", **changes))
    days = tara.get(address(session, "history")).context["days"]
    assert days[0][1][0].measure == "Minutes, Focus of this session changed and more"


def test_versions_stand_under_the_day_on_which_they_were_written(
    tara: Browser, session: TherapySession
) -> None:
    pauses(tara, session, "Yesterday.", "Today.")
    with as_owner():
        DraftVersion.objects.filter(version=1).update(saved_at=timezone.now() - timedelta(days=1))
    days = tara.get(address(session, "history")).context["days"]
    today = timezone.localdate()
    assert [(day, len(rows)) for day, rows in days] == [(today, 1), (today - timedelta(days=1), 1)]


def test_what_was_refused_is_listed_as_not_saved(tara: Browser, session: TherapySession) -> None:
    pauses(tara, session, "Saved.")
    tara.post(address(session, "draft"), filled(based_on=0, work="Refused."))
    html = tara.get(address(session, "history")).content.decode()
    assert html.count("not saved into the note") == 1
    shown = tara.get(address(session, "history"), {"version": version_of("Refused.").pk})
    assert "Another window had saved a newer version." in shown.content.decode()


def test_one_version_is_shown_in_full_beside_what_the_draft_says_now(
    tara: Browser, session: TherapySession
) -> None:
    pauses(
        tara, session, "She waits to be asked.\n\nThen role play.", "She leaves the room.\n\nThen role play."
    )
    then = version_of("She waits to be asked.\n\nThen role play.")
    answer = tara.get(address(session, "history"), {"version": then.pk})
    page = Page(answer)
    assert page.boxes["then-work"] == "She waits to be asked.\n\nThen role play."
    assert page.marks["then-work"] == ["waits to be asked"]
    assert page.boxes["then-attendance"] == "Attended"
    assert page.marks["then-attendance"] == []
    assert f"Bring back what I wrote at {timezone.localtime(then.saved_at):%H:%M}" in answer.content.decode()


def test_what_the_draft_says_now_is_not_offered_again(tara: Browser, session: TherapySession) -> None:
    pauses(tara, session, "As it is.")
    html = tara.get(address(session, "history"), {"version": version_of("As it is.").pk}).content.decode()
    assert "This is what the draft says now." in html
    assert "Bring back" not in html


def test_a_version_is_brought_back_whole_and_the_present_text_stays_in_the_history(
    tara: Browser, session: TherapySession
) -> None:
    pauses(tara, session, "At 10:41.", minutes="45", phq9_1="3")
    tara.post(address(session, "draft"), filled(based_on=1, work="Now.", pause=""))
    answer = brings_back(tara, session, "At 10:41.", based_on=2)
    assert answer.redirect_chain == [(address(session), 302)]
    assert "Brought back what you wrote at" in answer.content.decode()
    note = draft()
    assert (note.work, note.form["minutes"], note.version) == ("At 10:41.", "45", 3)
    assert "Now." in {parts["work"] for parts in kept()}
    with as_owner():
        assert Response.objects.get(measure="phq9").answers[0] == 3


def test_what_was_refused_is_brought_back_too(tara: Browser, session: TherapySession) -> None:
    pauses(tara, session, "Saved.")
    tara.post(address(session, "draft"), filled(based_on=0, work="Refused."))
    brings_back(tara, session, "Refused.", based_on=1)
    assert draft().work == "Refused."


def test_a_draft_that_moved_on_meanwhile_is_not_overwritten(tara: Browser, session: TherapySession) -> None:
    pauses(tara, session, "Old.", "Now.", "Newer.")
    answer = brings_back(tara, session, "Old.", based_on=2)
    assert answer.status_code == 409
    assert "Nothing was brought back" in answer.content.decode()
    assert draft().work == "Newer."


# --- After signing ----------------------------------------------------------------------------------------------------


def test_a_signed_note_is_read_and_copied_from_and_nothing_is_brought_back(
    tara: Browser, session: TherapySession
) -> None:
    pauses(tara, session, "On the way.", "As signed.")
    tara.post(address(session), filled(based_on=2, act="sign", work="As signed."))
    answer = tara.get(address(session, "history"), {"version": version_of("On the way.").pk})
    html = answer.content.decode()
    assert Page(answer).boxes["then-work"] == "On the way."
    assert Page(answer).marks["then-minutes"] == []
    assert "Bring back" not in html
    until = timezone.localdate() + timedelta(days=30)
    assert f"you can read and copy this until {until:%a} {until.day} {until:%b %Y}" in html
    assert brings_back(tara, session, "On the way.", based_on=draft().version).status_code == 409
    assert draft().work == "As signed."


def test_thirty_days_after_signing_it_is_gone(cast: Cast, tara: Browser) -> None:
    with as_owner():
        session = people.session_of(cast.course, cast.tara, days_ago(31))
        note = people.note_of(session)
        version = DraftVersion.objects.create(
            note=note, course=note.course, author=note.author, version=1, parts={"work": "On the way."}
        )
    html = tara.get(address(session, "history")).content.decode()
    assert "Nothing is kept here any more" in html
    assert tara.get(address(session, "history"), {"version": version.pk}).status_code == 404


# --- Whose ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "sunil", "dana", "lena", "ada", "nadia"])
@pytest.mark.parametrize("is_signed", [False, True])
def test_nobody_but_the_author_finds_the_history(
    cast: Cast, client: Browser, session: TherapySession, who: str, is_signed: bool
) -> None:
    client.force_login(cast.tara)
    pauses(client, session, "Tara's own words.")
    if is_signed:
        client.post(address(session), filled(based_on=1, act="sign", work="Tara's own words."))
    client.force_login(getattr(cast, who))
    asked = {"version": str(version_of("Tara's own words.").pk), "based_on": "1"}
    assert client.get(address(session, "history")).status_code == 404
    assert client.get(address(session, "history"), asked).status_code == 404
    assert client.post(address(session, "history"), asked).status_code == 404


def test_a_version_of_another_note_is_not_found(cast: Cast, tara: Browser, session: TherapySession) -> None:
    with as_owner():
        other = people.session_of(cast.course, cast.tara, days_ago(3))
    pauses(tara, session, "Of this session.")
    pauses(tara, other, "Of another session.")
    elsewhere = {"version": version_of("Of another session.").pk}
    assert tara.get(address(session, "history"), elsewhere).status_code == 404
    for nonsense in (str(uuid4()), "nonsense", "\x00"):
        assert tara.get(address(session, "history"), {"version": nonsense}).status_code == 404


def test_who_is_about_to_begin_is_told_what_will_stand_here(tara: Browser, session: TherapySession) -> None:
    html = tara.get(address(session, "history")).content.decode()
    assert "Each time you pause while you write" in html


# --- Many -------------------------------------------------------------------------------------------------------------


def add_versions(numbers: range) -> None:
    """As many words in each as its number says, a second apart."""
    with as_owner():
        note = Note.objects.get()
        DraftVersion.objects.bulk_create(
            DraftVersion(
                note=note,
                course=note.course,
                author=note.author,
                version=number,
                saved_at=note.saved_at + timedelta(seconds=number),
                parts={"work": "word " * number},
            )
            for number in numbers
        )


def test_three_hundred_versions_come_in_pages_and_cost_what_five_do(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    pauses(tara, session, "The first.", week="", next_time="")
    add_versions(range(2, 6))
    five, _ = queries_of(tara, f"{address(session, 'history')}?version={version_of('word ' * 5).pk}")
    add_versions(range(6, 301))
    page = tara.get(address(session, "history"))
    three_hundred, _ = queries_of(
        tara, f"{address(session, 'history')}?version={version_of('word ' * 299).pk}"
    )
    assert len(three_hundred) == len(five), three_hundred
    assert len(three_hundred) <= 16
    assert sum(len(rows) for _, rows in page.context["days"]) == 25
    assert "300 kept" in page.content.decode()
    last = tara.get(address(session, "history"), {"page": 12})
    assert last.context["days"][-1][1][-1].measure == "Work done: 2 words"
    # The last of a page is compared with the first of the next one.
    assert page.context["days"][-1][1][-1].measure == "Work done: 276 words, +1"
