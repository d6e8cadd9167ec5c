"""What the scores of the invented clinic ask for: its ended courses make the expected course, the clinic's own rules raise the
signals, and people have answered some of them. Runs on rows that are written."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Max

from courses.lifecycle import OPEN
from courses.models import Course
from demo.words.safety import REVIEWS
from outcomes.archive import refresh_expected
from outcomes.models import Response, Signal
from outcomes.signals import raise_signals


def ask_for_reviews(*, now: datetime) -> None:
    """The model is four days old; each course is asked by its latest score, and of each rule every second signal that is a day
    old is answered."""
    refresh_expected(at=now - timedelta(days=4))
    latest = dict(Response.objects.order_by().values_list("course").annotate(Max("taken_at")))
    for course in Course.objects.filter(status__in=OPEN, pk__in=latest).order_by("pk"):
        raise_signals(course.pk, at=min(latest[course.pk] + timedelta(minutes=60), now))
    raised: Counter[str] = Counter()
    signals = Signal.objects.select_related("course", "response").order_by("raised_at", "course", "measure")
    for place, signal in enumerate(signals):
        raised[signal.rule] += 1
        if raised[signal.rule] % 2 and signal.raised_at < now - timedelta(days=1):
            _answer(signal, place, now)


def _answer(signal: Signal, place: int, now: datetime) -> None:
    considered, plan = REVIEWS[place % len(REVIEWS)]
    signal.considered, signal.plan = considered, plan
    signal.reviewed_at = min(signal.raised_at + timedelta(hours=3 + place % 20), now)
    signal.reviewed_by = signal.response.entered_by
    signal.save(update_fields=["considered", "plan", "reviewed_at", "reviewed_by"])
