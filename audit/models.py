"""The trail: who did what to whom, when and why. Rows are added and never changed; former values are in the history tables."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Action(models.TextChoices):
    READ = "read", "Read"
    LIST = "list", "Listed"
    CREATE = "create", "Created"
    CHANGE = "change", "Changed"
    SIGN = "sign", "Signed"
    DENIED = "denied", "Was refused"


class Event(models.Model):
    """One sentence of the trail. Object and course are kept as keys, not as foreign keys: the trail outlives its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=10, choices=Action.choices)
    what = models.CharField(
        max_length=80, help_text="What was done, in a few words and without clinical content."
    )
    object_type = models.CharField(max_length=40, blank=True)
    object_ids = ArrayField(models.UUIDField(), default=list)
    client_id = models.UUIDField(null=True)
    course_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.UUIDField(null=True)

    class Meta:
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("course_id", "-at"), name="audit_by_course"),
            models.Index(fields=("client_id", "-at"), name="audit_by_client"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"
