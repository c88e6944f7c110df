"""Shape and wording of what people enter in the funnel."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.models import Deal, Definition
from leadmgmt.ui.inputs import MoneyField
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


class DealForm(OnceForm):
    """A deal: what may be sold, for how much, until when."""

    name = forms.CharField(label=_("What may be sold?"), max_length=200)
    amount = forms.Field()
    margin = forms.Field()
    expected_on = DayField(label=_("Expected on"), required=False)

    field_order = ("lead", "name", "amount", "margin", "expected_on")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = gettext("Amount (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency, required=False)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency, required=False)
        self.fields["margin"].help_text = gettext("What remains after the cost of what is sold.")
        self.order_fields(self.field_order)


class NewDealForm(DealForm):
    """A deal with a lead that is to be chosen."""

    lead = forms.ModelChoiceField(label=_("With whom"), queryset=Lead._base_manager.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellable = Lead.objects.filter(stage__in=(Stage.SQL, Stage.CUSTOMER))
        field: Any = self.fields["lead"]
        field.queryset = sellable.order_by("name", "id")
        field.empty_label = gettext("Choose an SQL or a customer")


class WinForm(forms.Form):
    """What winning needs."""

    def __init__(self, data: Any, *, currency: str, deal: Deal) -> None:
        super().__init__(data, initial={"amount": deal.amount, "margin": deal.margin})
        label = gettext("Sold for (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency)


class LoseForm(forms.Form):
    """What losing needs."""

    reason = forms.CharField(label=_("Why was it lost?"), max_length=300)


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
