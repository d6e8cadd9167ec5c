"""What a log line may hold of a client's link."""

import pytest

from ipt_clinic.logs import without_tokens

TOKEN = "Qm9yZWQtYnktdGVzdHMtYW5kLW5vdC1hLXNlY3JldA0"


@pytest.mark.parametrize("before", ["", " ", "\n", "<", '"', "'", "?", "#", "),", "; "])
def test_an_address_that_a_mail_program_broke_hides_its_token_too(before: str) -> None:
    assert without_tokens(f"Method Not Allowed (POST): /q/{before}{TOKEN}/").startswith(
        "Method Not Allowed (POST): /q/…"
    )
    assert TOKEN not in without_tokens(f"GET /q/{before}{TOKEN}/ HTTP/1.1")
