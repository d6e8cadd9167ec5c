"""How a referral came, and that it was screened: what an administrator may know of it."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from access.querysets import DiaryQuerySet
from courses.models import Course


class Way(models.TextChoices):
    """How it reached the clinic. Who referred is the course's `referral_source`."""

    SELF = "self", "Form on the web page"
    LETTER = "letter", "Letter"
    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"
    IN_PERSON = "in_person", "In person"
    ELECTRONIC = "electronic", "Electronic referral"
    UNKNOWN = "unknown", "Not written down"


class Referral(models.Model):
    """The arrival of one course. `entered_by` is empty where the person referred themself on the public page; `form_key` is
    that page's own key, so that a form sent twice arrives once. A course that was opened without one has none until a screener
    is named. `screened_at` and `screened_by` say that a clinician decided; what they decided is `Screening`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="referral")
    way = models.CharField("how it came", max_length=10, choices=Way.choices)
    received_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_words = models.TextField(blank=True, help_text="The words to which the person agreed.")
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    best_times = models.CharField(
        "when to reach them", max_length=200, blank=True, help_text="Nothing about the problem."
    )
    priority_reason = models.CharField(
        max_length=300, blank=True, help_text="Administrators read it: nothing clinical."
    )
    screened_at = models.DateTimeField(null=True, blank=True)
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ("received_at",)
        constraints = (
            models.CheckConstraint(
                name="way_of_referral_is_known",
                condition=Q(way__in=Way.values),
                violation_error_message="Say how the referral came: choose from the list.",
            ),
            models.CheckConstraint(
                name="screened_by_somebody",
                condition=Q(screened_at=None, screened_by=None)
                | Q(screened_at__isnull=False, screened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="only_the_public_form_names_nobody",
                condition=Q(entered_by__isnull=False) | Q(way="self"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_way_display()}, {timezone.localdate(self.received_at):%d %b %Y}"


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Referral)
