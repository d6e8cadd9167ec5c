"""What was discussed in supervision, about courses of the invented clinic. Braces are as in `parts.py`. Whose course it is is
not known here, so the words would fit any that is under way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Discussed:
    """One case of a meeting."""

    work: str
    decision: str
    focus: str = "kept"
    risk: str = "discussed"
    risk_words: str = ""
    actions: tuple[str, ...] = ()


FIRST = (
    Discussed(
        work="We listened to how the week’s event was followed from feeling to what was said and what was not. {name} tells"
        " it as a report; the moment in which {they} went quiet was passed over quickly.",
        decision="Stay with the focus. Slow down at the moment of going quiet and ask what {they} would have wanted to say.",
        risk_words="Item 9 has been 0 since the second session.",
        actions=("Draw the communication analysis of one conversation together",),
    ),
    Discussed(
        work="The scores have not moved for three weeks while the sessions feel lively. Between sessions little is tried out.",
        decision="Agree one small thing for each week, and begin the session with it.",
        risk="not_needed",
        risk_words="No change, asked in each session and answered with no.",
        actions=("Agree one task for the week in writing",),
    ),
    Discussed(
        work="A first course of treatment. How to ask about the people closest to {name} without making it a list; the circles"
        " help, and silence is fine.",
        decision="Go back to the inventory once more, one person at a time, before the focus is settled.",
        focus="not_agreed",
        risk_words="Asked at assessment; a safety plan is not needed now.",
        actions=("Finish the inventory and bring the circles",),
    ),
)
SECOND = (
    Discussed(
        work="The task for the week has been done twice in three. What got in the way was said openly in the session.",
        decision="Keep the task; let {name} choose it.",
        risk_words="Unchanged, asked each week.",
        actions=("Look at the scores together in the next session",),
    ),
    Discussed(
        work="{name} spoke of the end of the course for the first time, and looked at the door while doing so.",
        decision="Name the end in each session from now on, with the number of sessions left.",
        risk="not_needed",
        risk_words="Nothing new since the last meeting.",
        actions=("Begin the ending plan",),
    ),
)
REGULAR = (
    Discussed(
        work="What happened between {name} {last} and the people at home this week, and how the mood followed it, was told"
        " clearly.",
        decision="Go on as planned.",
        risk_words="Asked in each session, nothing new.",
    ),
    Discussed(
        work="Two sessions were spent on what happened outside and little on what {name} {last} did with it.",
        decision="Begin the next session with the event of the week and stay with one.",
        risk_words="Asked in each session, nothing new.",
    ),
    Discussed(
        work="{name} {last} rated the goals again; one has moved and one has not.",
        decision="Ask whether the second goal is still {name}’s own.",
        risk="not_needed",
        risk_words="No change since the last meeting.",
    ),
    Discussed(
        work="{name} {last} tried a role play and broke it off. What made it hard is part of the work.",
        decision="Try it again in smaller steps, with the therapist in the other part first.",
        risk_words="Asked in each session, nothing new.",
    ),
    Discussed(
        work="The sessions that are left were counted together. {name} {last} has a plan for what comes afterwards.",
        decision="Write the plan down in {name}’s words.",
        risk="not_needed",
        risk_words="No change since the last meeting.",
    ),
)
TODAY = Discussed(
    work="Went through the last session. What {name} wants from the people around {them} is clearer than four weeks ago.",
    decision="",
    focus="kept",
)
