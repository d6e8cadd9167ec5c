"""Addresses: the noun first, each room's own list under it."""

from django.urls import include, path

from staff.admin import reference_site

urlpatterns = [
    path("", include("caseload.urls")),
    path("clients/", include("clients.urls")),
    path("courses/", include("record.urls")),
    path("courses/<uuid:course_id>/sessions/", include("sessions.urls")),
    path("courses/<uuid:course_id>/alerts/", include("outcomes.urls")),
    path("people/", include("people.urls")),
    path("account/", include("allauth.urls")),
    path("reference/", reference_site.urls),
]
