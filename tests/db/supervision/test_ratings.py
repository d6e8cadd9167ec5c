"""Sessions are rated by who supervises, on the clinic's form, once; the form changes and what was rated stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from audit.acting import act_as
from sessions.models import TherapySession
from staff.models import User
from supervision.models import Rating, RatingForm
from supervision.rating_form import DEFAULT, packed
from supervision.ratings import Line, change_rating_form, form_in_force, rate_session
from tests.browsing import form_with
from tests.cast import Cast, held_session, rating_of, recording_of, session_of, supervises
from tests.roles import as_owner


@pytest.fixture
def held(cast: Cast) -> TherapySession:
    with as_owner():
        return held_session(cast.course, cast.tara, timezone.now() - timedelta(days=7), 1)


def rated(cast: Cast, session: TherapySession, by: User | None = None, **given: Any) -> Rating:
    by = by or cast.sunil
    act_as(by.pk)
    values: dict[str, Any] = {"form": 0, "scores": {"focus": 4}, "overall": "pass", **given}
    return rate_session(course=session.course, session=session, by=by, **values)


def test_what_was_left_out_is_not_rated_and_no_zero(cast: Cast, held: TherapySession) -> None:
    rating = rated(cast, held, scores={"focus": 4, "affect": 0})
    assert rating.scores == {
        "phase_tasks": None,
        "focus": 4,
        "mood_events": None,
        "affect": 0,
        "techniques": None,
        "structure": None,
        "alliance": None,
        "ending": None,
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scores": {}}, "Rate at least one item"),
        ({"scores": {"focus": 7}}, "Focus maintained: rate it from 0 to 6"),
        ({"scores": {"focus": -1}}, "Focus maintained: rate it from 0 to 6"),
        ({"overall": ""}, "Say whether the session passes"),
    ],
)
def test_what_cannot_be_signed(cast: Cast, held: TherapySession, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        rated(cast, held, **given)


def test_a_session_is_rated_once_by_a_person(cast: Cast, held: TherapySession) -> None:
    rated(cast, held)
    with pytest.raises(ValidationError, match="You have rated this session already"):
        rated(cast, held)


def test_a_missed_session_is_not_rated(cast: Cast) -> None:
    with as_owner():
        missed = session_of(cast.course, cast.tara, timezone.now() - timedelta(days=3), attendance="3")
    with pytest.raises(ValidationError, match="Only a session that was held"):
        rated(cast, missed)


@pytest.mark.parametrize("who", ["tara", "olga", "dana", "lena", "ada"])
def test_nobody_but_who_supervises_rates(cast: Cast, held: TherapySession, who: str) -> None:
    with pytest.raises(ValidationError, match="no longer yours"):
        rated(cast, held, getattr(cast, who))


def test_nobody_rates_a_session_of_their_own_even_where_they_supervise_the_therapist_of_today(
    cast: Cast,
) -> None:
    """Sunil held a session before he handed the course over to Tara, whom he supervises."""
    with as_owner():
        cast.sunil.roles = ["supervisor", "therapist"]
        cast.sunil.save()
        own = held_session(cast.course, cast.sunil, timezone.now() - timedelta(days=9), 1)
    with pytest.raises(ValidationError, match="no longer yours"):
        rated(cast, own)


def test_the_page_asks_each_item_and_says_what_became_of_the_recording(
    client: Browser, cast: Cast, held: TherapySession
) -> None:
    with as_owner():
        recording_of(held, submitted_on=timezone.localdate(), kept_where="Drive, folder 12")
    client.force_login(cast.sunil)
    address = f"/courses/{cast.course.pk}/sessions/{held.pk}/rate/"
    html = client.get(address).content.decode()
    assert "given to be rated on" in html
    assert "Drive, folder 12" in html
    for label in ("Tasks of the phase", "Mood and events linked", "Ending in sight"):
        assert label in html
    form = form_with(html, "overall")
    assert form["item_focus"] == [""]
    answer = client.post(address, form | {"item_focus": "5", "overall": "needs_work", "comment": "Slower."})
    with as_owner():
        rating = Rating.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/courses/{cast.course.pk}/ratings/{rating.pk}/"
    # Once signed it is read, and not signed again.
    assert client.get(address)["Location"] == answer["Location"]
    client.force_login(cast.tara)
    page = client.get(answer["Location"]).content.decode()
    assert "<b>5</b> of 6" in page
    assert "Slower." in page
    assert page.count("not rated") == 7


# --- The form


def lines(**changes: Line) -> list[Line]:
    """The form of the beginning with some lines changed, by `n3=`."""
    found = [Line(item.label, item.help, item.most) for item in DEFAULT]
    for name, line in changes.items():
        place = int(name[1:]) - 1
        found[place : place + 1] = [line]
    return found


def change(cast: Cast, typed: list[Line], by: User | None = None) -> RatingForm:
    by = by or cast.lena
    act_as(by.pk)
    return change_rating_form(lines=typed, number=form_in_force().number, by=by)


def test_a_change_is_the_next_version_and_a_rating_keeps_the_items_of_its_day(
    client: Browser, cast: Cast, held: TherapySession
) -> None:
    before = rated(cast, held)
    change(cast, lines(n2=Line("Focus kept", "", 4), n8=Line("")))
    with as_owner():
        again = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=1), 2)
    after = rated(cast, again, form=1, scores={"focus": 4})
    assert [item["label"] for item in after.items][1] == "Focus kept"
    assert "ending" not in after.scores
    client.force_login(cast.tara)
    page = client.get(f"/courses/{cast.course.pk}/ratings/{before.pk}/").content.decode()
    assert "Focus maintained" in page
    assert "<b>4</b> of 6" in page


def test_who_has_a_page_open_while_the_form_changes_signs_what_they_see(
    client: Browser, cast: Cast, held: TherapySession
) -> None:
    client.force_login(cast.sunil)
    address = f"/courses/{cast.course.pk}/sessions/{held.pk}/rate/"
    form = form_with(client.get(address).content.decode(), "overall")
    change(cast, lines(n2=Line("Focus kept", "", 4)))
    client.post(address, form | {"item_focus": "6", "overall": "pass"})
    with as_owner():
        rating = Rating.objects.get()
    assert (rating.form, rating.scores["focus"]) == (0, 6)


def test_a_new_item_has_a_code_of_its_own_and_a_renamed_one_keeps_its(cast: Cast) -> None:
    row = change(cast, [*lines(n1=Line("Phase", "", 6)), Line("Focus", "", 3)])
    assert [item["code"] for item in row.items][:2] == ["phase_tasks", "focus"]
    assert row.items[-1] == {"code": "focus_2", "label": "Focus", "help": "", "most": 3}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ([], "at least one item"),
        (lines(), "Nothing has changed"),
        (lines(n1=Line("Alliance", "", 6)), "on the form already"),
        (lines(n1=Line("Phase", "", 0)), "highest points: from 1 to 10"),
        (lines(n1=Line("Phase", "", 11)), "highest points: from 1 to 10"),
        (lines(n1=Line("Phase", "", None)), "highest points: from 1 to 10"),
    ],
)
def test_a_form_that_cannot_be(cast: Cast, typed: list[Line], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        change(cast, typed)


def test_nobody_but_the_lead_changes_the_form(cast: Cast) -> None:
    for who in ("sunil", "tara", "ada"):
        with pytest.raises(ValidationError):
            change(cast, lines(n1=Line("Phase", "", 6)), getattr(cast, who))
    assert form_in_force().number == 0


# --- Walls


@pytest.mark.parametrize(
    ("who", "sees"),
    [("tara", 1), ("sunil", 1), ("lena", 1), ("dana", 0), ("olga", 0), ("ada", 0), ("nadia", 0)],
)
def test_who_reads_a_rating(cast: Cast, held: TherapySession, who: str, sees: int) -> None:
    with as_owner():
        rating_of(held, cast.dana)
    act_as(getattr(cast, who).pk)
    assert Rating.objects.count() == Rating.objects.visible_to(getattr(cast, who)).count() == sees


def test_a_rating_is_not_read_by_the_therapist_who_has_the_course_today(
    cast: Cast, held: TherapySession
) -> None:
    """Tara held the session; Olga has taken the course over. It is about Tara's work."""
    with as_owner():
        rating_of(held, cast.dana)
        cast.course.allocations.update(ends_at=timezone.now())
        cast.course.allocations.create(therapist=cast.olga, by=cast.ada, starts_at=timezone.now())
    act_as(cast.olga.pk)
    assert not Rating.objects.exists()
    assert not Rating.objects.visible_to(cast.olga).exists()


def test_no_print_of_the_course_has_a_word_of_a_rating(
    client: Browser, cast: Cast, held: TherapySession
) -> None:
    with as_owner():
        rating_of(held, cast.dana, comment="Zither and plum.")
    client.force_login(cast.tara)
    for address in (f"/courses/{cast.course.pk}/print/", f"/courses/{cast.course.pk}/"):
        assert "Zither" not in client.get(address).content.decode()


INSERT = (
    "INSERT INTO supervision_rating (id, course_id, session_id, therapist_id, form, items, scores, overall, comment,"
    " rated_by_id, rated_at) VALUES (gen_random_uuid(), '{course}', '{session}', '{therapist}', 0, '[]', '{{}}', 'pass', '',"
    " '{by}', {at})"
)
FORGERIES = {
    "in another's name": ("sunil", {"by": "dana"}),
    "of one's own session": ("tara", {"by": "tara"}),
    "of a stranger's therapist": ("olga", {"by": "olga"}),
    "about somebody who did not hold it": ("sunil", {"by": "sunil", "therapist": "kim"}),
    "dated back": ("sunil", {"by": "sunil", "at": "now() - interval '1 day'"}),
}


@pytest.mark.parametrize(("who", "said"), FORGERIES.values(), ids=FORGERIES.keys())
def test_what_nobody_rates_past_the_pages(
    cast: Cast, held: TherapySession, who: str, said: dict[str, str]
) -> None:
    with as_owner():
        cast.kim = User(email="kim@clinic.example", full_name="Kim Colleague", roles=["therapist"])  # type: ignore[attr-defined]
        cast.kim.save()  # type: ignore[attr-defined]
        supervises(cast.sunil, cast.kim)  # type: ignore[attr-defined]
    given = {"by": "sunil", "therapist": "tara", "at": "now()", **said}
    sql = INSERT.format(
        course=cast.course.pk,
        session=held.pk,
        therapist=getattr(cast, given["therapist"]).pk,
        by=getattr(cast, given["by"]).pk,
        at=given["at"],
    )
    act_as(getattr(cast, who).pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE supervision_rating SET overall = 'pass'", "DELETE FROM supervision_rating"],
)
def test_a_rating_that_is_signed_stays(cast: Cast, held: TherapySession, sql: str) -> None:
    with as_owner():
        rating_of(held, cast.sunil)
    act_as(cast.sunil.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_a_form_by_anybody_but_the_lead_and_keeps_every_version(cast: Cast) -> None:
    act_as(cast.sunil.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        RatingForm.objects.create(number=1, items=packed(DEFAULT), by=cast.sunil)
    change(cast, lines(n1=Line("Phase", "", 6)))
    with pytest.raises(DatabaseError), transaction.atomic():
        RatingForm.objects.filter(number=1).update(items=[])
