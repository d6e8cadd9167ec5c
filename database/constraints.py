"""Constraints that more than one room lays on its tables."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import F, Func, Q


def one_at_a_time(*of: str, name: str, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows that agree in `of` overlap between `starts_at` and `ends_at`, an empty end meaning none; needs btree_gist.
    `condition` says which rows count."""
    span = Func(
        F("starts_at"),
        F("ends_at"),
        RangeBoundary(),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in of), (span, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
