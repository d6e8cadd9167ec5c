"""What is written after a note has been signed: addenda, a supervisor's words, and why something was entered in error."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addendum:
    """What is added to the note of a course's session, `back` sessions before its last signed one, so many working days after
    it was signed. By its author, or by `by`. A draft is begun and not signed."""

    reason: str
    text: str
    back: int = 0
    days: int = 1
    by: str = ""
    is_draft: bool = False


LENA = (
    Addendum(
        "Left out when I wrote the note.",
        "{name} also said that {ally_short} has offered to come to the last session but one. I had said that we would think"
        " about it; we have not done so yet.",
        back=2,
    ),
)
DANIEL = (
    Addendum(
        "A number was wrong.",
        "The appointment at the job centre is on the 28th and not on the 18th, as I wrote. {name} noticed it today.",
        back=1,
        days=4,
    ),
)
HANA = (
    Addendum(
        "The dose was missing.",
        "Sertraline 50 mg since the end of September, by {gp}; the inhaler as before. Asked for again on the telephone.",
        back=3,
        days=2,
    ),
)
CARA = (
    Addendum(
        "What was said at the door.",
        "With the coat on already: “the bit about my brother was the real one.” Not taken up for want of time. To begin with.",
        back=1,
        days=0,
    ),
)
BY_THE_LEAD = (
    Addendum(
        "Read together with the open alert, while the supervisor was in a meeting.",
        "I spoke with the therapist within the hour and agree with what was done. The crisis team has our number for the night,"
        " and the safety plan is the newer of the two on file. To be looked at again at Wednesday's meeting.",
        days=0,
        by="ines",
    ),
)
GRACE = (
    Addendum(
        "A name was mistaken.",
        "It was the elder of the two nephews who spoke at the funeral. {name} has put it right, with some relish.",
        back=2,
        days=5,
    ),
)
FARID = (
    Addendum(
        "The form was filled in at home.",
        "The questionnaires were filled in on the evening before, not in the room: the answers about sleep are for the week up"
        " to then.",
        back=4,
        days=1,
    ),
)
BEN_GRIEF_DRAFT = (
    Addendum(
        "Something came back to me overnight.",
        "Before {they} took up the photograph {they} had asked whether the window could be shut. I made nothing of it; now I"
        " think",
        back=1,
        is_draft=True,
    ),
)

# --- Supervisors ------------------------------------------------------------------------------------------------------

# Most co-signatures need no word.
COSIGNED = (
    "Clear, and the focus is there from the first line.",
    "Good that you asked about risk in two ways.",
    "Read. Bring the middle part to supervision.",
    "Thank you for the quick note.",
    "Fine. Shorter would do as well.",
    "The task follows from the work here: keep doing that.",
)
RETURNED = (
    "The risk line says that you asked, and not what you asked nor what was answered. Please add {name}'s own words, and"
    " whether the plan from the first sessions still stands.",
    "I cannot see from this how the hour bears on the focus. What was the aim, and what did {name} take home? Two sentences"
    " are enough.",
    "You write that {ally_short} “knows”. Knows what, and from whom? If you talked with them there should be a contact note;"
    " if {name} told you, say so.",
)
# Each answers the comment at its place.
ANSWERED = (
    (
        "Returned: what was asked about risk.",
        "I asked whether there had been thoughts of not wanting to live since last time, and whether {they} had thought of"
        " doing something. {name}: “No. Tired, yes; that no.” The plan from the second session still stands and hangs on the"
        " kitchen door.",
    ),
    (
        "Returned: how the hour bears on the focus.",
        "The aim was to get from the general complaint to one exchange that can be told word for word. {name} took home the"
        " sentence that {they} had not said then and could say now, to {ally_short} first.",
    ),
    (
        "Returned: who knows what.",
        "{name} told {ally_short} about the low months and that there is help; I have not talked with anybody. No contact note"
        " is missing.",
    ),
)

# --- Entered in error -------------------------------------------------------------------------------------------------

TWICE = (
    "Came late and in a hurry.",
    "Notes from memory, under the wrong day: began with the letter, and stopped when the fire bell was tested.",
    "As in the other note.",
)
TWICE_WHY = (
    "Logged twice. The session was on the day before, and its note is there; nobody was here on this day."
)
WRONG_CLIENT_WHY = (
    "Two records were open, and I wrote into the wrong one. The words and the questionnaires belong to another"
    " client of mine."
)

# --- Another window ---------------------------------------------------------------------------------------------------

# What was typed on another device meanwhile, and refused there.
REFUSED = "On the way out: asked whether the hour could be ten minutes later in December."
