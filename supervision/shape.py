"""What a flag is made of: for whom it is asked, what is found, and what a page reads of it. The rules are in `flags`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from record.addresses import address
from record.words import start_of_day
from staff import clinic_settings
from staff.models import Clinic, User

if TYPE_CHECKING:
    from supervision.facts import Facts

TODAY, REVIEW = "today", "review"


@dataclass(frozen=True)
class Scope:
    """For whom flags are asked: the reader, and the courses that are theirs to look after (keys or a queryset of them)."""

    reader: User
    courses: Any
    now: datetime

    @property
    def midnight(self) -> datetime:
        """The beginning of the clinic's day."""
        return start_of_day(self.now)

    @cached_property
    def clinic(self) -> Clinic:
        """Whose settings the thresholds are; asked once."""
        return Clinic.objects.first() or Clinic()


class Found(NamedTuple):
    """One course that a flag is up for. What `subject`, `number`, `value` and `word` hold is said at each flag."""

    flag: int
    course_id: UUID
    client_id: UUID
    first_name: str
    last_name: str
    subject: UUID
    at: datetime | None
    number: int | None
    value: int | None
    word: str | None


def by_name(found: Found, now: datetime) -> str:
    return ""


@dataclass(frozen=True)
class Flag:
    """A rule. It is either asked of the database (`rows` gives the columns of `Found` from `subject` on) or worked out from
    what many courses were asked at once (`works_out`). `reason` says why in a sentence, `short` in a word or three, empty
    for the name; `label` is what the button says that leads to the row behind; `todo` what the rule page says to do about it.

    `threshold` has {n} where the clinic's `setting` (a column of its row) stands. `weight` orders the progress review; `on`
    says where the flag is shown. `read_at` is where who does not treat the course reads what is behind it, where `page` is its
    therapist's alone ("courses:detail#sessions"). An alert is answered on a page of its own and cannot be considered away
    (`may_be_considered`)."""

    slug: str
    name: str
    tone: str
    sentence: str
    threshold: str
    source: str
    reason: Callable[[Found, datetime], str]
    label: str
    page: str
    todo: str
    rows: "Callable[[Scope], tuple[QuerySet[Any], str, dict[str, Any]]] | None" = None
    works_out: "Callable[[Facts], Iterable[Found]] | None" = None
    short: Callable[[Found, datetime], str] = by_name
    setting: str = ""
    weight: int = 0
    on: tuple[str, ...] = (TODAY,)
    may_be_considered: bool = True
    page_of_subject: bool = False
    anchor: str = ""
    read_at: str = ""
    other_pages: Mapping[str, str] = field(default_factory=dict)  # by `word`, where it is not `page`

    def address_of(self, found: Found, *, treats: bool = True) -> str:
        """Of what is behind it, for who treats the course or who does not."""
        if self.read_at and not treats:
            name, _, anchor = self.read_at.partition("#")
            return f"{address(name, found.course_id)}{'#' if anchor else ''}{anchor}"
        keys = (found.course_id, found.subject) if self.page_of_subject else (found.course_id,)
        page = address(self.other_pages.get(found.word or "", self.page), *keys)
        return f"{page}{self.anchor}" if page else ""

    def threshold_of(self, clinic: Clinic) -> str:
        """With the clinic's own number."""
        return self.threshold.format(n=getattr(clinic, self.setting) if self.setting else "")

    @property
    def changed_by(self) -> str:
        """Who may change the threshold; empty for a rule that is no setting."""
        return clinic_settings.BY_COLUMN[self.setting].who if self.setting else ""

    @property
    def rule_page(self) -> str:
        return address("supervision:flag", self.slug)


@dataclass(frozen=True)
class Row:
    """A flag that is up, ready to be read: whose course, why, and what to do. `considered` is what somebody answered, while it
    stands."""

    flag: Flag
    course_id: UUID
    client_id: UUID
    client: str
    href: str
    reason: str
    short: str
    act: str
    label: str
    subject: UUID
    at: datetime | None = None
    considered: Any = None
