"""Shape and wording of a cost line."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Campaign
from reports.models import Lever

LARGEST = 10**12  # currency units; far beyond any budget, far within a bigint of cents


class CostForm(forms.Form):
    """One line of the ledger, in currency units as people write them."""

    amount = forms.DecimalField(
        label=_("Amount"), min_value=0.01, max_value=LARGEST, decimal_places=2
    )
    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign._base_manager.none(),
        required=False,
        empty_label=_("Shared by all campaigns"),
    )
    lever = forms.ChoiceField(label=_("Spent on"), choices=Lever.choices)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ModelChoiceField[Campaign]", self.fields["campaign"])
        choice.queryset = Campaign.objects.order_by("name")

    def line(self) -> dict[str, Any]:
        """What the action takes, the amount in cents."""
        given = dict(self.cleaned_data)
        return given | {"amount": round(given["amount"] * 100)}
