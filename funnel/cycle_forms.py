"""How a cycle is closed: what people say about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funnel.actions.cycles import MOST_POINTS, Ending, refuse_vague
from funnel.models import Onward
from leadmgmt.workspaces.refusing import refusals_on
from leads.bulk import BulkForm
from scoring.actions.cycles import Carried
from scoring.models import Carry


class EndingForm(BulkForm):
    """Why, what the next cycle begins with, and where."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stands in the archive and on the timeline, so that others can follow."),
    )
    carry = forms.ChoiceField(
        label=_("Carry over"),
        choices=Carry.choices,
        initial=Carry.NOTHING,
        help_text=_("What happened until now gives no points in the next cycle."),
    )
    carry_amount = forms.IntegerField(
        label=_("How much"),
        required=False,
        min_value=1,
        max_value=MOST_POINTS,
        help_text=_("Percent, or points; only for a share or points."),
    )
    onward = forms.ChoiceField(
        label=_("The next cycle begins"),
        choices=Onward.choices,
        initial=Onward.LEAD,
        help_text=_("Customers stay customers."),
    )

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is said while one can still change it."""
        told: dict[str, Any] = super().clean() or {}
        if not self.errors:
            with refusals_on(self):
                refuse_vague(ending_of(told))
        return told


class CloseCycleForm(EndingForm):
    """Of one lead: which cycle one is looking at, so that nobody closes the next one."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def ending_of(told: Any) -> Ending:
    """What a form, or the API, said."""
    carried = Carried(told["carry"], told.get("carry_amount") or 0)
    return Ending(told["reason"], carried, told["onward"])
