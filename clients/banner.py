"""What stands on top of every page about a client: who this is, and what must not be overlooked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from clients.models import Client
from staff.models import User


@dataclass(frozen=True)
class Banner:
    """`alerts` is None where the reader may not know of any (an administrator, unless another of their roles reads the course);
    `similar` a sentence or empty."""

    name: str
    preferred_name: str
    pronouns: str
    date_of_birth: date
    age: int
    number: str
    alerts: list[Any] | None
    similar: str


def banner_for(client: Client, *, user: User) -> Banner:
    """Two queries: open alerts (none for an administrator), and clients whose name could be taken for this one."""
    return Banner(
        name=client.name,
        preferred_name=client.preferred_name if client.preferred_name != client.first_name else "",
        pronouns=client.pronouns,
        date_of_birth=client.date_of_birth,
        age=client.age(on=timezone.localdate()),
        number=client.number,
        alerts=_open_alerts(client, user),
        similar=_similar(client, user),
    )


def _open_alerts(client: Client, user: User) -> list[Any] | None:
    courses: Any = Client._meta.get_field("courses").related_model
    # An administrator sees every client, but knows of alerts only where another of their roles reads the course.
    if user.is_administrator and not courses.objects.content_visible_to(user).filter(client=client).exists():
        return None
    alerts = courses._meta.get_field("alerts").related_model
    return list(alerts.objects.visible_to(user).open().filter(course__client=client).order_by("-raised_at"))


def _similar(client: Client, user: User) -> str:
    """The other's name where the reader may see it; else only that there is somebody."""
    with connection.cursor() as cursor:
        cursor.execute("select count_similar_clients(%s)", [client.pk])
        if not cursor.fetchone()[0]:
            return ""
    known = list(
        Client.objects.visible_to(user)
        .filter(similar_keys__overlap=client.similar_keys)
        .exclude(pk=client.pk)
        .values_list("first_name", "last_name", "number")[:2]
    )
    if known:
        others = " and ".join(f"{first} {last} ({number})" for first, last, number in known)
        return f"Similar name: {others}. Check the date of birth."
    return "Another client has a similar name: check the date of birth"
