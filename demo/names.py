"""Invented clients: names, contact facts and needs. Telephone numbers are from Ofcom's range for drama; NHS numbers from the
range 999, which is never given to anybody. Any likeness to a person is chance."""

from dataclasses import dataclass
from datetime import date, timedelta

from clients.nhs_number import cleaned
from demo.chance import Chance, Deck


def _listed(words: str, *, between: str = " ") -> tuple[str, ...]:
    return tuple(words.split(between))


SHE = _listed(
    "Aisha Alison Amina Anneka Beatriz Bethan Bronwen Catriona Charlotte Chloe Deborah Dilys Eilidh Eleanor Emily Esther "
    "Fatima Fiona Freya Gemma Hannah Harriet Heather Imogen Ingrid Isla Jasmine Jean Jodie Karen Katya Keeley Laura Leanne "
    "Louise Lucia Magda Mairead Marjorie Megan Mina Miriam Naomi Nerys Nicola Olivia Patience Paula Pauline Rachel Rebecca "
    "Roisin Rosalind Ruby Sally Shabnam Sian Sophie Susan Tamsin Tanya Thandi Tracey Ursula Vera Victoria Yasmin Zainab Zoe"
)
HE = _listed(
    "Aaron Adrian Alasdair Andrew Anthony Arjun Barry Bilal Brian Callum Carl Colin Connor Craig Darren David Dominic Duncan "
    "Edward Emmanuel Euan Femi Gavin George Giles Graham Hamish Haroon Hugh Ibrahim Ian Jamie Jerome Joel Keith Kieran Kwame "
    "Lewis Liam Luke Marcus Martin Mohammed Nathan Neil Nigel Oliver Patrick Peter Philip Rajesh Rhys Robert Rory Samuel "
    "Sanjay Scott Simon Stephen Stuart Tariq Terence Thomas Tobias Vikram Wesley William Yusuf"
)
THEY = _listed("Alex Ash Charlie Ellis Frankie Jules Morgan Quinn River Robin Rowan Sasha Sky Taylor")
SURNAMES = _listed(
    "Abbott Achebe Ainsworth Akhtar Aldridge Allardyce Amadi Appleby Ashdown Atherton Bagshaw Bainbridge Balogun Bannister "
    "Barlow Beckford Begum Bellamy Birchall Blackwood Boateng Bradbury Brennan Broadbent Buckley Burnham Calloway Carmichael "
    "Cartwright Chaudhry Cheung Clayton Colclough Corrigan Cosgrove Crowther Cullen Danso Davenport Delaney Desai Devlin "
    "Dhillon Dimitrov Dixon Drummond Dunmore Eastwood Eccles Edgeworth Ekwueme Ellerby Emsworth Fairclough Farrow Faulkner "
    "Fenwick Ferreira Finnegan Forsyth Gallagher Garside Ghosh Gilchrist Goldsmith Gorman Greenhalgh Grimshaw Gupta Haigh "
    "Halloran Hargreaves Harwood Hathaway Heywood Hinchliffe Holroyd Horsfall Hussain Iqbal Ishmael Jagger Jankowski Jephson "
    "Kapoor Kavanagh Kearney Kershaw Khatun Kilbride Kowalczyk Lattimer Laverty Lockwood Lomax Lungu Macaulay Mahmood "
    "Maitland Marchetti Mcallister Mensah Metcalfe Middleton Mistry Moynihan Mukherjee Naidoo Naylor Nettleton Nowicki "
    "Oakley Obi Ogden Okonkwo Oldroyd Ormerod Pargeter Parveen Pemberton Penhaligon Petrov Pickersgill Quigley Quinlan "
    "Radcliffe Rafferty Ramsbottom Redfern Rigby Rosewarne Rothwell Sadiq Salcombe Santos Satterthwaite Scholes Shackleton "
    "Sharma Shepherd Siddiqui Simmonds Skelton Stancliffe Sutcliffe Swann Tattersall Tennant Thackeray Thornley Tregenza "
    "Trelawney Tunstall Uddin Underhill Vance Varley Venkatesan Wadsworth Wainwright Warburton Weatherby Whitaker Wojcik "
    "Woolley Wrigley Yardley Yeboah Zielinska"
)
STREETS = _listed(
    "Alma Road, Bridge Street, Canal Walk, Chapel Lane, Cobden Street, Coronation Terrace, Dyer's Row, Elm Grove, Ferry Lane, "
    "Foundry Close, Granville Road, Hawthorn Avenue, Institute Street, Jubilee Crescent, Kiln Lane, Larch Close, Mafeking "
    "Road, Mill Bank, North Parade, Orchard Way, Park View, Quarry Hill, Ropery Street, School Lane, Station Road, Tannery "
    "Court, Union Street, Vicarage Road, Weavers Fold, Wharf Street",
    between=", ",
)
TOWNS = (
    ("Netherby", "NB1"),
    ("Calderwick", "NB2"),
    ("Harrowdale", "NB4"),
    ("Stonebridge", "NB6"),
    ("Lower Marling", "NB9"),
)
PRACTICES = (
    ("Dr Hale", "Newton Road Surgery"),
    ("Dr Banerjee", "Newton Road Surgery"),
    ("Dr Sutherland", "The Old Bank Practice"),
    ("Dr Ezeh", "Calderwick Health Centre"),
    ("Dr Pryce", "Calderwick Health Centre"),
    ("Dr Whitlock", "Harrowdale Medical Group"),
    ("Dr Mistry", "St Anne's Surgery"),
    ("Dr Connolly", "Marling Road Practice"),
)
LANGUAGES = ("Arabic", "Polish", "Urdu", "British Sign Language", "Portuguese", "Bengali")
NOT_TO_BE_TOLD = (
    "Her husband: he must not learn that she comes here. Ring only on weekday mornings.",
    "His employer. Letters home are fine.",
    "Her parents. Do not leave a message on the landline.",
    "Their ex-partner, who still answers the old number.",
    "His brother, who shares the flat and opens the post.",
    "Her daughter's school.",
    "Their mother, who rings the practice for them.",
)
OTHER_NEEDS = (
    "Hard of hearing: sit on the right-hand side.",
    "Prefers a woman therapist.",
    "Letters in large print.",
    "Brings an assistance dog.",
    "Not on Fridays.",
    "Late afternoons only, because of shifts.",
    "Dyslexia: read the questionnaires aloud.",
    "Breastfeeding: a room with a door that can be shut.",
)


@dataclass
class Somebody:
    """Who a client is, before there is a row."""

    first: str
    last: str
    pronouns: str
    born: date
    preferred: str = ""
    number: str = ""

    @property
    def called(self) -> str:
        return self.preferred or self.first


# Pairs that a receptionist could mistake for one another; the mockups' Maya has one too.
TWINS = (
    ("Mia", "Fielding", "she/her"),
    ("Owain", "Pritchard", "he/him"),
    ("Katherine", "Morton", "she/her"),
    ("Catherine", "Morton", "she/her"),
    ("Steven", "Barker", "he/him"),
    ("Stephen", "Barker", "he/him"),
)


class Register:
    """Invents one client after the other; no two share a surname, except where a pair was meant."""

    def __init__(self, chance: Chance, today: date) -> None:
        self._chance = chance
        self._today = today
        self._surnames = Deck(SURNAMES, chance)
        self._firsts = {
            "she/her": Deck(SHE, chance),
            "he/him": Deck(HE, chance),
            "they/them": Deck(THEY, chance),
        }
        self._twins = list(TWINS)
        self._nhs = 0

    def somebody(self, *, youngest: int = 18, oldest: int = 78) -> Somebody:
        draw = self._chance.random()
        pronouns = "she/her" if draw < 0.58 else "he/him" if draw < 0.95 else "they/them"
        first, last = self._firsts[pronouns].next(), self._surnames.next()
        return Somebody(first, last, pronouns, self._born(youngest, oldest))

    def twin(self) -> Somebody | None:
        """The next of those with a name like another's, while there are any."""
        if not self._twins:
            return None
        first, last, pronouns = self._twins.pop(0)
        return Somebody(first, last, pronouns, self._born(24, 61))

    def born_at(self, age: int) -> date:
        """A birthday that makes somebody this old today."""
        return self._today - timedelta(days=int(age * 365.25) + self._chance.between(2, 360))

    def born_on(self, age: int, month: int, day: int) -> date:
        """The year in which somebody with that birthday was born, who is so old today."""
        had_it = (self._today.month, self._today.day) >= (month, day)
        return date(self._today.year - age - (not had_it), month, day)

    def _born(self, youngest: int, oldest: int) -> date:
        # Two draws: most clients are between 25 and 50.
        age = min(self._chance.between(youngest, oldest), self._chance.between(youngest, oldest))
        return self._today - timedelta(days=int(age * 365.25) + self._chance.between(1, 364))

    def contact(self, person: Somebody) -> dict[str, object]:
        """How this client may be reached and what they need. Every 20th or so must be kept from somebody."""
        chance = self._chance
        town, code = chance.one_of(TOWNS)
        gp, practice = chance.one_of(PRACTICES)
        house, street = chance.between(1, 180), chance.one_of(STREETS)
        secret = chance.happens(0.07)
        facts: dict[str, object] = {
            "phone": f"07700 900{chance.between(0, 999):03d}",
            "email": f"{person.first}.{person.last}@mail.example".lower() if chance.happens(0.8) else "",
            "address": f"{house} {street}\n{town}",
            "postcode": f"{code} {chance.between(1, 9)}{chance.one_of('ABDEFGHJLN')}{chance.one_of('PQRSTUWXYZ')}",
            "may_email": chance.happens(0.7) and not secret,
            "may_leave_message": chance.happens(0.75) and not secret,
            "may_write_home": chance.happens(0.8) and not secret,
            "must_not_be_told": self._secret(person) if secret else "",
            "gp_name": gp,
            "gp_practice": practice,
            "interpreter": chance.one_of(LANGUAGES) if chance.happens(0.06) else "",
            "needs_step_free": chance.happens(0.08),
            "other_needs": chance.one_of(OTHER_NEEDS) if chance.happens(0.12) else "",
            "nhs_number": self._nhs_number() if chance.happens(0.9) else None,
        }
        if chance.happens(0.85):
            name = self._firsts["she/her" if chance.happens(0.5) else "he/him"].next()
            facts |= {
                "emergency_name": f"{name} {person.last}" if chance.happens(0.5) else name,
                "emergency_relation": _relation(name, chance),
                "emergency_phone": f"07700 900{chance.between(0, 999):03d}",
            }
        return facts

    def _secret(self, person: Somebody) -> str:
        word = {"she": "Her", "he": "His", "the": "Their"}[person.pronouns[:3].rstrip("/")]
        return self._chance.one_of(
            [text for text in NOT_TO_BE_TOLD if text.startswith(word)] or NOT_TO_BE_TOLD
        )

    def _nhs_number(self) -> str:
        while True:
            self._nhs += 1
            nine = f"999{self._chance.between(0, 9)}{self._nhs * 37 % 100000:05d}"
            for check in "0123456789":
                try:
                    return cleaned(nine + check)
                except ValueError:
                    continue


def _relation(name: str, chance: Chance) -> str:
    women = ("mother", "sister", "wife", "daughter", "friend", "partner")
    men = ("father", "brother", "husband", "son", "friend", "partner")
    return chance.one_of(women if name in SHE else men)
