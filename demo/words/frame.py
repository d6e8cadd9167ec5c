"""What every course has, whatever its focus: assessment, the initial sessions, the end, follow-up, maintenance, mood and risk.
Each text takes its people and things from the story of the course."""

from demo.words.parts import Beat, Task

DIARY_TASK = Task(
    agreed=(
        "Keep a note of the low hours: when, with whom, what had just happened.",
        "Write one line each evening: mood from 0 to 10, and the person of the day.",
        "Notice once a day what came before a change in mood.",
    ),
    done=(
        "Brought notes of five low hours, in pencil; four of them lie close to {situation}.",
        "Had written a line on each evening but one. The sevens have {ally_short} in them.",
        "Had noticed the moment on most days: usually a message, or the lack of one.",
    ),
    partly=(
        "Had kept notes until {day}.",
        "Two lines, both from the weekend.",
        "Noticed it twice, and each time too late to say what had come before.",
    ),
    not_done=(
        "No notes; too tired in the evenings.",
        "Had lost the sheet, and told it from memory.",
        "Could not say what came before: “it is just there when I wake”.",
    ),
)
CIRCLE_TASK = Task(
    agreed=(
        "Look at the closeness circle again at home, and move whoever stands in the wrong place.",
        "Add to the list of people anybody who was forgotten.",
        "Ring {ally_short}, for no reason.",
    ),
    done=(
        "Had moved two people inwards and one out.",
        "Had added three people, one of them a neighbour.",
        "Rang {ally_short}; they talked for an hour.",
    ),
    partly=(
        "Had thought about the circle without touching it.",
        "Had added one person and crossed them out again.",
        "Sent {ally_short} a message instead of ringing.",
    ),
    not_done=(
        "Had not looked at the circle again.",
        "Could think of nobody to add, which had made {them} sad.",
        "Did not ring: it was too late each evening, or seemed so.",
    ),
)
GOAL_TASK = Task(
    agreed=(
        "Think about what would have to be different at the end for this to have been worth the while.",
        "Bring two goals in {their} own words.",
        "Tell {ally_short} that there is help now, and on which day.",
    ),
    done=(
        "What would have to be different: “{goal}”.",
        "Brought a goal and a half. The whole one: to {goal}.",
        "Had told {ally_short}, who offered to drive.",
    ),
    partly=(
        "Had thought about it and come as far as what should stop.",
        "Had one goal and was not sure of it.",
        "Had told {ally_short} half of it.",
    ),
    not_done=(
        "Had nothing to bring, and felt bad about that; we found something together.",
        "No goals written; the week had been too full.",
        "Had not told anybody yet.",
    ),
)
FIRST_TASK = Task(
    agreed=(
        "Until next time: let one duty go, and say to whom.",
        "Set down one duty for the time being, and ask {ally} to take it.",
        "Read the page on depression with {ally_short}.",
    ),
    done=(
        "Had let one thing go, and said so at home.",
        "Had asked {ally_short} to take it on; it was no trouble.",
        "Had read the page with {ally_short}, who said “that's you.”",
    ),
    partly=(
        "Had let something go and caught up with it in secret.",
        "Had asked, and then done it all the same.",
        "Had read half of the page, alone.",
    ),
    not_done=(
        "Had carried on as before, on less sleep.",
        "Could not bring {them}self to ask.",
        "The page was still in the bag.",
    ),
)

INITIAL = (
    Beat(
        week=(
            "Came in good time and spoke quietly. Describes months of waking at four, no appetite and "
            "tears without a "
            "cause. Began {onset}.",
            "Says {they} had been “running on empty” since before the summer: poor sleep, no pleasure, "
            "short with people. "
            "It began {onset}.",
            "Tense at first. Low every day, worst in the mornings; has stopped seeing people. Says it "
            "began {onset}.",
            "Tired and apologetic. One episode before this one, never treated; this one began {onset}.",
        ),
        work=(
            "Went through the symptoms one by one and gave them a name: depression, which is an illness, "
            "which has a course "
            "and a treatment. {name} had called it weakness. Talked about what may be set down for now, "
            "and what not.",
            "Took the history of this episode and the earlier one. Explained depression and the way in "
            "which mood and "
            "relationships pull at one another. {name} asked whether it would show on {their} record at "
            "work.",
            "Symptoms, history, medication (from the GP for seven weeks, taken). "
            "Explained how IPT works and "
            "what it asks. Gave the sick role in plain words; {name} found that hard to hear and easier to "
            "repeat.",
        ),
        task=FIRST_TASK,
        techniques=("psychoeducation", "exploring"),
    ),
    Beat(
        week=(
            "Slightly better sleep. {day} was the worst day; could think of nothing but {situation}.",
            "No change in sleep or appetite. {day} and {day2} low; linked by {them} to {situation}.",
            "Mixed week: a good {day} with {ally_short}, then two days of not getting dressed.",
        ),
        work=(
            "Drew the timeline from school to now on one axis with mood. The dips stand where people were "
            "lost or roles "
            "changed; the deepest began {onset}. {name} had not seen the earlier one.",
            "Timeline together on a long sheet. {name} marked {their} best years without hesitation, and "
            "needed a long time "
            "over the last two.",
            "Timeline. Three low stretches, each after something happened between {them} and somebody "
            "close. The present "
            "one began {onset}.",
        ),
        task=DIARY_TASK,
        techniques=("exploring", "clarification"),
    ),
    Beat(
        week=(
            "Up and down. Felt seen by {ally_short} on {day}; lower on {day2}, when {situation} weighed on {them}.",
            "Up and dressed on all days, and in bed by seven on three. Says the timeline stayed with {them}.",
            "Much the same. Ate better from {day} on.",
        ),
        work=(
            "Interpersonal inventory: seven people. {ally_short} close and dependable, little asked of. "
            "Most of the hour went "
            "to {situation}, and to what {name} would like to be otherwise.",
            "Went through the people in {their} life and placed them in the circle. The inner ring was "
            "emptier than {they} "
            "had thought; two people from the outer ring are wanted nearer.",
            "Inventory continued. {name} spoke with warmth of {ally_short} and in short sentences about "
            "{situation}. Noted "
            "who could support the therapy, and who should not know of it.",
        ),
        task=CIRCLE_TASK,
        techniques=("exploring", "affect", "network"),
    ),
    Beat(
        week=(
            "Low on {day}; otherwise more energy than at the start. Looking forward to “getting to the "
            "point”.",
            "Slept five hours on most nights. {situation_cap} took up the weekend.",
            "A little lighter. Says it helps that there is a name for it.",
        ),
        work=(
            "Gave back how I understand it: the low mood began {onset} and is kept going by {situation}. "
            "{name} "
            "corrected one thing and agreed with the rest. Focus agreed: {area_word}, {about}. Contract "
            "for {planned} "
            "sessions, this day and hour; the ending named with its date.",
            "Formulation in {their} words: “I have been holding my breath.” It began {onset}. Agreed to "
            "work on "
            "{area_word}, {about}; two goals. Went through the number of sessions, missed sessions, and "
            "who may be told.",
            "Put timeline and inventory side by side and asked what ties them together. {name} said it "
            "before I did: "
            "{situation}. Agreed on {area_word} as the focus, {about}, and on {planned} sessions with the "
            "forms each time.",
        ),
        task=GOAL_TASK,
        techniques=("summarising", "clarification"),
    ),
)
UNSETTLED = (
    "Offered two ways of seeing it, {situation} and an older loneliness; {name} could not choose between "
    "them today. Left open "
    "rather than settled for the sake of the calendar.",
    "Formulation begun. {name} is not yet sure that {situation} is the heart of it and would like to talk "
    "to {ally_short} "
    "first. No focus agreed; to be taken up at the start of next time.",
    "Spent the hour on the row of {day}, which could not wait. The choice of a focus is put off to next "
    "time.",
)

END_TASK = Task(
    agreed=(
        "Write down what helped, as if for somebody who feels now as {they} felt then.",
        "Tell {ally_short} the date of the last session, and plan something for the week after.",
        "Draw the closeness circle as it is today, without looking at the first one.",
    ),
    done=(
        "Brought a page: eight things that helped, {ally_short} the first.",
        "Has planned a day out with {ally_short} for the week after the last session.",
        "Had drawn the circle: three people further in.",
    ),
    partly=(
        "Had begun the page about what helped.",
        "Had told {ally_short} the date; no plan yet.",
        "Had drawn the circle as far as the second ring.",
    ),
    not_done=(
        "The page about what helped had stayed empty; we filled it here.",
        "Had not wanted to think about the date.",
        "Had not drawn the circle; did so here, quickly and without rubbing out.",
    ),
)
SIGNS_TASK = Task(
    agreed=(
        "Finish the list of early signs, and show it to {ally_short}.",
        "Try a week as if the sessions were over: who is there on a bad {day}?",
        "Write down the first three things to do if the mornings get bad again.",
    ),
    done=(
        "Showed the list to {ally_short}, who added one: “you stop answering.”",
        "Had a bad evening and rang {ally_short}; did not need this hour for it.",
        "Had three things: get up, ring {ally_short}, come back early rather than late.",
    ),
    partly=(
        "The list had two signs; two more came up here.",
        "There was no bad day, so no answer to the question.",
        "Had one thing of the three.",
    ),
    not_done=(
        "Had shown the list to nobody.",
        "Had kept everything for this hour, and said so.",
        "Had pushed it away: “I don't want to jinx it.”",
    ),
)

END = (
    Beat(
        week=(
            "Good on most days; thought about the ending on {day} and was lower that evening.",
            "Even mood. {situation_cap}: came up once, and passed.",
            "A setback on {day}, over by {day2}. Says a month of this would have followed in the spring.",
        ),
        work=(
            "Named the ending: four sessions from here. {name} said “already”, then told of other endings, "
            "most of them "
            "abrupt. Set sadness about it apart from being depressed again.",
            "Began the end phase. Looked at the chart from the first form to today's and at what was going "
            "on beside it. "
            "{name} took a photograph of it.",
            "Talked about stopping. Relief and worry in equal parts; worry that it only holds because of "
            "the hours here. "
            "Went through the weeks in which it held without them.",
        ),
        task=END_TASK,
        techniques=("affect", "summarising"),
    ),
    Beat(
        week=(
            "Well. Handled {situation} on {day} without asking me in {their} head, as {they} put it.",
            "Slept well but for {day}. Tearful at the station and not sure why; not low afterwards.",
            "Busy, and took pleasure in it. {ally_short} came on {day}.",
        ),
        work=(
            "Compared the two circles. {name} told the story of each person who has moved. One is still "
            "missing, and will "
            "be: spoke of that.",
            "Reviewed the goals: to {goal} stands at 7 of 10, from 2. What is unfinished has its own list, "
            "with who could "
            "help.",
            "Went through what {name} does now that {they} did not do at the start, and when. {They} gave "
            "most of the "
            "examples {them}self.",
        ),
        task=END_TASK,
        techniques=("summarising", "network"),
    ),
    Beat(
        week=(
            "Some worry about the end, and a dip on {day} that lifted by itself.",
            "Steady. Told {other_or_ally} on {day} that the sessions stop soon.",
            "Up. Says the low hours are hours again and not days.",
        ),
        work=(
            "Early signs: not answering messages, cancelling, waking at four. Wrote down for each what to "
            "do and whom to "
            "tell. Talked about maintenance sessions; {name} wants to try without first.",
            "Plan for bad weeks: early signs in order, the people for each, how to come back (ring the "
            "clinic, no new "
            "referral within the year). {name} keeps one copy, {ally_short} one.",
            "Played through a relapse: what would be the first thing that {ally_short} noticed? Made the "
            "plan from there.",
        ),
        task=SIGNS_TASK,
        techniques=("problem_solving", "network", "summarising"),
    ),
    Beat(
        week=(
            "Calm. Has kept up the week with {ally_short}.",
            "Good week. A wobble on {day} at the thought of today.",
            "Ordinary, says {name}, and means it as praise.",
        ),
        work=(
            "Last session. Went through the forms of the first day and of today. {name} said what {they} "
            "would miss and what "
            "not. Thanked one another. Letter to the GP agreed, {name} has read it.",
            "Goodbye. Looked once more at {situation} then and now. {name} had written a card; the "
            "sentence in it about "
            "asking is worth more to me than the thanks.",
            "Closed. What was reached, what is open, how to return. {name} cried a little and laughed "
            "about it. Copy of the "
            "plan and of the last chart handed over.",
        ),
        task=Task(
            agreed=(
                "No task. Follow-up as agreed; {name} rings if three early signs come together.",
                "The plan is with {name} and {ally_short}. No further appointment.",
            ),
            done=("Came back as agreed.", "Came back as agreed."),
            partly=("Came back later than agreed.", "Came back later than agreed."),
            not_done=("Had not rung.", "Had not rung."),
        ),
        techniques=("summarising", "therapy_relationship"),
    ),
)
NOT_BETTER = (
    "Said openly that the treatment has not brought what we hoped, and that this is no failing on {their} part. "
    "Went through what "
    "could follow: a review of medication with the GP, another therapy, a break. {name} would like a "
    "letter for the GP.",
    "The scores have hardly moved. Talked about that without comfort: what was missing, what came too "
    "early. {name} leans "
    "towards another kind of therapy; list of two services given.",
)

ASSESSMENT = (
    "Assessment. The low mood began {onset}; five months of it now, poor sleep, loss of pleasure, guilt; "
    "no mania, no "
    "psychosis, little alcohol. Wants to talk about {situation}. Has "
    "had counselling once, "
    "six sessions, “nice, but it stayed in the room”.",
    "Assessment by conversation and forms. Depressive episode, moderate; worry as part of it. First "
    "noticed {onset}. Somebody "
    "close to turn to ({ally_short}). No earlier treatment but tablets. Explained IPT and the "
    "waiting time; {name} "
    "would like to begin.",
    "First meeting, to see whether IPT fits. {name} connected {their} mood with {situation} before I "
    "asked. One earlier episode. Physical health good; GP to check thyroid. No current self-harm. Suitable; agreed.",
    "Assessment over an hour. Tearful when {situation} came up and glad to have said it. Sleeps four to "
    "five hours. Supports: "
    "{ally}. Expectation: “to stop being somebody who copes”. IPT offered and accepted.",
)
ASSESSMENT_WEEK = (
    "Low on most days, mornings worst; it began {onset}.",
    "Describes the last months as grey. Gets through the day, does nothing else.",
    "Anxious before coming. Has slept badly for months.",
    "Has lost weight and interest. Better in company, which {they} had begun to avoid.",
)
ASSESSMENT_NEXT = (
    "Offer a place when one is free; letter to the GP. {name} has the telephone number for bad days.",
    "On the list for {programme}. Asked to keep the hour free on the same weekday.",
    "Allocated; first session to be booked by the office. Leaflet on IPT given.",
    "Wait for a place. Agreed what to do until then: {ally_short}, the GP, the crisis line.",
)

FOLLOW_UP = (
    Beat(
        week=(
            "Eight weeks since the last session. Well on the whole; two low days after {situation} came "
            "up, dealt with.",
            "Three months on. Sleeps, works, sees {ally_short} weekly. A bad week at the change of the "
            "clocks.",
            "Has kept well. Was afraid of today and laughs about it.",
        ),
        work=(
            "Went through the plan: early signs twice, each time {they} rang {ally_short} within the day. "
            "No need for more "
            "sessions now.",
            "Compared with the last chart: held. Talked about what still pulls at {them}, above all "
            "{situation}, and what "
            "{they} did with it.",
            "Looked at goals again. To {goal}: still at 7. {name} would like one more meeting and then no "
            "more.",
        ),
        task=Task(
            agreed=(
                "One more follow-up in three months.",
                "Comes back by telephone if needed.",
                "Next and last follow-up to be booked.",
            ),
            done=("The three months went by without a call.", "Had not needed to ring.", "Came as booked."),
            partly=("Had rung once in between.", "Had rung once.", "Came a week late."),
            not_done=(
                "Had meant to ring and had not.",
                "Had meant to ring and had not.",
                "Had put it off twice.",
            ),
        ),
        techniques=("summarising",),
    ),
)

MAINTENANCE = (
    Beat(
        week=(
            "A fair month. Lower in the second week, when {situation} came back for a few days.",
            "Good month but for the last weekend. Slept through mostly.",
            "Two bad patches, both short. {ally_short} noticed the second before {they} did.",
        ),
        work=(
            "Went through the month person by person. What held: {ally_short}, and saying things early. "
            "What slipped: rest.",
            "Looked at the second patch: what came before, what {name} did, what helped. The steps are the "
            "ones on the plan.",
            "Talked about a new colleague who reminds {them} of {situation}. Used the old way of going "
            "through a "
            "conversation; {name} leads it now.",
        ),
        task=Task(
            agreed=(
                "See {ally_short} twice before next month's session.",
                "Keep Sundays free of other people's errands.",
                "Say no once, early.",
                "Go back to the swimming on {day}s.",
            ),
            done=(
                "Saw {ally_short} three times.",
                "Sundays were free, all four; one was dull, and that was fine.",
                "Said no to a fourth shift. Nothing happened.",
                "Went swimming every week.",
            ),
            partly=(
                "Saw {ally_short} once.",
                "Two Sundays out of four.",
                "Said no, and then yes.",
                "Went swimming in the first fortnight.",
            ),
            not_done=(
                "Had not seen {ally_short}; each was waiting for the other.",
                "The Sundays went as ever.",
                "Had said yes throughout.",
                "No swimming: the pool is shut.",
            ),
        ),
        techniques=("summarising", "problem_solving"),
    ),
    Beat(
        week=(
            "Steady month. One evening of the old heaviness, after a call about {situation}.",
            "Tired: a cold, and then the autumn. Mood held.",
            "Better than last month. Laughed about {day}.",
        ),
        work=(
            "Reviewed the contract: {planned} monthly sessions, and whether the gap could grow. {name} "
            "prefers to keep the "
            "month for now.",
            "Role play of the telephone call that {they} had put off. The first sentence was enough; the "
            "rest followed.",
            "Spent the hour on what is coming: a wedding, with everybody there. Planned who to sit with "
            "and when to leave.",
        ),
        task=Task(
            agreed=(
                "Make the call before the weekend.",
                "Tell {ally_short} beforehand what would help on the day.",
                "Note the three best hours of the month.",
            ),
            done=(
                "Made the call; it was short and friendly.",
                "Had told {ally_short}; it went well.",
                "Brought four good hours.",
            ),
            partly=(
                "Made the call, two weeks late.",
                "Told {ally_short} on the doorstep.",
                "Brought one good hour.",
            ),
            not_done=(
                "The call is still to be made.",
                "Had not told {ally_short}.",
                "Had forgotten the three hours.",
            ),
        ),
        techniques=("role_play", "network", "problem_solving"),
    ),
)

BETTER = (
    "Brighter than last time.",
    "Mood up since {day}.",
    "Slept better, and it shows.",
    "Says the mornings were easier.",
    "A better week, and knew it.",
    "More energy; went out on three evenings.",
    "Less tearful. Ate with the others again.",
    "Lighter from {day} on.",
    "Came in smiling and explained why before sitting down.",
)
SAME = (
    "Much as last time.",
    "Neither up nor down.",
    "Mood flat, with better hours on {day}.",
    "No great change in mood.",
    "Held level in spite of little sleep.",
    "About the same, says {name}.",
    "Up and down within each day; no better over the week.",
    "Sleep still broken.",
)
WORSE = (
    "Lower than last time.",
    "A bad week from {day} on.",
    "Slept three or four hours and stayed in bed on {day}.",
    "More tearful; hard to get {them}self here.",
    "Mood down, mornings worst.",
    "Says everything took twice as long.",
    "Withdrew again after {day}.",
    "Did not answer the telephone for two days.",
)

RISK_QUIET = (
    "Asked. No thoughts of self-harm or of being better off dead.",
    "Asked directly: none.",
    "No thoughts of death or self-harm. Looks forward to {ally_short}'s visit.",
    "Asked; nothing new. Knows whom to ring.",
    "None. Protective: {ally_short}, the children of the family.",
    "",
)
RISK_RAISED = (
    "Item 9 marked {value}. Asked: thoughts that it would be easier not to wake up, {when}; no plan, no "
    "means sought, no "
    "earlier attempt. {ally_short} is told and rings in the evenings. Crisis line and GP gone through.",
    "Marked {value} on item 9. Passing thoughts of being better off dead, {when}. No intent, no "
    "preparation. Agreed with "
    "{name} that the GP is told today; next contact by telephone in two days.",
    "Thoughts of death {when} (item 9: {value}), frightening to {them}. No plan. Tablets are with "
    "{ally_short}. Safety plan "
    "begun, to be finished next time.",
)
RISK_WHEN = (
    "twice this week, at night",
    "on {day}, for about an hour",
    "in the early mornings",
    "after the quarrel on {day}",
)
RISK_NOT_ASKED = (
    "Session cut short by the fire alarm; to be asked at the start of next time.",
    "Somebody else was in the room throughout. Will ring on {day} to ask.",
    "Joint session; asked separately by telephone beforehand, see contact.",
    "Line broke off after twenty minutes. Rang back, no answer; text sent.",
)

ALERT_DONE = (
    "Asked in the session: passing thoughts, no plan. GP informed the same day. Asked again at each "
    "session since.",
    "Went through it with {name} and {ally_short}. Crisis numbers given, tablets kept by {ally_short}. "
    "None at the next session.",
    "Discussed with the supervisor within the hour. Safety plan made with {name}, copy given.",
    "Thoughts without intent. Telephone contact on the second and fifth day; easier by then.",
    "Saw {name} again two days later. No thoughts since; stays on the agenda for a month.",
    "GP appointment the next morning, kept. Medication reviewed. Item 9 back to 0.",
)
ALERT_IN_ERROR = (
    "Typed in error: the form on paper says 0 for item 9. Checked with the client.",
    "Slip of the keyboard, items 8 and 9 swapped. Paper form in the file; client asked, no thoughts.",
)

CONTACT_TRIED = (
    "Rang on the mobile at once, no answer; message left. Rang again at 16:00 and reached {name}: had "
    "mixed up the day.",
    "Text and call, no answer. Called back at lunch: child ill, forgot to cancel.",
    "Rang twice. {name} answered the second time, had overslept after a bad night; no thoughts of self-harm.",
    "Message left as agreed on the sheet. {name} rang the office the next morning.",
    "No answer all day. Wrote to the address on file; {name} came the next week.",
)

PAUSED = (
    "An operation and six weeks of recovery; {name} would like to go on afterwards.",
    "Ramadan and a move in the same month; break agreed until both are over.",
    "Caring for {their} mother after a stroke; resumes when the carer has begun.",
)
HANDED_OVER = (
    "{who} changes to fewer days; talked over with the client in the last session together.",
    "The client asked for a later hour, which only {new} has.",
    "{who} goes on long leave. Joint hand-over session held.",
    "Waiting for a place with {who} would have taken too long.",
)
REOPENED = (
    "Rang the clinic: three early signs together. Re-opened rather than a new referral, within the year.",
    "Has moved back into the area and asks to go on where {they} stopped.",
)

REFLECT = (
    "I was quicker than {name} today and offered the word before {they} had it. Wait longer.",
    "Noticed that I like being thanked by {name}. Watch whether I steer away from what would annoy {them}.",
    "My own father comes to mind when {name} talks about {situation}. Not said, of course. For supervision.",
    "Felt sleepy for ten minutes in the middle. It was when {situation} was being told for the third time; "
    "boredom may be "
    "information.",
    "Good session. I held back the summary and {name} made it.",
    "Uneasy about how fast it goes. Does {name} get well for me?",
    "I argued {other_or_ally}'s side too well. {name} looked alone for a moment.",
    "The role play worked because we swapped. Do that earlier.",
    "Angry on {their} behalf, and it showed. Useful once; not twice.",
    "Stuck. We circle around {situation} and I do not know what would move it. Bring the recording.",
    "I forgot to ask about the task until the end. That tells {them} it does not matter.",
    "{name} asked whether I have children. I answered with a question, clumsily.",
    "Strong pull to give advice about {situation}. Gave some. It was polite of {them} to thank me.",
    "Sad after this one. The ending is real for me too.",
    "Not sure the focus is right. If it were another one, what would I have heard differently today?",
    "I kept the time better than usual; the last ten minutes were the best.",
    "Too many techniques. One would have done.",
    "I was afraid of item 9 and asked it in one breath. Ask it slowly.",
)
REFLECT_END = (
    "Keep an eye on this.",
    "For supervision on Wednesday.",
    "Look at the recording from minute 20.",
    "Otherwise content.",
    "Try again next week.",
    "Read up on this before the next session.",
    "",
    "",
)
