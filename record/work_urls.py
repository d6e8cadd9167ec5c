"""Pages on which the record composes one course's work: the timeline, what was worked on."""

from django.urls import path

from interpersonal import timeline_views as entries
from record import print_views, timeline_views, work_views

app_name = "record"
urlpatterns = [
    path("print/", print_views.print_course, name="print"),
    path("timeline/", timeline_views.timeline, name="timeline"),
    path("timeline/new/", entries.entry_new, name="timeline_new"),
    path("timeline/<uuid:entry_id>/", entries.entry, name="timeline_entry"),
    path("work/", work_views.work, name="work"),
]
