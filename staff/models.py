"""People who work in the clinic, when they work, whom they supervise, and the rooms. No client stands here."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.functional import cached_property

from database.constraints import one_at_a_time
from staff import wordings


class Role(models.TextChoices):
    THERAPIST = "therapist", "Therapist"
    SUPERVISOR = "supervisor", "Supervisor"
    ADMINISTRATOR = "administrator", "Administrator"
    LEAD = "lead", "Clinical lead"


class Gender(models.TextChoices):
    """As far as a client may ask for it."""

    NOT_SAID = "", "Not said"
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    NON_BINARY = "non_binary", "Non-binary"


class UserQuerySet(models.QuerySet["User"]):
    def working(self) -> "UserQuerySet":
        """People who may sign in: neither ended nor the system person."""
        return self.filter(is_active=True, is_system=False)

    def with_role(self, role: str) -> "UserQuerySet":
        return self.filter(roles__contains=[role])


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made at run time
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works in the clinic and signs in by email. A person may hold several roles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(
        unique=True, error_messages={"unique": "Somebody with this email already works here."}
    )
    full_name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, blank=True)
    is_trainee = models.BooleanField("trainee", default=False, help_text="A supervisor co-signs their notes.")
    places = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(200)],
        help_text="How many courses this person carries at once.",
    )
    # The new columns have a default in the database too: the release before this one goes on writing meanwhile.
    is_screener = models.BooleanField(
        "screens referrals",
        default=False,
        db_default=False,
        help_text="A therapist to whom referrals are given to be screened.",
    )
    gender = models.CharField(
        max_length=10,
        choices=Gender.choices,
        blank=True,
        default="",
        db_default="",
        help_text="For clients who ask for a woman or a man as their therapist.",
    )
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may use the reference data site", default=False)
    is_system = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ("full_name", "id")
        constraints = (
            models.CheckConstraint(
                name="roles_are_known",
                condition=Q(roles__contained_by=Role.values),
                violation_error_message="Choose roles from the list.",
            ),
            models.CheckConstraint(
                name="email_in_small_letters",
                condition=Q(email=Func(F("email"), function="lower")),
                violation_error_message="Write the email in small letters.",
            ),
            models.CheckConstraint(
                name="system_person_signs_in_nowhere",
                condition=Q(is_system=False) | Q(is_active=False),
                violation_error_message="The system person cannot sign in.",
            ),
            models.CheckConstraint(
                name="screeners_are_therapists",
                condition=Q(is_screener=False) | Q(roles__contains=["therapist"]),
                violation_error_message="Who screens referrals is a therapist: tick that role too.",
            ),
            models.UniqueConstraint(
                name="there_is_one_system_person",
                fields=("is_system",),
                condition=Q(is_system=True),
                violation_error_message="There is a system person already.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    @property
    def initials(self) -> str:
        parts = self.full_name.split()
        return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else self.full_name[:2].upper()

    @property
    def first_name(self) -> str:
        return self.full_name.split()[0] if self.full_name else ""

    def has_role(self, role: str) -> bool:
        return role in self.roles

    @property
    def is_therapist(self) -> bool:
        return Role.THERAPIST in self.roles

    @property
    def is_supervisor(self) -> bool:
        return Role.SUPERVISOR in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_lead(self) -> bool:
        return Role.LEAD in self.roles

    @cached_property
    def _stands_in(self) -> tuple[bool, bool]:
        """Kept, because every list of a request asks it."""
        today = timezone.localdate()
        lines = SupervisionLine.objects.filter(deputy=models.OuterRef("pk"))
        leave = Leave.objects.on(today).filter(cover=models.OuterRef("pk"))
        found = (
            User.objects.filter(pk=self.pk).values_list(models.Exists(lines), models.Exists(leave)).first()
        )
        return found or (False, False)

    @property
    def deputises(self) -> bool:
        """Is named as deputy on some line."""
        return self._stands_in[0]

    @property
    def covers_today(self) -> bool:
        """Covers for somebody who is on leave today, and is no administrator alone: who only administrates looks after the
        diary, and no alert comes to them."""
        return (self.is_therapist or self.is_supervisor or self.is_lead) and self._stands_in[1]

    @property
    def role_names(self) -> str:
        names = [Role(role).label.lower() for role in Role.values if role in self.roles]
        return ", ".join(names) or "no role yet"


class LineQuerySet(models.QuerySet["SupervisionLine"]):
    def current(self, *, at: datetime) -> "LineQuerySet":
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


class SupervisionLine(models.Model):
    """From when to when one person supervises another, and who stands in while the supervisor is on leave."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lines_as_supervisor")
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lines_as_therapist")
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="lines_as_deputy"
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ("therapist__full_name", "starts_at")
        constraints = (
            models.CheckConstraint(
                name="nobody_supervises_themself",
                condition=~Q(supervisor=F("therapist")) & (Q(deputy=None) | ~Q(deputy=F("therapist"))),
                violation_error_message="Nobody supervises themself.",
            ),
            models.CheckConstraint(
                name="line_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="A supervision line ends after it starts.",
            ),
            one_at_a_time(
                "supervisor",
                "therapist",
                name="one_line_at_a_time_between_two_people",
                message="This person already supervises them at that time.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.supervisor} supervises {self.therapist}"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class WorkingHours(models.Model):
    """When somebody works on one weekday, in the clinic's local time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, validators=[MinValueValidator(0)])
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ("person", "weekday", "starts")
        verbose_name_plural = "working hours"
        constraints = (
            models.CheckConstraint(
                name="hours_end_after_they_start",
                condition=Q(ends__gt=F("starts")),
                violation_error_message="Working hours end after they start.",
            ),
            models.CheckConstraint(name="weekday_is_known", condition=Q(weekday__in=Weekday.values)),
            models.UniqueConstraint(
                name="one_start_a_weekday",
                fields=("person", "weekday", "starts"),
                violation_error_message="These hours are already there.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M} to {self.ends:%H:%M}"


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, day: date) -> "LeaveQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Leave(models.Model):
    """Days away, both ends included, and who covers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leave")
    starts_on = models.DateField("first day away")
    ends_on = models.DateField("last day away")
    cover = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "person")
        verbose_name_plural = "leave"
        constraints = (
            models.CheckConstraint(
                name="leave_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="The last day away cannot be before the first.",
            ),
            models.CheckConstraint(
                name="nobody_covers_themself",
                condition=~Q(cover=F("person")),
                violation_error_message="Name somebody else as cover.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.starts_on} to {self.ends_on}"


class Holiday(models.Model):
    """A day on which the clinic is closed. A working day is Monday to Friday without these."""

    day = models.DateField(primary_key=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class RoomQuerySet(models.QuerySet["Room"]):
    def in_use(self, *, on: date) -> "RoomQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on))


class Room(models.Model):
    """Where sessions are held. A room is ended, never deleted: past sessions were held in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        max_length=60, unique=True, error_messages={"unique": "There is a room of this name already."}
    )
    is_step_free = models.BooleanField("step-free", default=False)
    ended_on = models.DateField("not used from", null=True, blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def _each_session() -> list[str]:
    return ["phq9", "gad7"]


def _number(default: int, least: int, most: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        default=default,
        db_default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
    )


def _wording(default: str, check: Callable[[str], None]) -> models.TextField:
    return models.TextField(
        default=default, db_default=default, validators=[MaxLengthValidator(wordings.LONGEST), check]
    )


class Clinic(models.Model):
    """The one row of what a clinic decides for itself. What each column means, where its default comes from and who may change
    it stands in `staff.clinic_settings`."""

    # Every column has a default in the database too: the release before this one goes on writing meanwhile.
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120, default="IPT Clinic", db_default="IPT Clinic")
    is_demo = models.BooleanField(default=False, db_default=False, editable=False)
    readable_days_after_end = models.PositiveSmallIntegerField(
        "days a therapist may read a course after it has ended",
        default=90,
        db_default=90,
        validators=[MaxValueValidator(3650)],
    )
    link_days_before = models.PositiveSmallIntegerField(
        "days before a session on which its questionnaires are sent",
        default=1,
        db_default=1,
        validators=[MaxValueValidator(3)],
        help_text="0 sends none by itself. A link lasts 72 hours.",
    )
    link_measures = ArrayField(
        models.CharField(max_length=10),
        verbose_name="questionnaires of each session",
        default=_each_session,
        db_default=["phq9", "gad7"],
    )
    supervisor_at_once_from = models.PositiveSmallIntegerField(
        "PHQ-9 item 9: the supervisor is told at once from",
        default=3,
        db_default=3,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    supervisor_told_from = models.PositiveSmallIntegerField(
        "PHQ-9 item 9: the supervisor is told within one working day from",
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    supervisor_told_rise = models.PositiveSmallIntegerField(
        "the supervisor is told at once of a rise of",
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text="Points since the last answer to the same question.",
    )
    core10_at_once = models.BooleanField(
        "CORE-10 item 6 above 0 goes to the supervisor at once",
        default=True,
        db_default=True,
        help_text="It asks about plans.",
    )
    unanswered_supervisor_days = models.PositiveSmallIntegerField(
        "working days after which an unanswered alert goes to the supervisor",
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    unanswered_lead_days = models.PositiveSmallIntegerField(
        "working days after which an unanswered alert goes to the lead",
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    self_referral_open = models.BooleanField(default=True, db_default=True)
    self_referrals_per_hour = _number(5, 1, 200)
    self_referral_intro = _wording(wordings.SELF_REFERRAL_INTRO, wordings.no_placeholders)
    self_referral_expect = _wording(wordings.SELF_REFERRAL_EXPECT, wordings.no_placeholders)
    consent_words = _wording(wordings.CONSENT_WORDS, wordings.no_placeholders)
    acknowledgement_words = _wording(wordings.ACKNOWLEDGEMENT_WORDS, wordings.no_placeholders)
    screening_working_days = _number(5, 1, 60)
    letter_accepted = _wording(wordings.LETTER_ACCEPTED, wordings.letter_placeholders)
    letter_not_suitable = _wording(wordings.LETTER_NOT_SUITABLE, wordings.letter_placeholders)
    letter_signposted = _wording(wordings.LETTER_SIGNPOSTED, wordings.letter_placeholders)
    letter_no_contact = _wording(wordings.LETTER_NO_CONTACT, wordings.letter_placeholders)
    wait_first_days = _number(42, 1, 730)
    wait_second_days = _number(126, 2, 1095)
    wait_warning_days = _number(14, 0, 90)
    trainee_places_most = _number(8, 1, 200)
    first_appointment_minutes = _number(50, 15, 240)
    missed_before_proposal = _number(2, 1, 10)
    missed_rule = models.TextField(
        default=wordings.MISSED_RULE,
        db_default=wordings.MISSED_RULE,
        validators=[MaxLengthValidator(1000), wordings.no_placeholders],
    )
    flag_booked_days = _number(14, 1, 90)
    flag_unmeasured_sessions = _number(2, 1, 8)
    flag_ending_sessions = _number(3, 1, 12)
    flag_unsigned_hours = _number(72, 1, 720)
    flag_unreviewed_days = _number(28, 1, 365)
    flag_focus_changes = _number(2, 1, 10)
    supervision_every_days = _number(28, 1, 365)
    supervision_history_for_new_line = models.BooleanField(default=False, db_default=False)
    recording_days = _number(90, 1, 730)
    accreditation_cases = _number(4, 1, 40)
    accreditation_focus_areas = _number(2, 1, 4)
    accreditation_sessions = _number(12, 1, 40)
    accreditation_hours = _number(4, 0, 100)
    accreditation_recordings = _number(3, 0, 40)
    supervised_within_days = _number(14, 1, 60)
    letterhead_address = models.TextField(
        default="", db_default="", blank=True, validators=[MaxLengthValidator(400)]
    )
    letterhead_phone = models.CharField(max_length=60, default="", db_default="", blank=True)
    letter_footer = models.CharField(max_length=300, default="", db_default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="there_is_one_clinic", condition=Q(id=1)),
            models.CheckConstraint(
                name="first_wait_is_the_shorter",
                condition=Q(wait_first_days__lt=F("wait_second_days")),
                violation_error_message="The second standard of waiting is longer than the first.",
            ),
            models.CheckConstraint(
                name="warned_while_one_waits",
                condition=Q(wait_warning_days__lt=F("wait_first_days")),
                violation_error_message="The warning comes within the first standard of waiting.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> "OutgoingMailQuerySet":
        """Waits to be sent, and is tried again."""
        return self.filter(sent_at=None, given_up_at=None)

    def late(self, *, at: datetime) -> "OutgoingMailQuerySet":
        """Has waited so long at `at` that people are told."""
        return self.unsent().filter(created_at__lte=at - OutgoingMail.LATE_AFTER)

    def in_turn(self) -> "OutgoingMailQuerySet":
        """Urgent ones first, but one that fails again and again never before those that were not tried."""
        return self.order_by("tries", "-urgent", "created_at", "id")


class OutgoingMail(models.Model):
    """One mail, from the moment in which something asked for it (`staff.outbox`). Its words hold no client's data; they may
    hold a link with which somebody chooses a password, so they are emptied once they have done their work."""

    LATE_AFTER = timedelta(minutes=15)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    urgent = models.BooleanField(default=False, help_text="Sent before all others.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    given_up_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=120, blank=True, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ("-urgent", "tries", "created_at", "id")
        verbose_name_plural = "outgoing mail"
        indexes = (
            models.Index(
                name="mail_that_waits",
                fields=("created_at",),
                condition=Q(sent_at=None, given_up_at=None),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="mail_is_sent_or_given_up",
                condition=Q(sent_at=None) | Q(given_up_at=None),
                violation_error_message="A mail is sent or given up, not both.",
            ),
            models.CheckConstraint(
                name="mail_that_is_done_holds_no_words",
                condition=Q(sent_at=None, given_up_at=None) | Q(body=""),
                violation_error_message="Once a mail is sent its words are taken away.",
            ),
        )

    def __str__(self) -> str:
        return self.subject


class LastRun(models.Model):
    """When a job that runs by itself last ran to its end."""

    name = models.CharField(primary_key=True, max_length=40)
    ran_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}: {self.ran_at}"


for _model in (User, SupervisionLine, Leave, Room, Clinic):
    pghistory.track(
        *(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()),
        exclude=["password", "last_login"] if _model is User else None,
    )(_model)
