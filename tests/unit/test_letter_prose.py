"""What a letter proposes to say: plain words to the client, the measures to the GP, and nobody's name. Written by hand."""

from dataclasses import replace
from datetime import date

import pytest

from sessions.letter_names import Other, named_in
from sessions.letter_parts import PARTS
from sessions.letter_prose import Material, Scored, proposed

TOM, ANA = Other("Tom", "partner"), Other("Ana", "sister")
MATERIAL = Material(
    called="Maya",
    full_name="Maya Linley",
    referred_on=date(2026, 7, 3),
    source="A1",
    problem="Low since Tom moved out.",
    planned=16,
    held=16,
    first_session=date(2026, 8, 4),
    last_session=date(2026, 11, 24),
    foci=[("conflict", "with Tom (partner)")],
    formulation="I stopped saying what I want when Tom shouted.",
    scores=[
        Scored("phq9", 20, date(2026, 8, 4), 7, date(2026, 11, 24)),
        Scored("gad7", 14, date(2026, 8, 4), 5, date(2026, 11, 24)),
    ],
    goals=[("Tell Tom what I need", [2, 5, 8])],
    ending={
        "what_changed": "Evenings with Tom are calm.",
        "skills": "Asks Ana for help.",
        "early_signs": "Not answering Ana.",
        "what_to_do": "Ring Ana the same day.",
        "supports": "Ana, and the choir.",
        "how_to_return": "Ring the clinic within a year.",
        "unresolved": "",
    },
    techniques=["Communication analysis", "Role play"],
    others=[TOM, ANA],
)


@pytest.mark.parametrize("to", ["client", "gp"])
@pytest.mark.parametrize("about", ["assessment", "ending"])
def test_nobody_of_the_inventory_is_named(about: str, to: str) -> None:
    for text in proposed(MATERIAL, about=about, to=to).values():
        assert named_in(text, [TOM, ANA]) == []


def test_the_ending_letter_to_the_client() -> None:
    said = proposed(MATERIAL, about="ending", to="client")
    assert said["reason"] == "You were referred to us by your GP on 3 July 2026."
    assert said["focus"] == (
        "Together we chose to work on a conflict with somebody who matters to you (with your partner).\n"
        "In your own words: “I stopped saying what I want when my partner shouted.”"
    )
    assert said["worked"].startswith("We met 16 times between 4 August 2026 and 24 November 2026.")
    assert said["symptoms"] == (
        "Low mood: your answers came to 20 of 27 at the beginning (severe) and to 7 at the end (mild).\n"
        "Worry and anxiety: your answers came to 14 of 21 at the beginning (moderate) and to 5 at the end (mild).\n"
        "That is a clear change for the better, more than chance would explain, and you are in the range of most people now."
    )
    assert said["goals"] == (
        "This is what you wanted to be different, and how near you felt to it from 0 to 10:\n"
        "• “Tell my partner what I need”: 2 at first, 8 at the last rating"
    )
    assert said["changed"] == (
        "Evenings with your partner are calm.\nWhat you can do now: Asks your sister for help."
    )
    assert said["signs"] == ("Not answering your sister.\nWhat to do then: Ring your sister the same day.")
    assert said["supports"] == "Your sister, and the choir."
    assert said["returning"] == "Ring the clinic within a year."
    assert said["findings"] == said["recommendations"] == ""


def test_a_letter_to_the_client_names_no_questionnaire_and_no_code() -> None:
    for about in ("assessment", "ending"):
        whole = " ".join(proposed(MATERIAL, about=about, to="client").values())
        for jargon in ("PHQ", "GAD", "caseness", "reliable", "IPT", "role dispute", "A1"):
            assert jargon not in whole


def test_the_ending_letter_to_the_gp() -> None:
    said = proposed(MATERIAL, about="ending", to="gp")
    assert said["reason"] == (
        "Thank you for the referral of Maya Linley, which we received on 3 July 2026.\n"
        "The difficulty as it was put then: “Low since their partner moved out.”"
    )
    assert said["focus"].startswith(
        "The focus agreed with Maya is interpersonal role dispute (with their partner)."
    )
    assert said["worked"] == (
        "Maya attended 16 of 16 planned sessions of interpersonal psychotherapy (IPT) between 4 August 2026 and 24 November"
        " 2026.\nThe work included communication analysis and role play."
    )
    assert said["symptoms"] == (
        "PHQ-9: 20 of 27 (severe) on 4 August 2026, 7 of 27 (mild) on 24 November 2026.\n"
        "GAD-7: 14 of 21 (moderate) on 4 August 2026, 5 of 21 (mild) on 24 November 2026.\n"
        "Outcome by the rules of NHS Talking Therapies: reliable recovery."
    )


def test_the_assessment_letter_says_what_was_found_in_plain_words() -> None:
    said = proposed(MATERIAL, about="assessment", to="client")
    assert said["findings"] == (
        "What you told us, and your answers at the beginning, spoke of severe depression and moderate anxiety. That is an"
        " illness and nobody’s fault, it is common, and it can be treated."
    )
    assert said["goals"] == "This is what you want to be different:\n• “Tell my partner what I need”"
    assert said["recommendations"].startswith("We have planned 16 sessions of interpersonal psychotherapy.")
    assert said["symptoms"] == said["worked"] == said["signs"] == ""


def test_where_it_has_not_helped_the_treatment_failed_and_not_the_client() -> None:
    scores = [Scored("phq9", 20, date(2026, 8, 4), 19, date(2026, 11, 24))]
    to_client = proposed(replace(MATERIAL, scores=scores), about="ending", to="client")
    assert "That is a failure of this treatment and not of you." in to_client["symptoms"]
    to_gp = proposed(replace(MATERIAL, scores=scores), about="ending", to="gp")
    assert "what else may help" in to_gp["recommendations"]


def test_who_referred_themself_is_quoted_as_they_wrote() -> None:
    own = replace(MATERIAL, source="B1", problem="I cry when Tom is out.")
    assert proposed(own, about="ending", to="client")["reason"] == (
        "You asked us for help on 3 July 2026.\nAs you put it then: “I cry when my partner is out.”"
    )


def test_whom_the_focus_is_about_is_said_to_the_client_themself() -> None:
    hers = replace(
        MATERIAL, foci=[("grief", "the death of her mother"), ("conflict", "with his other children")]
    )
    assert proposed(hers, about="ending", to="client")["focus"].startswith(
        "Together we chose to work on the death of somebody close to you (the death of your mother) and on a conflict with"
        " somebody who matters to you (with your other children)."
    )


def test_an_empty_record_proposes_no_sentence_about_what_is_not_known() -> None:
    bare = Material(called="Maya", full_name="Maya Linley", referred_on=date(2026, 7, 3))
    for to in ("client", "gp"):
        said = proposed(bare, about="ending", to=to)
        assert {code for code, text in said.items() if text} == {"reason"}
        assert set(said) == {part.code for part in PARTS}
