"""The clinic's own ended courses, read for the expected course, and the model that is kept of them. The arithmetic is in
expected.py; `manage.py expected` and `manage.py remind` call this.

Courses are read a batch at a time, and of each nothing is kept but its scores by session: 100,000 fit into a small machine."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.lifecycle import Status
from courses.models import Course
from outcomes.expected import BASELINE_BANDS, Cell, EndedCourse, expected_cells
from outcomes.models import ExpectedBand, ExpectedModel, Response
from staff.jobs import acting_for_the_clinic

# NHS Digital: a course of treatment is completed with two attended treatment sessions.
LEAST_SESSIONS = 2
A_BATCH = 1000

# Is told how many courses there are, and gives what is told each time that some more were read.
Watch = Callable[[int], Callable[[int], Any]]


@dataclass(frozen=True)
class Refreshed:
    """What a run found: how many ended courses it read, and the model that stands now, None where no band has enough of them.
    `is_new` says that this run made it."""

    courses: int
    model: ExpectedModel | None
    is_new: bool


def refresh_expected(*, at: datetime, watch: Watch = lambda _: lambda _: None) -> Refreshed:
    """Makes a new model of all completed courses, unless it would say what the last one says. Raises RuntimeError where it
    sees no more than half of the courses that the last model was made of: then something hides them, and the old one stands."""
    with acting_for_the_clinic():
        last = ExpectedModel.objects.order_by("-made_at", "-pk").first()
        completed = completed_courses()
        count = completed.count()
        if last is not None and count * 2 < last.courses:
            raise RuntimeError(f"only {count} ended courses are seen, and the last model had {last.courses}")
        read = 0
        tell = watch(count)

        def courses() -> Iterator[EndedCourse]:
            nonlocal read
            for batch in _batches(completed):
                yield from _read(batch)
                read += len(batch)
                tell(len(batch))

        cells = expected_cells(courses())
        if read < count:
            raise RuntimeError(f"{count} ended courses were counted and only {read} read")
        digest = hashlib.sha256(repr(cells).encode()).hexdigest()
        if not cells or (last is not None and last.digest == digest):
            return Refreshed(read, last, is_new=False)
        return Refreshed(read, _keep(cells, read, digest, at), is_new=True)


def completed_courses() -> QuerySet[Course]:
    """Ended, with at least two attended treatment sessions."""
    attended = Count("sessions", filter=Q(sessions__number__isnull=False))
    return (
        Course.objects.filter(status=Status.ENDED)
        .annotate(attended=attended)
        .filter(attended__gte=LEAST_SESSIONS)
    )


def _batches(courses: QuerySet[Course]) -> Iterator[list[UUID]]:
    keys = courses.order_by().values_list("pk", flat=True).iterator(chunk_size=A_BATCH)
    while batch := list(islice(keys, A_BATCH)):
        yield batch


def _read(keys: Sequence[UUID]) -> Iterator[EndedCourse]:
    """Two questions for a batch."""
    held: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    model: Any = Course._meta.get_field("sessions").related_model
    sessions = model.objects.filter(course__in=keys, number__isnull=False)
    for course, at, number in sessions.order_by("starts_at").values_list("course", "starts_at", "number"):
        held[course].append((timezone.localdate(at), number))
    taken: dict[UUID, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    responses = (
        Response.objects.standing()
        .filter(course__in=keys, measure__in=BASELINE_BANDS, total__isnull=False)
        .order_by("taken_at", "entered_at")
        .values_list("course", "measure", "taken_at", "total", "in_session__session__number")
    )
    for course, measure, at, total, number in responses:
        day = timezone.localdate(at)
        # What was filled in after the last session of the treatment is a follow-up.
        if held[course] and day <= held[course][-1][0]:
            place = number or max((number for on, number in held[course] if on <= day), default=0)
            taken[course][measure].append((place, total))
    for key in keys:
        yield EndedCourse(sessions=len(held[key]), scores=taken[key])


def _keep(cells: Sequence[Cell], courses: int, digest: str, at: datetime) -> ExpectedModel:
    model = ExpectedModel.objects.create(made_at=at, courses=courses, digest=digest)
    ExpectedBand.objects.bulk_create(
        ExpectedBand(
            model=model,
            measure=cell.measure,
            baseline_low=cell.baseline_low,
            baseline_high=cell.baseline_high,
            session_number=cell.session_number,
            courses=cell.courses,
            low=cell.low,
            high=cell.high,
            is_pooled=cell.is_pooled,
        )
        for cell in cells
    )
    return model
