"""Stories of isolation: few people for a long time, or many and none of them close."""

from demo.words.conflict import ALLIES
from demo.words.parts import Beat, Story, Task

ALONE = Story(
    code="alone",
    area="isolation",
    about="few people since {since}",
    situation="the evenings and weekends alone",
    onset="{issue_began}",
    goals=(
        "have one fixed evening a week with somebody",
        "stay to the end of a conversation",
        "ask one person at work something that is not about work",
    ),
    props={
        "since": ("school", "the move", "the pandemic", "leaving home", "the band broke up"),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "end|when the last friend nearby moved away",
            "end|in the second winter of working from home",
            "end|after the flatmate left",
            "end|when the club closed",
        ),
        "thing": (
            "the chess club",
            "the choir",
            "the climbing wall",
            "the community garden",
            "the quiz at the Railway",
            "the walking group",
        ),
        "somebody": (
            "a man called Errol",
            "a woman called Sinead",
            "the caretaker",
            "Bea from the second row",
            "the organiser",
            "Tunde",
        ),
    },
    middle=(
        Beat(
            week=(
                "Spoke to two people since last time, both at a till.",
                "Low from Friday evening to Monday morning, as ever.",
                "A colleague asked {them} to lunch on {day}; said no before hearing the end.",
            ),
            work=(
                "Went back to those who were close once: a friend at primary school, a cousin, a "
                "room-mate. Each time {name} "
                "had left first.",
                "Looked at the lunch that was refused. In the second before the “no” stood a picture: "
                "everybody watching {them} "
                "eat.",
                "Asked what {name} believes that people see. A list of six, all bad, none of them ever "
                "checked.",
            ),
            task=Task(
                agreed=("Look up what became of one of them.", "Say “perhaps” in place of “no”, once."),
                done=(
                    "Found the room-mate; two children, same laugh.",
                    "Said “perhaps”, and was asked again.",
                ),
                partly=("Began to look.", "Said nothing, which is not no."),
                not_done=("Did not look: better not to know.", "“No”, each time."),
            ),
            techniques=("isolation_past", "exploring", "clarification"),
        ),
        Beat(
            week=(
                "Stood outside {thing} on {day} and went home. Low on {day2}.",
                "A message from {ally_short}, answered after four days.",
                "A little better: rain, and so nothing expected.",
            ),
            work=(
                "The pattern: somebody comes near, {name} waits for the catch, finds one, goes. Three "
                "examples; {they} found "
                "the fourth {them}self.",
                "Used what happens here: {name} had been about to cancel today since last week was “too "
                "much”. Glad that it was "
                "said. What would a friend have had to guess?",
                "Went through the message from {ally_short} word by word. It is friendly. It took a while "
                "to see that.",
            ),
            task=Task(
                agreed=(
                    "Answer {ally_short} on the same day.",
                    "Go into {thing}, stay ten minutes, speak to nobody on purpose.",
                ),
                done=(
                    "Answered within the hour, with a question at the end.",
                    "Stayed for half an hour; {somebody} explained the rules.",
                ),
                partly=("Answered on the next day.", "Ten minutes, in the cloakroom."),
                not_done=("Four days again.", "Did not go in."),
            ),
            techniques=("isolation_patterns", "isolation_therapy", "communication_analysis"),
        ),
        Beat(
            week=(
                "{thing} on {day}: {somebody} kept a seat.",
                "Blushed on {day} and stayed.",
                "Low on Sunday; rang {ally_short} at six instead of going to bed.",
            ),
            work=(
                "Role play: the first two minutes. Weather, a question, a second question. {name} asks "
                "well and forgets to "
                "answer.",
                "Practised leaving a conversation without flight: three sentences that end it kindly.",
                "Feedback, asked for: {they} looked away at the end of each sentence, and it sounds like "
                "an apology. Tried it "
                "the other way.",
            ),
            task=Task(
                agreed=(
                    "Tell {somebody} one thing about {them}self.",
                    "Ask a second question, and listen to the answer.",
                ),
                done=(
                    "Told {somebody} about the job. It led to a loan of a book.",
                    "Asked; the answer lasted a whole bus ride.",
                ),
                partly=("Said where {they} came from.", "Asked, and looked at the clock."),
                not_done=("{somebody} was not there.", "Could not think of a question."),
            ),
            techniques=("isolation_role_play", "isolation_contact", "isolation_feedback"),
        ),
        Beat(
            week=(
                "Out on two evenings. Tired by it and pleased.",
                "Embarrassed on {day} over a joke; went back the next time all the same.",
                "Nobody rang at the weekend; low for a day, not for three.",
            ),
            work=(
                "Drew the network as it is: {ally_short}, {somebody}, two from {thing}, the brother. In "
                "spring there was one "
                "name on it.",
                "Went over the joke, slowly. Two laughed, one did not. What {name} had seen was the one.",
                "Planned a next step for each of three people; small, with a date.",
            ),
            task=Task(
                agreed=("Suggest a walk to {somebody}.", "Ring the brother, on {day}."),
                done=(
                    "They walked round the reservoir and hardly spoke; it was good.",
                    "Rang; he was glad and said so.",
                ),
                partly=("Said “we should, some time”.", "Rang; engaged; not again."),
                not_done=("Did not suggest it.", "Has not rung him."),
            ),
            techniques=("isolation_network", "isolation_contact", "problem_solving"),
        ),
        Beat(
            week=(
                "A week with three people in it.",
                "Invited to a birthday on {day}. Went.",
                "A disappointment: {somebody} cancelled. {name} asked for another day, which is new.",
            ),
            work=(
                "Looked at what makes a person a friend and not an acquaintance. {name} thinks: being "
                "asked back. Checked "
                "against the last month.",
                "Reviewed the goals: one fixed evening, kept for five weeks.",
                "Talked about staying alone when one wants to, and how that differs from hiding.",
            ),
            task=Task(
                agreed=("Invite somebody home.", "Say to {ally_short} that {they} mattered these months."),
                done=(
                    "Two came. There were not enough chairs.",
                    "Said it. {ally_short} said “likewise, you oaf.”",
                ),
                partly=("Asked; the date is open.", "Wrote it on a card."),
                not_done=("The flat is not ready, says {name}.", "Not said yet."),
            ),
            techniques=("isolation_network", "isolation_patterns", "summarising"),
        ),
    ),
)

SURFACE = Story(
    code="surface",
    area="isolation",
    about="many people and nobody close",
    situation="being everybody's helper and nobody's friend",
    onset="{issue_began}",
    goals=(
        "tell somebody about a bad day on the day itself",
        "let one favour go unreturned",
        "have one friend who knows about the depression",
    ),
    props={
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "end|when nobody rang during the weeks off sick",
            "end|after the leaving party where {they} knew everybody and talked to no one",
            "end|in the autumn, after the third wedding as a guest from work",
        ),
        "thing": (
            "the parents' committee",
            "the Thursday team",
            "the church hall",
            "the five-a-side",
            "the book group",
        ),
        "somebody": ("Carla", "Dev from accounts", "the vicar", "Old Tom", "Francesca", "Mo"),
    },
    middle=(
        Beat(
            week=(
                "Full diary; empty on {day} night.",
                "Everybody's birthday cake, and home alone on {day2}.",
                "Low after {thing}: thanked by all and asked by none.",
            ),
            work=(
                "Counted: forty-one numbers in the telephone, none for three in the morning. When was "
                "there one? At "
                "seventeen; it was told on.",
                "What {name} does at {thing}: fetches, carries, asks. What {they} did not do: sit.",
                "Looked at “I'm fine, and you?” The second half comes so quickly that nobody hears the "
                "first.",
            ),
            task=Task(
                agreed=("Leave off “and you?”, once.", "Sit down at {thing}, and be brought something."),
                done=("Left it off; {somebody} asked what was the matter.", "Sat. {somebody} brought tea."),
                partly=("Swallowed it too late.", "Sat on the arm of the chair."),
                not_done=("It was out before {they} knew.", "On {their} feet all evening."),
            ),
            techniques=("isolation_past", "isolation_patterns", "exploring"),
        ),
        Beat(
            week=(
                "{somebody} asked again on {day}. Changed the subject, and thought about it all week.",
                "Tired; said no to one thing.",
                "Up after an hour with {ally_short} in which nothing was done.",
            ),
            work=(
                "Here too: {name} asks how I am and brings the right change for the car park. We looked at "
                "it kindly. Who looks "
                "after {them} in this hour?",
                "Role play: telling {somebody} about the bad months. Short version, forty words. It took "
                "three goes to leave "
                "out the joke.",
                "What is feared: to be a weight. Who has ever been a weight to {name}? Nobody that {they} "
                "minded.",
            ),
            task=Task(
                agreed=("Tell {somebody} the short version.", "Let a favour stand without returning it."),
                done=(
                    "Told {somebody}, on a bench. {somebody} had guessed, and has been through it.",
                    "It stands. It itches.",
                ),
                partly=("Told half, with the joke.", "Returned it after two days."),
                not_done=("Not the right moment.", "Returned it doubled."),
            ),
            techniques=("isolation_therapy", "isolation_role_play", "affect"),
        ),
        Beat(
            week=(
                "Rang {ally_short} on a bad evening. First time.",
                "{thing} without the tray: odd, and nobody noticed.",
                "A dip on {day}; told somebody the same day.",
            ),
            work=(
                "Feedback: when {name} stops helping, {they} became funny and a little sharp. I said that "
                "I like it.",
                "Drew the circle anew: {somebody} has come in by one ring, two have gone out, and that is "
                "all right.",
                "Planned what to do when the old way comes back, with Christmas ahead: who bakes, who sits.",
            ),
            task=Task(
                agreed=("Ask {somebody} for help with something real.", "Bake nothing for {thing}."),
                done=(
                    "Asked for a lift to the hospital. {somebody} waited with {them}.",
                    "Baked nothing. There was too much cake as it was.",
                ),
                partly=("Asked, and took it back.", "Bought a cake."),
                not_done=("Managed alone.", "Baked two trays."),
            ),
            techniques=("isolation_feedback", "isolation_network", "isolation_contact"),
        ),
    ),
)

STORIES: tuple[Story, ...] = (ALONE, SURFACE)
