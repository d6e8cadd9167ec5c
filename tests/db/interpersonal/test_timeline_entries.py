"""An event is put on the timeline, put better and taken off; what the database refuses of it, and to whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from access.refusals import refused
from audit.acting import act_as
from audit.models import Event
from courses.dates import ApproximateDate
from interpersonal.models import Person, TimelineEntry
from interpersonal.timeline_actions import add_entry, change_entry, take_off_entry
from tests.browsing import form_with
from tests.cast import Cast, event_of
from tests.roles import as_owner

DIED = ApproximateDate(date(2019, 3, 4), "day")


def added(cast: Cast, **fields: Any) -> TimelineEntry:
    act_as(cast.tara.pk)
    given = {"kind": "relationship", "title": "Mum died", "when": DIED, **fields}
    return add_entry(course=cast.course, by=cast.tara, **given)


def refusal_of(cast: Cast, **fields: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        added(cast, **fields)
    return " ".join(refusal.value.messages)


def somebody(cast: Cast, course: Any = None, **fields: Any) -> Person:
    with as_owner():
        return Person.objects.create(
            course=course or cast.course, name="Tom", relationship="partner", added_by=cast.tara, **fields
        )


# --- As a browser does it ---------------------------------------------------------------------------------------------


def test_an_event_with_a_day_that_is_half_known_is_added_read_and_changed(
    client: Browser, cast: Cast
) -> None:
    tom = somebody(cast)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/timeline/new/"
    form = form_with(client.get(address).content.decode(), "title")
    typed = {
        "title": ["Moved in  with Tom"],
        "kind": ["relationship"],
        "when": ["March 2019"],
        "goes_on": ["on"],
        "person": [str(tom.pk)],
        "mood": ["4"],
        "effect": ["Lower each week"],
    }
    page = client.post(address, form | typed, follow=True).content.decode()
    assert "The event is on the timeline." in page
    assert "since Mar 2019" in page
    with as_owner():
        entry = TimelineEntry.objects.get(course=cast.course)
    assert (entry.title, entry.starts_on, entry.starts_to) == ("Moved in with Tom", date(2019, 3, 1), "month")
    assert (entry.goes_on, entry.person_id, entry.mood, entry.added_by) == (True, tom.pk, 4, cast.tara)
    address = f"/courses/{cast.course.pk}/timeline/{entry.pk}/"
    form = form_with(client.get(address).content.decode(), "title")
    assert (form["when"], form["person"], form["goes_on"]) == (["3/2019"], [str(tom.pk)], ["on"])
    del form["goes_on"]
    page = client.post(address, form | {"until": ["2019"]}, follow=True).content.decode()
    assert "Mar 2019 to 2019" in page
    with as_owner():
        entry.refresh_from_db()
    assert (entry.ends_on, entry.ends_to, entry.version) == (date(2019, 3, 1), "year", 2)


def test_an_event_is_taken_off_and_said_on_the_trail(client: Browser, cast: Cast) -> None:
    with as_owner():
        entry = event_of(cast.course, cast.tara)
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/timeline/{entry.pk}/"
    page = client.post(address, {"act": "remove"}, follow=True).content.decode()
    assert "The event is off the timeline." in page
    assert "Mum died" not in page
    assert client.get(address).status_code == 404
    with as_owner():
        entry.refresh_from_db()
        assert entry.removed_by == cast.tara
        assert Event.objects.filter(what="Took an event off the timeline", user=cast.tara).count() == 1


def test_what_is_missing_is_said_beside_its_field_and_no_word_is_lost(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    address = f"/courses/{cast.course.pk}/timeline/new/"
    page = client.post(
        address, {"title": "A long winter", "when": "last spring", "mood": "11"}
    ).content.decode()
    for words in (
        "Choose what kind of event it is.",
        "Write a day, a month or a year",
        "Rate the mood from 0 to 10.",
    ):
        assert words in page
    assert "A long winter" in page
    assert "last spring" in page


def test_the_supervisor_reads_an_event_and_changes_nothing(client: Browser, cast: Cast) -> None:
    with as_owner():
        entry = event_of(cast.course, cast.tara, effect="A grey year", mood=2)
    client.force_login(cast.sunil)
    page = client.get(f"/courses/{cast.course.pk}/timeline/{entry.pk}/").content.decode()
    assert "A grey year" in page
    assert "2 of 10" in page
    assert "Take it off" not in page
    assert "<textarea" not in page


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": "  "}, "Write what happened."),
        ({"kind": "weather"}, "not a valid choice"),
        ({"mood": 11}, "less than or equal to 10"),
        ({"until": ApproximateDate(date(2019, 2, 1), "month")}, "An event cannot end before it began."),
        ({"until": ApproximateDate(date(2020, 1, 1), "year"), "goes_on": True}, "not both"),
        ({"when": ApproximateDate(date(2100, 1, 1), "year")}, "2100 lies ahead."),
        ({"when": ApproximateDate(date(1851, 1, 1), "year")}, "long before the client was born"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, fields: dict[str, Any], says: str) -> None:
    assert says in refusal_of(cast, **fields)
    with as_owner():
        assert not TimelineEntry.objects.exists()


def test_until_the_year_in_which_it_began_is_no_end_before_the_beginning(cast: Cast) -> None:
    entry = added(cast, until=ApproximateDate(date(2019, 1, 1), "year"))
    assert (entry.ends_on, entry.when_in_words) == (date(2019, 3, 4), "Mon 4 Mar 2019 to 2019")


def test_nobody_of_another_course_or_taken_off_stands_with_an_event(cast: Cast) -> None:
    gone = somebody(cast, removed_at=timezone.now(), removed_by=cast.tara)
    theirs = somebody(cast, cast.others_course)
    for person in (gone, theirs):
        assert "Choose somebody of this client’s relationships." in refusal_of(cast, person=person)


def test_an_event_keeps_whom_it_names_once_they_are_taken_off(cast: Cast) -> None:
    tom = somebody(cast)
    entry = added(cast, person=tom)
    with as_owner():
        Person.objects.filter(pk=tom.pk).update(removed_at=timezone.now(), removed_by=cast.tara)
        tom.refresh_from_db()
    act_as(cast.tara.pk)
    entry = change_entry(
        entry=entry, kind="life", title="Met Tom", when=DIED, person=tom, version=entry.version, by=cast.tara
    )
    assert (entry.title, entry.person) == ("Met Tom", tom)


def test_what_is_off_the_timeline_is_neither_changed_nor_taken_off_again(cast: Cast) -> None:
    entry = added(cast)
    take_off_entry(entry=entry, by=cast.tara)
    for act in (
        lambda: take_off_entry(entry=entry, by=cast.tara),
        lambda: change_entry(entry=entry, kind="life", title="x", when=DIED, version=1, by=cast.tara),
    ):
        with pytest.raises(ValidationError, match="has been taken off the timeline already"):
            act()


def test_nothing_is_added_once_the_course_has_ended(cast: Cast) -> None:
    with as_owner():
        cast.course.status, cast.course.ended_on = "ended", timezone.localdate()
        cast.course.save()
    assert "Nothing was saved." in refusal_of(cast)


def test_a_thousand_events_are_enough(cast: Cast) -> None:
    with as_owner():
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                course=cast.course, kind="life", title="x", starts_on=date(2000, 1, 1), added_by=cast.tara
            )
            for _ in range(1000)
        )
    assert "The timeline holds 1000 events." in refusal_of(cast)


# --- The last word of the database ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Write what happened."),
        ({"kind": "weather"}, "Choose what kind of event it is from the list."),
        ({"starts_to": "week"}, "Choose what kind of event it is from the list."),
        ({"ends_on": date(2019, 3, 3)}, "An event cannot end before it began."),
        (
            {"ends_on": date(2020, 1, 1), "goes_on": True},
            "Say when it ended, or that it still goes on: not both.",
        ),
        ({"mood": 11}, "Rate the mood from 0 to 10."),
    ],
)
def test_each_constraint_says_what_is_wrong(cast: Cast, fields: dict[str, Any], says: str) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError) as refusal, refused():
        event_of(cast.course, cast.tara, **fields)
    assert refusal.value.messages == [says]


def test_whoever_takes_an_event_off_stands_with_it(cast: Cast) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(DatabaseError, match="event_taken_off_by_somebody"), transaction.atomic():
        event_of(cast.course, cast.tara, removed_at=timezone.now())


def _touched(who: Any, sql: str, *values: Any) -> int:
    act_as(who.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


READ = "SELECT * FROM interpersonal_timelineentry"
FORGERIES = {
    "say that another entered it": ("tara", "SET added_by_id = %(olga)s"),
    "move it to another course": ("tara", "SET course_id = %(others)s"),
    "name a stranger’s person": ("tara", "SET person_id = %(theirs)s"),
    "a supervisor writes": ("sunil", "SET title = 'x'"),
    "a lead writes": ("lena", "SET title = 'x'"),
    "an administrator writes": ("ada", "SET title = 'x'"),
    "a stranger writes": ("olga", "SET title = 'x'"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_past_the_pages_nobody_writes_what_is_not_theirs(cast: Cast, what: str) -> None:
    who, change = FORGERIES[what]
    theirs = somebody(cast, cast.others_course)
    with as_owner():
        event_of(cast.course, cast.tara)
        ids = {"olga": cast.olga.pk, "others": cast.others_course.pk, "theirs": theirs.pk}
    act_as(getattr(cast, who).pk)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE interpersonal_timelineentry {change}", ids)  # a sentence of this file
            touched = cursor.rowcount
    except DatabaseError:
        touched = 0
    assert touched == 0


def test_the_second_wall_shows_events_to_who_reads_the_course_alone(cast: Cast) -> None:
    with as_owner():
        event_of(cast.course, cast.tara)
    seen = {
        name: _touched(getattr(cast, name), READ)
        for name in ("tara", "sunil", "lena", "olga", "ada", "nadia")
    }
    assert seen == {"tara": 1, "sunil": 1, "lena": 1, "olga": 0, "ada": 0, "nadia": 0}
    history = "SELECT * FROM interpersonal_timelineentryevent"
    assert (_touched(cast.tara, history), _touched(cast.ada, history)) == (1, 0)


def test_nobody_deletes_an_event_or_adds_one_in_anothers_name(cast: Cast) -> None:
    with as_owner():
        event_of(cast.course, cast.tara)
    with pytest.raises(DatabaseError):
        _touched(cast.tara, "DELETE FROM interpersonal_timelineentry")
    for by, course in ((cast.olga, cast.course), (cast.tara, cast.others_course)):
        act_as(cast.tara.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            event_of(course, by)


def test_what_an_event_said_before_is_kept(cast: Cast) -> None:
    entry = added(cast)
    change_entry(entry=entry, kind="life", title="Mum died in spring", when=DIED, version=1, by=cast.tara)
    titles = list(entry.events.order_by("pgh_id").values_list("title", flat=True))  # type: ignore[attr-defined]
    assert titles == ["Mum died", "Mum died in spring"]


def test_the_day_of_tomorrow_is_refused_and_todays_is_not(cast: Cast) -> None:
    today = timezone.localdate()
    assert "lies ahead" in refusal_of(cast, when=ApproximateDate(today + timedelta(days=1), "day"))
    assert added(cast, when=ApproximateDate(today, "day")).starts_on == today
