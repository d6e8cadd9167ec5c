"""What holds for every request: one transaction, the acting person set and forgotten, refusals on the trail, headers."""

from collections.abc import Iterator
from datetime import time
from uuid import UUID, uuid4

import pytest
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.urls import path

from audit.acting import act_as
from audit.models import Event
from clients.models import Client
from ipt_clinic.urls import urlpatterns as clinic_urls
from staff.models import WorkingHours
from tests.cast import Cast
from tests.roles import as_owner


def fails(request: HttpRequest, client_id: UUID) -> HttpResponse:
    Client.objects.filter(pk=client_id).update(phone="changed")
    raise RuntimeError("the view broke")


def answers_500(request: HttpRequest, client_id: UUID) -> HttpResponse:
    Client.objects.filter(pk=client_id).update(phone="changed")
    return HttpResponse(status=500)


def says_and_fails(request: HttpRequest, client_id: UUID) -> HttpResponse:
    messages.success(request, "All of it is saved.")
    raise RuntimeError("the view broke")


def fails_at_the_commit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A foreign key is checked at the end of the transaction, when the answer is already written."""
    Client.objects.filter(pk=client_id).update(phone="changed")
    WorkingHours.objects.create(person_id=uuid4(), weekday=1, starts=time(9), ends=time(17))
    messages.success(request, "All of it is saved.")
    return HttpResponse("saved")


def refuses(request: HttpRequest, client_id: UUID) -> HttpResponse:
    Client.objects.filter(pk=client_id).update(phone="changed")
    raise PermissionDenied


def who(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.user_id', true), current_user")
        return HttpResponse(" ".join(cursor.fetchone()))


urlpatterns = [
    *clinic_urls,
    path("fails/<uuid:client_id>/", fails),
    path("answers-500/<uuid:client_id>/", answers_500),
    path("says-and-fails/<uuid:client_id>/", says_and_fails),
    path("fails-at-the-commit/<uuid:client_id>/", fails_at_the_commit),
    path("refuses/<uuid:client_id>/", refuses),
    path("who/", who),
]


@pytest.fixture
def tara(cast: Cast) -> Iterator[Browser]:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.tara)
    with override_settings(ROOT_URLCONF=__name__):
        yield browser


def phone_of(cast: Cast) -> str:
    act_as(cast.tara.pk)
    return Client.objects.get(pk=cast.maya.pk).phone


@pytest.mark.parametrize(("address", "status"), [("fails", 500), ("answers-500", 500), ("refuses", 403)])
def test_a_failed_answer_takes_everything_back(cast: Cast, tara: Browser, address: str, status: int) -> None:
    assert tara.get(f"/{address}/{cast.maya.pk}/").status_code == status
    assert phone_of(cast) == ""


def test_an_answer_whose_commit_fails_is_no_success_and_is_not_told_as_one(transactional_db: None) -> None:
    with transaction.atomic(), as_owner():
        cast = Cast()
    tara = Browser(raise_request_exception=False)
    tara.force_login(cast.tara)
    with override_settings(ROOT_URLCONF=__name__):
        assert tara.get(f"/fails-at-the-commit/{cast.maya.pk}/").status_code == 500
        assert "All of it is saved." not in tara.get("/caseload/").content.decode()
    with transaction.atomic():
        assert phone_of(cast) == ""


def test_what_was_done_is_not_told_when_it_was_taken_back(cast: Cast, tara: Browser) -> None:
    assert tara.get(f"/says-and-fails/{cast.maya.pk}/").status_code == 500
    assert "All of it is saved." not in tara.get("/caseload/").content.decode()


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
def test_a_cookie_that_cannot_be_read_is_no_cookie(cast: Cast, cookie: str) -> None:
    browser = Browser()
    for value in ('"abcdefgh\\000ijkl"', '"\\355\\240\\275"', "\xff" * 40, "x" * 4000):
        answer = browser.get("/account/login/", headers={"cookie": f"{cookie}={value}"})
        assert answer.status_code == 200, value


@pytest.mark.parametrize(("charset", "status"), [("utf-32", 415), ("no-such-thing", 415), ("UTF-8", 302)])
def test_a_form_in_another_alphabet_is_refused_in_words(cast: Cast, charset: str, status: int) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = Browser().generic("POST", "/today/", b"login=a", content_type=kind)
    assert answer.status_code == status


def test_the_reader_acts_as_themself_in_the_app_role_and_nobody_is_left_behind(
    cast: Cast, tara: Browser
) -> None:
    assert tara.get("/who/").content.decode() == f"{cast.tara.pk} ipt_app"
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.user_id', true)")
        assert cursor.fetchone() == ("",)


def test_a_refusal_is_on_the_trail_though_its_transaction_was_taken_back(cast: Cast, tara: Browser) -> None:
    tara.get(f"/refuses/{cast.maya.pk}/")
    act_as(cast.lena.pk)
    assert Event.objects.filter(action="denied", user=cast.tara, what="GET 403").count() == 1


def test_a_stranger_gets_the_same_page_as_an_address_that_never_existed(cast: Cast) -> None:
    olga = Browser()
    olga.force_login(cast.olga)
    theirs = olga.get(f"/courses/{cast.course.pk}/")
    never = olga.get(f"/courses/{uuid4()}/")
    nonsense = olga.get("/nothing/here/")
    assert theirs.status_code == never.status_code == nonsense.status_code == 404
    assert theirs.content == never.content == nonsense.content


def test_the_page_of_a_failure_leaks_nothing(cast: Cast, tara: Browser) -> None:
    page = tara.get(f"/fails/{cast.maya.pk}/").content.decode()
    assert "Something went wrong" in page
    for secret in ("Maya", "RuntimeError", "Traceback", str(cast.maya.pk)):
        assert secret not in page


@pytest.mark.parametrize("address", ["/account/login/", "/who/", "/nothing/"])
def test_every_answer_carries_its_headers(tara: Browser, address: str) -> None:
    headers = tara.get(address).headers
    assert headers["Cache-Control"] == "no-store" or "no-store" in headers["Cache-Control"]
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(cast: Cast) -> None:
    answer = Browser().get(f"/courses/{cast.course.pk}/")
    assert (answer.status_code, answer.url) == (302, f"/account/login/?next=/courses/{cast.course.pk}/")
