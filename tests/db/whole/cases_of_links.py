"""Links to questionnaires: made, sent for a session, withdrawn; each act done once and written down whole."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit.models import Event
from outcomes import links
from outcomes.models import Link
from sessions.links import send_for
from sessions.models import SessionLink
from staff.models import OutgoingMail
from tests.cast import Cast, link_for, session_of
from tests.db.whole.harness import Case
from tests.db.whole.registry import case_of


def asked(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "course": cast.course,
        "measures": ["phq9", "gad7"],
        "how": "hand",
        "at": timezone.now(),
        **changes,
    }


@case_of(links.make_link)
def a_link_in_the_place_of_another(cast: Cast) -> Case:
    link_for(cast.course, cast.tara)
    return Case(by=cast.tara, writes={Link: 1, Event: 1}, given=asked(cast, for_day=None))


@case_of(send_for)
def a_link_by_mail_for_a_session(cast: Cast) -> Case:
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(may_email=True, email="maya@example.org")
    session = session_of(cast.course, cast.tara, timezone.now() + timedelta(days=1))
    return Case(
        by=cast.ada,
        writes={Link: 1, SessionLink: 1, OutgoingMail: 1, Event: 1},
        given=asked(cast, how="mail", session=session),
    )


@case_of(links.withdraw_link)
def a_link_is_withdrawn(cast: Cast) -> Case:
    link, _ = link_for(cast.course, cast.tara)
    return Case(by=cast.tara, writes={Link: 0, Event: 1}, given={"link": link})
