"""Links by which a client fills in questionnaires without signing in. Neither the link nor the cookie that it is exchanged for
is stored, only their hashes; what the client may do with them is said in access/rls."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from access.querysets import DiaryQuerySet
from courses.models import Course

LASTS = timedelta(hours=72)
TRIES = 5  # to confirm the date of birth; access/rls says it a second time


class EndReason(models.TextChoices):
    FINISHED = "finished", "Finished"
    REPLACED = "replaced", "Replaced by a newer link"
    EXPIRED = "expired", "Expired"
    TRIES = "tries", "The date of birth was wrong five times"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LinkQuerySet(DiaryQuerySet):
    def live(self, *, at: datetime) -> "LinkQuerySet":
        """Can still be filled in."""
        return self.filter(ended_at=None, expires_at__gt=at)


class Link(models.Model):
    """One course, one set of questionnaires, to be filled in once. `measures` are codes in the order in which they are asked;
    `goals` stands for the goals of the course. The moments say how far the client came: opened, begun, left, finished."""

    class How(models.TextChoices):
        MAIL = "mail", "By mail"
        HAND = "hand", "Handed over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="links")
    measures = ArrayField(models.CharField(max_length=10))
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    how = models.CharField(max_length=4, choices=How.choices)
    for_day = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    last_answer_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                name="one_live_link_of_a_course",
                fields=("course",),
                condition=Q(ended_at=None),
                violation_error_message="Somebody has sent a newer link meanwhile.",
            ),
            models.CheckConstraint(
                name="link_asks_something",
                condition=Q(measures__len__gte=1),
                violation_error_message="Choose at least one questionnaire.",
            ),
            models.CheckConstraint(
                name="link_ends_for_a_reason",
                condition=Q(ended_at=None, end_reason="")
                | Q(ended_at__isnull=False, end_reason__in=EndReason.values),
            ),
            models.CheckConstraint(
                name="link_lasts_72_hours_at_most",
                condition=Q(expires_at__lte=models.F("created_at") + LASTS),
                violation_error_message="A link lasts 72 hours at most.",
            ),
        )

    def __str__(self) -> str:
        return f"Link of {self.created_at:%d %b %Y, %H:%M}"

    def is_live(self, *, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at


class LinkVisit(models.Model):
    """A browser in which a link was opened. Nobody reads these rows: the functions that a client's pages call do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="visits")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    started_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ("started_at",)

    def __str__(self) -> str:
        return f"Opened {self.started_at:%d %b %Y, %H:%M}"
