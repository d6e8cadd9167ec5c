"""A course's goals: agreed in the client's words, rated from 0 to 10 for a day, ended. One page with a form for each act."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access import policy
from access.forms import ActionForm
from access.found import allow
from audit import trail
from audit.models import Action
from clients.banner import banner_for
from courses.finding import readable_course
from courses.goal_actions import GOALS, agree_goal, end_goal
from courses.models import Course, Goal
from outcomes.entry_actions import rate_goals
from outcomes.entry_forms import GoalForm, RatingsForm
from outcomes.goals import goals_of
from outcomes.measures import GOAL_SCALE
from staff.models import User
from staff.requests import StaffRequest

DONE = {
    "agree": "The goal is agreed.",
    "rate": "The goals are rated.",
    "end": "The goal has ended. Its ratings stay.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: StaffRequest, course_id: UUID) -> HttpResponse:
    course = readable_course(request.user, course_id)
    may_enter = policy.may_enter_measures(request.user, course)
    allow(may_enter or request.method != "POST")
    lines = goals_of(course, request.user)
    standing = [line for line in lines if line.goal.ended_at is None]
    act = request.POST.get("act", "")
    rated = [line.goal for line in standing]
    forms: dict[str, ActionForm] = {
        "agree": GoalForm(request.POST if act == "agree" else None),
        "rate": RatingsForm(request.POST if act == "rate" else None, goals=rated),
        "end": ActionForm(request.POST if act == "end" else None),
    }
    refused = forms.get(act)
    if refused is not None and refused.is_valid():
        try:
            _do(act, course, refused, request.POST.get("goal", ""), request.user)
        except ValidationError as refusal:
            refused.refuse(refusal)
        else:
            messages.success(request, DONE[act])
            return redirect("outcomes:goals", course.pk)
    trail.record(
        Action.READ,
        "Goals of a course",
        by=request.user,
        about=course,
        client_id=course.client_id,
        request=request,
    )
    context = {
        "course": course,
        "banner": banner_for(course.client, user=request.user),
        "standing": standing,
        "ended": [line for line in lines if line.goal.ended_at],
        "forms": forms,
        "refused": refused,
        "may_enter": may_enter,
        "may_agree": may_enter and len(standing) < GOALS,
        "scale": GOAL_SCALE,
        "today": timezone.localdate(),
    }
    return render(request, "outcomes/goals.html", context)


def _do(act: str, course: Course, form: ActionForm, key: str, by: User) -> None:
    if isinstance(form, GoalForm):
        agree_goal(course=course, by=by, **form.cleaned_data)
    elif isinstance(form, RatingsForm):
        rate_goals(course=course, ratings=form.ratings(), rated_on=form.cleaned_data["rated_on"], by=by)
    else:
        end_goal(goal=_goal(course, key, by), by=by)


def _goal(course: Course, key: str, user: User) -> Goal:
    """By the key that its own button sends. ValidationError where it is none."""
    try:
        rows = Goal.objects.visible_to(user).filter(course=course, pk=UUID(key))
        goal = rows.select_related("course").first()
    except ValueError:
        goal = None
    if goal is None:
        raise ValidationError("Choose one of the goals on this page.")
    return goal
