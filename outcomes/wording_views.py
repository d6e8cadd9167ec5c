"""An administrator's page on which the clinic enters the words of a questionnaire that it holds a licence for."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access import policy
from access.found import allow
from outcomes.measures import BY_CODE, Measure
from outcomes.wording_actions import enter_wording, newest_of, versions_of, what_stands
from outcomes.wording_forms import WordingForm
from staff.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: StaffRequest, code: str) -> HttpResponse:
    """The words that stand, to be changed, and the earlier versions."""
    allow(policy.may_enter_wording(request.user))
    measure = _measure(code)
    newest = newest_of(measure)
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        measure=measure,
        shows=what_stands(measure, newest),
        number=newest.number if newest else 0,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = enter_wording(
                measure=measure.code, by=request.user, seen=form.what_was_seen(), **form.given()
            )
        except ValidationError as refusal:
            form.refuse(refusal)
            form.sees(newest_of(measure))
        else:
            messages.success(
                request, f"The {measure.name} is asked in these words from now on: version {row.number}."
            )
            return redirect("measures:wording", measure.code)
    context = {"form": form, "measure": measure, "newest": newest, "versions": versions_of(measure)}
    return render(request, "outcomes/wording.html", context, status=form.status)


def _measure(code: str) -> Measure:
    measure = BY_CODE.get(code)
    if measure is None or measure.has_exact_wording:
        raise Http404
    return measure
