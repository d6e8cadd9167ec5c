"""Addresses of a course's questionnaires, beside those of its alerts and links. The noun is `outcomes`; the code of these
needs to know at which session a questionnaire was given."""

from django.urls import path

from outcomes import goal_views, urls
from sessions import link_views, measure_views

app_name = "outcomes"
urlpatterns = [
    *urls.urlpatterns,
    path("measures/", measure_views.measures, name="measures"),
    path("measures/new/", measure_views.measure_new, name="measure_new"),
    path("measures/<uuid:response_id>/", measure_views.response, name="response"),
    path("measures/<uuid:response_id>/error/", measure_views.response_error, name="response_error"),
    path("links/", link_views.links_now, name="links"),
    path("links/new/", link_views.link_new, name="link_new"),
    path("links/<uuid:link_id>/withdraw/", link_views.link_withdraw, name="link_withdraw"),
    path("goals/", goal_views.goals, name="goals"),
]
