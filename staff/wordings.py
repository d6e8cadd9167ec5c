"""The words with which every clinic begins, until it writes its own, and what may stand in such words. A letter names the
client, the clinic and the day of the referral by a word in braces and nothing else; no other wording has any."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

LONGEST = 4000
PLACEHOLDERS = ("name", "clinic", "date")
_BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")

SELF_REFERRAL_INTRO = """\
Interpersonal Psychotherapy (IPT) is a talking therapy. It is mostly offered to people who feel depressed.

How we feel and what happens between us and other people go together. IPT looks at one difficulty of this kind: a conflict \
with somebody close to you, a big change in your life, the death of somebody you loved, or feeling lonely and cut off. You and \
your therapist choose together which of these to work on.

You meet your therapist about once a week, usually for three to four months. The therapy has a beginning, a middle and an end, \
and you agree on them at the start."""

SELF_REFERRAL_EXPECT = """\
A clinician of ours reads every referral. They decide together with you whether IPT is likely to help: no answer on this form \
decides it.

We contact you in the way that you choose below, and we may ask you to talk with us first. If another service would help you \
more, we tell you which one. If we can offer you IPT, there may be a wait before your first appointment, and we tell you how \
long it usually is.

This form is not read at night, at weekends or on public holidays. Please do not use it if you need help today."""

CONSENT_WORDS = """\
I agree that the clinic keeps what I write here, that the clinicians who deal with my referral read it, and that the clinic \
contacts me in the ways that I have chosen. I know that I can change my mind at any time by telling the clinic."""

MISSED_RULE = """\
Please tell us at least 24 hours ahead if you cannot come. A session that you miss does not use up one of the sessions that we \
have agreed. If you miss two in a row, we talk about whether this is the right time for the therapy."""

ACKNOWLEDGEMENT_WORDS = """\
Thank you. We have your referral. You do not need to do anything now.

Somebody from the clinic will be in touch in the way that you chose. If you have not heard from us after two weeks, please \
call us and we will look into it."""

LETTER_ACCEPTED = """\
Dear {name},

Thank you for your referral of {date}. A clinician has read it, and we would like to offer you Interpersonal Psychotherapy.

You are now on our waiting list. We will write or call as soon as a therapist has a place, to arrange your first appointment. \
If you move, change your telephone number or no longer need an appointment, please tell us.

Yours sincerely,
{clinic}"""

LETTER_NOT_SUITABLE = """\
Dear {name},

Thank you for your referral of {date}. A clinician has read it carefully. We think that Interpersonal Psychotherapy is not the \
right help for you at the moment, so we are not able to offer you a place.

This does not mean that you do not need help. Please talk with your GP about what else there is. You are welcome to refer \
yourself again if things change, and to call us if you would like to talk about this letter.

Yours sincerely,
{clinic}"""

LETTER_SIGNPOSTED = """\
Dear {name},

Thank you for your referral of {date}. A clinician has read it carefully. We think that another service can help you more than \
we can, and we have told you which one, or will call you about it.

If you have any difficulty in reaching that service, please call us. You are welcome to refer yourself again if things change.

Yours sincerely,
{clinic}"""

LETTER_NO_CONTACT = """\
Dear {name},

Thank you for your referral of {date}. We have tried to reach you and have not been able to. If you would still like to be \
seen, please call us or write to us within two weeks.

If we do not hear from you, we will end this referral. You are welcome to refer yourself again at any time.

Yours sincerely,
{clinic}"""


def letter_placeholders(words: str) -> None:
    """Refuses every brace but those of the placeholders."""
    known = {f"{{{name}}}" for name in PLACEHOLDERS}
    unknown = [found for found in _BRACES.findall(words) if found not in known]
    if unknown:
        raise ValidationError(
            "%(found)s is not known here. A letter may use {name}, {clinic} and {date}.",
            code="placeholder",
            params={"found": unknown[0]},
        )


def no_placeholders(words: str) -> None:
    """For words that are shown as they stand."""
    found = _BRACES.search(words)
    if found:
        raise ValidationError(
            "%(found)s would be shown as it stands: only letters are filled in. Take the braces out.",
            code="placeholder",
            params={"found": found[0]},
        )


def filled(words: str, *, name: str, clinic: str, referred_on: date) -> str:
    """A letter's words with the client's name, the clinic's, and the day on which the referral came in."""
    values: dict[str, Any] = {
        "{name}": name,
        "{clinic}": clinic,
        "{date}": f"{referred_on.day} {referred_on:%B %Y}",
    }
    # In one pass: a name that holds braces is not filled in again.
    return _BRACES.sub(lambda found: values.get(found[0], found[0]), words)
