"""The pages under docs/reference say what the code does."""

from pathlib import Path

from ipt_clinic import reference
from staff import clinic_settings
from tests import access_page

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def test_the_page_of_settings_is_the_codes_own() -> None:
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == reference.page()


def test_every_variable_that_settings_read_has_its_sentence() -> None:
    assert set(reference.read_by_settings()) <= set(reference.WHAT)


def test_the_page_of_access_is_the_matrix() -> None:
    assert (DOCS / "access.md").read_text(encoding="utf-8") == access_page.page()


def test_the_page_of_the_clinics_settings_is_the_registry() -> None:
    assert (DOCS / "clinic-settings.md").read_text(encoding="utf-8") == clinic_settings.page()
