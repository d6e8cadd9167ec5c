"""Addresses of a course's questionnaires, alerts, safety plan and signals, all under the course."""

from django.urls import path

from outcomes import safety_plan_views, signal_views, views

app_name = "outcomes"
urlpatterns = [
    path("alerts/new/", views.alert_new, name="alert_new"),
    path("alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path("safety-plan/", safety_plan_views.plan, name="plan"),
    path("safety-plan/edit/", safety_plan_views.plan_edit, name="plan_edit"),
    path("safety-plan/print/", safety_plan_views.plan_print, name="plan_print"),
    path("safety-plan/copy/", safety_plan_views.plan_copy, name="plan_copy"),
    path("safety-plan/<int:number>/", safety_plan_views.plan_version, name="plan_version"),
    path("signals/<uuid:signal_id>/", signal_views.signal, name="signal"),
]
