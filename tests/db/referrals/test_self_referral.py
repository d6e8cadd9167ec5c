"""Somebody refers themself on the public page: kept whole, told to who must hear of it, and nothing is told back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from clients.models import Client
from clients.similar import keys
from courses import protocol
from courses.models import Course, CourseMove
from outcomes.models import Alert, AlertTold
from referrals import self_referral
from referrals.models import Referral, ReferralWords
from referrals.self_referral_forms import mark_of
from staff import outbox
from staff.models import Clinic, OutgoingMail
from tests.browsing import form_with
from tests.cast import Cast, system_person
from tests.db.outcomes.by_link import words_of
from tests.roles import as_owner

PAGES = ("/refer/", "/refer/form/", "/refer/received/", "/refer/received/help/")
HELP = ("tel:999", "tel:111", "tel:116123", "SHOUT")


def typed(number: int = 1, /, **changes: Any) -> dict[str, Any]:
    """The whole form; each number is another page's key."""
    return {
        "key": str(uuid5(UUID(int=0), str(number))),
        "first_name": "Noor",
        "last_name": "Jabari",
        "day": "3",
        "month": "2",
        "year": "1987",
        "phone": "01234 567890",
        "may_leave_message": "on",
        "email": "noor@example.org",
        "may_email": "on",
        "best_times": "After six",
        "gp_practice": "Elm Street",
        "interpreter": "Arabic",
        "needs_evenings": "on",
        "asks_for": "woman",
        "problem": "Low since the funeral.",
        "consent": "on",
        "agreed_to": mark_of(Clinic().consent_words),
        "website": "",
        **changes,
    }


@pytest.fixture
def phone(cast: Cast) -> Browser:
    cache.clear()
    with as_owner():
        system_person()
    return Browser()


def send(phone: Browser, /, *numbers: int, **changes: Any) -> list[Any]:
    return [phone.post("/refer/form/", typed(number, **changes)) for number in numbers or (1,)]


def test_what_was_written_is_a_client_a_course_and_a_referral(cast: Cast, phone: Browser) -> None:
    [answer] = send(phone)
    assert answer.url == "/refer/received/"
    with as_owner():
        course = Course.objects.select_related("client").get(client__last_name="Jabari")
        client, referral, words = course.client, course.referral, course.referral_words.get()
        assert (course.status, course.referral_source, course.programme) == ("referred", "B1", "ipt16")
        assert (tuple(course.split), course.planned_sessions) == (protocol.split_of("ipt16"), 16)
        assert (course.referred_on, course.priority) == (timezone.localdate(), 0)
        move = CourseMove.objects.get(course=course)
        assert (move.before, move.after, move.by.is_system) == ("", "referred", True)
        assert client.date_of_birth == date(1987, 2, 3)
        assert client.similar_keys == keys("Noor", "Jabari", "", date(1987, 2, 3))
        assert client.number.startswith("C-")
        assert (client.phone, client.may_leave_message) == ("01234 567890", True)
        assert (client.email, client.may_email, client.may_write_home) == ("noor@example.org", True, False)
        assert client.needs == ["Evenings only", "Asks for a woman", "Interpreter for Arabic"]
        assert client.gp_practice == "Elm Street"
        assert (referral.way, referral.entered_by, referral.best_times) == ("self", None, "After six")
        assert referral.consent_words == Clinic().consent_words
        assert referral.consent_at is not None
        assert referral.screened_at is None
        assert (words.problem, words.entered_by, words.ticked) == ("Low since the funeral.", None, [])
        event = Event.objects.get(course_id=course.pk)
        assert (event.what, event.user, event.client_id) == (
            "Referred themself on the web page",
            None,
            client.pk,
        )
        assert not Alert.objects.exists()


def test_a_page_that_is_filled_in_sends_what_the_function_keeps(cast: Cast, phone: Browser) -> None:
    page = phone.get("/refer/form/").content.decode()
    values = form_with(page, "first_name") | {name: value for name, value in typed().items() if name != "key"}
    assert phone.post("/refer/form/", values).url == "/refer/received/"
    with as_owner():
        assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("tick", "kind"),
    [
        ("thoughts_of_harm", "thoughts"),
        ("might_harm_others", "harm_to_others"),
        ("is_being_harmed", "domestic_abuse"),
        ("child_at_risk", "child"),
    ],
)
def test_a_tick_raises_its_alert_tells_the_lead_and_shows_help_first(
    cast: Cast, phone: Browser, tick: str, kind: str
) -> None:
    [answer] = send(phone, **{tick: "on"})
    assert answer.url == "/refer/received/help/"
    with as_owner():
        alert = Alert.objects.get()
        assert (alert.kind, alert.raised_by, alert.acknowledged_at) == (kind, None, None)
        assert [told.person for told in AlertTold.objects.all()] == [cast.lena]
        assert OutgoingMail.objects.filter(to=cast.lena.email, urgent=True).count() == 1
    page = words_of(phone.get(answer.url))
    assert page.index("Samaritans 116 123") < page.index("Your form has come to us")


def test_the_referral_stands_where_nobody_could_be_told(
    cast: Cast, phone: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise OSError("no mail")

    monkeypatch.setattr(self_referral, "tell_of_ticks", fails)
    send(phone, thoughts_of_harm="on")
    assert "Nobody was told at once" in caplog.text
    with as_owner():
        assert Alert.objects.count() == Referral.objects.count() == 1


def test_a_failure_keeps_nothing(cast: Cast, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(self_referral, "_acknowledge", fails)
    phone.raise_request_exception = False
    assert [answer.status_code for answer in send(phone, thoughts_of_harm="on")] == [500]
    assert kept() == 0
    with as_owner():
        assert not Alert.objects.exists()


# --- Twice ------------------------------------------------------------------------------------------------------------


def test_a_form_sent_twice_arrives_once(cast: Cast, phone: Browser) -> None:
    first, again = send(phone, 1, 1, thoughts_of_harm="on")
    assert first.url == again.url
    with as_owner():
        counts = [model.objects.count() for model in (Referral, ReferralWords, Alert)]
        assert counts == [1, 1, 1]
        assert OutgoingMail.objects.filter(to="noor@example.org").count() == 1


def test_the_same_person_within_a_day_adds_words_and_gets_the_same_answer(cast: Cast, phone: Browser) -> None:
    [first] = send(phone, 1)
    [again] = send(phone, 2, first_name="noor", problem="I forgot: I sleep badly.", phone="+44 1234 567890")
    send(phone, 2, first_name="noor", problem="I forgot: I sleep badly.", phone="+44 1234 567890")
    assert (first.url, first.content) == (again.url, again.content)
    with as_owner():
        assert Client.objects.filter(last_name="Jabari").count() == Referral.objects.count() == 1
        said = list(ReferralWords.objects.order_by("at").values_list("problem", flat=True))
    assert said == [
        "Low since the funeral.",
        "I forgot: I sleep badly.\nSent again with the phone number +44 1234 567890",
    ]


def test_a_tick_on_the_second_form_is_heard(cast: Cast, phone: Browser) -> None:
    send(phone, 1)
    [again] = send(phone, 2, problem="", is_being_harmed="on")
    assert again.url == "/refer/received/help/"
    with as_owner():
        assert Alert.objects.get().kind == "domestic_abuse"
        assert AlertTold.objects.count() == 1


OTHERS = {
    "another day of birth": {"day": "4"},
    "another name": {"last_name": "Jabbari"},
    "no way to reach in common": {"phone": "020 7946 0000", "email": "other@example.org"},
}


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS.keys())
def test_somebody_else_is_somebody_else(cast: Cast, phone: Browser, changes: dict[str, str]) -> None:
    send(phone, 1)
    send(phone, 2, **changes)
    with as_owner():
        assert Referral.objects.count() == 2


def test_a_day_later_it_is_a_referral_of_its_own(cast: Cast, phone: Browser) -> None:
    send(phone, 1)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("update referrals_referral set received_at = received_at - interval '25 hours'")
    send(phone, 2)
    with as_owner():
        assert Referral.objects.count() == 2


def test_nobody_learns_who_is_known_here(cast: Cast, phone: Browser) -> None:
    """Of Maya there is a course that is open, of Noor nothing."""
    as_maya = {"first_name": "Maya", "last_name": "Fielding", "day": "17", "month": "5", "year": "1990"}
    [maya] = send(phone, 1, **as_maya)
    [noor] = send(phone, 2)
    assert (maya.status_code, maya.url, maya.content) == (noor.status_code, noor.url, noor.content)
    with as_owner():
        cast.course.refresh_from_db()
        assert Client.objects.filter(last_name="Fielding").count() == 2
        assert cast.course.referral_words.count() == 0
        assert cast.maya.courses.count() == 1


# --- What keeps nothing -----------------------------------------------------------------------------------------------


def kept() -> int:
    with as_owner():
        return Referral.objects.count() + Client.objects.filter(last_name="Jabari").count()


REFUSED = {
    "no name": ({"first_name": " "}, "First name is missing."),
    "no day": ({"day": ""}, "Write your date of birth as three numbers"),
    "the 30th of February": ({"day": "30"}, "There is no such date"),
    "tomorrow": ({"year": "2099"}, "lies in the future"),
    "no way to be reached": ({"phone": "", "email": ""}, "Write a phone number or an email address"),
    "an email that is not safe": ({"phone": "", "may_email": ""}, "Tick that email is safe"),
    "half a phone": ({"phone": "0123"}, "Check the phone number."),
    "consent to other words": ({"agreed_to": mark_of("Anything.")}, "has changed these words"),
    "no consent": ({"consent": ""}, "Tick that you agree"),
    "a page of nothing": ({"key": "x"}, "Open this page again."),
    "a book": ({"problem": "x" * 4001}, "at most 4000 characters"),
}


@pytest.mark.parametrize(("wrong", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_missing_is_said_and_every_word_is_still_there(
    cast: Cast, phone: Browser, wrong: dict[str, str], said: str
) -> None:
    [answer] = send(phone, **{"best_times": "After six", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert 'value="After six"' in page
    assert "There is a problem: " in page
    assert kept() == 0


def test_a_tick_shows_help_first_on_a_form_with_a_mistake_too(cast: Cast, phone: Browser) -> None:
    [answer] = send(phone, first_name="", thoughts_of_harm="on")
    page = words_of(answer)
    assert page.index("If you need help now") < page.index("First name is missing.")


@pytest.mark.parametrize(("years", "young"), [(15, True), (16, False), (17, False)])
def test_from_sixteen_on_one_may_ask_and_before_that_is_told_who_helps(
    cast: Cast, phone: Browser, years: int, young: bool
) -> None:
    today = timezone.localdate()
    born = (today - timedelta(days=3)).replace(year=(today - timedelta(days=3)).year - years)
    [answer] = send(phone, day=str(born.day), month=str(born.month), year=str(born.year))
    assert (answer.status_code == 200) is young
    assert (kept() == 0) is young
    if young:
        page = words_of(answer)
        assert "we have kept nothing" in page
        assert "Childline 0800 1111" in page
        assert "Noor" not in page


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(cast: Cast, phone: Browser) -> None:
    [answer] = send(phone, website="https://example.org")
    assert answer.url == "/refer/received/"
    assert kept() == 0


def test_while_it_is_closed_nothing_is_asked_or_kept(cast: Cast, phone: Browser) -> None:
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"self_referral_open": False})
    for page in ("/refer/", "/refer/form/"):
        words = words_of(phone.get(page))
        assert "closed at the moment" in words
        assert "ring IPT Clinic" in words
    [answer] = send(phone)
    assert "closed at the moment" in words_of(answer)
    assert kept() == 0
    act_as(None)
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from receive_referral(%s, '{}'::jsonb, '{}', 'yes', '{}'::jsonb)", [UUID(int=5)]
        )
        assert cursor.fetchall() == []


# --- How often --------------------------------------------------------------------------------------------------------


def test_from_one_address_come_so_many_an_hour_as_the_clinic_says(cast: Cast, phone: Browser) -> None:
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"self_referrals_per_hour": 2})
    answers = [
        phone.post("/refer/form/", typed(number, last_name=f"Jabari{number}", consent=consent))
        for number, consent in enumerate(("", "on", "on", "on"))
    ]
    # A form with a mistake does not count.
    assert [answer.status_code for answer in answers] == [200, 302, 302, 429]
    assert "Many forms came" in words_of(answers[-1])
    assert "Low since the funeral." in words_of(answers[-1])
    other = phone.post("/refer/form/", typed(9, last_name="Elsewhere"), REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_what_a_browser_says_of_its_address_counts_only_behind_a_proxy(
    cast: Cast, phone: Browser, settings: Any
) -> None:
    with as_owner():
        Clinic.objects.update_or_create(pk=1, defaults={"self_referrals_per_hour": 1})

    def sent(number: int, forwarded: str) -> int:
        values = typed(number, last_name=f"Jabari{number}")
        return phone.post("/refer/form/", values, headers={"X-Forwarded-For": forwarded}).status_code

    assert [sent(1, "192.0.2.1"), sent(2, "192.0.2.2")] == [302, 429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # The last of them is the proxy's own word; what stands before it anybody may write.
    assert [sent(3, "192.0.2.3"), sent(4, "192.0.2.9, 192.0.2.3"), sent(5, "192.0.2.4")] == [302, 429, 302]


# --- The pages and the mail -------------------------------------------------------------------------------------------


def test_help_is_in_sight_on_every_page(cast: Cast, phone: Browser) -> None:
    for page in PAGES:
        answer = phone.get(page)
        html = answer.content.decode()
        assert all(number in html for number in HELP), page
        # On top, before anything is asked.
        assert html.index("tel:999") < html.index("<form") if "<form" in html else True
        assert answer.headers["Cache-Control"] == "no-store"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "sessionid" not in answer.cookies


def test_who_works_here_is_nobody_on_it(cast: Cast, phone: Browser) -> None:
    phone.force_login(cast.ada)
    page = phone.get("/refer/form/").content.decode()
    assert cast.ada.full_name not in page
    send(phone)
    with as_owner():
        assert Referral.objects.get().entered_by is None
        assert Event.objects.get(what="Referred themself on the web page").user is None


def test_the_acknowledgement_says_that_it_came_and_nothing_else(cast: Cast, phone: Browser) -> None:
    send(phone, thoughts_of_harm="on")
    with as_owner():
        mail = OutgoingMail.objects.get(to="noor@example.org")
        words = f"{mail.subject} {outbox.words_of(mail)}"
    assert Clinic().acknowledgement_words in words
    for told in ("Noor", "Jabari", "funeral", "therapy", "harm", "alert"):
        assert told not in words, told


@pytest.mark.parametrize("changes", [{"may_email": ""}, {"email": ""}])
def test_no_mail_goes_where_email_is_not_safe(cast: Cast, phone: Browser, changes: dict[str, str]) -> None:
    send(phone, **changes)
    assert kept() == 2
    with as_owner():
        assert not OutgoingMail.objects.filter(to="noor@example.org").exists()


# --- The function -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "lena", "tara", "nadia"])
def test_whoever_is_signed_in_cannot_use_the_function(cast: Cast, who: str) -> None:
    act_as(getattr(cast, who).pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from receive_referral(%s, '{}'::jsonb, '{}', 'yes', '{}'::jsonb)", [UUID(int=5)]
        )
        assert cursor.fetchall() == []


def test_nobody_reads_what_the_function_made(cast: Cast, phone: Browser) -> None:
    send(phone)
    act_as(None)
    for model in (Client, Course, Referral, ReferralWords):
        assert not model.objects.exists()


def test_a_form_in_somebodys_own_hand_gives_itself_no_rights(cast: Cast, phone: Browser) -> None:
    """Fields that the page does not have are not asked."""
    send(
        phone, status="waiting", priority="2", nhs_number="9434765919", number="C-1", client=str(cast.maya.pk)
    )
    with as_owner():
        client = Client.objects.get(last_name="Jabari")
        assert client.nhs_number is None
        course = client.courses.get()
        assert (course.status, course.priority) == ("referred", 0)
