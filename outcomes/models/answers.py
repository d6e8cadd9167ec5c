"""Answers to questionnaires, ratings of goals, and the wording that a clinic holds a licence for. What scores mean is in
scoring.py and measures.py."""

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from access import policy
from access.querysets import ContentQuerySet
from courses.models import Course, Goal
from outcomes.measures import BY_CODE, Measure
from staff.models import User

MEASURES = [(measure.code, measure.name) for measure in BY_CODE.values()]


def _over_answers(template: str) -> Func:
    """A condition on the answers array; `%(lowest)s`, `%(highest)s` and `%(items)s` stand for what the row's measure allows."""

    def by_measure(value: dict[str, int]) -> str:
        cases = " ".join(f"WHEN '{code}' THEN {number}" for code, number in value.items())
        return f"(CASE measure {cases} END)"

    measures = BY_CODE.values()
    # In the order of the alphabet, as migrations write them: Django compares expressions by the order of their arguments.
    return Func(
        F("answers"),
        highest=by_measure({measure.code: measure.highest_answer for measure in measures}),
        items=by_measure({measure.code: len(measure.items) for measure in measures}),
        lowest=by_measure({measure.code: measure.lowest_answer for measure in measures}),
        output_field=models.BooleanField(),
        template=template,
    )


def _total_of(measure: Measure) -> Q:
    """The totals that a measure can have; those without a question left out lie within them."""
    return Q(measure=measure.code, total__gte=measure.lowest_total, total__lte=measure.highest_total)


def sealed_responses(user: User) -> models.QuerySet[Any]:
    """Of sessions that somebody else entered for the wrong client; never what the client filled in by link."""
    struck = Response._base_manager.filter(in_session__session__in_error__kind="wrong_client")
    return struck.exclude(came=Came.LINK).exclude(in_session__session__note__author=user)


class ResponseQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "ResponseQuerySet":
        """As all clinical content; what was entered for the wrong client is its author's and the lead's."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.exclude(pk__in=sealed_responses(user).values("pk"))

    def standing(self) -> "ResponseQuerySet":
        """Not entered in error, nor typed at a session that was: what counts, and what is drawn. What the client filled in by
        link stands whatever was written beside it."""
        sound = Q(in_session__session__entered_in_error_at=None) | Q(came=Came.LINK)
        return self.filter(sound, in_error_at=None)

    def by_link(self) -> "ResponseQuerySet":
        """Filled in by the client alone."""
        return self.filter(came=Came.LINK)


class Came(models.TextChoices):
    TYPED = "typed", "Typed in"
    PAPER = "paper", "From paper"
    LINK = "link", "By link"


class Response(models.Model):
    """One questionnaire answered once. `answers` holds the items in order as they were chosen, None where an answer is
    missing; `total` is there only when the form is complete, or when a total alone was copied from paper. `unscored` is the
    answer to the question that is printed with the measure and never counted. `without_work` says that the first question
    of the WSAS does not apply: its total is out of 32. Which session it belongs to is a row of `sessions`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="responses")
    measure = models.CharField(max_length=10, choices=MEASURES)
    instrument_version = models.CharField(max_length=20)
    answers = ArrayField(models.SmallIntegerField(null=True))
    total = models.SmallIntegerField(null=True)
    # The new columns have a default in the database too: the release before this one goes on writing meanwhile.
    unscored = models.SmallIntegerField(null=True)
    without_work = models.BooleanField(default=False, db_default=False)
    is_total_only = models.BooleanField(default=False, db_default=False)
    came = models.CharField(max_length=5, choices=Came.choices, default="typed", db_default="typed")
    link = models.ForeignKey(
        "outcomes.Link", on_delete=models.PROTECT, null=True, editable=False, related_name="responses"
    )
    taken_at = models.DateTimeField()
    # Nobody who works here, where the client filled it in by link.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True, editable=False)
    in_error_at = models.DateTimeField(null=True, editable=False)
    in_error_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    in_error_reason = models.TextField(blank=True, default="", db_default="", editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ("taken_at",)
        indexes = (models.Index(fields=("course", "measure", "taken_at"), name="responses_in_order"),)
        constraints = (
            models.CheckConstraint(
                name="measure_is_known", condition=Q(measure__in=[code for code, _ in MEASURES])
            ),
            # ALL over an array with a missing answer is null, and a check passes on null: only a wrong answer is refused.
            models.CheckConstraint(
                name="answers_in_range",
                condition=_over_answers(
                    "%(lowest)s <= ALL(%(expressions)s) AND %(highest)s >= ALL(%(expressions)s)"
                ),
                violation_error_message="An answer is out of range.",
            ),
            models.CheckConstraint(
                name="as_many_answers_as_items",
                condition=_over_answers("array_length(%(expressions)s, 1) = %(items)s"),
                violation_error_message="The number of answers does not fit the questionnaire.",
            ),
            models.CheckConstraint(
                name="total_only_when_complete",
                condition=Q(total=None)
                | Q(is_total_only=True)
                | Q(without_work=False)
                & Q(
                    Func(
                        F("answers"),
                        output_field=models.BooleanField(),
                        template="array_position(%(expressions)s, NULL) IS NULL",
                    )
                )
                | Q(without_work=True)
                & Q(
                    Func(
                        F("answers"),
                        output_field=models.BooleanField(),
                        template="array_position((%(expressions)s)[2:], NULL) IS NULL",
                    )
                ),
                violation_error_message="A form with a missing answer has no total.",
            ),
            models.CheckConstraint(
                name="total_alone_has_no_answers",
                condition=Q(is_total_only=False)
                | Q(total__isnull=False)
                & Q(
                    Func(
                        F("answers"),
                        output_field=models.BooleanField(),
                        template="array_remove(%(expressions)s, NULL) = '{}'",
                    )
                ),
                violation_error_message="Where only a total is known there are no answers.",
            ),
            models.CheckConstraint(
                name="total_in_range",
                condition=Q(total=None)
                | Q(*(_total_of(measure) for measure in BY_CODE.values()), _connector=Q.OR),
                violation_error_message="The total is out of range.",
            ),
            models.CheckConstraint(
                name="only_the_wsas_goes_without_work",
                condition=Q(without_work=False)
                | Q(measure="wsas")
                & Q(
                    Func(
                        F("answers"),
                        output_field=models.BooleanField(),
                        template="(%(expressions)s)[1] IS NULL",
                    )
                ),
                violation_error_message="Work that does not apply has no answer.",
            ),
            models.CheckConstraint(
                name="unscored_answer_in_range",
                condition=Q(unscored=None)
                | Q(measure="phq9", unscored__gte=0, unscored__lte=3)
                | Q(measure="ucla3", unscored__gte=1, unscored__lte=5),
                violation_error_message="The answer to the question beside the score is out of range.",
            ),
            models.CheckConstraint(
                name="came_by_its_link",
                condition=Q(came__in=["typed", "paper"], link=None, entered_by__isnull=False)
                | Q(came="link", link__isnull=False, entered_by=None),
                violation_error_message="A questionnaire was entered by somebody, or filled in by link.",
            ),
            models.CheckConstraint(
                name="response_in_error_says_why",
                condition=Q(in_error_at=None, in_error_by=None, in_error_reason="")
                | Q(in_error_at__isnull=False, in_error_by__isnull=False) & ~Q(in_error_reason=""),
                violation_error_message="Say why these scores were entered in error.",
            ),
            models.UniqueConstraint(
                name="one_response_a_measure_of_a_link",
                fields=("link", "measure"),
                violation_error_message="This questionnaire has been begun already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.taken_at:%d %b %Y}"

    @property
    def out_of(self) -> int:
        """The highest total that this form could have."""
        measure = BY_CODE[self.measure]
        return measure.highest_total - measure.highest_answer * self.without_work

    @property
    def is_in_error(self) -> bool:
        return self.in_error_at is not None


class GoalRating(models.Model):
    """How near a goal is, from 0 to 10, on one day. Rows are added and never change; of one day the last stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="goal_ratings")
    value = models.PositiveSmallIntegerField()
    rated_on = models.DateField()
    came = models.CharField(max_length=5, choices=Came.choices, default="typed")
    link = models.ForeignKey(
        "outcomes.Link", on_delete=models.PROTECT, null=True, editable=False, related_name="goal_ratings"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ("rated_on", "entered_at")
        indexes = (models.Index(fields=("course", "goal", "rated_on"), name="goal_ratings_in_order"),)
        constraints = (
            models.CheckConstraint(
                name="goal_rating_in_range",
                condition=Q(value__gte=0, value__lte=10),
                violation_error_message="Rate the goal from 0 to 10.",
            ),
            models.CheckConstraint(
                name="goal_rating_came_by_its_link",
                condition=Q(came__in=["typed", "paper"], link=None, entered_by__isnull=False)
                | Q(came="link", link__isnull=False, entered_by=None),
                violation_error_message="A goal was rated by somebody, or by link.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.value} of 10"


class ClinicWording(models.Model):
    """The words of a measure whose text is copyright, as this clinic holds them under a licence of its own. A new version is a
    new row: old responses keep the one they were answered with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.CharField(max_length=10, choices=MEASURES)
    number = models.PositiveSmallIntegerField()
    stem = models.TextField(max_length=1000)
    items = ArrayField(models.TextField(max_length=600))
    labels = ArrayField(models.CharField(max_length=120, blank=True))
    licence = models.TextField(max_length=600)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("measure", "-number")
        constraints = (
            models.UniqueConstraint(
                name="one_wording_a_number",
                fields=("measure", "number"),
                violation_error_message="Somebody has entered a newer wording meanwhile.",
            ),
            models.CheckConstraint(
                name="wording_has_a_licence",
                condition=~Q(licence=""),
                violation_error_message="Say under which licence the clinic uses these words.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure}, version {self.number}"

    @property
    def version(self) -> str:
        """As a response remembers it."""
        return f"{BY_CODE[self.measure].version}+clinic-{self.number}"


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Response)
