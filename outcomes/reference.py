"""The reference page of the measures, written from the data itself.

`python -m outcomes.reference > docs/reference/measures.md` lays it anew; a test compares the two.
"""

from outcomes.measures import GOAL_SCALE, MEASURES, Measure

_OPENING = """\
# The measures

Written from `outcomes/measures.py`; how well each number was checked stands beside it there. What totals and
changes mean is in `outcomes/scoring.py`.

| Measure | About | Items | Total | Caseness from | Reliable change | Risk item |
|---|---|---|---|---|---|---|
"""


def measures_page() -> str:
    """The whole page in Markdown."""
    rows, sections = map(_row, MEASURES), map(_section, MEASURES)
    return _OPENING + "".join(rows) + "".join(sections) + _goals()


def _row(measure: Measure) -> str:
    cells = (
        measure.name,
        measure.about,
        len(measure.items),
        f"{measure.lowest_total} to {measure.highest_total}",
        measure.cut_off or "-",
        measure.reliable_change or "-",
        ", ".join(map(str, measure.risk_items)) or "-",
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def _section(measure: Measure) -> str:
    lines = [f"\n## {measure.name}\n", f"Source: {measure.source}.\n", f"Licence: {measure.licence}\n"]
    if not measure.has_exact_wording:
        lines.append("These are labels of the items, not their wording.\n")
    if measure.stem:
        lines.append(f"{measure.stem}\n")
    lines += [
        f"{number}. {item}{' (reversed)' if number in measure.reversed_items else ''}"
        for number, item in enumerate(measure.items, start=1)
    ]
    answers = "; ".join(
        str(option.value) if option.label == str(option.value) else f"{option.value} {option.label}"
        for option in measure.options
    )
    lines.append(f"\nAnswers: {answers}.")
    if measure.bands:
        bands = "; ".join(f"{band.low} to {band.high} {band.label}" for band in measure.bands)
        lines.append(f"\nBands: {bands}.")
    if measure.unscored:
        labels = "; ".join(f"{option.value} {option.label}" for option in measure.unscored.options)
        lines.append(f"\nAsked beside it and never added to the total: {measure.unscored.wording} {labels}.")
    if measure.may_miss:
        lines.append(
            f"\nWith {measure.may_miss} answer missing the total may be estimated, marked as an estimate."
        )
    if measure.adults_only:
        lines.append(f"\n{measure.adults_only}")
    return "\n".join(lines) + "\n"


def _goals() -> str:
    anchors = "; ".join(f"{anchor.value} {anchor.label}" for anchor in GOAL_SCALE.anchors)
    return (
        f"\n## Goals of the client's own\n\nSource: {GOAL_SCALE.source}.\n\nLicence: {GOAL_SCALE.licence}\n\n"
        f"{GOAL_SCALE.question}\n\nFrom {GOAL_SCALE.lowest} to {GOAL_SCALE.highest}: {anchors}.\n"
    )


if __name__ == "__main__":
    print(measures_page(), end="")
