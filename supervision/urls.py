"""Addresses of supervision: supervision/… for the pages of people, courses/<course>/… for those of one course."""

from django.urls import URLPattern

app_name = "supervision"
urlpatterns: list[URLPattern] = []
