"""Answers to questionnaires, and the alerts that they raise. What scores mean is in scoring.py and measures.py."""

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
from courses.models import Course
from outcomes.measures import BY_CODE
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


def _sealed_responses(user: User) -> models.QuerySet[Any]:
    """Of sessions that somebody else entered for the wrong client."""
    struck = Response._base_manager.filter(in_session__session__in_error__kind="wrong_client")
    return struck.exclude(in_session__session__note__author=user)


class ResponseQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "ResponseQuerySet":
        """As all clinical content; what was entered for the wrong client is its author's and the lead's."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.exclude(pk__in=_sealed_responses(user).values("pk"))

    def standing(self) -> "ResponseQuerySet":
        """Of sessions that were not entered in error, and of none: what counts, and what is drawn."""
        return self.filter(in_session__session__entered_in_error_at=None)


class Response(models.Model):
    """One questionnaire answered once. `answers` holds the items in order, None where an answer is missing;
    `total` is there only when the form is complete. Which session it belongs to is a row of `sessions`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="responses")
    measure = models.CharField(max_length=10, choices=MEASURES)
    instrument_version = models.CharField(max_length=20)
    answers = ArrayField(models.SmallIntegerField(null=True))
    total = models.SmallIntegerField(null=True)
    taken_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True, editable=False)

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
                | Q(
                    Func(
                        F("answers"),
                        output_field=models.BooleanField(),
                        template="array_position(%(expressions)s, NULL) IS NULL",
                    )
                ),
                violation_error_message="A form with a missing answer has no total.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.taken_at:%d %b %Y}"


class AlertQuerySet(ContentQuerySet):
    def visible_to(self, user: User) -> "AlertQuerySet":
        """As the answers that raised them."""
        rows = super().visible_to(user)
        if policy.sees_all_content(user):
            return rows
        return rows.exclude(response__in=_sealed_responses(user).values("pk"))

    def open(self) -> "AlertQuerySet":
        return self.filter(closed_at=None)


class Alert(models.Model):
    """Somebody answered that they think of death or of hurting themself. It stands until a person has closed it with what
    was done, and it is never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="alerts")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="alerts")
    item = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField(default=timezone.now)
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
        )

    def __str__(self) -> str:
        return f"Item {self.item} scored {self.value}"


for _model in (Response, Alert):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(_model)
