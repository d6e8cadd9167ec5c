"""The instruments as data: their words, ranges, bands and thresholds, each with its source.

Numbers only: what is worked out from them is in `outcomes.scoring`. No Django here, so that whoever reviews
clinical safety can read these two files by themselves. Items are numbered from 1, as on the printed form.

Marks beside a number say how far it was checked:
  [seen]     read in the source named
  [general]  general knowledge with the publication believed to state it, not checked against it
  [decided]  this project's own decision
Wording and numbers of a measure never change under one `version`: old responses keep the version they were
answered with.
"""

from dataclasses import dataclass

__all__ = [
    "BY_CODE",
    "GOAL_SCALE",
    "MEASURES",
    "Band",
    "GoalScale",
    "Measure",
    "Option",
    "UnscoredQuestion",
]


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen: the value that is stored, and its words."""

    value: int
    label: str


@dataclass(frozen=True)
class Band:
    """A range of totals, both ends included, and its word, in lower case so that it fits in a sentence."""

    low: int
    high: int
    label: str


@dataclass(frozen=True)
class UnscoredQuestion:
    """A question printed with a measure that never enters its total."""

    wording: str
    options: tuple[Option, ...]
    source: str


@dataclass(frozen=True)
class Measure:
    """One instrument. A response holds one answer an item, in the order of the form, each an option's value.

    Answers to `reversed_items` are stored as chosen on the form (0 is always "Not at all"): scoring turns
    them round.
    """

    code: str
    name: str
    about: str
    version: str
    language: str
    stem: str
    items: tuple[str, ...]
    options: tuple[Option, ...]
    licence: str
    source: str
    has_exact_wording: bool = True  # False: `items` are labels of domains, and the clinic supplies the text
    bands: tuple[Band, ...] = ()
    cut_off: int | None = None  # at or above it a total is at caseness; None where the measure has none
    reliable_change: int | None = None  # the least difference in points that is not measurement error
    reversed_items: tuple[int, ...] = ()
    risk_items: tuple[int, ...] = ()  # any answer above 0 raises an alert
    may_miss: int = 0  # how many answers may be missing for a marked estimate of the total
    adults_only: str = ""  # what the page of an adolescent says of the cut-off and the bands
    unscored: UnscoredQuestion | None = None

    @property
    def lowest_answer(self) -> int:
        return min(option.value for option in self.options)

    @property
    def highest_answer(self) -> int:
        return max(option.value for option in self.options)

    @property
    def lowest_total(self) -> int:
        return self.lowest_answer * len(self.items)

    @property
    def highest_total(self) -> int:
        return self.highest_answer * len(self.items)


def _options(*labels: str, start: int = 0) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in enumerate(labels, start=start))


# PHQ-9 and GAD-7 share stem and answers. [seen] in CamCOPS (University of Cambridge), phq9.xml and gad7.xml.
# The zero option of the GAD-7 is "Not at all"; copies with "Not at all sure" circulate and are wrong
# (Zorowitz 2021, noted in CamCOPS).
_OVER_TWO_WEEKS = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_DAYS = _options("Not at all", "Several days", "More than half the days", "Nearly every day")
# [general] The studies behind cut-off, bands and reliable change were of adults.
_ADULTS_ONLY = "Cut-offs and bands are for adults (18 and over)."
_PFIZER_LICENCE = "No permission required to reproduce, translate, display or distribute."  # [seen] CamCOPS

PHQ9 = Measure(
    code="phq9",
    name="PHQ-9",
    about="Depression",
    version="1",
    language="en-GB",
    stem=_OVER_TWO_WEEKS,
    items=(
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so"
        " fidgety or restless that you have been moving around a lot more than usual",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ),
    options=_DAYS,
    bands=(  # [general] Kroenke, Spitzer and Williams 2001
        Band(0, 4, "minimal"),
        Band(5, 9, "mild"),
        Band(10, 14, "moderate"),
        Band(15, 19, "moderately severe"),
        Band(20, 27, "severe"),
    ),
    cut_off=10,  # [seen] NHS Talking Therapies caseness: Clark 2018, table 2
    reliable_change=6,  # [seen] Clark 2018; 5.20 rounded up, Richards and Borglin 2011 [general]
    risk_items=(9,),
    unscored=UnscoredQuestion(
        wording="If you checked off any problems, how difficult have these problems made it for you to do"
        " your work, take care of things at home, or get along with other people?",
        options=_options(
            "Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"
        ),
        source="CamCOPS, phq9.xml",
    ),
    adults_only=_ADULTS_ONLY,
    licence=_PFIZER_LICENCE,
    source="Kroenke, Spitzer and Williams 2001; wording as in CamCOPS, phq9.xml",
)

GAD7 = Measure(
    code="gad7",
    name="GAD-7",
    about="Anxiety",
    version="1",
    language="en-GB",
    stem=_OVER_TWO_WEEKS,
    items=(
        "Feeling nervous, anxious or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid as if something awful might happen",
    ),
    options=_DAYS,
    bands=(  # [general] Spitzer and others 2006
        Band(0, 4, "minimal"),
        Band(5, 9, "mild"),
        Band(10, 14, "moderate"),
        Band(15, 21, "severe"),
    ),
    cut_off=8,  # [seen] NHS Talking Therapies caseness: Clark 2018, table 2. General screening uses 10.
    reliable_change=4,  # [seen] Clark 2018; 3.53 rounded up, Richards and Borglin 2011 [general]
    adults_only=_ADULTS_ONLY,
    licence=_PFIZER_LICENCE,
    source="Spitzer and others 2006; wording as in CamCOPS, gad7.xml",
)

CORE10 = Measure(
    code="core10",
    name="CORE-10",
    about="General distress",
    version="1",
    language="en-GB",
    # [seen] CamCOPS, core10.xml, and softoutcomes.org, which agree in every item. Their last option differs;
    # "Most or all the time" is the form's (softoutcomes.org, socasresourcehub.com). The licence allows no
    # change of wording.
    stem="Over the last week",
    items=(
        "I have felt tense, anxious or nervous",
        "I have felt I have someone to turn to for support when needed",
        "I have felt able to cope when things go wrong",
        "Talking to people has felt too much for me",
        "I have felt panic or terror",
        "I made plans to end my life",
        "I have had difficulty getting to sleep or staying asleep",
        "I have felt despairing or hopeless",
        "I have felt unhappy",
        "Unwanted images or memories have been distressing me",
    ),
    options=_options("Not at all", "Only occasionally", "Sometimes", "Often", "Most or all the time"),
    bands=(  # [seen] socasresourcehub.com, section 5b; another page prints 11-15, 16-20, 21-25, 26+: not used
        Band(0, 10, "healthy or low level"),
        Band(11, 14, "mild"),
        Band(15, 19, "moderate"),
        Band(20, 24, "moderately severe"),
        Band(25, 40, "severe"),
    ),
    cut_off=11,  # [seen] CORE System Trust
    reliable_change=6,  # [general] Barkham and others 2013
    reversed_items=(2, 3),  # [seen] CamCOPS, core10.py
    risk_items=(6,),
    may_miss=1,  # [seen] CORE System Trust: "It can be prorated if only one item is omitted"
    licence="CORE System Trust, CC BY-ND 4.0: free to use, also in software, with no change of wording.",
    source="Barkham and others 2013; coresystemtrust.org.uk",
)

WSAS = Measure(
    code="wsas",
    name="WSAS",
    about="Work and social life",
    version="1",
    language="en-GB",
    # The text of the items and of the answers is copyright I. M. Marks: labels of the five domains and bare
    # numbers only, and the clinic supplies the printed form.
    stem="How much each part of life is impaired, from 0 (none) to 8 (the most).",
    items=(
        "Work",
        "Home management",
        "Social leisure",
        "Private leisure",
        "Close relationships",
    ),
    has_exact_wording=False,
    options=_options("0", "1", "2", "3", "4", "5", "6", "7", "8"),
    bands=(  # [seen] rehabmeasures copy; which band holds exactly 20 is unclear there, so 10 to 20 [decided]
        Band(0, 9, "subclinical"),
        Band(10, 20, "significant"),
        Band(21, 40, "moderately severe or worse"),
    ),
    reliable_change=8,  # [general] Zahra and others 2014
    licence="Items copyright I. M. Marks; this clinic's form is to be supplied with permission.",
    source="Mundt, Marks, Shear and Greist 2002",
)

UCLA3 = Measure(
    code="ucla3",
    name="UCLA-3",
    about="Loneliness",
    version="1",
    language="en-GB",
    stem="",
    # [seen] Office for National Statistics, "Measuring loneliness: guidance for use of the national
    # indicators on surveys", and the Campaign to End Loneliness, which print the same words.
    items=(
        "How often do you feel that you lack companionship?",
        "How often do you feel left out?",
        "How often do you feel isolated from others?",
    ),
    options=_options("Hardly ever or never", "Some of the time", "Often", start=1),  # 1 to 3 [general]
    unscored=UnscoredQuestion(  # the direct measure: reported alone, never added to the three
        wording="How often do you feel lonely?",
        options=_options("Often/always", "Some of the time", "Occasionally", "Hardly ever", "Never", start=1),
        source="Office for National Statistics, the same guidance",
    ),
    licence="Recommended by the Office for National Statistics; use in services is generally free.",
    source="Hughes and others 2004; Office for National Statistics 2018",
)


@dataclass(frozen=True)
class GoalScale:
    """How near a goal of the client's own is: one whole number, with no total, no band and no cut-off."""

    question: str
    lowest: int
    highest: int
    anchors: tuple[Option, ...]
    licence: str
    source: str


# [seen] Range and what 0, 5 and 10 stand for: National Mentoring Resource Center, "Goal Based Outcomes tool"; up to three
# goals. The words are this project's own [decided]. Ratings of different goals are never added up [decided].
GOAL_SCALE = GoalScale(
    question="How close are you to this goal today?",
    lowest=0,
    highest=10,
    anchors=(Option(0, "Not at all met"), Option(5, "Half way there"), Option(10, "Fully met")),
    licence="The goal-based outcomes tool is free to use if its authors are named.",  # [general]
    source="After the goal-based outcomes tool, Law and Jacob 2015",
)

MEASURES = (PHQ9, GAD7, CORE10, WSAS, UCLA3)
BY_CODE = {measure.code: measure for measure in MEASURES}
