"""Letters about what became of a referral: the clinic's wording, nothing clinical, whom they reach, and that they have gone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from courses.models import Course
from referrals.models import OutcomeLetter, Screening
from referrals.outcome_letters import kinds_for, mark_letter_sent, wording, write_outcome_letter
from staff.models import Clinic
from tests.browsing import form_with
from tests.cast import Cast
from tests.db.caseload.reading import words
from tests.roles import as_owner


def signed_in(person: Any) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def new(course: Course, **asked: str) -> str:
    address = reverse("referrals:outcome_letter_new", args=[course.pk])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in asked.items()) if asked else "")


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("referred", ["no_contact"]),
        ("waiting", ["accepted", "no_contact"]),
        ("not_taken_on", ["not_suitable", "signposted", "no_contact"]),
    ],
)
def test_what_became_of_it_says_which_letters_there_are(cast: Cast, status: str, kinds: list[str]) -> None:
    cast.course.status = status
    assert [kind for kind, _ in kinds_for(cast.course)] == kinds


def test_the_clinics_wording_is_filled_in_once(cast: Cast) -> None:
    clinic = Clinic(name="The {date} Practice")
    clinic.letter_accepted = "Dear {name}, of {date}. {clinic} {else}"
    cast.course.referred_on = timezone.localdate().replace(year=2026, month=3, day=2)
    assert wording(cast.course, kind="accepted", to="client", clinic=clinic) == (
        "Dear Maya Fielding, of 2 March 2026. The {date} Practice {else}"
    )
    cast.maya.gp_name = "Dr Ali"
    cast.course.client = cast.maya
    assert wording(cast.course, kind="accepted", to="gp", clinic=clinic).startswith("Dear Dr Ali,")


def test_a_letter_is_chosen_written_looked_at_kept_and_sent(cast: Cast) -> None:
    with as_owner():
        Screening.objects.create(
            course=cast.course,
            screener=cast.lena,
            suitability="suitable",
            likely_focus="grief",
            risk="r",
            done="d",
        )
    browser = signed_in(cast.ada)
    assert "Begin the letter" in words(browser.get(new(cast.course)))
    page = browser.get(new(cast.course, kind="accepted", to="client"))
    begun = form_with(page.content.decode(), "body")
    assert "Maya Fielding" in begun["body"][0]
    assert "grief" not in page.content.decode().lower()
    typed = begun | {"body": "Dear Maya,\n\nwe have a place for you."}
    looked = browser.post(new(cast.course), typed | {"act": "preview"})
    assert "As it will be printed" in words(looked)
    assert "<p>we have a place for you.</p>" in looked.content.decode()
    with as_owner():
        assert not OutcomeLetter.objects.exists()
    kept = browser.post(new(cast.course), typed | {"act": "keep"})
    again = browser.post(new(cast.course), typed | {"act": "keep"})
    assert kept.url == again.url
    sheet = browser.get(kept.url)
    assert "we have a place for you." in words(sheet)
    assert browser.post(kept.url, {"on": timezone.localdate().isoformat()}).status_code == 302
    assert "sent" in words(browser.get(reverse("referrals:detail", args=[cast.course.pk])))
    assert "marked as sent already" in words(browser.post(kept.url, {"on": timezone.localdate().isoformat()}))
    with as_owner():
        letter = OutcomeLetter.objects.get()
        assert (letter.made_by, letter.sent_by, letter.sent_on) == (cast.ada, cast.ada, timezone.localdate())
        said = set(
            Event.objects.filter(course_id=cast.course.pk, user_id=cast.ada.pk).values_list("what", flat=True)
        )
    assert "Wrote a letter about the referral: A place on the waiting list, to the client" in said
    assert "Marked a letter about the referral as sent" in said


def test_home_stands_on_a_letter_only_where_it_is_safe_to_write_there(cast: Cast) -> None:
    browser = signed_in(cast.ada)
    for is_safe in (True, False):
        with as_owner():
            cast.maya.address, cast.maya.postcode = "2 Elm Street", "AB1 2CD"
            cast.maya.may_write_home, cast.maya.must_not_be_told = is_safe, "Her husband"
            cast.maya.save()
            letter = OutcomeLetter.objects.create(
                course=cast.course, kind="accepted", body="Dear Maya", made_by=cast.ada
            )
        for address in (
            new(cast.course, kind="accepted", to="client"),
            reverse("referrals:outcome_letter", args=[cast.course.pk, letter.pk]),
        ):
            text = words(browser.get(address))
            assert "Must not be told: Her husband" in text
            assert ("not safe to write home" in text) is not is_safe
        assert ("2 Elm Street" in text) is is_safe


def test_a_letter_to_the_gp_says_about_whom_it_is(cast: Cast) -> None:
    with as_owner():
        cast.maya.gp_name, cast.maya.gp_practice = "Dr Ali", "High Street Surgery"
        cast.maya.save()
        letter = OutcomeLetter.objects.create(
            course=cast.course, kind="accepted", to="gp", body="Dear Dr Ali", made_by=cast.ada
        )
    text = words(
        signed_in(cast.lena).get(reverse("referrals:outcome_letter", args=[cast.course.pk, letter.pk]))
    )
    assert "Dr Ali High Street Surgery" in text
    assert "About Maya Fielding, born Thu 17 May 1990" in text


def test_a_letter_fits_what_became_of_the_referral(cast: Cast) -> None:
    act_as(cast.ada.pk)
    with pytest.raises(ValidationError, match="that letter does not fit"):
        write_outcome_letter(
            key=uuid4(), course=cast.course, kind="not_suitable", to="client", body="x", by=cast.ada
        )
    with pytest.raises(ValidationError):
        write_outcome_letter(
            key=uuid4(), course=cast.course, kind="accepted", to="client", body=" ", by=cast.ada
        )


def test_a_letter_goes_on_a_day_that_was(cast: Cast) -> None:
    with as_owner():
        letter = OutcomeLetter.objects.create(course=cast.course, kind="accepted", body="x", made_by=cast.ada)
    act_as(cast.ada.pk)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="lies ahead"):
        mark_letter_sent(letter=letter, on=today + timedelta(days=1), by=cast.ada)
    with pytest.raises(ValidationError, match="written later"):
        mark_letter_sent(letter=letter, on=today - timedelta(days=1), by=cast.ada)


def test_a_therapist_writes_no_such_letter(cast: Cast) -> None:
    for somebody, status in ((cast.tara, 403), (cast.sunil, 403), (cast.olga, 404)):
        assert signed_in(somebody).get(new(cast.course)).status_code == status
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="no longer yours"):
        write_outcome_letter(
            key=uuid4(), course=cast.course, kind="accepted", to="client", body="x", by=cast.tara
        )
