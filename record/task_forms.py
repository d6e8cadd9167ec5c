"""What is typed about a task of a phase."""

from django import forms
from django.utils import timezone

from access.forms import ActionForm
from courses.models import TaskMark


class MarkForm(ActionForm):
    """One task: done on a day, not applicable with a reason, or open again."""

    task = forms.CharField(widget=forms.HiddenInput, max_length=40)
    state = forms.ChoiceField(
        choices=TaskMark.State.choices,
        widget=forms.HiddenInput,
        error_messages={"required": "Say whether it is done, does not apply, or is open again."},
    )
    done_on = forms.DateField(
        label="Done on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    reason = forms.CharField(
        label="Note, or why it does not apply",
        required=False,
        max_length=300,
        widget=forms.TextInput(),
    )
