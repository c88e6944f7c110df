"""Shape and wording of what people enter about onboarding and training."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.care.steps import MOST_DAYS
from funnel.models import ContentKind, Doer, OnboardingStep


class StepForm(forms.Form):
    """An onboarding step."""

    name = forms.CharField(label=_("What is done"), max_length=120)
    hint = forms.CharField(
        label=_("How it is done"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("So that two colleagues would tick it off in the same moment."),
    )
    due_days = forms.IntegerField(
        label=_("Due, in days after the first purchase"), min_value=0, max_value=MOST_DAYS
    )
    doer = forms.ChoiceField(label=_("Who does it"), choices=Doer)


def step_values(step: OnboardingStep) -> dict[str, Any]:
    """What stands in the form of a step that is there."""
    return {name: getattr(step, name) for name in ("name", "hint", "due_days", "doer")}


class ContentForm(forms.Form):
    """Something to learn from: at an address, or a file."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContentKind)
    address = forms.CharField(
        label=_("Address on the web"),
        max_length=2_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("For example https://example.com/first-steps. Empty when it is a file."),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("Up to 25 MB; customers download it.")
    )
    minutes = forms.IntegerField(
        label=_("How many minutes it takes"), required=False, min_value=1, max_value=6_000
    )
    step = forms.ModelChoiceField(
        label=_("For the onboarding step"),
        queryset=OnboardingStep._base_manager.none(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.queryset = OnboardingStep.objects.in_use().order_by("position", "id")
        field.empty_label = gettext("None in particular")

    def told(self) -> dict[str, Any]:
        """What was entered; the file under its own name."""
        return {**self.cleaned_data, "file": self.cleaned_data.get("file") or None}


class DaysField(forms.CharField):
    """Whole numbers with commas between them, such as “30, 7, 0”."""

    def prepare_value(self, value: Any) -> Any:
        """As people write them."""
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The numbers; none for nothing."""
        parts = [each.strip() for each in str(super().clean(value)).split(",")]
        found = [each for each in parts if each]
        if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in found):
            sentence = _("Write whole numbers of days with commas between them, such as 30, 7, 0.")
            raise forms.ValidationError(sentence)
        return [int(each) for each in found]


class ReminderDaysForm(forms.Form):
    """When to remind of renewals."""

    days = DaysField(
        label=_("Days before the renewal is due"),
        required=False,
        max_length=60,
        help_text=_("With commas between them; 0 is the day itself. Empty: no reminders."),
    )
