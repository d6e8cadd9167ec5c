"""What each phase of IPT sets out to do, as a checklist.

Data only. Codes are stored with signed notes: never change or reuse one; a label may be put better. The first seven of the
initial phase after IPT-UK's stages of IPT, the rest after Weissman, Markowitz and Klerman 2018 and the UCL competence framework
for IPT, from general knowledge. In the clinic's words.
"""

from dataclasses import dataclass

__all__ = ["BY_CODE", "MID_POINT", "TASKS", "Task"]


@dataclass(frozen=True)
class Task:
    """One task of a phase: its name on a checklist, and what belongs to it."""

    code: str
    phase: str
    label: str
    help_text: str


def _tasks(phase: str, *named: tuple[str, str, str]) -> tuple[Task, ...]:
    return tuple(Task(code, phase, label, help_text) for code, label, help_text in named)


MID_POINT = "middle_review"
TASKS = {
    "initial": _tasks(
        "initial",
        (
            "initial_symptoms",
            "Symptoms and diagnosis",
            "History, baseline measures, risk, medication and physical health; the diagnosis said in plain words.",
        ),
        (
            "initial_sick_role",
            "The limited sick role",
            "Depression is an illness, not a fault: what can be set down for now, and the work of getting better.",
        ),
        (
            "initial_explaining",
            "Depression and IPT explained",
            "How mood and relationships go together, and how IPT works.",
        ),
        ("initial_timeline", "Timeline", "Events, relationships and mood on one line."),
        (
            "initial_inventory",
            "Relationships",
            "The people who matter, and the closeness circles.",
        ),
        (
            "initial_focus",
            "Focus chosen",
            "This episode set beside what happened between people; one focus, at most two.",
        ),
        (
            "initial_formulation",
            "Formulation and goals",
            "Given back in the client’s words, and two or three goals agreed.",
        ),
        (
            "initial_contract",
            "Contract",
            "Number, day and time of sessions, the rule for missed ones, the ending date, recording.",
        ),
        (
            "initial_supports",
            "Who can support the therapy",
            "People who can help, and the limits of confidentiality agreed.",
        ),
    ),
    "middle": _tasks(
        "middle",
        ("middle_link", "Mood linked with events", "Week by week, which led to which."),
        ("middle_strategies", "Strategies of the focus", "Worked on with the techniques that fit."),
        ("middle_plans", "Plans between sessions", "Something to try with somebody, and how it went."),
        (
            MID_POINT,
            "Mid-point review",
            "Measures against the start, whether the focus still fits, goals rated, sessions left.",
        ),
    ),
    "end": _tasks(
        "end",
        ("end_named", "Ending named", "Said plainly and early, with the sessions that are left."),
        ("end_feelings", "Feelings about ending", "Sadness is to be expected and is no relapse."),
        ("end_symptoms", "Symptoms reviewed", "The first and the latest scores, on the chart."),
        (
            "end_changes",
            "What has changed",
            "Goals, the circles drawn again, relationships brought up to date.",
        ),
        ("end_skills", "Skills and supports", "What the client can do, and who is there."),
        ("end_unresolved", "What is unresolved", "And what further help there is."),
        ("end_early_signs", "Early signs", "How a low spell would begin, and what to do then."),
        ("end_return", "How to return", "Whom to call; booster or maintenance sessions."),
        ("end_goodbye", "Goodbye", "Last measures, the reason for ending, letters."),
    ),
}
BY_CODE = {task.code: task for tasks in TASKS.values() for task in tasks}
