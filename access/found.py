"""Finding a row for a page: what a person may not see is not found, and the answer is the one that an address which never
existed gets."""

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], **conditions: Any) -> M:
    """The one row, or 404. Pass rows that came through `visible_to`."""
    try:
        return rows.get(**conditions)
    except ObjectDoesNotExist:
        raise Http404 from None


def allow(permitted: bool) -> None:
    """403 for a person who may see the client but not do this."""
    if not permitted:
        raise PermissionDenied
