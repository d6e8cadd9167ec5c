"""A course of therapy: its programme, its status, who carries it, what it works on.

Number, phase and strip of a course are the diary's; the agreed focus is clinical content and stands in a table of its own."""

import uuid
from datetime import date, datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet, DiaryQuerySet
from clients.models import Client
from courses import lifecycle, protocol
from courses.lifecycle import Status
from database.constraints import one_at_a_time
from staff.models import User

PROGRAMMES = [(preset.code, preset.name) for preset in protocol.PRESETS.values()]
FOCUS_AREAS = [(area.code, area.label) for area in protocol.FOCUS_AREAS.values()]


def days_waited(referred_on: date, paused_days: int, paused_since: date | None, *, on: date) -> int:
    """From the referral to that day, or until the clock stopped, less the days on which it stood still before. The database
    counts the same in `CourseQuerySet.with_days_waited`."""
    until = min(paused_since, on) if paused_since else on
    return max((until - referred_on).days - paused_days, 0)


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User) -> "CourseQuerySet":
        """Courses whose client, diary and attendance this person may see."""
        if policy.sees_all_names(user):
            return self.all()
        return self._of(policy.diaries_of(user, at=timezone.now()))

    def content_visible_to(self, user: User) -> "CourseQuerySet":
        """Courses whose notes, scores and focus this person may read."""
        if policy.sees_all_content(user):
            return self.all()
        return self._of(policy.courses_of(user, at=timezone.now()))

    def _of(self, courses: Q) -> "CourseQuerySet":
        # A sub-select, so that joins never double a course.
        return self.filter(pk__in=self.model._base_manager.filter(courses).values("pk"))

    def open(self) -> "CourseQuerySet":
        return self.filter(status__in=lifecycle.OPEN)

    def that_wait(self) -> "CourseQuerySet":
        """Referred and not yet decided, or waiting for treatment to begin."""
        return self.filter(status__in=lifecycle.WAIT)

    def with_days_waited(self, *, on: date) -> "CourseQuerySet":
        """With `days`, the rule of `Course.days_waited` as the database counts it, for filters and order."""
        until = Least(F("paused_since"), Value(on), output_field=models.DateField())
        days = Func(
            until,
            F("referred_on"),
            F("paused_days"),
            arg_joiner=" - ",
            template="(%(expressions)s)",
            output_field=models.IntegerField(),
        )
        return self.annotate(days=Greatest(days, 0))

    def carried_by(self, user: User, *, at: datetime) -> "CourseQuerySet":
        """Allocated to this person at that moment, other than to be screened."""
        current = Allocation.objects.current(at=at).carrying().filter(therapist=user)
        return self.filter(pk__in=current.values("course"))


def check_split(split: list[int]) -> None:
    if len(split) != 3 or any(not 0 <= part <= 60 for part in split) or sum(split) < 1:
        raise ValidationError(
            "Write three numbers from 0 to 60: sessions of the initial, middle and end phase."
        )


class Priority(models.IntegerChoices):
    """Who waits is offered a place in this order, and within it by the length of the wait."""

    ROUTINE = 0, "Routine"
    SOON = 1, "Soon"
    URGENT = 2, "Urgent"


class Course(models.Model):
    """One course of IPT from the referral on. A client has at most one that is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="courses")
    programme = models.CharField(max_length=20, choices=PROGRAMMES)
    split = ArrayField(
        models.PositiveSmallIntegerField(),
        size=3,
        null=True,
        blank=True,
        validators=[check_split],
        help_text="Sessions of the initial, middle and end phase; empty for maintenance.",
    )
    planned_sessions = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REFERRED)
    referred_on = models.DateField("referral received")
    referral_source = models.CharField(
        max_length=4, choices=lifecycle.REFERRAL_SOURCES, blank=True, verbose_name="who referred"
    )
    started_on = models.DateField("first attended treatment session", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=2, choices=lifecycle.END_REASONS, blank=True)
    # The clock of a wait (referrals.WaitPause): days of the pauses that ended, with those that do not count since the course
    # was opened again, and the first day of a pause that runs.
    paused_days = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    paused_since = models.DateField(null=True, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=0, db_default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ("-referred_on", "id")
        indexes = (
            models.Index(fields=("status", "referred_on"), name="courses_by_status"),
            models.Index("status", F("priority").desc(), "referred_on", "id", name="courses_by_wait"),
        )
        constraints = (
            models.UniqueConstraint(
                name="one_open_course_for_a_client",
                fields=("client",),
                condition=~Q(status__in=lifecycle.CLOSED),
                violation_error_message="This client already has an open course. End it before opening another.",
            ),
            # The key that a session's (course, client) pair refers to.
            models.UniqueConstraint(name="course_and_client", fields=("id", "client")),
            models.CheckConstraint(
                name="status_is_known",
                condition=Q(status__in=Status.values),
                violation_error_message="Choose a status from the list.",
            ),
            models.CheckConstraint(
                name="programme_is_known",
                condition=Q(programme__in=[code for code, _ in PROGRAMMES]),
                violation_error_message="Choose a programme from the list.",
            ),
            models.CheckConstraint(
                name="closed_courses_have_an_end",
                condition=Q(status__in=lifecycle.CLOSED, ended_on__isnull=False)
                | (~Q(status__in=lifecycle.CLOSED) & Q(ended_on__isnull=True)),
                violation_error_message="A course that has ended says when.",
            ),
            models.CheckConstraint(
                name="priority_is_known",
                condition=Q(priority__in=Priority.values),
                violation_error_message="Choose a priority from the list.",
            ),
            models.CheckConstraint(
                name="course_dates_in_order",
                condition=(Q(started_on=None) | Q(started_on__gte=F("referred_on")))
                & (Q(ended_on=None) | Q(ended_on__gte=F("referred_on"))),
                violation_error_message="A course cannot start or end before its referral.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_programme_display()}, referred {self.referred_on:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        return self.status not in lifecycle.CLOSED

    @property
    def waits(self) -> bool:
        return self.status in lifecycle.WAIT

    def days_waited(self, *, on: date) -> int:
        """As `days_waited`."""
        return days_waited(self.referred_on, self.paused_days, self.paused_since, on=on)

    @property
    def plan(self) -> tuple[int, int, int] | str:
        """What `protocol.phase_of` asks for: this course's own split, or its programme where there is none."""
        return (self.split[0], self.split[1], self.split[2]) if self.split else self.programme


class CourseMove(models.Model):
    """A status that changed: from what, to what, when, by whom, why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=20, choices=Status.choices, blank=True)
    after = models.CharField(max_length=20, choices=Status.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, max_length=1000)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class AllocationQuerySet(DiaryQuerySet):
    def current(self, *, at: datetime) -> "AllocationQuerySet":
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)

    def carrying(self) -> "AllocationQuerySet":
        """Of whoever treats, or covers for them; a screener only reads and decides."""
        return self.exclude(kind=Allocation.Kind.SCREENING)

    def screening(self) -> "AllocationQuerySet":
        return self.filter(kind=Allocation.Kind.SCREENING)


class Allocation(models.Model):
    """From when to when a therapist carries a course, or screens it. This alone gives access to it.

    `ends_at` is set at hand-over, when a screening is recorded, and when the course ends: to the moment until which it stays
    readable. A transfer or a cover that lies ahead is a row whose time has not come."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", "Treatment"
        COVER = "cover", "Cover"
        SCREENING = "screening", "Screening"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="allocations")
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="allocations"
    )
    kind = models.CharField(
        max_length=10, choices=Kind.choices, default=Kind.TREATMENT, db_default=Kind.TREATMENT
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, max_length=1000)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at",)
        indexes = (
            models.Index(
                fields=("therapist", "course", "starts_at", "ends_at"), name="allocation_by_therapist"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="allocation_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                violation_error_message="An allocation ends after it starts.",
            ),
            models.CheckConstraint(
                name="kind_of_allocation_is_known",
                condition=Q(kind__in=["treatment", "cover", "screening"]),
            ),
            one_at_a_time(
                "course",
                name="one_therapist_at_a_time",
                message="Another therapist carries this course at that time.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.therapist} from {self.starts_at:%d %b %Y}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> "HandOverQuerySet":
        """Those who allocate."""
        return self.all() if policy.may_allocate(user) else self.none()

    def planned(self) -> "HandOverQuerySet":
        """Neither sent nor taken back."""
        return self.filter(sent_at=None, undone_at=None)


class HandOver(models.Model):
    """A plan by which a therapist's courses go to others at one moment. Nothing moves before it is sent; until then each line
    and the whole can be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs")
    at = models.DateTimeField("when the courses move")
    reason = models.TextField(max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(
                name="hand_over_is_sent_or_undone",
                condition=(Q(sent_at=None) | Q(undone_at=None))
                & (Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False)),
                violation_error_message="A hand-over is sent or taken back, not both.",
            ),
            models.UniqueConstraint(
                name="one_plan_at_a_time",
                fields=("of",),
                condition=Q(sent_at=None, undone_at=None),
                violation_error_message="There is a plan for this therapist already.",
            ),
        )

    def __str__(self) -> str:
        return f"Hand-over of {self.of}"


class HandOverItemQuerySet(DiaryQuerySet):
    def standing(self) -> "HandOverItemQuerySet":
        return self.filter(removed_at=None)


class HandOverItem(models.Model):
    """One course of such a plan, and to whom it goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="items")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="hand_over_items")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverItemQuerySet.as_manager()

    class Meta:
        ordering = ("hand_over", "course")
        constraints = (
            models.UniqueConstraint(
                name="each_course_once_in_a_plan",
                fields=("hand_over", "course"),
                condition=Q(removed_at=None),
                violation_error_message="This course stands in the plan already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.course} to {self.to}"


class FocusQuerySet(ContentQuerySet):
    def current(self) -> "FocusQuerySet":
        return self.filter(ended_at=None)


class Stage(models.TextChoices):
    """Of a dispute: the two still talk it over, are stuck in silence, or part."""

    RENEGOTIATION = "renegotiation", "Renegotiation"
    IMPASSE = "impasse", "Impasse"
    DISSOLUTION = "dissolution", "Dissolution"


class Wanted(models.TextChoices):
    YES = "yes", "Wanted"
    NO = "no", "Not wanted"
    MIXED = "mixed", "Both"


class Exact(models.TextChoices):
    """How much of a date is known. What is not known of it stands as the first: 2019 is kept as 1 January 2019, to the year."""

    DAY = "day", "The day"
    MONTH = "month", "The month"
    YEAR = "year", "The year"


class Focus(models.Model):
    """A focus area agreed with the client: one, at most two at a time. Clinical content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="foci")
    area = models.CharField(max_length=20, choices=FOCUS_AREAS)
    position = models.PositiveSmallIntegerField(default=1, help_text="1 is the main focus, 2 the second.")
    about = models.CharField(
        max_length=200, blank=True, help_text="With whom or about what, in a few words: “with Tom (partner)”."
    )
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=1000, help_text="Why the focus was changed.")
    # What the area asks for; the columns of the other areas stay empty. With a default in the database: the release before this
    # one goes on writing meanwhile.
    stage = models.CharField(
        "stage of the dispute", max_length=14, choices=Stage.choices, blank=True, default="", db_default=""
    )
    own_expectations = models.TextField(
        "what the client expects", max_length=1000, blank=True, default="", db_default=""
    )
    their_expectations = models.TextField(
        "what the other expects", max_length=1000, blank=True, default="", db_default=""
    )
    old_role = models.CharField("the old role", max_length=300, blank=True, default="", db_default="")
    new_role = models.CharField("the new role", max_length=300, blank=True, default="", db_default="")
    wanted = models.CharField(
        "was the change wanted", max_length=8, choices=Wanted.choices, blank=True, default="", db_default=""
    )
    happened_on = models.DateField("day of the death, or of the change", null=True, blank=True)
    happened_to = models.CharField(
        "how exact that day is", max_length=5, choices=Exact.choices, default="day", db_default="day"
    )
    relation = models.CharField(
        "who died, to the client", max_length=120, blank=True, default="", db_default=""
    )
    anniversaries = models.CharField(max_length=300, blank=True, default="", db_default="")
    pattern = models.TextField("the pattern", max_length=2000, blank=True, default="", db_default="")

    objects = FocusQuerySet.as_manager()

    class Meta:
        ordering = ("course", "position", "agreed_on")
        verbose_name_plural = "foci"
        constraints = (
            models.CheckConstraint(
                name="focus_from_the_list",
                condition=Q(area__in=[code for code, _ in FOCUS_AREAS]),
                violation_error_message="Choose conflict, life change, grief or isolation.",
            ),
            models.CheckConstraint(
                name="at_most_two_foci",
                condition=Q(position__in=[1, 2]),
                violation_error_message="Agree one focus, at most two.",
            ),
            models.UniqueConstraint(
                name="one_focus_in_each_place",
                fields=("course", "position"),
                condition=Q(ended_at=None),
                violation_error_message="This course already has that focus; change it instead.",
            ),
            models.CheckConstraint(
                name="focus_details_from_the_lists",
                condition=Q(
                    stage__in=["", *Stage.values],
                    wanted__in=["", *Wanted.values],
                    happened_to__in=Exact.values,
                ),
                violation_error_message="Choose the stage, whether it was wanted, and how exact the day is, from the lists.",
            ),
            models.UniqueConstraint(
                name="each_focus_once",
                fields=("course", "area"),
                condition=Q(ended_at=None),
                violation_error_message="This focus is already agreed.",
            ),
        )

    def __str__(self) -> str:
        return self.get_area_display()


class GoalQuerySet(ContentQuerySet):
    def current(self) -> "GoalQuerySet":
        return self.filter(ended_at=None)


class Goal(models.Model):
    """What the client wants to be different, in their own words: up to three at a time. Clinical content. How near it is, from
    0 to 10, is rated in `outcomes`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="goals")
    text = models.CharField("goal", max_length=200, help_text="In the client's words.")
    position = models.PositiveSmallIntegerField(default=1)
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ("course", "position", "agreed_on")
        constraints = (
            models.CheckConstraint(
                name="at_most_three_goals",
                condition=Q(position__in=[1, 2, 3]),
                violation_error_message="Agree up to three goals.",
            ),
            models.CheckConstraint(
                name="goal_says_something", condition=~Q(text=""), violation_error_message="Write the goal."
            ),
            models.UniqueConstraint(
                name="one_goal_in_each_place",
                fields=("course", "position"),
                condition=Q(ended_at=None),
                violation_error_message="This course already has a goal in that place.",
            ),
        )

    def __str__(self) -> str:
        return self.text


for _model in (Course, Allocation, HandOver, HandOverItem, Focus, Goal):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
