"""A real clinic begins with nobody in it: its first administrator takes it to the first appointment, page by page, as the
app role, and the therapist finds the client there."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from courses.models import Course
from sessions.models import TherapySession
from staff.models import Room, User
from tests.roles import as_owner

PASSWORD = "tea at four in the garden"


def signed_in(email: str) -> Browser:
    browser = Browser()
    answer = browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, email
    return browser


def send(browser: Browser, address: str, **fields: Any) -> Any:
    """A form sent; every step of this journey is taken without a refusal."""
    answer = browser.post(address, fields)
    assert answer.status_code == 302, [str(form.errors) for form in [answer.context.get("form")]]
    return answer


def invited(browser: Browser, execute_on_commit: Any, name: str, *roles: str) -> User:
    """Added by the administrator, and through the link of the mail with a password of their own."""
    email = f"{name.split()[0].lower()}@clinic.example"
    with execute_on_commit(execute=True):
        send(browser, reverse("staff:add"), full_name=name, email=email, roles=roles, places=8)
    link = next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))
    own = Browser()
    asked = own.get(link, follow=True).redirect_chain[-1][0]
    own.post(asked, {"password1": PASSWORD, "password2": PASSWORD})
    return User.objects.get(email=email)


def test_the_first_administrator_takes_an_empty_clinic_to_its_first_appointment(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setenv("FIRST_ADMIN_NAME", "Sheila Marsh")
    monkeypatch.setenv("FIRST_ADMIN_EMAIL", "sheila@clinic.example")
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", PASSWORD)
    with as_owner():
        call_command("first_administrator", stdout=StringIO())
    office = signed_in("sheila@clinic.example")

    theo = invited(office, django_capture_on_commit_callbacks, "Theo Therapist", "therapist")
    sunil = invited(office, django_capture_on_commit_callbacks, "Sunil Supervisor", "supervisor")
    send(office, reverse("staff:room_add"), name="Garden room", is_step_free="on")
    today = timezone.localdate()
    send(office, reverse("staff:line_add"), supervisor=sunil.pk, therapist=theo.pk, starts_on=today)

    send(
        office,
        reverse("referrals:new"),
        key=UUID(int=1),
        first_name="Maya",
        last_name="Fielding",
        date_of_birth="1990-05-17",
        way="letter",
        referral_source="A1",
        received_on=today,
        programme="ipt16",
    )
    with as_owner():
        course = Course.objects.get()
        Course.objects.update(status="waiting")  # as if a clinician had screened it
    allocate = reverse("courses:allocate", args=[course.pk])
    send(office, allocate, therapist=theo.pk, version=course.version)

    day = today + timedelta(days=8)
    booking = {"kind": "assessment", "day": day, "at": "10:00", "minutes": 50, "mode": "in_person"}
    booking["room"] = Room.objects.get().pk
    book = reverse("sessions:book", args=[course.pk])
    asked = office.post(book, booking)
    if asked.status_code == 200:  # a weekend or a bank holiday, as it happens
        send(office, book, **booking, all_the_same=asked.context["form"].mark)
    with as_owner():
        session = TherapySession.objects.select_related("therapist", "room").get()
    assert (session.therapist, session.room.name, session.appointment_type) == (theo, "Garden room", "01")

    page = signed_in("theo@clinic.example").get(reverse("courses:detail", args=[course.pk]))
    assert "Maya Fielding" in page.content.decode()
    assert (
        signed_in("sunil@clinic.example").get(reverse("courses:detail", args=[course.pk])).status_code == 200
    )
