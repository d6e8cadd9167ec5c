"""Addresses: the noun first, each room's own list under it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from people.admin import reference_site
from people.again import again


def closed(request: HttpRequest) -> HttpResponse:
    """allauth lets people change their own email; here administrators do, since it is what one signs in with."""
    raise Http404


urlpatterns = [
    path("account/email/", closed, name="account_email"),
    path("", include("caseload.urls")),
    path("clients/", include("clients.urls")),
    path("courses/", include("record.urls")),
    path("courses/<uuid:course_id>/", include("sessions.urls")),
    path("courses/<uuid:course_id>/", include("sessions.outcome_urls")),
    path("courses/<uuid:course_id>/", include("record.work_urls")),
    path("courses/<uuid:course_id>/", include("record.interpersonal_urls")),
    path("", include("referrals.urls")),
    path("", include("supervision.urls")),
    path("measures/", include("outcomes.wording_urls")),
    path("q/", include("outcomes.by_link_urls")),
    path("refer/", include("referrals.self_referral_urls")),
    path("people/", include("people.urls")),
    path("again/", again, name="again"),
    path("account/", include("allauth.urls")),
    path("reference/", reference_site.urls),
]
