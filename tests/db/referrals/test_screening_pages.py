"""The pages on which a referral is given and decided, and the list of those that wait for it: who gets in, what is said, and
that a refusal loses no word."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from courses.models import Allocation, Course
from outcomes.models import Alert, Response
from referrals.models import Referral, ReferralWords, Screening
from staff.models import Holiday, User
from tests.browsing import form_with
from tests.cast import Cast, client_named, course_for, person, referral_for
from tests.db.caseload.reading import words
from tests.roles import as_owner

DECISION = {
    "suitability": "suitable",
    "risk": "Nothing said; asked, and there is nothing.",
    "done": "Talked on the phone.",
}


@pytest.fixture
def sara(cast: Cast) -> User:
    with as_owner():
        return person("Sara Screener", "therapist", is_screener=True)


@pytest.fixture
def referral(cast: Cast, sara: User) -> Course:
    with as_owner():
        course = referral_for(client_named("Noor", "Jabari", needs_evenings=True), sara)
        ReferralWords.objects.create(course=course, problem="Cries every day since May.", child_at_risk=True)
    return course


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def page_of(course: Course, name: str = "screen") -> str:
    return reverse(f"referrals:{name}", args=[course.pk])


def decide(browser: Browser, course: Course, **typed: Any) -> Any:
    page = browser.get(page_of(course)).content.decode()
    return browser.post(page_of(course), form_with(page, "risk") | DECISION | typed)


def status_of(course: Course) -> tuple[str, str]:
    with as_owner():
        fresh = Course.objects.get(pk=course.pk)
    return fresh.status, fresh.end_reason


# --- The page of the decision -----------------------------------------------------------------------------------------


def test_the_screener_reads_what_it_says_and_nothing_is_chosen_beforehand(
    sara: User, referral: Course
) -> None:
    answer = signed_in(sara).get(page_of(referral))
    text, html = words(answer), answer.content.decode()
    assert "Cries every day since May." in text
    assert "1 open alert" in text
    assert "worried about the safety of a child" in text
    assert " checked" not in html
    assert "high risk" not in text.lower()
    assert "low risk" not in text.lower()


def test_a_decision_puts_somebody_on_the_waiting_list_and_the_page_away(sara: User, referral: Course) -> None:
    browser = signed_in(sara)
    answer = decide(browser, referral, likely_focus="grief")
    assert answer.url == reverse("caseload:screening")
    assert "Noor Jabari is on the waiting list now." in words(browser.get(answer.url))
    assert status_of(referral) == ("waiting", "")
    assert browser.get(page_of(referral)).status_code == 403
    assert browser.get(reverse("courses:detail", args=[referral.pk])).status_code == 200  # names alone
    assert "Cries" not in words(browser.get(reverse("referrals:detail", args=[referral.pk])))


def test_a_page_that_is_sent_twice_says_that_it_is_decided(sara: User, referral: Course) -> None:
    browser = signed_in(sara)
    typed = form_with(browser.get(page_of(referral)).content.decode(), "risk") | DECISION
    browser.post(page_of(referral), typed)
    again = browser.post(page_of(referral), typed)
    assert again.url == reverse("caseload:screening")
    assert "You have decided about Noor Jabari already." in words(browser.get(again.url))
    with as_owner():
        assert Screening.objects.filter(course=referral).count() == 1


def test_who_does_not_suit_leaves_with_a_reason_of_the_list(sara: User, referral: Course) -> None:
    browser = signed_in(sara)
    told = decide(browser, referral, suitability="not_suitable")
    assert told.status_code == 200
    assert "Choose from the list how it ends." in words(told)
    assert "Say why." in words(told)
    assert "Talked on the phone." in told.content.decode()
    answer = decide(browser, referral, suitability="not_suitable", end_reason="11", reasons="Psychosis.")
    assert answer.status_code == 302
    assert status_of(referral) == ("not_taken_on", "11")
    assert browser.get(page_of(referral)).status_code == 404


def test_more_information_keeps_it_with_the_screener(sara: User, referral: Course) -> None:
    browser = signed_in(sara)
    answer = decide(browser, referral, suitability="more_information", reasons="Ask the GP.")
    assert answer.url == reverse("referrals:detail", args=[referral.pk])
    again = words(browser.get(page_of(referral)))
    assert "Screened before More information is needed first" in again
    assert "Ask the GP." in again


@pytest.mark.parametrize(
    "digits", ["12", "1111111114", "11111111x", "- - - - - - - - -", "5 1 1 1 1 1 1 1 1"]
)
def test_digits_that_are_no_questionnaire_are_asked_for_again(
    sara: User, referral: Course, digits: str
) -> None:
    told = decide(signed_in(sara), referral, phq9=digits)
    assert "PHQ-9: write 9 digits from 0 to 3" in words(told)
    assert status_of(referral) == ("referred", "")


def test_first_scores_are_entered_as_digits_and_item_nine_alerts(sara: User, referral: Course) -> None:
    assert decide(signed_in(sara), referral, phq9="222 222 22-", gad7="1,1,1,1,1,1,0").status_code == 302
    with as_owner():
        assert dict(Response.objects.values_list("measure", "total")) == {"phq9": None, "gad7": 6}
        assert Alert.objects.get(course=referral).kind == "child"


def test_a_lead_without_the_referral_decides_and_enters_no_score(cast: Cast, referral: Course) -> None:
    browser = signed_in(cast.lena)
    assert 'name="phq9"' not in browser.get(page_of(referral)).content.decode()
    answer = decide(browser, referral)
    assert answer.url == reverse("referrals:detail", args=[referral.pk])
    assert status_of(referral) == ("waiting", "")
    assert "This referral is decided" in words(browser.get(page_of(referral)))


def test_a_lead_opens_again_what_was_not_taken_on(cast: Cast, sara: User, referral: Course) -> None:
    decide(signed_in(sara), referral, suitability="not_suitable", end_reason="10", reasons="In hospital.")
    browser = signed_in(cast.lena)
    html = browser.get(page_of(referral)).content.decode()
    assert "it is opened again and waits" in html
    assert "more_information" not in html
    decide(browser, referral)
    assert status_of(referral) == ("waiting", "")


def test_words_that_came_meanwhile_are_shown_before_it_is_decided(sara: User, referral: Course) -> None:
    browser = signed_in(sara)
    typed = form_with(browser.get(page_of(referral)).content.decode(), "risk") | DECISION
    with as_owner():
        ReferralWords.objects.create(course=referral, problem="She rang: it is worse.")
    told = browser.post(page_of(referral), typed)
    assert told.status_code == 409
    assert "She rang: it is worse." in words(told)
    assert "Talked on the phone." in told.content.decode()
    assert status_of(referral) == ("referred", "")
    again = form_with(told.content.decode(), "risk") | {"suitability": "suitable"}
    assert browser.post(page_of(referral), again).status_code == 302


def test_reading_and_deciding_stand_on_the_trail(cast: Cast, sara: User, referral: Course) -> None:
    decide(signed_in(sara), referral)
    with as_owner():
        said = set(
            Event.objects.filter(course_id=referral.pk, user_id=sara.pk).values_list("what", flat=True)
        )
    assert {"Page on which a referral is screened", "Screened the referral"} <= said


# --- To whom it is given ----------------------------------------------------------------------------------------------


def test_the_office_names_a_screener_and_takes_back(cast: Cast, sara: User) -> None:
    with as_owner():
        course = referral_for(client_named("Omar", "Khan"))
        today = timezone.localdate()
        sara.leave.create(starts_on=today, ends_on=today, cover=cast.tara)
    browser = signed_in(cast.ada)
    page = browser.get(page_of(course, "give"))
    assert "Give Omar Khan to Sara Screener" in words(page)
    assert "away until" in words(page)
    typed = form_with(page.content.decode(), "screener" if False else "version")
    assert browser.post(page_of(course, "give"), typed).status_code == 200  # nobody chosen
    assert browser.post(page_of(course, "give"), typed | {"screener": str(sara.pk)}).status_code == 302
    held = browser.get(page_of(course, "give"))
    assert "Take Omar Khan back from Sara Screener" in words(held)
    taken = form_with(held.content.decode(), "version") | {"act": "take_back"}
    assert browser.post(page_of(course, "give"), taken).status_code == 302
    with as_owner():
        assert not Allocation.objects.filter(course=course, ends_at=None).exists()
    assert (
        "Nobody screens this referral now"
        in words(
            browser.post(
                page_of(course, "give"), form_with(held.content.decode(), "version") | {"act": "take_back"}
            )
        )
        or browser.post(page_of(course, "give"), taken).status_code == 409
    )


def test_two_who_give_it_to_two_people_are_told(cast: Cast, sara: User) -> None:
    with as_owner():
        course = referral_for(client_named("Omar", "Khan"))
        seth = person("Seth Second", "therapist", is_screener=True)
    ada, lena = signed_in(cast.ada), signed_in(cast.lena)
    mine = form_with(ada.get(page_of(course, "give")).content.decode(), "version")
    theirs = form_with(lena.get(page_of(course, "give")).content.decode(), "version")
    assert lena.post(page_of(course, "give"), theirs | {"screener": str(sara.pk)}).status_code == 302
    told = ada.post(page_of(course, "give"), mine | {"screener": str(seth.pk)})
    assert told.status_code == 409
    assert "Sara Screener" in words(told)


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast: Cast, sara: User) -> dict[str, Course]:
    """Received on Mondays: one long ago, one that is due, one of today; and one who waits already."""
    today = timezone.localdate()
    with as_owner():
        found = {
            name: referral_for(
                client_named(name, "Listed"),
                sara if name == "Due" else None,
                referred_on=today - timedelta(days=days),
            )
            for name, days in (("Late", 21), ("Due", 7), ("Fresh", 0))
        }
        course_for(client_named("Already", "Waiting"))
    return found


def test_the_list_says_how_each_stands_against_the_working_days_of_the_clinic(
    cast: Cast, waiting: dict[str, Course]
) -> None:
    text = words(signed_in(cast.ada).get(reverse("caseload:screening")))
    assert "3 · 2 with nobody · 1 later than 5 working days" in text
    late, due, fresh = text.index("Late Listed"), text.index("Due Listed"), text.index("Fresh Listed")
    assert late < due < fresh
    assert "10 working days late" in text[late:due]
    assert "Due today" in text[due:fresh]
    assert "5 working days left" in text[fresh:]
    assert "Already Waiting" not in text


def test_a_holiday_is_no_working_day(cast: Cast, waiting: dict[str, Course]) -> None:
    with as_owner():
        day = timezone.localdate()
        while day.weekday() > 4:
            day -= timedelta(days=1)
        Holiday.objects.get_or_create(day=day, defaults={"name": "Closed"})
    text = words(signed_in(cast.ada).get(reverse("caseload:screening")))
    assert "9 working days late" in text
    assert "1 working day left" in text


def test_a_screener_sees_the_names_of_all_and_opens_their_own(
    cast: Cast, sara: User, waiting: dict[str, Course]
) -> None:
    answer = signed_in(sara).get(reverse("caseload:screening"))
    html = answer.content.decode()
    assert "Late Listed" in words(answer)
    assert page_of(waiting["Due"]) in html
    assert page_of(waiting["Late"]) not in html
    assert "Give" not in words(answer)
    assert signed_in(sara).post(reverse("caseload:screening")).status_code == 403
    mine = words(signed_in(sara).get(reverse("caseload:screening") + "?held=me"))
    assert "Due Listed" in mine
    assert "Late Listed" not in mine


def test_a_therapist_who_screens_nothing_has_no_such_list(cast: Cast, waiting: dict[str, Course]) -> None:
    for somebody in (cast.tara, cast.sunil, cast.nadia):
        assert signed_in(somebody).get(reverse("caseload:screening")).status_code == 403


def test_the_office_gives_several_at_once(cast: Cast, sara: User, waiting: dict[str, Course]) -> None:
    browser, page = signed_in(cast.ada), reverse("caseload:screening")
    assert "Tick at least one referral." in words(browser.post(page, {"screener": str(sara.pk)}))
    assert "could not be read" in words(browser.post(page, {"courses": ["x"], "screener": str(sara.pk)}))
    ticked = [f"{waiting[name].pk}.1" for name in ("Late", "Fresh")]
    assert "Choose to whom" in words(browser.post(page, {"courses": ticked}))
    assert browser.post(page, {"courses": ticked, "screener": str(sara.pk)}).status_code == 302
    assert "Sara Screener screens 2 more referrals now." in words(browser.get(page))
    assert "Late Listed: Sara Screener screens this referral already." in words(
        browser.post(page, {"courses": [f"{waiting['Late'].pk}.2"], "screener": str(sara.pk)})
    )
    with as_owner():
        assert Allocation.objects.filter(therapist=sara, kind="screening", ends_at=None).count() == 3


def test_an_alert_stands_in_the_list_for_those_who_read_it_and_not_for_the_office(
    cast: Cast, sara: User, referral: Course
) -> None:
    for reader, sees in ((sara, True), (cast.lena, True), (cast.ada, False)):
        text = words(signed_in(reader).get(reverse("caseload:screening")))
        assert ("Alert open" in text) is sees
        assert "Evenings only" in text
        assert "Cries" not in text


def test_today_of_a_screener_begins_with_what_they_hold(cast: Cast, sara: User, referral: Course) -> None:
    with as_owner():
        Course.objects.filter(pk=referral.pk).update(referred_on=timezone.localdate() - timedelta(days=7))
    text = words(signed_in(sara).get(reverse("caseload:today")))
    assert "Referrals for you to screen" in text
    assert "Alert open Due today Noor Jabari" in text
    assert "7 days ago" in text
    assert "Referrals for you to screen" not in words(signed_in(cast.tara).get(reverse("caseload:today")))


def test_who_no_longer_screens_is_called_so(cast: Cast, sara: User, referral: Course) -> None:
    with as_owner():
        User.objects.filter(pk=sara.pk).update(is_screener=False)
    assert "Sara Screener screens no more" in words(signed_in(cast.ada).get(reverse("caseload:screening")))


# --- The status page --------------------------------------------------------------------------------------------------


def test_the_status_page_of_a_referral_does_not_offer_the_waiting_list(cast: Cast, referral: Course) -> None:
    page = reverse("courses:move", args=[referral.pk])
    for reader in (cast.ada, cast.lena):
        html = signed_in(reader).get(page).content.decode()
        assert 'value="waiting"' not in html
        assert 'value="not_taken_on"' in html
        assert 'value="14"' in html
        assert 'value="10"' not in html
        assert ("screen this referral" in html) is (reader is cast.lena)


def test_the_office_says_of_who_waits_that_they_declined_and_never_that_ipt_does_not_suit(cast: Cast) -> None:
    page = reverse("courses:move", args=[cast.course.pk])
    assert 'value="10"' not in signed_in(cast.ada).get(page).content.decode()
    assert 'value="10"' in signed_in(cast.tara).get(page).content.decode()
    assert 'value="10"' in signed_in(cast.lena).get(page).content.decode()


def test_who_was_never_found_suitable_is_screened_before_they_wait_again(
    cast: Cast, sara: User, referral: Course
) -> None:
    decide(signed_in(sara), referral, suitability="not_suitable", end_reason="10", reasons="In hospital.")
    page = reverse("courses:move", args=[referral.pk])
    text = words(signed_in(cast.ada).get(page))
    assert "No other status from here" in text
    assert "a clinician’s to say" in text
    assert page_of(referral) in signed_in(cast.lena).get(page).content.decode()


def test_who_declined_a_place_waits_again_without_another_screening(
    cast: Cast, sara: User, referral: Course
) -> None:
    decide(signed_in(sara), referral)
    browser, page = signed_in(cast.ada), reverse("courses:move", args=[referral.pk])
    for typed in (
        {
            "to": "not_taken_on",
            "end_reason": "14",
            "reason": "No time.",
            "on": timezone.localdate().isoformat(),
        },
        {"to": "waiting", "reason": "Has time now."},
    ):
        form = form_with(browser.get(page).content.decode(), "reason")
        assert browser.post(page, form | typed).status_code == 302
    assert status_of(referral) == ("waiting", "")
    with as_owner():
        assert Referral.objects.get(course=referral).screened_by == sara
