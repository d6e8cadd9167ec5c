"""What happens while somebody waits: the clock pauses, the clinic tries to reach them, letters go out. Administrators keep it,
and nothing clinical stands in it."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from access.querysets import DiaryQuerySet
from courses.models import Course

NOTHING_CLINICAL = "Administrators read it: nothing clinical."


class PauseQuerySet(DiaryQuerySet):
    def running(self) -> "PauseQuerySet":
        return self.filter(ends_on=None)


class WaitPause(models.Model):
    """Days on which the clock of a wait stands still, from `starts_on` on, up to and without `ends_on`. The sum of those that
    ended is `Course.paused_days`, the start of one that runs `Course.paused_since`; both move with the row, in one act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="wait_pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, help_text=NOTHING_CLINICAL)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "id")
        constraints = (
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="A pause ends after it starts.",
            ),
            models.CheckConstraint(
                name="pause_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why the clock stands still.",
            ),
            models.UniqueConstraint(
                name="one_pause_at_a_time",
                fields=("course",),
                condition=Q(ends_on=None),
                violation_error_message="The clock stands still already.",
            ),
        )

    def __str__(self) -> str:
        return f"Paused from {self.starts_on:%d %b %Y}"


class AttemptHow(models.TextChoices):
    PHONE = "phone", "Phone"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"


class AttemptResult(models.TextChoices):
    REACHED = "reached", "Reached"
    NO_ANSWER = "no_answer", "No answer"
    MESSAGE_LEFT = "message_left", "Left a message"
    WRONG_NUMBER = "wrong_number", "Wrong number or address"
    SENT = "sent", "Sent"


class ContactAttempt(models.Model):
    """That somebody tried to reach a person who is referred or waits, and what came of it. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="contact_attempts")
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=8, choices=AttemptHow.choices)
    result = models.CharField(max_length=14, choices=AttemptResult.choices)
    words = models.CharField(max_length=300, blank=True, help_text=NOTHING_CLINICAL)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.CheckConstraint(
                name="attempt_is_known",
                condition=Q(how__in=AttemptHow.values) & Q(result__in=AttemptResult.values),
                violation_error_message="Say how you tried and what came of it: choose from the lists.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_how_display()}: {self.get_result_display()}"


class LetterKind(models.TextChoices):
    ACCEPTED = "accepted", "A place on the waiting list"
    NOT_SUITABLE = "not_suitable", "Not taken on"
    SIGNPOSTED = "signposted", "Pointed to another service"
    NO_CONTACT = "no_contact", "We could not reach you"


class LetterTo(models.TextChoices):
    CLIENT = "client", "The client"
    GP = "gp", "The GP"
    REFERRER = "referrer", "Who referred"


class OutcomeLetter(models.Model):
    """What became of a referral, told to the person, the GP or who referred: in the clinic's own wording, without anything
    clinical. The words stay as they were written; `sent_on` is added when it has gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="outcome_letters")
    kind = models.CharField(max_length=14, choices=LetterKind.choices)
    to = models.CharField(max_length=8, choices=LetterTo.choices, default=LetterTo.CLIENT)
    body = models.TextField(max_length=8000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "id")
        constraints = (
            models.CheckConstraint(
                name="outcome_letter_is_known",
                condition=Q(kind__in=LetterKind.values) & Q(to__in=LetterTo.values) & ~Q(body=""),
                violation_error_message="Choose which letter, to whom, and write it.",
            ),
            models.CheckConstraint(
                name="outcome_letter_sent_by_somebody",
                condition=Q(sent_on=None, sent_by=None) | Q(sent_on__isnull=False, sent_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, to {self.get_to_display().lower()}"


for _model in (WaitPause, OutcomeLetter):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
