"""What the clinic decides for itself: every column is in the registry, each is changed by whoever answers for it and by nobody
else, and each change is on the trail."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.meanwhile import Seen, plain
from audit.acting import act_as
from audit.models import Event
from outcomes.measures import BY_CODE
from people import actions
from staff.clinic_settings import ADMINISTRATOR, BY_COLUMN, LEAD, SETTINGS
from staff.models import Clinic, User
from tests.browsing import form_with
from tests.cast import Cast, person
from tests.roles import as_owner

ADDRESS = "/people/settings/"
NO_SETTING = {"id", "is_demo"}
# By hand: who answers for what.
OF_ADMINISTRATORS = {
    "name",
    "readable_days_after_end",
    "self_referral_open",
    "self_referrals_per_hour",
    "consent_words",
    "acknowledgement_words",
    "first_appointment_minutes",
    "link_days_before",
    "letterhead_address",
    "letterhead_phone",
    "letter_footer",
}
OF_THE_LEAD = {
    "self_referral_intro",
    "self_referral_expect",
    "screening_working_days",
    "letter_accepted",
    "letter_not_suitable",
    "letter_signposted",
    "letter_no_contact",
    "wait_first_days",
    "wait_second_days",
    "wait_warning_days",
    "trainee_places_most",
    "missed_before_proposal",
    "missed_rule",
    "link_measures",
    "supervisor_at_once_from",
    "supervisor_told_from",
    "supervisor_told_rise",
    "core10_at_once",
    "unanswered_supervisor_days",
    "unanswered_lead_days",
    "flag_booked_days",
    "flag_unmeasured_sessions",
    "flag_ending_sessions",
    "flag_unsigned_hours",
    "flag_focus_changes",
    "flag_unreviewed_days",
    "supervision_every_days",
    "supervision_history_for_new_line",
    "recording_days",
    "accreditation_cases",
    "accreditation_focus_areas",
    "accreditation_sessions",
    "accreditation_hours",
    "accreditation_recordings",
    "supervised_within_days",
}
COLUMNS = sorted(OF_ADMINISTRATORS | OF_THE_LEAD)


def another(column: str) -> Any:
    """A value that the column does not begin with."""
    default = BY_COLUMN[column].default
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return default + 1 if column not in ("supervisor_at_once_from", "supervisor_told_from") else 1
    return ["gad7"] if isinstance(default, list) else "Other words."


# --- The registry -----------------------------------------------------------------------------------------------------


def test_every_column_of_the_clinic_is_in_the_registry() -> None:
    columns = {field.name for field in Clinic._meta.concrete_fields} - NO_SETTING
    assert columns == set(BY_COLUMN)
    assert len(BY_COLUMN) == len(SETTINGS)


def test_the_registry_says_who_changes_what() -> None:
    assert {each.column for each in SETTINGS if each.by == ADMINISTRATOR} == OF_ADMINISTRATORS
    assert {each.column for each in SETTINGS if each.by == LEAD} == OF_THE_LEAD


@pytest.mark.parametrize("column", COLUMNS)
def test_a_default_is_the_same_in_the_registry_the_model_and_the_database(cast: Cast, column: str) -> None:
    field = Clinic._meta.get_field(column)
    assert isinstance(field, models.Field)
    assert field.get_default() == BY_COLUMN[column].default
    act_as(cast.ada.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT begin_clinic()")
    assert getattr(Clinic.objects.get(), column) == BY_COLUMN[column].default


@pytest.mark.parametrize("column", COLUMNS)
def test_what_every_clinic_begins_with_can_be_saved(column: str) -> None:
    Clinic().clean_fields()


def test_the_numbers_of_the_waits_are_those_of_the_standard() -> None:
    """NHS Talking Therapies: 75% within 6 weeks, 95% within 18 weeks."""
    assert (BY_COLUMN["wait_first_days"].default, BY_COLUMN["wait_second_days"].default) == (6 * 7, 18 * 7)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_setting_says_what_it_is_and_where_it_comes_from(column: str) -> None:
    setting = BY_COLUMN[column]
    assert setting.source.endswith(".")
    assert len(f"Changed a setting: {setting.label}") <= Event._meta.get_field("what").max_length


def test_the_questionnaires_to_choose_from_are_those_that_there_are() -> None:
    assert [code for code, _ in BY_COLUMN["link_measures"].choices] == [*BY_CODE, "goals"]


# --- The walls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def begun(cast: Cast) -> Cast:
    with as_owner():
        Clinic.objects.get_or_create()
    return cast


def set_past_the_pages(by: User, column: str, value: Any) -> int:
    act_as(by.pk)
    with transaction.atomic():
        return Clinic.objects.update(**{column: value})


@pytest.mark.parametrize("who", ["ada", "lena", "tara", "sunil", "nadia", "rita"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_setting_is_changed_by_whoever_answers_for_it_and_by_a_superuser(
    begun: Cast, column: str, who: str
) -> None:
    with as_owner():
        rita = person("Rita Root", is_superuser=True)
    by = rita if who == "rita" else getattr(begun, who)
    may = {"ada": column in OF_ADMINISTRATORS, "lena": column in OF_THE_LEAD, "rita": True}.get(who, False)
    value = another(column)
    if may:
        assert set_past_the_pages(by, column, value) == 1
        assert getattr(Clinic.objects.get(), column) == value
    else:
        with pytest.raises(DatabaseError, match="stays as it was"):
            set_past_the_pages(by, column, value)


@pytest.mark.parametrize("who", ["ada", "lena"])
def test_nobody_says_of_a_running_clinic_that_it_is_invented(begun: Cast, who: str) -> None:
    with pytest.raises(DatabaseError, match="stays as it was"):
        set_past_the_pages(getattr(begun, who), "is_demo", True)


def test_a_lead_who_is_no_administrator_any_more_changes_nothing_of_theirs(begun: Cast) -> None:
    with as_owner():
        User.objects.filter(pk=begun.lena.pk).update(is_active=False)
    with pytest.raises(DatabaseError, match="stays as it was"):
        set_past_the_pages(begun.lena, "wait_first_days", 30)


@pytest.mark.parametrize(("who", "rows"), [("ada", 1), ("lena", 1), ("tara", 0), ("nadia", 0)])
def test_the_row_begins_for_those_who_may_change_some_of_it(cast: Cast, who: str, rows: int) -> None:
    act_as(getattr(cast, who).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT begin_clinic()")
        cursor.execute("SELECT begin_clinic()")
    assert Clinic.objects.count() == rows


@pytest.mark.parametrize("who", ["ada", "lena", "tara"])
def test_nobody_begins_a_clinic_with_settings_of_their_own(cast: Cast, who: str) -> None:
    act_as(getattr(cast, who).pk)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        Clinic.objects.create(supervisor_told_from=1)


def test_the_release_before_goes_on_saving(begun: Cast) -> None:
    """It lays the row itself before it changes it."""
    act_as(begun.ada.pk)
    Clinic.objects.bulk_create([Clinic()], ignore_conflicts=True)
    assert Clinic.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"wait_first_days": 126},
            "first_wait_is_the_shorter",
        ),
        (
            {"wait_warning_days": 42},
            "warned_while_one_waits",
        ),
    ],
)
def test_the_database_refuses_waits_that_contradict_each_other(
    begun: Cast, values: dict[str, int], sentence: str
) -> None:
    act_as(begun.lena.pk)
    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        Clinic.objects.update(**values)


# --- The act ----------------------------------------------------------------------------------------------------------


def change(by: User, **values: Any) -> None:
    act_as(by.pk)
    clinic = actions.clinic()
    seen = Seen({name: plain(getattr(clinic, name)) for name in values}, values)
    actions.change_clinic(seen=seen, by=by, **values)


def trail(cast: Cast) -> list[str]:
    act_as(cast.lena.pk)
    return list(Event.objects.filter(what__startswith="Changed a setting").values_list("what", flat=True))


@pytest.mark.parametrize("column", COLUMNS)
def test_each_change_is_a_sentence_of_the_trail_that_names_the_setting(begun: Cast, column: str) -> None:
    by = begun.ada if column in OF_ADMINISTRATORS else begun.lena
    value = {"supervisor_at_once_from": 2, "unanswered_supervisor_days": 2}.get(column, another(column))
    change(by, **{column: value})
    assert trail(begun) == [f"Changed a setting: {BY_COLUMN[column].label}"]


def test_what_did_not_change_is_not_on_the_trail(begun: Cast) -> None:
    change(begun.lena, wait_first_days=42, wait_second_days=100)
    assert trail(begun) == ["Changed a setting: Days to the first treatment: second standard"]


@pytest.mark.parametrize("who", ["ada", "lena", "tara"])
def test_what_is_not_theirs_is_refused_beside_the_field(begun: Cast, who: str) -> None:
    column = "letter_accepted" if who != "lena" else "consent_words"
    with pytest.raises(ValidationError) as refusal:
        change(getattr(begun, who), **{column: "Other words."})
    answers = "administrators" if who == "lena" else "the clinical lead"
    assert refusal.value.message_dict == {column: [f"This is for {answers} to change."]}
    assert trail(begun) == []


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def lead(cast: Cast) -> Client:
    browser = Client()
    browser.force_login(cast.lena)
    return browser


def send(browser: Client, /, **changes: Any) -> Any:
    """The page's own form, with what was changed on it."""
    shown = form_with(browser.get(ADDRESS).content.decode(), "seen")
    return browser.post(ADDRESS, {**shown, **changes})


def test_the_lead_finds_the_page_and_no_page_that_is_not_theirs(lead: Client, office: Client) -> None:
    shown = lead.get("/", follow=True).content.decode()
    assert f'href="{ADDRESS}"' in shown
    page = lead.get(ADDRESS).content.decode()
    assert reverse("staff:lines") not in page
    assert reverse("measures:wording", args=["wsas"]) not in page
    assert reverse("staff:lines") in office.get(ADDRESS).content.decode()


def test_each_changes_their_own_and_reads_the_others(office: Client, lead: Client) -> None:
    for browser, theirs in ((office, OF_ADMINISTRATORS), (lead, OF_THE_LEAD)):
        answer = browser.get(ADDRESS)
        assert set(answer.context["form"].fields) == theirs | {"seen"}
        shown = answer.content.decode()
        for setting in SETTINGS:
            assert f'id="setting-{setting.column}"' in shown
            assert setting.label in shown


def test_who_is_both_changes_all_of_it(client: Client, cast: Cast) -> None:
    with as_owner():
        User.objects.filter(pk=cast.lena.pk).update(roles=["administrator", "lead"])
    client.force_login(cast.lena)
    assert set(client.get(ADDRESS).context["form"].fields) == {*COLUMNS, "seen"}
    assert send(client, name="Northgate IPT", wait_first_days=28).status_code == 302
    assert Clinic.objects.values_list("name", "wait_first_days").get() == ("Northgate IPT", 28)


def test_what_is_saved_stands_and_says_who_changed_it_last(lead: Client, office: Client, cast: Cast) -> None:
    answer = send(lead, wait_first_days="30", supervisor_told_from="1", unanswered_lead_days="3")
    assert answer.status_code == 302
    row = Clinic.objects.get()
    assert (row.wait_first_days, row.supervisor_told_from, row.unanswered_lead_days) == (30, 1, 3)
    assert (row.core10_at_once, row.supervisor_told_rise, row.link_measures) == (True, 2, ["phq9", "gad7"])
    rows = {row.setting.column: row for _, rows in office.get(ADDRESS).context["groups"] for row in rows}
    first, name = rows["wait_first_days"], rows["name"]
    assert (first.value, first.default, first.is_default, first.by) == ("30", "42", False, "Lena Lead")
    assert timezone.localdate(first.at) == timezone.localdate()
    assert (name.value, name.is_default, name.by, name.at) == ("IPT Clinic", True, "", None)


def test_saving_a_page_that_nobody_changed_says_nothing(lead: Client, cast: Cast) -> None:
    """A browser sends its own ends of lines."""
    text = BY_COLUMN["letter_accepted"].default.replace("\n", "\r\n")
    assert send(lead, letter_accepted=text).status_code == 302
    assert trail(cast) == []
    assert Clinic.objects.get().letter_accepted == BY_COLUMN["letter_accepted"].default


def test_a_setting_of_somebody_else_that_is_sent_along_is_not_taken(office: Client) -> None:
    assert send(office, name="Northgate IPT", wait_first_days="7").status_code == 302
    assert Clinic.objects.values_list("name", "wait_first_days").get() == ("Northgate IPT", 42)


@pytest.mark.parametrize(
    ("column", "typed", "stands"),
    [
        ("wait_first_days", "30", "42"),
        ("core10_at_once", [], True),
        ("link_measures", ["core10"], ["phq9", "gad7"]),
        ("letter_accepted", "Dear {name}", BY_COLUMN["letter_accepted"].default),
    ],
)
def test_the_default_is_put_back_into_its_field_and_saved_by_saving(
    lead: Client, column: str, typed: Any, stands: Any
) -> None:
    assert send(lead, **{column: typed}).status_code == 302
    before = Clinic.objects.get()
    answer = send(lead, put_back=column, wait_second_days="200")
    form = answer.context["form"]
    assert form[column].value() == stands
    assert form["wait_second_days"].value() == "200"
    assert "The default stands in the field. Save to keep it." in answer.content.decode()
    assert Clinic.objects.get() == before
    assert getattr(Clinic.objects.get(), column) != BY_COLUMN[column].default
    assert lead.post(ADDRESS, form_with(answer.content.decode(), "seen")).status_code == 302
    row = Clinic.objects.get()
    assert (getattr(row, column), row.wait_second_days) == (BY_COLUMN[column].default, 200)


def test_the_default_of_what_is_not_theirs_is_not_put_back(office: Client) -> None:
    answer = send(office, put_back="wait_first_days", name="")
    assert "The default stands" not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "changes", "column", "sentence"),
    [
        (
            "lena",
            {"unanswered_supervisor_days": 3, "unanswered_lead_days": 2},
            "unanswered_lead_days",
            "The lead is told no earlier than the supervisor.",
        ),
        (
            "lena",
            {"supervisor_at_once_from": 1, "supervisor_told_from": 2},
            "supervisor_at_once_from",
            "What the supervisor is told at once cannot be less than what they are told within a working day.",
        ),
        (
            "lena",
            {"wait_first_days": 126, "wait_second_days": 126},
            "wait_second_days",
            "The second standard is longer than the first.",
        ),
        (
            "lena",
            {"wait_first_days": 20, "wait_warning_days": 20},
            "wait_warning_days",
            "The warning comes within the days of the first standard.",
        ),
        (
            "lena",
            {"link_measures": []},
            "link_measures",
            "Choose what is sent, or send none by itself: 0 days.",
        ),
        (
            "lena",
            {"link_measures": ["mood"]},
            "link_measures",
            "Select a valid choice. mood is not one of the available choices.",
        ),
        (
            "lena",
            {"letter_accepted": "Dear {first_name},"},
            "letter_accepted",
            "{first_name} is not known here. A letter may use {name}, {clinic} and {date}.",
        ),
        (
            "lena",
            {"self_referral_intro": "Dear {name},"},
            "self_referral_intro",
            "{name} would be shown as it stands: only letters are filled in. Take the braces out.",
        ),
        (
            "lena",
            {"letter_signposted": " "},
            "letter_signposted",
            "Letter: another service: this is missing.",
        ),
        (
            "lena",
            {"screening_working_days": 0},
            "screening_working_days",
            "Ensure this value is greater than or equal to 1.",
        ),
        ("ada", {"link_days_before": 4}, "link_days_before", "Ensure this value is less than or equal to 3."),
        (
            "ada",
            {"readable_days_after_end": 4000},
            "readable_days_after_end",
            "Ensure this value is less than or equal to 3650.",
        ),
        (
            "ada",
            {"consent_words": "I agree. " * 500},
            "consent_words",
            "Ensure this value has at most 4000 characters (it has 4499).",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words_beside_its_field(
    client: Client, cast: Cast, who: str, changes: dict[str, Any], column: str, sentence: str
) -> None:
    client.force_login(getattr(cast, who))
    answer = send(client, **changes)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {column: [sentence]}
    assert not Clinic.objects.filter(**changes).exists()


def test_nothing_to_send_is_refused_beside_the_days_that_an_administrator_types(
    office: Client, cast: Cast
) -> None:
    with as_owner():
        Clinic.objects.create(link_days_before=0, link_measures=[])
    answer = send(office, link_days_before="1")
    assert answer.context["form"].errors == {
        "link_days_before": ["Choose what is sent, or send none by itself: 0 days."]
    }


def test_the_page_asks_as_often_for_a_long_history(office: Client, django_assert_num_queries: Any) -> None:
    send(office, name="Northgate 0")
    with django_assert_num_queries(10):
        office.get(ADDRESS)
    for number in range(1, 6):
        send(office, name=f"Northgate {number}", readable_days_after_end=30 + number)
    with django_assert_num_queries(10):
        office.get(ADDRESS)
