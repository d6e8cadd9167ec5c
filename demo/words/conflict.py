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
            "moving out of {other_their} parents' house|two months after they moved in with {other}'s parents",
            "money and the joint account|when {other} lost the overtime and stopped talking about money",
            "who looks after {their} father|when {their} father came home from hospital and the weekends went",
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
                "Lower on {day} and {day2} after an argument {place} about {issue}; lifted on Saturday when they walked "
                "together. Links the dip to feeling unheard.",
                "Two good days, then {other} came home late on {day} and did not say why. {name} went to bed without eating "
                "and {their} mood stayed low until the weekend.",
            ),
            work=(
                "Looked at what each expects of the other over {issue}. {name} expects to be asked; {other}, as {they} tells "
                "it, expects to be told. Neither had ever said so aloud.",
                "Drew out both sides of the dispute. {name} was clear about {their} own wishes and had to guess at "
                "{other}'s; noticed {them}self how little of it had ever been spoken.",
            ),
            task=Task(
                agreed=(
                    "Write down one argument as it was said, word by word.",
                    "Note one disagreement with {other} as soon as possible afterwards: who said what, in which order.",
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
                    "Nothing written down: there had been no argument, only silence, which told us something too.",
                    "Had not wanted to write it down in case {other} found it.",
                ),
            ),
            techniques=("conflict_identify", "conflict_expectations", "clarification"),
        ),
        Beat(
            week=(
                "{other} and {name} did not speak from {day} to {day2}. Slept badly on both nights. Better after {they} rang "
                "{ally}.",
                "A quiet week on the surface. Says {they} kept {issue} out of every conversation and felt tired by it.",
            ),
            work=(
                "Communication analysis of the argument {place}, line by line. {name} saw that {they} stopped at “fine” and "
                "waited to be asked. {other} took the “fine” as an answer.",
                "Went through the quarrel sentence by sentence. The turn came when {name} left the room; {they} had thought "
                "of it as keeping the peace, and now wondered how it looked from {other}'s chair.",
            ),
            task=Task(
                agreed=(
                    "Notice the moment of “fine”, and say one sentence more.",
                    "Stay in the room for one minute longer, and say that it matters.",
                ),
                done=(
                    "Had said one sentence more twice. {other} was surprised and asked back.",
                    "Stayed on {day} when {they} would have left; it was uncomfortable and it was over in five minutes.",
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
                "Mood up until {day}, when {other}'s mother rang and {issue} was decided over {their} head, as {they} put it.",
                "Argued on {day} about something else and both knew what it was about. Lower for two days.",
            ),
            work=(
                "Talked about the stage of the dispute. {name} feared it was over; going through the last month, there was "
                "still wanting on both sides and no talking. We called it an impasse and not a dissolution.",
                "Asked what would have to happen for things to move. {name} said {they} had been waiting for {other} to "
                "begin for a year. Impasse; agreed that bringing it into the open may make it louder at first.",
            ),
            task=Task(
                agreed=(
                    "Tell {other} that {issue} is what brings {name} here, and ask for half an hour at the weekend.",
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
                "Cried on {day} after a visit from {ally}, who asked how things were. Otherwise flat rather than low.",
                "A birthday in the family on {day}; they pretended all evening and quarrelled in the car.",
            ),
            work=(
                "Looked for the same pattern elsewhere. At home as a child one did not ask for things; {name} told of "
                "waiting to be offered. The same with {their} last manager. Said it was strange to see it in a row.",
                "{name} brought how {their} mother ended quarrels: a tray carried upstairs, and nothing said for days. We "
                "set it beside last week's silence without deciding who had learned what from whom.",
            ),
            task=Task(
                agreed=(
                    "Ask for one small thing a day, from anybody, in plain words.",
                    "Pick one person and ask for something outright, without leading up to it.",
                ),
                done=(
                    "Asked for something on most days; nobody minded, which {they} had to tell twice to believe.",
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
                "Steadier. One argument on {day}, about {issue}, shorter than before: they came back to it the same evening.",
                "Slept through on four nights. {other} asked on {day} what the therapy was for and listened to the answer.",
            ),
            work=(
                "Worked out what {name} wants to say about {issue} in three sentences, and tried them in role play. The "
                "first opening blamed; the second sounded like {them}, {they} said.",
                "Planned the talk about {issue} and rehearsed it. I took {other}'s part and then we changed over; as "
                "{other}, {name} was taken aback at how worried {they} sounded.",
            ),
            task=Task(
                agreed=(
                    "Open the conversation with the second opening. Notice mood before and after.",
                    "Say the three sentences to {other} at the weekend, then stop and listen.",
                ),
                done=(
                    "Had the conversation. {other} was quiet for a while and then said more than in months.",
                    "Said it as rehearsed, with {their} hands shaking; {other} said “I didn't know it was that bad.”",
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
                "A difficult {day}: {other} went back on something they had settled. {name} noticed the drop in mood within "
                "the hour and rang {ally_short} rather than going to bed.",
                "Good week. They looked at the figures together on {day} and laughed about something for the first time in "
                "a while.",
            ),
            work=(
                "Went through how the talk about {issue} had gone. What helped: saying when, keeping it short. What did not: "
                "bringing in last year. Weighed what {name} can change and what is {other}'s to change.",
                "Reviewed the conversation. It did not end with an answer, and {name} was disappointed; set against a year of "
                "none, {they} allowed that it was a beginning. Listed three ways it could go on.",
            ),
            task=Task(
                agreed=(
                    "Choose one of the three ways and put it to {other} as a proposal.",
                    "Agree with {other} on one thing that both will try until we meet.",
                ),
                done=(
                    "They agreed on one thing and kept to it all week.",
                    "Put the proposal; {other} changed half of it and said yes to the rest.",
                ),
                partly=(
                    "They agreed on something and kept to it until {day}.",
                    "Made the proposal; no answer yet.",
                ),
                not_done=(
                    "Did not make the proposal: could not decide between two of them.",
                    "The week was taken up by {their} father's fall.",
                ),
            ),
            techniques=("conflict_review", "conflict_options", "decision_analysis"),
        ),
        Beat(
            week=(
                "Mood even through the week. Went out with {ally_short} on {day}, the first time since the summer, and told "
                "{other} beforehand instead of afterwards.",
                "Lower on {day}: {other} forgot what they had agreed. Said so at once, and it was mended by the evening.",
            ),
            work=(
                "Decision analysis of {issue}: what speaks for each way, for {name} and for {other}, and what each would "
                "cost. {name} found that {they} could live with two of the four.",
                "Talked about anger. {name} had taken it for something that ends relationships; this week it had ended a "
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
                "Better. They have set a date to talk about {issue} once a month. {name} says the house feels bigger.",
                "Tired from work but not low. {other} and {name} cooked together on {day} and {issue} did not come up.",
            ),
            work=(
                "Looked back over the middle sessions. {name} named what has changed: {they} said things sooner, and "
                "{other} asked more. Went over a slip on {day} and how it was repaired.",
                "Looked at the goals again. The dispute has moved back to renegotiation: both talk, neither threatens to go. "
                "Named what is still open, so that the ending does not hide it.",
            ),
            task=Task(
                agreed=(
                    "Keep the weekly half hour with {other} going without me asking about it.",
                    "Tell {ally_short} what has helped, so that somebody else knows.",
                ),
                done=("Kept it going.", "Told {ally_short}, who had noticed."),
                partly=("Kept it once in two weeks.", "Told some of it."),
                not_done=("It lapsed in a busy week.", "Had not got round to it."),
            ),
            techniques=("conflict_review", "summarising", "network"),
        ),
    ),
)

STORIES: tuple[Story, ...] = (PARTNER,)
