"""The words of a questionnaire whose text is copyright, entered by an administrator as the clinic's licence has them. A new
version is a new row: what was answered keeps the words it was answered with."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from access.meanwhile import Seen, refuse_stale
from access.refusals import refused
from audit.models import Action
from audit.trail import record
from outcomes.measures import BY_CODE, Measure
from outcomes.models import ClinicWording
from staff.models import User


def enter_wording(
    *,
    measure: str,
    stem: str,
    items: list[str],
    labels: list[str],
    licence: str,
    by: User,
    based_on: int = 0,
    seen: Seen | None = None,
) -> ClinicWording:
    """The next version. `based_on` is the number of the one that the page showed, 0 for none: `Stale` where somebody has
    entered a newer one meanwhile. ValidationError where nothing has changed, and for a measure that has its own words."""
    about = BY_CODE.get(measure)
    if about is None or about.has_exact_wording:
        raise ValidationError("The words of this questionnaire are not the clinic's to enter.")
    if len(items) != len(about.items) or len(labels) != len(about.options):
        raise ValidationError("Write the words of every question.")
    with refused():
        newest = newest_of(about)
        if (newest.number if newest else 0) != based_on:
            refuse_stale(None, seen, what_stands(about, newest))
        words = {"stem": stem.strip(), "items": [item.strip() for item in items]}
        words |= {"labels": [label.strip() for label in labels], "licence": licence.strip()}
        if newest and all(getattr(newest, name) == said for name, said in words.items()):
            raise ValidationError("Nothing has changed: these words stand already.")
        row = ClinicWording(
            measure=measure, number=(newest.number if newest else 0) + 1, entered_by=by, **words
        )
        row.clean_fields(exclude=["entered_by"])
        row.save(force_insert=True)
        record(Action.CREATE, f"Entered a wording of the {about.name}", by=by, about=row)
    return row


def newest_of(measure: Measure) -> ClinicWording | None:
    return versions_of(measure).first()


def versions_of(measure: Measure) -> QuerySet[ClinicWording]:
    """All of them, the newest first. They are the clinic's and no client's."""
    return ClinicWording.objects.filter(measure=measure.code).select_related("entered_by").order_by("-number")


def what_stands(measure: Measure, newest: ClinicWording | None) -> dict[str, Any]:
    """As the page shows and changes it, by name of the field; empty where the clinic has entered nothing."""
    items = newest.items if newest else [""] * len(measure.items)
    labels = newest.labels if newest else [""] * len(measure.options)
    return {
        "stem": newest.stem if newest else "",
        **{f"item_{number}": item for number, item in enumerate(items, start=1)},
        **{f"label_{option.value}": label for option, label in zip(measure.options, labels, strict=True)},
        "licence": newest.licence if newest else "",
    }
