"""What stands on the referrals of the invented clinic: the problem in somebody's words, what a screener wrote, letters, and
what the office notes while somebody waits. The office's words hold nothing clinical."""

# On the public page, by the focus area that it turns out to be.
IN_THEIR_OWN_WORDS = {
    "conflict": (
        "Things at home have been bad since the spring. We do not shout any more, we just do not speak, and I lie awake going "
        "over it. I have stopped seeing my friends because I do not want to explain.",
        "My sister and I fell out over our father's care and now I dread every phone call. I cry in the car before work and I "
        "am short with my children.",
        "I keep arguing with my manager and I come home with nothing left. I used to enjoy my job. I would like to feel like "
        "myself again.",
    ),
    "life_change": (
        "I stopped working last year and I thought that I would love it. Instead the days run into each other and I do not get "
        "dressed until noon. My wife says that I am not the man she knows.",
        "Since the baby I do not recognise myself. Everybody says how lucky I am, and I feel flat and tired and then guilty.",
        "I moved here for a post that fell through. I know nobody, I sleep badly and I have lost about a stone.",
    ),
    "grief": (
        "My mum died eighteen months ago and I have still not been able to clear her room. People have stopped asking. I feel "
        "as if I am behind glass.",
        "I lost my husband two winters ago. I manage the house, but I do not want to see anybody and I do not care what I eat.",
        "My best friend died and I was not there. I go over the last messages every night and I cannot concentrate.",
    ),
    "isolation": (
        "I have always found people difficult and since working from home I speak to nobody from one weekend to the next. I "
        "would like somebody to help me change that before I get any older.",
        "I do not really have friends. I think that I put people off. It has got worse and now I do not answer the door.",
        "I can talk at work when it is about work, and then I go home and it is silent. I feel low most days.",
    ),
}
BY_WHO_REFERRED = {
    "conflict": (
        "Low mood for seven months with early waking, in the setting of a long dispute with the partner. No previous episodes. "
        "Prefers talking treatment to medication.",
        "Depressive symptoms since a quarrel in the family over an inheritance. On sertraline 50 mg since March with partial "
        "benefit.",
    ),
    "life_change": (
        "Persistent low mood after redundancy in the spring. Sleeps poorly, has withdrawn from friends. Second episode; the "
        "first followed a move ten years ago.",
        "Low and tearful since a diagnosis that ended a career. Motivated, lives with family, no alcohol.",
    ),
    "grief": (
        "Prolonged low mood after the death of a parent. Bereavement counselling last year helped a little. Would like to "
        "understand why it does not lift.",
        "Widowed two years ago; eating little, has given up the choir. Physical causes looked for and not found.",
    ),
    "isolation": (
        "Long-standing loneliness and low mood, worse since working from home. Few close contacts. Asks for individual work.",
        "Recurrent depression with few supportive relationships. Attended a group and found it too much.",
    ),
}
# At screening: what was said about risk, and what was done.
SCREENED = (
    (
        "Asked directly: no thoughts of death or of self-harm, now or in the past.",
        "Rang on the day of screening. Gave the crisis numbers all the same. GP written to.",
    ),
    (
        "Thoughts now and then that it would be easier not to wake, none in the last month; no plan, never acted on.",
        "Talked it through on the phone. Crisis numbers given, GP told with consent, to be asked again at the assessment.",
    ),
    (
        "Nothing was said about risk in the letter. Asked: none; two children at home, safe.",
        "Rang twice before reaching them. Explained the wait and whom to ring meanwhile.",
    ),
    (
        "Self-harm as a teenager, none since; no thoughts of it now.",
        "Spoke for half an hour. Agreed to ring the surgery if that changes; numbers sent.",
    ),
)
SCREENED_HARM = (
    "Ticked the form: thoughts of being better off dead. Asked: on bad evenings, no plan, nothing prepared, not alone then.",
    "Rang within the hour. Went through what helps, who is there and whom to ring; told the GP the same day. Will ring again "
    "on Friday.",
)
NOT_SUITABLE = (
    "The difficulty is one with drinking first of all, and nothing between people stands in the foreground now.",
    "Asks for an assessment of attention and memory, which we do not offer.",
    "Already in treatment elsewhere, and content there.",
)
MORE_INFORMATION = (
    "The letter does not say what has been tried; wrote to the surgery for the last summary.",
    "Could not be reached yet; the form alone leaves open whether this is about people or about pain.",
)
ANSWERED_TICK = (
    ("asked", "Rang and asked directly: passing thoughts, no plan, somebody at home. Crisis numbers given."),
    ("gp", "Rang the person and then the surgery; the GP will see them this week."),
)
TICKED = {
    "thoughts_of_harm": (
        "thoughts",
        "Ticked on the referral: thoughts of being better off dead or of hurting themself.",
    ),
    "might_harm_others": ("harm_to_others", "Ticked on the referral: fears to harm somebody else."),
    "is_being_harmed": (
        "domestic_abuse",
        "Ticked on the referral: is being hurt or frightened by somebody.",
    ),
    "child_at_risk": ("child", "Ticked on the referral: is worried about the safety of a child."),
}

# The office's own. Administrators read it.
CONSENT = (
    "I agree that this clinic keeps what I have written, reads it to see whether it can help me, and writes to my GP about "
    "what comes of it."
)
BEST_TIMES = (
    "Weekdays after five",
    "Mornings",
    "Not on Wednesdays",
    "By text first",
    "Any time",
    "Lunch hour, twelve to one",
)
ATTEMPTS = (
    ("phone", "no_answer", "Rang at ten."),
    ("phone", "message_left", "Asked them to ring back; said only the name."),
    ("text", "sent", ""),
    ("phone", "reached", "Told about the wait, will take a call at short notice."),
    ("letter", "sent", "Asked whether they still wish to wait."),
    ("email", "sent", ""),
    ("phone", "wrong_number", "Somebody else answers; asked the surgery for another number."),
)
LETTERS = {
    "accepted": (
        "Dear {name},\n\nThank you for getting in touch with us. We can offer you a place, and your name is on our waiting "
        "list. We will write or ring as soon as a first appointment is free.\n\nWith kind regards\n{clinic}"
    ),
    "not_suitable": (
        "Dear {name},\n\nThank you for getting in touch with us. What we offer is not what would help you most, and we have "
        "written to your GP so that you can talk about what will.\n\nWith kind regards\n{clinic}"
    ),
    "signposted": (
        "Dear {name},\n\nThank you for getting in touch with us. Another service can help you better than we can: we have put "
        "their address on the back of this letter.\n\nWith kind regards\n{clinic}"
    ),
    "no_contact": (
        "Dear {name},\n\nWe have tried to reach you and could not. If you would still like to be seen, please ring us within "
        "three weeks.\n\nWith kind regards\n{clinic}"
    ),
}
