"""What is typed about a recording. What may be entered is said by the actions."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from access.forms import ActionForm, VersionedForm
from courses.contract_actions import standing_contract
from courses.models import Course
from sessions.models import TherapySession
from supervision.models import Recording
from supervision.recordings import proposed_deletion, recordable, what_it_says


def _day(label: str, *, required: bool = False, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _where() -> forms.CharField:
    return forms.CharField(
        label="Where it is kept",
        max_length=200,
        help_text="So that a colleague finds it: “clinic’s encrypted drive, folder 12”. Only the place: no recording is stored "
        "here.",
        error_messages={"required": "Say where the recording is kept."},
    )


class NewRecordingForm(ActionForm):
    """A recording of one of the sessions that were held."""

    session = forms.ChoiceField(
        label="Session",
        error_messages={
            "required": "Choose the session that was recorded.",
            "invalid_choice": "Choose a session that was held and is not in the log yet.",
        },
    )
    consent_on = _day("Consent given on", required=True, hint="As the contract says.")
    kept_where = _where()
    delete_by = _day("To be deleted by")
    submitted_on = _day("Given to be rated on", hint="Only once your supervisor has it.")

    def __init__(self, *args: Any, course: Course, chosen: str = "", days: int, **kwargs: Any) -> None:
        self.sessions = {str(each.pk): each for each in recordable(course)}
        contract = standing_contract(course)
        first = self.sessions.get(chosen)
        begun = {
            "session": chosen,
            "consent_on": contract.agreed_on if contract else None,
            "delete_by": proposed_deletion(first) if first else None,
        }
        super().__init__(*args, initial=begun, **kwargs)
        choices = [(key, _in_words(each)) for key, each in self.sessions.items()]
        cast(forms.ChoiceField, self.fields["session"]).choices = [("", "Choose a session"), *choices]
        self.fields["delete_by"].help_text = f"Left empty: {days} days after the session."

    def said(self) -> dict[str, Any]:
        """What the action asks for."""
        return {**self.cleaned_data, "session": self.sessions[self.cleaned_data["session"]]}


def _in_words(session: TherapySession) -> str:
    number = f"Session {session.number}" if session.number else session.get_kind_display()
    day = timezone.localtime(session.starts_at)
    return f"{number}, {day:%a} {day.day} {day:%b %Y}"


class RecordingForm(VersionedForm):
    """What becomes of a recording that is in the log."""

    kept_where = _where()
    delete_by = _day("To be deleted by", required=True)
    submitted_on = _day("Given to be rated on")
    withdrawn_on = _day(
        "Consent withdrawn on", hint="The recording is to be deleted then, whatever the day above says."
    )
    deleted_on = _day("Deleted on", hint="By you. The row stays in the log, and changes no more.")

    def __init__(self, *args: Any, recording: Recording, **kwargs: Any) -> None:
        kwargs |= {"shows": what_it_says(recording), "version": recording.version}
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """What the action asks for."""
        names = ("kept_where", "delete_by", "submitted_on", "withdrawn_on", "deleted_on")
        return {name: self.cleaned_data[name] for name in names}
