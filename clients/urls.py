from django.urls import path

from clients import merge_views, views

app_name = "clients"
urlpatterns = [
    path("new/", views.register, name="register"),
    path("alike/", views.alike, name="alike"),
    path("<uuid:client_id>/", views.detail, name="detail"),
    path("<uuid:client_id>/edit/", views.edit, name="edit"),
    path("<uuid:client_id>/merge/", merge_views.choose, name="merge"),
    path("<uuid:client_id>/merge/<uuid:other_id>/", merge_views.preview, name="merge_with"),
    path("<uuid:client_id>/merges/<uuid:merge_id>/part/", merge_views.part, name="part"),
]
