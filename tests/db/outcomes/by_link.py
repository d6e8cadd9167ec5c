"""A client's browser at a link, for the tests of it. Maya of the cast was born on 17 May 1990."""

import re
from datetime import date
from typing import Any

from django.test import Client as Browser

from tests.browsing import form_with

BORN = date(1990, 5, 17)


class Phone:
    """Follows no redirect by itself: each test says what it expects."""

    def __init__(self) -> None:
        self.browser = Browser()

    def get(self, address: str, **headers: Any) -> Any:
        return self.browser.get(address, **headers)

    def open(self, token: str) -> Any:
        return self.browser.get(f"/q/{token}/")

    def confirm(self, born: date | None = BORN, **typed: str) -> Any:
        page = self.get("/q/").content.decode()
        values: dict[str, Any] = {**form_with(page, "day")}
        if born:
            values |= {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
        return self.browser.post("/q/", {**values, **typed})

    def enter(self, token: str) -> None:
        assert self.open(token).headers["Location"] == "/q/"
        assert self.confirm().headers["Location"] == "/q/"

    def answer(self, number: int, value: object, **changed: object) -> Any:
        page = self.get(f"/q/{number}/")
        assert page.status_code == 200, (number, page.status_code, page.headers)
        values: dict[str, Any] = {
            **form_with(page.content.decode(), "question"),
            "answer": value,
            "go": "next",
        }
        return self.browser.post(f"/q/{number}/", {**values, **changed})

    def leave_out(self, number: int) -> Any:
        return self.answer(number, "", go="leave_out")

    def answer_all(self, values: list[int], first: int = 1) -> Any:
        answer = None
        for number, value in enumerate(values, first):
            answer = self.answer(number, value)
        return answer

    def finish(self) -> Any:
        page = self.get("/q/review/").content.decode()
        return self.browser.post("/q/review/", form_with(page, "visit"))


def words_of(page: Any) -> str:
    """What a person reads on it."""
    text = re.sub(r"<(script|style|title)\b.*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
