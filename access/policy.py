"""Who may see what and who may do what, each said once. Pages ask these before they show a button, views before they act,
querysets before they list; row-level security in rls/ says the same a second time. *When* something may happen
(a status, a signed note) is not said here but in courses/lifecycle.py and the actions.

Higher rooms are reached by the names of their relations only, so that every room may import this one."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from staff.clinic_settings import Setting
from staff.models import Leave, SupervisionLine, User

# --- Which rows -------------------------------------------------------------------------------------------------------


def sees_all_names(user: User) -> bool:
    """Names, contact, diary and attendance of every client: administrators and the lead."""
    return user.is_administrator or user.is_lead


def sees_all_content(user: User) -> bool:
    """Notes, scores, focus of every client: the lead alone, each look on the trail."""
    return user.is_lead


def lines_held(user: User, *, at: datetime) -> QuerySet[SupervisionLine]:
    """Supervision lines that this person has now: their own, and as deputy those of a supervisor who is on leave today."""
    today = timezone.localdate(at)
    near = Q(deputy=user, supervisor__leave__starts_on__lte=today, supervisor__leave__ends_on__gte=today)
    if user.is_supervisor:
        near |= Q(supervisor=user)
    return SupervisionLine.objects.current(at=at).filter(near)


def supervised_by(user: User, *, at: datetime) -> QuerySet[User]:
    """The therapists whom this person supervises now, or whose absent supervisor they deputise for."""
    return User.objects.filter(pk__in=lines_held(user, at=at).values("therapist"))


def current_allocation(at: datetime) -> Q:
    """A condition on `courses.Course` that its allocation holds now. Ending a course dates the end of its allocation some
    days ahead (a setting of the clinic): until then it can be read."""
    return Q(allocations__starts_at__lte=at) & (Q(allocations__ends_at=None) | Q(allocations__ends_at__gt=at))


def courses_of(user: User, *, at: datetime) -> Q:
    """A condition on `courses.Course`: allocated to this person, also to be screened, or to somebody whom they supervise."""
    mine = Q(allocations__therapist=user)
    if user.is_supervisor or user.deputises:
        mine |= Q(allocations__therapist__in=supervised_by(user, at=at))
    return mine & current_allocation(at)


# Alerts that the therapist, those who supervise and the lead see, and nobody who only covers. access/rls says it again.
RESTRICTED_ALERTS = ("harm_to_others", "child", "adult", "domestic_abuse")
OPEN_TO_COVER = ("answer", "thoughts", "plan")


def covered_by(user: User, *, at: datetime) -> Q:
    """A condition on `courses.Course`: its therapist is on leave today, this person covers, and an alert of the course is open
    that is not restricted. Gives names, contact, diary, that alert and the safety plan; no note and no score."""
    away = Leave.objects.on(timezone.localdate(at)).filter(cover=user).values("person")
    alert = Q(alerts__closed_at=None, alerts__kind__in=OPEN_TO_COVER)
    return Q(allocations__therapist__in=away) & current_allocation(at) & alert


def diaries_of(user: User, *, at: datetime) -> Q:
    """A condition on `courses.Course`: whose client, diary and attendance this person may see, who does not see all. Whoever
    screens referrals knows who is referred and who waits."""
    near = courses_of(user, at=at)
    if not (user.covers_today or screens_referrals(user)):
        return near
    # Lists of keys: joined in one condition, allocations and alerts would have to be of one row.
    courses = _course_model()._base_manager
    seen = Q(pk__in=courses.filter(near).values("pk"))
    if user.covers_today:
        seen |= Q(pk__in=courses.filter(covered_by(user, at=at)).values("pk"))
    if screens_referrals(user):
        seen |= Q(status__in=("referred", "waiting"))
    return seen


def _course_model() -> Any:
    return apps.get_model("courses", "Course")


# --- Which acts -------------------------------------------------------------------------------------------------------


def treats(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """The course is allocated to this person now and is open: they write its clinical record."""
    return course.is_open and carries(user, course, at=at)


def carries(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """The course is allocated to this person now, also one that has ended and can still be read; not to be screened."""
    at = at or timezone.now()
    # All of them, and not a filter: a page that offers many acts prefetches the few rows and asks once.
    return any(
        allocation.kind != "screening" and _holds(allocation, user, at)
        for allocation in course.allocations.all()
    )


def screens(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """The referral is given to this person to be screened, until the screening is recorded."""
    at = at or timezone.now()
    return course.is_open and any(
        allocation.kind == "screening" and _holds(allocation, user, at)
        for allocation in course.allocations.all()
    )


def _holds(allocation: Any, user: User, at: datetime) -> bool:
    return (
        allocation.therapist_id == user.pk
        and allocation.starts_at <= at
        and (allocation.ends_at is None or allocation.ends_at > at)
    )


def screens_referrals(user: User) -> bool:
    """A therapist named as screener."""
    return user.is_screener and user.is_therapist


def may_enter_referral(user: User) -> bool:
    """From a letter or a phone call: who registers clients."""
    return user.is_administrator or user.is_lead


def may_name_screener(user: User) -> bool:
    return user.is_administrator or user.is_lead


def may_screen(user: User, course: Any) -> bool:
    """Whether IPT suits is a clinician's to say: whoever the referral is given to, or the lead. An administrator never."""
    return user.is_lead or screens(user, course)


def may_decide_suitability(user: User, course: Any) -> bool:
    """Say of somebody who is not taken on that IPT does not suit: the lead, the screener, the therapist. The office says that
    they declined, could not be reached or died."""
    return user.is_lead or screens(user, course) or treats(user, course)


def may_read_referral(user: User, course: Any) -> bool:
    """The words, the ticks about harm, the letters, the screening."""
    return may_read_content(user, course)


def may_add_to_referral(user: User, course: Any) -> bool:
    """Further words and letters: who enters referrals, and who screens this one."""
    return may_enter_referral(user) or screens(user, course)


def may_withdraw_letter(user: User, course: Any, uploaded_by: Any) -> bool:
    """The lead and who screens it; an administrator what they uploaded themself."""
    return user.is_lead or screens(user, course) or (user.is_administrator and uploaded_by == user.pk)


def may_see_waiting_list(user: User) -> bool:
    """Who is referred and who waits."""
    return user.is_administrator or user.is_lead or screens_referrals(user)


def may_see_first_scores(user: User) -> bool:
    """Likely focus and first scores of everybody who waits: those who screen, and the lead."""
    return user.is_lead or screens_referrals(user)


def may_run_waiting_list(user: User) -> bool:
    """Pause the clock, set a priority, log an attempt to reach somebody, write a letter about the outcome."""
    return user.is_administrator or user.is_lead


def may_log_attempt(user: User, course: Any) -> bool:
    """That somebody tried to reach the person: who runs the list, or who screens the referral."""
    return may_run_waiting_list(user) or screens(user, course)


def may_read_content(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """Notes, scores, focus of one course."""
    if sees_all_content(user):
        return True
    at = at or timezone.now()
    return type(course).objects.filter(courses_of(user, at=at), pk=course.pk).exists()


def supervises(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """The course's therapist is supervised by this person now, who does not carry the course themself."""
    at = at or timezone.now()
    if not (user.is_supervisor or user.deputises):
        return False
    held = [
        one
        for one in course.allocations.all()
        if one.starts_at <= at and not (one.ends_at and one.ends_at <= at)
    ]
    if any(one.therapist_id == user.pk for one in held):
        return False
    therapists = [one.therapist_id for one in held if one.kind != "screening"]
    return bool(therapists) and supervised_by(user, at=at).filter(pk__in=therapists).exists()


def may_hold_supervision(user: User) -> bool:
    """Agenda, meetings: who supervises somebody, or stands in for a supervisor."""
    return user.is_supervisor or user.deputises


def may_discuss(user: User, course: Any) -> bool:
    """Write down what was discussed about the course in supervision, and agree actions."""
    return supervises(user, course)


def may_bring_to_supervision(user: User, course: Any) -> bool:
    """Put a course on the agenda: its therapist while it is open, or who supervises them."""
    return treats(user, course) or supervises(user, course)


def may_read_supervision(user: User, course: Any) -> bool:
    """What was discussed and decided, the agenda, actions: the course's readers. Which records, their queryset says."""
    return may_read_content(user, course)


def may_sign_case(user: User, note: Any) -> bool:
    """The therapist signs for a signed supervision record of their own case, never for one that they wrote."""
    return note.is_signed and note.author_id != user.pk and carries(user, note.course)


def may_close_action(user: User, action: Any) -> bool:
    """Done, dropped, another day: its owner, the therapist (also after the end), who supervises, or the lead."""
    own = action.owner_id == user.pk and may_read_content(user, action.course)
    return own or user.is_lead or carries(user, action.course) or supervises(user, action.course)


def may_answer_flag(user: User, course: Any) -> bool:
    """Say that a flag was considered: who reads the course's content."""
    return may_read_content(user, course)


def may_see_review(user: User) -> bool:
    """The progress review: who supervises or deputises, and the lead for the whole clinic."""
    return user.is_supervisor or user.deputises or user.is_lead


def may_see_supervision(user: User) -> bool:
    """The pages of supervision: therapists see their own part."""
    return user.is_therapist or may_see_review(user)


def may_see_cosign(user: User) -> bool:
    """The queue of what waits for one's co-signature: who supervises or deputises, and the lead, for whom waits what nobody
    else can decide about."""
    return user.is_supervisor or user.deputises or user.is_lead


def may_see_all_lines(user: User) -> bool:
    """Every line, who is overdue for supervision, flags of the whole clinic."""
    return user.is_lead


def may_enter_recording(user: User, course: Any) -> bool:
    """That a session was recorded: the therapist of an open course."""
    return treats(user, course)


def may_keep_recording_log(user: User, course: Any) -> bool:
    """What became of a recording: who carries the course, or who supervises them."""
    return carries(user, course) or supervises(user, course)


def may_rate_session(user: User, course: Any, session: Any) -> bool:
    """Rate a session on the clinic's form: a supervisor of who held it, never one's own."""
    if session.therapist_id == user.pk or not supervises(user, course):
        return False
    return supervised_by(user, at=timezone.now()).filter(pk=session.therapist_id).exists()


def may_change_rating_form(user: User) -> bool:
    return user.is_lead


def may_see_practice(user: User, person: User) -> bool:
    """Competence, hours and supervised cases of a therapist: their own, who supervises them, the lead."""
    if user.is_lead or user.pk == person.pk:
        return True
    return may_hold_supervision(user) and supervised_by(user, at=timezone.now()).filter(pk=person.pk).exists()


def may_log_session(user: User, course: Any) -> bool:
    return treats(user, course)


def may_write_contact(user: User, course: Any) -> bool:
    """A contact outside sessions: also with somebody whose course has ended, while the therapist still carries it."""
    return carries(user, course)


def _writes(user: User, note: Any) -> bool:
    """Its author, while the course is theirs to write about: who carries it, of a supervision record who supervises."""
    about = supervises if note.kind == "supervised" else carries
    return note.author_id == user.pk and about(user, note.course)


def may_add_to(user: User, note: Any) -> bool:
    """An addendum to a signed note: its author while the course is theirs, or the lead."""
    return user.is_lead or _writes(user, note)


def may_strike(user: User, note: Any) -> bool:
    """Say that a note was entered in error: its author while the course is theirs; a signed one the lead too."""
    return _writes(user, note) or (user.is_lead and note.is_signed)


def may_strike_session(user: User, session: Any, note: Any) -> bool:
    """As above; a session of which nobody wrote a note by its therapist or the lead."""
    if note is not None:
        return may_strike(user, note)
    return user.is_lead or carries(user, session.course)


def may_carry(user: User, note: Any) -> bool:
    """What was written on the wrong client's record is carried to the right one by its author alone."""
    return note.author_id == user.pk and carries(user, note.course)


def may_cosign(user: User, note: Any, *, at: datetime | None = None) -> bool:
    """A trainee's signed note: never one's own. A supervisor of its author, the deputy while the supervisor is on leave; the
    lead while none of them is there, or once the author no longer carries the course, where no supervisor can read it."""
    at = at or timezone.now()
    if note.author_id == user.pk or not note.is_signed or note.adds_to_id is not None:
        return False
    if user.is_trainee and note.addenda.filter(author=user, needs_cosign=True).exists():
        return False  # the lead who is a trainee would answer for their own addendum
    supervises = (user.is_supervisor or user.deputises) and (
        supervised_by(user, at=at).filter(pk=note.author_id).exists()
    )
    if supervises and may_read_content(user, note.course, at=at):
        return True
    return user.is_lead and (
        not supervised_by_somebody(at=at).filter(pk=note.author_id).exists()
        or not carries(note.author, note.course, at=at)
    )


def supervised_by_somebody(*, at: datetime) -> QuerySet[User]:
    """Therapists of whom a supervisor is here today, or is on leave with a deputy who is."""
    away = Leave.objects.on(timezone.localdate(at)).values("person")
    here = Q(supervisor__is_active=True, supervisor__roles__contains=["supervisor"]) & ~Q(supervisor__in=away)
    stood_in_for = Q(supervisor__in=away, deputy__is_active=True) & ~Q(deputy__in=away)
    lines = SupervisionLine.objects.current(at=at).filter(here | stood_in_for)
    return User.objects.filter(pk__in=lines.values("therapist"))


def supervisors_of(therapists: Any, *, at: datetime) -> QuerySet[User]:
    """Who supervises one of these now (keys or people), and the deputies of supervisors who are on leave today."""
    away = Leave.objects.on(timezone.localdate(at)).values("person")
    lines = SupervisionLine.objects.current(at=at).filter(therapist__in=therapists)
    near = Q(pk__in=lines.values("supervisor"), roles__contains=["supervisor"])
    near |= Q(pk__in=lines.filter(supervisor__in=away).values("deputy"))
    return User.objects.filter(near, is_active=True)


def may_record_attendance(user: User, course: Any) -> bool:
    """An administrator says that somebody did not come, without seeing anything clinical."""
    return user.is_administrator or treats(user, course)


def may_book(user: User, course: Any) -> bool:
    return user.is_administrator or treats(user, course)


def may_book_first(user: User, course: Any) -> bool:
    """The first appointment, in the act that allocates the course: also a lead, while none lies ahead."""
    return may_allocate(user) and (may_book(user, course) or user.is_lead)


def may_agree_focus(user: User, course: Any) -> bool:
    return treats(user, course)


def may_write_work(user: User, course: Any) -> bool:
    """People and circles, timeline, formulation, contract, tasks, ending: whoever treats the course, while it is open."""
    return bool(course.is_open) and treats(user, course)


def concerns_of(user: User, *, at: datetime) -> Q:
    """A condition on `courses.Course`: whose safety concerns about a person this person may read, who is not the lead. Not to
    be screened, and nobody who only covers."""
    near = Q(allocations__therapist=user)
    if user.is_supervisor or user.deputises:
        near |= Q(allocations__therapist__in=supervised_by(user, at=at))
    return near & current_allocation(at) & Q(allocations__kind__in=("treatment", "cover"))


def may_read_concern(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """That the client may not be safe with somebody: whoever treats the course, a supervisor of theirs, the lead."""
    if sees_all_content(user):
        return True
    at = at or timezone.now()
    return type(course).objects.filter(concerns_of(user, at=at), pk=course.pk).exists()


def reads_concern_directly(user: User, course: Any) -> bool:
    """Without saying why first: who carries the course."""
    return carries(user, course)


def covers(user: User, course: Any, *, at: datetime | None = None) -> bool:
    """The course's therapist is on leave, this person covers, and an alert waits that they may see."""
    if not user.covers_today:
        return False
    return type(course).objects.filter(covered_by(user, at=at or timezone.now()), pk=course.pk).exists()


def may_answer_alert(user: User, course: Any) -> bool:
    """The therapist, a supervisor of theirs, the lead, or whoever covers while the therapist is on leave. Which of the
    course's alerts they see, its queryset says."""
    return user.is_lead or may_read_content(user, course) or covers(user, course)


def may_raise_alert(user: User, course: Any) -> bool:
    """By hand: whoever carries the course, also once it has ended; those who supervise, and the lead."""
    return may_read_content(user, course)


def may_write_safety_plan(user: User, course: Any) -> bool:
    return carries(user, course)


def may_read_safety_plan(user: User, course: Any) -> bool:
    return may_read_content(user, course) or covers(user, course)


def may_enter_measures(user: User, course: Any) -> bool:
    """Questionnaires on paper, ratings of goals, and the goals themselves."""
    return treats(user, course)


def may_enter_first_scores(user: User, course: Any) -> bool:
    """Questionnaires asked at screening: also by the screener."""
    return treats(user, course) or screens(user, course)


def may_send_link(user: User, course: Any) -> bool:
    """The therapist of an open course, or an administrator, who never sees an answer."""
    return treats(user, course) or (user.is_administrator and course.is_open)


def may_review_signal(user: User, course: Any) -> bool:
    """That a course is looked at again: its therapist, a supervisor of theirs, or the lead."""
    return may_read_content(user, course)


def may_enter_wording(user: User) -> bool:
    """The words of a questionnaire that the clinic holds a licence for."""
    return user.is_administrator


def may_end_course(user: User, course: Any) -> bool:
    return treats(user, course) or user.is_lead


def may_move_course(user: User, course: Any) -> bool:
    """Pause, resume, not taken on, re-open: the therapist, the lead, and the administrator who runs the waiting list."""
    return user.is_administrator or user.is_lead or treats(user, course)


def may_edit_programme(user: User, course: Any) -> bool:
    """The phase split and the number of planned sessions."""
    return treats(user, course)


def may_allocate(user: User) -> bool:
    return user.is_administrator or user.is_lead


def may_register_client(user: User) -> bool:
    return user.is_administrator or user.is_lead


def may_ask_who_is_alike(user: User) -> bool:
    """Whether somebody who is being typed in is known already: of those whom the person may see."""
    return bool(user.roles)


def may_merge_clients(user: User) -> bool:
    """Two records of one person, and their parting: those who see every name. They need to see nothing clinical for it."""
    return user.is_administrator or user.is_lead


def may_edit_client_of(user: User, course: Any) -> bool:
    """Contact and needs: those who register clients, and the therapist of an open course."""
    return may_register_client(user) or treats(user, course)


def may_edit_client(user: User, client: Any) -> bool:
    return may_register_client(user) or any(treats(user, course) for course in client.courses.all())


def may_manage_staff(user: User) -> bool:
    return user.is_administrator


def may_see_settings(user: User) -> bool:
    """The page of what the clinic decides for itself: whoever may change any of it sees all of it."""
    return user.is_administrator or user.is_lead


def may_change_setting(user: User, setting: Setting) -> bool:
    return user.has_role(setting.by)


def may_see_standstill(user: User) -> bool:
    """That mail waits or reminders do not run: who can have it mended."""
    return user.is_administrator or user.is_lead


def may_see_caseload(user: User) -> bool:
    return user.is_therapist or user.is_lead or user.is_supervisor


def may_see_supervisees(user: User) -> bool:
    """The list of supervisees' courses; a deputy's is empty until the supervisor is on leave."""
    return user.is_supervisor or user.deputises


def may_see_misplaced(user: User) -> bool:
    """What was entered for the wrong client: the lead looks that it is put right."""
    return user.is_lead


def may_see_whole_clinic(user: User) -> bool:
    """The list of all courses with focus and scores."""
    return user.is_lead


def may_see_unsigned(user: User) -> bool:
    """What waits for a signature: one's own, supervisees', or for administrators and the lead everybody's, as counts."""
    return bool(user.roles) or user.deputises


def may_see_office(user: User) -> bool:
    """What the office has to do today: names, dates and numbers, nothing clinical."""
    return user.is_administrator or user.is_lead


def may_see_clinic_diary(user: User) -> bool:
    """The list of all courses without anything clinical."""
    return user.is_administrator
