"""A referral arrives: with a client and a course it is entered by who works here; words and letters are added to it later, and
a letter that was uploaded by mistake is withdrawn. Nothing is decided here: whether IPT suits, how soon, and what a tick about
harm means, a clinician says at screening.

Whoever enters it may not be allowed to read it back: rows are written without looking, and what must be asked past the walls
comes from functions of the database."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from access.refusals import refused
from audit import trail
from audit.models import Action
from clients.actions import register_client
from clients.models import Client
from courses.actions import open_course
from courses.models import Course
from database import locks
from outcomes.models import Alert
from outcomes.telling import tell_now
from referrals.letters import Letter
from referrals.models import Referral, ReferralLetter, ReferralWords, Way
from staff.jobs import as_the_system
from staff.models import User

TICKS = ("thoughts_of_harm", "might_harm_others", "is_being_harmed", "child_at_risk")
CLOSED = "This course has ended: words and letters belong to a referral that is open."


def enter_referral(
    *,
    client: Client | None,
    person: Mapping[str, Any],
    looked_at: Collection[UUID] = (),
    way: str,
    referral_source: str,
    received_on: date,
    programme: str,
    best_times: str = "",
    words: Mapping[str, Any],
    letter: Letter | None = None,
    key: UUID,
    by: User,
) -> Referral:
    """A referral with all that came with it, for a registered client or for a new one (`person`, as `register_client` takes
    it). `words` are the problem and the ticks, by name; `key` is the page's own: sent twice, one referral arrives.
    Whoever is to be told of a tick is told in the same transaction."""
    with refused():
        locks.hold(f"referral:{key}")
        before = Referral.objects.filter(form_key=key, entered_by=by).select_related("course__client").first()
        if before is not None:
            return before
        _check_way(way)
        if client is None:
            client = register_client(by=by, looked_at=looked_at, **person)
        course = open_course(
            client=client,
            programme=programme,
            referred_on=received_on,
            referral_source=referral_source,
            by=by,
        )
        referral = Referral(
            course=course,
            way=way,
            received_at=_moment(received_on),
            entered_by=by,
            best_times=best_times.strip(),
            form_key=key,
        )
        referral.clean_fields(exclude=["course", "entered_by", "screened_by"])
        referral.save(force_insert=True)
        trail.record(Action.CREATE, "Entered a referral", by=by, about=referral, client_id=client.pk)
        _keep_words(course, words, by, key)
        if letter is not None:
            _keep_letter(course, letter, by, key)
    return referral


def add_words(*, course: Course, words: Mapping[str, Any], by: User, key: UUID) -> None:
    """More about the problem, or a tick about harm that was heard of later. `key` is the page's own: sent twice, kept
    once."""
    with refused():
        if not _keep_words(_open(course), words, by, key):
            raise ValidationError({"problem": "Write what the difficulty is, or tick what was said."})


def add_letter(*, course: Course, letter: Letter, by: User, key: UUID) -> None:
    """Another letter. `key` is the page's own: sent twice, kept once."""
    with refused():
        _keep_letter(_open(course), letter, by, key)


def take_back_letter(*, course: Course, letter: UUID, reason: str, by: User) -> None:
    """It was uploaded by mistake: withdrawn with a reason, it stays and is read no more. ValidationError where it is not
    theirs to withdraw, or is withdrawn already."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the letter is withdrawn."})
    with refused():
        with connection.cursor() as cursor:
            cursor.execute("select withdraw_letter(%s, %s)", [letter, reason.strip()])
            (withdrawn,) = cursor.fetchone()
        if not withdrawn:
            raise ValidationError("This letter has been withdrawn already, or is not yours to withdraw.")
        trail.record(
            Action.CHANGE,
            "Withdrew a letter of a referral",
            by=by,
            course_id=course.pk,
            client_id=course.client_id,
            ids=[letter],
            reason=reason.strip(),
        )


def tell_of_ticks(course_id: UUID, *, at: datetime) -> None:
    """Of the alerts that ticks have raised and of which nobody was told yet. Whoever ticked may not see them: they are
    looked up in the name of the system."""
    with as_the_system():
        raised = Alert.objects.open().filter(course=course_id, response=None, raised_by=None, told=None)
        tell_now(raised, at=at)


def _check_way(way: str) -> None:
    if way == Way.SELF:
        raise ValidationError({"way": "The form on the web page is sent by the person alone."})


def _moment(day: date) -> datetime:
    """When it came: now, or noon of a day gone by."""
    now = timezone.now()
    if day >= timezone.localdate(now):
        return now
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def _open(course: Course) -> Course:
    fresh = Course.objects.filter(pk=course.pk).select_related("client").first()
    if fresh is None or not fresh.is_open:
        raise ValidationError(CLOSED)
    return fresh


def _keep_words(course: Course, words: Mapping[str, Any], by: User, page: UUID) -> bool:
    """Whether there is anything to keep."""
    ticks = {tick: bool(words.get(tick)) for tick in TICKS}
    problem = str(words.get("problem", "")).strip()
    if not problem and not any(ticks.values()):
        return False
    # Of this page with these words: what was mended and sent again is more than a repetition.
    key = uuid5(page, f"{problem} {ticks}")
    row = ReferralWords(pk=key, course=course, problem=problem, entered_by=by, **ticks)
    row.clean_fields(exclude=["course", "entered_by"])
    if _is_new(row):
        what = "Wrote down words of a referral"
        trail.record(Action.CREATE, what, by=by, about=row, client_id=course.client_id)
        if any(ticks.values()):
            tell_of_ticks(course.pk, at=timezone.now())
    return True


def _keep_letter(course: Course, letter: Letter, by: User, page: UUID) -> None:
    digest = hashlib.sha256(letter.content).hexdigest()
    row = ReferralLetter(
        pk=uuid5(page, digest),
        course=course,
        name=letter.name,
        kind=letter.kind,
        size=len(letter.content),
        sha256=digest,
        content=letter.content,
        uploaded_by=by,
    )
    row.clean_fields(exclude=["course", "uploaded_by", "content", "withdrawn_at", "withdrawn_by"])
    if _is_new(row):
        what = "Kept a letter of a referral"
        trail.record(Action.CREATE, what, by=by, about=row, client_id=course.client_id)


def _is_new(row: Model) -> bool:
    """Kept, unless it is there already. Whoever writes it may not look: only the key answers."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if (
            getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            != f"{row._meta.db_table}_pkey"
        ):
            raise
        return False
    return True
