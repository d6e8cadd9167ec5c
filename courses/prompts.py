"""What to ask in a session: two or three questions for each focus area and phase, and what each stage of a dispute aims at.

Data only, shown beside the log page and stored nowhere. After Weissman, Markowitz and Klerman 2018 and the UCL competence
framework for IPT, from general knowledge; the stages of a dispute and their aims as on citcassociates.com; that a session
opens with how things have been, and goes from mood to event or from event to mood, as in IPT-UK's stages of IPT. In the
clinic's words: nothing here is a quotation.
"""

__all__ = ["ANY_FOCUS", "PROMPTS", "STAGE_AIMS", "questions_for"]

PROMPTS = {
    "conflict": {
        "initial": (
            "Who is it with, and what does each of you want that the other does not?",
            "Which came first, the quarrel or the low mood?",
            "Are you still talking about it, stuck, or is it over?",
        ),
        "middle": (
            "What was said this week, word by word, and what did you hope they would hear?",
            "What do you expect of them, and have you ever said so?",
            "What else could you do, and what would you say first?",
        ),
        "end": (
            "What is different between you now, and what did you do for it?",
            "How will you notice that you are stuck again?",
            "What will you say, and to whom, when it happens next?",
        ),
    },
    "life_change": {
        "initial": (
            "What changed, when, and was it your wish?",
            "What did you have before that you miss, and what do you not miss?",
            "How did your mood move as it changed?",
        ),
        "middle": (
            "What did you lose with the old role, and have you let yourself feel it?",
            "What does the new role ask of you that you have not learnt yet?",
            "Who could help with it, and what good might it bring?",
        ),
        "end": (
            "What in the new role is yours now?",
            "What of the old one do you keep, and what have you let go?",
            "Which change comes next, and what will you do differently?",
        ),
    },
    "grief": {
        "initial": (
            "Who died, how, and what was happening between you then?",
            "Who was there for you, and whom could you tell?",
            "How have you been since, and around the anniversaries?",
        ),
        "middle": (
            "What was good between you, and what was hard?",
            "What happened before, during and after the death?",
            "What was never said, and what would you say now?",
        ),
        "end": (
            "Whom and what have you taken up again?",
            "How do you keep them with you?",
            "What will you do on the next anniversary, and with whom?",
        ),
    },
    "isolation": {
        "initial": (
            "Who has mattered to you in your life, and how did it end?",
            "What do you miss most when you are alone?",
            "When is it easier to be with somebody?",
        ),
        "middle": (
            "Whom did you meet this week, and how did it begin and end?",
            "Does something here remind you of how it goes with others?",
            "What small step towards whom could you try?",
        ),
        "end": (
            "With whom have you more contact now, and how did it come about?",
            "What will you go on doing every week?",
            "How will you notice that you draw back?",
        ),
    },
}

# While no focus is agreed.
ANY_FOCUS = {
    "initial": (
        "What happened in your life, or between you and others, before the low mood began?",
        "Who matters to you now, and who knows how you are?",
        "Which of these would you most want to be different?",
    ),
    "middle": (
        "What happened this week, and how did your mood move with it?",
        "What did you want from them, and did they know?",
        "Which focus fits what you have told so far?",
    ),
    "end": (
        "What has changed since you came, and what did you do for it?",
        "What does it mean to you that we are ending?",
        "How would a low spell begin, and whom would you call?",
    ),
}

# By courses.models.Stage.
STAGE_AIMS = {
    "renegotiation": "Calm both sides, and make the talking better.",
    "impasse": "Bring the disagreement into the open, so that talking can begin again.",
    "dissolution": "Mourn what is over, let go of it, and make room for others.",
}


def questions_for(area: str, phase: str) -> tuple[str, ...]:
    """Two or three questions; of an unknown area or phase those for any focus, of none at all."""
    return PROMPTS.get(area, ANY_FOCUS).get(phase, ())
