"""Addresses of lists: everybody's first page, and who carries what."""

from django.urls import path

from caseload import handover_views, office_views, screening_views, views, waiting_views

app_name = "caseload"
urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("today/appointments/", views.appointments, name="appointments"),
    path("caseload/", views.mine, name="mine"),
    path("supervisees/", views.supervisees, name="supervisees"),
    path("all/", views.whole_clinic, name="all"),
    path("clinic/", views.clinic, name="clinic"),
    path("waiting/", waiting_views.waiting_list, name="waiting"),
    path("waiting/acts/", waiting_views.acts, name="waiting_acts"),
    path("screening/", screening_views.to_screen, name="screening"),
    path("office/", office_views.office, name="office"),
    path("office/<slug:slug>/", office_views.duty, name="duty"),
    path("find/", views.find, name="find"),
    path("unsigned/", views.unsigned_notes, name="unsigned"),
    path("people/<uuid:person_id>/hand-over/", handover_views.hand_over, name="hand_over"),
    path("attention/<slug:slug>/", views.attention, name="attention"),
]
