"""Addresses of a client's own pages. Only the first holds a token, and it is exchanged for a cookie at once."""

from django.urls import path, re_path

from outcomes import by_link_views

app_name = "by_link"
urlpatterns = [
    path("", by_link_views.start, name="start"),
    path("<int:number>/", by_link_views.question, name="question"),
    path("<int:number>/help/", by_link_views.help_now, name="help"),
    path("review/", by_link_views.review, name="review"),
    path("finished/", by_link_views.finished, name="finished"),
    path("ended/", by_link_views.ended, name="ended"),
    # Last: whatever else stands here is a token, also one that a mail program has cut or broken.
    re_path(r"^(?P<token>.+?)/?$", by_link_views.open_link, name="open"),
]
