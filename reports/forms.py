"""Shape and wording of a cost line."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadmgmt.ui.inputs import MoneyField
from leads.models import Campaign
from reports.models import Lever


class CostForm(forms.Form):
    """One line of the ledger, in currency units as people write them."""

    amount = forms.Field()
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

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = gettext("Amount (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency, is_positive=True)
        choice = cast("forms.ModelChoiceField[Campaign]", self.fields["campaign"])
        choice.queryset = Campaign.objects.order_by("name")
