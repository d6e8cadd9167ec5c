"""An open page asks who is signed in before it sends what somebody typed."""

from django.test import Client as Browser

from audit.models import Event
from tests.cast import Cast
from tests.roles import as_owner


def test_it_says_the_key_of_the_person_and_nothing_else_of_them(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    answer = client.get("/again/")
    assert answer.json() == {"person": str(cast.tara.pk), "csrf": answer.json()["csrf"]}
    assert answer["Cache-Control"] == "no-store"


def test_nobody_is_nobody_and_gets_a_token_to_sign_in_with(client: Browser, cast: Cast) -> None:
    browser = Browser(enforce_csrf_checks=True)
    token = browser.get("/again/").json()
    assert token["person"] is None
    with as_owner():
        cast.tara.set_password("a kettle sings at four")
        cast.tara.save()
    typed = {"login": cast.tara.email, "password": "a kettle sings at four", "next": "/again/"}
    answer = browser.post("/account/login/", typed | {"csrfmiddlewaretoken": token["csrf"]})
    assert answer["Location"] == "/again/"
    assert browser.get("/again/").json()["person"] == str(cast.tara.pk)


def test_asking_leaves_no_row_on_the_trail(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    with as_owner():
        before = Event.objects.count()
    client.get("/again/")
    with as_owner():
        assert Event.objects.count() == before
