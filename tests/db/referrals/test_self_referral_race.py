"""Two posts of one form in the same moment are one referral."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from clients.models import Client
from outcomes.models import Alert
from referrals.models import Referral, ReferralWords
from tests.cast import Cast, system_person
from tests.db.referrals.test_self_referral import typed
from tests.roles import as_owner


@pytest.mark.parametrize("keys", [(1, 1), (1, 2)], ids=["the same form", "two forms of one person"])
def test_of_two_posts_at_once_one_referral_is_made(transactional_db: None, keys: tuple[int, int]) -> None:
    cache.clear()
    with as_owner():
        system_person()
        Cast()
    together = Barrier(2)
    answers: list[Any] = [None, None]

    def perform(place: int, key: int) -> None:
        try:
            browser = Browser()
            browser.get("/refer/")  # the connection is there
            together.wait(timeout=30)
            answers[place] = browser.post("/refer/form/", typed(key, thoughts_of_harm="on")).status_code
        finally:
            connection.close()

    threads = [Thread(target=perform, args=each) for each in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [302, 302]
    with as_owner():
        assert Referral.objects.count() == Client.objects.filter(last_name="Jabari").count() == 1
        assert ReferralWords.objects.count() == Alert.objects.count() == len(set(keys))
