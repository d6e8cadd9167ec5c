"""Every number and wording that a clinic decides for itself: what it means, what it begins with, where that comes from and who
may change it. The columns are those of `staff.models.Clinic`; a test holds the two together, and the walls of the database keep
to the same division (access/rls/40_stays.sql).

Who may change what follows one rule: whatever decides about a client's care, or tells somebody what the therapy is, is answered
for by the clinical lead; how the clinic runs its office, by its administrators.

`python -m staff.clinic_settings > docs/reference/clinic-settings.md` lays the page anew."""

from dataclasses import dataclass
from typing import Any

from staff import wordings

ADMINISTRATOR, LEAD = "administrator", "lead"
WHO = {ADMINISTRATOR: "administrators", LEAD: "the clinical lead"}

OWN = "The clinic’s own."
LONG = 120
STANDARD = "NHS Talking Therapies waiting time standard"
ALERTS = "The clinic’s own; the safety rules of this product say what it begins with."
FLAGS = "The clinic’s own; the rules of this product say what it begins with."
TRAINING = "IPT training at practitioner level: four supervised cases (IPT training forms of 2015)."
CRITERIA = "Older IPT-UK practitioner criteria; ask the body for today’s."
ANSWERS = "1 several days, 2 more than half the days, 3 nearly every day."
FILLED_IN = (
    "{name} is the client’s name, {clinic} the clinic’s, {date} the day on which the referral came in. "
    "Say nothing of what the person wrote about themselves."
)


@dataclass(frozen=True)
class Setting:
    """One column of the clinic's row. `label` is what its sentence of the trail names it by; `default` a number, yes or no, a
    list of codes or a text; `choices` code → words of a list."""

    column: str
    label: str
    default: Any
    source: str
    by: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    lines: int = 0  # of the field, where the text begins empty and has several

    @property
    def who(self) -> str:
        return WHO[self.by]

    @property
    def is_long(self) -> bool:
        """A wording, which has lines of its own."""
        return isinstance(self.default, str) and len(self.default) > LONG

    def in_words(self, value: Any) -> str:
        """A value as a person reads it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list | tuple):
            words = dict(self.choices)
            return ", ".join(words.get(each, str(each)) for each in value) or "nothing"
        return str(value) or "nothing"


@dataclass(frozen=True)
class Group:
    """Settings that stand together on the page. `about` is said once for all of them."""

    code: str
    title: str
    settings: tuple[Setting, ...]
    about: str = ""


GROUPS = (
    Group(
        "clinic",
        "The clinic",
        (
            Setting(
                "name",
                "Name of the clinic",
                "IPT Clinic",
                OWN,
                ADMINISTRATOR,
                "It stands in mails, in letters and on the pages that clients see.",
            ),
            Setting(
                "readable_days_after_end",
                "Days a therapist may read a course after it has ended",
                90,
                "The clinic’s own: its rules on keeping records.",
                ADMINISTRATOR,
                "Counted from the end of each course that ends from now on.",
            ),
        ),
    ),
    Group(
        "letterhead",
        "Letterhead",
        (
            Setting(
                "letterhead_address",
                "Address on letters",
                "",
                OWN,
                ADMINISTRATOR,
                "One line each, as on an envelope.",
                lines=3,
            ),
            Setting(
                "letterhead_phone",
                "Phone on letters",
                "",
                OWN,
                ADMINISTRATOR,
                "What a client or a GP rings.",
            ),
            Setting(
                "letter_footer",
                "Small print at the foot of letters",
                "",
                OWN,
                ADMINISTRATOR,
                "A company or charity number, for example.",
            ),
        ),
        "They stand on assessment and ending letters under the clinic’s name. A signed letter keeps what stood when it was"
        " signed.",
    ),
    Group(
        "self-referral",
        "Self-referral",
        (
            Setting(
                "self_referral_open",
                "People may refer themselves on the public page",
                True,
                OWN,
                ADMINISTRATOR,
                "While it is shut, the page says so and still shows where to find help.",
            ),
            Setting(
                "self_referrals_per_hour",
                "Self-referrals taken within one hour from one address",
                5,
                "The clinic’s own: enough for a library or a shared flat, too few for a machine.",
                ADMINISTRATOR,
                "Whoever sends more is asked to call the clinic.",
            ),
            Setting(
                "self_referral_intro",
                "What IPT is, on the public page",
                wordings.SELF_REFERRAL_INTRO,
                OWN,
                LEAD,
            ),
            Setting(
                "self_referral_expect",
                "What to expect, on the public page",
                wordings.SELF_REFERRAL_EXPECT,
                OWN,
                LEAD,
            ),
            Setting(
                "consent_words",
                "What a person agrees to when they refer themselves",
                wordings.CONSENT_WORDS,
                "The clinic’s own: its privacy notice.",
                ADMINISTRATOR,
                "Each referral keeps the words that were agreed to.",
            ),
            Setting(
                "acknowledgement_words",
                "What is said once a self-referral is sent",
                wordings.ACKNOWLEDGEMENT_WORDS,
                OWN,
                ADMINISTRATOR,
                "Say nothing clinical: somebody else may read it. Where to find help in a crisis always stands beside it.",
            ),
        ),
    ),
    Group(
        "screening",
        "Screening",
        (
            Setting(
                "screening_working_days",
                "Working days within which a referral is screened",
                5,
                OWN,
                LEAD,
                "From the day on which it came in. What takes longer stands out on the lists.",
            ),
        ),
    ),
    Group(
        "letters",
        "Letters after screening",
        (
            Setting(
                "letter_accepted",
                "Letter: a place on the waiting list",
                wordings.LETTER_ACCEPTED,
                OWN,
                LEAD,
            ),
            Setting(
                "letter_not_suitable",
                "Letter: not the right help",
                wordings.LETTER_NOT_SUITABLE,
                OWN,
                LEAD,
            ),
            Setting(
                "letter_signposted",
                "Letter: another service",
                wordings.LETTER_SIGNPOSTED,
                OWN,
                LEAD,
            ),
            Setting(
                "letter_no_contact",
                "Letter: we could not reach you",
                wordings.LETTER_NO_CONTACT,
                OWN,
                LEAD,
            ),
        ),
        FILLED_IN,
    ),
    Group(
        "waits",
        "Waiting list",
        (
            Setting(
                "wait_first_days",
                "Days to the first treatment: first standard",
                42,
                f"{STANDARD}: 75% within 6 weeks of the referral.",
                LEAD,
                "Days waited are counted from the referral, without the pauses.",
            ),
            Setting(
                "wait_second_days",
                "Days to the first treatment: second standard",
                126,
                f"{STANDARD}: 95% within 18 weeks of the referral.",
                LEAD,
            ),
            Setting(
                "wait_warning_days",
                "Days before a standard at which a wait is about to breach",
                14,
                OWN,
                LEAD,
            ),
        ),
    ),
    Group(
        "treatment",
        "Allocation and appointments",
        (
            Setting(
                "trainee_places_most",
                "Most courses that a trainee carries at once",
                8,
                "The clinic’s own: what its supervision can hold.",
                LEAD,
                "No trainee is given more places than this.",
            ),
            Setting(
                "first_appointment_minutes",
                "Minutes of a first appointment",
                50,
                OWN,
                ADMINISTRATOR,
                "What is chosen beforehand when a course is allocated.",
            ),
            Setting(
                "missed_before_proposal",
                "Missed sessions before an ending is proposed",
                2,
                "The clinic’s own policy on missed sessions.",
                LEAD,
                "It is proposed to the therapist; no course ends by itself.",
            ),
            Setting(
                "missed_rule",
                "What is agreed with a client about missed sessions",
                wordings.MISSED_RULE,
                OWN,
                LEAD,
                "Proposed in each new contract, where the therapist may change it. Administrators read it there.",
            ),
        ),
    ),
    Group(
        "flags",
        "When a course is put before the supervisor",
        (
            Setting(
                "flag_booked_days", "Days ahead in which an appointment is to be booked", 14, FLAGS, LEAD
            ),
            Setting(
                "flag_unmeasured_sessions",
                "Attended sessions in a row without PHQ-9 or GAD-7",
                2,
                "NHS Talking Therapies takes both at each session; the number is the clinic’s own.",
                LEAD,
            ),
            Setting(
                "flag_ending_sessions",
                "Sessions left when an ending plan is to be written",
                3,
                "Weissman, Markowitz and Klerman 2018: the ending is spoken of well before it; the number is the clinic’s own.",
                LEAD,
            ),
            Setting("flag_unsigned_hours", "Hours after which a note is to be signed", 72, FLAGS, LEAD),
            Setting(
                "flag_focus_changes",
                "Changes of the focus after which a course is looked at",
                2,
                FLAGS,
                LEAD,
            ),
            Setting(
                "flag_unreviewed_days",
                "Days after which a course is to be discussed again",
                28,
                "NHS Talking Therapies: each case is reviewed in supervision at least every four weeks.",
                LEAD,
            ),
        ),
        "Missed appointments are counted as under allocation and appointments. Each rule has a page of its own.",
    ),
    Group(
        "supervision",
        "Supervision and practice",
        (
            Setting(
                "supervision_every_days",
                "Days after which a therapist is overdue for supervision",
                28,
                OWN,
                LEAD,
            ),
            Setting(
                "supervision_history_for_new_line",
                "A new supervisor reads earlier supervision records",
                False,
                OWN,
                LEAD,
                "Those signed before their line began. The course and what is still to be done they always see.",
            ),
            Setting(
                "recording_days",
                "Days after which a recording of a session is to be deleted",
                90,
                "Records management: recordings are kept far shorter than the record.",
                LEAD,
                "Proposed for each recording.",
            ),
            Setting("accreditation_cases", "Supervised cases towards accreditation", 4, TRAINING, LEAD),
            Setting("accreditation_focus_areas", "Focus areas among these cases", 2, CRITERIA, LEAD),
            Setting("accreditation_sessions", "Sessions supervised of each case", 12, CRITERIA, LEAD),
            Setting("accreditation_hours", "Hours of supervision of each case", 4, CRITERIA, LEAD),
            Setting("accreditation_recordings", "Recordings rated of each case", 3, CRITERIA, LEAD),
            Setting(
                "supervised_within_days",
                "Days within which a discussed session counts as supervised",
                14,
                OWN,
                LEAD,
            ),
        ),
        "What a professional body asks for now, it says itself: set these to its numbers.",
    ),
    Group(
        "links",
        "Questionnaires by link",
        (
            Setting(
                "link_measures",
                "Questionnaires of each session",
                ["phq9", "gad7"],
                "NHS Talking Therapies: measures at every session.",
                LEAD,
                "What is sent by itself, and what is chosen beforehand where somebody sends a link.",
                # The codes of `outcomes.measures`, which lies above this room; a test holds them together.
                (
                    ("phq9", "PHQ-9, depression"),
                    ("gad7", "GAD-7, anxiety"),
                    ("core10", "CORE-10, general distress"),
                    ("wsas", "WSAS, work and social life: asked once the clinic has entered its wording"),
                    ("ucla3", "UCLA-3, loneliness"),
                    ("goals", "Goals of the course, where there are any"),
                ),
            ),
            Setting(
                "link_days_before",
                "Days before a session on which its questionnaires are sent",
                1,
                OWN,
                ADMINISTRATOR,
                "At eight in the morning, to clients whose consent names mail. 0 sends none by itself.",
            ),
        ),
    ),
    Group(
        "alerts",
        "Who is told of an alert",
        (
            Setting(
                "supervisor_at_once_from",
                "The supervisor is told at once when PHQ-9 item 9 is at least",
                3,
                ALERTS,
                LEAD,
                ANSWERS,
            ),
            Setting(
                "supervisor_told_from",
                "The supervisor is told within a day when item 9 is at least",
                2,
                ALERTS,
                LEAD,
                f"Within one working day. {ANSWERS}",
            ),
            Setting(
                "supervisor_told_rise",
                "The supervisor is told at once when it has risen by at least",
                2,
                ALERTS,
                LEAD,
                "Points since the last answer to the same question.",
            ),
            Setting(
                "core10_at_once",
                "The supervisor is told at once when CORE-10 item 6 is above 0",
                True,
                ALERTS,
                LEAD,
                "It asks about plans to end one’s life.",
            ),
            Setting(
                "unanswered_supervisor_days",
                "Working days until an unanswered alert goes to the supervisor",
                1,
                ALERTS,
                LEAD,
                "From the moment at which it was raised.",
            ),
            Setting(
                "unanswered_lead_days",
                "Working days until it goes to the clinical lead",
                2,
                ALERTS,
                LEAD,
            ),
        ),
        "Any answer above 0 about being better off dead or about plans raises an alert, and the therapist is told at "
        "once. That is no setting.",
    ),
)

SETTINGS = tuple(setting for group in GROUPS for setting in group.settings)
BY_COLUMN = {setting.column: setting for setting in SETTINGS}

_OPENING = """\
# What a clinic decides for itself

Written from `staff/clinic_settings.py`; *People → Settings* shows and changes it. What the environment says is on
[another page](settings.md).
"""


def page() -> str:
    """The reference page in Markdown."""
    return _OPENING + "".join(map(_section, GROUPS))


def _section(group: Group) -> str:
    lines = [f"\n## {group.title}\n"]
    if group.about:
        lines.append(f"{group.about}\n")
    lines += ["| setting | begins with | source | changed by |", "|---|---|---|---|"]
    for each in group.settings:
        words = f"{each.label}. {each.help}" if each.help else f"{each.label}."
        begins = "a text, below" if each.is_long else each.in_words(each.default)
        lines.append(f"| {words} (`{each.column}`) | {begins} | {each.source} | {each.who} |")
    for each in group.settings:
        if isinstance(each.default, str) and each.is_long:
            quoted = "\n".join(f"> {line}".rstrip() for line in each.default.splitlines())
            lines.append(f"\n*{each.label}* begins with:\n\n{quoted}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
