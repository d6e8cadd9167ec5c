"""The pages of one course, as the row of chips under the head of each of them.

**To add a page**, write one line into `COURSE_WAYS`, in the place where the row should show it; its template then says

    {% load ui %} … {% course_ways course here="people" %}

Only names of addresses stand here, and a page that does not exist yet is not shown: so every room may use it, and no
question is put to the database. A page that administrators are shown too says whether this reader may read the content:
`reads=page.is_clinical`. A number is shown where the page has one at hand: `counts` by code, `{"people": 6}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Way:
    """`name` of an address that takes the course alone. `is_content` is shown to who may read the course's content, everything
    else to everybody who may see the course."""

    code: str
    label: str
    name: str
    is_content: bool = True
    anchor: str = ""


COURSE_WAYS = (
    Way("progress", "Progress", "courses:detail", is_content=False),
    Way("sessions", "Sessions", "courses:detail", is_content=False, anchor="#sessions"),
    Way("people", "Relationships", "interpersonal:people"),
    Way("timeline", "Timeline", "record:timeline"),
    Way("work", "Techniques", "record:work"),
    Way("formulation", "Formulation and goals", "courses:formulation"),
    Way("contract", "Contract", "courses:contract", is_content=False),
    Way("tasks", "Tasks", "courses:tasks"),
    Way("ending", "Ending", "courses:ending"),
    Way("letters", "Letters", "sessions:letters"),
    Way("supervision", "Supervision", "supervision:course"),
    Way("print", "Print", "record:print"),
)


def ways_of(
    course_id: object, *, here: str, reads: bool, counts: Mapping[str, int] | None = None
) -> list[dict[str, object]]:
    """The chips for this reader, in order: `here` is the code of the page that is open."""
    return [
        {
            "label": way.label,
            "href": f"{href}{way.anchor}",
            "is_here": way.code == here,
            "count": (counts or {}).get(way.code),
        }
        for way in COURSE_WAYS
        if (reads or not way.is_content) and (href := _address(way.name, course_id))
    ]


def _address(name: str, course_id: object) -> str:
    try:
        return reverse(name, args=[course_id])
    except NoReverseMatch:
        return ""
