"""Addresses of the questionnaires themselves, which belong to no course."""

from django.urls import path

from outcomes import wording_views

app_name = "measures"
urlpatterns = [path("wording/<slug:code>/", wording_views.wording, name="wording")]
