"""Pages of the client's people: add and change, move, take off, a safety concern; a kept picture, and two of them compared."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.finding import readable_course
from courses.models import Course
from interpersonal import compare
from interpersonal.actions import (
    add_person,
    change_person,
    note_concern,
    place_person,
    take_off_person,
    what_it_says,
)
from interpersonal.board import as_key, board_of, drawing_of, people_of, place_in_words, standing_of
from interpersonal.forms import AddPersonForm, ChangePersonForm, ConcernForm, PlaceForm, ReasonForm
from interpersonal.models import Person, Picture, SafetyConcern
from staff.requests import StaffRequest

NOW = "now"
READ_CONCERN = "Safety concern about a person"


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    form = AddPersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        another = form.cleaned_data["another"]
        try:
            person = add_person(course=course, values=form.values(), another=another, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{person.name} is on the list.")
            return redirect(_address(person))
    return page(request, course, "person_new", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    """Everything about one person, to be changed."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    person = _person(request, course, person_id)
    form = ChangePersonForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_bound and form.is_valid():
        try:
            changed = change_person(
                person=person,
                version=form.based_on(),
                values=form.values(),
                seen=form.what_was_seen(),
                by=request.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"What you wrote about {changed.name} is kept.")
            return redirect(_address(changed))
    elif form.is_bound:
        form.tell(person, what_it_says(person))
    _read(request, course, "Page to change a person", person)
    return page(request, course, "person_edit", status=form.status, form=form, person=person)


@require_POST
def place(request: StaffRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    """Moves somebody. The page's script takes the whole board as it stands then; without script the page comes again."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    person = _person(request, course, person_id)
    form = PlaceForm(request.POST)
    refusal, moved = "", None
    if form.is_valid():
        try:
            moved = place_person(
                person=person, version=form.cleaned_data["version"], by=request.user, **form.where()
            )
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
    else:
        refusal = "That is no place in the circles. Open this page again."
    said = refusal or f"{person.name}: {place_in_words(moved or person)}."
    if request.headers.get("HX-Request"):
        board = board_of(
            course,
            request.user,
            shown=request.GET.get("show", ""),
            chosen=as_key(request.GET.get("person", "")),
        )
        context = {
            "board": board,
            "course": course,
            "said": said,
            "refused": bool(refusal),
            "may_write": True,
        }
        context |= place_form(request, board)
        return render(request, "interpersonal/_board.html", context, status=409 if refusal else 200)
    (messages.error if refusal else messages.success)(request, said)
    return redirect(_address(person))


@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: StaffRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    person = _person(request, course, person_id)
    refusal = ""
    if request.method == "POST":
        try:
            take_off_person(person=person, by=request.user)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
        else:
            messages.success(
                request, f"{person.name} is off the list. Pictures that you kept still show them."
            )
            return redirect("interpersonal:people", course.pk)
    _read(request, course, "Page to take a person off the list", person)
    return page(request, course, "take_off", person=person, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: StaffRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    """Safety concerns about one person. Who carries the course reads and adds; others say first why they read, each time."""
    course = readable_course(request.user, course_id)
    allow(policy.may_read_concern(request.user, course))
    person = found(Person.objects.visible_to(request.user).filter(course=course), pk=person_id)
    directly = policy.reads_concern_directly(request.user, course)
    may_write = policy.may_write_work(request.user, course) and person.removed_at is None
    sent = request.POST if request.method == "POST" else None
    if not directly:
        reason = ReasonForm(sent)
        if not (reason.is_bound and reason.is_valid()):
            return page(request, course, "concern_reason", form=reason, person=person)
        return _concerns(request, course, person, why=reason.cleaned_data["reason"])
    allow(may_write or sent is None)
    form = ConcernForm(sent) if may_write else None
    if form and form.is_bound and form.is_valid():
        try:
            note_concern(person=person, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The concern is noted. Consider whether an alert is needed too.")
            return redirect("interpersonal:concern", course.pk, person.pk)
    return _concerns(request, course, person, form=form)


@require_safe
def picture(request: StaffRequest, course_id: UUID, picture_id: UUID) -> HttpResponse:
    """One kept picture."""
    course = readable_course(request.user, course_id)
    rows = Picture.objects.visible_to(request.user).filter(course=course).select_related("by")
    kept = found(rows, pk=picture_id)
    places = list(kept.places.all())
    _read(request, course, "Picture of the circles", kept)
    others = list(Picture.objects.visible_to(request.user).filter(course=course).exclude(pk=kept.pk))
    return page(
        request,
        course,
        "picture",
        picture=kept,
        drawing=drawing_of(course, places),
        places=[standing_of(place) for place in places],
        others=others,
    )


@require_safe
def compare_pictures(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Two pictures, or a picture and now, side by side and one over the other."""
    course = readable_course(request.user, course_id)
    pictures = list(Picture.objects.visible_to(request.user).filter(course=course).prefetch_related("places"))
    people = list(people_of(course, request.user))
    by_key = {str(kept.pk): kept for kept in pictures}
    then = by_key.get(as_key(request.GET.get("then", ""))) or (pictures[0] if pictures else None)
    now = by_key.get(as_key(request.GET.get("now", "")))
    _read(request, course, "Two pictures of the circles")
    context: dict[str, Any] = {"pictures": pictures, "then": then, "now": now}
    if then is not None:
        before, after = list(then.places.all()), list(now.places.all()) if now else people
        changes = compare.changes(
            {place.person_id: standing_of(place) for place in before},
            {(row.person_id if now else row.pk): standing_of(row) for row in after},
        )
        context |= {
            "changes": changes,
            "said": compare.in_words(changes),
            "before": drawing_of(course, before),
            "after": drawing_of(course, after),
            "over": drawing_of(course, after, before),
        }
    return page(request, course, "compare", **context)


def page(
    request: StaffRequest, course: Course, name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "course": course,
        "client": course.client,
        "banner": banner_for(course.client, user=request.user),
    }
    return render(request, f"interpersonal/{name}.html", context, status=status)


def place_form(request: StaffRequest, board: Any) -> dict[str, Any]:
    """The form by which the person who is chosen is moved without dragging."""
    if board.chosen is None:
        return {"form": None}
    person = board.chosen.person
    said = what_it_says(person)
    first = {"version": person.version, "ring": said["ring"], "direction": said["direction"]}
    return {"form": PlaceForm(initial=first)}


def _concerns(
    request: StaffRequest, course: Course, person: Person, *, why: str = "", form: Any = None
) -> HttpResponse:
    rows = SafetyConcern.objects.visible_to(request.user).filter(person=person).select_related("by")
    trail.record(
        Action.READ,
        READ_CONCERN,
        by=request.user,
        about=person,
        client_id=course.client_id,
        reason=why,
        request=request,
    )
    may_raise = policy.may_raise_alert(request.user, course)
    return page(
        request,
        course,
        "concern",
        person=person,
        concerns=list(rows),
        form=form,
        why=why,
        may_raise=may_raise,
    )


def _person(request: StaffRequest, course: Course, person_id: UUID) -> Person:
    rows = Person.objects.visible_to(request.user).filter(course=course).standing()
    return found(rows.select_related("course__client"), pk=person_id)


def _address(person: Person) -> str:
    return f"{reverse('interpersonal:people', args=[person.course_id])}?person={person.pk}"


def _read(request: StaffRequest, course: Course, what: str, about: Any = None) -> None:
    trail.record(
        Action.READ,
        what,
        by=request.user,
        about=about or course,
        client_id=course.client_id,
        request=request,
    )
