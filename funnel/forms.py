"""Shape and wording of what people enter in the funnel."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from funnel.models import Definition
from leads.conditions.building.form import ConditionField
from leads.models import Lead, Stage


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OnceForm(forms.Form):
    """A form with a key of its own, so that sending it twice does its work once."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=100)


class MoveForm(forms.Form):
    """Moving a lead by hand."""

    stage = forms.ChoiceField(label=_("To stage"), choices=Stage)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Both teams read this in the history of the lead."),
    )
    return_on = DayField(
        label=_("Come back on"),
        required=False,
        help_text=_("For nurturing; without a day the lead comes back after 90 days."),
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in Stage.choices if choice[0] != lead.stage]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]


class DefinitionForm(forms.Form):
    """A change of what a stage means."""

    explanation = forms.CharField(
        label=_("What it means"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    condition = ConditionField(
        label=_("Entered by rule when"),
        required=False,
        help_text=_("Without a test nobody enters by rule; people decide."),
    )
    needs_qualification = forms.BooleanField(
        label=_("Nobody enters without a positive qualification"), required=False
    )
    reason = forms.CharField(
        label=_("Why it changes"), max_length=300, help_text=_("Shown beside the version.")
    )

    def __init__(self, data: Any, *, stage: str, current: Definition | None) -> None:
        super().__init__(data, initial=_as_initial(current))
        if stage != Stage.MQL:
            del self.fields["condition"]
        if stage != Stage.SQL:
            del self.fields["needs_qualification"]

    def as_told(self) -> dict[str, Any]:
        """What `propose_change` takes."""
        return dict(self.cleaned_data)


def _as_initial(current: Definition | None) -> dict[str, Any]:
    if current is None:
        return {"needs_qualification": True}
    told: dict[str, Any] = {
        "explanation": current.explanation,
        "needs_qualification": current.needs_qualification,
    }
    if current.state == "draft":
        told["reason"] = current.reason
    return told | {"condition": current.condition}
