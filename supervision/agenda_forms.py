"""What is typed about the agenda and about an action."""

from typing import Any

from django import forms

from access.forms import ActionForm, EditForm, VersionedForm
from courses.action_actions import owners_of, shown_of
from courses.models import CourseAction
from supervision.models import AgendaItem


class ProposeForm(ActionForm):
    """A question for supervision; it may stay empty."""

    question = forms.CharField(
        label="Question for supervision",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you want to look at together. It may stay empty.",
    )


class ItemForm(VersionedForm, ProposeForm):
    """The question of an item that is on the agenda."""

    @classmethod
    def of(cls, item: AgendaItem, data: Any = None) -> "ItemForm":
        return cls(data, shows={"question": item.question}, version=item.version)


class CloseForm(ActionForm):
    """What came of an action."""

    words = forms.CharField(
        label="What came of it",
        required=False,
        max_length=300,
        widget=forms.TextInput(),
        help_text="Needed where it is dropped: why.",
    )


class ActionChangeForm(EditForm):
    """Another day or owner."""

    due_on = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    owner = forms.ChoiceField(label="Who does it")

    @classmethod
    def of(cls, action: CourseAction, data: Any = None) -> "ActionChangeForm":
        form = cls(data, shows=shown_of(action))
        people = {one.pk: one for one in (*owners_of(action.course), action.owner)}
        form.fields["owner"].choices = [(str(key), one.full_name) for key, one in people.items()]  # type: ignore[attr-defined]  # a field of choices
        form.people = people
        return form

    people: dict[Any, Any]
