"""What the page of a referral shows: how it came to everybody who sees the client's diary; words, ticks, letters and screenings
to those who read the course. Who may not read them learns that they are there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from access import policy
from courses.lifecycle import Status
from courses.models import Course
from referrals.models import OutcomeLetter, Referral, ReferralLetter, ReferralWords, Screening
from referrals.screening import holder_of
from staff.models import User


@dataclass(frozen=True)
class Parts:
    """How many clinical parts there are: numbers and a time, for whoever may not read them."""

    words: int
    letters: int
    last_letter_at: datetime | None
    screenings: int


@dataclass(frozen=True)
class WordsLine:
    words: ReferralWords
    ticks: list[str]


@dataclass(frozen=True)
class LetterLine:
    """`name` and `withdrawn` are for readers; who uploaded it knows a letter by when that was."""

    key: UUID
    uploaded_at: datetime
    kind: str
    size: int
    name: str = ""
    by: str = ""
    withdrawn: str = ""
    may_be_withdrawn: bool = False
    may_be_read: bool = False


@dataclass(frozen=True)
class ReferralPage:
    """`referral` is None for a course that was opened before there were referrals; `parts` is None for readers, whose `words`,
    `letters` and `screenings` stand in full. For others `letters` are those that they uploaded themselves."""

    referral: Referral | None
    is_clinical: bool
    parts: Parts | None
    words: list[WordsLine]
    letters: list[LetterLine]
    screenings: list[Screening]
    may_add: bool
    screener: User | None
    outcome_letters: list[OutcomeLetter]
    may_screen: bool
    may_name_screener: bool
    may_write_letters: bool


def referral_page(course: Course, user: User) -> ReferralPage:
    is_clinical = policy.may_read_referral(user, course)
    referral = (
        Referral.objects.visible_to(user)
        .filter(course=course)
        .select_related("entered_by", "screened_by")
        .first()
    )
    return ReferralPage(
        referral=referral,
        is_clinical=is_clinical,
        parts=None if is_clinical else parts_of(course),
        words=_words(course, user) if is_clinical else [],
        letters=letters_of(course, user, is_clinical=is_clinical),
        screenings=_screenings(course, user) if is_clinical else [],
        may_add=course.is_open and policy.may_add_to_referral(user, course),
        screener=holder_of(course),
        outcome_letters=_outcome_letters(course, user),
        may_screen=course.status in (Status.REFERRED, Status.NOT_TAKEN_ON)
        and policy.may_screen(user, course),
        may_name_screener=course.status == Status.REFERRED and policy.may_name_screener(user),
        may_write_letters=policy.may_run_waiting_list(user),
    )


def _outcome_letters(course: Course, user: User) -> list[OutcomeLetter]:
    """Of those who write them."""
    if not policy.may_run_waiting_list(user):
        return []
    rows = OutcomeLetter.objects.visible_to(user).filter(course=course)
    return list(rows.select_related("made_by").defer("body"))


def parts_of(course: Course) -> Parts | None:
    """None where the asking person does not see the course."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select words, letters, last_letter_at, screenings from clinical_parts_of(%s)", [course.pk]
        )
        row = cursor.fetchone()
    return Parts(*row) if row else None


def letters_of(course: Course, user: User, *, is_clinical: bool) -> list[LetterLine]:
    """Those that may be read, with what became of them; else those that this person uploaded, without their names."""
    if not is_clinical:
        with connection.cursor() as cursor:
            cursor.execute("select id, uploaded_at, kind, size from letters_i_uploaded(%s)", [course.pk])
            rows = cursor.fetchall()
        mine = policy.may_withdraw_letter(user, course, user.pk)
        return [LetterLine(key, at, kind, size, may_be_withdrawn=mine) for key, at, kind, size in rows]
    letters = ReferralLetter.objects.visible_to(user).filter(course=course)
    return [
        _line(letter, course, user)
        for letter in letters.select_related("uploaded_by", "withdrawn_by").defer("content")
    ]


def _line(letter: ReferralLetter, course: Course, user: User) -> LetterLine:
    withdrawn = (
        f"Withdrawn by {letter.withdrawn_by.full_name}: {letter.withdrawn_why}" if letter.withdrawn_by else ""
    )
    return LetterLine(
        letter.pk,
        letter.uploaded_at,
        letter.kind,
        letter.size,
        name=letter.name,
        by=letter.uploaded_by.full_name,
        withdrawn=withdrawn,
        may_be_withdrawn=not withdrawn and policy.may_withdraw_letter(user, course, letter.uploaded_by_id),
        may_be_read=not withdrawn or user.is_lead,
    )


def _words(course: Course, user: User) -> list[WordsLine]:
    rows = ReferralWords.objects.visible_to(user).filter(course=course).select_related("entered_by")
    return [WordsLine(row, row.ticked) for row in rows]


def _screenings(course: Course, user: User) -> list[Screening]:
    rows = Screening.objects.visible_to(user).filter(course=course).select_related("screener")
    return list(rows.order_by("-at", "-id"))
