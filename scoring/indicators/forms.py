"""What is written about an indicator, why a list changes, and how it is measured."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.forms import reason_field
from leads.conditions.building.form import ConditionField
from leads.models import Stage
from leads.uses import segments_named
from scoring.cases.studies import LONGEST
from scoring.indicators.drafting import LONGEST_NAME, LONGEST_NOTE, IndicatorWords
from scoring.indicators.terms import LONGEST_WINDOW, Terms

WON = (
    (Stage.CUSTOMER.value, _("It became a customer")),
    (Stage.SQL.value, _("It became an SQL, or went further")),
)


class IndicatorForm(forms.Form):
    """The indicator: a name, by what one knows it, and why it matters."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("As a seller would say it: “Came back to the prices”."),
    )
    condition = ConditionField(label=_("A lead has it when"))
    note = forms.CharField(
        label=_("Why it matters"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("Stands beside it on each lead."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["condition"]
        asked.kept = segments_named(self.initial.get("condition"))

    def words(self) -> IndicatorWords:
        """What was written; call it on a valid form only."""
        typed = self.cleaned_data
        return IndicatorWords(typed["name"], typed["condition"], typed["note"])


class PublishListForm(forms.Form):
    """Why the list changes."""

    reason = reason_field(_("Why does the list change?"))


class TermsForm(forms.Form):
    """How win rates are measured."""

    outcome = forms.ChoiceField(label=_("A lead has won when"), choices=WON)
    window_days = forms.IntegerField(
        label=_("Leads created in the last days"), min_value=1, max_value=LONGEST_WINDOW
    )
    wait_days = forms.IntegerField(
        label=_("Look at them so many days after that"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("What was known by then counts, nothing later."),
    )
    within_days = forms.IntegerField(
        label=_("They have so many days to win"), min_value=0, max_value=LONGEST
    )

    def terms(self) -> Terms:
        """What was chosen; call it on a valid form only."""
        return Terms(**self.cleaned_data)
