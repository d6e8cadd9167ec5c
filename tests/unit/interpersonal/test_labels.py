"""Names of the circles never collide: with few people, with many, all in one ring, all on one spot, with long names."""

import random
from itertools import combinations
from math import cos, hypot, pi, sin

import pytest

from interpersonal import circles
from interpersonal.drawing import (
    GHOST,
    LABEL,
    MARK,
    RADIUS,
    TOP,
    WIDTH,
    Drawing,
    Figure,
    _mark,
    _name_box,
    draw,
)
from interpersonal.labels import Box, Mark, Wanted, place_labels, shortened, width_of

NAMES = (
    "Tom",
    "Priya",
    "Mum",
    "Auntie Wilhelmina",
    "Dr O’Connor-Whitehouse",
    "祖母さん",
    "WWWWWWWWWWWWWWWWWW",
)
MIDDLE = Mark(WIDTH / 2, TOP + RADIUS, 21)


def people(count: int, how: str) -> list[Figure]:
    chance = random.Random(f"{count} {how}")
    found = []
    for number in range(count):
        angle, far = chance.random() * 2 * pi, chance.uniform(16, 95)
        if how == "one ring":
            far = 82
        if how == "one spot":
            angle, far = 0.8, 40
        if how == "edge":
            angle, far = chance.choice((0, pi / 2, pi, -pi / 2)) + chance.uniform(-0.1, 0.1), 95
        found.append(
            Figure(
                str(number),
                f"{chance.choice(NAMES)} {number}",
                chance.choice(("sister", "friend of the family since school", "manager")),
                far * cos(angle),
                far * sin(angle),
                then=(50, 50) if number % 4 == 0 else None,
            )
        )
    return found


def boxes(drawing: Drawing) -> list[Box]:
    """As the picture writes the words: wide enough for both lines, the name also at the size of a phone."""
    found = []
    for drawn in drawing.drawn:
        width = max(width_of(drawn.name, 17), width_of(drawn.second, 11.5))
        x, top = float(drawn.text_x), float(drawn.name_y) - 13
        left = {"start": x, "middle": x - width / 2, "end": x - width}[drawn.anchor]
        found.append(Box(left, top, left + width, top + LABEL))
    return found


@pytest.mark.parametrize("how", ["spread", "one ring", "one spot", "edge"])
@pytest.mark.parametrize("count", [1, 5, 15, 40])
def test_no_name_lies_on_another_on_a_mark_or_outside(count: int, how: str) -> None:
    figures = people(count, how)
    drawing = draw(figures, client="Maya")
    names = boxes(drawing)
    for one, other in combinations(names, 2):
        assert not one.overlaps(other)
    marks = [Mark(float(drawn.x), float(drawn.y), MARK - 0.2) for drawn in drawing.drawn]
    ghosts = [_mark(*figure.then, MIDDLE, GHOST - 0.2) for figure in figures if figure.then]
    rings = [_name_box(ring, MIDDLE) for ring in circles.RINGS]
    for name in names:
        assert not any(name.overlaps(mark.box) for mark in [*marks, *ghosts, MIDDLE])
        assert not any(name.overlaps(ring) for ring in rings)
        assert name.within(Box(0, 0, float(drawing.width), float(drawing.height)))


@pytest.mark.parametrize("count", [5, 15, 40])
def test_a_name_that_stands_apart_has_a_line_from_its_mark(count: int) -> None:
    drawing = draw(people(count, "one spot"), client="Maya")
    apart = [drawn for drawn in drawing.drawn if drawn.leader]
    assert apart
    for drawn, box in zip(drawing.drawn, boxes(drawing), strict=True):
        x, y = float(drawn.x), float(drawn.y)
        near = hypot(max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom))
        assert drawn.leader or near < 2 * MARK
        if drawn.leader:
            from_x, from_y, to_x, to_y = map(float, drawn.leader)
            assert hypot(from_x - x, from_y - y) == pytest.approx(MARK, abs=0.2)
            assert box.left - 0.2 <= to_x <= box.right + 0.2
            assert box.top - 0.2 <= to_y <= box.bottom + 0.2


def test_few_people_far_from_each_other_need_no_lines() -> None:
    places = ((0, -80), (80, 0), (0, 80), (-80, 0), (30, 20))
    figures = [Figure(str(n), "Priya", "friend", x, y) for n, (x, y) in enumerate(places)]
    assert not any(drawn.leader for drawn in draw(figures, client="Maya").drawn)


def test_who_is_not_placed_stands_in_a_tray_under_the_circles() -> None:
    drawing = draw(
        [Figure("a", "Tom", "partner", None, None), Figure("b", "Joan", "sister", 0, -50)], client="M"
    )
    by_key = {drawn.figure.key: drawn for drawn in drawing.drawn}
    assert drawing.tray_y
    assert float(by_key["a"].y) > float(drawing.tray_y)
    assert float(by_key["b"].y) < float(drawing.tray_y)
    assert by_key["a"].figure.said == "Tom, partner: not placed yet"
    assert by_key["b"].figure.said == "Joan, sister: friends and family, up"


def test_forty_people_in_the_tray_do_not_collide_either() -> None:
    drawing = draw(
        [Figure(str(n), NAMES[n % 7], "friend of mine", None, None) for n in range(40)], client="M"
    )
    for one, other in combinations(boxes(drawing), 2):
        assert not one.overlaps(other)
    assert float(drawing.drawn[-1].y) < float(drawing.height)


def test_what_dashes_say_stands_there_in_words_too() -> None:
    died = Figure("a", "Mum", "mother", 10, 40, died="died 2019")
    dispute = Figure("b", "Tom", "partner", 20, 0, in_dispute=True)
    assert (died.second, died.look) == ("died 2019", "is-died")
    assert (dispute.second, dispute.look) == ("partner, in dispute", "is-dispute")
    assert died.said == "Mum, died 2019, mother: friends and family, down"


def test_an_arrow_leads_from_where_somebody_stood() -> None:
    closer = Figure("a", "Priya", "friend", -40, 10, then=(-80, 20))
    still = Figure("b", "Tom", "partner", 30, 0, then=(31, 1))
    drawn = {each.figure.key: each for each in draw([closer, still], client="Maya").drawn}
    assert drawn["b"].arrow is None
    arrow = drawn["a"].arrow
    assert arrow is not None
    assert arrow.kind == "closer"
    assert float(arrow.line[0]) == pytest.approx(WIDTH / 2 - 80 * 2.22)


def test_the_words_are_rather_too_wide_than_too_narrow() -> None:
    assert width_of("祖母", 10) >= 20
    assert width_of("WWW", 10) >= 28
    assert width_of("é", 10) == width_of("e", 10)
    assert shortened("Wilhelmina", 6) == "Wilhe..."


def test_labels_come_back_in_the_order_in_which_they_were_wanted() -> None:
    wanted = [Wanted(Mark(50 + 100 * n, 50, 5), 30, 20) for n in range(3)]
    labels, _ = place_labels(
        wanted, marks=[one.mark for one in wanted], blocked=[], frame=Box(0, 0, 400, 200)
    )
    assert [label.box.left for label in labels] == [35, 135, 235]
