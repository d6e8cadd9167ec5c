"""Links to questionnaires, as those see them who send them: therapists, and administrators, who see how far a client came and
never an answer. The addresses are the noun's, `outcomes`; the code is here, since a link is sent for a session."""

import base64
from uuid import UUID

import qrcode
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from access import policy
from access.found import allow, found
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.models import Course
from outcomes import links
from outcomes.measures import BY_CODE
from outcomes.models import Link
from sessions import link_panel
from sessions.link_forms import LinkForm
from sessions.links import send_for, session_for
from sessions.models import TherapySession
from staff.models import Clinic
from staff.requests import StaffRequest

NOTHING_NEW = 204


@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """Choose questionnaires; then they go by mail, or the address and its code are shown once."""
    course = _course(request, course_id)
    allow(policy.may_send_link(request.user, course))
    session = _session(request, course)
    form = _form(request, course)
    if request.method == "POST" and form.is_valid():
        try:
            link, token = send_for(
                course=course, session=session, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            if link.how == Link.How.HAND:
                return _shown_once(request, course, link, token)
            messages.success(request, f"The link is on its way to {course.client.called}.")
            return redirect("courses:detail", course.pk)
    trail.record(
        Action.READ, "Page to send a link to questionnaires", by=request.user, about=course, request=request
    )
    live = Link.objects.visible_to(request.user).live(at=timezone.now()).filter(course=course).first()
    context = {
        "banner": banner_for(course.client, user=request.user),
        "course": course,
        "form": form,
        "live_state": links.state_of(live) if live else None,
        "session": session,
        "why_no_mail": links.why_no_mail(course.client),
    }
    return render(request, "outcomes/link_new.html", context, status=422 if form.errors else 200)


@require_POST
def link_withdraw(request: StaffRequest, course_id: UUID, link_id: UUID) -> HttpResponse:
    course = _course(request, course_id)
    allow(policy.may_send_link(request.user, course))
    link = found(Link.objects.visible_to(request.user).filter(course=course), pk=link_id)
    try:
        links.withdraw_link(link=link, by=request.user)
        messages.success(request, "The link is withdrawn: it cannot be opened any more.")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("courses:detail", course.pk)


@require_safe
def links_now(request: StaffRequest, course_id: UUID) -> HttpResponse:
    """The panel of the course page as it stands now; nothing where the page shows that already."""
    course = found(link_panel.with_links(Course.objects.visible_to(request.user), request.user), pk=course_id)
    panel = link_panel.panel_of(course, request.user)
    if panel.mark == request.GET.get("mark", ""):
        return HttpResponse(status=NOTHING_NEW)
    trail.record(Action.READ, "Links to questionnaires", by=request.user, about=course, request=request)
    return render(request, "outcomes/_links.html", {"course": course, "links": panel})


def _course(request: StaffRequest, course_id: UUID) -> Course:
    return found(Course.objects.visible_to(request.user).select_related("client"), pk=course_id)


def _session(request: StaffRequest, course: Course) -> TherapySession | None:
    """The session that the address names, while it may be filled in for it; else the one that comes within the link's time."""
    next_one = session_for(course, request.user, at=timezone.now())
    try:
        wanted = UUID(request.GET.get("session", ""))
    except ValueError:
        return next_one
    rows = TherapySession.objects.visible_to(request.user).filter(course=course, entered_in_error_at=None)
    return rows.filter(pk=wanted, attendance=None).first() or next_one


def _form(request: StaffRequest, course: Course) -> LinkForm:
    clinic = Clinic.objects.first() or Clinic()
    sees_goals = policy.treats(request.user, course)
    names = {code: f"{measure.name}, {measure.about.lower()}" for code, measure in BY_CODE.items()}
    if sees_goals:
        names[links.GOALS] = "Goals of the course"
    offered = [(code, name) for code, name in names.items() if not links.why_not(code, course)]
    preset = [code for code, _ in offered if code in clinic.link_measures]
    mail = "" if links.why_no_mail(course.client) else course.client.email
    return LinkForm(
        request.POST if request.method == "POST" else None, offered=offered, preset=preset, mail=mail
    )


def _shown_once(request: StaffRequest, course: Course, link: Link, token: str) -> HttpResponse:
    """The answer to the POST itself: the address is stored nowhere, so no other page can show it."""
    address = links.address_of(token)
    drawn = qrcode.make(address, image_factory=SvgPathImage, border=2).to_string()
    context = {
        "address": address,
        "banner": banner_for(course.client, user=request.user),
        "course": course,
        "link": link,
        "names": links.names_of(link.measures),
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}",
    }
    return render(request, "outcomes/link_shown.html", context)
