"""Shape and wording of what people enter in the funnel."""

from uuid import uuid4

from django import forms


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OnceForm(forms.Form):
    """A form with a key of its own, so that sending it twice does its work once."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=100)
