"""What an alert's page states about the answer that raised it. It names no level of risk: what was said and done, no more."""

from dataclasses import dataclass

from outcomes.measures import BY_CODE
from outcomes.models import Alert


@dataclass(frozen=True)
class Answered:
    """`now` says what stands on the form since, where the answer was changed after the alert was raised."""

    measure: str
    item: int
    question: str
    value: int
    words: str
    now: str


def answered(alert: Alert) -> Answered:
    measure = BY_CODE[alert.response.measure]
    words = {option.value: option.label for option in measure.options}
    stands = alert.response.answers[alert.item - 1]
    now = "no answer" if stands is None else f"{stands}, {words[stands]}"
    return Answered(
        measure=measure.name,
        item=alert.item,
        question=measure.items[alert.item - 1],
        value=alert.value,
        words=words[alert.value],
        now="" if stands == alert.value else now,
    )
