"""In which words a questionnaire is asked: its own, or those that this clinic holds a licence for. Old responses are shown in
the words that they were answered with."""

from dataclasses import dataclass

from outcomes.measures import BY_CODE, Measure, Option
from outcomes.models import ClinicWording


@dataclass(frozen=True)
class Words:
    """One version of a questionnaire as a page prints it. `is_exact` is False where only the names of its parts stand."""

    measure: Measure
    version: str
    stem: str
    items: tuple[str, ...]
    options: tuple[Option, ...]
    licence: str
    is_exact: bool
    is_the_clinics: bool = False

    def label(self, value: int) -> str:
        """An answer in words, with its value before it where the words are not the value."""
        words = next(option.label for option in self.options if option.value == value)
        return words if words == str(value) else f"{value}, {words}"


def words_of(measure: Measure, version: str = "") -> Words | None:
    """As it is asked now, or as that version asks it; None where there is no such version."""
    if measure.has_exact_wording or version == measure.version:
        return _own(measure) if version in ("", measure.version) else None
    rows = ClinicWording.objects.filter(measure=measure.code).order_by("-number")
    if not version:
        newest = rows.first()
        return _clinics(measure, newest) if newest else _own(measure)
    return next((_clinics(measure, row) for row in rows if row.version == version), None)


def words_when_answered(code: str, version: str) -> Words:
    """In the words that a response was answered with; in the measure's own where these are not kept any more."""
    measure = BY_CODE[code]
    return words_of(measure, version) or _own(measure)


def _own(measure: Measure) -> Words:
    return Words(
        measure=measure,
        version=measure.version,
        stem=measure.stem,
        items=measure.items,
        options=measure.options,
        licence=measure.licence,
        is_exact=measure.has_exact_wording,
    )


def _clinics(measure: Measure, row: ClinicWording) -> Words:
    labelled = zip(measure.options, row.labels, strict=True)
    return Words(
        measure=measure,
        version=row.version,
        stem=row.stem,
        items=tuple(row.items),
        options=tuple(Option(option.value, label or option.label) for option, label in labelled),
        licence=row.licence,
        is_exact=True,
        is_the_clinics=True,
    )
