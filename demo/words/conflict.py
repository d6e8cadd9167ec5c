"""Stories of conflict: a partner, a mother, a manager."""

from demo.words.parts import Beat, Story, Task

MEN = (
    "Tom|he",
    "Gareth|he",
    "Matt|he",
    "Daniel|he",
    "Chris|he",
    "Jonas|he",
    "Rob|he",
    "Imran|he",
    "Declan|he",
    "Pete|he",
)
WOMEN = ("Kate|she", "Anna|she", "Leila|she", "Jo|she", "Helen|she", "Marta|she", "Becky|she", "Sunita|she")
ALLIES = (
    "{their} sister Joan|Joan",
    "{their} friend Priya|Priya",
    "Lorna next door|Lorna",
    "{their} cousin Beth|Beth",
    "{their} brother Mark|Mark",
    "{their} friend Ngozi|Ngozi",
    "Sheila from the choir|Sheila",
    "{their} old flatmate Ewan|Ewan",
    "{their} aunt Dot|Dot",
)

PARTNER = Story(
    code="partner",
    ages=(20, 100),
    area="conflict",
    about="with {other} (partner)",
    situation="the arguments with {other} about {issue}",
    onset="{issue_began}",
    goals=(
        "say what {they} wanted before it turned into anger",
        "settle {issue} with {other} one way or the other by {season}",
        "have one evening a week with {other} that was not about {issue}",
        "see {ally_short} each week again",
    ),
    props={
        "other|other_they": MEN + WOMEN,
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "moving out of {other_their} parents' house|two months after they moved in with {other}'s "
            "parents",
            "money and the joint account|when {other} lost the overtime and stopped talking about money",
            "who looks after {their} father|when {their} father came home from hospital and the weekends "
            "went",
            "having a second child|around the time {other} said there would be no second child",
            "{other_their} hours at the restaurant|when {other} took on the late shifts",
            "the house that is never finished|in the winter when the building work stopped",
        ),
        "place": (
            "in the car",
            "over breakfast",
            "at the kitchen table",
            "on the way back from the shops",
            "in the hall",
        ),
        "season": ("spring", "the summer", "Easter", "the autumn", "Christmas"),
    },
    middle=(
        Beat(
            week=(
                "Lower on {day} and {day2} after an argument {place} about {issue}; lifted on Saturday "
                "when they walked "
                "together. Links the dip to feeling unheard.",
                "Two good days, then {other} came home late on {day} and did not say why. {name} went to "
                "bed without eating "
                "and {their} mood stayed low until the weekend.",
            ),
            work=(
                "Looked at what each expects of the other over {issue}. {name} expects to be asked; "
                "{other}, as {they} tells "
                "it, expects to be told. Neither had ever said so aloud.",
                "Drew out both sides of the dispute. {name} was clear about {their} own wishes and had to "
                "guess at "
                "{other}'s; noticed {them}self how little of it had ever been spoken.",
            ),
            task=Task(
                agreed=(
                    "Write down one argument as it was said, word by word.",
                    "Note one disagreement with {other} as soon as possible afterwards: who said what, in "
                    "which order.",
                ),
                done=(
                    "Brought an argument written down almost word for word.",
                    "Had the exchange of {day} on the back of an envelope, line by line.",
                ),
                partly=(
                    "Had kept the beginning of an argument but not how it ended.",
                    "Remembered an argument well, though it was not written down.",
                ),
                not_done=(
                    "Nothing written down: there had been no argument, only silence, which told us "
                    "something too.",
                    "Had not wanted to write it down in case {other} found it.",
                ),
            ),
            techniques=("conflict_identify", "conflict_expectations", "clarification"),
        ),
        Beat(
            week=(
                "{other} and {name} did not speak from {day} to {day2}. Slept badly on both nights. Better "
                "after {they} rang "
                "{ally}.",
                "A quiet week on the surface. Says {they} kept {issue} out of every conversation and felt "
                "tired by it.",
            ),
            work=(
                "Communication analysis of the argument {place}, line by line. {name} saw that {they} "
                "stopped at “fine” and "
                "waited to be asked. {other} took the “fine” as an answer.",
                "Went through the quarrel sentence by sentence. The turn came when {name} left the room; "
                "{they} had thought "
                "of it as keeping the peace, and now wondered how it looked from {other}'s chair.",
            ),
            task=Task(
                agreed=(
                    "Notice the moment of “fine”, and say one sentence more.",
                    "Stay in the room for one minute longer, and say that it matters.",
                ),
                done=(
                    "Had said one sentence more twice. {other} was surprised and asked back.",
                    "Stayed on {day} when {they} would have left; it was uncomfortable and it was over in "
                    "five minutes.",
                ),
                partly=(
                    "Noticed the “fine” each time, too late to add anything.",
                    "Managed it once, about something small.",
                ),
                not_done=(
                    "Had avoided being alone with {other} most evenings.",
                    "The week gave no opening, or {they} did not take it; unsure which.",
                ),
            ),
            techniques=("conflict_communication", "communication_analysis", "exploring"),
        ),
        Beat(
            week=(
                "Mood up until {day}, when {other}'s mother rang and {issue} was decided over {their} "
                "head, as {they} put it.",
                "Argued on {day} about something else and both knew what it was about. Lower for two days.",
            ),
            work=(
                "Talked about the stage of the dispute. {name} feared it was over; going through the last "
                "month, there was "
                "still wanting on both sides and no talking. We called it an impasse and not a dissolution.",
                "Asked what would have to happen for things to move. {name} said {they} had been waiting "
                "for {other} to "
                "begin for a year. Impasse; agreed that bringing it into the open may make it louder at "
                "first.",
            ),
            task=Task(
                agreed=(
                    "Tell {other} that {issue} is what brings {name} here, and ask for half an hour at the "
                    "weekend.",
                    "Find a time with {other} that is set aside for {issue}, and nothing else that evening.",
                ),
                done=(
                    "They sat down on Sunday. It was stiff, and nobody left.",
                    "Asked for the half hour and got it; {other} had thought it was about leaving.",
                ),
                partly=(
                    "Told {other}, but no time was found.",
                    "Began it on {day} and was interrupted; they have put it off to this weekend.",
                ),
                not_done=(
                    "Could not bring {them}self to ask.",
                    "{other} said there was nothing to talk about, and {name} let it rest.",
                ),
            ),
            techniques=("conflict_stage", "conflict_resources", "affect"),
        ),
        Beat(
            week=(
                "Cried on {day} after a visit from {ally}, who asked how things were. Otherwise flat "
                "rather than low.",
                "A birthday in the family on {day}; they pretended all evening and quarrelled in the car.",
            ),
            work=(
                "Looked for the same pattern elsewhere. At home as a child one did not ask for things; "
                "{name} told of "
                "waiting to be offered. The same with {their} last manager. Said it was strange to see it "
                "in a row.",
                "{name} brought how {their} mother ended quarrels: a tray carried upstairs, and nothing "
                "said for days. We "
                "set it beside last week's silence without deciding who had learned what from whom.",
            ),
            task=Task(
                agreed=(
                    "Ask for one small thing a day, from anybody, in plain words.",
                    "Pick one person and ask for something outright, without leading up to it.",
                ),
                done=(
                    "Asked for something on most days; nobody minded, which {they} had to tell twice to "
                    "believe.",
                    "Asked {ally_short} for a lift and {other} to do the washing. Both said yes.",
                ),
                partly=("Asked at work, not at home.", "Asked twice, and apologised both times."),
                not_done=(
                    "Found reasons each day why it was not the moment.",
                    "Had forgotten it by {day}, and said so.",
                ),
            ),
            techniques=("conflict_parallels", "exploring", "affect"),
        ),
        Beat(
            week=(
                "Steadier. One argument on {day}, about {issue}, shorter than before: they came back to it "
                "the same evening.",
                "Slept through on four nights. {other} asked on {day} what the therapy was for and "
                "listened to the answer.",
            ),
            work=(
                "Worked out what {name} wants to say about {issue} in three sentences, and tried them in "
                "role play. The "
                "first opening blamed; the second sounded like {them}, {they} said.",
                "Planned the talk about {issue} and rehearsed it. I took {other}'s part and then we "
                "changed over; as "
                "{other}, {name} was taken aback at how worried {they} sounded.",
            ),
            task=Task(
                agreed=(
                    "Open the conversation with the second opening. Notice mood before and after.",
                    "Say the three sentences to {other} at the weekend, then stop and listen.",
                ),
                done=(
                    "Had the conversation. {other} was quiet for a while and then said more than in months.",
                    "Said it as rehearsed, with {their} hands shaking; {other} said “I didn't know it was "
                    "that bad.”",
                ),
                partly=(
                    "Said the first sentence, and then they were interrupted; wants to try again.",
                    "Wrote it to {other} as a message instead, and got an answer.",
                ),
                not_done=(
                    "Put it off because {other} had a bad week {other_them}self.",
                    "Did not get to it; {their} mood was too low by {day}.",
                ),
            ),
            techniques=("conflict_rehearse", "role_play", "communication_analysis"),
        ),
        Beat(
            week=(
                "A difficult {day}: {other} went back on something they had settled. {name} noticed the "
                "drop in mood within "
                "the hour and rang {ally_short} rather than going to bed.",
                "Good week. They looked at the figures together on {day} and laughed about something for "
                "the first time in "
                "a while.",
            ),
            work=(
                "Went through how the talk about {issue} had gone. What helped: saying when, keeping it "
                "short. What did not: "
                "bringing in last year. Weighed what {name} can change and what is {other}'s to change.",
                "Reviewed the conversation. It did not end with an answer, and {name} was disappointed; "
                "set against a year of "
                "none, {they} allowed that it was a beginning. Listed three ways it could go on.",
            ),
            task=Task(
                agreed=(
                    "Choose one of the three ways and put it to {other} as a proposal.",
                    "Agree with {other} on one thing that both will try until we meet.",
                ),
                done=(
                    "Put the proposal; {other} changed half of it and said yes to the rest.",
                    "They agreed on one thing and kept to it all week.",
                ),
                partly=(
                    "Made the proposal; no answer yet.",
                    "They agreed on something and kept to it until {day}.",
                ),
                not_done=(
                    "Did not make the proposal: could not decide between two of them.",
                    "The week was taken up by a cold that went round the house.",
                ),
            ),
            techniques=("conflict_review", "conflict_options", "decision_analysis"),
        ),
        Beat(
            week=(
                "Mood even through the week. Went out with {ally_short} on {day}, the first time since the "
                "summer, and told "
                "{other} beforehand instead of afterwards.",
                "Lower on {day}: {other} forgot what they had agreed. Said so at once, and it was mended "
                "by the evening.",
            ),
            work=(
                "Decision analysis of {issue}: what speaks for each way, for {name} and for {other}, and "
                "what each would "
                "cost. {name} found that {they} could live with two of the four.",
                "Talked about anger. {name} had taken it for something that ends relationships; this week "
                "it had ended a "
                "misunderstanding. Practised saying “I'm angry, and I'm staying.”",
            ),
            task=Task(
                agreed=(
                    "Go through the list of ways with {other}, each crossing out one.",
                    "Say once that something made {them} angry, while it is still small.",
                ),
                done=(
                    "Each crossed out one; they were the same.",
                    "Said it on {day}, about the bins. It was small and it stayed small.",
                ),
                partly=(
                    "They began the list and fell to talking about {other_their} work.",
                    "Said it a day later.",
                ),
                not_done=(
                    "The list stayed in {their} bag.",
                    "Found nothing to be angry about, and wondered at that.",
                ),
            ),
            techniques=("conflict_options", "decision_analysis", "problem_solving"),
        ),
        Beat(
            week=(
                "Better. They have set a date to talk about {issue} once a month. {name} says the house "
                "feels bigger.",
                "Tired from work but not low. {other} and {name} cooked together on {day} and {issue} did "
                "not come up.",
            ),
            work=(
                "Looked back over the middle sessions. {name} named what has changed: {they} said things "
                "sooner, and "
                "{other} asked more. Went over a slip on {day} and how it was repaired.",
                "Looked at the goals again. The dispute has moved back to renegotiation: both talk, "
                "neither threatens to go. "
                "Named what is still open, so that the ending does not hide it.",
            ),
            task=Task(
                agreed=(
                    "Keep the weekly half hour with {other} going without me asking about it.",
                    "Tell {ally_short} what has helped, so that somebody else knows.",
                ),
                done=("The half hour has been kept going.", "Told {ally_short}, who had noticed."),
                partly=("The half hour was kept once in two weeks.", "Told some of it."),
                not_done=("The half hour lapsed in a busy week.", "Had not got round to it."),
            ),
            techniques=("conflict_review", "summarising", "network"),
        ),
    ),
)


PARENT = Story(
    code="parent",
    ages=(0, 70),
    area="conflict",
    about="with {their} {parent}",
    situation="the quarrel with {their} {parent} about {issue}",
    onset="{issue_began}",
    goals=(
        "spend an afternoon with {their} {parent} without a scene",
        "say no to {their} {parent} and stay on speaking terms",
        "stop being the one who carries messages between {their} {parent} and {ally_short}",
    ),
    props={
        "parent|parent_they": ("mother|she", "father|he", "mother|she"),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "the carers and who pays for them|after the fall on the stairs last winter",
            "the wedding to which half the family is not invited|when the invitations went out",
            "how the children are brought up|when the {parent} began to fetch the children from school",
            "the flat that was promised to both|after the solicitor's letter about the flat",
            "{their} leaving the family business|in the month after {they} gave notice in the shop",
        ),
        "thing": (
            "Sunday lunch",
            "the daily call at seven",
            "the visit to the cemetery",
            "the birthday",
            "the weekly shop",
        ),
    },
    middle=(
        Beat(
            week=(
                "Dreaded {thing} from {day} on, and slept badly before it. Mood fell on the way home and "
                "stayed down until "
                "{day2}.",
                "Two calls from {their} {parent} in one evening about {issue}. {name} answered both and "
                "ate nothing after.",
                "Better in the first half of the week, when {their} {parent} was away; down again after "
                "{thing}.",
            ),
            work=(
                "Named what the quarrel is about. On the surface {issue}; beneath it, {name} says, who may "
                "decide now that "
                "{their} {parent} is old. Neither has said that.",
                "Asked what {name} expects of {their} {parent}, and the other way about. {Their} {parent} "
                "expects {them} to "
                "come without being asked; {name} expects to be thanked. Both wait.",
                "Went back to how it was before {issue_began}. {name} found three good years and could say "
                "what was "
                "different: there was somebody between them.",
            ),
            task=Task(
                agreed=(
                    "Write down what {their} {parent} says about {issue}, without the answer.",
                    "Ask {their} {parent} one question about it and wait for the end of the reply.",
                ),
                done=(
                    "Brought half a page of {their} {parent}'s sentences. Read aloud, they sounded more "
                    "afraid than angry.",
                    "Had asked, and waited. The reply took ten minutes and was not about {issue} at all.",
                ),
                partly=("Had written two sentences and then the answer to them.", "Asked; did not wait."),
                not_done=(
                    "Had not been able to listen long enough.",
                    "There was no good moment, or none that felt safe.",
                ),
            ),
            techniques=("conflict_identify", "conflict_expectations", "exploring"),
        ),
        Beat(
            week=(
                "A scene at {thing} on {day}: the door, the car, no goodbye. Low for two days and ashamed.",
                "Did not go to {thing} for the first time. Relief on {day}, guilt on {day2}.",
                "{ally_short} rang to say that {their} {parent} had been crying. {name} could not sleep "
                "after that.",
            ),
            work=(
                "Took the scene at {thing} line by line. {name} had said “do what you like”, and meant "
                "“please ask me”. Tried "
                "the second sentence aloud; it was hard to get out.",
                "Communication analysis of the call. Between “I only meant” and “you never” lay a pause in "
                "which, {name} says, "
                "{they} might have asked what was meant.",
                "Looked at guilt. {name} keeps a ledger of what is owed since childhood and never sees a "
                "line crossed off. "
                "Asked who else in the family keeps it.",
            ),
            task=Task(
                agreed=(
                    "Instead of “do what you like”, say what {name} would like.",
                    "End one call after ten minutes, with a time for the next.",
                ),
                done=(
                    "Said what {they} would like, about the Christmas table. It was taken down on the back "
                    "of an envelope.",
                    "Ended the call after twelve minutes. {Their} {parent} said “well, until Thursday then.”",
                ),
                partly=(
                    "Said it to {ally_short} instead, to try it out.",
                    "Ended the call and rang back to apologise.",
                ),
                not_done=("“Do what you like” came out again.", "The calls were as long as ever."),
            ),
            techniques=("conflict_communication", "communication_analysis", "affect"),
        ),
        Beat(
            week=(
                "Quieter. {thing} went by with talk about the garden. Mood even.",
                "Low on {day} after a letter in {their} {parent}'s hand; it was only the gas bill.",
                "Laughed with {ally_short} about the family on {day}. Slept through twice.",
            ),
            work=(
                "Asked at what stage the quarrel stands. Not over: both still come to {thing}. Not moving "
                "either. {name} "
                "would rather a loud quarrel than this.",
                "Looked for the same thing elsewhere: with {their} head of department, too, {name} does "
                "more than is asked "
                "and waits to be noticed.",
                "Went through who could help. {ally_short} has always been left out of it, “to spare” "
                "somebody; nobody could "
                "say whom.",
            ),
            task=Task(
                agreed=(
                    "Tell {ally_short} what {issue} has been like for {them}.",
                    "Ask {ally_short} to take one of the visits.",
                ),
                done=(
                    "Told {ally_short}, who had thought {name} liked being in charge.",
                    "{ally_short} takes every second {day} now.",
                ),
                partly=(
                    "Told it as a funny story.",
                    "Asked, and said straight away that it did not matter.",
                ),
                not_done=("Had not told anybody.", "Did not want to be a burden, and went both times."),
            ),
            techniques=("conflict_stage", "conflict_parallels", "network"),
        ),
        Beat(
            week=(
                "Rehearsed sentences in the car all week. Nervous rather than low.",
                "A better {day}: {their} {parent} asked how work was. {name} did not know what to answer "
                "and was pleased.",
                "Down after {thing}; angry this time, and not ashamed, which is new.",
            ),
            work=(
                "Planned the talk about {issue}: when, where, who else in the room. Role play twice. In "
                "{their} {parent}'s "
                "chair {name} said “I don't want to be managed”, and stopped.",
                "Weighed the ways out of {issue}, four of them. Two would cost {name} more than the "
                "quarrel. The other two "
                "need {their} {parent} to be asked.",
                "Worked on saying no. Three versions: too sharp, too long, and one in seven words that "
                "will do.",
            ),
            task=Task(
                agreed=(
                    "Have the talk, at the table and not on the telephone.",
                    "Say the seven words when it comes up.",
                ),
                done=(
                    "They talked for twenty minutes. {Their} {parent} wept and poured the tea. Nothing is "
                    "settled; they will "
                    "talk again.",
                    "Said the seven words. There was a silence, and then pudding.",
                ),
                partly=("Began the talk and was interrupted by {ally_short}.", "Said four of the seven."),
                not_done=(
                    "{Their} {parent} was ill; not the week for it.",
                    "It did not come up, says {name}, and I believe it.",
                ),
            ),
            techniques=("conflict_rehearse", "role_play", "decision_analysis"),
        ),
        Beat(
            week=(
                "{thing} passed well. {name} left when {they} wanted to leave.",
                "One bad evening, over by the morning. {Their} {parent} rang to ask about {name}'s cold.",
                "Mood steady. {issue} is still open and takes up less of the week.",
            ),
            work=(
                "Reviewed how it went and what made it possible: the right hour, {ally_short} in the next "
                "room, a sentence "
                "prepared. {name} doubts that it will last; we looked at what would be the first sign.",
                "Talked about what will not come: the thanks. {name} was sad about it and did not go on to "
                "explain it away.",
                "Went over the goals. The afternoon without a scene has happened twice. Wrote down how.",
            ),
            task=Task(
                agreed=(
                    "Arrange something with {their} {parent} that is not {thing}.",
                    "Let one remark pass, on purpose.",
                ),
                done=(
                    "They went to look at the sea. {Their} {parent} fell asleep in the car.",
                    "Let two pass, and counted them.",
                ),
                partly=("Suggested it; the date is open.", "Let it pass for an hour."),
                not_done=("Did not arrange anything.", "Answered every one."),
            ),
            techniques=("conflict_review", "summarising", "affect"),
        ),
    ),
)

MANAGER = Story(
    code="manager",
    ages=(20, 66),
    area="conflict",
    about="with {other} ({job})",
    situation="the strain with {other} at work over {issue}",
    onset="{issue_began}",
    goals=(
        "say to {other}'s face what {they} says at home",
        "go in on a {day} without feeling sick",
        "decide by {season} whether to stay in the team",
    ),
    props={
        "other|other_they": MEN + WOMEN,
        "job": ("manager", "line manager", "head of department", "ward sister", "partner in the business"),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "the new rota|when the rota was changed without asking",
            "a complaint that was never cleared up|after the complaint in the spring",
            "the post that went to somebody else|when the senior post was given to a newcomer",
            "working from home|when everybody was called back to the office",
        ),
        "season": ("the spring", "the summer", "the end of the year", "Easter"),
        "thing": ("the Monday meeting", "the handover", "the one-to-one", "the appraisal"),
    },
    middle=(
        Beat(
            week=(
                "Fine until {thing}, then a knot for the rest of the day. Two nights awake over one e-mail.",
                "{other} passed {them} in the corridor without a word on {day}. {name} went home at three "
                "and slept.",
                "Low on {day} evening, as before every {day2} at work. Weekends better.",
            ),
            work=(
                "Sorted out what the dispute is. {name} wants to be consulted over {issue}; thinks that "
                "{other} wants people "
                "who do not ask. Whether that is so, nobody has found out.",
                "Expectations on both sides. {name} had expected loyalty for nine years' work; {other} "
                "came eight months ago "
                "and knows nothing of them.",
                "Tied the low days to {thing}: four of the last five followed it. On the fifth, {other} "
                "was away.",
            ),
            task=Task(
                agreed=(
                    "Keep the e-mail of the week, and the answer that was not sent.",
                    "Note before and after {thing}: mood, and one sentence.",
                ),
                done=(
                    "Brought both. The unsent answer was better.",
                    "Brought the notes: five before, two after.",
                ),
                partly=("Brought the e-mail alone.", "Had noted the mood before."),
                not_done=("Had deleted it in anger.", "{thing} was cancelled."),
            ),
            techniques=("conflict_identify", "conflict_expectations", "clarification"),
        ),
        Beat(
            week=(
                "A row on {day} in front of two colleagues. {name} said nothing and shook afterwards.",
                "Quiet, because {other} was on leave. {name} noticed how much {they} laughed.",
                "Rang in sick on {day}. Told {ally_short} the real reason.",
            ),
            work=(
                "The row, word by word. {other}: “is that done?” {name}: “nearly”, though it was done. "
                "Looked at what the "
                "“nearly” was for.",
                "Looked at the same thing with {their} first teacher and an older brother: grow small "
                "until it is over. It used "
                "to work.",
                "Went into anger. {name} speaks of being tired; the hands say something else. Found the "
                "word in the end.",
            ),
            task=Task(
                agreed=(
                    "Answer the plain question plainly, once.",
                    "Tell one colleague what happened, without making light of it.",
                ),
                done=(
                    "“Yes, it's done.” {other} said thank you.",
                    "Told a colleague over lunch; it had happened to her as well.",
                ),
                partly=("Answered plainly, in writing.", "Told it, and made light of it."),
                not_done=("“Nearly” again.", "Ate alone at the desk."),
            ),
            techniques=("conflict_communication", "communication_analysis", "conflict_parallels"),
        ),
        Beat(
            week=(
                "Mood up a little; has asked {other} for a meeting and regrets it hourly.",
                "Up and down. Looked at advertisements on {day} and closed the page.",
                "Slept better. {thing} was short and nobody shouted.",
            ),
            work=(
                "Prepared the meeting: three points, in this order, and what {name} would take as a good "
                "answer. Role play; "
                "I was a busy {other}. {name} was clearer than {they} had feared.",
                "Went through staying, moving and leaving, with what each costs at home. It need not be "
                "settled before "
                "{season}; putting a date to it was a relief.",
                "Impasse, we agreed: both civil, both silent. To open it again somebody must be "
                "inconvenient. Talked about how "
                "{name} could be inconvenient and safe.",
            ),
            task=Task(
                agreed=(
                    "Have the meeting, with the three points on paper.",
                    "Ask the union what {their} rights are over {issue}.",
                ),
                done=(
                    "Had the meeting: two points of three. {other} had not known about the second.",
                    "Rang the union; less alone with it.",
                ),
                partly=("The meeting was cut to ten minutes: one point.", "Found the number."),
                not_done=("The meeting was moved to next month.", "Did not ring: it would make it real."),
            ),
            techniques=("conflict_rehearse", "role_play", "conflict_stage"),
        ),
        Beat(
            week=(
                "{other} changed one thing after the talk. {name} distrusts it and sleeps better.",
                "Tense {day}, calm {day2}. Went to the pub with the team for the first time this year.",
                "A setback: {issue} came up again in front of everybody. Angry for an evening, not low.",
            ),
            work=(
                "Reviewed the talk with {other}: what was said, what was heard. {name} had counted the "
                "frowns and missed the "
                "offer at the end.",
                "Looked at what {name} can have from {other} and what from elsewhere. Praise will have to "
                "come from elsewhere; "
                "made a short list of where.",
                "Weighed it again: staying looks possible, if {thing} stays as it is. Wrote down what "
                "would be the sign to go.",
            ),
            task=Task(
                agreed=(
                    "Take up {other}'s offer, in one line.",
                    "Ask somebody whose judgement counts how the last piece of work was.",
                ),
                done=(
                    "Sent the line; the rota is changed from next month.",
                    "Asked. Has read the answer four times.",
                ),
                partly=("Wrote the line and did not send it.", "Asked {ally_short}, who is biased."),
                not_done=("Let the offer lie.", "Did not ask."),
            ),
            techniques=("conflict_review", "conflict_options", "decision_analysis"),
        ),
    ),
)

STORIES: tuple[Story, ...] = (PARTNER, PARENT, MANAGER)
