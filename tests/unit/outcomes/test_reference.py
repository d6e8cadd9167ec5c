"""The page that people read about the measures."""

from pathlib import Path

from outcomes.reference import measures_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "measures.md"


def test_the_reference_page_says_what_the_data_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == measures_page(), (
        "Lay it anew: python -m outcomes.reference > docs/reference/measures.md"
    )
