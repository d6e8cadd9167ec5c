"""Addresses of a course's questionnaires, alerts, safety plan and signals, all under the course."""

from django.urls import path

from outcomes import views

app_name = "outcomes"
urlpatterns = [path("alerts/<uuid:alert_id>/", views.alert, name="alert")]
