"""Alerts: that somebody may be in danger, who was told, and what a person did about it. Never a level of risk."""

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.models import Course
from outcomes.models.answers import Response, sealed_responses
from staff.models import User


class AlertKind(models.TextChoices):
    """What an alert is about. `answer` is raised by a questionnaire, the others by a person who works here or by a tick on a
    referral."""

    ANSWER = "answer", "An answer"
    THOUGHTS = "thoughts", "Thoughts of death or of self-harm"
    PLAN = "plan", "A plan, intent or means"
    HARM_TO_OTHERS = "harm_to_others", "Harm to others"
    CHILD = "child", "Safeguarding of a child"
    ADULT = "adult", "Safeguarding of an adult"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"


class AlertQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "AlertQuerySet":
        """As the answers that raised them; one that is open and not restricted also to whoever covers for the therapist."""
        if policy.sees_all_content(user):
            return self.all()
        rows = super().visible_to(user)
        if user.covers_today:
            now = timezone.now()
            covered = Course._base_manager.filter(policy.covered_by(user, at=now))
            theirs = self.open().filter(course__in=covered.values("pk"), kind__in=policy.OPEN_TO_COVER)
            rows = self.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=theirs.values("pk")))
        return rows.exclude(response__in=sealed_responses(user).values("pk"))

    def open(self) -> "AlertQuerySet":
        return self.filter(closed_at=None)


class Alert(models.Model):
    """Somebody answered that they think of death or of hurting themself, a person noted a danger, or a referral ticks one
    (then `raised_by` is empty). It stands until a person
    has closed it with what was done, and it is never deleted. `tell_from` is when the first mails about it go: at once, except
    for what is still being typed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(
        max_length=14, choices=AlertKind.choices, default="answer", db_default="answer", editable=False
    )
    response = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, related_name="alerts")
    item = models.PositiveSmallIntegerField(null=True)
    value = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True, default="", db_default="", max_length=4000)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(default=timezone.now)
    tell_from = models.DateTimeField(default=timezone.now, db_default=Now())
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what_was_done = models.TextField(blank=True, max_length=4000)
    typed_in_error = models.BooleanField(default=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_at",)
        indexes = (
            models.Index(fields=("course",), name="open_alerts_by_course", condition=Q(closed_at=None)),
        )
        constraints = (
            # Typed in error and closed, then given again: that is a new alert.
            models.UniqueConstraint(
                name="one_open_alert_for_an_item",
                fields=("response", "item"),
                condition=Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="acknowledged_by_somebody",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_with_what_was_done",
                condition=Q(closed_at=None, closed_by=None)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(what_was_done="")),
                violation_error_message="Say what was done before you close the alert.",
            ),
            models.CheckConstraint(
                name="alert_is_of_its_kind",
                condition=Q(
                    kind="answer", response__isnull=False, item__isnull=False, value__isnull=False, words=""
                )
                | Q(
                    kind__in=[kind for kind in AlertKind.values if kind != "answer"],
                    response=None,
                    item=None,
                    value=None,
                )
                & ~Q(words=""),
                violation_error_message="Say what you noticed.",
            ),
        )

    def __str__(self) -> str:
        return (
            f"Item {self.item} scored {self.value}"
            if self.kind == AlertKind.ANSWER
            else self.get_kind_display()
        )

    @property
    def in_words(self) -> str:
        """Within a sentence: what it is about."""
        words = str(self)
        return words[:1].lower() + words[1:]

    @property
    def is_restricted(self) -> bool:
        return self.kind in policy.RESTRICTED_ALERTS


class OfAlertQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> "OfAlertQuerySet":
        """With the alert itself."""
        return self.filter(alert__in=Alert.objects.visible_to(user).values("pk"))


class ActKind(models.TextChoices):
    ASKED = "asked", "Asked the client directly"
    PLAN = "plan", "Made or reviewed a safety plan"
    SUPERVISOR = "supervisor", "Spoke with a supervisor or the lead"
    GP = "gp", "Told the GP"
    CRISIS = "crisis", "Brought in a crisis service"
    EMERGENCY = "emergency", "Called 999"
    FAMILY = "family", "Spoke with family or the emergency contact"
    SAFEGUARDING = "safeguarding", "Told the safeguarding authority"
    OTHER = "other", "Something else"


class AlertAct(models.Model):
    """What a person did about an alert, and by when somebody looks again. Rows are added and never change; the last one
    may close the alert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="acts")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ActKind.choices)
    words = models.TextField(max_length=4000)
    follow_up_on = models.DateField(null=True, blank=True)
    closes = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfAlertQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="alert_act_is_known",
                condition=Q(kind__in=ActKind.values),
                violation_error_message="Say what was done: choose from the list.",
            ),
            models.CheckConstraint(
                name="alert_act_says_what",
                condition=~Q(words=""),
                violation_error_message="Say what was done.",
            ),
            models.CheckConstraint(
                name="closed_alerts_are_not_followed_up",
                condition=Q(closes=False) | Q(follow_up_on=None),
                violation_error_message="An alert that somebody follows up stays open.",
            ),
            models.UniqueConstraint(
                name="alert_is_closed_once",
                fields=("alert",),
                condition=Q(closes=True),
                violation_error_message="Somebody has closed this alert already.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class AlertTold(models.Model):
    """Who was told of an alert by mail, in what capacity, when and why. Written by the system person; never changes."""

    class Stage(models.TextChoices):
        FIRST = "first", "At once"
        SUPERVISOR = "supervisor", "The supervisor"
        LEAD = "lead", "The lead"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="told")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)  # therapist, screener, cover, supervisor, deputy, lead
    stage = models.CharField(max_length=10, choices=Stage.choices)
    why = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    objects = OfAlertQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                name="told_once_at_each_stage",
                fields=("alert", "person", "stage"),
                violation_error_message="This person has been told already.",
            ),
            models.CheckConstraint(
                name="told_stage_is_known", condition=Q(stage__in=["first", "supervisor", "lead"])
            ),
        )

    def __str__(self) -> str:
        return f"Told {self.get_stage_display()}"


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Alert)
