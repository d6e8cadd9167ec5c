"""Stories of grief: a husband or wife, a parent, a child or brother or sister."""

from demo.words.conflict import ALLIES
from demo.words.parts import Beat, Story, Task

SPOUSE = Story(
    code="spouse",
    ages=(38, 100),
    area="grief",
    about="the death of {dead}, {their} {role}",
    situation="the death of {dead}",
    onset="{issue_began}",
    goals=(
        "go to the grave without dreading it for a week",
        "sleep in the bed again",
        "tell the story of {dead} with the bad years in it",
    ),
    props={
        "dead|dead_they|role": (
            "Frank|he|husband",
            "Derek|he|husband",
            "Samir|he|husband",
            "Maureen|she|wife",
            "Grace|she|wife",
            "Pat|she|partner of thirty years",
            "Len|he|husband",
            "Irena|she|wife",
        ),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "death|four months after {dead}'s death, when the visits stopped",
            "death|with the first winter after {dead}'s death",
            "death|on the first anniversary of the funeral",
            "death|after {dead}'s clothes had been taken away",
        ),
        "thing": (
            "{dead_their} coat in the hall",
            "{dead_their} side of the bed",
            "the chair by the window",
            "the shed",
            "{dead_their} voice on the machine",
        ),
        "place": ("the grave", "the hospital car park", "the church", "the bench on the front"),
    },
    middle=(
        Beat(
            week=(
                "Worst on {day}, a day on which they used to go shopping. Did not go.",
                "Went to {place} on {day} and turned round at the gate. Low until {day2}.",
                "Slept in the armchair again. A better evening with {ally_short}.",
            ),
            work=(
                "Related the low months to the death: before it no episode, since then no good week. "
                "{name} had put it down to "
                "age.",
                "Told the last weeks in order: the ambulance, the ward, the call at five. {They} had never "
                "told it from the "
                "beginning to the end. We took the whole hour and did not hurry.",
                "Who was there at the funeral, who was not, what was said. {name} remembers the sandwiches "
                "and nothing of the "
                "address.",
            ),
            task=Task(
                agreed=("Bring a photograph of {dead}, any.", "Tell {ally_short} about the last night."),
                done=(
                    "Brought three photographs; {dead} laughs in two.",
                    "Told {ally_short}, who had not known that {name} was alone with it.",
                ),
                partly=("Had looked for a photograph and stopped at the box.", "Told the beginning."),
                not_done=("Could not open the album.", "Did not tell anybody."),
            ),
            techniques=("grief_relate", "grief_events", "affect"),
        ),
        Beat(
            week=(
                "Cried at {thing} on {day}; felt lighter for an hour.",
                "Dry-eyed and heavy. Says tears would be easier.",
                "A neighbour said “time heals” on {day}. Angry for two days, which is better than grey.",
            ),
            work=(
                "Reconstructed the years with {dead}: how they met, the first flat, what was easy. {name} "
                "told it with "
                "{their} hands.",
                "The hard part of the marriage: the drinking in the nineties, the year in separate rooms. "
                "Had not been said "
                "since the funeral, “one doesn't”. Said now.",
                "{dead} as {dead_they} was: funny, late, stubborn, generous with strangers. {name} put in "
                "the word mean, and "
                "took it out, and put it in again.",
            ),
            task=Task(
                agreed=(
                    "Write down three things that were good and three that were not.",
                    "Listen to the song from the wedding, once, with {ally_short} there.",
                ),
                done=("Brought four and four.", "They listened. They danced, a bit."),
                partly=("Wrote three good ones and stopped.", "Listened alone, to half of it."),
                not_done=(
                    "The second list felt like betrayal; nothing written.",
                    "Has not listened to it yet.",
                ),
            ),
            techniques=("grief_relationship", "exploring", "affect"),
        ),
        Beat(
            week=(
                "Lower before the anniversary of the {day} when the diagnosis came.",
                "Two afternoons with {ally_short}; the mornings as before.",
                "Dreamt of {dead} on {day} and woke content, then remembered.",
            ),
            work=(
                "What was not said at the end. {name} had gone home to feed the cat. Went through that "
                "evening minute by minute: "
                "what {they} knew, what nobody knew.",
                "Guilt over the tablets on the last day. Looked at who had decided what. Guilt did not go; "
                "it became smaller "
                "than the whole week.",
                "Anger, at last, at {dead}, for not seeing a doctor. Said loudly, and then “sorry, love”.",
            ),
            task=Task(
                agreed=(
                    "Write to {dead} what there was no time to say.",
                    "Ask the ward sister whether they can talk for ten minutes.",
                ),
                done=(
                    "Read the letter aloud here. It ends with the boiler.",
                    "They talked. {dead} had slept, the sister said; nobody had been called for.",
                ),
                partly=("Brought two sentences.", "Rang; a date is set."),
                not_done=("The paper stayed white.", "Could not go near the building."),
            ),
            techniques=("grief_unsaid", "grief_mourning", "clarification"),
        ),
        Beat(
            week=(
                "Moved {thing}; put it back; moved it again on {day}.",
                "Out with {ally_short} twice. Laughed, and looked round as though somebody had heard.",
                "A low {day}: the first form with “widowed” on it.",
            ),
            work=(
                "What {name} did before and with {dead}, and what of it could be done alone or with "
                "others. Two things stay "
                "shut for now; three do not.",
                "Looked at who has stayed: {ally_short}, a nephew, the woman from the bakery. Whom to let "
                "nearer.",
                "Talked about the things: what to keep, what to give, when. It need not be this year.",
            ),
            task=Task(
                agreed=("Go to the bowls on {day}, for one end.", "Ask the nephew to Sunday dinner."),
                done=("Stayed for tea after the bowls.", "He came and brought a friend."),
                partly=("Watched from the fence.", "Asked; he is coming in a fortnight."),
                not_done=("Did not go: everybody there knew {dead}.", "Did not ask."),
            ),
            techniques=("grief_interests", "network", "problem_solving"),
        ),
        Beat(
            week=(
                "A good week with a bad {day} in it.",
                "Slept in the bed on two nights.",
                "Talked about {dead} with {ally_short} without a lump in the throat.",
            ),
            work=(
                "Planned the anniversary: {place} at ten, with {ally_short}, then lunch where {dead} liked "
                "it. An hour for "
                "crying if it comes.",
                "A ritual of {their} own for the birthday: the good cups. Talked about who should be there.",
                "Told the story of {dead} again, shorter. The bad years are in it and it is still a love "
                "story, says {name}.",
            ),
            task=Task(
                agreed=(
                    "Ask {ally_short} for the anniversary.",
                    "Take the coat to the charity shop, or decide not to.",
                ),
                done=("Asked; it is settled.", "Decided not to, this year, and was content with that."),
                partly=("Mentioned it.", "Took it as far as the car."),
                not_done=("Has not asked.", "Left it hanging, undecided."),
            ),
            techniques=("grief_anniversaries", "grief_mementos", "summarising"),
        ),
    ),
)

FAMILY = Story(
    code="family",
    area="grief",
    about="the death of {their} {role} {dead}",
    situation="the loss of {their} {role}",
    onset="{issue_began}",
    goals=(
        "say {dead}'s name at the table",
        "go back to {place}",
        "stop checking on everybody at night",
    ),
    props={
        "dead|dead_they|role": (
            "Joan|she|mother",
            "Harold|he|father",
            "Stevie|he|brother",
            "Lily|she|sister",
            "Nan Rose|she|grandmother",
            "Kwabena|he|father",
            "Michael|he|twin brother",
            "Halina|she|mother",
        ),
        "ally|ally_short": ALLIES,
        "issue|issue_began": (
            "death|in the spring after {dead} died",
            "death|when the house was sold",
            "death|six weeks after {dead}'s funeral",
            "death|at {dead}'s birthday, the first without {dead_them}",
        ),
        "thing": (
            "the telephone at seven",
            "the smell of the workshop",
            "the football results",
            "the recipe book",
            "{dead_their} handwriting",
        ),
        "place": ("the allotment", "the house", "the swimming baths", "the market", "the seafront"),
    },
    middle=(
        Beat(
            week=(
                "Low from {day}, when {thing} caught {them} unprepared.",
                "Busy for everybody; collapsed on {day}.",
                "Two hours on {day} in which it was forgotten; guilty after.",
            ),
            work=(
                "Put the date of the death beside the first bad week: nine days apart. {name} had kept "
                "going “for the others”.",
                "Told how the news came: at work, by telephone, in front of people. What {they} did with "
                "{their} face.",
                "Looked at what the family does with {dead}: no photographs, no name. Everybody protects "
                "everybody.",
            ),
            task=Task(
                agreed=(
                    "Say {dead}'s name once this week, to somebody of the family.",
                    "Bring something that was {dead_their} own.",
                ),
                done=(
                    "Said it at supper. After a silence everybody talked at once.",
                    "Brought a pocket knife and told its story.",
                ),
                partly=("Said it to the dog.", "Had it in the car."),
                not_done=("The moment did not come.", "Could not find anything small enough."),
            ),
            techniques=("grief_relate", "grief_events", "exploring"),
        ),
        Beat(
            week=(
                "Angry with {ally_short} over nothing on {day}; apologised the same day.",
                "Flat. Went through the motions, as {they} put it.",
                "Tears on {day} at {place}, in company, and it was all right.",
            ),
            work=(
                "{dead} and {name}: the favourite, or not the favourite? Went back to the summer of the "
                "quarrel. Not made up, "
                "only dropped.",
                "What {name} got from {dead}: patience, the laugh, the stubborn chin. What {they} did not "
                "get.",
                "The two pictures of {dead}, the one from the funeral and the real one. Worked on the real "
                "one.",
            ),
            task=Task(
                agreed=(
                    "Ask {ally_short} how {dead} was with other people.",
                    "Write the quarrel down as it was.",
                ),
                done=(
                    "{ally_short} told two stories that {name} did not know.",
                    "Wrote it down; it was shorter than {they} thought.",
                ),
                partly=("Asked; there was no time.", "Began with the weather of that day."),
                not_done=("Did not ask.", "Has not written it."),
            ),
            techniques=("grief_relationship", "grief_unsaid", "affect"),
        ),
        Beat(
            week=(
                "Slept. Dreamt of {place}.",
                "Lower around {day}, which was {dead}'s day for ringing.",
                "Went to {place} with {ally_short}, for ten minutes.",
            ),
            work=(
                "Things unsaid: mostly “thank you”, and one “how could you”. Said both to the empty chair, "
                "at {their} own wish.",
                "Guilt for having been on holiday. Set out what could have been known on that {day}, and "
                "what not.",
                "Stayed with the sadness for a good while without helping it along. {name} said it had "
                "edges.",
            ),
            task=Task(
                agreed=("Go to {place} and stay for half an hour.", "Choose a photograph and put it up."),
                done=("Stayed for an hour and planted something.", "It hangs in the hall."),
                partly=("Stayed for ten minutes.", "It stands behind the clock."),
                not_done=("It rained.", "The photograph is still in the drawer."),
            ),
            techniques=("grief_mourning", "grief_unsaid", "grief_mementos"),
        ),
        Beat(
            week=(
                "Took up something again on {day} that the two of them used to do together.",
                "More present at home, {ally_short} says.",
                "One bad night before {dead}'s birthday; the day itself was all right.",
            ),
            work=(
                "What comes back: {place}, {day} evenings, being the loud one. Went through what stands in "
                "the way of each.",
                "Planned the first Christmas: who sits in the chair. Nobody, and then perhaps the youngest.",
                "Looked at the checking at night. It began after the funeral; agreed how to do with one "
                "round, and then none.",
            ),
            task=Task(
                agreed=("One round at night, not three.", "Ring {ally_short} on {dead}'s day."),
                done=("One round a night, and on Sunday none.", "Rang; it has become a habit of two weeks."),
                partly=("Two rounds a night.", "Sent a message."),
                not_done=("Three rounds a night.", "Sat by the telephone."),
            ),
            techniques=("grief_interests", "grief_anniversaries", "network"),
        ),
    ),
)

STORIES: tuple[Story, ...] = (SPOUSE, FAMILY)
