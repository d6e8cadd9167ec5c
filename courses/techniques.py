"""What a therapist may tick as done in a session: strategies of each focus area, techniques for any of them.

Data only. Codes are stored with signed notes: never change or reuse one; a label may be put better.
After Weissman, Markowitz and Klerman 2018 and the UCL competence framework for IPT, from general knowledge;
the stages of a dispute as on citcassociates.com. In the clinic's words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.protocol import FOCUS_AREAS

__all__ = ["BY_CODE", "STRATEGIES", "TECHNIQUES", "Offer", "Technique", "offered_for"]


@dataclass(frozen=True)
class Technique:
    """One thing done in a session, as ticked."""

    code: str
    label: str


@dataclass(frozen=True)
class Offer:
    """A heading of the form, and what may be ticked under it."""

    label: str
    techniques: tuple[Technique, ...]


STRATEGIES = {
    "conflict": (
        Technique("conflict_identify", "Named the dispute and who it is with"),
        Technique("conflict_stage", "Found its stage: renegotiation, impasse or dissolution"),
        Technique("conflict_expectations", "Looked at what each expects of the other"),
        Technique("conflict_parallels", "Looked for the same pattern in other relationships"),
        Technique("conflict_resources", "Asked who gains, and what each could do to change it"),
        Technique("conflict_options", "Worked out the options"),
        Technique("conflict_communication", "Went through one conversation, line by line"),
        Technique("conflict_rehearse", "Planned and rehearsed what to say"),
        Technique("conflict_review", "Reviewed how it went"),
    ),
    "life_change": (
        Technique("life_change_old_role", "Reviewed the old role, good and bad"),
        Technique("life_change_mourn", "Mourned the old role"),
        Technique("life_change_change", "Explored the change itself: wanted or not, sudden or slow"),
        Technique("life_change_new_role", "Weighed what the new role offers and asks"),
        Technique("life_change_feelings", "Made room for the feelings of loss"),
        Technique("life_change_skills", "Built skills for the new role"),
        Technique("life_change_supports", "Found supports for the new role"),
        Technique("life_change_timeline", "Went back to the timeline"),
    ),
    "grief": (
        Technique("grief_relate", "Related the symptoms to the death"),
        Technique("grief_relationship", "Reconstructed the relationship, good and bad"),
        Technique("grief_events", "Went through the events before, during and after the death"),
        Technique("grief_mourning", "Helped the mourning and the feelings that come with it"),
        Technique("grief_unsaid", "Explored guilt, anger and things unsaid"),
        Technique("grief_interests", "Took up interests and relationships again"),
        Technique("grief_anniversaries", "Planned for anniversaries"),
        Technique("grief_mementos", "Used rituals or mementos"),
    ),
    "isolation": (
        Technique("isolation_past", "Reviewed important past relationships"),
        Technique("isolation_patterns", "Looked for patterns that repeat"),
        Technique("isolation_therapy", "Used the relationship in therapy as an example, with care"),
        Technique("isolation_contact", "Practised social contact"),
        Technique("isolation_network", "Built up a network, step by step"),
        Technique("isolation_role_play", "Role-played a meeting"),
        Technique("isolation_feedback", "Gave feedback on communication"),
    ),
}

TECHNIQUES = (
    Technique("exploring", "Exploratory questions"),
    Technique("affect", "Encouraging feelings"),
    Technique("clarification", "Clarification"),
    Technique("communication_analysis", "Communication analysis"),
    Technique("decision_analysis", "Decision analysis"),
    Technique("role_play", "Role play"),
    Technique("problem_solving", "Problem solving"),
    Technique("psychoeducation", "Explaining depression and its treatment"),
    Technique("therapy_relationship", "Use of the therapeutic relationship"),
    Technique("between_sessions", "Task between sessions"),
    Technique("network", "Bringing in people who can help"),
    Technique("summarising", "Summarising"),
    Technique("limits", "Setting limits"),
)

BY_CODE = {technique.code: technique for group in (*STRATEGIES.values(), TECHNIQUES) for technique in group}


def offered_for(areas: Iterable[str]) -> tuple[Offer, ...]:
    """What a form offers: one group for each focus area given, in the fixed order, then techniques for any.

    With no area agreed only the last group is left. An unknown area raises `ValueError`.
    """
    wanted = set(areas)
    unknown = wanted - FOCUS_AREAS.keys()
    if unknown:
        raise ValueError(f"Unknown focus area: {', '.join(sorted(map(str, unknown)))}")
    strategies = (Offer(FOCUS_AREAS[code].label, STRATEGIES[code]) for code in FOCUS_AREAS if code in wanted)
    return (*strategies, Offer("In any session", TECHNIQUES))
