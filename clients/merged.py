"""The address of a record that was merged leads to the record that was kept, for whoever may see that client."""

from uuid import UUID

from django.db import connection
from django.http import Http404

from access.found import found
from clients.models import Client
from staff.models import User


def client_at(client_id: UUID, *, user: User) -> Client:
    """The client whom the address names, or the one with whom they were merged: then its key is another. 404 for whom the user
    may not see."""
    rows = Client.objects.visible_to(user)
    try:
        return found(rows, pk=client_id)
    except Http404:
        with connection.cursor() as cursor:
            cursor.execute("select kept_client(%s)", [client_id])
            (kept,) = cursor.fetchone()
        return found(rows, pk=kept)
