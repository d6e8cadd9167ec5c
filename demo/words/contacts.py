"""Contacts outside sessions: calls, letters and messages with or about the clients, each written for one course.

Braces are as in `parts.py`; besides them {gp} is the client's general practitioner and {last} the client's surname."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Contact:
    """One contact. Where neither is said, it was some days after one of the course's sessions."""

    how: str
    with_whom: str
    said: str
    follows: str = ""
    who: str = ""
    risk_answer: str = ""
    risk: str = ""
    days_ago: int | None = None
    days_after: int | None = None  # so many working days after the last session; 0 on its heels
    hour: time = time(12, 20)
    # How many days after it was it signed; None for a draft.
    signed_after: int | None = 0
    # Why it was entered in error, where it was.
    struck: str = ""
    for_the_young: bool = False


LENA = (
    Contact(
        "letter",
        "gp",
        "Letter to {gp}, read through with {name} beforehand: sixteen sessions agreed, most of them held, the PHQ-9 down"
        " to about half. Asked for the dose to be left as it is until the follow-up.",
        "Copy to {name}. Ring the practice if nothing has come by the end of the month.",
        who="{gp}",
        days_ago=11,
        hour=time(16, 40),
    ),
)
MAYA = (
    Contact(
        "letter",
        "gp",
        "Wrote to {gp} as agreed with {name}: item 9 was marked in the first two weeks, passing thoughts and no plan, none"
        " since; the safety plan is enclosed. Asked to be told if {they} asked for anything to sleep.",
        "{gp} sees {them} next week.",
        who="{gp}",
        days_ago=33,
        hour=time(16, 30),
    ),
    Contact(
        "phone",
        "client",
        "Rang at ten past five from the car park, out of breath. The talk with {other}'s mother that we had rehearsed was last"
        " night: {name} said what {they} wanted, two evenings a week to themselves, and {other} stood beside {them}."
        " “I didn't shout and I didn't leave.” Wanted to tell somebody before it wore off.",
        "Begin with it next time: who said what, and what {other} did.",
        risk_answer="unchanged",
        risk="Asked: no thoughts of death since the second week.",
        days_ago=3,
        hour=time(17, 10),
    ),
)
OWEN = (
    Contact(
        "phone",
        "family",
        "{ally_short} rang the office and asked for me: worried, {name} does not pick up. I listened and said that I can"
        " neither say who comes here nor pass anything on. {ally_short} knew that, and wanted it heard all the same.",
        "Tell {name} that somebody rang who is fond of {them}, and ask whether we may talk another time.",
        who="{ally_short}",
        days_ago=5,
        hour=time(11, 10),
        signed_after=1,
    ),
    Contact(
        "message",
        "client",
        "Text at ten to nine: the sound broke off last week, {they} would rather come by telephone if it happens again."
        " Answered that we try the new link first",
        "",
        risk_answer="",
        days_ago=0,
        hour=time(8, 47),
        signed_after=None,
    ),
)
SAFIYA = (
    Contact(
        "email",
        "client",
        "Asks whether the hour may be moved in three weeks, because of an examination that morning. Offers the day after."
        " Nothing else in it. Answered that it is free, and nothing of the sessions in the mail.",
        "The office moves the appointment.",
        risk_answer="not_asked",
        risk="An email about the hour only. To be asked in the session.",
        days_ago=6,
        hour=time(9, 25),
        signed_after=2,
    ),
)
DANIEL = (
    Contact(
        "email",
        "professional",
        "The adviser for adult learners writes, with {name}'s signed consent: the evening course begins in the new year and a"
        " place is kept. Asks for no clinical detail, and got none.",
        "Bring the date to session 11: it falls into the weeks after our last.",
        who="Mr Ashcombe, adult learning",
        days_ago=4,
        hour=time(10, 50),
    ),
)
RUTH = (
    Contact(
        "phone",
        "client",
        "Rang the day after the session, as agreed. {They} had slept at {ally_short}'s and eaten breakfast. The night"
        " before the session had been the worst one; said it plainly and did not want to be hurried past it. We went"
        " through the safety plan line by line; the tablets are at {ally_short}'s.",
        "Next call on Monday at five. {They} rings the crisis line or {ally_short} before that if the nights get worse.",
        risk_answer="changed",
        risk="Item 9 was 2 on the day. Today: thoughts of not waking up on two nights, no plan, no intent. {ally_short}"
        " stays until the weekend.",
        days_after=1,
        hour=time(11, 40),
    ),
    Contact(
        "phone",
        "gp",
        "{gp}'s receptionist put me through after surgery. Told {gp} with {name}'s agreement that item 9 has gone up to 2"
        " and what is in place. {gp} sees {them} on Tuesday at 8:30 and looks at the sleeping tablets",
        "Write down what was agreed about the prescription.",
        who="{gp}",
        days_after=1,
        hour=time(16, 25),
        signed_after=None,
    ),
)
AMARA_PAUSED = (
    Contact(
        "letter",
        "client",
        "Wrote as agreed at the break: the place is kept until the new year, whom to ring meanwhile, and that a line by"
        " post is welcome too.",
        "If nothing has come by the 15th, ring in the evening.",
        risk_answer="not_asked",
        risk="A letter. Asked at the last session: none.",
        days_ago=17,
        hour=time(15, 30),
    ),
)
KIT = (
    Contact(
        "message",
        "client",
        "After the second missed session a text: “Thinking of you this morning. The hour stays yours. Ring or write, a"
        " word is enough.” Answer at night: a thumb, and “next week, promise”.",
        "Ring if the chair is empty at ten past.",
        risk_answer="not_asked",
        risk="By text only. To be asked as soon as we speak.",
        days_after=0,
        signed_after=1,
    ),
)
HANA = (
    Contact(
        "phone",
        "gp",
        "{gp} rang back. Sertraline goes up to 100 mg from Monday; the tremor is put down to the inhaler. {gp} had not"
        " known of the new post, and will see {them} in four weeks.",
        "Ask {name} how the first days on the new dose are.",
        who="{gp}",
        days_ago=12,
        hour=time(13, 5),
        signed_after=1,
    ),
)
ELIN_ALERT = (
    Contact(
        "phone",
        "emergency",
        "Rang the crisis team straight after the session, {name} beside me in the room and the first to speak. They ring"
        " {them} tonight at nine and tomorrow at ten, and come to the house if nobody answers.",
        "Ring {name} tomorrow at noon. Supervisor told at once.",
        who="Crisis team, duty nurse",
        risk_answer="changed",
        risk="Item 9 is 2 for the first time. Thoughts most evenings, a place in mind, no date; gave the car keys to"
        " {ally_short}.",
        days_after=0,
    ),
    Contact(
        "phone",
        "client",
        "Rang at noon as agreed. The crisis team had rung twice, and {ally_short} had slept on the sofa. {name}: “I was"
        " ashamed of the fuss, and then I slept.”",
        "The team rings daily until our next session.",
        risk_answer="unchanged",
        risk="As yesterday, and calmer. No intent today.",
        days_after=1,
        hour=time(12, 5),
    ),
)
ELIN_PAUSED = (
    Contact(
        "email",
        "client",
        "Writes that the weeks at home were longer than thought, and that {they} would like to go on in the new year."
        " Sleeps. Has seen {ally_short} twice.",
        "Offered the Tuesday hour from the second week of January.",
        risk_answer="not_asked",
        risk="An email. The line to ring stood in the answer.",
        days_ago=8,
        hour=time(14, 45),
        signed_after=3,
    ),
)
HOUSING = (
    Contact(
        "phone",
        "professional",
        "The housing office rang, consent is on file: the flat on the ground floor is {name}'s from the first of the month."
        " Asked me whether a letter from here would hurry the boiler. It would, and {name} had asked for one.",
        "Letter written and read aloud to {name} before it goes.",
        who="Ms Loxley, housing office",
        days_ago=7,
        hour=time(9, 40),
    ),
)
OVER_THE_ROOM = (
    Contact(
        "phone",
        "other",
        "The caretaker rang about the heating in Room 6 and the hours at which it may be mended.",
        "",
        who="the caretaker",
        days_ago=13,
        hour=time(11, 20),
        struck="A call about the room, typed into the record that was open. Nothing in it is about the client.",
    ),
)
ADOLESCENT = (
    Contact(
        "phone",
        "family",
        "{Their} mother rang: up since half past six all week and at school each day, “we hardly dare say it”. Asked what is"
        " said in the room. Said again what stays between {name} and me and what does not, as we had agreed with all three"
        " at the start; that was well taken.",
        "Joint quarter of an hour at session 8, if {name} still wants it.",
        who="Mrs {last}, the mother",
        days_ago=10,
        hour=time(16, 50),
    ),
    Contact(
        "email",
        "professional",
        "The head of year asks, with consent of {name} and the mother, whether the later start on Mondays should go on."
        " Answered: until the half-term, then a try without it.",
        "Ask {name} on the Monday after.",
        who="Ms Orde, head of year",
        days_ago=5,
        hour=time(15, 20),
    ),
)
DEV_MESSAGE = (
    Contact(
        "message",
        "client",
        "Text from the bus: stuck behind the bridge works, ten minutes late, “do not give my chair away”. Answered that nobody"
        " else is sitting in it.",
        "",
        risk_answer="not_asked",
        risk="A text message. Asked in the session that followed.",
        days_ago=17,
        hour=time(9, 15),
    ),
)
DEV_ALERT = (
    Contact(
        "phone",
        "gp",
        "Rang {gp} with {name}'s agreement after item 9 was marked. Passed on: thoughts without a plan, worse since the"
        " quarrel, safety plan made and a copy with {them}. {gp} offers an appointment the day after tomorrow.",
        "Joy told at once. Ring {name} tomorrow evening.",
        who="{gp}",
        risk_answer="changed",
        risk="Item 9 is 1 again after six weeks of nought. Passing thoughts, no plan.",
        days_after=0,
    ),
)
HOLLIS = (
    Contact(
        "phone",
        "client",
        "Rang to say that the bus had not come and {they} had walked back. Ten minutes on the telephone instead: the week"
        " was quiet, one evening out, home early. Wanted to know whether walking back counts as giving up.",
        "Take up the question in the session: what would have made it easy to come?",
        risk_answer="unchanged",
        risk="Asked: none.",
        days_ago=13,
        hour=time(10, 20),
    ),
)
CARA_FOLLOW_UP = (
    Contact(
        "letter",
        "client",
        "Invitation to the follow-up with the questionnaires enclosed, and three lines on what to do if the early signs come"
        " back before then.",
        "Ring in the week before.",
        risk_answer="not_asked",
        risk="A letter. Asked at the last session: none.",
        days_ago=13,
        hour=time(12, 45),
    ),
)

# For any course that has gone on for some weeks.
ANYBODY = (
    Contact(
        "phone",
        "client",
        "Rang between two sessions for the first time, and apologised for it twice. {ally_short} had cancelled, the evening"
        " was long. By the end {they} had thought of somebody else to ring.",
        "Note who that was: it is the first name from outside the family.",
        risk_answer="unchanged",
        risk="Asked: none.",
        hour=time(16, 45),
    ),
    Contact(
        "email",
        "client",
        "Sends the closeness circle, redrawn and photographed, with the words “this is what it looks like from the"
        " kitchen”. Thanked {them} and kept the rest for the hour.",
        "Print it, and lay both side by side.",
        risk_answer="not_asked",
        risk="An email without a word about mood. To be asked in the session.",
        hour=time(8, 50),
    ),
    Contact(
        "phone",
        "gp",
        "{gp} asks how it goes, the tablets being due. Said that mood and sleep are followed each week, and on which days"
        " {name} comes. No change before the review.",
        "",
        who="{gp}",
        hour=time(13, 15),
        signed_after=1,
    ),
    Contact(
        "letter",
        "gp",
        "Short letter to {gp} after the initial sessions: what the focus is, how many sessions are planned, whom to ring."
        " {name} has read it and struck out one sentence.",
        "A copy lies in the file.",
        who="{gp}",
        hour=time(17),
    ),
    Contact(
        "phone",
        "professional",
        "Occupational health rang with consent: three mornings a week from the first of the month, no lates. {name} had"
        " asked for exactly that.",
        "Ask how the first morning was.",
        who="Occupational health, Mrs Tolland",
        hour=time(10, 55),
    ),
    Contact(
        "message",
        "client",
        "“Did it. Will tell you.” Nothing more. Answered: “Looking forward to it.”",
        "",
        risk_answer="not_asked",
        risk="One line by text.",
        hour=time(18, 5),
    ),
    Contact(
        "phone",
        "family",
        "{ally_short} answered {name}'s telephone, by arrangement: held up in the dentist's chair, and late for the session"
        " today. Took the message and nothing else.",
        "",
        who="{ally_short}",
        hour=time(9, 10),
    ),
    Contact(
        "phone",
        "client",
        "Returned {their} call. The letter about the benefit has come and frightened {them}; read it to me. We sorted what"
        " must be answered this week from what need not.",
        "It goes to the advice centre on Friday.",
        risk_answer="unchanged",
        risk="Asked: frightened, no thoughts of death.",
        hour=time(15, 50),
        signed_after=1,
    ),
    Contact(
        "in_person",
        "client",
        "Met {them} in the corridor on the wrong day, an hour early for nothing. Sat down for five minutes, gave the date in"
        " writing, laughed about it together.",
        "",
        risk_answer="not_asked",
        risk="Five minutes in the corridor, with others passing.",
        hour=time(13, 55),
    ),
    Contact(
        "email",
        "professional",
        "The interpreter's agency asks whether the same person may come each time. Yes: {name} has got used to her, and had"
        " asked for just that.",
        "The office books until the end of the course.",
        who="Agency, bookings desk",
        hour=time(11, 35),
        signed_after=2,
    ),
    Contact(
        "phone",
        "family",
        "{Their} father rang about the fare and stayed on the line: are the exams a good idea this term? Said that this is"
        " {name}'s to bring, and that I would be glad if he asked {them} himself.",
        "Tell {name} of the call before anything else.",
        who="Mr {last}, the father",
        hour=time(16, 20),
        for_the_young=True,
    ),
    Contact(
        "letter",
        "professional",
        "Wrote to the memory clinic, who see {their} aunt, that {name} may be rung about the visits and may not be asked to"
        " take on more. {name} dictated half of it.",
        "",
        who="Memory clinic, Sister Harkaway",
        hour=time(14, 50),
    ),
)
