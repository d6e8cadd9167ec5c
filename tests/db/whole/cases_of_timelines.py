"""Events of the timeline: each act done once and written down whole."""

from datetime import date

from audit.models import Event
from courses.dates import ApproximateDate
from interpersonal import timeline_actions
from interpersonal.models import TimelineEntry
from tests.cast import Cast, event_of
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of

SAID = {"kind": "relationship", "title": "Mum died", "when": ApproximateDate(date(2019, 3, 1), "month")}


@case_of(timeline_actions.add_entry)
def an_event_is_put_on_the_timeline(cast: Cast) -> Case:
    return Case(by=cast.tara, writes={TimelineEntry: 1, Event: 1}, given={"course": cast.course, **SAID})


@case_of(timeline_actions.change_entry)
def an_event_of_the_timeline_is_put_better(cast: Cast) -> Case:
    entry = event_of(cast.course, cast.tara, title="Mother died")
    return Case(
        by=cast.tara, writes={TimelineEntry: 0, Event: 1}, given={"entry": entry, "version": 1, **SAID}
    )


@case_of(timeline_actions.take_off_entry)
def an_event_is_taken_off_the_timeline(cast: Cast) -> Case:
    return Case(
        by=cast.tara,
        writes={TimelineEntry: 0, Event: 1},
        given={"entry": event_of(cast.course, cast.tara)},
    )
