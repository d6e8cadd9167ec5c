"""A referral arrives, and what comes later is added to it: each act done once, whole or not at all."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.models import Event
from clients.models import Client
from courses.models import Course, CourseMove
from outcomes.models import Alert, AlertTold
from referrals import entry_actions
from referrals.letters import Letter
from referrals.models import Referral, ReferralLetter, ReferralWords
from staff.models import OutgoingMail
from tests.cast import A_PDF, Cast, client_named, letter_of, system_person
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of

KEY = UUID(int=7)
LETTER = Letter("letter.pdf", "application/pdf", A_PDF)


def came(**changes: Any) -> dict[str, Any]:
    return {
        "client": None,
        "person": {},
        "way": "letter",
        "referral_source": "A1",
        "received_on": timezone.localdate(),
        "programme": "ipt16",
        "words": {"problem": "Low since the funeral.", "thoughts_of_harm": True},
        "letter": LETTER,
        "key": KEY,
        **changes,
    }


@case_of(entry_actions.enter_referral)
def a_new_client_is_referred_with_a_letter_and_a_tick(cast: Cast) -> Case:
    system_person()
    born = timezone.localdate().replace(year=1987, month=2, day=3)
    person = {"first_name": "Noor", "last_name": "Jabari", "date_of_birth": born}
    return Case(
        by=cast.ada,
        writes={
            Client: 1,
            Course: 1,
            CourseMove: 1,
            Referral: 1,
            ReferralWords: 1,
            ReferralLetter: 1,
            Alert: 1,
            AlertTold: 1,
            OutgoingMail: 1,
            Event: 5,
        },
        given=came(person=person),
    )


@case_of(entry_actions.enter_referral)
def a_registered_client_rings(cast: Cast) -> Case:
    return Case(
        by=cast.lena,
        writes={Course: 1, CourseMove: 1, Referral: 1, Event: 2},
        given=came(client=client_named("Noor", "Jabari"), way="phone", words={}, letter=None),
    )


@case_of(entry_actions.add_words)
def more_is_said_with_a_tick(cast: Cast) -> Case:
    system_person()
    return Case(
        by=cast.ada,
        writes={ReferralWords: 1, Alert: 1, AlertTold: 1, OutgoingMail: 1, Event: 1},
        given={"course": cast.course, "words": {"child_at_risk": True}, "key": KEY},
    )


@case_of(entry_actions.add_letter)
def a_letter_comes_later(cast: Cast) -> Case:
    return Case(
        by=cast.ada,
        writes={ReferralLetter: 1, Event: 1},
        given={"course": cast.course, "letter": LETTER, "key": KEY},
    )


@case_of(entry_actions.take_back_letter)
def a_letter_is_withdrawn(cast: Cast) -> Case:
    letter = letter_of(cast.course, cast.ada)
    return Case(
        by=cast.ada,
        writes={ReferralLetter: 0, Event: 1},
        given={"course": cast.course, "letter": letter.pk, "reason": "It is another client’s."},
    )
