"""The pages of supervision, as the row under the head of each of them. **To add a page**, write one line into `TABS`; its view
puts `tabs_for(user, here="agenda")` into the context as `tabs`, its template says {% include "supervision/_tabs.html" %}."""

from collections.abc import Callable
from dataclasses import dataclass

from access import policy
from record.addresses import address
from staff.models import User


@dataclass(frozen=True)
class Tab:
    code: str
    label: str
    name: str
    may_see: Callable[[User], bool]


TABS: tuple[Tab, ...] = (
    Tab("review", "Review", "supervision:review", policy.may_see_review),
    Tab("agenda", "Agenda", "supervision:agenda", policy.may_see_supervision),
    Tab("meetings", "Meetings", "supervision:meetings", policy.may_see_supervision),
    Tab("cosign", "Co-sign", "supervision:cosign", policy.may_see_cosign),
    Tab("practice", "Practice", "supervision:practice", policy.may_see_supervision),
    Tab("flags", "Rules", "supervision:flags", policy.may_see_supervision),
    Tab("service", "Service", "supervision:service", policy.may_see_all_lines),
)


def tabs_for(user: User, *, here: str, counts: dict[str, int] | None = None) -> list[dict[str, object]]:
    """Those that this person may see, in order; `here` is the code of the page that is open."""
    return [
        {
            "label": tab.label,
            "href": address(tab.name),
            "is_here": tab.code == here,
            "count": (counts or {}).get(tab.code),
        }
        for tab in TABS
        if tab.may_see(user)
    ]
