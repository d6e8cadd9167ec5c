"""Reading a page as a person does."""

import re
from html import unescape
from typing import Any


def words(page: Any) -> str:
    """The page's words, without tags and with single spaces."""
    text = re.sub(r"<(script|style).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def names(page: Any) -> list[str]:
    """Whom the table of a page lists, in order."""
    table = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [unescape(name) for name in re.findall(r'class="who" href="[^"]*">([^<]*)</a>', table)]


def spread(total: int, items: int = 9) -> list[int | None]:
    """Answers that add up to a total, with item 9 left at 0."""
    answers: list[int | None] = []
    for number in range(items):
        value = 0 if number == 8 else min(3, total)
        answers.append(value)
        total -= value
    return answers
