"""The appointments of a day as Today says them: when, with whom, which session, and what to do next."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses import lifecycle, protocol
from outcomes.links import names_of
from record.addresses import address
from record.words import clock
from sessions.models import SEEN, Mode


@dataclass(frozen=True)
class Item:
    """One appointment. `said` is what has become of it; `act` where its button leads, if it has one."""

    time: str
    name: str
    href: str
    about: str
    said: str
    is_signed: bool
    act: str
    label: str
    is_now: bool


def items(appointments: list[dict[str, Any]], *, now: datetime) -> list[Item]:
    """The first appointment that is not over and not logged is the one that is now."""
    current = next((a["pk"] for a in appointments if a["attendance"] is None and a["ends_at"] >= now), None)
    return [_item(appointment, now=now, is_now=appointment["pk"] == current) for appointment in appointments]


def mark_of(listed: list[Item]) -> str:
    """Changes whenever a row says something else."""
    words = "|".join(
        f"{item.time}{item.name}{item.about}{item.said}{item.label}{item.is_now}" for item in listed
    )
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _item(appointment: dict[str, Any], *, now: datetime, is_now: bool) -> Item:
    course, session = appointment["course_id"], appointment["pk"]
    log, read, open_course = (
        address("sessions:log", course, session),
        address("sessions:detail", course, session),
        address("courses:detail", course),
    )
    said, act, label = "", "", ""
    if appointment["signed_at"]:
        said, act, label = f"✓ Logged, signed {clock(appointment['signed_at'])}", "", ""
    elif appointment["attendance"] in SEEN or (appointment["has_note"] and appointment["attendance"] is None):
        said, act, label = "Not signed yet", log, "Finish"
    elif appointment["attendance"]:
        said = protocol.ATTENDANCE[appointment["attendance"]].label
    elif is_now or appointment["starts_at"] <= now:
        act, label = log, "Log session"
    elif not appointment["received"] and not appointment["has_link"] and _is_open(appointment):
        act, label = f"{address('outcomes:link_new', course)}?session={session}", "Send link"
    else:
        act, label = open_course, "Open"
    return Item(
        time=clock(appointment["starts_at"]),
        name=f"{appointment['client__first_name']} {appointment['client__last_name']}",
        href=(read if appointment["signed_at"] else "") or open_course,
        about=" · ".join(filter(None, (_about(appointment), _measures(appointment)))),
        said=said,
        is_signed=bool(appointment["signed_at"]),
        act=act,
        label=label,
        is_now=is_now,
    )


def _is_open(appointment: dict[str, Any]) -> bool:
    return appointment["course_status"] not in lifecycle.CLOSED


def _measures(appointment: dict[str, Any]) -> str:
    """ "PHQ-9 and GAD-7 received 08:41", or that they are not in yet, while the appointment is to be logged."""
    if appointment["attendance"] or appointment["signed_at"] or appointment["has_note"]:
        return ""
    if appointment["received"]:
        codes = dict.fromkeys(row["measure"] for row in appointment["received"])
        last = datetime.fromisoformat(appointment["received"][-1]["at"])
        return f"{names_of(list(codes))} received {clock(last)}"
    if not _is_open(appointment):
        return ""
    return "link sent, measures not in yet" if appointment["has_link"] else "measures not in yet"


def _about(appointment: dict[str, Any]) -> str:
    """ "Session 12 · Middle · Room 2"; a session that takes no number says its kind."""
    place = appointment["room_name"] or Mode(appointment["mode"]).label
    kind = protocol.SESSION_KINDS[appointment["kind"]].label
    if not protocol.counts_as_treatment(appointment["appointment_type"]):
        return f"{kind} · {place}"
    number = appointment["number"] or appointment["attended_before"] + 1
    split = appointment["course__split"]
    phase = appointment["phase"] or protocol.phase_of(split or appointment["course__programme"], number)
    words = [f"Session {number}", protocol.PHASES[phase] if split else "Maintenance", place]
    if appointment["kind"] == "with_other":
        words.insert(2, kind)
    return " · ".join(words)
