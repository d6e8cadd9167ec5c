"""Addresses that everybody may open."""

from django.urls import path

from referrals import self_referral_views as views

app_name = "refer"
urlpatterns = [
    path("", views.start, name="start"),
    path("form/", views.form, name="form"),
    path("received/", views.received, name="received"),
    path("received/help/", views.received_help, name="received_help"),
]
