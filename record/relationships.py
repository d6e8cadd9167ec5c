"""The page of a course's relationships, and keeping a picture of them: what needs to know how far the course is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from access import policy
from access.found import allow
from audit import trail
from audit.models import Action
from courses.finding import readable_course
from courses.models import Course
from interpersonal.actions import keep_picture
from interpersonal.board import Board, as_key, board_of
from interpersonal.forms import PictureForm
from interpersonal.models import Person, Picture
from interpersonal.views import page, place_form
from sessions import mentions
from sessions.models import TherapySession
from staff.models import User
from staff.requests import StaffRequest


@dataclass(frozen=True)
class Proposal:
    """That a picture is kept now: which, and why."""

    moment: str
    words: str


@require_safe
def people(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    trail.record(Action.READ, "Relationships", by=request.user, about=course, request=request)
    chosen = as_key(request.GET.get("person", ""))
    board = board_of(course, request.user, shown=request.GET.get("show", ""), chosen=chosen)
    pictures = list(Picture.objects.visible_to(request.user).filter(course=course))
    held = _held(course, request.user)
    may_write = policy.may_write_work(request.user, course)
    return page(
        request,
        course,
        "people",
        board=board,
        pictures=pictures,
        counts={"people": len(board.people)},
        begun=_begun(board, held),
        came_up=_came_up(board, course, request.user),
        proposal=propose(board, pictures, course, len(held)) if may_write else None,
        may_write=may_write,
        said="",
        refused=False,
        **place_form(request, board),
    )


def _came_up(board: Board, course: Course, user: User) -> list[tuple[Person, list[mentions.CameUp]]]:
    """Who on the list was named in signed sessions, and in which."""
    sessions = mentions.came_up(course, user)
    return [(person, sessions[person.pk]) for person in board.people if person.pk in sessions]


@require_http_methods(["GET", "HEAD", "POST"])
def picture_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Keeps the circles as they stand."""
    course = readable_course(request.user, course_id)
    allow(policy.may_write_work(request.user, course))
    held = _held(course, request.user)
    board = board_of(course, request.user, shown="now")
    pictures = list(Picture.objects.visible_to(request.user).filter(course=course))
    proposal = propose(board, pictures, course, len(held))
    first = {"moment": proposal.moment if proposal else Picture.Moment.OTHER}
    form = PictureForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            kept = keep_picture(
                course=course, by=request.user, session_number=len(held) or None, **form.cleaned_data
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The picture is kept.")
            return redirect("interpersonal:picture", course.pk, kept.pk)
    return page(request, course, "picture_new", form=form, board=board, held=len(held))


def propose(board: Board, pictures: list[Picture], course: Course, held: int) -> Proposal | None:
    """Which picture the page proposes: the start once somebody is placed, then the half-way and the ending."""
    kept = {picture.moment for picture in pictures}
    if not board.placed:
        return None
    if Picture.Moment.START not in kept:
        words = "Keep a picture of the start now, so that you can see later what has moved."
        return Proposal(Picture.Moment.START, words)
    if held >= course.planned_sessions - 1 and Picture.Moment.END not in kept:
        return Proposal(
            Picture.Moment.END, "The course ends soon: go through the circles and keep a picture of the end."
        )
    if 2 * held >= course.planned_sessions and not kept & {Picture.Moment.MIDDLE, Picture.Moment.END}:
        words = f"Half-way, at session {held}: look at the circles again and keep a picture of the mid-point."
        return Proposal(Picture.Moment.MIDDLE, words)
    return None


def _held(course: Course, user: User) -> list[datetime]:
    """When the numbered sessions of the course were, the first one first."""
    rows = TherapySession.objects.visible_to(user).filter(course=course).numbered()
    return list(rows.order_by("starts_at").values_list("starts_at", flat=True))


def _begun(board: Board, held: list[datetime]) -> str:
    """ "begun at session 2, last changed at session 6"; empty while there is nobody."""
    if not board.people:
        return ""
    first = sum(at <= min(person.added_at for person in board.people) for at in held)
    last = sum(at <= max(person.changed_at for person in board.people) for at in held)
    begun = f"begun at session {first}" if first else "begun before the first session"
    return begun if last == first else f"{begun}, last changed at session {last}"
