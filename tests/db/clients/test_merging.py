"""Two records of one person: merged with a preview, parted again within thirty days, and no clinical word on any page."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from audit.acting import act_as
from audit.models import Event
from clients import merging
from clients.actions import change_client
from clients.merge_actions import merge_clients, part_clients
from clients.models import Client, Merge
from courses.actions import open_course
from courses.models import Course
from outcomes.models import Alert
from sessions import signing
from sessions.models import Note, TherapySession
from tests import cast as people
from tests.browsing import form_with
from tests.cast import Cast
from tests.roles import as_owner

MAYA_AGAIN = {"phone": "0113 496 0000", "email": "mia@mail.example", "nhs_number": "9434765919"}
CANARIES = ("Quarrelsome canary", "Wistful canary", "Canary of the goal", "Grief", "PHQ-9", "Item 9")


class World:
    """Maya was registered a second time as Mia; Olga treated Mia before, with everything that a course can have."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.maya = cast, cast.maya
        Client.objects.filter(pk=self.maya.pk).update(phone="07700 900123", may_leave_message=True)
        self.maya.refresh_from_db()
        self.mia = people.client_named("Mia", "Fielding", **MAYA_AGAIN)
        today = timezone.localdate()
        self.old = people.course_for(self.mia, cast.olga, status="in_treatment", started_on=today)
        Course.objects.filter(pk=self.old.pk).update(status="ended", ended_on=today, end_reason="46")
        self.old.allocations.update(ends_at=timezone.now() + timedelta(days=60))
        self.old.refresh_from_db()
        self.session = people.held_session(self.old, cast.olga, timezone.now() - timedelta(days=9), 1)
        self.response = people.answered(self.session, "phq9", [1] * 9)
        people.agreed_focus(self.old, "grief", cast.olga)
        self.note = people.note_of(self.session, signed=False, week=CANARIES[0], work=CANARIES[1])
        self.note.signed_at, self.note.risk_answer = timezone.now(), "unchanged"
        self.note.sha256 = signing.sha256_of(self.note, answers={"phq9": [1] * 9}, areas=[])
        self.note.save()
        Alert.objects.create(course=self.old, response=self.response, item=9, value=1)

    def merge(self, by: Any = None, **changes: Any) -> Merge:
        by = by or self.cast.ada
        act_as(by.pk)
        kept, merged = changes.pop("kept", self.maya), changes.pop("merged", self.mia)
        given = {
            "chosen": {each.name: each.proposed for each in merging.differences(kept, merged)},
            "seen": merging.seen_of(kept, merged, user=by),
            "reason": "The GP confirms it.",
            **changes,
        }
        return merge_clients(kept=kept, merged=merged, by=by, **given)


@pytest.fixture
def world(cast: Cast) -> World:
    with as_owner():
        return World(cast)


MERGE = """select merge_clients(%s, %s, 'x', '{"chosen": {}, "before": {}, "after": {}}')"""


def said(sql: str, *values: Any) -> None:
    """By SQL, past the pages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def as_it_stands(client: Client) -> Client:
    with as_owner():
        return Client.objects.get(pk=client.pk)


def signed_in(person: Any) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def preview_of(world: World) -> str:
    return reverse("clients:merge_with", args=[world.maya.pk, world.mia.pk])


# --- What moves, and what is chosen -----------------------------------------------------------------------------------


def test_the_course_moves_with_its_sessions_and_the_signed_note_still_holds(world: World) -> None:
    merge = world.merge()
    assert merge.courses == [world.old.pk]
    with as_owner():
        assert Course.objects.get(pk=world.old.pk).client_id == world.maya.pk
        assert TherapySession.objects.get(pk=world.session.pk).client_id == world.maya.pk
        assert signing.holds(Note.objects.get(pk=world.note.pk))


def test_each_value_is_the_one_that_was_chosen(world: World) -> None:
    proposed = {each.name: each.proposed for each in merging.differences(world.maya, world.mia)}
    assert proposed == {
        "first_name": "kept",
        "preferred_name": "kept",
        "pronouns": "kept",
        "nhs_number": "merged",
        "email": "merged",
        "phone": "kept",
        "may_leave_message": "merged",
    }
    world.merge(chosen=proposed | {"phone": "merged"})
    maya = as_it_stands(world.maya)
    assert (maya.first_name, maya.preferred_name) == ("Maya", "May")
    assert (maya.phone, maya.email, maya.nhs_number) == ("0113 496 0000", "mia@mail.example", "9434765919")
    assert not maya.may_leave_message
    assert as_it_stands(world.mia).nhs_number is None


def test_who_must_not_be_told_is_kept_from_both(world: World) -> None:
    with as_owner():
        Client.objects.filter(pk=world.maya.pk).update(must_not_be_told="Tom", needs_evenings=True)
        Client.objects.filter(pk=world.mia.pk).update(must_not_be_told="Her mother")
    world.maya, world.mia = as_it_stands(world.maya), as_it_stands(world.mia)
    world.merge()
    maya = as_it_stands(world.maya)
    assert maya.must_not_be_told == "Tom\nHer mother"
    assert maya.needs_evenings


def test_both_carry_it_on_the_trail_with_the_reason(world: World) -> None:
    world.merge()
    with as_owner():
        rows = Event.objects.filter(action="change").values_list("client_id", "what", "user_id", "reason")
        assert set(rows) == {
            (
                world.maya.pk,
                f"Merged {world.mia.number} into this record",
                world.cast.ada.pk,
                "The GP confirms it.",
            ),
            (
                world.mia.pk,
                f"Merged this record into {world.maya.number}",
                world.cast.ada.pk,
                "The GP confirms it.",
            ),
        }


# --- Who may, and what they see ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_administrators_and_leads_merge_and_part(world: World, who: str) -> None:
    by = getattr(world.cast, who)
    part_clients(merge=world.merge(by), by=by)
    with as_owner():
        assert Course.objects.get(pk=world.old.pk).client_id == world.mia.pk


@pytest.mark.parametrize("who", ["tara", "olga", "sunil", "nadia"])
def test_nobody_else_merges_not_even_past_the_pages(world: World, who: str) -> None:
    act_as(getattr(world.cast, who).pk)
    with pytest.raises(DatabaseError, match=r"merged_by_the_office"):
        said(MERGE, world.maya.pk, world.mia.pk)


@pytest.mark.parametrize("who", ["tara", "olga", "sunil", "nadia"])
def test_nobody_else_parts_not_even_past_the_pages(world: World, who: str) -> None:
    merge = world.merge()
    act_as(getattr(world.cast, who).pk)
    with pytest.raises(DatabaseError, match=r"merged_by_the_office"):
        said("select part_clients(%s, '{}')", merge.pk)


def test_an_administrator_merges_and_sees_no_clinical_row(world: World) -> None:
    world.merge()
    act_as(world.cast.ada.pk)
    for table in ("therapy_sessions_note", "outcomes_response", "outcomes_alert", "courses_focus"):
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table


def test_no_clinical_word_is_on_any_page_of_merging(world: World) -> None:
    ada = signed_in(world.cast.ada)
    pages = [ada.get(reverse("clients:merge", args=[world.maya.pk])), ada.get(preview_of(world))]
    merge = world.merge()
    pages += [
        ada.get(reverse("clients:detail", args=[world.maya.pk])),
        ada.get(reverse("clients:part", args=[world.maya.pk, merge.pk])),
    ]
    for page in pages:
        assert page.status_code == 200
        html = page.content.decode().lower()
        assert not [word for word in CANARIES if word.lower() in html]
        assert not re.search(r"\b(alert|score|focus|note)s?\b", re.sub(r'(class|role)="[^"]*"', "", html))


def test_therapists_see_the_same_courses_before_and_after(world: World) -> None:
    def courses() -> dict[str, set[Any]]:
        seen = {}
        for who in ("tara", "olga", "sunil"):
            act_as(getattr(world.cast, who).pk)
            seen[who] = set(Course.objects.values_list("pk", flat=True))
        return seen

    before = courses()
    merge = world.merge()
    assert courses() == before
    act_as(world.cast.olga.pk)
    assert set(Client.objects.values_list("pk", flat=True)) == {world.maya.pk, world.cast.owen.pk}
    act_as(world.cast.ada.pk)
    part_clients(merge=merge, by=world.cast.ada)
    assert courses() == before
    act_as(world.cast.olga.pk)
    assert set(Client.objects.values_list("pk", flat=True)) == {world.mia.pk, world.cast.owen.pk}


def test_what_was_merged_is_read_by_those_who_see_every_name(world: World) -> None:
    world.merge()
    seen = {}
    for who in ("tara", "olga", "sunil", "ada", "lena", "nadia"):
        person = getattr(world.cast, who)
        act_as(person.pk)
        seen[who] = (Merge.objects.count(), Merge.objects.visible_to(person).count())
    nothing, one = (0, 0), (1, 1)
    assert seen == {
        "tara": nothing, "olga": nothing, "sunil": nothing, "ada": one, "lena": one, "nadia": nothing
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE clients_client SET merged_into_id = '{w.maya.pk}' WHERE id = '{w.mia.pk}'",
        "INSERT INTO clients_merge (id, kept_id, merged_id, at, by_id, reason, chosen, before, after, gave_nhs_number,"
        " courses, not_restored) VALUES (gen_random_uuid(), '{w.maya.pk}', '{w.mia.pk}', now(), '{w.cast.ada.pk}', 'x',"
        " '{{}}', '{{}}', '{{}}', '', '{{}}', '{{}}')",
        "UPDATE courses_course SET client_id = '{w.maya.pk}' WHERE id = '{w.old.pk}'",
    ],
)
def test_nobody_merges_by_hand(world: World, sql: str) -> None:
    act_as(world.cast.ada.pk)
    with pytest.raises(DatabaseError, match=r"stays as it was|permission denied"):
        said(sql.format(w=world))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE clients_merge SET at = now() WHERE id = '{m.pk}'",
        "UPDATE clients_client SET phone = 'x' WHERE id = '{m.merged_id}'",
        "UPDATE clients_client SET merged_into_id = NULL WHERE id = '{m.merged_id}'",
    ],
)
def test_nobody_parts_or_lengthens_by_hand(world: World, sql: str) -> None:
    merge = world.merge()
    with pytest.raises(DatabaseError, match=r"stays as it was|permission denied"):
        said(sql.format(m=merge))


# --- When it waits ----------------------------------------------------------------------------------------------------


def test_merging_waits_while_both_have_an_open_course(world: World) -> None:
    with as_owner():
        Course.objects.filter(pk=world.old.pk).update(status="paused", ended_on=None, end_reason="")
    with pytest.raises(ValidationError, match="Merging waits until one of the two has ended"):
        world.merge()
    html = signed_in(world.cast.ada).get(preview_of(world)).content.decode()
    assert "Both have an open course. Merging waits until one of the two has ended." in html
    assert '<button type="submit" class="btn btn-brand">Merge' not in html
    act_as(world.cast.ada.pk)
    with pytest.raises(DatabaseError, match=r"merging_waits_for_an_end"):
        said(MERGE, world.maya.pk, world.mia.pk)


def test_two_appointments_at_one_time_are_named(world: World) -> None:
    with as_owner():
        people.session_of(world.cast.course, world.cast.tara, world.session.starts_at + timedelta(minutes=10))
    words = r"Both have an appointment on .*, \d\d:\d\d\. Move or cancel one of the two first\."
    with pytest.raises(ValidationError, match=words):
        world.merge()
    assert re.search(words, signed_in(world.cast.ada).get(preview_of(world)).content.decode())


def test_a_record_is_merged_once(world: World) -> None:
    world.merge()
    for kept, merged in ((world.maya, world.mia), (world.mia, world.maya), (world.cast.owen, world.mia)):
        with pytest.raises(ValidationError, match="has been merged with another already"):
            world.merge(kept=kept, merged=merged)


def test_a_record_is_not_merged_with_itself(world: World) -> None:
    with pytest.raises(ValidationError, match="one record already"):
        world.merge(kept=world.maya, merged=world.maya)


def test_what_changed_since_the_preview_is_shown_first(world: World) -> None:
    ada = signed_in(world.cast.ada)
    opened = form_with(ada.get(preview_of(world)).content.decode(), "seen")
    with as_owner():
        Client.objects.filter(pk=world.mia.pk).update(phone="0113 496 0999", version=2)
    answer = ada.post(preview_of(world), opened | {"reason": "The GP says so.", "take_phone": "merged"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody changed one of the two records while you were looking." in html
    assert "0113 496 0999" in html
    assert "The GP says so." in html
    assert as_it_stands(world.mia).merged_into_id is None
    again = form_with(html, "seen")
    assert again["take_phone"] == ["merged"]
    assert ada.post(preview_of(world), again).status_code == 302
    assert as_it_stands(world.maya).phone == "0113 496 0999"


def test_it_is_said_how_one_knows(world: World) -> None:
    ada = signed_in(world.cast.ada)
    opened = form_with(ada.get(preview_of(world)).content.decode(), "seen")
    html = ada.post(preview_of(world), opened).content.decode()
    assert "Say how you know that they are one person." in html
    assert as_it_stands(world.mia).merged_into_id is None


def test_what_speaks_against_one_person_is_said(world: World) -> None:
    with as_owner():
        Client.objects.filter(pk=world.maya.pk).update(nhs_number="4010232137")
        Client.objects.filter(pk=world.mia.pk).update(date_of_birth=date(1991, 5, 17))
    html = signed_in(world.cast.ada).get(preview_of(world)).content.decode()
    assert "They have two different NHS numbers." in html
    assert "They have two different dates of birth." in html


# --- The merged record ------------------------------------------------------------------------------------------------


def test_a_merged_client_is_in_no_list_and_no_search(world: World) -> None:
    world.merge()
    ada = signed_in(world.cast.ada)
    found = ada.get("/find/", {"q": "Mia"}).content.decode()
    assert "Nobody found" in found
    by_number = ada.get("/find/", {"q": world.mia.number}).content.decode()
    assert world.maya.number in by_number
    assert str(world.maya.pk) in by_number
    alike = ada.post("/clients/alike/", {"first_name": "Mia", "last_name": "Fielding"}).content.decode()
    assert world.mia.number not in alike
    assert world.maya.number in alike
    assert "Similar name" not in ada.get(reverse("clients:detail", args=[world.maya.pk])).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 302), ("lena", 302), ("tara", 302), ("olga", 302), ("nadia", 404)]
)
def test_its_address_leads_to_the_kept_record_for_those_who_may_see_it(
    world: World, who: str, status: int
) -> None:
    world.merge()
    browser = signed_in(getattr(world.cast, who))
    for name in ("clients:detail", "clients:edit"):
        if name != "clients:detail" and who not in ("ada", "lena"):
            continue
        answer = browser.get(reverse(name, args=[world.mia.pk]))
        assert answer.status_code == status
        if status == 302:
            assert answer.url == reverse(name, args=[world.maya.pk])


def test_who_is_writing_on_the_merged_record_is_shown_what_the_kept_one_says(world: World) -> None:
    ada = signed_in(world.cast.ada)
    address = reverse("clients:edit", args=[world.mia.pk])
    opened = form_with(ada.get(address).content.decode(), "seen")
    world.merge()
    answer = ada.post(address, opened | {"gp_name": "Dr Ali"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "07700 900123" in html
    again = form_with(html, "seen")
    assert again["gp_name"] == ["Dr Ali"]
    assert as_it_stands(world.maya).gp_name == ""
    assert ada.post(address, again | {"first_name": "Maya", "phone": "07700 900123"}).status_code == 302
    maya = as_it_stands(world.maya)
    assert (maya.gp_name, maya.first_name, maya.phone) == ("Dr Ali", "Maya", "07700 900123")


def test_no_course_is_opened_and_nothing_changed_on_a_merged_record(world: World) -> None:
    world.merge()
    with pytest.raises(ValidationError, match="merged with another meanwhile"):
        open_course(
            client=world.mia,
            programme="ipt16",
            referred_on=timezone.localdate(),
            referral_source="A1",
            by=world.cast.ada,
        )
    with pytest.raises(ValidationError, match="merged with another meanwhile"):
        change_client(client=world.mia, version=2, changes={"phone": "1"}, by=world.cast.ada)


# --- Parting ----------------------------------------------------------------------------------------------------------


def test_parted_each_has_again_what_was_theirs(world: World) -> None:
    with as_owner():
        before = {row["id"]: row for row in Client.objects.values()}
    merge = world.merge()
    part_clients(merge=merge, by=world.cast.ada)
    with as_owner():
        after = {row["id"]: row for row in Client.objects.values()}
        assert Course.objects.get(pk=world.old.pk).client_id == world.mia.pk
        assert TherapySession.objects.get(pk=world.session.pk).client_id == world.mia.pk
        assert signing.holds(Note.objects.get(pk=world.note.pk))
    for key, row in before.items():
        assert {**after[key], "version": 0} == {**row, "version": 0}


def test_what_somebody_changed_since_and_what_came_since_stay(world: World) -> None:
    merge = world.merge()
    maya = as_it_stands(world.maya)
    change_client(client=maya, version=maya.version, changes={"email": "new@mail.example"}, by=world.cast.ada)
    with as_owner():
        Course.objects.filter(pk=world.cast.course.pk).update(
            status="not_taken_on", ended_on=timezone.localdate(), end_reason="10"
        )
    act_as(world.cast.ada.pk)
    since = open_course(
        client=maya,
        programme="ipt16",
        referred_on=timezone.localdate(),
        referral_source="A1",
        by=world.cast.ada,
    )
    ada = signed_in(world.cast.ada)
    address = reverse("clients:part", args=[world.maya.pk, merge.pk])
    html = ada.get(address).content.decode()
    assert "Email: changed since the two were merged" in html
    assert f"back to {world.mia.number}" in html
    answer = ada.post(address, follow=True)
    assert f"left as it is in {world.maya.number}: Email." in answer.content.decode()
    with as_owner():
        maya = Client.objects.get(pk=world.maya.pk)
        assert (maya.email, maya.nhs_number, maya.may_leave_message) == ("new@mail.example", None, True)
        assert Client.objects.get(pk=world.mia.pk).nhs_number == "9434765919"
        assert set(maya.courses.values_list("pk", flat=True)) == {world.cast.course.pk, since.pk}
        assert Merge.objects.get().not_restored == ["email"]
        whats = set(Event.objects.filter(what__startswith="Parted").values_list("client_id", "reason"))
    words = "Changed since, and not restored: Email."
    assert whats == {(world.maya.pk, words), (world.mia.pk, words)}


def test_a_number_that_a_third_client_has_meanwhile_is_not_taken_from_them(world: World) -> None:
    with as_owner():
        Client.objects.filter(pk=world.maya.pk).update(nhs_number="4010232137")
    world.maya = as_it_stands(world.maya)
    chosen = {each.name: each.proposed for each in merging.differences(world.maya, world.mia)}
    merge = world.merge(chosen=chosen | {"nhs_number": "merged"})
    with as_owner():
        people.client_named("Noor", "Jabari", nhs_number="4010232137")
    act_as(world.cast.ada.pk)
    assert part_clients(merge=merge, by=world.cast.ada).not_restored == ["nhs_number"]


def test_after_thirty_days_they_stay_one(world: World) -> None:
    merge = world.merge()
    with as_owner():
        Merge.objects.update(at=timezone.now() - timedelta(days=30, minutes=1))
    act_as(world.cast.ada.pk)
    with pytest.raises(ValidationError, match="can be parted no more"):
        part_clients(merge=merge, by=world.cast.ada)
    ada = signed_in(world.cast.ada)
    address = reverse("clients:part", args=[world.maya.pk, merge.pk])
    assert "They stay one record" in ada.get(address).content.decode()
    assert address not in ada.get(reverse("clients:detail", args=[world.maya.pk])).content.decode()
    act_as(world.cast.ada.pk)
    with pytest.raises(DatabaseError, match=r"merge_stays"):
        said("select part_clients(%s, '{}')", merge.pk)


def test_the_last_merged_are_parted_first(world: World) -> None:
    first = world.merge()
    with as_owner():
        nora = people.client_named("Nora", "Fielding")
    second = world.merge(kept=nora, merged=as_it_stands(world.maya))
    with pytest.raises(ValidationError, match="Part those two first"):
        part_clients(merge=first, by=world.cast.ada)
    assert signed_in(world.cast.ada).get(f"/clients/{world.mia.pk}/").url == f"/clients/{nora.pk}/"
    act_as(world.cast.ada.pk)
    part_clients(merge=second, by=world.cast.ada)
    part_clients(merge=first, by=world.cast.ada)
    with as_owner():
        assert Course.objects.get(pk=world.old.pk).client_id == world.mia.pk
        assert Course.objects.get(pk=world.cast.course.pk).client_id == world.maya.pk


def test_the_preview_asks_the_same_however_many_courses(world: World) -> None:
    from tests.db.test_query_counts import queries_of

    ada = signed_in(world.cast.ada)
    few, _ = queries_of(ada, preview_of(world))
    with as_owner():
        for days in range(20):
            people.course_for(
                world.mia,
                world.cast.olga,
                status="ended",
                ended_on=timezone.localdate(),
                end_reason="46",
                referred_on=date(2020, 1, 1) + timedelta(days=days),
            )
    many, _ = queries_of(ada, preview_of(world))
    assert len(few) == len(many) <= 24
