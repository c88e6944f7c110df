"""Moving a lead by hand: where the definitions let it go, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.actions.leaving import definition_of, next_stages
from funnel.forms import DayField
from leads.models import Lead, Stage


class MoveForm(forms.Form):
    """Where to, why, and for nurturing until when."""

    stage = forms.ChoiceField(label=_("To stage"))
    exit_reason = forms.ChoiceField(label=_("Exit reason"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=190,
        help_text=_("Both teams read this in the history of the lead."),
    )
    return_on = DayField(
        label=_("Come back on"),
        required=False,
        help_text=_("For nurturing; without a day the lead comes back after 90 days."),
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["stage"].choices = [(each.value, each.label) for each in next_stages(lead)]
        here = definition_of(lead.stage)
        if here and here.exit_reasons:
            reasons = [(each, each) for each in here.exit_reasons]
            fields["exit_reason"].choices = [("", gettext("It goes on: none")), *reasons]
            fields["exit_reason"].help_text = _exit_help(lead)
            fields["reason"].label = _("In your words")
        else:
            del fields["exit_reason"]
            fields["reason"].required = True


def _exit_help(lead: Lead) -> str:
    sentence = gettext("Chosen when the lead goes back or aside from %(stage)s.")
    return sentence % {"stage": Stage(lead.stage).label}
