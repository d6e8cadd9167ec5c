"""What is written about safety in the invented clinic: plans, what was done about an alert, what a person noticed."""

# In the order of the plan's parts. Sentences in braces are filled in as in the notes.
PLANS = (
    (
        "I stop answering messages and leave the post unopened. I wake at four and count.",
        "A walk by the canal, even in the rain. The radio in the kitchen, loud. Ten minutes, then look again.",
        "The library in town, upstairs by the window. The allotment on Saturdays.",
        "{ally_short}, day or night. Not my mother: she would not sleep.",
        "My therapist on weekdays. Dr Okoye's surgery, first thing in the morning, and say that it is urgent.",
        "The tablets are with {ally_short}, who gives me a week's worth on Sundays.",
        "The dog. {ally_short}. To see the garden in spring.",
    ),
    (
        "Everything goes quiet and I feel as if I watched myself. I tidy up as if I were leaving.",
        "Cold water on my wrists. Write three lines in the blue book. Put my shoes on and go out of the door.",
        "The swimming baths, the late hour. The bench outside the bakery, where people say good morning.",
        "{ally_short} knows what the word “storm” means. Then Pat from the choir.",
        "The surgery until six. After that NHS 111, option 2.",
        "No bottle in the house. {ally_short} has the key to the shed.",
        "My sister's children, and that I have promised to be at the school play.",
    ),
    (
        "I cannot read a page. I think that they would all be better off.",
        "Say aloud that a thought is a thought. Make tea and drink it sitting down.",
        "The garden centre. The bus to the end of the line and back.",
        "{ally_short}; and I may ring my brother even if it is late.",
        "",
        "To be talked about next time.",
        "That it has passed before.",
    ),
)
CHANGED = "A bath first, then the walk. Do not sit at the window."
SHARED = ("{ally_short} and the GP", "The GP", "Nobody for now", "{ally_short}")

# Kind of act, and its words.
DONE = (
    (
        "asked",
        "Asked directly: thoughts on two evenings, no plan, nothing prepared. Will ring if that changes.",
    ),
    ("plan", "Went through the safety plan line by line and changed the second part."),
    ("supervisor", "Spoke with my supervisor for ten minutes between sessions; agreed to ring in two days."),
    ("gp", "Rang the surgery; an appointment for Thursday morning, and the dose will be looked at."),
    ("family", "With {name}'s leave spoke with {ally_short}, who will stay the night."),
)

# Kind of alert, what was noticed, and what was done: (kind of act, words).
THOUGHTS = "On the phone: “some nights I would not mind not waking up”. No plan when asked. Will come on the agreed day."
PLAN = "Said at the door that the tablets have been counted twice this week."
PLAN_DONE = (
    "crisis",
    "The crisis team saw {name} the same evening. The tablets are with {ally_short} since then.",
)
ABUSE = "Spoke of being shouted at through the locked bathroom door, and asked that nothing goes to the home address."
ABUSE_DONE = (
    "safeguarding",
    "Rang the domestic abuse service with {name} in the room. A safe number is agreed.",
)
ADULT = "An aunt with dementia is left alone at night since the carer went; {name} has the key and is afraid to go in."
CHILD = "The neighbour's boy of six is said to be alone until nine most evenings."
CHILD_DONE = (
    "safeguarding",
    "Told the children's team at the council, with the date and the name of who took it.",
)

# What was considered at a review, and the plan.
REVIEWS = (
    (
        ["alliance", "focus"],
        "Ask next time what of the hour is of use. The focus stays for three more sessions.",
    ),
    (["life_events"], "The week of the funeral: no change to the plan, look again after two sessions."),
    (
        ["motivation", "dose"],
        "Two sessions were missed. Agree on weekly hours until Christmas, then look again.",
    ),
    (
        ["risk", "focus", "other"],
        "Brought to supervision. GP asked about the dose; the safety plan was gone through.",
    ),
)

GOALS = (
    "To sleep through three nights a week",
    "To ring a friend without rehearsing it first",
    "To eat at the table with {ally_short} again",
    "To say no at work once a week",
    "To open the post on the day it comes",
    "To go back to the choir",
)
