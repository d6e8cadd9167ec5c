"""The people of a client's life, where they stand, and what happened. Third parties' data: minimal, pseudonyms welcome.

Where somebody stands is kept as x and y from the client in the middle, the edge of the outer circle 100 away, y downwards as
on a screen; the ring follows from it (`circles.ring_at`). A safety concern stands in a table of its own, which
fewer people read."""

import uuid
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.dates import in_words, span_in_words
from courses.models import FOCUS_AREAS, Course, Exact, Focus
from staff.models import User

EDGE = 100.0  # of the outer circle, from the middle
# Both or neither: a comparison with nothing is no refusal.
_INSIDE = Q(x__isnull=True, y__isnull=True) | Q(
    x__isnull=False, y__isnull=False, x__range=(-EDGE, EDGE), y__range=(-EDGE, EDGE)
)


class PersonQuerySet(ContentQuerySet):
    def standing(self) -> "PersonQuerySet":
        """Not taken off the inventory."""
        return self.filter(removed_at=None)

    def with_foci(self) -> "PersonQuerySet":
        """With `agreed_foci`, the areas of the agreed foci that have to do with this person."""
        agreed = FocusPerson.objects.filter(person=OuterRef("pk"), focus__ended_at=None)
        return self.annotate(agreed_foci=ArraySubquery(agreed.values("focus__area")))


class Person(models.Model):
    """Somebody in the client's life, under a name that need not be theirs. Nobody is deleted: who was entered by mistake
    is taken off."""

    class YesOrNo(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    class Met(models.TextChoices):
        YES = "yes", "Met"
        PARTLY = "partly", "Partly met"
        NO = "no", "Not met"
        UNSAID = "unsaid", "Never said"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=60, help_text="A first name or a name you both know; no surname.")
    relationship = models.CharField(max_length=60, help_text="To the client: partner, sister, manager.")
    known_for = models.CharField("how long", max_length=100, blank=True)
    lives_with = models.BooleanField("they live together", default=False)
    contact = models.CharField(
        max_length=200, blank=True, help_text="How often, and how: weekly walk, calls."
    )
    support_given = models.TextField("support the client gives", max_length=1000, blank=True)
    support_received = models.TextField("support the client gets", max_length=1000, blank=True)
    confides = models.CharField(max_length=6, choices=YesOrNo.choices, blank=True)
    confides_about = models.CharField(max_length=200, blank=True)
    good = models.TextField("what is good", max_length=1000, blank=True)
    hard = models.TextField("what is hard", max_length=1000, blank=True)
    own_expectations = models.TextField("what the client expects", max_length=1000, blank=True)
    own_met = models.CharField("is it met", max_length=6, choices=Met.choices, blank=True)
    their_expectations = models.TextField("what they expect of the client", max_length=1000, blank=True)
    their_met = models.CharField("is it met", max_length=6, choices=Met.choices, blank=True)
    wish_to_change = models.TextField(max_length=1000, blank=True)
    changed_since = models.TextField("what changed since the depression began", max_length=1000, blank=True)
    linked_to_onset = models.BooleanField("bound up with how the depression began", default=False)
    focus_area = models.CharField("part of the focus", max_length=20, choices=FOCUS_AREAS, blank=True)
    has_died = models.BooleanField("has died", default=False)
    died_on = models.DateField("date of death", null=True, blank=True)
    died_to = models.CharField("how exact that day is", max_length=5, choices=Exact.choices, default="day")
    in_therapy = models.BooleanField(
        "may be named in therapy", default=True, help_text="Not everybody on the list is worked on."
    )
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("course", "added_at", "id")
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                name="person_has_a_name",
                condition=~Q(name="") & ~Q(relationship=""),
                violation_error_message="Write a name, and who they are to the client.",
            ),
            models.CheckConstraint(
                name="person_from_the_lists",
                condition=Q(
                    confides__in=["", "yes", "partly", "no"],
                    own_met__in=["", "yes", "partly", "no", "unsaid"],
                    their_met__in=["", "yes", "partly", "no", "unsaid"],
                    died_to__in=Exact.values,
                    focus_area__in=["", *(code for code, _ in FOCUS_AREAS)],
                ),
                violation_error_message="Choose what was said of this person from the lists.",
            ),
            models.CheckConstraint(
                name="person_stands_inside",
                condition=_INSIDE,
                violation_error_message="Place the person inside the outer circle.",
            ),
            models.CheckConstraint(
                name="day_of_death_of_who_died",
                condition=Q(died_on=None) | Q(has_died=True),
                violation_error_message="Tick that the person has died, or empty the date of death.",
            ),
            models.CheckConstraint(
                name="taken_off_by_somebody",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ConcernQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> Self:
        """Fewer than read the rest: nobody who only screens."""
        if policy.sees_all_content(user):
            return self.all()
        return self._of_courses(policy.concerns_of(user, at=timezone.now()))


class SafetyConcern(models.Model):
    """That the client may not be safe with a person: abuse, control, threats. Rows are added and never change. Read by who
    treats the course, by the supervisor and by the lead, each time on the trail; never printed and never in a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="concerns")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("what makes it unsafe, and what was agreed", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="concern_says_something",
                condition=~Q(text=""),
                violation_error_message="Write what makes it unsafe.",
            ),
        )

    def __str__(self) -> str:
        return f"Safety concern, {timezone.localdate(self.at):%d %b %Y}"


class FocusPerson(models.Model):
    """The person with whom an agreed focus has to do: the other side of a conflict, or who has died."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    focus = models.OneToOneField(Focus, on_delete=models.PROTECT, related_name="person")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="foci")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")

    objects = ContentQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.person_id)


class Picture(models.Model):
    """The closeness circles as they were drawn at one moment. Never changes."""

    class Moment(models.TextChoices):
        START = "start", "Start"
        MIDDLE = "middle", "Mid-point"
        END = "end", "End"
        OTHER = "other", "Between"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pictures")
    moment = models.CharField("which picture", max_length=6, choices=Moment.choices)
    note = models.CharField(max_length=200, blank=True)
    session_number = models.PositiveSmallIntegerField("after session", null=True, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("taken_at", "id")
        constraints = (
            models.CheckConstraint(
                name="moment_from_the_list",
                condition=Q(moment__in=["start", "middle", "end", "other"]),
                violation_error_message="Choose which picture it is: start, mid-point, end, or between.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_moment_display()}, {timezone.localdate(self.taken_at):%d %b %Y}"


class PicturePlace(models.Model):
    """Where one person stood on a picture, under the name they had."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    relationship = models.CharField(max_length=60)
    has_died = models.BooleanField(default=False)
    focus_area = models.CharField(max_length=20, choices=FOCUS_AREAS, blank=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("picture", "name", "id")
        constraints = (
            models.UniqueConstraint(name="each_person_once_in_a_picture", fields=("picture", "person")),
        )

    def __str__(self) -> str:
        return self.name


class TimelineEntryQuerySet(ContentQuerySet):
    def standing(self) -> "TimelineEntryQuerySet":
        """Not taken off the timeline."""
        return self.filter(removed_at=None)


class TimelineEntry(models.Model):
    """Something that happened: on a day, in a month or in a year, or from then to another. What is written of a week in a
    session's note is not repeated here: the timeline reads it there."""

    class Kind(models.TextChoices):
        LIFE = "life", "Life"
        RELATIONSHIP = "relationship", "Relationship"
        MOOD = "mood", "Mood or episode"
        TREATMENT = "treatment", "Treatment"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField("what happened", max_length=120)
    starts_on = models.DateField("when")
    starts_to = models.CharField("how exact", max_length=5, choices=Exact.choices, default="day")
    ends_on = models.DateField("until", null=True, blank=True)
    ends_to = models.CharField("how exact", max_length=5, choices=Exact.choices, default="day")
    goes_on = models.BooleanField("still goes on", default=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="timeline"
    )
    mood = models.PositiveSmallIntegerField(
        "mood then, 0 worst to 10 best",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(10)],
    )
    effect = models.CharField("what it did to mood", max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TimelineEntryQuerySet.as_manager()

    class Meta:
        ordering = ("course", "starts_on", "id")
        constraints = (
            models.CheckConstraint(
                name="event_says_what_happened",
                condition=~Q(title=""),
                violation_error_message="Write what happened.",
            ),
            models.CheckConstraint(
                name="event_from_the_lists",
                condition=Q(
                    kind__in=["life", "relationship", "mood", "treatment"],
                    starts_to__in=Exact.values,
                    ends_to__in=Exact.values,
                ),
                violation_error_message="Choose what kind of event it is from the list.",
            ),
            models.CheckConstraint(
                name="event_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="An event cannot end before it began.",
            ),
            models.CheckConstraint(
                name="event_ends_or_goes_on",
                condition=Q(ends_on=None) | Q(goes_on=False),
                violation_error_message="Say when it ended, or that it still goes on: not both.",
            ),
            models.CheckConstraint(
                name="mood_from_0_to_10",
                condition=Q(mood=None) | Q(mood__range=(0, 10)),
                violation_error_message="Rate the mood from 0 to 10.",
            ),
            models.CheckConstraint(
                name="event_taken_off_by_somebody",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def when_in_words(self) -> str:
        """ "Mar 2019", "2017 to Mar 2019", "since 2017"."""
        return span_in_words(
            in_words(self.starts_on, self.starts_to),
            in_words(self.ends_on, self.ends_to) if self.ends_on else "",
            goes_on=self.goes_on,
        )


for _model in (Person, TimelineEntry):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
