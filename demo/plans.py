"""Which courses the invented clinic has: one plan a course, with the situations that every page needs to show.

The first are the mockups' people; the rest spread over programmes, statuses and therapists. Plans hold no rows and no dates,
only how many days from today."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time

from courses import protocol
from courses.lifecycle import END_REASONS_NOT_TAKEN_ON, Status
from demo.chance import Chance, Deck
from demo.names import Somebody
from demo.words import afterwards, contacts
from demo.words.afterwards import Addendum
from demo.words.contacts import Contact


@dataclass
class Plan:
    """One course. `attended` counts treatment sessions; `phq` and `gad` are first and last totals."""

    status: str
    programme: str = "ipt16"
    therapist: str | None = None
    attended: int = 0
    shape: str = "improving"
    phq: tuple[int, int] = (17, 10)
    gad: tuple[int, int] | None = None
    area: str = "conflict"
    second_area: str = ""
    agreed: bool = True
    changed_focus: bool = False
    # When the next appointment is, in working days from today (None: nothing is booked), and at what hour.
    next_in: int | None = None
    hour: time = time(10)
    today_is_signed: bool = False
    # For a course without a next appointment: how many days ago the last session was.
    days_ago: int | None = None
    waiting_days: int | None = None
    assessed: bool = True
    mode: str = "in_person"
    missed_last: int = 0
    contact_open: bool = False
    unlogged: bool = False
    unwritten: bool = False  # an administrator has recorded the last attendance, and no note was begun
    draft: str = ""  # "fresh", "old", "counted" (old, and an administrator has recorded the attendance)
    no_measures: int = 0
    # Answers to item 9 by the number of the form, counted from 0, negative from the end; and what became of the last alert.
    risk: dict[int, int] = field(default_factory=dict)
    alert: str = "closed"
    end_reason: str = ""
    handed_over_from: str = ""
    reopened: bool = False
    # How it arrived, and what happened while the person waited. Days are counted back from today.
    way: str = ""
    harm: tuple[str, ...] = ()  # ticks about harm, by the names of their columns
    letter: bool = False
    screener: str = ""  # to whom the referral was given
    asked_more: bool = False
    priority: int = 0
    priority_reason: str = ""
    pauses: tuple[tuple[int, int | None], ...] = ()  # from when to when; None: the clock still stands
    pause_reason: str = ""
    attempts: int = 0
    letter_out: str = ""
    # Beside and after the sessions.
    contacts: tuple[Contact, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    # What became of a trainee's last note, the last but two …: "waits", "returned", "answered" by an addendum, "settled" since.
    cosign: tuple[str, ...] = ()
    logged_twice: bool = False
    mixed_up: str = ""  # a session of the "right" plan was first logged on the record of the "wrong" one
    # Who the client is, where that matters; else somebody is invented.
    who: Somebody | None = None
    age: int = 0
    birthday: tuple[int, int] | None = None
    facts: dict[str, object] = field(default_factory=dict)
    props: dict[str, str] = field(default_factory=dict)
    story: str = ""
    earlier: "Plan | None" = None
    referred_by: str = ""

    @property
    def anxiety(self) -> tuple[int, int]:
        """First and last total of the GAD-7: as planned, else it goes the PHQ-9's way, a little less far."""
        if self.gad:
            return self.gad
        first, last = self.phq
        began = round(first * 0.75)
        return began, max(1, min(20, began - round((first - last) * 0.6)))


def _named(first: str, last: str, pronouns: str, number: str, preferred: str = "") -> Somebody:
    return Somebody(first, last, pronouns, date(1990, 1, 1), preferred, number)


def demo_therapist() -> list[Plan]:
    """The caseload of Amara Osei as the mockups draw it: fourteen open courses, today's diary full."""
    amara = Plan(Status.IN_TREATMENT, therapist="amara")
    return [
        replace(
            amara,
            attended=12,
            area="life_change",
            phq=(17, 9),
            gad=(13, 7),
            next_in=0,
            hour=time(9),
            today_is_signed=True,
            who=_named("Lena", "Voss", "she/her", "C-10344"),
            age=46,
            contacts=contacts.LENA,
            addenda=afterwards.LENA,
        ),
        replace(
            amara,
            attended=6,
            area="conflict",
            phq=(19, 12),
            gad=(15, 8),
            next_in=0,
            hour=time(10),
            risk={0: 1, 1: 1},
            who=_named("Maya", "Fielding", "they/she", "C-10412", "May"),
            age=34,
            birthday=(3, 4),
            story="partner",
            props={
                "other": "Tom|he",
                "ally": "{their} sister Joan|Joan",
                "issue": (
                    "moving out of {other_their} parents' house|two months after they moved in with {other}'s parents"
                ),
            },
            facts={"gp_name": "Dr Hale", "gp_practice": "Newton Road Surgery"},
            contacts=contacts.MAYA,
        ),
        replace(
            amara,
            attended=9,
            area="grief",
            shape="flat",
            phq=(21, 21),
            gad=(15, 14),
            next_in=0,
            hour=time(11, 30),
            mode="video",
            who=_named("Owen", "Pritchard", "he/him", "C-10388"),
            age=52,
            contacts=contacts.OWEN,
        ),
        replace(
            amara,
            attended=2,
            area="life_change",
            phq=(16, 15),
            gad=(12, 12),
            agreed=False,
            next_in=0,
            hour=time(14),
            who=_named("Safiya", "Rahman", "she/her", "C-10467"),
            age=27,
            contacts=contacts.SAFIYA,
        ),
        replace(
            amara,
            programme="brief8",
            attended=3,
            area="life_change",
            phq=(15, 11),
            gad=(11, 8),
            next_in=0,
            hour=time(15),
        ),
        replace(
            amara,
            status=Status.WAITING,
            assessed=False,
            next_in=0,
            hour=time(16),
            waiting_days=26,
        ),
        replace(
            amara,
            programme="ipt12",
            attended=10,
            area="life_change",
            phq=(18, 5),
            gad=(14, 4),
            next_in=1,
            hour=time(10),
            who=_named("Daniel", "Okafor", "he/him", "C-10291"),
            age=41,
            contacts=contacts.DANIEL,
            addenda=afterwards.DANIEL,
        ),
        replace(
            amara,
            attended=3,
            area="grief",
            shape="worsening",
            phq=(14, 20),
            gad=(11, 13),
            next_in=None,
            days_ago=4,
            hour=time(11, 30),
            draft="counted",
            risk={-1: 2},
            alert="open",
            who=_named("Ruth", "Linley", "she/her", "C-10430"),
            age=63,
            story="spouse",
            contacts=contacts.RUTH,
        ),
        replace(amara, attended=5, area="isolation", phq=(16, 14), agreed=False, next_in=2, hour=time(10)),
        replace(
            amara,
            status=Status.PAUSED,
            programme="ipt16",
            attended=7,
            area="life_change",
            phq=(18, 14),
            days_ago=33,
            contacts=contacts.AMARA_PAUSED,
        ),
        replace(
            amara,
            status=Status.FOLLOW_UP,
            end_reason="46",
            attended=16,
            area="conflict",
            phq=(20, 7),
            gad=(15, 5),
            days_ago=48,
            next_in=9,
            hour=time(9),
        ),
        replace(
            amara,
            programme="maintenance",
            attended=5,
            area="grief",
            phq=(9, 7),
            gad=(7, 5),
            next_in=8,
            hour=time(15),
            shape="uneven",
            earlier=Plan(
                Status.ENDED,
                therapist="amara",
                attended=16,
                area="grief",
                phq=(22, 9),
                gad=(16, 7),
                days_ago=250,
                end_reason="46",
            ),
        ),
        replace(
            amara,
            programme="counselling6",
            attended=3,
            area="life_change",
            phq=(13, 11),
            no_measures=2,
            next_in=3,
            hour=time(14),
        ),
        replace(
            amara,
            attended=13,
            area="conflict",
            phq=(20, 9),
            gad=(16, 8),
            next_in=4,
            hour=time(11, 30),
            draft="fresh",
        ),
    ]


def colleagues() -> list[Plan]:
    """Situations that must be there among the other therapists' courses, each beside the demo therapist's own."""
    treated = Plan(Status.IN_TREATMENT, next_in=2)
    return [
        replace(
            treated,
            therapist="ben",
            attended=5,
            area="isolation",
            shape="flat",
            phq=(17, 16),
            missed_last=2,
            contact_open=True,
            next_in=3,
            who=_named("Kit", "Marlowe", "they/them", "C-10399"),
            age=29,
            contacts=contacts.KIT,
        ),
        replace(
            treated,
            therapist="ben",
            attended=7,
            area="life_change",
            phq=(20, 14),
            changed_focus=True,
            next_in=1,
            who=_named("Hana", "Sato", "she/her", "C-10402"),
            age=38,
            contacts=contacts.HANA,
            addenda=afterwards.HANA,
        ),
        replace(
            treated,
            therapist="ben",
            attended=4,
            shape="uneven",
            phq=(18, 17),
            risk={-1: 1},
            alert="acknowledged",
        ),
        replace(
            treated,
            therapist="ben",
            attended=8,
            area="grief",
            draft="fresh",
            next_in=4,
            addenda=afterwards.BEN_GRIEF_DRAFT,
            logged_twice=True,
        ),
        replace(
            treated,
            therapist="ben",
            status=Status.FOLLOW_UP,
            end_reason="46",
            attended=12,
            programme="ipt12",
            days_ago=30,
            next_in=12,
        ),
        replace(
            treated,
            therapist="cara",
            attended=9,
            area="conflict",
            no_measures=2,
            next_in=2,
            phq=(16, 12),
            addenda=afterwards.CARA,
        ),
        replace(
            treated,
            therapist="cara",
            attended=3,
            programme="brief8",
            unlogged=True,
            next_in=5,
            area="life_change",
        ),
        replace(treated, therapist="cara", status=Status.WAITING, waiting_days=38, next_in=3),
        replace(
            treated,
            therapist="cara",
            status=Status.FOLLOW_UP,
            end_reason="46",
            attended=6,
            programme="counselling6",
            days_ago=60,
            contacts=contacts.CARA_FOLLOW_UP,
        ),
        replace(
            treated,
            therapist="dev",
            attended=4,
            area="grief",
            draft="old",
            next_in=2,
            shape="flat",
            phq=(15, 15),
            contacts=contacts.DEV_MESSAGE,
            cosign=("returned", "settled"),
        ),
        replace(
            treated,
            therapist="dev",
            attended=6,
            area="conflict",
            shape="worsening",
            phq=(15, 19),
            gad=(12, 15),
            next_in=1,
            risk={-1: 1},
            alert="open",
            contacts=contacts.DEV_ALERT,
            cosign=("waits",),
        ),
        replace(treated, therapist="dev", status=Status.WAITING, waiting_days=31, next_in=4, assessed=False),
        replace(
            treated,
            therapist="elin",
            attended=10,
            area="life_change",
            shape="flat",
            phq=(19, 18),
            next_in=None,
            days_ago=6,
            contacts=contacts.HOUSING,
        ),
        replace(
            treated,
            therapist="elin",
            attended=5,
            area="isolation",
            shape="worsening",
            phq=(17, 21),
            gad=(13, 17),
            next_in=3,
            risk={0: 1, -2: 1, -1: 2},
            alert="open",
            contacts=contacts.ELIN_ALERT,
            addenda=afterwards.BY_THE_LEAD,
        ),
        replace(treated, therapist="elin", attended=7, no_measures=2, area="grief", next_in=2, phq=(18, 13)),
        replace(
            treated,
            therapist="elin",
            status=Status.PAUSED,
            attended=5,
            area="life_change",
            days_ago=45,
            phq=(16, 15),
            contacts=contacts.ELIN_PAUSED,
        ),
        replace(
            treated,
            therapist="elin",
            attended=6,
            missed_last=2,
            contact_open=True,
            area="conflict",
            next_in=4,
            unwritten=True,
        ),
        replace(
            treated,
            therapist="farid",
            assessed=False,
            attended=6,
            agreed=False,
            area="life_change",
            shape="flat",
            phq=(14, 14),
            contacts=contacts.OVER_THE_ROOM,
            unwritten=True,
        ),
        replace(
            treated,
            therapist="farid",
            attended=11,
            shape="uneven",
            risk={-1: 1},
            alert="acknowledged",
            area="grief",
            addenda=afterwards.FARID,
            mixed_up="wrong",
        ),
        replace(
            treated,
            therapist="farid",
            attended=8,
            unlogged=True,
            area="conflict",
            next_in=5,
            mixed_up="right",
        ),
        replace(
            treated,
            therapist="farid",
            status=Status.FOLLOW_UP,
            end_reason="46",
            attended=16,
            days_ago=70,
            next_in=8,
            area="isolation",
        ),
        replace(
            treated,
            therapist="farid",
            programme="maintenance",
            attended=3,
            shape="uneven",
            phq=(8, 8),
            gad=(6, 6),
            next_in=7,
            area="conflict",
            earlier=Plan(
                Status.ENDED,
                therapist="farid",
                attended=12,
                programme="ipt12",
                area="conflict",
                phq=(19, 8),
                gad=(13, 6),
                days_ago=170,
                end_reason="46",
            ),
        ),
        replace(
            treated,
            therapist="grace",
            attended=12,
            area="grief",
            draft="old",
            next_in=2,
            phq=(21, 12),
            addenda=afterwards.GRACE,
        ),
        replace(
            treated,
            therapist="grace",
            attended=2,
            area="conflict",
            next_in=None,
            days_ago=9,
            programme="counselling6",
        ),
        replace(
            treated,
            therapist="grace",
            status=Status.PAUSED,
            attended=3,
            area="isolation",
            days_ago=38,
            agreed=False,
        ),
        replace(
            treated,
            therapist="grace",
            programme="adolescent12",
            attended=6,
            area="life_change",
            age=16,
            next_in=1,
            phq=(16, 10),
            gad=(12, 8),
            contacts=contacts.ADOLESCENT,
        ),
        replace(
            treated,
            therapist="hollis",
            assessed=False,
            attended=6,
            programme="ipt12",
            agreed=False,
            area="isolation",
            phq=(14, 12),
            contacts=contacts.HOLLIS,
            cosign=("returned",),
        ),
        replace(
            treated,
            therapist="hollis",
            attended=5,
            area="life_change",
            draft="fresh",
            next_in=3,
            cosign=("waits",),
        ),
        replace(treated, therapist="hollis", status=Status.WAITING, waiting_days=20, next_in=2),
        replace(
            treated,
            therapist="hollis",
            attended=2,
            area="grief",
            risk={1: 3},
            alert="typed_in_error",
            next_in=4,
        ),
        replace(
            treated,
            therapist="elin",
            status=Status.WAITING,
            waiting_days=12,
            reopened=True,
            assessed=False,
            next_in=None,
            attended=8,
            area="conflict",
            days_ago=120,
            shape="improving",
            phq=(18, 12),
        ),
        replace(
            treated,
            therapist="farid",
            status=Status.WAITING,
            waiting_days=9,
            reopened=True,
            assessed=False,
            next_in=None,
            attended=5,
            area="grief",
            days_ago=150,
            phq=(17, 13),
        ),
    ]


def left_behind() -> list[Plan]:
    """The courses of Noel Harding, who no longer works here: nobody has taken them over yet."""
    treated = Plan(Status.IN_TREATMENT, therapist="noel", phq=(18, 13), shape="improving")
    return [
        replace(treated, attended=7, area="grief", days_ago=9),
        replace(treated, attended=4, area="conflict", days_ago=11, programme="ipt12"),
        replace(treated, status=Status.WAITING, waiting_days=24, assessed=False),
    ]


# One person, twice: each of the first four plans is the same person as the one beside it, entered again.
_MARIAN: dict[str, object] = {
    "phone": "07700 900641",
    "gp_name": "Dr Pryce",
    "gp_practice": "Calderwick Health Centre",
}
_GARETH: dict[str, object] = {"phone": "07700 900218", "nhs_number": None}


def entered_twice() -> list[Plan]:
    """Two people who came a second time and were registered anew: one whose first course has ended, one who waits already."""
    return [
        Plan(
            Status.ENDED,
            programme="ipt12",
            therapist="grace",
            attended=12,
            area="grief",
            phq=(19, 7),
            days_ago=260,
            end_reason="46",
            who=_named("Marian", "Holt", "she/her", ""),
            age=58,
            birthday=(11, 2),
            facts=_MARIAN,
        ),
        Plan(
            Status.REFERRED,
            assessed=False,
            waiting_days=1,
            referred_by="B1",
            way="self",
            area="life_change",
            who=_named("Marion", "Holt", "she/her", ""),
            age=58,
            birthday=(11, 2),
            facts={**_MARIAN, "nhs_number": None},
        ),
        Plan(
            Status.REFERRED,
            assessed=False,
            waiting_days=0,
            referred_by="B1",
            way="self",
            who=_named("Gareth", "Bowen", "he/him", ""),
            age=44,
            birthday=(5, 23),
            facts=_GARETH,
        ),
    ]


def waiting() -> list[Plan]:
    """Nobody carries these yet: who waits, and who is still to be screened."""
    wait = Plan(Status.WAITING, assessed=False)
    referred = Plan(Status.REFERRED, assessed=False)
    return [
        replace(
            wait,
            waiting_days=47,
            who=_named("Gareth", "Bowen", "he/him", ""),
            age=44,
            birthday=(5, 23),
            referred_by="B1",
            facts={"needs_evenings": True, "other_needs": "In person.", "phone": _GARETH["phone"]},
            attempts=3,
        ),
        replace(
            wait,
            waiting_days=35,
            who=_named("Noor", "Jabari", "she/her", ""),
            age=31,
            referred_by="A1",
            facts={"interpreter": "Arabic", "asks_for": "woman"},
            priority=1,
            priority_reason="Goes abroad for work in the spring.",
            area="life_change",
        ),
        replace(
            wait,
            waiting_days=21,
            who=_named("Elsie", "Tran", "she/her", ""),
            age=24,
            referred_by="B1",
            facts={"needs_video": True},
            harm=("thoughts_of_harm",),
            screener="grace",
            area="isolation",
            attempts=1,
        ),
        replace(
            wait,
            waiting_days=14,
            who=_named("Paul", "Reyes", "he/him", ""),
            age=57,
            referred_by="D1",
            facts={"needs_step_free": True},
            priority=2,
            priority_reason="The employer holds the post until the end of next month.",
        ),
        replace(wait, waiting_days=28, programme="ipt12", area="grief", letter=True),
        replace(wait, waiting_days=8, programme="adolescent12", age=15, area="life_change"),
        replace(
            wait,
            waiting_days=72,
            area="grief",
            pauses=((40, 12),),
            pause_reason="In hospital for an operation.",
            facts={"needs_evenings": True},
            attempts=2,
        ),
        replace(
            wait,
            waiting_days=33,
            area="isolation",
            pauses=((6, None),),
            pause_reason="Away until the New Year, asked us to wait.",
            facts={"asks_for": "man"},
        ),
        replace(
            wait,
            waiting_days=55,
            area="conflict",
            pauses=((10, None),),
            pause_reason="Looks after a parent; will ring.",
            priority=1,
            priority_reason="Waited for another service before.",
            facts={"needs_video": True},
            attempts=4,
        ),
        replace(wait, waiting_days=51, area="life_change", referred_by="I1"),
        replace(referred, waiting_days=1, referred_by="A1", letter=True, area="grief"),
        replace(
            referred,
            waiting_days=2,
            referred_by="B1",
            way="self",
            harm=("thoughts_of_harm",),
            area="isolation",
        ),
        replace(
            referred, waiting_days=2, referred_by="A4", screener="amara", letter=True, area="life_change"
        ),
        replace(
            referred,
            waiting_days=4,
            referred_by="N1",
            screener="grace",
            asked_more=True,
            harm=("is_being_harmed", "child_at_risk"),
        ),
        replace(referred, waiting_days=5, referred_by="A1", screener="grace", area="grief"),
        replace(
            referred,
            waiting_days=13,
            referred_by="A1",
            screener="amara",
            asked_more=True,
            letter=True,
            attempts=2,
        ),
        replace(referred, waiting_days=10, referred_by="B1", way="phone", area="isolation"),
    ]


OPEN_COURSES = {"ben": 11, "cara": 8, "dev": 6, "elin": 12, "farid": 10, "grace": 9, "hollis": 5}
ENDED = {"46": 19, "47": 5, "48": 4, "49": 1, "96": 2}
CARRIERS = ("amara", "ben", "cara", "dev", "elin", "farid", "grace", "hollis")
_PROGRAMMES = (
    ("ipt16",) * 6 + ("ipt12",) * 3 + ("brief8",) * 2 + ("counselling6", "adolescent12", "maintenance")
)
_SHAPES = ("improving",) * 6 + ("flat",) * 2 + ("uneven",) * 2 + ("worsening",)
_AREAS = ("conflict", "conflict", "life_change", "life_change", "grief", "isolation")


def all_plans(chance: Chance) -> list[Plan]:
    """The whole clinic, in the order in which hours are given away: the demo therapist first."""
    fixed = demo_therapist() + colleagues() + waiting() + entered_twice() + left_behind()
    return [*fixed, *_rest_of_the_open(chance, fixed), *_ended(chance), *_not_taken_on(chance)]


def _rest_of_the_open(chance: Chance, fixed: list[Plan]) -> Iterator[Plan]:
    programmes, shapes, areas = Deck(_PROGRAMMES, chance), Deck(_SHAPES, chance), Deck(_AREAS, chance)
    for therapist, wanted in OPEN_COURSES.items():
        there = sum(plan.therapist == therapist for plan in fixed)
        for place in range(wanted - there):
            programme = programmes.next()
            planned = protocol.planned_sessions(programme) or 10
            shape = shapes.next()
            yield replace(
                _scores(chance, shape),
                status=Status.IN_TREATMENT,
                programme=programme,
                therapist=therapist,
                attended=chance.between(1, planned - 1),
                area="life_change" if programme == "adolescent12" else areas.next(),
                next_in=1 + (place * 2 + chance.between(0, 1)) % 6,
                hour=time(9),
                mode=chance.one_of(("in_person",) * 7 + ("video", "video", "phone")),
                age=chance.between(14, 17) if programme == "adolescent12" else 0,
                risk={0: 1} if chance.happens(0.15) else {},
                handed_over_from="amara" if (therapist, place) in (("elin", 1), ("farid", 0)) else "",
                cosign={("dev", 0): ("answered",), ("dev", 1): ("waits",)}.get((therapist, place), ()),
            )


def _ended(chance: Chance) -> Iterator[Plan]:
    programmes, shapes, areas = Deck(_PROGRAMMES[:-1], chance), Deck(_SHAPES, chance), Deck(_AREAS, chance)
    carriers = Deck(CARRIERS, chance)
    count = 0
    for reason, wanted in ENDED.items():
        for place in range(wanted):
            count += 1
            in_error = count in (7, 19)
            programme = programmes.next()
            planned = protocol.planned_sessions(programme) or 10
            dropped = reason in ("47", "49", "96")
            shape = chance.one_of(("flat", "uneven", "worsening")) if dropped else shapes.next()
            attended = planned
            if dropped:
                attended = chance.between(2, max(2, planned // 2))
            elif reason == "48":
                attended = planned - chance.between(1, max(1, planned // 3))
            yield replace(
                _scores(chance, shape),
                status=Status.ENDED,
                programme=programme,
                therapist=carriers.next(),
                attended=attended,
                area="life_change" if programme == "adolescent12" else areas.next(),
                second_area="life_change" if chance.happens(0.1) else "",
                days_ago=12 + count * 14 + chance.between(0, 9),
                hour=time(14),
                end_reason=reason,
                missed_last=1 if reason == "47" and place < 3 else 0,
                mode=chance.one_of(("in_person",) * 7 + ("video", "video", "phone")),
                age=chance.between(14, 17) if programme == "adolescent12" else 0,
                risk={1: 1} if in_error else {0: 1, 2: 1} if chance.happens(0.12) else {},
                alert="typed_in_error" if in_error else "closed",
                handed_over_from="ben" if count in (4, 11, 23) else "",
            )


def _not_taken_on(chance: Chance) -> Iterator[Plan]:
    reasons = [code for code, _ in END_REASONS_NOT_TAKEN_ON]
    for place, reason in enumerate([*reasons, *(code for code in reasons if code != "17")]):
        seen = reason in ("10", "11", "12", "13", "14")
        yield replace(
            _scores(chance, "flat"),
            status=Status.NOT_TAKEN_ON,
            programme="ipt16" if place % 4 else "ipt12",
            therapist=CARRIERS[place % len(CARRIERS)] if seen else None,
            assessed=seen,
            days_ago=20 + place * 31 + chance.between(0, 12),
            waiting_days=chance.between(15, 60),
            end_reason=reason,
            area=chance.one_of(_AREAS),
        )


def _scores(chance: Chance, shape: str) -> Plan:
    """A plan with totals that fit the shape."""
    phq, gad = chance.between(13, 22), chance.between(9, 17)
    falls = {"improving": (7, 14), "flat": (-2, 2), "uneven": (1, 7), "worsening": (-7, -3)}[shape]
    last_phq = max(2, min(24, phq - chance.between(*falls)))
    last_gad = max(1, min(20, gad - chance.between(min(falls[0], 5), min(falls[1], 9))))
    if shape == "improving" and chance.happens(0.55):
        last_phq, last_gad = min(last_phq, chance.between(3, 9)), min(last_gad, chance.between(2, 7))
    return Plan(Status.ENDED, shape=shape, phq=(phq, last_phq), gad=(gad, last_gad))
