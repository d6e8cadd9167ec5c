"""Addresses of a course's alerts, all under the course."""

from django.urls import path

from outcomes import views

app_name = "outcomes"
urlpatterns = [path("<uuid:alert_id>/", views.alert, name="alert")]
