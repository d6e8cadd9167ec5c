"""The work that is agreed with the client: formulation, contract, tasks of the phases, ending. Versions are rows that are
added; what was agreed before stays readable. And what was agreed about the course in supervision: actions.

The contract is the diary's, since whoever books must know it; all else here is clinical content."""

import uuid
from datetime import datetime

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet, DiaryQuerySet
from courses import tasks
from courses.models.course import Allocation, Course
from staff.models import User, Weekday


class VersionsQuerySet(ContentQuerySet):
    def newest(self) -> "VersionsQuerySet":
        """The version that stands, of each course."""
        return self.order_by("course_id", "-number").distinct("course_id")


class Formulation(models.Model):
    """Why the client feels low now, in their own words, as it was given back to them and agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="formulations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("formulation", max_length=6000, help_text="In the client’s words.")
    agreed_on = models.DateField("agreed with the client on", null=True, blank=True)
    agreed_at_session = models.PositiveSmallIntegerField("agreed at session", null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = VersionsQuerySet.as_manager()

    class Meta:
        ordering = ("course", "-number")
        constraints = (
            models.UniqueConstraint(
                name="one_formulation_a_number",
                fields=("course", "number"),
                violation_error_message="Somebody has saved a newer version of this formulation meanwhile.",
            ),
            models.CheckConstraint(
                name="formulation_says_something",
                condition=~Q(text=""),
                violation_error_message="Write the formulation.",
            ),
        )

    def __str__(self) -> str:
        return f"Formulation, version {self.number}"


class ContractQuerySet(DiaryQuerySet):
    def newest(self) -> "ContractQuerySet":
        """The contract that stands, of each course."""
        return self.order_by("course_id", "-number").distinct("course_id")


class Contract(models.Model):
    """What client and therapist agreed about the sessions. The first row is the contract, each one after it a re-contract that
    says why. Administrators read it: nothing clinical stands in it."""

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", "Weekly"
        TWICE_WEEKLY = "twice_weekly", "Twice a week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Monthly"
        VARIES = "varies", "It varies"

    class Recording(models.TextChoices):
        NOT_ASKED = "not_asked", "Not asked"
        YES = "yes", "Consent given"
        NO = "no", "Consent refused"
        WITHDRAWN = "withdrawn", "Consent withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="contracts")
    number = models.PositiveSmallIntegerField()
    planned_sessions = models.PositiveSmallIntegerField(
        "sessions", validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    minutes = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(5), MaxValueValidator(300)]
    )
    frequency = models.CharField("how often", max_length=12, choices=Frequency.choices, default="weekly")
    weekday = models.PositiveSmallIntegerField("day", choices=Weekday.choices, null=True, blank=True)
    at = models.TimeField("time", null=True, blank=True)
    ends_on = models.DateField("ending in sight", null=True, blank=True)
    missed_rule = models.TextField("missed sessions", max_length=1000, blank=True)
    recording = models.CharField(max_length=10, choices=Recording.choices, default="not_asked")
    agreed_on = models.DateField("agreed with the client on")
    reason = models.CharField("why it changes", max_length=300, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("course", "-number")
        constraints = (
            models.UniqueConstraint(
                name="one_contract_a_number",
                fields=("course", "number"),
                violation_error_message="Somebody has saved a newer contract of this course meanwhile.",
            ),
            models.CheckConstraint(
                name="contract_of_1_to_180_sessions",
                condition=Q(planned_sessions__range=(1, 180)),
                violation_error_message="Agree a number of sessions from 1 to 180.",
            ),
            models.CheckConstraint(
                name="contract_from_the_lists",
                condition=Q(
                    frequency__in=["weekly", "twice_weekly", "fortnightly", "monthly", "varies"],
                    recording__in=["not_asked", "yes", "no", "withdrawn"],
                ),
                violation_error_message="Choose how often, and what was said about recording, from the lists.",
            ),
            models.CheckConstraint(
                name="another_contract_says_why",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message="Say why the contract changes.",
            ),
        )

    def __str__(self) -> str:
        return f"Contract, version {self.number}"


class TaskMark(models.Model):
    """What was said by hand of one task of a phase; the newest row of a task counts. What was ticked in a session stands
    in that session's note."""

    class State(models.TextChoices):
        DONE = "done", "Done"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        OPEN = "open", "Open again"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="task_marks")
    task = models.CharField(
        max_length=40, choices=[(task.code, task.label) for task in tasks.BY_CODE.values()]
    )
    state = models.CharField(max_length=14, choices=State.choices)
    done_on = models.DateField(null=True, blank=True)
    reason = models.CharField("note, or why it does not apply", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("course", "at", "id")
        constraints = (
            models.CheckConstraint(
                name="task_mark_is_whole",
                condition=Q(state="done", done_on__isnull=False)
                | (Q(state="not_applicable", done_on=None) & ~Q(reason=""))
                | Q(state="open", done_on=None),
                violation_error_message="A task that is done says when; one that does not apply says why.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_task_display()}: {self.get_state_display()}"


class EndingPlan(models.Model):
    """What client and therapist look back on and plan for at the end. A change is a new row."""

    PARTS = (
        "what_changed",
        "feelings",
        "early_signs",
        "what_to_do",
        "skills",
        "supports",
        "unresolved",
        "how_to_return",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ending_plans")
    number = models.PositiveSmallIntegerField()
    what_changed = models.TextField("what has changed", max_length=4000, blank=True)
    feelings = models.TextField("feelings about ending", max_length=4000, blank=True)
    early_signs = models.TextField("early signs of a low spell", max_length=4000, blank=True)
    what_to_do = models.TextField("what to do then", max_length=4000, blank=True)
    skills = models.TextField("what the client can do now", max_length=4000, blank=True)
    supports = models.TextField("who is there", max_length=4000, blank=True)
    unresolved = models.TextField("what is unresolved, and further help", max_length=4000, blank=True)
    how_to_return = models.TextField("how to return", max_length=4000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = VersionsQuerySet.as_manager()

    class Meta:
        ordering = ("course", "-number")
        constraints = (
            models.UniqueConstraint(
                name="one_ending_plan_a_number",
                fields=("course", "number"),
                violation_error_message="Somebody has saved a newer version of this ending meanwhile.",
            ),
            models.CheckConstraint(
                name="ending_plan_says_something",
                condition=~Q(
                    what_changed="",
                    feelings="",
                    early_signs="",
                    what_to_do="",
                    skills="",
                    supports="",
                    unresolved="",
                    how_to_return="",
                ),
                violation_error_message="Write at least one part of the ending.",
            ),
        )

    def __str__(self) -> str:
        return f"Ending, version {self.number}"


class CourseActionQuerySet(ContentQuerySet):
    def open(self) -> "CourseActionQuerySet":
        """Neither done nor dropped."""
        return self.filter(outcome="")

    def standing_with(self, user: User, *, at: datetime) -> "CourseActionQuerySet":
        """Whose turn it is: this person's own, and on courses that they carry those of an owner who has nothing to do with the
        course any more. A hand-over, or a line that ended, loses none."""
        carried = Allocation.objects.current(at=at).carrying().filter(therapist=user)
        still_there = policy.supervisors_of([user.pk], at=at)
        left_behind = Q(course__in=carried.values("course")) & ~Q(owner__in=still_there.values("pk"))
        return self.visible_to(user).filter(Q(owner=user) | left_behind)


class CourseAction(models.Model):
    """What was agreed in supervision that somebody does about this course, until when. It stands on its owner's Today and in
    the next session's log until it is done, or dropped with a reason. `words` say what came of it."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField("due")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True, default="")
    words = models.CharField("what came of it", max_length=300, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = CourseActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "agreed_at", "id")
        indexes = (
            models.Index(
                fields=("owner", "due_on"), name="open_actions_of_a_person", condition=Q(outcome="")
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="action_says_what",
                condition=~Q(what=""),
                violation_error_message="Write what is to be done.",
            ),
            models.CheckConstraint(
                name="action_is_open_or_closed",
                condition=Q(outcome="", closed_at=None, closed_by=None)
                | Q(outcome__in=["done", "dropped"], closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message="An action is open, done or dropped.",
            ),
            models.CheckConstraint(
                name="dropped_action_says_why",
                condition=~Q(outcome="dropped") | ~Q(words=""),
                violation_error_message="Say why the action is dropped.",
            ),
        )

    def __str__(self) -> str:
        return self.what


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(CourseAction)
