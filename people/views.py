"""An administrator's pages about people, rooms and holidays; the settings are the clinical lead's too. Others get 403: it is no
secret that they exist."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from people import actions, forms, settings_page
from people.left import left_by, with_courses_left
from people.lines import StandsIn, hangs_on, stand_ins
from staff.models import Holiday, Leave, Room, SupervisionLine, User
from staff.requests import StaffRequest
from staff.working_days import bank_holidays_of_england

page = require_http_methods(["GET", "HEAD", "POST"])
YEARS_AHEAD = 2


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def asked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allow(policy.may_manage_staff(request.user))
        return view(request, *args, **kwargs)

    return asked


def _typed(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


# --- People -----------------------------------------------------------------------------------------------------------


@require_safe
@for_administrators
def people(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, and apart from them who did."""
    everybody = User.objects.filter(is_system=False)
    lines: dict[UUID, list[SupervisionLine]] = {}
    for row in SupervisionLine.objects.current(at=timezone.now()).select_related("supervisor", "deputy"):
        lines.setdefault(row.therapist_id, []).append(row)
    away = {leave.person_id: leave for leave in Leave.objects.on(timezone.localdate())}
    working = [
        {"person": person, "lines": lines.get(person.pk, []), "leave": away.get(person.pk)}
        for person in everybody.filter(is_active=True)
    ]
    context = {
        "working": working,
        "away": sum(1 for row in working if row["leave"]),
        "ended": with_courses_left(everybody.filter(is_active=False), at=timezone.now()),
    }
    return render(request, "people/people.html", context)


@page
@for_administrators
def add(request: StaffRequest) -> HttpResponse:
    form = forms.PersonForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(**form.values(), by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            actions.invite_person(person=person, link=_password_link(person), by=request.user)
            messages.success(request, f"{person.full_name} was added. An invitation goes to {person.email}.")
            return redirect("staff:edit", person.pk)
    return render(request, "people/add.html", {"form": form})


@page
@for_administrators
def edit(request: StaffRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    form = forms.PersonForm(_typed(request), instance=_person(person_id))
    if request.method == "POST" and form.is_valid():
        seen = form.what_was_seen()
        try:
            actions.change_person(person=person, seen=seen, by=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved.")
            return redirect("staff:edit", person.pk)
    now = timezone.now()
    context = {
        "form": form,
        "person": person,
        "hours": person.working_hours.all(),
        "leave": person.leave.filter(ends_on__gte=timezone.localdate(now)).select_related("cover").reverse(),
        "supervised_by": person.lines_as_therapist.current(at=now).select_related("supervisor", "deputy"),
        "supervises": person.lines_as_supervisor.current(at=now).select_related("therapist", "deputy"),
        "left": None if person.is_active else left_by(person, at=now),
        "hand_over": _hand_over_of(person),
    }
    return render(request, "people/person.html", context, status=form.status)


@require_POST
@for_administrators
def invite(request: StaffRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    try:
        actions.invite_person(person=person, link=_password_link(person), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"A link to choose a password goes to {person.email}.")
    return redirect("staff:edit", person.pk)


@page
@for_administrators
def sign_in(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Asks before it ends somebody's sign-in, or lets them sign in again."""
    person, refusal = _person(person_id), None
    if request.method == "POST":
        # What the button said, whoever pressed one meanwhile.
        ends = request.POST.get("act", "end" if person.is_active else "restore") == "end"
        act = actions.end_sign_in if ends else actions.restore_sign_in
        try:
            act(person=person, by=request.user)
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            done = "can no longer sign in" if ends else "can sign in again"
            messages.success(request, f"{person.full_name} {done}.")
            return redirect("staff:edit", person.pk)
    context = {
        "person": person,
        "refusal": refusal,
        "left": left_by(person, at=timezone.now()),
        "hand_over": _hand_over_of(person),
    }
    return render(request, "people/sign_in.html", context)


@page
@for_administrators
def hours(request: StaffRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    form = forms.WeekForm(_typed(request), person=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_working_hours(
                person=person, hours=form.hours(), seen=form.what_was_seen(), by=request.user
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Working hours saved.")
            return redirect("staff:edit", person.pk)
    return render(request, "people/hours.html", {"form": form, "person": person}, status=form.status)


@page
@for_administrators
def leave(request: StaffRequest, person_id: UUID) -> HttpResponse:
    person = _person(person_id)
    form = forms.LeaveForm(_typed(request), person=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_leave(person=person, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Leave added.")
            return redirect("staff:leave", person.pk)
    context = {
        "form": form,
        "person": person,
        "rows": person.leave.select_related("cover"),
        "stand_ins": _stand_ins_of(person),
    }
    return render(request, "people/leave.html", context)


def _stand_ins_of(person: User) -> list[StandsIn]:
    """Who has this supervisor's lines on which days of leave, now or ahead, the next first."""
    lines = person.lines_as_supervisor.exclude(ends_at__lte=timezone.now())
    rows = stand_ins(lines.select_related("therapist", "deputy"), on=timezone.localdate())
    return sorted(
        (one for days in rows.values() for one in days),
        key=lambda one: (one.starts_on, one.line.therapist.full_name),
    )


@require_POST
@for_administrators
def leave_remove(request: StaffRequest, person_id: UUID, leave_id: UUID) -> HttpResponse:
    rows = Leave.objects.filter(pk=leave_id)
    if not rows.exists():
        messages.error(request, actions.LEAVE_IS_GONE)
        return redirect("staff:leave", person_id)
    try:
        actions.remove_leave(leave=found(rows, person_id=person_id), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Leave removed.")
    return redirect("staff:leave", person_id)


def _person(person_id: UUID) -> User:
    return found(User.objects.all(), pk=person_id, is_system=False)


def _hand_over_of(person: User) -> str:
    """The page on which their courses are given to others: a room above this one has it."""
    try:
        return reverse("caseload:hand_over", args=[person.pk])
    except NoReverseMatch:
        return ""


def _password_link(person: User) -> str:
    """An address at which the person chooses a password once, for as long as a password reset is open."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return str(get_adapter().get_reset_password_from_key_url(key))


# --- Supervision lines ------------------------------------------------------------------------------------------------


@require_safe
@for_administrators
def lines(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    rows = SupervisionLine.objects.select_related("supervisor", "therapist", "deputy")
    running = list(rows.exclude(ends_at__lte=now))
    days = stand_ins(running, on=timezone.localdate(now))
    context = {
        "running": [(row, days.get(row.pk, [])) for row in running],
        "ended": rows.filter(ends_at__lte=now).order_by("-ends_at")[:50],
        "now": now,
    }
    return render(request, "people/lines.html", context)


@page
@for_administrators
def line_add(request: StaffRequest) -> HttpResponse:
    form = forms.LineForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.start_line(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{row.supervisor} supervises {row.therapist}.")
            return redirect("staff:lines")
    return render(request, "people/line_add.html", {"form": form})


@page
@for_administrators
def line(request: StaffRequest, line_id: UUID) -> HttpResponse:
    """Who stands in, and the end of the line."""
    row = _line(line_id)
    form = forms.DeputyForm(_typed(request), instance=_line(line_id))
    if request.method == "POST" and form.is_valid():
        seen = form.what_was_seen()
        try:
            actions.change_line(line=row, seen=seen, by=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved.")
            return redirect("staff:lines")
    context = {"form": form, "end_form": forms.EndLineForm(line=row), **_around(row)}
    return render(request, "people/line.html", context, status=form.status)


@require_POST
@for_administrators
def line_end(request: StaffRequest, line_id: UUID) -> HttpResponse:
    row = _line(line_id)
    form = forms.EndLineForm(request.POST, line=row)
    if form.is_valid():
        try:
            actions.end_line(
                line=row,
                ends_on=form.cleaned_data["ends_on"],
                although_unsigned=form.cleaned_data["although_unsigned"],
                seen=form.what_was_seen(),
                by=request.user,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "The end of the supervision line is set.")
            return redirect("staff:lines")
    context = {"form": forms.DeputyForm(instance=row), "end_form": form, **_around(row)}
    return render(request, "people/line.html", context, status=form.status)


def _around(row: SupervisionLine) -> dict[str, Any]:
    """What hangs on the line, and who stands in on which days."""
    days = stand_ins([row], on=timezone.localdate()).get(row.pk, [])
    return {"line": row, "hangs": hangs_on(row), "stand_ins": days}


def _line(line_id: UUID) -> SupervisionLine:
    rows = SupervisionLine.objects.select_related("supervisor", "therapist", "deputy")
    return found(rows, pk=line_id)


# --- Rooms, holidays, the clinic --------------------------------------------------------------------------------------


@require_safe
@for_administrators
def rooms(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    in_use = Room.objects.in_use(on=today)
    ended = Room.objects.filter(ended_on__lte=today)
    return render(request, "people/rooms.html", {"in_use": in_use, "ended": ended})


@page
@for_administrators
def room_add(request: StaffRequest) -> HttpResponse:
    form = forms.NewRoomForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            room = actions.add_room(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{room.name} was added.")
            return redirect("staff:rooms")
    return render(request, "people/room.html", {"form": form, "room": None})


@page
@for_administrators
def room_edit(request: StaffRequest, room_id: UUID) -> HttpResponse:
    room = found(Room.objects.all(), pk=room_id)
    form = forms.RoomForm(_typed(request), instance=found(Room.objects.all(), pk=room_id))
    if request.method == "POST" and form.is_valid():
        seen = form.what_was_seen()
        try:
            actions.change_room(room=room, seen=seen, by=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved.")
            return redirect("staff:rooms")
    return render(request, "people/room.html", {"form": form, "room": room}, status=form.status)


@page
@for_administrators
def holidays(request: StaffRequest) -> HttpResponse:
    """The days on which the clinic is closed; one more is added here."""
    form = forms.HolidayForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        day, name = form.cleaned_data["day"], form.cleaned_data["name"]
        try:
            actions.add_holidays(days={day: name}, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"The clinic is closed on {day:%a} {day.day} {day:%b %Y}.")
            return redirect("staff:holidays")
    today = timezone.localdate()
    context = {
        "form": form,
        "ahead": Holiday.objects.filter(day__gte=today),
        "past": Holiday.objects.filter(day__lt=today).reverse()[:20],
        "propose_form": forms.ProposedHolidaysForm(proposed=_not_listed(today)),
    }
    return render(request, "people/holidays.html", context)


@require_POST
@for_administrators
def holidays_propose(request: StaffRequest) -> HttpResponse:
    form = forms.ProposedHolidaysForm(request.POST, proposed=_not_listed(timezone.localdate()))
    if form.is_valid():
        days = form.chosen()
        try:
            actions.add_holidays(days=days, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, f"{len(days)} bank holidays were added.")
    else:
        messages.error(request, "Nothing was added: tick at least one day that is not on the list yet.")
    return redirect("staff:holidays")


@require_POST
@for_administrators
def holiday_remove(request: StaffRequest, year: int, month: int, day: int) -> HttpResponse:
    try:
        closed = date(year, month, day)
    except ValueError:
        raise Http404 from None
    try:
        holiday = actions.remove_holiday(day=closed, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{holiday.name} was removed: the clinic works on that day.")
    return redirect("staff:holidays")


def _not_listed(today: date) -> dict[date, str]:
    """Bank holidays of this year and the next two that lie ahead and that the clinic does not have."""
    known = set(Holiday.objects.filter(day__gte=today).values_list("day", flat=True))
    proposed = bank_holidays_of_england(range(today.year, today.year + YEARS_AHEAD + 1))
    return {day: name for day, name in proposed.items() if day >= today and day not in known}


@page
def settings(request: StaffRequest) -> HttpResponse:
    """What the clinic decides for itself. Administrators and the lead see all of it, and each changes what is theirs."""
    allow(policy.may_see_settings(request.user))
    form = forms.ClinicForm(
        _typed(request), instance=actions.clinic(), theirs=settings_page.theirs(request.user)
    )
    put_back = request.POST.get("put_back", "")
    if put_back in form.theirs:
        form.put_back(put_back)
    elif request.method == "POST" and form.is_valid():
        seen = form.what_was_seen()
        try:
            actions.change_clinic(seen=seen, by=request.user, **form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved.")
            return redirect("staff:settings")
    context = {
        "form": form,
        "groups": settings_page.groups(form, put_back=put_back),
        "manages": policy.may_manage_staff(request.user),
        "enters_wording": policy.may_enter_wording(request.user),
    }
    return render(request, "people/settings.html", context, status=form.status)
