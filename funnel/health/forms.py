"""What people enter about health."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funnel.health.drafting import LONGEST_NAME, HealthWords, words_of
from funnel.models import Health, HealthRule, Whose
from leadmgmt.workspaces.forms import reason_field
from leads.conditions.building.form import ConditionField
from leads.uses import segments_named


class HealthRuleForm(forms.Form):
    """A rule: whose people, what holds of them, how the customer fares then."""

    name = forms.CharField(
        label=_("In words"),
        max_length=LONGEST_NAME,
        help_text=_("People read it as the reason: “Nobody there was heard of for 90 days”."),
    )
    whose = forms.ChoiceField(label=_("It holds of"), choices=Whose)
    condition = ConditionField(
        label=_("People who"),
        help_text=_("Counted among all leads here; the rule asks the people of each customer."),
    )
    level = forms.ChoiceField(label=_("Then the customer’s health is"), choices=Health)

    def __init__(self, *args: Any, rule: HealthRule | None, **kwargs: Any) -> None:
        words = words_of(rule) if rule else HealthWords("")
        kwargs["initial"] = {**words.__dict__, "condition": words.condition or None}
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["condition"]
        asked.kept = segments_named(words.condition)

    def words(self) -> HealthWords:
        """What was written; call it on a valid form only."""
        return HealthWords(**self.cleaned_data)


class PublishHealthForm(forms.Form):
    """Why the rules change."""

    reason = reason_field(_("Why do the rules change?"))


class HealthOffForm(forms.Form):
    """Why nobody is to be judged any more."""

    reason = reason_field(
        _("Why are the rules switched off?"),
        help_text=_("It stays among the versions and in the history of each customer."),
    )
