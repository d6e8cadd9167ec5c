"""Addresses of a course's people and circles. The noun is `interpersonal`; the code of some needs to know how far the course
is."""

from django.urls import path

from interpersonal import views
from record import relationships

app_name = "interpersonal"
urlpatterns = [
    path("relationships/", relationships.people, name="people"),
    path("relationships/add/", views.person_new, name="person_new"),
    path("relationships/compare/", views.compare_pictures, name="compare"),
    path("relationships/pictures/keep/", relationships.picture_new, name="picture_new"),
    path("relationships/pictures/<uuid:picture_id>/", views.picture, name="picture"),
    path("relationships/<uuid:person_id>/", views.person, name="person"),
    path("relationships/<uuid:person_id>/place/", views.place, name="place"),
    path("relationships/<uuid:person_id>/take-off/", views.take_off, name="take_off"),
    path("relationships/<uuid:person_id>/safety/", views.concern, name="concern"),
]
