"""Addresses: the noun first, each room's own list under it."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("caseload.urls")),
    path("clients/", include("clients.urls")),
    path("courses/", include("record.urls")),
    path("courses/<uuid:course_id>/sessions/", include("sessions.urls")),
    path("courses/<uuid:course_id>/alerts/", include("outcomes.urls")),
    path("people/", include("staff.urls")),
    path("account/", include("allauth.urls")),
    path("reference/", admin.site.urls),
]
