"""The safety plan: who reads and writes it, that no word is lost, its versions and copies, and the banner's link to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from access.meanwhile import Seen, Stale
from audit.acting import act_as
from audit.models import Event
from outcomes.models import Alert, SafetyPlan, SafetyPlanCopy
from outcomes.safety_plan import record_copy, save_safety_plan
from tests.browsing import form_with
from tests.cast import Cast, answered, client_named, course_for, held_session
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

CRISIS_LINES = ("999", "111", "116 123", "85258")


@pytest.fixture
def plan(cast: Cast) -> SafetyPlan:
    with as_owner():
        return SafetyPlan.objects.create(
            course=cast.course,
            number=1,
            warning_signs="I stop answering messages.",
            coping="A walk by the canal.",
            may_share_with="Her sister",
            written_by=cast.tara,
            written_at=timezone.now() - timedelta(days=20),
        )


def address(cast: Cast, page: str = "") -> str:
    return f"/courses/{cast.course.pk}/safety-plan/{page}"


def page_of(client: Browser, person: Any, address: str) -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- Writing it


def test_the_first_words_are_version_one(cast: Cast, client: Browser) -> None:
    client.force_login(cast.tara)
    form = form_with(client.get(address(cast, "edit/")).content.decode(), "seen")
    typed = form | {
        "coping": "A bath.\r\nMusic.",
        "review_on": f"{timezone.localdate() + timedelta(days=14)}",
    }
    assert client.post(address(cast, "edit/"), typed).status_code == 302
    with as_owner():
        plan = SafetyPlan.objects.get()
        assert (plan.number, plan.coping, plan.written_by) == (1, "A bath.\nMusic.", cast.tara)
        assert plan.review_on == timezone.localdate() + timedelta(days=14)
        assert Event.objects.filter(what="Wrote a safety plan", course_id=cast.course.pk).count() == 1


def test_a_change_is_a_new_version_and_the_one_before_stays(cast: Cast, plan: SafetyPlan) -> None:
    act_as(cast.tara.pk)
    seen = Seen({"coping": "A walk by the canal."})
    second = save_safety_plan(
        course=cast.course, changes={"coping": "A bath."}, seen=_all_of(plan), by=cast.tara
    )
    assert second.number == 2
    assert second.warning_signs == "I stop answering messages."
    plan.refresh_from_db()
    assert plan.coping == seen.shown["coping"]


def test_words_that_nobody_changed_make_no_version(cast: Cast, plan: SafetyPlan) -> None:
    act_as(cast.tara.pk)
    changes = {"coping": "  A walk by the canal.\r\n"}
    same = save_safety_plan(course=cast.course, changes=changes, seen=_all_of(plan), by=cast.tara)
    assert same.pk == plan.pk
    assert SafetyPlan.objects.count() == 1


def test_another_day_of_review_is_a_version(cast: Cast, plan: SafetyPlan) -> None:
    act_as(cast.tara.pk)
    day = timezone.localdate() + timedelta(days=30)
    later = save_safety_plan(course=cast.course, changes={"review_on": day}, seen=_all_of(plan), by=cast.tara)
    assert (later.number, later.review_on, later.coping) == (2, day, "A walk by the canal.")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"coping": " "}, "warning_signs", "Write at least one part of the plan."),
        (
            {"coping": "A walk.", "review_on": date(2020, 1, 1)},
            "review_on",
            "This day has passed: choose when you will look at the plan again.",
        ),
        ({"coping": "A walk.", "review_on": date(9999, 12, 31)}, "review_on", "Choose a day within a year."),
        ({"coping": "x" * 4001}, "coping", "This text is longer than 4,000 characters."),
        (
            {"coping": "a\x00b"},
            "coping",
            "This text holds a NUL character, which cannot be kept. Take it out.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    cast: Cast, changes: dict[str, Any], field: str, said: str
) -> None:
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError) as refusal:
        save_safety_plan(course=cast.course, changes=changes, by=cast.tara)
    assert refusal.value.message_dict == {field: [said]}


@pytest.mark.parametrize(
    "odd",
    ["x" * 1_000_000, "a\x00b", "<script>alert(1)</script>" + "y" * 4000],
    ids=["a megabyte", "a NUL", "markup that is too long"],
)
def test_a_refused_page_keeps_every_word(cast: Cast, client: Browser, odd: str) -> None:
    client.force_login(cast.tara)
    answer = client.post(
        address(cast, "edit/"), {"coping": odd, "people": "My sister, 01234 567890", "seen": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert 'href="#id_coping"' in page
    kept = form_with(page, "seen")
    assert kept["people"] == ["My sister, 01234 567890"]
    assert kept["coping"][0].replace("\x00", "") == odd.replace("\x00", "")


@pytest.mark.parametrize("odd", ["😀 👩‍👩‍👧‍👦", "שלום לך", "\u202eabc", "'; drop table", "<b>bold</b>"])
def test_any_script_is_kept_and_shown_as_it_was_typed(cast: Cast, client: Browser, odd: str) -> None:
    client.force_login(cast.tara)
    assert client.post(address(cast, "edit/"), {"reasons": odd, "seen": ""}).status_code == 302
    with as_owner():
        assert SafetyPlan.objects.get().reasons == odd
    assert "<b>bold</b>" not in page_of(client, cast.tara, address(cast))


def test_who_saves_second_is_told_by_whom_and_loses_nothing(cast: Cast, plan: SafetyPlan) -> None:
    act_as(cast.tara.pk)
    opened = _all_of(plan)
    save_safety_plan(course=cast.course, changes={"coping": "A bath."}, seen=opened, by=cast.tara)
    with pytest.raises(Stale):
        save_safety_plan(course=cast.course, changes={"coping": "A run."}, seen=opened, by=cast.tara)
    assert SafetyPlan.objects.count() == 2


def test_only_who_carries_the_course_writes_it_and_no_version_changes(cast: Cast, plan: SafetyPlan) -> None:
    for person in (cast.sunil, cast.lena, cast.olga, cast.ada):
        act_as(person.pk)
        with pytest.raises(ValidationError), transaction.atomic():
            save_safety_plan(course=cast.course, changes={"coping": "A bath."}, by=person)
    act_as(cast.tara.pk)
    for sql in ("UPDATE outcomes_safetyplan SET coping = 'x'", "DELETE FROM outcomes_safetyplan"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("who", ["olga", "ada", "nadia", "dana"])
def test_behind_the_second_wall_a_stranger_and_an_administrator_see_no_row(
    cast: Cast, plan: SafetyPlan, who: str
) -> None:
    with as_owner():
        SafetyPlanCopy.objects.create(
            plan=plan,
            course=cast.course,
            given_to="gp",
            how="post",
            given_on=timezone.localdate(),
            by=cast.tara,
        )
    act_as(cast.tara.pk)
    assert (SafetyPlan.objects.count(), SafetyPlanCopy.objects.count()) == (1, 1)
    act_as(getattr(cast, who).pk)
    assert (SafetyPlan.objects.count(), SafetyPlanCopy.objects.count()) == (0, 0)


# --- Reading it


@pytest.mark.parametrize("who", ["tara", "sunil", "lena"])
def test_therapist_supervisor_and_lead_read_it_in_seven_parts(
    cast: Cast, plan: SafetyPlan, client: Browser, who: str
) -> None:
    page = page_of(client, getattr(cast, who), address(cast))
    assert page.count('class="plan-part"') == 7
    assert "A walk by the canal." in page
    assert "Her sister" in page
    assert ("Change the plan" in page) == (who == "tara")


def test_a_review_that_is_overdue_is_said_in_words(cast: Cast, client: Browser) -> None:
    with as_owner():
        SafetyPlan.objects.create(
            course=cast.course,
            number=1,
            coping="A walk.",
            review_on=timezone.localdate() - timedelta(days=3),
            written_by=cast.tara,
        )
    page = page_of(client, cast.tara, address(cast))
    assert "To be looked at again." in page
    assert "3 days ago" in page


def test_without_a_plan_the_page_says_how_to_begin(cast: Cast, client: Browser) -> None:
    assert "No safety plan yet." in page_of(client, cast.tara, address(cast))
    assert "Write a safety plan" in page_of(client, cast.tara, address(cast))
    assert "Write a safety plan" not in page_of(client, cast.sunil, address(cast))
    assert client.get(address(cast, "print/")).status_code == 404
    assert client.get(address(cast, "1/")).status_code == 404


def test_an_earlier_version_says_what_the_next_one_changed(
    cast: Cast, plan: SafetyPlan, client: Browser
) -> None:
    with as_owner():
        SafetyPlan.objects.create(
            course=cast.course,
            number=2,
            warning_signs="I stop answering messages.",
            coping="A bath.",
            written_by=cast.tara,
        )
    second = page_of(client, cast.tara, address(cast, "2/"))
    assert second.count("Changed in this version") == 1
    assert "A walk by the canal." in second
    first = page_of(client, cast.tara, address(cast, "1/"))
    assert "Changed in this version" not in first
    assert "Version 2 stands." in first
    assert client.get(address(cast, "3/")).status_code == 404
    assert client.get(address(cast, "9" * 60 + "/")).status_code == 404


def test_the_paper_has_the_crisis_lines_and_no_name_beyond_the_first(
    cast: Cast, plan: SafetyPlan, client: Browser
) -> None:
    page = page_of(client, cast.tara, address(cast, "print/"))
    paper = page.split('<article class="paper">')[1].split("</article>")[0]
    assert "May," in paper.replace("</span>", "")
    assert "Fielding" not in paper
    assert "Tara" not in paper
    assert "Fielding" not in page.split("<title>")[1].split("</title>")[0]
    for number in CRISIS_LINES:
        assert number in paper
    assert "A walk by the canal." in paper
    assert "Record that a copy was given" in page
    assert "copy was given" not in page_of(client, cast.sunil, address(cast, "print/"))


def test_each_look_is_on_the_trail(cast: Cast, plan: SafetyPlan, client: Browser) -> None:
    for page in ("", "1/", "print/", "edit/"):
        page_of(client, cast.tara, address(cast, page))
    with as_owner():
        said = list(Event.objects.filter(course_id=cast.course.pk).values_list("what", flat=True))
    for what in (
        "Safety plan",
        "Version of the safety plan",
        "Safety plan to print",
        "Page to write the safety plan",
    ):
        assert said.count(what) == 1


def test_the_cover_reads_the_plan_while_an_alert_is_open_and_not_to_whom_it_was_given(
    cast: Cast, plan: SafetyPlan, client: Browser
) -> None:
    today = timezone.localdate()
    with as_owner():
        SafetyPlanCopy.objects.create(
            plan=plan, course=cast.course, given_to="gp", how="post", given_on=today, by=cast.tara
        )
        cast.tara.leave.create(starts_on=today, ends_on=today, cover=cast.olga)
        session = held_session(cast.course, cast.tara, timezone.now() - timedelta(days=2), 1)
        response = answered(session, "phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1])
    client.force_login(cast.olga)
    assert client.get(address(cast)).status_code == 404
    with as_owner():
        alert = Alert.objects.create(course=cast.course, response=response, item=9, value=1)
    page = page_of(client, cast.olga, address(cast))
    assert "A walk by the canal." in page
    assert "Copies given" not in page
    assert "Change the plan" not in page
    assert client.get(address(cast, "edit/")).status_code == 403
    with as_owner():
        Alert.objects.filter(pk=alert.pk).update(
            closed_at=timezone.now(), closed_by=cast.lena, what_was_done="Spoke with her."
        )
    assert client.get(address(cast)).status_code == 404


def test_forty_versions_cost_as_many_questions_as_one_and_at_most_ten(
    cast: Cast, plan: SafetyPlan, client: Browser
) -> None:
    client.force_login(cast.tara)
    one = {page: len(queries_of(client, address(cast, page))[0]) for page in ("", "1/", "print/", "edit/")}
    with as_owner():
        for number in range(2, 41):
            SafetyPlan.objects.create(
                course=cast.course, number=number, coping=f"Walk {number}.", written_by=cast.tara
            )
            SafetyPlanCopy.objects.create(
                plan=plan,
                course=cast.course,
                given_to="gp",
                how="post",
                given_on=timezone.localdate(),
                by=cast.tara,
            )
    forty = {page: len(queries_of(client, address(cast, page))[0]) for page in one}
    assert forty == one
    assert max(one.values()) <= 10, one


# --- Copies


def test_a_copy_that_was_given_is_recorded_and_shown(cast: Cast, plan: SafetyPlan, client: Browser) -> None:
    client.force_login(cast.tara)
    typed = {"number": "1", "given_to": "client", "how": "printed", "given_on": f"{timezone.localdate()}"}
    assert client.post(address(cast, "copy/"), typed).status_code == 302
    page = page_of(client, cast.sunil, address(cast))
    assert "The client, printed" in page
    assert "Record a copy" not in page


def test_a_copy_is_of_a_version_and_of_a_day_that_can_be(cast: Cast, plan: SafetyPlan) -> None:
    act_as(cast.tara.pk)
    today = timezone.localdate()
    given: dict[str, Any] = {"given_to": "client", "how": "printed", "given_on": today}
    assert record_copy(course=cast.course, by=cast.tara, **given).plan == plan
    for wrong, field in (
        ({"number": 7}, "number"),
        ({"given_to": "nobody"}, "given_to"),
        ({"how": "telepathy"}, "how"),
        ({"given_on": today + timedelta(days=1)}, "given_on"),
        ({"given_on": today - timedelta(days=21)}, "given_on"),
    ):
        with pytest.raises(ValidationError) as refusal:
            record_copy(course=cast.course, by=cast.tara, **(given | wrong))
        assert list(refusal.value.message_dict) == [field]
    assert SafetyPlanCopy.objects.count() == 1


def test_a_refused_copy_keeps_what_was_chosen(cast: Cast, plan: SafetyPlan, client: Browser) -> None:
    client.force_login(cast.tara)
    answer = client.post(address(cast, "copy/"), {"number": "1", "given_to": "gp", "given_on": "2026-01-01"})
    page = answer.content.decode()
    assert "Say how the copy was given." in page
    assert '<option value="gp" selected>' in page
    assert "A walk by the canal." in page


# --- Two clicks away


def test_the_banner_leads_to_the_plan(cast: Cast, plan: SafetyPlan, client: Browser) -> None:
    for who in ("tara", "sunil", "lena"):
        assert f'href="{address(cast)}"' in page_of(client, getattr(cast, who), f"/courses/{cast.course.pk}/")
    assert "Safety plan" not in page_of(client, cast.ada, f"/courses/{cast.course.pk}/")


def test_without_a_plan_the_banner_offers_it_to_who_may_write_one(cast: Cast, client: Browser) -> None:
    for who, is_offered in (("tara", True), ("sunil", False), ("lena", False), ("ada", False)):
        page = page_of(client, getattr(cast, who), f"/courses/{cast.course.pk}/")
        assert ("No safety plan" in page) == is_offered, who


def test_the_plan_of_an_earlier_course_stands_in_the_banner_beside_the_new_one(
    cast: Cast, plan: SafetyPlan, client: Browser
) -> None:
    with as_owner():
        cast.course.status, cast.course.ended_on, cast.course.end_reason = "ended", timezone.localdate(), "46"
        cast.course.save()
        new = course_for(cast.maya, cast.tara, referred_on=timezone.localdate())
        course_for(client_named("Ben", "Other"), cast.tara)
    page = page_of(client, cast.tara, f"/clients/{cast.maya.pk}/")
    assert f'href="{address(cast)}"' in page
    assert "No safety plan in this course" in page
    assert f"/courses/{new.pk}/safety-plan/" in page


def _all_of(plan: SafetyPlan) -> Seen:
    """What a page showed that was opened on this version."""
    shown = {name: getattr(plan, name) for name in ("warning_signs", "coping", "may_share_with")}
    return Seen(shown)
