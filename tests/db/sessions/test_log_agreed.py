"""What supervision asked somebody to do stands in the next log: ticked in the draft, done when the session is signed."""

import pytest
from django.test import Client as Browser

from audit.acting import act_as
from courses.models import CourseAction
from sessions.models import Note, TherapySession
from tests import cast as people
from tests.cast import Cast
from tests.db.sessions.test_conflict import Page
from tests.db.sessions.test_log import address, days_ago, filled
from tests.roles import as_owner


@pytest.fixture
def tara(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.tara)
    return client


@pytest.fixture
def session(cast: Cast) -> TherapySession:
    with as_owner():
        return people.session_of(cast.course, cast.tara, days_ago(1))


@pytest.fixture
def action(cast: Cast) -> CourseAction:
    with as_owner():
        return people.action_of(cast.course, cast.tara, cast.sunil)


def ticked(action: CourseAction, words: str = "") -> dict[str, object]:
    return {"actions_done": [str(action.pk)], f"came_of_{action.pk}": words}


def stands(action: CourseAction) -> tuple[str, str]:
    with as_owner():
        action.refresh_from_db()
    return action.outcome, action.words


def test_an_open_action_stands_in_the_log_and_a_closed_one_does_not(
    cast: Cast, tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    with as_owner():
        people.action_of(cast.course, cast.sunil, cast.sunil, "Listen to session 3")
        people.action_of(cast.others_course, cast.olga, cast.sunil, "Not Tara’s")
    html = tara.get(address(session)).content.decode()
    assert "Agreed in supervision" in html
    assert "Done: Write to the GP" in html
    assert "Sunil Super, due" in html
    assert "Not Tara’s" not in html
    with as_owner():
        CourseAction.objects.filter(course=cast.course).update(
            outcome="done", closed_at=days_ago(0), closed_by=cast.tara
        )
    assert "Agreed in supervision" not in tara.get(address(session)).content.decode()


def test_what_is_ticked_is_kept_with_the_draft_and_changes_nothing_yet(
    tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    answer = tara.post(address(session, "draft"), filled(**ticked(action, "Sent on Monday.")))
    assert answer.status_code == 200
    assert stands(action) == ("", "")
    html = tara.get(address(session)).content.decode()
    assert f'value="{action.pk}" checked' in html
    assert 'value="Sent on Monday."' in html


def test_signing_the_session_closes_what_was_ticked(
    cast: Cast, tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    answer = tara.post(address(session), filled(act="sign", **ticked(action, "Sent on Monday.")))
    assert answer.status_code == 302
    assert stands(action) == ("done", "Sent on Monday.")
    assert action.closed_by_id == cast.tara.pk
    tara.post(address(session), filled(act="sign", based_on="1", **ticked(action, "Again.")))
    assert stands(action) == ("done", "Sent on Monday.")


def test_what_somebody_closed_meanwhile_stays_as_they_closed_it(
    cast: Cast, tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    closed = {
        "outcome": "dropped",
        "words": "She declined.",
        "closed_at": days_ago(0),
        "closed_by": cast.sunil,
    }
    with as_owner():
        CourseAction.objects.filter(pk=action.pk).update(**closed)
    answer = tara.post(address(session), filled(act="sign", **ticked(action, "Sent.")))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "was closed meanwhile by Sunil Super" in html
    assert 'value="Sent."' in html
    assert tara.post(address(session), filled(act="sign", based_on="1", **ticked(action))).status_code == 302
    assert stands(action) == ("dropped", "She declined.")


def test_words_about_what_is_not_ticked_are_not_lost(
    tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    words = {f"came_of_{action.pk}": "Half of it."}
    answer = tara.post(address(session), filled(act="sign", **words))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Tick it if it is done" in html
    assert 'value="Half of it."' in html
    act_as(session.therapist_id)
    assert not Note.objects.get().is_signed
    assert stands(action) == ("", "")


def test_an_action_of_another_course_is_not_closed_from_here(
    cast: Cast, tara: Browser, session: TherapySession
) -> None:
    with as_owner():
        nora = people.course_for(people.client_named("Nora", "Banks"), cast.tara)
        other = people.action_of(nora, cast.tara, cast.sunil)
    assert tara.post(address(session), filled(act="sign", **ticked(other))).status_code == 302
    assert stands(other) == ("", "")


def test_two_versions_say_in_words_what_was_ticked_and_both_are_kept(
    cast: Cast, tara: Browser, session: TherapySession, action: CourseAction
) -> None:
    with as_owner():
        other = people.action_of(cast.course, cast.tara, cast.sunil, "Ring her sister")
    tara.post(address(session, "draft"), filled(**ticked(other, "Rang.")))
    page = tara.post(address(session), filled(act="compare", **ticked(action, "Sent.")))
    html = page.content.decode()
    for words in ("Agreed in supervision, and done", "What came of “Ring her sister”", "Rang.", "Sent."):
        assert words in html
    tara.post(address(session), Page(page).fields | {"act": "join"})
    act_as(cast.tara.pk)
    form = Note.objects.get().form
    assert set(form["actions_done"]) == {str(action.pk), str(other.pk)}
    assert (form[f"came_of_{action.pk}"], form[f"came_of_{other.pk}"]) == ("Sent.", "Rang.")
