"""Choices as the clinic draws them: real radio buttons and check boxes, so that the keyboard and screen readers know them."""

from django import forms


class Segments(forms.RadioSelect):
    """One of a few short choices, side by side."""

    template_name = "ui/widgets/segments.html"


class Chips(forms.CheckboxSelectMultiple):
    """Any of several short choices, as chips that stay pressed."""

    template_name = "ui/widgets/chips.html"
