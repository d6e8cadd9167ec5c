"""What courses that began like this one have done, and the signals that a course asks to be looked at. The rules are in
signal_rules.py, the arithmetic of the bands in expected.py."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.models import Course
from outcomes.models.answers import MEASURES, Response, sealed_responses
from staff.models import User


class ExpectedModel(models.Model):
    """One run of `manage.py expected` over the clinic's own ended courses. No client stands in it."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(default=timezone.now)
    courses = models.PositiveIntegerField(help_text="How many ended courses it was made of.")
    digest = models.CharField(
        max_length=64, help_text="Of the bands: a run that finds nothing new adds no row."
    )

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"Expected course {self.pk}, made {self.made_at:%d %b %Y} of {self.courses} courses"


class ExpectedBand(models.Model):
    """Between which scores eight of ten comparable courses lay at one session: from the 10th to the 90th percentile."""

    id = models.BigAutoField(primary_key=True)
    model = models.ForeignKey(ExpectedModel, on_delete=models.PROTECT, related_name="bands")
    measure = models.CharField(max_length=10, choices=MEASURES)
    baseline_low = models.PositiveSmallIntegerField()
    baseline_high = models.PositiveSmallIntegerField()
    session_number = models.PositiveSmallIntegerField()
    courses = models.PositiveIntegerField()
    low = models.DecimalField(max_digits=5, decimal_places=2)
    high = models.DecimalField(max_digits=5, decimal_places=2)
    is_pooled = models.BooleanField(default=False)

    class Meta:
        ordering = ("measure", "baseline_low", "session_number")
        constraints = (
            models.UniqueConstraint(
                name="one_band_a_cell", fields=("model", "measure", "baseline_low", "session_number")
            ),
            models.CheckConstraint(
                name="band_of_thirty_courses", condition=Q(courses__gte=30, high__gte=F("low"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} from {self.baseline_low}, session {self.session_number}"


class Considered(models.TextChoices):
    """What may stand in the way, as a reviewer goes through it (Delgadillo and others 2018)."""

    RISK = "risk", "Risk"
    MOTIVATION = "motivation", "Motivation"
    ALLIANCE = "alliance", "The working alliance"
    LIFE_EVENTS = "life_events", "Life events"
    FOCUS = "focus", "The focus"
    DOSE = "dose", "Too few sessions, or too far apart"
    OTHER = "other", "Something else"


RULES = (
    ("expected", "Above the expected course"),
    ("worsening", "Reliable worsening"),
    ("weeks", "Little change after four to six weeks"),
    ("mid_course", "No reliable improvement by mid-course"),
)


class SignalQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "SignalQuerySet":
        """As the answers that raised them."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.exclude(response__in=sealed_responses(user).values("pk"))

    def open(self) -> "SignalQuerySet":
        return self.filter(reviewed_at=None)

    def standing(self) -> "SignalQuerySet":
        """Not those whose scores were entered in error."""
        sound = Response.objects.standing()
        return self.filter(response__in=sound.values("pk"))


class Signal(models.Model):
    """A score asks for a review of the course, by a rule that it names. It stays open until somebody has said what they
    considered and what the plan is; one at a time for a course and a measure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="signals")
    measure = models.CharField(max_length=10, choices=MEASURES)
    rule = models.CharField(max_length=10, choices=RULES)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="signals")
    session_number = models.PositiveSmallIntegerField()
    baseline = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    limit = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    model = models.ForeignKey(ExpectedModel, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    considered = ArrayField(models.CharField(max_length=12, choices=Considered.choices), default=list)
    plan = models.TextField(blank=True, max_length=4000)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_at",)
        constraints = (
            models.UniqueConstraint(
                name="one_open_signal_for_a_measure",
                fields=("course", "measure"),
                condition=Q(reviewed_at=None),
            ),
            models.CheckConstraint(
                name="signal_rule_is_known", condition=Q(rule__in=[code for code, _ in RULES])
            ),
            models.CheckConstraint(
                name="considered_from_the_list",
                condition=Q(considered__contained_by=Considered.values),
                violation_error_message="Choose what was considered from the list.",
            ),
            models.CheckConstraint(
                name="reviewed_with_a_plan",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, considered__len__gte=1)
                & ~Q(plan=""),
                violation_error_message="Say what you considered and what the plan is.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_rule_display()} at session {self.session_number}"


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Signal)
