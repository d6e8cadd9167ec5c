"""Addresses of a course. The noun is `courses`; the code lives in the highest room that it needs."""

from django.urls import URLPattern

app_name = "courses"
urlpatterns: list[URLPattern] = []
