"""The safety plan: what a client and their therapist agreed for the hours in which thoughts of death come back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.models import Course
from staff.models import User

# In the order of the plan (Stanley and Brown 2012), and what the client lives for.
PARTS = ("warning_signs", "coping", "distraction", "people", "professionals", "environment", "reasons")


class SafetyPlanQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "SafetyPlanQuerySet":
        """As clinical content, and to whoever covers for the therapist while an alert of the course is open."""
        if policy.sees_all_content(user):
            return self.all()
        rows = super().visible_to(user)
        if not user.covers_today:
            return rows
        covered = Course._base_manager.filter(policy.covered_by(user, at=timezone.now()))
        return self.filter(Q(pk__in=rows.values("pk")) | Q(course__in=covered.values("pk")))

    def newest(self) -> "SafetyPlanQuerySet":
        """The version that stands, of each course."""
        return self.order_by("course_id", "-number").distinct("course_id")


class SafetyPlan(models.Model):
    """One version of a course's safety plan in its seven parts. A change is a new row: what was agreed before stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="safety_plans")
    number = models.PositiveSmallIntegerField()
    warning_signs = models.TextField("warning signs", blank=True, max_length=4000)
    coping = models.TextField("what I can do by myself", blank=True, max_length=4000)
    distraction = models.TextField("people and places that take my mind off it", blank=True, max_length=4000)
    people = models.TextField("family and friends I can ask for help", blank=True, max_length=4000)
    professionals = models.TextField("professionals and services I can call", blank=True, max_length=4000)
    environment = models.TextField("making my surroundings safe", blank=True, max_length=4000)
    reasons = models.TextField("what I live for", blank=True, max_length=4000)
    review_on = models.DateField("look at it again on", null=True, blank=True)
    may_share_with = models.TextField("with whom it may be shared", blank=True, max_length=400)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = SafetyPlanQuerySet.as_manager()

    class Meta:
        ordering = ("course", "-number")
        constraints = (
            models.UniqueConstraint(
                name="one_safety_plan_a_number",
                fields=("course", "number"),
                violation_error_message="Somebody has saved a newer version of this plan meanwhile.",
            ),
            models.CheckConstraint(
                name="safety_plan_says_something",
                condition=~Q(**dict.fromkeys(PARTS, "")),
                violation_error_message="Write at least one part of the plan.",
            ),
        )

    def __str__(self) -> str:
        return f"Safety plan, version {self.number}"


class SafetyPlanCopy(models.Model):
    """That somebody was given a copy of one version: to whom, how and when. Never changes."""

    class Who(models.TextChoices):
        CLIENT = "client", "The client"
        FAMILY = "family", "Family or friend"
        GP = "gp", "The GP"
        OTHER = "other", "Somebody else"

    class How(models.TextChoices):
        PRINTED = "printed", "Printed"
        WRITTEN = "written", "Written out by hand"
        PHOTO = "photo", "A photo on their phone"
        POST = "post", "By post"
        EMAIL = "email", "By email"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="copies")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    given_to = models.CharField(max_length=10, choices=Who.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    given_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("given_on", "at")

    def __str__(self) -> str:
        return f"{self.get_given_to_display()}, {self.get_how_display().lower()}"
