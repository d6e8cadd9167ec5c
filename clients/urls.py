from django.urls import path

from clients import views

app_name = "clients"
urlpatterns = [
    path("new/", views.register, name="register"),
    path("alike/", views.alike, name="alike"),
    path("<uuid:client_id>/", views.detail, name="detail"),
    path("<uuid:client_id>/edit/", views.edit, name="edit"),
]
