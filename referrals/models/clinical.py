"""What was written about the problem, the ticks about harm, letters, and what a clinician decided. Never an administrator's to
read, whoever entered it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from access.querysets import ContentQuerySet
from courses.models import FOCUS_AREAS, Course

MOST_BYTES = 10 * 1024 * 1024


class ReferralWords(models.Model):
    """The problem in the words of the person or of who referred them, and what was ticked about harm. Rows are added and never
    change; a tick raises an alert by a trigger, whoever enters it. `entered_by` is empty for the public page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="referral_words")
    problem = models.TextField("what the difficulty is", max_length=4000, blank=True)
    thoughts_of_harm = models.BooleanField(
        "has thoughts of being better off dead or of hurting themself", default=False
    )
    might_harm_others = models.BooleanField("fears to harm somebody else", default=False)
    is_being_harmed = models.BooleanField("is being hurt or frightened by somebody", default=False)
    child_at_risk = models.BooleanField("is worried about the safety of a child", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        verbose_name_plural = "referral words"
        constraints = (
            models.CheckConstraint(
                name="referral_words_say_something",
                condition=~Q(problem="")
                | Q(thoughts_of_harm=True)
                | Q(might_harm_others=True)
                | Q(is_being_harmed=True)
                | Q(child_at_risk=True),
                violation_error_message="Write what the difficulty is.",
            ),
        )

    @property
    def ticked(self) -> list[str]:
        """What was said about harm, as it stood beside the ticks."""
        ticks = (field for field in self._meta.concrete_fields if isinstance(field, models.BooleanField))
        return [str(field.verbose_name) for field in ticks if getattr(self, field.attname)]

    def __str__(self) -> str:
        return f"Words of {timezone.localdate(self.at):%d %b %Y}"


class LetterQuerySet(ContentQuerySet):
    def standing(self) -> "LetterQuerySet":
        return self.filter(withdrawn_at=None)


class ReferralLetter(models.Model):
    """A letter as it came: PDF or JPEG by its own content, ten megabytes at most. Served as an attachment, kept with the
    referral; one that was uploaded by mistake is withdrawn with a reason and stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="referral_letters")
    name = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=20, choices=[("application/pdf", "PDF"), ("image/jpeg", "JPEG")], editable=False
    )
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    content = models.BinaryField(editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("uploaded_at", "id")
        constraints = (
            models.CheckConstraint(
                name="letter_is_pdf_or_jpeg",
                condition=Q(kind__in=["application/pdf", "image/jpeg"]),
                violation_error_message="A letter is a PDF or a JPEG.",
            ),
            models.CheckConstraint(
                name="letter_is_not_too_large",
                condition=Q(size__gt=0, size__lte=MOST_BYTES),
                violation_error_message="A letter has at most 10 MB.",
            ),
            models.CheckConstraint(
                name="letter_withdrawn_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                violation_error_message="Say why the letter is withdrawn.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Suitability(models.TextChoices):
    SUITABLE = "suitable", "Suitable for IPT: may wait"
    NOT_SUITABLE = "not_suitable", "Not suitable here"
    MORE_INFORMATION = "more_information", "More information is needed first"


class Screening(models.Model):
    """What a clinician decided about a referral, with what was done about risk. Rows are added and never change: the newest
    counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="screenings")
    screener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    suitability = models.CharField(max_length=16, choices=Suitability.choices)
    likely_focus = models.CharField(max_length=20, choices=FOCUS_AREAS, blank=True)
    reasons = models.TextField("why", max_length=2000, blank=True)
    risk = models.TextField("risk said on the form and asked about", max_length=2000)
    done = models.TextField("what was done", max_length=2000)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="suitability_is_known",
                condition=Q(suitability__in=Suitability.values),
                violation_error_message="Say whether IPT suits: choose from the list.",
            ),
            models.CheckConstraint(
                name="likely_focus_from_the_list",
                condition=Q(likely_focus="") | Q(likely_focus__in=[code for code, _ in FOCUS_AREAS]),
                violation_error_message="Choose conflict, life change, grief or isolation, or leave it open.",
            ),
            models.CheckConstraint(
                name="screening_says_risk_with_what_was_done",
                condition=~Q(risk="") & ~Q(done=""),
                violation_error_message="Say what was said about risk, and what was done.",
            ),
            models.CheckConstraint(
                name="other_than_suitable_says_why",
                condition=Q(suitability="suitable") | ~Q(reasons=""),
                violation_error_message="Say why.",
            ),
        )

    def __str__(self) -> str:
        return self.get_suitability_display()
