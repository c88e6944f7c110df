"""What people enter about handovers."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funnel.actions.returns import start_of
from funnel.closing.handing import refuse_odd_end
from funnel.models import Sight
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Role
from leads.bulk import BulkForm


def closers() -> Any:
    """Who may be handed leads, by name."""
    return Member.objects.present().filter(role=Role.CLOSER).order_by("name", "id")


class HandoverForm(BulkForm):
    """To whom, what to do, until when."""

    closer = forms.ChoiceField(label=_("Closer"))
    what = forms.CharField(
        label=_("What to do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The closer reads it above the lead."),
    )
    until = forms.DateField(
        label=_("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Then the closer sees the lead no more."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(str(each.pk), each.name) for each in closers()]
        field: Any = self.fields["closer"]
        field.choices = chosen

    def clean_until(self) -> date:
        """Told here, and not when a worker comes to the first of many leads."""
        day: date = self.cleaned_data["until"]
        try:
            refuse_odd_end(end_of(day), now=timezone.now())
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return day


def end_of(day: date) -> datetime:
    """The moment at which a day ends where the workspace is."""
    return start_of(day if day == date.max else day + timedelta(days=1))


class SightForm(forms.Form):
    """What closers see."""

    shown = forms.MultipleChoiceField(
        label=_("Closers see"),
        choices=Sight,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
