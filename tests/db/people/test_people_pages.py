"""The pages under /people/: an administrator's, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff.models import Holiday, Leave, Room, SupervisionLine, User
from tests.browsing import form_with
from tests.cast import Cast, client_named, course_for, person, room, system_person
from tests.roles import as_owner

WITHOUT_A_ROW = ["people", "add", "lines", "line_add", "rooms", "room_add", "holidays"]
OF_A_PERSON = ["edit", "sign_in", "hours", "leave"]
ONLY_READ = ["people", "lines", "rooms"]


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    """A browser in which Ada is signed in."""
    client.force_login(cast.ada)
    return client


def page(browser: Client, name: str, *args: Any) -> str:
    answer = browser.get(reverse(f"staff:{name}", args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def send(browser: Client, name: str, /, *args: Any, **fields: Any) -> Any:
    return browser.post(reverse(f"staff:{name}", args=args), fields)


@pytest.mark.parametrize("who", ["tara", "sunil", "lena", "nadia"])
@pytest.mark.parametrize("name", WITHOUT_A_ROW + OF_A_PERSON)
def test_nobody_but_an_administrator_gets_in(client: Client, cast: Cast, who: str, name: str) -> None:
    client.force_login(getattr(cast, who))
    args = [cast.olga.pk] if name in OF_A_PERSON else []
    address = reverse(f"staff:{name}", args=args)
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == (405 if name in ONLY_READ else 403)


def test_who_is_not_signed_in_is_asked_to(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("staff:people"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", WITHOUT_A_ROW)
def test_each_page_opens(office: Client, name: str) -> None:
    page(office, name)


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_each_page_of_a_person_opens(office: Client, cast: Cast, name: str) -> None:
    assert "Tara Tree" in page(office, name, cast.tara.pk)


def test_the_system_person_has_no_page(office: Client) -> None:
    with as_owner():
        system = system_person()
    assert office.get(reverse("staff:edit", args=[system.pk])).status_code == 404
    assert system.full_name not in page(office, "people")


def test_the_list_says_who_supervises_and_who_is_away(office: Client, cast: Cast) -> None:
    with as_owner():
        today = timezone.localdate()
        Leave.objects.create(person=cast.tara, starts_on=today, ends_on=today, cover=cast.olga)
        person("Gus Gone", "therapist", is_active=False)
    shown = page(office, "people")
    assert "Sunil Super" in shown
    assert "deputy Dana Deputy" in shown
    assert "1 away today" in shown
    assert shown.count("no supervisor") == 1  # Olga
    assert "Can no longer sign in" in shown


def test_the_list_costs_the_same_for_more_people(
    office: Client, cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12) as few:
        page(office, "people")
    with as_owner():
        for n in range(30):
            therapist = person(f"Person {n}", "therapist")
            SupervisionLine.objects.create(supervisor=cast.sunil, therapist=therapist)
    with django_assert_num_queries(len(few)):
        page(office, "people")


# --- People -----------------------------------------------------------------------------------------------------------


def test_somebody_is_added_and_gets_a_link_with_which_they_sign_in(
    office: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(
            office,
            "add",
            full_name="Iris New",
            email="iris@clinic.example",
            roles=["therapist"],
            places=4,
        )
    iris = User.objects.get(email="iris@clinic.example")
    assert answer["Location"] == reverse("staff:edit", args=[iris.pk])
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http://testserver/"))
    stranger = Client()
    asked = stranger.get(link, follow=True)
    assert asked.status_code == 200
    password = "tea at four in the garden"
    stranger.post(asked.redirect_chain[-1][0], {"password1": password, "password2": password})
    iris.refresh_from_db()
    assert iris.check_password(password)


def test_a_refusal_comes_first_and_keeps_what_was_typed(office: Client, cast: Cast) -> None:
    answer = send(office, "add", full_name="Tara Two", email=cast.tara.email, roles=["therapist"], places=4)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody with this email already works here." in shown
    assert 'value="Tara Two"' in shown


@pytest.mark.parametrize("field", ["is_superuser", "is_staff", "is_active", "is_system", "groups"])
def test_no_field_that_was_not_offered_is_taken(office: Client, cast: Cast, field: str) -> None:
    seen = office.get(reverse("staff:edit", args=[cast.tara.pk])).context["form"]["seen"].value()
    send(
        office,
        "edit",
        cast.tara.pk,
        seen=seen,
        full_name="Tara Tree",
        email=cast.tara.email,
        roles=["therapist"],
        places=3,
        **{field: "1"},
    )
    tara = User.objects.get(pk=cast.tara.pk)
    assert tara.places == 3
    assert (tara.is_superuser, tara.is_staff, tara.is_active, tara.is_system) == (False, False, True, False)


def test_a_trainee_is_a_therapist(office: Client) -> None:
    answer = send(office, "add", full_name="Iris New", email="i@clinic.example", is_trainee="on", places=0)
    assert "A trainee is a therapist" in answer.content.decode()


def test_of_two_who_edit_one_person_the_second_is_told_and_may_save_again(office: Client, cast: Cast) -> None:
    typed = {"full_name": "Tara Tree", "email": cast.tara.email, "roles": ["therapist"]}
    seen = office.get(reverse("staff:edit", args=[cast.tara.pk])).context["form"]["seen"].value()
    send(office, "edit", cast.tara.pk, seen=seen, places=12, **typed)
    told = send(office, "edit", cast.tara.pk, seen=seen, places=9, **typed)
    assert told.status_code == 409
    assert '<td class="pre" data-label="It now says">12</td>' in told.content.decode()
    assert User.objects.get(pk=cast.tara.pk).places == 12
    again = told.context["form"]["seen"].value()
    assert send(office, "edit", cast.tara.pk, seen=again, places=9, **typed).status_code == 302
    assert User.objects.get(pk=cast.tara.pk).places == 9


def test_who_is_ended_is_signed_out_at_once_and_stays_out(office: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.tara)
    key = elsewhere.session.session_key
    UserSession.objects.create(user=cast.tara, session_key=key, ip="192.0.2.7", user_agent="Firefox")
    assert elsewhere.get(reverse("account_logout")).status_code == 200
    assert "1 open course is not handed over." in page(office, "sign_in", cast.tara.pk)
    send(office, "sign_in", cast.tara.pk)
    assert elsewhere.get(reverse("account_logout")).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    send(office, "sign_in", cast.tara.pk)
    assert User.objects.get(pk=cast.tara.pk).is_active


def test_a_window_that_is_open_elsewhere_opens_nothing_more(office: Client, cast: Cast) -> None:
    """Also one of which no list of sign-ins knows."""
    elsewhere = Client()
    elsewhere.force_login(cast.tara)
    course = reverse("courses:detail", args=[cast.course.pk])
    assert elsewhere.get(course).status_code == 200
    send(office, "sign_in", cast.tara.pk)
    answer = elsewhere.get(course)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_the_page_of_somebody_who_left_says_what_stands(office: Client, cast: Cast) -> None:
    today = timezone.localdate()
    with as_owner():
        referred = course_for(client_named("Rhona", "Ferred"), cast.tara, status="referred")
        referred.allocations.update(kind="screening")
        Leave.objects.create(person=cast.olga, starts_on=today, ends_on=today, cover=cast.tara)
        Leave.objects.create(
            person=cast.olga,
            starts_on=today - timedelta(days=9),
            ends_on=today - timedelta(days=8),
            cover=cast.tara,
        )
        Leave.objects.create(person=cast.tara, starts_on=today, ends_on=today, cover=cast.olga)
    before = office.get(reverse("staff:edit", args=[cast.tara.pk]))
    assert before.context["left"] is None
    send(office, "sign_in", cast.tara.pk)
    shown = page(office, "edit", cast.tara.pk)
    assert "What stands in their name" in shown
    assert "1 open course is not handed over." in shown
    assert f'href="{reverse("caseload:hand_over", args=[cast.tara.pk])}"' in shown
    assert "1 referral waits for them to be screened." in shown
    assert shown.count("They cover for") == 1
    assert "Supervised by" in shown
    assert "Olga Other covers" in shown
    assert 'value="therapist"' in shown
    assert "1 course not handed over" in page(office, "people")


def test_the_page_of_a_supervisor_who_left_names_whom_they_supervised(office: Client, cast: Cast) -> None:
    send(office, "sign_in", cast.sunil.pk)
    send(office, "sign_in", cast.dana.pk)
    line = reverse("staff:line", args=[cast.line.pk])
    assert f'They supervise <a href="{line}">Tara Tree</a>' in page(office, "edit", cast.sunil.pk)
    assert "They stand in for Sunil Super" in page(office, "edit", cast.dana.pk)


def test_where_nothing_stands_the_page_says_so(office: Client, cast: Cast) -> None:
    send(office, "sign_in", cast.nadia.pk)
    assert "Nothing: no course, no supervision line and no cover." in page(office, "edit", cast.nadia.pk)


def test_whoever_screens_referrals_is_named_on_the_list_and_on_their_page(office: Client, cast: Cast) -> None:
    assert "screens referrals</span>" not in page(office, "people")
    shown = form_with(page(office, "edit", cast.tara.pk), "full_name")
    assert shown["gender"] == [""]
    office.post(
        reverse("staff:edit", args=[cast.tara.pk]), {**shown, "is_screener": "on", "gender": "non_binary"}
    )
    cast.tara.refresh_from_db()
    assert (cast.tara.is_screener, cast.tara.gender) == (True, "non_binary")
    assert "screens referrals</span>" in page(office, "people")
    assert "screens referrals</span>" in page(office, "edit", cast.tara.pk)


def test_who_screens_referrals_is_a_therapist(office: Client) -> None:
    answer = send(office, "add", full_name="Iris New", email="i@clinic.example", is_screener="on", places=0)
    assert answer.context["form"].errors == {
        "is_screener": ["Who screens referrals is a therapist: tick that role too."]
    }


def test_a_trainee_has_no_more_places_than_the_clinic_lets_them(office: Client, cast: Cast) -> None:
    new = {"full_name": "Iris New", "email": "i@clinic.example", "roles": ["therapist"], "is_trainee": "on"}
    words = "A trainee carries at most 8 courses at once, as the clinic has set."
    assert send(office, "add", **new, places=9).context["form"].errors == {"places": [words]}
    assert send(office, "add", **new, places=8).status_code == 302
    shown = form_with(page(office, "edit", cast.tara.pk), "full_name")  # sixteen places
    answer = office.post(reverse("staff:edit", args=[cast.tara.pk]), {**shown, "is_trainee": "on"})
    assert answer.context["form"].errors == {"places": [words]}


def test_an_administrator_who_ends_themself_is_told_why_not(office: Client, cast: Cast) -> None:
    answer = send(office, "sign_in", cast.ada.pk)
    assert answer.status_code == 200
    assert "cannot end your own sign-in" in answer.content.decode()


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_the_week_is_typed_as_times(office: Client, cast: Cast) -> None:
    send(
        office,
        "hours",
        cast.tara.pk,
        monday_1_from="09:00",
        monday_1_to="12:30",
        monday_2_from="13:30",
        monday_2_to="17:00",
    )
    assert [str(span) for span in cast.tara.working_hours.all()] == [
        "Monday 09:00 to 12:30",
        "Monday 13:30 to 17:00",
    ]
    assert 'value="12:30"' in page(office, "hours", cast.tara.pk)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"monday_1_from": "09:00"}, "Write both times, or neither."),
        ({"friday_1_from": "17:00", "friday_1_to": "09:00"}, "Working hours end after they start."),
        ({"friday_1_from": "late"}, "Enter a valid time."),
    ],
)
def test_a_week_that_cannot_be_is_refused(
    office: Client, cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    answer = send(office, "hours", cast.tara.pk, **typed)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_leave_is_added_and_removed(office: Client, cast: Cast) -> None:
    send(office, "leave", cast.tara.pk, starts_on="2027-04-05", ends_on="2027-04-09", cover=cast.olga.pk)
    leave = Leave.objects.get(person=cast.tara)
    assert "Mon 5 Apr 2027 to Fri 9 Apr 2027" in page(office, "leave", cast.tara.pk)
    send(office, "leave_remove", cast.tara.pk, leave.pk)
    assert not Leave.objects.exists()


def test_leave_is_removed_under_its_own_person_only(office: Client, cast: Cast) -> None:
    send(office, "leave", cast.tara.pk, starts_on="2027-04-05", ends_on="2027-04-09", cover=cast.olga.pk)
    assert send(office, "leave_remove", cast.olga.pk, Leave.objects.get().pk).status_code == 404


def test_a_line_is_added_changed_and_ended(office: Client, cast: Cast) -> None:
    today = timezone.localdate().isoformat()
    send(office, "line_add", supervisor=cast.sunil.pk, therapist=cast.olga.pk, starts_on=today)
    line = SupervisionLine.objects.get(therapist=cast.olga)
    seen = office.get(reverse("staff:line", args=[line.pk])).context["form"]["seen"].value()
    send(office, "line", line.pk, seen=seen, deputy=cast.dana.pk)
    line.refresh_from_db()
    assert line.deputy == cast.dana
    send(office, "line_end", line.pk, ends_on=today)
    line.refresh_from_db()
    assert line.ends_at is not None
    assert "Ended" in page(office, "lines")


def test_a_therapist_is_offered_as_no_supervisor(office: Client, cast: Cast) -> None:
    today = timezone.localdate().isoformat()
    answer = send(office, "line_add", supervisor=cast.tara.pk, therapist=cast.olga.pk, starts_on=today)
    assert answer.status_code == 200


def test_a_room_is_added_and_ended(office: Client) -> None:
    send(office, "room_add", name="Garden room", is_step_free="on")
    garden = Room.objects.get()
    seen = office.get(reverse("staff:room_edit", args=[garden.pk])).context["form"]["seen"].value()
    send(office, "room_edit", garden.pk, seen=seen, name="Garden room", ended_on="2026-01-05")
    assert "No longer used" in page(office, "rooms")


def test_a_room_of_a_name_that_is_there_is_refused(office: Client) -> None:
    with as_owner():
        room("Garden room")
    answer = send(office, "room_add", name="Garden room")
    assert "There is a room of this name already." in answer.content.decode()


def test_bank_holidays_are_proposed_until_they_are_on_the_list(office: Client) -> None:
    proposed = office.get(reverse("staff:holidays")).context["propose_form"].proposed
    year = timezone.localdate().year
    assert f"{year + 1}-12-25" in proposed
    assert f"{year + 2}-12-25" in proposed
    send(office, "holidays_propose", days=[f"{year + 1}-12-25"])
    assert Holiday.objects.get().name == "Christmas Day"
    left = office.get(reverse("staff:holidays")).context["propose_form"].proposed
    assert f"{year + 1}-12-25" not in left


def test_a_day_of_the_clinics_own_is_added_and_removed(office: Client) -> None:
    send(office, "holidays", day="2099-06-01", name="Staff training")
    assert "Staff training" in page(office, "holidays")
    send(office, "holiday_remove", 2099, 6, 1)
    assert not Holiday.objects.exists()


def test_a_day_that_is_none_is_not_found(office: Client) -> None:
    assert send(office, "holiday_remove", 2099, 2, 30).status_code == 404


def test_who_removes_what_is_gone_is_told(office: Client, cast: Cast) -> None:
    send(office, "holiday_remove", 2099, 6, 1)
    assert "somebody has removed it already" in page(office, "holidays")
    send(office, "leave_remove", cast.tara.pk, cast.tara.pk)
    assert "Somebody has removed this leave already." in page(office, "leave", cast.tara.pk)
