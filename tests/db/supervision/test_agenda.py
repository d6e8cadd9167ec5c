"""The agenda: who puts a course on it, its question, its order by hand, what is carried over, and what each person sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from courses.models import Allocation, Course
from staff.models import Leave, User
from supervision.agenda_actions import Proposed, Way, change_question, move_item, propose_course, take_off
from supervision.models import AgendaItem, CaseSignature, FlagAnswer
from tests.cast import (
    Cast,
    action_of,
    client_named,
    course_for,
    on_the_agenda,
    person,
    supervises,
    supervision_record,
)
from tests.db.courses.test_races import at_once, committed  # noqa: F401  # a fixture
from tests.db.test_query_counts import queries_of
from tests.roles import as_owner

AGENDA = "/supervision/agenda/"


def proposed(cast: Cast, by: User, question: str = "", course: Course | None = None) -> Proposed:
    act_as(by.pk)
    return propose_course(course=course or cast.course, by=by, question=question)


def standing(cast: Cast) -> AgendaItem:
    with as_owner():
        return AgendaItem.objects.open().get(course=cast.course)


# --- Putting a course on it -------------------------------------------------------------------------------------------


def test_the_therapist_puts_a_course_on_the_agenda_with_a_question(cast: Cast) -> None:
    assert proposed(cast, cast.tara, "  Is grief still the focus?\r\n") is Proposed.ADDED
    item = standing(cast)
    assert (item.question, item.added_by, item.carried) == ("Is grief still the focus?", cast.tara, 0)


def test_a_second_time_changes_nothing_but_adds_the_question(cast: Cast) -> None:
    proposed(cast, cast.sunil)
    assert proposed(cast, cast.tara) is Proposed.THERE_ALREADY
    assert proposed(cast, cast.tara, "Why?") is Proposed.QUESTION_ADDED
    assert proposed(cast, cast.sunil, "Why?") is Proposed.THERE_ALREADY
    assert (standing(cast).question, standing(cast).added_by) == ("Why?", cast.sunil)


def test_another_question_is_refused_with_the_one_that_stands(cast: Cast) -> None:
    proposed(cast, cast.tara, "Why?")
    with pytest.raises(ValidationError, match="another question: “Why\\?” \\(Tara Tree\\)"):
        proposed(cast, cast.sunil, "How?")
    assert standing(cast).question == "Why?"


@pytest.mark.parametrize("name", ["olga", "dana", "ada", "lena", "nadia"])
def test_nobody_else_puts_it_there(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError, match="no longer yours"):
        proposed(cast, getattr(cast, name))


def test_the_deputy_does_while_the_supervisor_is_away(cast: Cast) -> None:
    with as_owner():
        today = timezone.localdate()
        Leave.objects.create(person=cast.sunil, starts_on=today, ends_on=today, cover=cast.dana)
    assert proposed(cast, cast.dana) is Proposed.ADDED


def test_a_therapist_brings_no_course_that_has_ended_but_the_supervisor_does(cast: Cast) -> None:
    with as_owner():
        cast.course.status, cast.course.ended_on = "ended", timezone.localdate()
        cast.course.end_reason = "46"
        cast.course.save()
    with pytest.raises(ValidationError, match="no longer yours"):
        proposed(cast, cast.tara)
    assert proposed(cast, cast.sunil) is Proposed.ADDED


def test_a_question_has_500_characters_and_no_more(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="longer than 500"):
        proposed(cast, cast.tara, "x" * 501)
    assert proposed(cast, cast.tara, "x" * 500) is Proposed.ADDED


def test_of_two_who_put_it_there_at_one_moment_both_are_heard(committed: Cast) -> None:  # noqa: F811
    cast = committed
    answers = at_once(
        (cast.tara, lambda: propose_course(course=cast.course, by=cast.tara, question="Why?")),
        (cast.sunil, lambda: propose_course(course=cast.course, by=cast.sunil)),
    )
    assert Proposed.ADDED in answers
    assert {answer for answer in answers if answer is not Proposed.ADDED} <= {
        Proposed.QUESTION_ADDED,
        Proposed.THERE_ALREADY,
    }
    assert standing(cast).question == "Why?"


# --- Changing it, taking it off ---------------------------------------------------------------------------------------


def test_a_question_that_somebody_changed_meanwhile_is_not_written_over(cast: Cast) -> None:
    with as_owner():
        item = on_the_agenda(cast.course, cast.tara, "Why?")
    act_as(cast.sunil.pk)
    change_question(item=item, question="How?", version=1, by=cast.sunil)
    act_as(cast.tara.pk)
    with pytest.raises(ValidationError, match="Somebody changed this"):
        change_question(item=item, question="When?", version=1, by=cast.tara)
    with pytest.raises(ValidationError, match="Somebody changed this"):
        take_off(item=item, version=1, by=cast.tara)
    take_off(item=item, version=2, by=cast.tara)
    item.refresh_from_db()
    assert (item.closed, item.closed_by, item.question) == ("taken_off", cast.tara, "How?")


def test_what_left_the_agenda_stays_as_it_left_and_may_come_anew(cast: Cast) -> None:
    with as_owner():
        item = on_the_agenda(cast.course, cast.tara, "Why?")
    act_as(cast.tara.pk)
    take_off(item=item, version=1, by=cast.tara)
    for act in (
        lambda: take_off(item=item, version=2, by=cast.tara),
        lambda: change_question(item=item, question="How?", version=2, by=cast.tara),
        lambda: move_item(item=item, by=cast.tara, way=Way.UP),
    ):
        with pytest.raises(ValidationError, match="left the agenda meanwhile"):
            act()
    assert proposed(cast, cast.tara, "How?") is Proposed.ADDED


# --- Its order --------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(cast: Cast) -> list[AgendaItem]:
    """Maya, Nora, Olive and Pia of Tara's, in this order."""
    return of_four(cast)


def of_four(cast: Cast) -> list[AgendaItem]:
    with as_owner():
        courses = [course_for(client_named(name, "Listed"), cast.tara) for name in ("Nora", "Olive", "Pia")]
        return [
            on_the_agenda(course, cast.tara, position=place)
            for place, course in enumerate([cast.course, *courses], start=1)
        ]


def names(cast: Cast) -> list[str]:
    with as_owner():
        rows = AgendaItem.objects.open().select_related("course__client")
        return [item.course.client.first_name for item in rows]


def moved(by: User, item: AgendaItem, **given: Any) -> None:
    act_as(by.pk)
    move_item(item=item, by=by, **given)


def test_an_item_goes_up_and_down_and_before_another(cast: Cast, four: list[AgendaItem]) -> None:
    maya, _, olive, pia = four
    moved(cast.sunil, olive, way=Way.UP)
    assert names(cast) == ["Maya", "Olive", "Nora", "Pia"]
    moved(cast.tara, maya, way=Way.DOWN)
    assert names(cast) == ["Olive", "Maya", "Nora", "Pia"]
    moved(cast.sunil, pia, before=olive.pk)
    assert names(cast) == ["Pia", "Olive", "Maya", "Nora"]
    moved(cast.sunil, pia)
    assert names(cast) == ["Olive", "Maya", "Nora", "Pia"]


def test_the_first_goes_no_further_up_and_the_last_no_further_down(
    cast: Cast, four: list[AgendaItem]
) -> None:
    moved(cast.sunil, four[0], way=Way.UP)
    moved(cast.sunil, four[3], way=Way.DOWN)
    moved(cast.sunil, four[1], before=four[1].pk)
    assert names(cast) == ["Maya", "Nora", "Olive", "Pia"]


def test_a_new_item_goes_to_the_end(cast: Cast, four: list[AgendaItem]) -> None:
    with as_owner():
        quinn = course_for(client_named("Quinn", "Listed"), cast.tara)
    proposed(cast, cast.tara, course=quinn)
    assert names(cast) == ["Maya", "Nora", "Olive", "Pia", "Quinn"]


def test_two_people_who_order_at_one_moment_both_have_their_way(committed: Cast) -> None:  # noqa: F811
    cast = committed
    maya, _, _, pia = of_four(cast)
    answers = at_once(
        (cast.sunil, lambda: move_item(item=pia, by=cast.sunil, way=Way.UP)),
        (cast.tara, lambda: move_item(item=maya, by=cast.tara, way=Way.DOWN)),
    )
    assert all(len(answer) == 4 and not isinstance(answer[0], str) for answer in answers)
    assert names(cast) == ["Nora", "Maya", "Pia", "Olive"]


# --- What is read -----------------------------------------------------------------------------------------------------


def page(client: Browser, who: User, address: str = AGENDA) -> str:
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_supervisor_sees_the_open_items_of_those_they_supervise(client: Browser, cast: Cast) -> None:
    with as_owner():
        on_the_agenda(cast.course, cast.tara, "Is grief still the focus?", carried=2)
        on_the_agenda(cast.others_course, cast.olga, "Not for Sunil.")
    html = page(client, cast.sunil)
    assert "“Is grief still the focus?”" in html
    assert "Asked by Tara Tree" in html
    assert "Carried over twice" in html
    assert "Not for Sunil" not in html
    assert "Pritchard" not in html


def test_the_agenda_narrows_to_one_therapist(client: Browser, cast: Cast) -> None:
    with as_owner():
        supervises(cast.sunil, cast.olga)
        on_the_agenda(cast.course, cast.tara)
        on_the_agenda(cast.others_course, cast.olga)
    html = page(client, cast.sunil)
    assert "Fielding" in html
    assert "Pritchard" in html
    html = page(client, cast.sunil, f"{AGENDA}?therapist={cast.olga.pk}")
    assert "Fielding" not in html
    assert "Pritchard" in html
    assert "Pritchard" in page(client, cast.sunil, f"{AGENDA}?therapist=nobody")


def test_flags_propose_courses_that_are_not_on_the_agenda(client: Browser, cast: Cast) -> None:
    """Nothing is booked for Maya: a flag is up, and one press puts her on the agenda."""
    with as_owner():
        cast.course.status, cast.course.started_on = "in_treatment", timezone.localdate()
        cast.course.save()
    html = page(client, cast.sunil)
    address = reverse("supervision:propose", args=[cast.course.pk])
    assert f'action="{address}"' in html
    answer = client.post(address, {"back": "agenda"}, follow=True)
    html = answer.content.decode()
    assert "Maya Fielding is on the agenda for supervision." in html
    assert f'action="{address}"' not in html


def test_a_flag_that_was_considered_proposes_nothing(client: Browser, cast: Cast) -> None:
    with as_owner():
        cast.course.status, cast.course.started_on = "in_treatment", timezone.localdate()
        cast.course.save()
    client.force_login(cast.sunil)
    proposed_before = client.get(AGENDA).context["above"].proposals
    assert [one.client for one in proposed_before] == ["Maya Fielding"]
    with as_owner():
        for row in proposed_before[0].flags:
            FlagAnswer.objects.create(
                course=cast.course,
                flag=row.flag.slug,
                subject=row.subject,
                reason="Spoken of on the phone.",
                until=timezone.localdate(),
                by=cast.sunil,
            )
    assert client.get(AGENDA).context["above"].proposals == []


def test_a_therapist_sees_their_own_part(client: Browser, cast: Cast) -> None:
    with as_owner():
        on_the_agenda(cast.course, cast.sunil, "Why so few sessions?")
        action_of(cast.course, cast.tara, cast.sunil, "Ring her sister")
        note = supervision_record(cast.course, cast.sunil, cast.tara)
    html = page(client, cast.tara)
    assert "“Why so few sessions?”" in html
    assert "Ring her sister" in html
    assert "with Sunil Super" in html
    assert note.work not in html
    with as_owner():
        CaseSignature.objects.create(note=note, course=cast.course, by=cast.tara, sha256="0" * 64)
    assert "with Sunil Super" not in page(client, cast.tara)


def test_an_empty_agenda_says_how_to_begin(client: Browser, cast: Cast) -> None:
    assert "Open one of your courses and write a question" in page(client, cast.tara)
    assert "Nothing is on the agenda" in page(client, cast.sunil)
    assert "You supervise nobody now" in page(client, cast.dana)


def test_a_question_is_brought_from_the_course_page_in_one_act(client: Browser, cast: Cast) -> None:
    client.force_login(cast.tara)
    address = reverse("supervision:propose", args=[cast.course.pk])
    answer = client.post(address, {"question": "Is it grief?", "back": "course"})
    assert answer.url == reverse("courses:detail", args=[cast.course.pk])
    again = client.post(address, {"question": "Or conflict?", "back": "course"})
    assert again.status_code == 200
    html = again.content.decode()
    assert "on the agenda already, with another question" in html
    assert "Or conflict?" in html


def test_the_order_is_answered_to_the_script_and_to_a_page_without_it(
    client: Browser, cast: Cast, four: list[AgendaItem]
) -> None:
    client.force_login(cast.sunil)
    data = {"item": str(four[1].pk), "way": "up", "therapist": str(cast.tara.pk)}
    answer = client.post(f"{AGENDA}order/", data)
    assert answer.url == f"{AGENDA}?therapist={cast.tara.pk}#item-{four[1].pk}"
    answer = client.post(f"{AGENDA}order/", data | {"way": "down"}, headers={"X-Requested-With": "fetch"})
    assert answer.json() == {"order": [str(item.pk) for item in four]}
    for odd in ({}, {"item": "no key"}, {"item": str(cast.course.pk)}):
        assert client.post(f"{AGENDA}order/", odd).status_code == 404
    with as_owner():
        AgendaItem.objects.filter(pk=four[1].pk).update(
            closed="taken_off", closed_at=timezone.now(), closed_by=cast.tara
        )
    answer = client.post(f"{AGENDA}order/", data, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, "left the agenda" in answer.json()["refused"]) == (409, True)


# --- The supervision page of a course ---------------------------------------------------------------------------------


def of_course(client: Browser, who: User, cast: Cast) -> str:
    return page(client, who, reverse("supervision:course", args=[cast.course.pk]))


def test_the_page_of_a_course_shows_agenda_actions_and_records(client: Browser, cast: Cast) -> None:
    with as_owner():
        on_the_agenda(cast.course, cast.tara, "Is it grief?")
        action_of(cast.course, cast.tara, cast.sunil, "Ring her sister")
        now = timezone.now()
        action_of(
            cast.course,
            cast.tara,
            cast.sunil,
            "Write to the GP",
            outcome="dropped",
            words="She declined.",
            closed_at=now,
            closed_by=cast.tara,
        )
        agreed = {"what": "Redraw the circles", "owner": str(cast.tara.pk), "owner_name": "Tara Tree"}
        supervision_record(
            cast.course, cast.sunil, cast.tara, supervision={"actions": [{**agreed, "due": "2026-11-30"}]}
        )
    html = of_course(client, cast.tara, cast)
    for words in (
        "“Is it grief?”",
        "Ring her sister",
        "She declined.",
        "Her husband’s side of it.",
        "Stay with grief.",
        "Focus kept",
        "Risk not discussed: Asked on Friday.",
        "Redraw the circles",
        "The therapist has not signed yet",
    ):
        assert words in html, words


def test_a_new_line_reads_no_record_from_before_it(client: Browser, cast: Cast) -> None:
    with as_owner():
        supervision_record(cast.course, cast.sunil, cast.tara)
        cast.line.ends_at = timezone.now()
        cast.line.save()
        supervises(cast.dana, cast.tara, starts_at=timezone.now())
    assert "Not discussed yet" in of_course(client, cast.dana, cast)
    assert "Stay with grief." in of_course(client, cast.tara, cast)


def test_a_therapist_who_takes_the_course_over_reads_what_was_discussed(client: Browser, cast: Cast) -> None:
    with as_owner():
        supervision_record(cast.course, cast.sunil, cast.tara)
        now = timezone.now()
        Allocation.objects.filter(course=cast.course).update(ends_at=now)
        Allocation.objects.create(course=cast.course, therapist=cast.olga, by=cast.lena, starts_at=now)
    assert "Stay with grief." in of_course(client, cast.olga, cast)
    client.force_login(cast.tara)
    assert client.get(reverse("supervision:course", args=[cast.course.pk])).status_code == 404


# --- An action's own page ---------------------------------------------------------------------------------------------


def test_done_takes_one_press_and_leads_back(client: Browser, cast: Cast) -> None:
    with as_owner():
        action = action_of(cast.course, cast.tara, cast.sunil)
    client.force_login(cast.tara)
    address = reverse("supervision:action", args=[cast.course.pk, action.pk])
    answer = client.post(address, {"act": "done", "back": "today"}, follow=True)
    assert answer.redirect_chain == [("/today/", 302)]
    assert "“Write to the GP” is done." in answer.content.decode()
    again = client.post(address, {"act": "done", "words": "By letter.", "back": "today"})
    assert again.status_code == 200
    assert "is done already: Tara Tree" in again.content.decode()


def test_a_drop_without_a_reason_keeps_the_page(client: Browser, cast: Cast) -> None:
    with as_owner():
        action = action_of(cast.course, cast.tara, cast.sunil)
    client.force_login(cast.tara)
    address = reverse("supervision:action", args=[cast.course.pk, action.pk])
    html = client.post(address, {"act": "dropped"}).content.decode()
    assert "Say why the action is dropped." in html
    client.post(address, {"act": "dropped", "words": "She has moved."})
    html = client.get(address).content.decode()
    assert "She has moved." in html
    client.post(address, {"act": "reopen"})
    act_as(cast.tara.pk)
    action.refresh_from_db()
    assert (action.outcome, action.words) == ("", "")


def test_a_day_and_an_owner_are_changed(client: Browser, cast: Cast) -> None:
    with as_owner():
        action = action_of(cast.course, cast.tara, cast.sunil)
    client.force_login(cast.tara)
    address = reverse("supervision:action", args=[cast.course.pk, action.pk])
    form = client.get(address).context["changing"]
    due = timezone.localdate() + timedelta(days=9)
    data = {"act": "change", "due_on": str(due), "owner": str(cast.sunil.pk), "seen": form["seen"].value()}
    assert client.post(address, data).status_code == 302
    act_as(cast.tara.pk)
    action.refresh_from_db()
    assert (action.due_on, action.owner_id) == (due, cast.sunil.pk)
    stale = client.post(address, data | {"due_on": str(due + timedelta(days=1)), "owner": str(cast.tara.pk)})
    assert stale.status_code == 409


# --- Walls ------------------------------------------------------------------------------------------------------------


def does(who: User, sql: str) -> int:
    act_as(who.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


FORGERIES = {
    "put a course on the agenda in another's name": (
        "tara",
        "INSERT INTO supervision_agendaitem (id, course_id, question, position, carried, added_by_id, added_at, closed,"
        " version) VALUES (gen_random_uuid(), '{theirs}', '', 0, 0, '{sunil}', now(), '', 1)",
    ),
    "put a stranger's course on it": (
        "tara",
        "INSERT INTO supervision_agendaitem (id, course_id, question, position, carried, added_by_id, added_at, closed,"
        " version) VALUES (gen_random_uuid(), '{theirs}', '', 0, 0, '{tara}', now(), '', 1)",
    ),
    "an item moves to another course": (
        "sunil",
        "UPDATE supervision_agendaitem SET course_id = '{also}'",
    ),
    "say that another asked": ("sunil", "UPDATE supervision_agendaitem SET added_by_id = '{sunil}'"),
    "delete an item": ("tara", "DELETE FROM supervision_agendaitem"),
    "what is to be done changes": ("sunil", "UPDATE courses_courseaction SET what = 'Nothing'"),
    "say that another agreed it": ("tara", "UPDATE courses_courseaction SET agreed_by_id = '{tara}'"),
    "close an action in another's name": (
        "tara",
        "UPDATE courses_courseaction SET outcome = 'done', closed_at = now(), closed_by_id = '{sunil}'",
    ),
    "agree an action about one's own course": (
        "tara",
        "INSERT INTO courses_courseaction (id, course_id, what, owner_id, due_on, agreed_by_id, agreed_at, outcome, words)"
        " VALUES (gen_random_uuid(), '{mine}', 'Rest', '{tara}', now()::date, '{tara}', now(), '', '')",
    ),
    "agree an action that is done already": (
        "sunil",
        "INSERT INTO courses_courseaction (id, course_id, what, owner_id, due_on, agreed_by_id, agreed_at, outcome, words,"
        " closed_at, closed_by_id) VALUES (gen_random_uuid(), '{mine}', 'Rest', '{tara}', now()::date, '{sunil}', now(),"
        " 'done', '', now(), '{sunil}')",
    ),
    "delete an action": ("tara", "DELETE FROM courses_courseaction"),
    "write into the history of an action": ("tara", "DELETE FROM courses_courseactionevent"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_nobody_forges(cast: Cast, what: str) -> None:
    with as_owner():
        also = course_for(client_named("Nora", "Banks"), cast.tara)
        on_the_agenda(cast.course, cast.tara)
        action_of(cast.course, cast.tara, cast.sunil)
    who, sql = FORGERIES[what]
    keys = {"theirs": cast.others_course.pk, "mine": cast.course.pk, "also": also.pk}
    with pytest.raises(DatabaseError):
        does(getattr(cast, who), sql.format(tara=cast.tara.pk, sunil=cast.sunil.pk, **keys))


@pytest.mark.parametrize("name", ["olga", "dana", "ada", "nadia"])
def test_nobody_else_sees_or_touches_a_row(cast: Cast, name: str) -> None:
    with as_owner():
        on_the_agenda(cast.course, cast.tara, "Why?")
        action_of(cast.course, cast.tara, cast.sunil)
    who = getattr(cast, name)
    for table, change in (
        ("supervision_agendaitem", "question = 'Forged'"),
        ("courses_courseaction", "words = 'Forged'"),
    ):
        assert does(who, f"SELECT 1 FROM {table}") == 0
        assert does(who, f"SELECT 1 FROM {table}event") == 0
        assert does(who, f"UPDATE {table} SET {change}") == 0


def test_the_database_keeps_one_open_item_of_a_course_and_closes_it_whole(cast: Cast) -> None:
    with as_owner():
        on_the_agenda(cast.course, cast.tara)
        with pytest.raises(IntegrityError, match="once_on_the_agenda"), transaction.atomic():
            on_the_agenda(cast.course, cast.tara)
        with pytest.raises(IntegrityError, match="agenda_item_closed_whole"), transaction.atomic():
            on_the_agenda(cast.others_course, cast.tara, closed="discussed")


def test_a_second_supervisor_shares_the_agenda(client: Browser, cast: Cast) -> None:
    with as_owner():
        priya = person("Priya Second", "supervisor")
        supervises(priya, cast.tara)
        on_the_agenda(cast.course, cast.tara, "Why?")
    assert "“Why?”" in page(client, priya)


def test_the_agenda_costs_the_same_for_three_courses_or_sixty(client: Browser, cast: Cast) -> None:
    def grown(count: int) -> None:
        with as_owner():
            for number in range(count):
                course = course_for(
                    client_named(f"Client{number}", "Listed"), cast.tara, status="in_treatment"
                )
                if number % 3:
                    on_the_agenda(course, cast.tara, "Why?", position=number)
                action_of(course, cast.tara, cast.sunil)
                supervision_record(course, cast.sunil, cast.tara)

    def costs() -> list[int]:
        found = []
        for who in (cast.tara, cast.sunil):
            client.force_login(who)
            found.append(len(queries_of(client, AGENDA)[0]))
        return found

    grown(3)
    few = costs()
    grown(60)
    assert costs() == few
    assert max(few) <= 24, few
