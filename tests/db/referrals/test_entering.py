"""A referral is entered from a letter or a call: one page, one transaction, nothing decided, and whoever enters it may not be
able to read it back."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from clients.models import Client
from courses.models import Course, CourseMove
from outcomes.models import Alert, AlertTold
from referrals.models import Referral, ReferralLetter, ReferralWords
from staff.models import OutgoingMail
from tests.cast import A_PDF, Cast, client_named, course_for, letter_of, system_person
from tests.roles import as_owner

NEW = "/referrals/new/"
KEY = UUID(int=7)
CANARY = "She has not left the house since the funeral."


def typed(**changes: Any) -> dict[str, Any]:
    """The whole page, for a new client."""
    return {
        "key": str(KEY),
        "first_name": "Noor",
        "last_name": "Jabari",
        "date_of_birth": "1987-02-03",
        "phone": "01234 567890",
        "needs_evenings": "on",
        "asks_for": "woman",
        "way": "letter",
        "referral_source": "A1",
        "received_on": timezone.localdate().isoformat(),
        "programme": "ipt16",
        "best_times": "Mornings",
        "problem": CANARY,
        **changes,
    }


def a_letter(content: bytes = A_PDF, name: str = "letter.pdf", kind: str = "application/pdf") -> Any:
    return SimpleUploadedFile(name, content, kind)


def words_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def ada(cast: Cast, client: Browser) -> Browser:
    with as_owner():
        system_person()
    client.force_login(cast.ada)
    return client


def test_one_page_keeps_client_course_words_ticks_and_letter(cast: Cast, ada: Browser) -> None:
    answer = ada.post(NEW, typed(thoughts_of_harm="on", letter=a_letter()))
    with as_owner():
        course = Course.objects.get(client__last_name="Jabari")
        assert answer.url == reverse("referrals:detail", args=[course.pk])
        assert (course.status, course.referral_source, course.programme) == ("referred", "A1", "ipt16")
        assert course.client.needs == ["Evenings only", "Asks for a woman"]
        referral = Referral.objects.get()
        assert (referral.way, referral.entered_by, referral.best_times) == ("letter", cast.ada, "Mornings")
        assert (referral.screened_at, referral.consent_at) == (None, None)
        assert course.priority == 0
        words = ReferralWords.objects.get()
        assert (words.problem, words.thoughts_of_harm, words.might_harm_others) == (CANARY, True, False)
        letter = ReferralLetter.objects.get()
        assert (letter.kind, letter.size, bytes(letter.content)) == ("application/pdf", len(A_PDF), A_PDF)
        assert letter.sha256 == hashlib.sha256(A_PDF).hexdigest()
        assert CourseMove.objects.filter(course=course).count() == 1


def test_a_tick_is_told_to_the_lead_at_once_and_the_administrator_learns_nothing_of_it(
    cast: Cast, ada: Browser
) -> None:
    answer = ada.post(NEW, typed(thoughts_of_harm="on", child_at_risk="on"))
    with as_owner():
        alerts = Alert.objects.filter(raised_by=None, response=None)
        assert sorted(alerts.values_list("kind", flat=True)) == ["child", "thoughts"]
        assert {told.person for told in AlertTold.objects.all()} == {cast.lena}
        assert set(OutgoingMail.objects.values_list("to", flat=True)) == {cast.lena.email}
    page = words_of(ada.get(answer.url))
    assert "1 entry" in page
    for clinical in (CANARY, "better off dead", "safety of a child", "alert"):
        assert clinical not in page.split("<main")[1], clinical


def test_clinicians_and_the_lead_read_what_was_entered(cast: Cast, ada: Browser) -> None:
    answer = ada.post(NEW, typed(is_being_harmed="on", letter=a_letter()))
    ada.force_login(cast.lena)
    page = words_of(ada.get(answer.url))
    assert CANARY in page
    assert "Ticked: is being hurt or frightened by somebody" in page
    assert "letter.pdf" in page
    with as_owner():
        letter = ReferralLetter.objects.get()
    sent = ada.get(reverse("referrals:letter", args=[letter.course_id, letter.pk]))
    assert sent.content == A_PDF
    assert sent.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Cache-Control"] == "no-store"
    with as_owner():
        event = Event.objects.get(what="Letter of a referral")
    assert (event.user_id, event.course_id, event.object_ids) == (
        cast.lena.pk,
        letter.course_id,
        [letter.pk],
    )


def test_a_registered_client_is_found_and_chosen(cast: Cast, ada: Browser) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari")
    assert f"?client={noor.pk}" in words_of(ada.get(NEW, {"q": "jab"}))
    page = words_of(ada.get(NEW, {"client": noor.pk}))
    assert "Enter the referral of Noor Jabari" in page
    assert 'name="first_name"' not in page
    ada.post(NEW, typed(client=noor.pk, way="phone"))
    with as_owner():
        assert Course.objects.get(client=noor).referral.way == "phone"
        assert Client.objects.filter(last_name="Jabari").count() == 1


def test_who_may_be_registered_already_is_shown_and_taken_with_all_that_was_typed(
    cast: Cast, ada: Browser
) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari")
    page = words_of(ada.post(NEW, typed(letter=a_letter())))
    assert "Is it one of these?" in page
    assert CANARY in page  # what was typed in this request stays on its form
    assert "choose the file once more" in page
    answer = ada.post(NEW, typed(use=noor.pk))
    assert answer.status_code == 302
    with as_owner():
        assert Client.objects.filter(last_name="Jabari").count() == 1
        assert ReferralWords.objects.get().course.client == noor


def test_somebody_else_of_the_name_is_registered_after_a_look(cast: Cast, ada: Browser) -> None:
    with as_owner():
        noor = client_named("Noor", "Jabari")
    assert ada.post(NEW, typed(anyway="on", shown=str(noor.pk))).status_code == 302
    with as_owner():
        assert Client.objects.filter(last_name="Jabari").count() == 2


def test_a_client_with_an_open_course_is_led_to_its_referral(cast: Cast, ada: Browser) -> None:
    page = words_of(ada.get(NEW, {"client": cast.maya.pk}))
    assert "has an open course already" in page
    assert reverse("referrals:detail", args=[cast.course.pk]) in page
    page = words_of(ada.post(NEW, typed(client=cast.maya.pk)))
    assert "already has an open course" in page
    assert CANARY in page


def test_sent_twice_it_is_one_referral(cast: Cast, ada: Browser) -> None:
    first = ada.post(NEW, typed(might_harm_others="on", letter=a_letter()))
    again = ada.post(NEW, typed(might_harm_others="on", letter=a_letter()))
    assert first.url == again.url
    with as_owner():
        counts = [model.objects.count() for model in (Referral, ReferralWords, ReferralLetter, Alert)]
        assert counts == [1, 1, 1, 1]
        assert Client.objects.filter(last_name="Jabari").count() == 1


REFUSED = {
    "born tomorrow": ({"date_of_birth": "2999-01-01"}, "lies in the future"),
    "no way": ({"way": ""}, "Choose how the referral came."),
    "the form on the web page": ({"way": "self"}, "Select a valid choice"),
    "nobody referred": ({"referral_source": "Z9"}, "Select a valid choice"),
    "received tomorrow": ({"received_on": "2999-01-01"}, "lies ahead"),
    "received before birth": ({"received_on": "1980-01-01"}, "before the client’s birth"),
    "an unknown programme": ({"programme": "cbt"}, "Select a valid choice"),
    "too many words": ({"problem": "x" * 4001}, "at most 4000 characters"),
    "a page of nothing": ({"key": "7"}, "Open this page again."),
}


@pytest.mark.parametrize(("wrong", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept(
    cast: Cast, ada: Browser, wrong: dict[str, str], said: str
) -> None:
    page = words_of(ada.post(NEW, typed(**wrong, letter=a_letter()))).replace("&#x27;", "’")
    assert said in page
    assert "choose the file once more" in page
    with as_owner():
        assert not Client.objects.filter(last_name="Jabari").exists()
        assert not ReferralLetter.objects.exists()


LETTERS = {
    "a program named as a letter": (a_letter(b"MZ" + b"\0" * 99), "neither a PDF nor a JPEG"),
    "a page of the web called a PDF": (a_letter(b"<script>1</script>" + A_PDF), "neither a PDF nor a JPEG"),
    "nothing": (a_letter(b""), "nothing in this file"),
    "too much": (a_letter(b"%PDF-1.4" + b"\n" * 11_000_000), "larger than 10 MB"),
    "far too much": (a_letter(b"%PDF-1.4" + b"\n" * 25_000_000), "larger than 10 MB"),
}


@pytest.mark.parametrize(("letter", "said"), LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_that_is_none_is_refused_and_what_was_typed_stays(
    cast: Cast, ada: Browser, letter: Any, said: str
) -> None:
    letter.seek(0)
    page = words_of(ada.post(NEW, typed(letter=letter)))
    assert said in page
    assert CANARY in page
    with as_owner():
        assert not Client.objects.filter(last_name="Jabari").exists()


def test_what_is_larger_than_any_letter_is_not_even_read(cast: Cast, ada: Browser) -> None:
    answer = ada.post(NEW, typed(letter=a_letter(b"%PDF-1.4" + b"\n" * 32_000_000)))
    assert answer.status_code == 413
    assert "what you typed is still there" in words_of(answer)


def test_no_letter_touches_the_disk(cast: Cast, ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    filling = A_PDF.replace(b"\n", b"\n" * 1_000_000, 1)
    assert ada.post(NEW, typed(letter=a_letter(filling))).status_code == 302


def test_without_its_token_no_letter_is_taken(cast: Cast) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(cast.ada)
    assert strict.post(NEW, typed(letter=a_letter())).status_code == 403


# --- Later ------------------------------------------------------------------------------------------------------------


def test_words_and_a_letter_are_added_later_by_who_may_not_read_them(cast: Cast, ada: Browser) -> None:
    address = {
        name: reverse(f"referrals:{name}", args=[cast.course.pk])
        for name in ("detail", "words", "letter_new")
    }
    for _ in range(2):
        answer = ada.post(address["words"], {"key": KEY, "problem": CANARY, "might_harm_others": "on"})
        assert answer.url == address["detail"]
        assert ada.post(address["letter_new"], {"key": KEY, "letter": a_letter()}).url == address["detail"]
    ada.post(address["words"], {"key": KEY, "problem": f"{CANARY} And more."})
    with as_owner():
        assert ReferralWords.objects.count() == 2
        assert ReferralLetter.objects.count() == Alert.objects.count() == 1
        # Restricted: the therapist who carries the course and nobody who covers.
        assert {told.person for told in AlertTold.objects.all()} == {cast.tara}
    page = words_of(ada.get(address["detail"]))
    assert CANARY not in page
    assert "2 entries" in page
    assert "letter.pdf" not in page
    ada.force_login(cast.tara)
    assert CANARY in words_of(ada.get(address["detail"]))


def test_words_say_something(cast: Cast, ada: Browser) -> None:
    page = ada.post(reverse("referrals:words", args=[cast.course.pk]), {"key": KEY, "problem": " "})
    assert "Write what the difficulty is" in words_of(page)


def test_nothing_is_added_to_a_course_that_has_ended(cast: Cast, ada: Browser) -> None:
    with as_owner():
        over = course_for(
            client_named("Over", "Now"), cast.tara, status="ended", ended_on=timezone.localdate()
        )
    for name in ("words", "letter_new"):
        assert ada.get(reverse(f"referrals:{name}", args=[over.pk])).status_code == 403
    assert ada.get(reverse("referrals:detail", args=[over.pk])).status_code == 200


def test_an_administrator_withdraws_what_they_uploaded_and_no_other_letter(cast: Cast, ada: Browser) -> None:
    with as_owner():
        mine = letter_of(cast.course, cast.ada)
        other = letter_of(cast.course, cast.lena, uploaded_at=timezone.now() - timedelta(days=1))
    withdraw = {
        letter.pk: reverse("referrals:letter_withdraw", args=[cast.course.pk, letter.pk])
        for letter in (mine, other)
    }
    page = words_of(ada.get(reverse("referrals:detail", args=[cast.course.pk])))
    assert withdraw[mine.pk] in page
    assert withdraw[other.pk] not in page
    assert ada.post(withdraw[other.pk], {"reason": "x"}).status_code == 404
    assert "Say why" in words_of(ada.post(withdraw[mine.pk], {"reason": " "}))
    assert ada.post(withdraw[mine.pk], {"reason": "It is another client’s."}).status_code == 302
    assert ada.post(withdraw[mine.pk], {"reason": "Again."}).status_code == 404
    with as_owner():
        mine.refresh_from_db()
        assert (mine.withdrawn_by, mine.withdrawn_why) == (cast.ada, "It is another client’s.")
        assert Event.objects.get(what="Withdrew a letter of a referral").reason == "It is another client’s."
    letter = reverse("referrals:letter", args=[cast.course.pk, mine.pk])
    for who, status in (("tara", 404), ("sunil", 404), ("lena", 200), ("ada", 403)):
        ada.force_login(getattr(cast, who))
        assert ada.get(letter).status_code == status, who


def test_a_course_from_before_there_were_referrals_says_so(cast: Cast, ada: Browser) -> None:
    page = words_of(ada.get(reverse("referrals:detail", args=[cast.course.pk])))
    assert "opened before referrals were kept" in page
