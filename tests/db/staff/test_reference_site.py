"""The reference data site serves superusers, works as the app role, shows no client and deletes nothing."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from people.admin import reference_site
from staff.models import Room, User
from tests.cast import Cast, person, room
from tests.roles import as_owner

REGISTERED = {"User", "SupervisionLine", "WorkingHours", "Leave", "Room", "Holiday", "Clinic"}
# Nobody edits them by hand: a mail that waits may hold a link with which somebody chooses a password.
LEFT_OUT = {"OutgoingMail", "LastRun"}


@pytest.fixture
def site(client: Client, cast: Cast) -> Client:
    """A browser in which a superuser is signed in."""
    with as_owner():
        root = person("Rita Root", is_superuser=True)
    client.force_login(root)
    return client


def test_nothing_but_staff_and_reference_data_stands_in_it() -> None:
    assert {model.__name__ for model in reference_site._registry} == REGISTERED
    assert {model._meta.app_label for model in reference_site._registry} == {"staff"}


@pytest.mark.parametrize("who", ["tara", "sunil", "ada", "lena", "nadia"])
def test_no_role_of_the_clinic_opens_it(client: Client, cast: Cast, who: str) -> None:
    with as_owner():
        User.objects.filter(pk=getattr(cast, who).pk).update(is_staff=True)
    client.force_login(getattr(cast, who))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_one_signs_in_where_everybody_signs_in(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("admin:login"))
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("model", sorted(REGISTERED))
def test_every_list_opens(site: Client, model: str) -> None:
    assert site.get(reverse(f"admin:staff_{model.lower()}_changelist")).status_code == 200


def test_what_a_superuser_changes_is_kept_and_logged(site: Client) -> None:
    answer = site.post(reverse("admin:staff_room_add"), {"name": "Garden room"})
    assert answer.status_code == 302
    garden = Room.objects.get()
    assert site.get(reverse("admin:staff_room_history", args=[garden.pk])).status_code == 200


def test_somebody_added_here_has_no_password_yet(site: Client) -> None:
    fields: dict[str, Any] = {"full_name": "Iris New", "email": "iris@clinic.example", "roles": "therapist"}
    answer = site.post(reverse("admin:staff_user_add"), {**fields, "places": 4, "is_active": "on"})
    assert answer.status_code == 302
    iris = User.objects.get(email="iris@clinic.example")
    assert iris.roles == ["therapist"]
    assert not iris.has_usable_password()


def test_nothing_is_deleted_here(site: Client) -> None:
    with as_owner():
        garden = room("Garden room")
    assert site.get(reverse("admin:staff_room_delete", args=[garden.pk])).status_code == 403
    site.post(
        reverse("admin:staff_room_changelist"),
        {"action": "delete_selected", "_selected_action": str(garden.pk), "post": "yes"},
    )
    assert Room.objects.filter(pk=garden.pk).exists()


def test_every_model_of_staff_has_its_place_here() -> None:
    """A new table of reference data is registered or named here as left out."""
    ours = {
        model.__name__
        for model in apps.get_app_config("staff").get_models()
        if not model.__name__.endswith("Event")
    }
    assert ours == REGISTERED | LEFT_OUT
