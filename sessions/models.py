"""One therapy session: the appointment and what came of it, the note, the private reflection.

What an administrator may not see (note, focus, reflection, scores) stands in tables of its own beside the session."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Deferrable, Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet, DiaryQuerySet
from clients.models import Client
from courses import protocol
from courses.models import FOCUS_AREAS, Allocation, Course
from database.constraints import one_at_a_time
from outcomes.models import Link, Response
from sessions.life import days_late
from staff.models import Clinic, Room, User

KINDS = [(kind.code, kind.label) for kind in protocol.SESSION_KINDS.values()]
APPOINTMENT_TYPES = [(kind.code, kind.label) for kind in protocol.APPOINTMENT_TYPES.values()]
ATTENDANCE = [(code.code, code.label) for code in protocol.ATTENDANCE.values()]
PHASES = list(protocol.PHASES.items())
# The protocol's own rules, in the order in which constraints and questions write them.
TREATMENT_TYPES = tuple(filter(protocol.counts_as_treatment, protocol.APPOINTMENT_TYPES))
SEEN, MISSED, CANCELLED = (
    tuple(sorted(codes)) for codes in (protocol.SEEN, protocol.MISSED, protocol.CANCELLED)
)


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"


class SessionQuerySet(DiaryQuerySet):
    def standing(self) -> Self:
        """Neither cancelled nor entered in error."""
        return self.filter(entered_in_error_at=None).exclude(attendance__in=CANCELLED)

    def ahead(self, *, at: datetime) -> Self:
        """Still to come, and to be held."""
        return self.filter(starts_at__gte=at, attendance=None, entered_in_error_at=None)

    def not_logged(self, *, at: datetime) -> Self:
        """The hour is past, and nobody has said what came of it."""
        return self.filter(ends_at__lt=at, attendance=None, entered_in_error_at=None)

    def numbered(self) -> Self:
        return self.exclude(number=None)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__gte=start, starts_at__lt=end)


def _no_overlap(of: str, name: str, message: str) -> ExclusionConstraint:
    # A list that names the rows that count, not the ones left out: `NOT IN` is null for an empty attendance.
    standing = Q(attendance=None) | Q(attendance__in=sorted((*SEEN, *MISSED)))
    return one_at_a_time(of, name=name, message=message, condition=Q(entered_in_error_at=None) & standing)


class TherapySession(models.Model):
    """One row from booking to outcome. `attendance` is empty while the session lies ahead; `number` counts the treatment
    sessions in which the client was seen, in the order of their dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    # Held equal to the course's client by a composite foreign key (migration session_follows_the_client).
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="therapy_sessions"
    )
    kind = models.CharField(max_length=12, choices=KINDS, default="treatment")
    appointment_type = models.CharField(
        "NHS appointment type", max_length=2, choices=APPOINTMENT_TYPES, default="02"
    )
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(5), MaxValueValidator(300)]
    )
    ends_at = models.DateTimeField(editable=False)
    mode = models.CharField("how", max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attendance = models.CharField(max_length=1, choices=ATTENDANCE, null=True, blank=True)
    attendance_at = models.DateTimeField(null=True, editable=False)
    attendance_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    number = models.PositiveSmallIntegerField(null=True, editable=False)
    phase = models.CharField(max_length=10, choices=PHASES, blank=True)
    phase_reason = models.CharField(max_length=300, blank=True)
    entered_in_error_at = models.DateTimeField(null=True, editable=False)
    # Empty: why stands in EnteredInError, which an administrator does not read. The column goes with the next release.
    entered_in_error_reason = models.CharField(max_length=300, blank=True, editable=False)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "id")
        indexes = (
            models.Index(fields=("course", "starts_at"), name="sessions_of_a_course"),
            models.Index(fields=("therapist", "starts_at"), name="sessions_of_a_therapist"),
            models.Index(fields=("course", "client"), name="sessions_follow_the_client"),
        )
        constraints = (
            models.CheckConstraint(
                name="session_kind_is_known", condition=Q(kind__in=[code for code, _ in KINDS])
            ),
            models.CheckConstraint(
                name="appointment_type_is_known",
                condition=Q(appointment_type__in=[code for code, _ in APPOINTMENT_TYPES]),
            ),
            models.CheckConstraint(
                name="attendance_is_known",
                condition=Q(attendance=None) | Q(attendance__in=[code for code, _ in ATTENDANCE]),
            ),
            models.CheckConstraint(
                name="phase_is_known", condition=Q(phase__in=["", *(code for code, _ in PHASES)])
            ),
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(
                    ends_at=F("starts_at")
                    + Func(
                        F("minutes"),
                        output_field=models.DurationField(),
                        template="make_interval(mins => %(expressions)s)",
                    )
                ),
                violation_error_message="A session ends as many minutes after its start as it lasts.",
            ),
            models.CheckConstraint(
                name="number_when_treated_and_seen",
                condition=Q(
                    number__isnull=False,
                    appointment_type__in=TREATMENT_TYPES,
                    attendance__isnull=False,
                    attendance__in=SEEN,
                    entered_in_error_at__isnull=True,
                )
                | (
                    Q(number__isnull=True)
                    & (
                        ~Q(appointment_type__in=TREATMENT_TYPES)
                        | Q(attendance__isnull=True)
                        | ~Q(attendance__in=SEEN)
                        | Q(entered_in_error_at__isnull=False)
                    )
                ),
                violation_error_message="A session has a number if it is treatment and the client was seen.",
            ),
            models.CheckConstraint(name="number_begins_at_one", condition=Q(number=None) | Q(number__gte=1)),
            models.UniqueConstraint(
                name="no_two_sessions_with_one_number",
                fields=("course", "number"),
                deferrable=Deferrable.DEFERRED,
                violation_error_message="Two sessions of a course cannot have one number.",
            ),
            _no_overlap(
                "therapist", "therapist_in_one_place", "The therapist has another session at that time."
            ),
            _no_overlap("client", "client_in_one_place", "The client has another session at that time."),
            _no_overlap("room", "one_session_in_a_room", "The room is taken at that time."),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {timezone.localtime(self.starts_at):%d %b %Y, %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Fifty minutes are fifty minutes, also in the night in which the clock changes: a local time would count by the clock.
        self.ends_at = self.starts_at.astimezone(UTC) + timedelta(minutes=self.minutes)
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "ends_at"}
        self._queue_for_slot()
        super().save(*args, **kwargs)

    def _queue_for_slot(self) -> None:
        # Two that take one slot at one moment would each wait at the exclusion constraints for the other's row, until
        # PostgreSQL ends one of them as a deadlock. So they queue here, each for the same things in the same order.
        taken = sorted(str(key) for key in (self.therapist_id, self.client_id, self.room_id) if key)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM unnest(%s) k", [taken])

    @property
    def was_seen(self) -> bool:
        return self.attendance in SEEN

    @property
    def was_missed(self) -> bool:
        return self.attendance in MISSED

    @property
    def is_cancelled(self) -> bool:
        return self.attendance in CANCELLED

    @property
    def counts(self) -> bool:
        """It takes a number of the course."""
        return self.entered_in_error_at is None and protocol.takes_number(
            self.appointment_type, self.attendance
        )


def _sealed_sessions(user: User) -> models.QuerySet[TherapySession]:
    """Sessions that were entered for the wrong client by somebody else."""
    wrong = TherapySession.objects.filter(in_error__kind=ErrorKind.WRONG_CLIENT)
    return wrong.exclude(Q(note__author=user) | Q(note=None, in_error__by=user))


class OfSessionQuerySet(ContentQuerySet):
    """What hangs on a session. Of one that was entered for the wrong client it is the author's and the lead's alone."""

    def visible_to(self, user: User) -> Self:
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.exclude(session__in=_sealed_sessions(user).values("pk"))


class SessionFocus(models.Model):
    """A focus area that a session worked on. Clinical content, hence not a column of the session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="foci")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=20, choices=FOCUS_AREAS)

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_row_for_a_focus_of_a_session", fields=("session", "area")),
            models.CheckConstraint(
                name="session_focus_from_the_list", condition=Q(area__in=[code for code, _ in FOCUS_AREAS])
            ),
        )

    def __str__(self) -> str:
        return self.get_area_display()


class RiskAnswer(models.TextChoices):
    UNCHANGED = "unchanged", "Asked, unchanged"
    CHANGED = "changed", "Changed, describe"
    NOT_ASKED = "not_asked", "Not asked, why"


def _records_before_the_line(user: User) -> models.QuerySet["Note"]:
    """Supervision records by others from before this person's line, where the clinic keeps them from a new line and the course
    is not their own. Said a second time in access/rls: supervision_sealed_from_me()."""
    now = timezone.now()
    shown = Clinic.objects.filter(supervision_history_for_new_line=True)
    carried = Allocation.objects.current(at=now).filter(course=OuterRef("course"))
    held = Allocation.objects.current(at=now).filter(
        course=OuterRef("course"),
        therapist__lines_as_therapist__in=policy.lines_held(user, at=now).values("pk"),
        therapist__lines_as_therapist__starts_at__lte=OuterRef("signed_at"),
    )
    return Note.objects.filter(
        ~Exists(shown), ~Exists(carried.filter(therapist=user)), ~Exists(held), kind=NoteKind.SUPERVISION
    ).exclude(author=user)


class NoteQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """Signed notes of the person's courses, and their own drafts: a draft's words are its author's alone. A note that
        was entered for the wrong client is its author's and the lead's."""
        readable = Q(signed_at__isnull=False) | Q(author=user)
        notes = super().visible_to(user).filter(readable)
        if policy.sees_all_content(user):
            return notes
        if policy.may_hold_supervision(user):
            before = _records_before_the_line(user).values("pk")
            notes = notes.exclude(pk__in=before).exclude(adds_to__isnull=False, adds_to__in=before)
        struck = self.model._base_manager.filter(in_error__kind=ErrorKind.WRONG_CLIENT).exclude(author=user)
        sealed = Q(pk__in=struck.values("pk")) | Q(adds_to__isnull=False, adds_to__in=struck.values("pk"))
        return notes.exclude(~Q(author=user) & sealed)

    def drafts(self) -> Self:
        return self.filter(signed_at=None)

    def signed(self) -> Self:
        return self.exclude(signed_at=None)

    def of_sessions(self) -> Self:
        return self.filter(kind=NoteKind.SESSION)

    def standing(self) -> Self:
        """Not entered in error."""
        return self.filter(in_error=None)


class NoteKind(models.TextChoices):
    SESSION = "session", "Session note"
    CONTACT = "contact", "Contact note"
    ADDENDUM = "addendum", "Addendum"
    LETTER = "letter", "Letter"
    # Not a letter longer: policies and triggers hang on the column, so that PostgreSQL refuses to widen it.
    SUPERVISION = "supervised", "Supervision record"


class ContactWith(models.TextChoices):
    CLIENT = "client", "The client"
    FAMILY = "family", "Family or friend"
    GP = "gp", "GP or practice"
    PROFESSIONAL = "professional", "Another professional"
    EMERGENCY = "emergency", "Emergency or crisis service"
    OTHER = "other", "Somebody else"


class ContactHow(models.TextChoices):
    PHONE = "phone", "Phone"
    MESSAGE = "message", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    VIDEO = "video", "Video"
    IN_PERSON = "in_person", "In person"


class Went(models.TextChoices):
    """What came of the task that was agreed in the session before."""

    DONE = "done", "Done"
    PARTLY = "partly", "Partly"
    NOT_DONE = "not_done", "Not done"


class Note(models.Model):
    """The words of a session, of a contact outside sessions, of a letter, of a case discussed in supervision, or of an addendum
    to one of these. A draft is its author's alone; what is signed never changes (a trigger of the database).

    A session's note has all parts. A contact note has in `work` what was said and in `next_time` what follows; an addendum
    has its text in `work` and why it was needed in `reason`; a letter has its words in `work` and all that is printed in
    `letter`; a supervision record has what was discussed in `work`, what was decided in `next_time`, and once signed the facts
    of the meeting in `supervision`. `form` keeps what else was filled in on the draft's page
    (attendance, minutes, when and with whom …), so that nothing typed is lost and nothing counts before it is signed; it is
    empty once signed. `window` and `edits` say which page saved last and how far it had come: a save that is sent again
    because its answer was lost is no conflict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The new columns have a default in the database too: the release before this one goes on writing meanwhile.
    kind = models.CharField(
        max_length=10, choices=NoteKind.choices, default="session", db_default="session", editable=False
    )
    session = models.OneToOneField(
        TherapySession,
        on_delete=models.PROTECT,
        null=True,
        related_name="note",
        error_messages={"unique": "Somebody else has an unsigned draft of this session."},
    )
    adds_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="addenda"
    )
    # The key of a note on another client's record, entered there by mistake; no foreign key, so that nothing leads there.
    carried_from = models.UUIDField(null=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    happened_at = models.DateTimeField("when", null=True, editable=False)
    with_whom = models.CharField(
        max_length=12, choices=ContactWith.choices, default="", db_default="", blank=True
    )
    who = models.CharField("their name", max_length=120, default="", db_default="", blank=True)
    how = models.CharField(max_length=10, choices=ContactHow.choices, default="", db_default="", blank=True)
    week = models.TextField("mood and the week's events", blank=True)
    work = models.TextField("work done", blank=True)
    next_time = models.TextField("between now and next time", blank=True)
    techniques = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # The event of the week in one line: the timeline shows it.
    event = models.CharField("event of the week", max_length=200, default="", db_default="", blank=True)
    # How the task of the last session went.
    went = models.CharField(max_length=8, choices=Went.choices, default="", db_default="", blank=True)
    went_words = models.TextField("how the last task went", default="", db_default="", blank=True)
    # Tasks of a phase that were done in this session (courses.tasks), and people of the inventory who came up in it.
    tasks = ArrayField(models.CharField(max_length=40), default=list, db_default=Value([]), blank=True)
    people = ArrayField(models.UUIDField(), default=list, db_default=Value([]), blank=True)
    risk_answer = models.CharField(max_length=10, choices=RiskAnswer.choices, blank=True)
    risk = models.TextField("risk", blank=True)
    reason = models.TextField("why it was added", default="", db_default="", blank=True)
    # A signed letter as it is printed (sessions.letters): part of what the hash covers.
    letter = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    # Of a signed supervision record what is no text of its own (supervision.records): part of what the hash covers.
    supervision = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    form = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    window = models.UUIDField(null=True, editable=False)
    edits = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    needs_cosign = models.BooleanField(default=False, db_default=False, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    reflection_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("author", "saved_at"), name="drafts_by_author", condition=Q(signed_at=None)),
            models.Index(fields=("author",), name="notes_for_cosigning", condition=Q(needs_cosign=True)),
            models.Index(
                fields=("course",), name="supervision_records", condition=Q(kind=NoteKind.SUPERVISION)
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="signed_notes_have_a_hash",
                condition=Q(signed_at__isnull=True, sha256="")
                | Q(signed_at__isnull=False, sha256__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="risk_answer_is_known", condition=Q(risk_answer__in=["", *RiskAnswer.values])
            ),
            models.CheckConstraint(name="went_from_the_list", condition=Q(went__in=["", *Went.values])),
            models.CheckConstraint(
                name="note_is_of_its_kind",
                condition=Q(kind=NoteKind.SESSION, session__isnull=False, adds_to=None, happened_at=None)
                | Q(kind=NoteKind.CONTACT, session=None, adds_to=None)
                | Q(kind=NoteKind.ADDENDUM, session=None, adds_to__isnull=False, happened_at=None)
                | Q(kind=NoteKind.LETTER, session=None, adds_to=None, happened_at=None)
                | Q(kind=NoteKind.SUPERVISION, session=None, adds_to=None),
                violation_error_message="A note is of a session, of a contact, of supervision, a letter, or adds to a signed"
                " note.",
            ),
            models.CheckConstraint(
                name="signed_supervision_is_whole",
                condition=Q(supervision={}) & (~Q(kind=NoteKind.SUPERVISION) | Q(signed_at=None))
                | (
                    Q(kind=NoteKind.SUPERVISION, signed_at__isnull=False, happened_at__isnull=False)
                    & ~Q(supervision={})
                    & ~Q(work="")
                ),
                violation_error_message="A signed supervision record says when it was and what was discussed.",
            ),
            models.CheckConstraint(
                name="signed_letter_is_whole",
                condition=Q(letter={}) & (~Q(kind=NoteKind.LETTER) | Q(signed_at=None))
                | (Q(kind=NoteKind.LETTER, signed_at__isnull=False) & ~Q(letter={}) & ~Q(work="")),
                violation_error_message="A signed letter holds what is printed, and nothing else does.",
            ),
            models.CheckConstraint(
                name="signed_contact_says_when_and_with_whom",
                condition=~Q(kind=NoteKind.CONTACT)
                | Q(signed_at=None)
                | (
                    Q(
                        happened_at__isnull=False,
                        with_whom__in=ContactWith.values,
                        how__in=ContactHow.values,
                    )
                ),
                violation_error_message="A contact note says when, with whom and how.",
            ),
            models.CheckConstraint(
                name="signed_addendum_says_why",
                condition=~Q(kind=NoteKind.ADDENDUM) | Q(signed_at=None) | ~Q(reason=""),
                violation_error_message="An addendum says why it was needed.",
            ),
            models.CheckConstraint(
                name="a_draft_awaits_no_cosign",
                condition=Q(signed_at__isnull=False) | Q(needs_cosign=False),
                violation_error_message="A note is put forward for co-signing when it is signed.",
            ),
        )

    def __str__(self) -> str:
        return "Signed note" if self.signed_at else "Draft"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def root_id(self) -> uuid.UUID:
        """The note that this one is or adds to: what is co-signed and struck out."""
        return self.adds_to_id or self.pk

    @property
    def event_at(self) -> datetime | None:
        """When that happened of which the note tells; of an addendum, when it was begun."""
        if self.kind == NoteKind.SESSION and self.session is not None:
            return self.session.starts_at
        happened = self.kind in (NoteKind.CONTACT, NoteKind.SUPERVISION)
        return self.happened_at if happened else self.started_at

    @property
    def days_late(self) -> int:
        """As `life.days_late`."""
        return days_late(self.event_at, self.signed_at)


class LetterGivenQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """As the letters themselves."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        sealed = Note.objects.filter(in_error__kind=ErrorKind.WRONG_CLIENT).exclude(author=user)
        return rows.exclude(note__in=sealed.values("pk"))


class LetterGiven(models.Model):
    """A signed letter was handed over or sent: to whom, how, on which day. Rows are added and never change."""

    class To(models.TextChoices):
        CLIENT = "client", "The client"
        GP = "gp", "The GP"
        OTHER = "other", "Somebody else"

    class How(models.TextChoices):
        HANDED = "handed", "By hand"
        POST = "post", "By post"
        EMAIL = "email", "By email"
        OTHER = "other", "Another way"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="given")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    to = models.CharField("to whom", max_length=8, choices=To.choices)
    to_name = models.CharField("their name", max_length=120, blank=True)
    how = models.CharField(max_length=8, choices=How.choices)
    given_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LetterGivenQuerySet.as_manager()

    class Meta:
        ordering = ("given_on", "at")
        constraints = (
            models.CheckConstraint(
                name="letter_given_from_the_lists",
                condition=Q(to__in=["client", "gp", "other"], how__in=["handed", "post", "email", "other"]),
                violation_error_message="Choose from the lists to whom the letter was given, and how.",
            ),
            models.CheckConstraint(
                name="letter_given_to_somebody",
                condition=~Q(to="other") | ~Q(to_name=""),
                violation_error_message="Write to whom the letter was given.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_to_display()}, {self.get_how_display().lower()}"


class DraftVersionQuerySet(models.QuerySet["DraftVersion"]):
    def visible_to(self, user: User) -> Self:
        """The writer's own, until some days after signing, while the course is theirs to read."""
        now = timezone.now()
        kept = Q(note__signed_at=None) | Q(note__signed_at__gt=now - HISTORY_AFTER_SIGNING)
        near = Q(course__in=Course._base_manager.filter(policy.courses_of(user, at=now)).values("pk"))
        return self.filter(kept & (Q() if policy.sees_all_content(user) else near), author=user)


# Said a second time in access/rls: days_of_draft_history().
HISTORY_AFTER_SIGNING = timedelta(days=30)


class DraftVersion(models.Model):
    """What a draft said at one pause of its writer, or what was sent and refused because another window had saved a newer
    version. `parts` is one flat mapping by the names of the page's fields."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="versions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField(default=timezone.now)
    parts = models.JSONField(default=dict)
    was_refused = models.BooleanField(default=False)

    objects = DraftVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at", "-version")
        indexes = (models.Index(fields=("note", "-saved_at"), name="versions_of_a_draft"),)

    def __str__(self) -> str:
        return f"Version {self.version}"


class CoSignatureQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """As the notes that were decided about."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        sealed = Note.objects.filter(in_error__kind=ErrorKind.WRONG_CLIENT).exclude(author=user)
        return rows.exclude(note__in=sealed.values("pk"))


class CoSignature(models.Model):
    """What a supervisor decided about a trainee's signed note: co-signed, or returned with a comment. Rows are added and
    never change. `sha256` covers the note and its addenda as they were read, the decision, who and when."""

    class Decision(models.TextChoices):
        COSIGNED = "cosigned", "Co-signed"
        RETURNED = "returned", "Returned with a comment"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="decisions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)

    objects = CoSignatureQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="cosign_decision_is_known", condition=Q(decision__in=["cosigned", "returned"])
            ),
            models.CheckConstraint(
                name="returned_with_a_comment",
                condition=~Q(decision="returned") | ~Q(comment=""),
                violation_error_message="Say what the author should change or add.",
            ),
            models.CheckConstraint(name="decisions_have_a_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        )

    def __str__(self) -> str:
        return self.get_decision_display()


class ErrorKind(models.TextChoices):
    MISTAKE = "mistake", "It should not be on this record"
    WRONG_CLIENT = "wrong_client", "It belongs to another client"


class EnteredInErrorQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """Why a note on the wrong record stands there is its author's and the lead's to read."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.filter(~Q(kind=ErrorKind.WRONG_CLIENT) | Q(by=user) | Q(note__author=user))


class EnteredInError(models.Model):
    """A session or a note is struck out: it stays readable and counts no more. Rows are added and never change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(
        TherapySession,
        on_delete=models.PROTECT,
        null=True,
        related_name="in_error",
        error_messages={"unique": "This session has been entered in error already."},
    )
    note = models.OneToOneField(
        Note,
        on_delete=models.PROTECT,
        null=True,
        related_name="in_error",
        error_messages={"unique": "This note has been entered in error already."},
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ErrorKind.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = EnteredInErrorQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                name="in_error_kind_is_known", condition=Q(kind__in=["mistake", "wrong_client"])
            ),
            models.CheckConstraint(
                name="in_error_strikes_something",
                condition=Q(session__isnull=False) | Q(note__isnull=False),
                violation_error_message="Say which session or note was entered in error.",
            ),
            models.CheckConstraint(
                name="in_error_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why it was entered in error.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class NoteReminder(models.Model):
    """Somebody was told by mail that a note has waited so many hours: its author for their signature, who may co-sign it for
    theirs, once for each number of hours. Exactly one of `note` and `session` is there: a session that was held may have no
    note at all. To be co-signed, `note` is what put it forward: an addendum puts it forward anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hours = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="reminded_once",
                fields=("note", "session", "person", "hours"),
                nulls_distinct=False,
                violation_error_message="This person has been reminded already.",
            ),
            models.CheckConstraint(
                name="reminds_of_one_thing",
                condition=Q(note__isnull=False, session=None) | Q(note=None, session__isnull=False),
                violation_error_message="A reminder is of one note or of one session.",
            ),
        )

    def __str__(self) -> str:
        return f"Reminded after {self.hours} hours"


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, user: User) -> Self:
        """The author's own, and those shared with the supervisor who reads them now, for as long as the course is theirs.
        Nobody else's, not the lead's."""
        now = timezone.now()
        shared = ReflectionShare.objects.filter(ended_at=None, by=F("reflection__author")).exclude(
            reflection__session__in=_sealed_sessions(user).values("pk")
        )
        theirs = Q(pk__in=shared.values("reflection"), author__in=policy.supervised_by(user, at=now))
        near = Q(course__in=Course._base_manager.filter(policy.courses_of(user, at=now)).values("pk"))
        mine = Q(author=user) & (Q() if policy.sees_all_content(user) else near)
        return self.filter(mine | (theirs & near))


class Reflection(models.Model):
    """The therapist's private reflection on a session: the author's alone unless they share it. It is part of the record
    at a subject access, and its page says so. Its hash is covered by the hash of the note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(TherapySession, on_delete=models.PROTECT, related_name="reflection")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reflections")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)

    objects = ReflectionQuerySet.as_manager()

    def __str__(self) -> str:
        return "Private reflection"


class ReflectionShare(models.Model):
    """The author shows a reflection to their supervisor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reflection = models.ForeignKey(Reflection, on_delete=models.PROTECT, related_name="shares")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="shared_once_at_a_time", fields=("reflection",), condition=Q(ended_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"Shared {self.shared_at:%d %b %Y}"


class SessionResponse(models.Model):
    """Which response belongs to which session: one of each measure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="responses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    response = models.OneToOneField(Response, on_delete=models.PROTECT, related_name="in_session")
    measure = models.CharField(max_length=10)

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="each_measure_once_a_session", fields=("session", "measure")),
        )

    def __str__(self) -> str:
        return self.measure


class SessionLink(models.Model):
    """For which session a link to questionnaires was sent. The diary's: an administrator sends links too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="links")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    link = models.OneToOneField(Link, on_delete=models.PROTECT, related_name="for_session")

    objects = DiaryQuerySet.as_manager()

    def __str__(self) -> str:
        return "Link of a session"


class ContactDueQuerySet(OfSessionQuerySet):
    def open(self) -> Self:
        """Not answered; of a session that was entered in error nobody waits for an answer."""
        return self.filter(answered_at=None, session__entered_in_error_at=None)


class ContactDue(models.Model):
    """A client did not come: somebody is to reach them, and says what was tried. An administrator adds the row without
    being able to read one; the therapist, or the owner of an open alert, answers it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(TherapySession, on_delete=models.PROTECT, related_name="contact_due")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    for_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what_was_tried = models.TextField(blank=True, max_length=4000)

    objects = ContactDueQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="contact_answered_in_words",
                condition=Q(answered_at=None, answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(what_was_tried="")),
                violation_error_message="Say what was tried to reach the client.",
            ),
        )

    def __str__(self) -> str:
        return f"Contact due since {self.raised_at:%d %b %Y}"


for _model in (TherapySession, SessionFocus, ContactDue):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
