"""Who was told of each alert and what was done about it, alerts that a person raised, and safety plans. Built once all courses
are there, by the clinic's own rules of telling; nothing is written to the database here."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from courses.models import Allocation
from demo.chance import Chance
from demo.diary import at
from demo.people import PEOPLE
from demo.words import safety as words
from outcomes import telling
from outcomes.models import Alert, AlertAct, AlertTold, SafetyPlan, SafetyPlanCopy
from outcomes.models.plans import PARTS
from staff.models import Clinic, User
from staff.working_days import add_working_days

if TYPE_CHECKING:
    from demo.build import Builder, CourseBuilder

_PERSON = {person.key: person for person in PEOPLE}
_DEPUTY = {"joy": "theo", "theo": "joy"}
STILL_TYPED = timedelta(minutes=15)


class Safety:
    """Adds to the rows of a clinic whose courses have been built, with a chance of its own."""

    def __init__(self, clinic: "Builder", chance: Chance) -> None:
        self.clinic = clinic
        self.rows = clinic.rows
        self.chance = chance
        self.now = clinic.now
        self._builders = {course.course.pk: course for course in clinic.courses}
        self._rules = Clinic()
        self._held: dict[UUID, list[Allocation]] = defaultdict(list)
        for row in clinic.rows.allocations:
            self._held[row.course.pk].append(row)

    def keep(self) -> None:
        self._by_hand()
        follow_ups = [-2, 5, -1, 3]
        for alert in self.rows.alerts:
            if alert.response is not None and alert.response.came == "typed":
                alert.tell_from = alert.raised_at + STILL_TYPED
            self._acts_of(alert, follow_ups)
        for alert in self.rows.alerts:
            self._told_of(alert)
        self._plans()

    # --- Raised by a person -------------------------------------------------------------------------------------------

    def _by_hand(self) -> None:
        amara, ben, farid, dev = (self._calm_courses_of(key) for key in ("amara", "ben", "farid", "dev"))
        self._noted(amara[0], "thoughts", words.THOUGHTS, days=1, hour=time(16, 20))
        self._noted(amara[1], "adult", words.ADULT, days=3, hour=time(12, 5), answered=True)
        self._noted(
            ben[0],
            "domestic_abuse",
            words.ABUSE,
            days=2,
            hour=time(15, 10),
            answered=True,
            act=words.ABUSE_DONE,
        )
        self._noted(farid[0], "child", words.CHILD, days=12, hour=time(11), closed=words.CHILD_DONE)
        self._noted(dev[0], "plan", words.PLAN, days=20, hour=time(17), closed=words.PLAN_DONE)

    def _calm_courses_of(self, key: str) -> "list[CourseBuilder]":
        """In treatment, well on the way, and without an alert of its own."""
        troubled = {alert.course.pk for alert in self.rows.alerts if alert.closed_at is None}
        return [
            course
            for course in self.clinic.courses
            if course.plan.therapist == key
            and course.plan.status == "in_treatment"
            and len(course.signed) > 2
            and course.course.pk not in troubled
        ][1:]

    def _noted(
        self,
        course: "CourseBuilder",
        kind: str,
        said: str,
        *,
        days: int,
        hour: time,
        answered: bool = False,
        act: tuple[str, str] | None = None,
        closed: tuple[str, str] | None = None,
    ) -> None:
        day = self.clinic.diary.working_day_from(self.clinic.today - timedelta(days=days), step=-1)
        raised = at(day, hour)
        by = course.user(course.plan.therapist or "")
        alert = Alert(
            id=self.chance.key(),
            course=course.course,
            kind=kind,
            words=self._say(course, said),
            raised_by=by,
            raised_at=raised,
            tell_from=raised,
        )
        if answered or closed:
            alert.acknowledged_at, alert.acknowledged_by = raised + timedelta(minutes=20), by
        if act:
            self._act(alert, *act, by=by, when=raised + timedelta(minutes=50), follow_up=4)
        if closed:
            alert.closed_at, alert.closed_by = raised + timedelta(hours=20), by
            alert.what_was_done = self._say(course, closed[1])
            self._act(alert, *closed, by=by, when=alert.closed_at, closes=True)
        self.rows.alerts.append(alert)

    # --- What was done ------------------------------------------------------------------------------------------------

    def _acts_of(self, alert: Alert, follow_ups: list[int]) -> None:
        if alert.kind != "answer" or alert.acknowledged_at is None:
            return
        assert alert.acknowledged_by is not None  # somebody did
        if alert.closed_at is not None:
            if alert.closed_by != alert.acknowledged_by or self.chance.happens(0.4):
                self._act(
                    alert,
                    *self.chance.one_of(words.DONE),
                    by=alert.acknowledged_by,
                    when=min(alert.acknowledged_at + timedelta(minutes=5), alert.closed_at),
                )
            kind = "other" if alert.typed_in_error else "asked"
            self._act(alert, kind, alert.what_was_done, by=alert.closed_by, when=alert.closed_at, closes=True)
            return
        kind, said = self.chance.one_of(words.DONE)
        days = follow_ups.pop(0) if follow_ups else None
        when = alert.acknowledged_at + timedelta(minutes=15)
        self._act(alert, kind, said, by=alert.acknowledged_by, when=min(when, self.now), follow_up=days)

    def _act(
        self,
        alert: Alert,
        kind: str,
        said: str,
        *,
        by: User | None,
        when: datetime,
        follow_up: int | None = None,
        closes: bool = False,
    ) -> None:
        """`follow_up` is in days from today, but never before the day of the act."""
        assert by is not None  # who did it is known
        day = self.clinic.today + timedelta(days=follow_up) if follow_up is not None else None
        self.rows.acts.append(
            AlertAct(
                id=self.chance.key(),
                alert=alert,
                course=alert.course,
                kind=kind,
                words=self._say(self._builders[alert.course.pk], said),
                follow_up_on=max(day, when.date()) if day else None,
                closes=closes,
                by=by,
                at=when,
            )
        )

    # --- Who was told -------------------------------------------------------------------------------------------------

    def _told_of(self, alert: Alert) -> None:
        """By `outcomes.telling`'s rules, at the moments at which each telling fell due."""
        answers = [alert.acknowledged_at, alert.closed_at]
        answers += [act.at for act in self.rows.acts if act.alert is alert]
        answered = min((when for when in answers if when), default=None)
        one, two = (
            telling.working_days_after(alert.raised_at, days, add_working_days)
            for days in (self._rules.unanswered_supervisor_days, self._rules.unanswered_lead_days)
        )
        moments = [alert.tell_from, telling.next_morning(alert.raised_at, add_working_days), one, two]
        # Who has just been given a course, or a referral to screen, hears of what is open.
        moments += [row.starts_at for row in self._held[alert.course.pk] if row.starts_at > alert.raised_at]
        if self._covered(alert):
            moments.append(at(self.clinic.today, time(0, 5)))
        done: set[tuple[str, str]] = set()
        for moment in sorted(moments):
            if moment > self.now or (alert.typed_in_error and alert.closed_at and moment > alert.closed_at):
                continue
            facts = telling.Facts(
                kind=alert.kind,
                measure=alert.response.measure if alert.response else "",
                value=alert.value,
                rise=self._rise(alert),
                raised_at=alert.raised_at,
                tell_from=alert.tell_from,
                is_answered=answered is not None and answered <= moment,
                is_closed=alert.closed_at is not None and alert.closed_at <= moment,
            )
            for each in telling.due(facts, self._rules, at=moment, after=add_working_days):
                key, role = self._who(alert, each.stage, moment)
                if (key, each.stage) in done or (
                    not each.anew and each.stage in {stage for _, stage in done}
                ):
                    continue
                done.add((key, each.stage))
                self.rows.told.append(
                    AlertTold(
                        id=self.chance.key(),
                        alert=alert,
                        course=alert.course,
                        person=self.clinic.staff.users[key],
                        role=role,
                        stage=each.stage,
                        why=each.why,
                        at=moment,
                    )
                )

    def _who(self, alert: Alert, stage: str, moment: datetime) -> tuple[str, str]:
        """The person's key and in what capacity they hear of it."""
        key = self._therapist(alert, moment)
        if stage == telling.LEAD or not key:
            return "ines", "lead"
        away = self.clinic.staff.is_away
        if stage == telling.FIRST:
            if not away(key, moment.date()):
                return key, "therapist"
            if not alert.is_restricted:
                return self.clinic.staff.covers[key], "cover"
        above = _PERSON[key].supervisor
        return (_DEPUTY[above], "deputy") if away(above, moment.date()) else (above, "supervisor")

    def _therapist(self, alert: Alert, moment: datetime) -> str:
        """Whoever carries or screens the course then; empty for a referral that is given to nobody."""
        for row in self._held[alert.course.pk]:
            if row.starts_at <= moment and (row.ends_at is None or row.ends_at > moment):
                return next(key for key, user in self.clinic.staff.users.items() if user is row.therapist)
        return ""

    def _covered(self, alert: Alert) -> bool:
        key = self._therapist(alert, self.now)
        return alert.closed_at is None and bool(key) and self.clinic.staff.is_away(key, self.clinic.today)

    def _rise(self, alert: Alert) -> int | None:
        form = alert.response
        if form is None or alert.item is None or alert.value is None:
            return None
        earlier = [
            row
            for row in self.rows.responses
            if row.course is alert.course
            and row.measure == form.measure
            and row.taken_at < form.taken_at
            and row.answers[alert.item - 1] is not None
        ]
        last = max(earlier, key=lambda row: row.taken_at, default=None)
        return None if last is None else alert.value - (last.answers[alert.item - 1] or 0)

    # --- Safety plans -------------------------------------------------------------------------------------------------

    def _plans(self) -> None:
        """For everybody with an open alert, and for some whose alert is closed. The first two were to be reviewed by now."""
        now_open = {alert.course.pk for alert in self.rows.alerts if alert.closed_at is None}
        closed = {alert.course.pk for alert in self.rows.alerts} - now_open
        courses = [
            course
            for course in self.clinic.courses
            if course.plan.status == "in_treatment" and len(course.signed) > 1
        ]
        at_risk = [course for course in courses if course.course.pk in now_open]
        others = [course for course in courses if course.course.pk in closed]
        for place, course in enumerate([*at_risk[:1], *at_risk[2:], *others[:4]]):
            self._plan(course, words.PLANS[place % len(words.PLANS)], place)

    def _plan(self, course: "CourseBuilder", parts: Sequence[str], place: int) -> None:
        note = course.signed[0 if len(course.signed) < 4 else len(course.signed) // 2]
        assert note.signed_at is not None  # it is signed
        first = note.signed_at + timedelta(minutes=25)
        texts = {name: self._say(course, text) for name, text in zip(PARTS, parts, strict=True)}
        review = (-6, -2, 9, 16, 23, None)[place % 6]
        versions = [texts]
        if place % 3 == 0:
            versions = [texts, {**texts, "coping": words.CHANGED}]
        for number, said in enumerate(versions, start=1):
            written = min(first + timedelta(days=7 * (number - 1), minutes=3), self.now)
            day = self.clinic.today + timedelta(days=review) if review is not None else None
            plan = SafetyPlan(
                id=self.chance.key(),
                course=course.course,
                number=number,
                review_on=max(day, written.date()) if day else None,
                may_share_with=self._say(course, words.SHARED[place % len(words.SHARED)]),
                written_by=note.author,
                written_at=written,
                **said,
            )
            self.rows.plans.append(plan)
            if place % 4 != 3:
                self._copy(plan, "client", "printed")
        if place % 3 == 0:
            self._copy(plan, "gp", "post")

    def _copy(self, plan: SafetyPlan, given_to: str, how: str) -> None:
        when = min(plan.written_at + timedelta(minutes=4), self.now)
        self.rows.copies.append(
            SafetyPlanCopy(
                id=self.chance.key(),
                plan=plan,
                course=plan.course,
                given_to=given_to,
                how=how,
                given_on=when.date(),
                by=plan.written_by,
                at=when,
            )
        )

    def _say(self, course: "CourseBuilder", text: str) -> str:
        if "{" not in text:
            return text
        return course.writer.say((text,), gp=course.client.gp_name, last=course.client.last_name)
