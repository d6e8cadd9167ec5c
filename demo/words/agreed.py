"""What was agreed with invented clients: what each focus asks for, and formulations in their words. `{…}` are the names and
facts of the story (writer.py)."""

DETAILS: dict[str, tuple[dict[str, str], ...]] = {
    "conflict": (
        {
            "stage": "impasse",
            "own_expectations": "That it is talked about, and that a day is named.",
            "their_expectations": "That it is left alone until things are calmer.",
        },
        {
            "stage": "renegotiation",
            "own_expectations": "To be asked before it is decided.",
            "their_expectations": "That it goes on as it always has.",
        },
        {
            "stage": "renegotiation",
            "own_expectations": "An evening a week for the two of them.",
            "their_expectations": "Less talk about feelings, more help in the house.",
        },
    ),
    "life_change": (
        {
            "old_role": "Knew the work, knew everybody, was asked for advice.",
            "new_role": "New in the place, and on their own with it.",
            "wanted": "mixed",
            "months_before": "9",
        },
        {
            "old_role": "Busy and needed every day.",
            "new_role": "Has time, and nobody who waits.",
            "wanted": "no",
            "months_before": "14",
        },
    ),
    "grief": (
        {
            "relation": "The person they rang first",
            "years_before": "2",
            "anniversaries": "The day itself, the birthday, Christmas.",
        },
        {"relation": "Brought them up", "years_before": "1", "anniversaries": "The birthday in spring."},
    ),
    "isolation": (
        {
            "pattern": "Waits to be asked, takes a slow answer for a no, and leaves before anybody else can. Alone on"
            " most evenings.",
        },
    ),
}
FORMULATIONS: dict[str, tuple[str, ...]] = {
    "conflict": (
        "I got low {onset}. I thought that it was me.",
        "It began {onset}. Since then it has been {situation}. I go quiet, it gets worse, and then come the days when I cannot"
        " get up. If we can talk about it again, I think I will feel better.",
    ),
    "life_change": (
        "It began {onset}. I knew who I was before, and I have not found out yet who I am now. On days when I do something with"
        " somebody it is lighter.",
    ),
    "grief": (
        "It began {onset}. I never had time to mourn: there was always something to see to. Now it comes on the quiet days, and"
        " nobody speaks of it with me.",
    ),
    "isolation": (
        "It has been like this for a long time, and it got worse {onset}. I keep away so that nobody can let me down, and then"
        " there is nobody.",
    ),
}
