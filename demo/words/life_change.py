"""Stories of life change: a first child, a lost job, an illness, a move, leaving school."""

from dataclasses import replace

from demo.words.conflict import ALLIES, MEN, WOMEN
from demo.words.parts import Beat, Story, Task

BABY = Story(
    code="baby",
    ages=(19, 43),
    area="life_change",
    pronouns=("she",),
    about="becoming a parent",
    situation="the days alone with {baby}",
    onset="{issue_began}",
    goals=(
        "have two hours a week without {baby} and without guilt",
        "ask {other} for the night feed before being at the end",
        "find one other parent to be honest with",
    ),
    props={
        "other|other_they": MEN,
        "baby": ("the baby", "Elsie", "little Noah", "the twins", "Ada", "Jacob"),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "leave|six weeks after the birth",
            "leave|when {other} went back to work",
            "leave|after the feeding had to be given up",
            "leave|in the fourth month, when the visits stopped",
        ),
        "old": (
            "the team in the lab",
            "nights out dancing",
            "running with the club",
            "the choir",
            "being good at {their} work",
        ),
        "thing": (
            "the playgroup",
            "the weighing clinic",
            "the walk round the reservoir",
            "the library's rhyme time",
        ),
    },
    middle=(
        Beat(
            week=(
                "Tearful every evening at six. Better on {day}, when {ally_short} came and held {baby}.",
                "Four broken nights. Mood follows them, and lifts when somebody else is in the room.",
                "Low on {day}: saw a picture of {old} and could not stop looking at it.",
            ),
            work=(
                "Looked at the old life, good and bad. Good: {old}, sleep, being asked for an opinion. Bad "
                "took longer; in the "
                "end a list of five.",
                "{name} spoke of the woman {they} had been two years ago as of a friend who has moved "
                "abroad. Asked what was "
                "said at the farewell. Nothing was.",
                "Went through what changed, in which order and what of it was chosen. The baby was wished "
                "for; the quiet was "
                "not.",
            ),
            task=Task(
                agreed=("Write three lines to the life before.", "Tell {other} one thing that is missed."),
                done=(
                    "Brought nine lines and read them out.",
                    "Told {other}, who misses things too and had kept quiet.",
                ),
                partly=("Brought one line, scratched out.", "Began to tell {other}; {baby} woke."),
                not_done=("No lines written: no hand free.", "Said nothing; it felt like complaining."),
            ),
            techniques=("life_change_old_role", "life_change_mourn", "affect"),
        ),
        Beat(
            week=(
                "Angry with {other} on {day} for sleeping. Ashamed an hour later.",
                "A good morning at {thing}; flat by the afternoon.",
                "Slept five hours in one piece on {day}: “I had forgotten what I'm like.”",
            ),
            work=(
                "Made room for the feelings that are not on the cards: boredom, envy, missing {old}. "
                "{name} looked at the door "
                "when saying it.",
                "Explored the change itself: planned to the week, and then nothing as planned. Talked "
                "about the birth at "
                "length for the first time.",
                "Took apart “a good mother”. Whose voice is it? {name} knew at once.",
            ),
            task=Task(
                agreed=(
                    "Say one of those feelings aloud to {ally_short}.",
                    "Take one hour on {day} and do not account for it.",
                ),
                done=(
                    "Said it. {ally_short} laughed and said “only one?”",
                    "Took the hour; sat in the car by the water.",
                ),
                partly=("Wrote it to {ally_short}.", "Took half an hour, and bought nappies."),
                not_done=("Could not.", "{baby} was ill."),
            ),
            techniques=("life_change_feelings", "life_change_change", "exploring"),
        ),
        Beat(
            week=(
                "More even. {other} did two nights. {name} lay awake through the first and slept through "
                "the second.",
                "Went to {thing} on {day} and spoke to one person.",
                "Up until {day}, when the health visitor wrote something down without saying what.",
            ),
            work=(
                "Weighed what the new life offers and asks. Offers, said haltingly: {baby}'s laugh in the "
                "mornings, and not "
                "having to be clever. Asks: to be asked for.",
                "Went through last night's quarrel about the bottle. “I'll do it” had meant “please see "
                "that I can't”. Tried "
                "the plain sentence.",
                "Drew the week hour by hour and coloured the hours alone. Too many on {day} and {day2}.",
            ),
            task=Task(
                agreed=(
                    "Ask {other} for the {day} nights, in one sentence.",
                    "Go to {thing} again and ask somebody's name.",
                ),
                done=(
                    "Asked in one sentence; {other} has put it on the calendar.",
                    "Went, and has a name and a number.",
                ),
                partly=(
                    "Asked in seven sentences; the answer was still yes.",
                    "Went, and stayed by the pram.",
                ),
                not_done=("Waited to be offered.", "Did not get out of the house on that day."),
            ),
            techniques=("life_change_new_role", "communication_analysis", "problem_solving"),
        ),
        Beat(
            week=(
                "Laughed with {ally_short} on {day}. One low evening, which passed.",
                "{name} and {other} went out for an hour. They talked about {baby}.",
                "Tired; not low. Says there is a difference now.",
            ),
            work=(
                "Supports: who can hold {baby}, who can hold {name}. The second list had one person and "
                "now has three.",
                "Practised asking: {other}'s mother for {day}s. Role play, twice; the second time without "
                "an excuse.",
                "Went back to the timeline and added this year. {name} drew a small dip and a line that "
                "goes on.",
            ),
            task=Task(
                agreed=(
                    "Ask {other}'s mother for {day}s.",
                    "Meet the other parent from {thing} without the children.",
                ),
                done=("Asked; she had been waiting to be asked.", "They met. It was two hours."),
                partly=("Hinted.", "Met, with the children."),
                not_done=("Did not ask.", "She cancelled; {name} took it hard, then less hard."),
            ),
            techniques=("life_change_supports", "role_play", "network"),
        ),
        Beat(
            week=(
                "Well. Has sung again, in the kitchen.",
                "A sharp dip on {day} after a bad night, and up again by the next.",
                "Looking for a nursery; worried, and finds it normal to be worried.",
            ),
            work=(
                "Looked at what has changed since the spring: asks sooner, cries less, has two people at "
                "{thing}. The quiet "
                "afternoons are still hard.",
                "Talked about going back to work: which part of {old} can come along and which is over.",
                "Went over {their} goals. The two hours a week have happened for a month.",
            ),
            task=Task(
                agreed=("Ring work about the three days.", "Keep the two hours when {baby} is teething."),
                done=("Rang; they would like {them} back.", "Kept the two hours."),
                partly=("Wrote the e-mail.", "Kept one hour of the two."),
                not_done=("Has not rung work yet.", "Gave them up this week, and said so to {other}."),
            ),
            techniques=("life_change_timeline", "life_change_skills", "summarising"),
        ),
    ),
)

JOB = Story(
    code="job",
    ages=(45, 72),
    area="life_change",
    about="the end of {their} work as {job}",
    situation="the days without {work}",
    onset="{issue_began}",
    goals=(
        "have a reason to be up by eight on four days",
        "say what {they} did for a living without looking at the floor",
        "find something that is not {work} and matters",
    ),
    props={
        "job|work": (
            "a printer|the print works",
            "a ward clerk|the hospital",
            "a bus driver|the depot",
            "a head teacher|the school",
            "a fitter at the yard|the yard",
            "a travel agent|the shop",
            "a police sergeant|the station",
        ),
        "ally|ally_short": ALLIES,
        "other|other_they": WOMEN + MEN,
        "issue|issue_began": (
            "end|the month after the last day at {work}",
            "end|when the letter about redundancy came",
            "end|in the third week of retirement",
            "end|after the operation that ended work",
        ),
        "thing": (
            "the allotment",
            "the job centre",
            "the repair café",
            "the driving school",
            "the food bank",
        ),
    },
    middle=(
        Beat(
            week=(
                "Dressed by eleven on most days. {day} worst: the van from {work} stood at the lights.",
                "Two better days, both with something in the diary. The empty ones were grey.",
                "Low after a former colleague's message, which meant well.",
            ),
            work=(
                "Went through the years at {work}: first day, best year, the people. {name} talked without "
                "a pause and looked "
                "ten years younger. Then the bad: the nights, the knees, the last boss.",
                "What {work} gave: a name, a time to get up, twelve people to nod to, being needed. Money "
                "came fifth.",
                "Mourned a little. The leaving do was cancelled; nobody took back the key. It is still in "
                "the drawer.",
            ),
            task=Task(
                agreed=(
                    "Take one photograph of {work} out of the box, and show it to {other}.",
                    "Decide what to do with the key.",
                ),
                done=(
                    "Showed {other} four of them; they sat up late.",
                    "Took the key back and stayed for tea.",
                ),
                partly=("Looked at the photographs alone.", "Took the key out of the drawer."),
                not_done=("The box stayed shut.", "Walked past."),
            ),
            techniques=("life_change_old_role", "life_change_mourn", "exploring"),
        ),
        Beat(
            week=(
                "Quarrelled with {other} on {day} about the dishwasher. Both know that it is about the "
                "hours at home.",
                "Slept in the afternoons. Went nowhere until {day2}.",
                "Up for two days after {ally_short} asked for help with a fence.",
            ),
            work=(
                "The change itself: sudden, unasked, and announced by e-mail. {name} allowed {them}self to "
                "be angry about the "
                "e-mail.",
                "Shame. When asked, {name} still says “I'm at {work}”. Went through the last time, word "
                "for word, and what the "
                "other person might have thought.",
                "Linked the week to the mood, day by day: up where somebody needed something, down where "
                "nobody did.",
            ),
            task=Task(
                agreed=("Tell one person the truth about work.", "Put one fixed thing into each morning."),
                done=(
                    "Told the barber. The barber had been there too.",
                    "Four mornings of five: paper, walk, {thing}, post.",
                ),
                partly=("Told half of it.", "Two mornings."),
                not_done=("Said “at {work}” again.", "The mornings went as before."),
            ),
            techniques=("life_change_change", "life_change_feelings", "affect"),
        ),
        Beat(
            week=(
                "Went to {thing} on {day} and stayed an hour.",
                "A letter with a refusal on {day}; in bed until the next day, then up.",
                "Even. {other} says the house is less quiet.",
            ),
            work=(
                "Looked at what could follow. {name} knows what {they} did not want: to be kept busy. "
                "Wants to be asked for "
                "something {they} could do well.",
                "Skills: everything done at {work}, in plain words. Filled a page. “I didn't know that "
                "counted.”",
                "Decision analysis: the course, the part-time post, {thing}. For each, who would be there "
                "on a {day}.",
            ),
            task=Task(
                agreed=("Ask at {thing} what they need.", "Ring the man about the part-time post."),
                done=(
                    "Asked. They need somebody who can do what {name} can.",
                    "Rang; goes to see it next week.",
                ),
                partly=("Stood about and was not asked.", "Rang and got the machine."),
                not_done=("Did not go this week.", "Did not ring."),
            ),
            techniques=("life_change_new_role", "life_change_skills", "decision_analysis"),
        ),
        Beat(
            week=(
                "Busy for three days, tired in a good way.",
                "A dip on {day}, the anniversary of the last day. Told {other} at breakfast, which {they} "
                "had not done before.",
                "Slept six hours. Ironed a shirt.",
            ),
            work=(
                "Role play of the first day at {thing}: what to say when asked “and what did you do?” "
                "Third answer kept.",
                "Supports for the new days: {ally_short} on {day}s, the lads from {work} once a month, "
                "{other} for the evenings.",
                "Looked at {name} and {other} at home all day: what each expects now. Never discussed; a "
                "list was begun.",
            ),
            task=Task(
                agreed=("Use the third answer, once.", "Go through the list with {other}."),
                done=(
                    "Used it on {day}. It was met with “oh, useful.”",
                    "They went through it, and swapped two jobs.",
                ),
                partly=("Used the first half.", "Went through the top of it."),
                not_done=("Nobody asked.", "The list is on the fridge, unread."),
            ),
            techniques=("life_change_supports", "role_play", "communication_analysis"),
        ),
        Beat(
            week=(
                "Steady; looking forward to {day}s.",
                "Two low hours on {day}, gone by supper.",
                "{ally_short} said {they} sounded like {them}self.",
            ),
            work=(
                "Laid the new week beside the old one. Fewer people, more that were chosen. Missing: a pay "
                "slip, and being called "
                "by surname.",
                "Went over the goals: up by eight on four days, for three weeks now.",
                "Talked about what remains of {work} and may remain: two friends, the pride, the knees.",
            ),
            task=Task(
                agreed=("Invite two people from {work}, at home.", "Plan one thing for the winter."),
                done=(
                    "They came; nobody talked about {work} after ten minutes.",
                    "Has put {their} name down for something in January.",
                ),
                partly=("Invited one of them.", "Has two ideas for the winter."),
                not_done=("Has not invited anybody.", "Winter can wait, says {name}."),
            ),
            techniques=("life_change_timeline", "life_change_new_role", "summarising"),
        ),
    ),
)

ILLNESS = Story(
    code="illness",
    ages=(30, 90),
    area="life_change",
    about="living with {illness}",
    situation="what {illness} has taken and what it asks",
    onset="{issue_began}",
    goals=(
        "tell people in one sentence what helps",
        "do one thing a week that is not about {illness}",
        "let {other} help without feeling like a child",
    ),
    props={
        "illness": (
            "diabetes",
            "the stroke",
            "Crohn's disease",
            "the hearing loss",
            "multiple sclerosis",
            "the new heart valve",
        ),
        "ally|ally_short": ALLIES,
        "other|other_they": WOMEN + MEN,
        "issue|issue_began": (
            "illness|three months after the diagnosis",
            "illness|when the sick pay ran out",
            "illness|on coming home from hospital",
            "illness|when driving had to be given up",
        ),
        "old": ("five-a-side on Thursdays", "long shifts", "the dog, twice a day", "dancing", "the hills"),
        "thing": ("the clinic day", "the family lunch", "the stairs at the station", "the pub quiz"),
    },
    middle=(
        Beat(
            week=(
                "Low on {day} after {thing}: everybody was careful with {them}.",
                "Tired, and does not know which tiredness it is. Cried at an advertisement with {old} in it.",
                "Two good days; overdid it on the second and paid on {day2}.",
            ),
            work=(
                "Told the life before: {old}, never asking, last to leave. Named the losses one after the "
                "other, without “but "
                "others have it worse”.",
                "Old role, good and bad. {name} was surprised that there was a bad: nobody ever asked how "
                "{they} felt.",
                "Talked about the body as somebody who has broken a promise. Anger under the politeness.",
            ),
            task=Task(
                agreed=(
                    "Write down what is missed, without a “but”.",
                    "Tell {other} which kind of tired it is, each evening.",
                ),
                done=(
                    "Brought the list. No buts.",
                    "Told {other} each evening; they have three words for it now.",
                ),
                partly=("The list, with two buts.", "Told {other} on two evenings."),
                not_done=("Could not look at it on paper.", "Said “fine”."),
            ),
            techniques=("life_change_old_role", "life_change_feelings", "affect"),
        ),
        Beat(
            week=(
                "{other} cut up the meat on {day}. {name} left the table.",
                "Cancelled {ally_short} twice, so as not to be seen.",
                "Mood up after a nurse at {thing} had asked about {old}.",
            ),
            work=(
                "Communication analysis of the meal. {other} was frightened; {name} heard contempt. "
                "Between the two lay a "
                "question which nobody put.",
                "Looked at the change: overnight for {name}, slowly for everybody else. They had weeks in "
                "the corridor to get "
                "used to it.",
                "Whom may one ask, and for what? {name} has rules for that from {their} grandfather. Read "
                "them aloud.",
            ),
            task=Task(
                agreed=(
                    "Tell {other} when to help: only on being asked, and how it will be asked.",
                    "Let {ally_short} come, as things are.",
                ),
                done=(
                    "Told {other}. It has worked since, except for the jars.",
                    "{ally_short} came, and stayed to wash up.",
                ),
                partly=("Told {other} in anger.", "Spoke on the telephone."),
                not_done=("Said nothing.", "Put {ally_short} off again."),
            ),
            techniques=("life_change_change", "communication_analysis", "clarification"),
        ),
        Beat(
            week=(
                "Was out on {day} for the first time alone.",
                "A bad {day} with pain, a good {day2}. Says mood no longer goes with it step by step.",
                "Went to {thing} and left when {they} had had enough.",
            ),
            work=(
                "What the new life offers: time with {ally_short}, saying no, a stick that makes room in a "
                "crowd. Laughed.",
                "Built the one sentence: what I have, what I need, what I do not need. Seven tries.",
                "Problem solving over {old}: what of it can be done sitting, shorter, or by shouting from "
                "the side.",
            ),
            task=Task(
                agreed=(
                    "Use the sentence with somebody who does not know.",
                    "Ask about the shorter version of {old}.",
                ),
                done=("Used it in the queue at the bank.", "Asked; they would be glad."),
                partly=("Used it with {ally_short}.", "Looked it up."),
                not_done=("Did not need it, did not seek it.", "Did not ask: afraid of yes."),
            ),
            techniques=("life_change_new_role", "life_change_skills", "problem_solving"),
        ),
        Beat(
            week=(
                "Better week; a low hour on {day} and {they} knew why.",
                "{name} and {other} talked about next year without whispering.",
                "Slept. Went to bed later than the children, at last.",
            ),
            work=(
                "Supports, practical and otherwise. Two lists; {other} should not be on every line.",
                "Rehearsed saying to {their} manager what hours are possible. Firm the second time.",
                "Reviewed the timeline; the illness is on it, and it is not the last thing on it.",
            ),
            task=Task(
                agreed=("Take {other} off one line and put somebody else on it.", "Talk to the manager."),
                done=("{ally_short} does the Fridays now.", "Talked; four mornings, from next month."),
                partly=("Has asked; no answer yet.", "Has a date for it."),
                not_done=("It is still {other} everywhere.", "Not yet: the manager is away."),
            ),
            techniques=("life_change_supports", "role_play", "network"),
        ),
    ),
)

MOVE = Story(
    code="move",
    ages=(24, 64),
    area="life_change",
    about="{event}",
    situation="finding {their} feet after {event}",
    onset="{issue_began}",
    goals=(
        "know three people here by name",
        "stop living out of boxes",
        "ring home without crying or pretending",
    ),
    props={
        "event|issue|issue_began": (
            "the divorce|end|when the papers came through",
            "moving here from Leeds|move|in the second month in this town",
            "coming to this country|move|in the first winter here",
            "leaving the army|end|six months after discharge",
        ),
        "ally|ally_short": ALLIES,
        "old": (
            "the street where everybody knew {them}",
            "Friday nights with the old crowd",
            "being needed at teatime",
            "{their} mother's kitchen",
        ),
        "thing": (
            "the language café",
            "the five o'clock hour",
            "the running group",
            "the laundry room",
            "the parents' evening",
        ),
    },
    middle=(
        Beat(
            week=(
                "Spoke to nobody from {day} to {day2} but the man in the shop.",
                "Low in the evenings; looks at pictures of {old}.",
                "Better on {day}, a letter from {ally_short}.",
            ),
            work=(
                "What was left behind: {old}, and being known without a surname. {name} cried and said it "
                "was silly; we did not "
                "agree that it was silly.",
                "Good and bad of before. “I'd forgotten that I wanted to go.”",
                "Went through the weeks around {event}: who decided, who was told last. {name} was told "
                "last.",
            ),
            task=Task(
                agreed=(
                    "Write to {ally_short} how it is, and not how it should be.",
                    "Unpack one box, the one with the pictures.",
                ),
                done=("Wrote three pages. The answer came by return.", "Unpacked it; two are on the wall."),
                partly=("Wrote, and left the worst out.", "Opened the box."),
                not_done=("Wrote that all was well.", "The box is still a table."),
            ),
            techniques=("life_change_old_role", "life_change_mourn", "affect"),
        ),
        Beat(
            week=(
                "Went to {thing} on {day}, sat near the door, came back next time with a plan for a "
                "different chair.",
                "A bad call home on {day}: everybody pretended.",
                "Mood level. Cooked for the first time in weeks.",
            ),
            work=(
                "Took the call home line by line. “How are you settling?” “Lovely.” What if it had been "
                "“slowly”? Tried it.",
                "Feelings of loss beside those of relief; {name} had thought that one cancels the other.",
                "Wanted or not wanted, sudden or slow: drew both lines. The wanted part is longer than "
                "{they} had allowed.",
            ),
            task=Task(
                agreed=("In the next call say “slowly”.", "Go to {thing} again and sit in the middle."),
                done=(
                    "Said “slowly”; there was a breath at the other end, and then a real talk.",
                    "Sat in the middle. Somebody moved up.",
                ),
                partly=("Said it at the very end.", "Went, and sat near the door."),
                not_done=("“Lovely”, again.", "Did not go."),
            ),
            techniques=("life_change_feelings", "communication_analysis", "life_change_change"),
        ),
        Beat(
            week=(
                "Two people said {their} name this week.",
                "Dip on {day} after seeing {old} on a screen. Went out for a walk with it.",
                "Slept. Bought a plant.",
            ),
            work=(
                "What this life asks that the other did not: to begin. {name} has never had to begin with "
                "anybody.",
                "Role play: asking a neighbour in. Too formal, too funny, and then quite all right.",
                "Mapped who is near: eleven faces, four names, one telephone number. Chose two to bring "
                "closer.",
            ),
            task=Task(
                agreed=("Ask one of the two for coffee.", "Find out two more names."),
                done=("Asked. It was tea, and it was good.", "Has three new names."),
                partly=("Asked for “some time”.", "Has one new name."),
                not_done=("Rehearsed it on the stairs and went by.", "Forgot them at once, from nerves."),
            ),
            techniques=("life_change_skills", "role_play", "life_change_supports"),
        ),
        Beat(
            week=(
                "A good {day}: missed {old} and was not undone by it.",
                "Invited to something next week. Afraid, and going.",
                "Even, with one short night.",
            ),
            work=(
                "Went back to the timeline. Other beginnings are on it: the first school, the first job. "
                "Each took a year.",
                "Looked at the goals: two names of three. The third is on the landing.",
                "What to keep from before, and how: {ally_short} on Sundays, the recipe, the football.",
            ),
            task=Task(
                agreed=(
                    "Go where the invitation is, for one hour.",
                    "Plan a visit to {ally_short}, with a return ticket.",
                ),
                done=("Stayed three hours.", "Has bought both tickets."),
                partly=("Went, and left after ten minutes, with a promise.", "Has looked at trains."),
                not_done=("Cancelled.", "Not planned yet."),
            ),
            techniques=("life_change_timeline", "network", "summarising"),
        ),
    ),
)

EMPTY_NEST = replace(
    MOVE,
    code="empty_nest",
    ages=(42, 66),
    props={
        **MOVE.props,
        "event|issue|issue_began": (
            "the children leaving home|move|in the week after the youngest left",
            "the youngest moving abroad|move|on the way back from the airport",
        ),
    },
)
UNIVERSITY = replace(
    MOVE,
    code="university",
    ages=(18, 23),
    props={
        **MOVE.props,
        "event|issue|issue_began": (
            "starting at university|move|in the first term away from home",
            "leaving care|move|in the first months in {their} own flat",
        ),
    },
)

YOUNG = Story(
    code="young",
    area="life_change",
    about="{event}",
    situation="school and home since {event}",
    onset="{issue_began}",
    goals=(
        "be in school four days out of five",
        "say to {their} mum when it is bad, before it is very bad",
        "sit with somebody at lunch",
    ),
    props={
        "event|issue|issue_began": (
            "{their} parents' separation|home|when {their} dad moved out",
            "the change of school|school|in the first weeks at the new school",
            "the birth of {their} half-brother|home|when the baby came",
            "{their} gran moving in|home|after {their} gran moved in",
        ),
        "ally|ally_short": (
            "{their} friend Zara|Zara",
            "{their} cousin Kai|Kai",
            "{their} big sister Ellie|Ellie",
            "Mr Doyle from art|Mr Doyle",
        ),
        "thing": ("PE", "the bus", "the dinner hall", "double maths", "the group chat"),
    },
    middle=(
        Beat(
            week=(
                "In school on three days. Home from {thing} with a headache on {day}.",
                "A row at home on {day} about the phone; stayed upstairs until {day2}.",
                "Better: slept at {ally_short}'s on Saturday.",
            ),
            work=(
                "Talked about before: who sat where at the table. {name} drew it, then drew it now.",
                "What was good before and what was not. {name} had not told anybody about the shouting; "
                "glad that it has stopped.",
                "What nobody asked {them}: whether, when, how. Wrote three questions for mum and dad.",
            ),
            task=Task(
                agreed=("Ask mum one of the three questions.", "Mark the days: mood, and where."),
                done=("Asked. Mum cried a bit and answered.", "Marked them all, with colours."),
                partly=("Asked by message.", "Marked three days."),
                not_done=("Did not ask.", "Lost the sheet in the bag."),
            ),
            techniques=("life_change_old_role", "life_change_feelings", "exploring"),
        ),
        Beat(
            week=(
                "Mood up on {day} after art. Down after {thing}.",
                "Four days in school. Tired.",
                "Did not go in on {day}: said stomach ache, meant {thing}.",
            ),
            work=(
                "Went through what happened in {thing}, like a film, slowly. Found the place where {name} "
                "could have said "
                "something to {ally_short}.",
                "Role play: telling mum that it is bad. I was mum and looked at my phone. Second time "
                "{name} said “can you look "
                "at me”.",
                "Two houses, two sets of rules: made one page of what is where.",
            ),
            task=Task(
                agreed=("Tell mum, at the time agreed for it.", "Sit with {ally_short} at lunch, twice."),
                done=("Told her on {day}, in the car.", "Sat there three times."),
                partly=("Told her in a message.", "Sat there once."),
                not_done=("Went upstairs instead.", "{ally_short} was away."),
            ),
            techniques=("life_change_skills", "role_play", "communication_analysis"),
        ),
        Beat(
            week=(
                "Good week, says {name}, “weird”. Went in every day.",
                "Fell out with {ally_short} on {day} and made up on {day2}.",
                "Dad forgot on {day}. Angry, then sad, then told mum.",
            ),
            work=(
                "Looked at the falling-out: what was typed, what was meant. {name} mended it without us.",
                "What is all right about now: own room at dad's, no shouting, art club. Wrote it under the "
                "drawing.",
                "Planned what to say to dad about forgetting. Short. {name} will read it out if it is too "
                "hard.",
            ),
            task=Task(
                agreed=("Say it to dad.", "Go to art club once more."),
                done=("Read it out. Dad said sorry.", "Went to art club; is staying."),
                partly=("Sent it to dad as a message.", "Stood outside the art room."),
                not_done=("Has not said it to dad yet.", "Did not go to art club."),
            ),
            techniques=("life_change_new_role", "life_change_supports", "problem_solving"),
        ),
    ),
)

STORIES: tuple[Story, ...] = (BABY, JOB, ILLNESS, MOVE, EMPTY_NEST, UNIVERSITY)
FOR_THE_YOUNG: tuple[Story, ...] = (YOUNG,)
