"""Two records of one person: merged and parted, each whole or not at all."""

from datetime import timedelta

from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from clients import merge_actions as acts
from clients import merging
from clients.models import Client, Merge
from courses.models import Course
from sessions.models import TherapySession
from tests.cast import Cast, client_named, course_for, held_session
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of

MOVED = {Client: 0, Course: 0, TherapySession: 0, Event: 2}


def registered_twice(cast: Cast) -> Client:
    mia = client_named("Mia", "Fielding", phone="0113 496 0000", nhs_number="9434765919")
    before = course_for(mia, cast.olga, status="ended", ended_on=timezone.localdate(), end_reason="46")
    held_session(before, cast.olga, timezone.now() - timedelta(days=9), 1)
    return mia


@case_of(acts.merge_clients)
def two_records_become_one(cast: Cast) -> Case:
    mia = registered_twice(cast)
    return Case(by=cast.ada, writes={**MOVED, Merge: 1}, given=_asked(cast, mia))


@case_of(acts.part_clients)
def two_records_are_parted_again(cast: Cast) -> Case:
    act_as(cast.ada.pk)
    merge = acts.merge_clients(**_asked(cast, registered_twice(cast)), by=cast.ada)
    return Case(by=cast.ada, writes={**MOVED, Merge: 0}, given={"merge": merge})


def _asked(cast: Cast, mia: Client) -> dict[str, object]:
    return {
        "kept": cast.maya,
        "merged": mia,
        "chosen": {each.name: each.proposed for each in merging.differences(cast.maya, mia)},
        "seen": merging.seen_of(cast.maya, mia, user=cast.ada),
        "reason": "The GP confirms it.",
    }
