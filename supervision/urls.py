"""Addresses of supervision: supervision/… for the pages of people, courses/<course>/… for those of one course."""

from django.urls import URLPattern, path

from supervision import cosign_views

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    path("supervision/cosign/", cosign_views.cosign, name="cosign"),
]
