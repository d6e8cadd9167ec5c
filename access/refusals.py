"""What PostgreSQL refuses, in words that a person can read. Every action works inside `refused()`."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from psycopg2.errors import DeadlockDetected

AT_ONE_MOMENT = "Somebody else saved at the same moment. Nothing was saved: try again."
NOT_YOURS = "This is no longer yours to change. Nothing was saved."

# Refusals of triggers and of constraints that Django does not know.
_OTHERS = {
    "signed_note_is_final": "This session is signed: what is signed does not change.",
    "note_begins_as_draft": "A note begins as a draft.",
    "note_stays": "A note stays with its session and its author.",
    "alert_is_not_undone": "A closed alert stays closed.",
    "signal_is_not_undone": "A review that somebody has answered stays as it was answered.",
    "stays_as_written": "This stays as it was written, with the person who wrote it.",
    "trainees_sign_for_cosigning": "A trainee's note is signed for co-signing.",
    "addendum_by_the_author_or_the_lead": "Only its author or the clinical lead adds to a signed note.",
    "struck_out_stays": "This was entered in error. Nothing was changed.",
    "dated_when_made": "What is signed or decided is dated when it is made. Try again.",
    "struck_out_by_the_author": "Only its author or the clinical lead says that a note was entered in error.",
    "outcomes_alert_pkey": "This alert has been raised already.",
    "therapy_sessions_note_pkey": "This address belongs to another note. Open a new one.",
    "outcomes_response_pkey": "This page has been sent already, elsewhere. Open this page again.",
    "referrals_referral_form_key_key": "This page has been sent already, elsewhere. Open this page again.",
    "screened_first": "A clinician has not found this referral suitable yet: it is screened first.",
    "screened_already": "Only a referral that nobody has decided yet is given to somebody to be screened.",
    "suitability_by_a_clinician": "Whether IPT suits is a clinician’s to say, at the screening.",
    "lines_make_no_circle": "This line would make a circle: nobody is supervised by somebody whom they supervise.",
    "case_of_its_therapist": "This course is another therapist’s now: add it again.",
    "rating_of_who_held_it": "A session is rated for the therapist who held it, once it was attended.",
    "supervision_ratingform_pkey": "Somebody changed the form at the same moment. Nothing was saved: open it again.",
    "recording_of_a_held_session": "Only a session that was held, with the client there, was recorded.",
    "of_one_course": "This belongs to another course.",
    "client_is_not_merged": "This record was merged with another meanwhile. Nothing was saved.",
    "merging_waits_for_an_end": "Both have an open course: merging waits until one of the two has ended.",
    "merged_by_the_office": "Administrators and clinical leads merge records and part them.",
    "merge_stays": "These two can be parted no more: they have been already, or more than 30 days have passed.",
    "parted_in_turn": "The kept record was itself merged with another since. Part those two first.",
    "session_follows_the_client": "The session and its course are of two different clients.",
}


def sentence_for(constraint: str) -> str | None:
    """The sentence of a constraint by its name, None where nobody wrote one."""
    if constraint in _OTHERS:
        return _OTHERS[constraint]
    for model in apps.get_models():
        for known in model._meta.constraints:
            if known.name == constraint:
                message = known.violation_error_message
                if message != type(known).default_violation_error_message:
                    return str(message)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.unique and constraint.startswith(f"{model._meta.db_table}_{field.column}"):
                return str(field.error_messages["unique"]) % {
                    "model_name": model._meta.verbose_name,
                    "field_label": field.verbose_name,
                }
    return None


@contextmanager
def refused() -> Iterator[None]:
    """One transaction whose constraints, the deferred ones too, are checked at its end; a refusal that has a sentence
    becomes a ValidationError, raised after the transaction has been taken back. So does the refusal of a row policy: between
    the page's question and the act the course was handed over or has ended. So does a deadlock with somebody else's act."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        words = sentence_for(name) if name else None
        if words is None:
            raise
        raise ValidationError(words, code=name) from error
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise ValidationError(AT_ONE_MOMENT, code="at_one_moment") from error
    except ProgrammingError as error:
        if "row-level security policy" not in str(error):
            raise
        raise ValidationError(NOT_YOURS, code="not_yours") from error
