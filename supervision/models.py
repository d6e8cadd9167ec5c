"""What supervision leaves behind: what is to be spoken of, meetings and the cases discussed in them, what somebody considered
about a flag, recordings and their ratings. The words about a case are a note of the course (`sessions.models.Note`, kind
supervision: one signing machine); what was agreed is an action of the course (`courses.models.CourseAction`)."""

import uuid
from datetime import date, datetime
from typing import Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.models import Contract, Course
from sessions.models import Note, TherapySession
from staff.models import User

# --- The agenda -------------------------------------------------------------------------------------------------------


class AgendaItemQuerySet(ContentQuerySet):
    def open(self) -> Self:
        """To be spoken of: neither discussed nor taken off."""
        return self.filter(closed_at=None)


class AgendaItem(models.Model):
    """A course that is to be spoken of in supervision, with a question if there is one. `position` orders by hand; `carried`
    says at how many meetings it was not reached."""

    class Closed(models.TextChoices):
        DISCUSSED = "discussed", "Discussed"
        TAKEN_OFF = "taken_off", "Taken off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="agenda_items")
    question = models.CharField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)
    carried = models.PositiveSmallIntegerField(default=0, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.CharField(max_length=9, choices=Closed.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ("position", "added_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="once_on_the_agenda",
                fields=("course",),
                condition=Q(closed_at=None),
                violation_error_message="This course is on the agenda already.",
            ),
            models.CheckConstraint(
                name="agenda_item_closed_whole",
                condition=Q(closed="", closed_at=None, closed_by=None)
                | Q(closed__in=["discussed", "taken_off"], closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message="What leaves the agenda was discussed or taken off.",
            ),
        )

    def __str__(self) -> str:
        return self.question or "On the agenda"


# --- Meetings ---------------------------------------------------------------------------------------------------------


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Who held it, who was there, and the lead."""
        if policy.sees_all_content(user):
            return self.all()
        present = MeetingPerson.objects.filter(person=user).values("meeting")
        return self.filter(Q(supervisor=user) | Q(pk__in=present))

    def signed(self) -> Self:
        return self.exclude(signed_at=None)

    def drafts(self) -> Self:
        return self.filter(signed_at=None)


class Meeting(models.Model):
    """One supervision meeting: when, how long, individual or in a group, who was there. Nothing about a client stands here:
    each case that was discussed is a row of its own, which its course's readers alone see. Locked by its supervisor's
    signature."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Individual"
        GROUP = "group", "Group"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervision_meetings"
    )
    held_at = models.DateTimeField("when")
    minutes = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INDIVIDUAL)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-held_at", "id")
        indexes = (models.Index(fields=("supervisor", "-held_at"), name="meetings_of_a_supervisor"),)
        constraints = (
            models.CheckConstraint(
                name="meeting_of_5_to_480_minutes",
                condition=Q(minutes__range=(5, 480)),
                violation_error_message="A meeting lasts from 5 to 480 minutes.",
            ),
            models.CheckConstraint(
                name="meeting_kind_is_known",
                condition=Q(kind__in=["individual", "group"]),
                violation_error_message="Choose individual or group.",
            ),
            models.CheckConstraint(
                name="meeting_is_signed_when_it_was_held",
                condition=Q(signed_at=None) | Q(signed_at__gte=F("held_at")),
                violation_error_message="This meeting lies ahead: sign it once it was held.",
            ),
        )

    def __str__(self) -> str:
        return f"Supervision on {timezone.localtime(self.held_at):%d %b %Y}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


class OfMeetingQuerySet(models.QuerySet["MeetingPerson"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))


class MeetingPerson(models.Model):
    """A therapist who was there. Taken back while the meeting is not signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        ordering = ("person__full_name", "id")
        constraints = (
            models.UniqueConstraint(
                name="once_at_a_meeting",
                fields=("meeting", "person"),
                violation_error_message="This person is on the list already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.person)


class CaseQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """What the course's readers see once it is signed, and its supervisor before, also where the meeting was signed without
        it (their line had ended, and was drawn again); a supervisor whose line is new sees what was before it only where the
        clinic says so (`Note.objects.visible_to`)."""
        rows = super().visible_to(user)
        notes = Note.objects.visible_to(user).filter(Q(signed_at__isnull=False) | Q(in_error=None))
        # No join: who reads the course and was not at the meeting has no row of it to join.
        own = Meeting.objects.filter(signed_at=None, supervisor=user)
        return rows.filter(Q(note__in=notes.values("pk")) | Q(meeting__in=own.values("pk")))


class Case(models.Model):
    """A course that is discussed in a meeting. Its words are the note of the same key, which its first save begins. Where the
    meeting is signed and nothing was written, the row is taken away: the case was not reached."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="cases")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="supervision_cases")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # More than one meeting may hold an item, of a supervisor and of who stands in for them: the first that is signed closes it.
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    note = models.OneToOneField(
        Note, on_delete=models.PROTECT, null=True, editable=False, related_name="supervision_case"
    )
    position = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                name="a_case_once_at_a_meeting",
                fields=("meeting", "course"),
                violation_error_message="This course is on the list of the meeting already.",
            ),
            models.CheckConstraint(
                name="case_has_the_key_of_its_note", condition=Q(note=None) | Q(note=F("id"))
            ),
        )

    def __str__(self) -> str:
        return "Case discussed"


class CaseSignatureQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """As the records that were signed."""
        return super().visible_to(user).filter(note__in=Note.objects.visible_to(user).values("pk"))


class CaseSignature(models.Model):
    """The therapist whose case was discussed has read the record and signs for it, with a comment if they have one. Rows are
    added and never change. `sha256` covers the record as it was read, the comment, who and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="case_signatures")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)

    objects = CaseSignatureQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                name="signed_once_by_a_therapist",
                fields=("note", "by"),
                violation_error_message="You have signed this record already.",
            ),
            models.CheckConstraint(
                name="case_signatures_have_a_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return f"Signed by {self.by}"


# --- Flags ------------------------------------------------------------------------------------------------------------


class FlagAnswerQuerySet(ContentQuerySet):
    def standing(self, *, on: date) -> Self:
        """Considered, and the day until which is not over."""
        return self.filter(until__gte=on)


class FlagAnswer(models.Model):
    """Somebody considered a flag of a course: why it may stand, and until when. The flag stays in sight with these words. An
    answer is about what the flag was up for (`subject`, as `flags.Found` has it): a new reason is asked about anew. Rows are
    added; the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="flag_answers")
    flag = models.CharField(max_length=30)
    subject = models.UUIDField()
    reason = models.CharField(max_length=500)
    until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = FlagAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "id")
        indexes = (models.Index(fields=("course", "flag", "-at"), name="answers_to_a_flag"),)
        constraints = (
            models.CheckConstraint(
                name="considered_with_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say what you considered.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.flag}, considered until {self.until}"


# --- Practice ---------------------------------------------------------------------------------------------------------

# What a contract says about recording once the client does not want it any more.
WITHOUT_CONSENT = (Contract.Recording.NO, Contract.Recording.WITHDRAWN)


class RecordingQuerySet(ContentQuerySet):
    def kept(self) -> Self:
        """Not deleted yet, as far as anybody has said."""
        return self.filter(deleted_on=None)

    def with_contract(self) -> Self:
        """Each with `contract_says`, what the course's contract says about recording, and `contract_on`, since when."""
        newest = Contract.objects.filter(course=models.OuterRef("course")).order_by("-number")
        return self.annotate(
            contract_says=models.Subquery(newest.values("recording")[:1]),
            contract_on=models.Subquery(newest.values("agreed_on")[:1]),
        )

    def overdue(self, *, on: date) -> Self:
        """To be deleted: the day is over, or the client has withdrawn consent, here or in the contract."""
        withdrawn = Q(withdrawn_on__isnull=False) | Q(contract_says__in=WITHOUT_CONSENT)
        return self.kept().with_contract().filter(Q(delete_by__lt=on) | withdrawn)


class Recording(models.Model):
    """That a session was recorded: with which consent, where the recording is kept, until when, what became of it. Never the
    recording itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="recordings")
    session = models.OneToOneField(
        TherapySession,
        on_delete=models.PROTECT,
        related_name="recording",
        error_messages={"unique": "A recording of this session is in the log already."},
    )
    consent_on = models.DateField("consent given on")
    withdrawn_on = models.DateField("consent withdrawn on", null=True, blank=True)
    kept_where = models.CharField("where it is kept", max_length=200)
    delete_by = models.DateField("to be deleted by")
    submitted_on = models.DateField("given to be rated on", null=True, blank=True)
    deleted_on = models.DateField("deleted on", null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ("delete_by", "entered_at", "id")
        constraints = (
            models.CheckConstraint(
                name="recording_says_where",
                condition=~Q(kept_where=""),
                violation_error_message="Say where the recording is kept.",
            ),
            models.CheckConstraint(
                name="recording_deleted_by_somebody",
                condition=Q(deleted_on=None, deleted_by=None)
                | Q(deleted_on__isnull=False, deleted_by__isnull=False),
                violation_error_message="A recording that is deleted says when, and by whom.",
            ),
            models.CheckConstraint(
                name="recording_within_its_days",
                condition=(Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("consent_on")))
                & Q(delete_by__gte=F("consent_on")),
                violation_error_message="Consent comes before it is withdrawn, and before the day of deletion.",
            ),
        )

    def __str__(self) -> str:
        return "Recording of a session"


class RatingForm(models.Model):
    """The form on which sessions are rated, as the clinic defines it: a change is a new number, and what was rated before keeps
    its own. `items` are {code, label, help, most} in their order, `most` the highest of the points from 0 on. Before the first
    row the form of `supervision.rating_form` counts, as number 0."""

    number = models.PositiveIntegerField(primary_key=True)
    items = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"Rating form, version {self.number}"


class RatingQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whose session it was and who supervises them, while the course is theirs to read; the lead."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        now: datetime = timezone.now()
        return rows.filter(Q(therapist=user) | Q(therapist__in=policy.supervised_by(user, at=now)))


class Rating(models.Model):
    """A session rated by a supervisor on the clinic's form. `scores` has code → points, null where it was not rated. Rows are
    added and never change; it is about the therapist's work and in no export about the client."""

    class Overall(models.TextChoices):
        PASS = "pass", "Pass"
        NEEDS_WORK = "needs_work", "Needs work"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ratings")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="ratings")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    form = models.PositiveIntegerField()
    items = models.JSONField()  # of the form as it was, so that a rating can be read by itself
    scores = models.JSONField()
    overall = models.CharField(max_length=10, choices=Overall.choices)
    comment = models.TextField(blank=True)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(default=timezone.now)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("-rated_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="a_session_rated_once_by_a_person",
                fields=("session", "rated_by"),
                violation_error_message="You have rated this session already.",
            ),
            models.CheckConstraint(
                name="rating_overall_from_the_list",
                condition=Q(overall__in=["pass", "needs_work"]),
                violation_error_message="Say whether the session passes overall.",
            ),
            models.CheckConstraint(
                name="nobody_rates_themself",
                condition=~Q(rated_by=F("therapist")),
                violation_error_message="Nobody rates their own session.",
            ),
        )

    def __str__(self) -> str:
        return self.get_overall_display()


for _model in (AgendaItem, Meeting, Case, Recording):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
