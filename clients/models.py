"""The person in therapy: who they are and how they may be reached; and that two records were of one person. Nothing clinical
stands here; administrators read it."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right, Upper
from django.utils import timezone

from access import policy
from clients import nhs_number, similar
from staff.models import User


def check_nhs_number(value: str) -> None:
    try:
        nhs_number.cleaned(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def check_born_in_the_past(value: date) -> None:
    if value > timezone.localdate():
        raise ValidationError("The date of birth lies in the future.")
    if value.year < 1900:
        raise ValidationError("Check the year of the date of birth.")


def last_digits(phone: Any) -> Right:
    """The last nine digits of a phone as it was typed, +44 or 0 before them. The index `clients_by_phone_end` is over it, and
    `clients_alike` in access/rls writes the same."""
    digits = Func(F(phone), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
    return Right(digits, 9)


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User) -> Self:
        """Clients whose name and contact this person may see. Who was merged with another stands there no more: their courses
        are the other's, and so is their address (`clients.merged`)."""
        standing = self.filter(merged_into=None)
        if policy.sees_all_names(user):
            return standing
        courses: Any = self.model._meta.get_field("courses").related_model
        mine = courses._base_manager.filter(policy.diaries_of(user, at=timezone.now()))
        return standing.filter(pk__in=mine.values("client"))

    def named_like(self, words: str) -> Self:
        """Whose name or preferred name begins with each of the words, or whose client number or NHS number they are.
        A number asks its index; names of a whole clinic are read through."""
        number = "".join(words.split()).upper().removeprefix("C-")
        if number.isascii() and number.isdigit():
            theirs = Q(number=f"C-{number}") | Q(nhs_number=number)
            return self.filter(theirs | Q(pk__in=self._kept_for(theirs)))
        found = self
        for word in words.split()[:4]:
            found = found.filter(
                Q(first_name__istartswith=word)
                | Q(last_name__istartswith=word)
                | Q(preferred_name__istartswith=word)
            )
        return found

    def _kept_for(self, numbers: Q) -> list[uuid.UUID]:
        """Who holds what stood under a number whose record was merged: the number leads on, as its address does."""
        kept = Func(F("pk"), function="kept_client", output_field=models.UUIDField(null=True))
        merged = self.model._base_manager.filter(numbers).exclude(merged_into=None)
        return [key for key in merged.values_list(kept, flat=True) if key]


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: User) -> Self:
        """Both persons' former values stand in it: for those who see every name."""
        return self.all() if policy.sees_all_names(user) else self.none()

    def reversible(self, *, at: datetime) -> Self:
        return self.filter(undone_at=None, at__gt=at - Merge.REVERSIBLE_FOR)


class Client(models.Model):
    """A person who is, was or may be in therapy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True, editable=False)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    preferred_name = models.CharField(
        max_length=80, blank=True, help_text="What they want to be called, if it is not the first name."
    )
    pronouns = models.CharField(max_length=40, blank=True)
    date_of_birth = models.DateField(validators=[check_born_in_the_past])
    nhs_number = models.CharField(
        "NHS number",
        max_length=14,
        null=True,
        blank=True,
        unique=True,
        validators=[check_nhs_number],
        error_messages={"unique": "Another client has this NHS number."},
    )

    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(max_length=400, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    may_email = models.BooleanField("safe to email", default=False)
    may_leave_message = models.BooleanField("safe to leave a message", default=False)
    may_write_home = models.BooleanField("safe to write home", default=False)
    must_not_be_told = models.TextField(
        "who must not be told",
        max_length=400,
        blank=True,
        help_text="People who must not learn that the client comes here. Shown beside phone and address.",
    )

    gp_name = models.CharField("GP", max_length=120, blank=True)
    gp_practice = models.CharField("practice", max_length=160, blank=True)
    interpreter = models.CharField(
        "interpreter for", max_length=60, blank=True, help_text="The language, if needed."
    )
    needs_step_free = models.BooleanField("needs a step-free room", default=False)
    # The new columns have a default in the database too: the release before this one goes on writing meanwhile.
    needs_evenings = models.BooleanField("can only come in the evening", default=False, db_default=False)
    needs_video = models.BooleanField("can only meet by video", default=False, db_default=False)
    asks_for = models.CharField(
        "asks for a therapist who is",
        max_length=10,
        choices=[("", "No wish"), ("woman", "a woman"), ("man", "a man")],
        blank=True,
        default="",
        db_default="",
    )
    other_needs = models.TextField(max_length=400, blank=True)
    emergency_name = models.CharField("emergency contact", max_length=120, blank=True)
    emergency_relation = models.CharField("who they are to the client", max_length=60, blank=True)
    emergency_phone = models.CharField("their phone", max_length=40, blank=True)

    # Set and taken back by two functions of the database alone (access/rls/60_merging.sql).
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged_clients"
    )
    similar_keys = ArrayField(models.CharField(max_length=180), default=list, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ("last_name", "first_name", "id")
        indexes = (
            GinIndex(fields=("similar_keys",), name="clients_by_similar_name"),
            models.Index(Upper("last_name"), name="clients_by_last_name"),
            models.Index(fields=("last_name", "first_name", "id"), name="clients_in_order"),
            models.Index(last_digits("phone"), name="clients_by_phone_end"),
        )
        constraints = (
            models.CheckConstraint(
                name="client_has_a_name",
                condition=~Q(first_name="") & ~Q(last_name=""),
                violation_error_message="Write the first name and the last name.",
            ),
            models.CheckConstraint(
                name="born_after_1900",
                condition=Q(date_of_birth__gte=date(1900, 1, 1)),
                violation_error_message="Check the year of the date of birth.",
            ),
            models.CheckConstraint(
                name="nobody_is_merged_with_themself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message="These are one record already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.number}"

    def clean(self) -> None:
        super().clean()
        try:
            self.nhs_number = nhs_number.cleaned(self.nhs_number) if self.nhs_number else None
        except ValueError as error:
            raise ValidationError({"nhs_number": str(error)}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.similar_keys = similar.keys(
            self.first_name, self.last_name, self.preferred_name, self.date_of_birth
        )
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def called(self) -> str:
        """What to say to them."""
        return self.preferred_name or self.first_name

    @property
    def needs(self) -> list[str]:
        """What is thought of when therapist, hour and room are chosen; `other_needs` stands beside it as it was written."""
        needs = {
            "Evenings only": self.needs_evenings,
            "Video only": self.needs_video,
            "Step-free room": self.needs_step_free,
            f"Asks for {self.get_asks_for_display()}": self.asks_for,
            f"Interpreter for {self.interpreter}": self.interpreter,
        }
        return [words for words, is_needed in needs.items() if is_needed]

    def age(self, *, on: date) -> int:
        born = self.date_of_birth
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Merge(models.Model):
    """Two records were found to be of one person: which was kept, whose values were chosen, which courses moved. Written by the
    functions of the database that move them. For thirty days it can be taken back; then it stays.

    `chosen` says for each field that differed whose value was taken (kept, merged or both); `before` and `after` are the kept
    record's values of the fields that changed by it, as text, yes or no. `not_restored` are the fields that somebody changed
    later, so that parting left them alone."""

    REVERSIBLE_FOR = timedelta(days=30)  # access/rls/60_merging.sql says it again

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    chosen = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Of the merged record, where the kept one took it: two records cannot hold one number.
    gave_nhs_number = models.CharField(max_length=14, blank=True)
    courses = ArrayField(models.UUIDField(), default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    not_restored = ArrayField(models.CharField(max_length=40), default=list)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.UniqueConstraint(
                name="merged_once",
                fields=("merged",),
                condition=Q(undone_at=None),
                violation_error_message="This record has been merged already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged.number} merged into {self.kept.number}"

    @property
    def until(self) -> datetime:
        """Until when the two can be parted."""
        return self.at + self.REVERSIBLE_FOR


pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["similar_keys"]
)(Client)
