"""Shape and wording of what people type about leads and campaigns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from leads.models import Campaign, Channel, CustomField, Lead
from leads.own_inputs import OWN, OwnFieldsForm, SeenForm


class LeadForm(OwnFieldsForm):
    """A person, with the workspace's own fields below ours; nothing alone is required."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.CharField(
        label=_("Email"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    company_name = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty, and the domain of a business email tells it."),
    )
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)


class AddLeadForm(LeadForm):
    """A new person, and where they came from."""

    source = forms.CharField(
        label=_("Source"),
        max_length=100,
        required=False,
        help_text=_("What brought this person, for example “Trade fair”."),
    )


class EditLeadForm(SeenForm, LeadForm):
    """A known person, and what they asked us not to do."""

    do_not_email = forms.BooleanField(label=_("Do not email"), required=False)
    do_not_call = forms.BooleanField(label=_("Do not call"), required=False)


def values_of(lead: Lead, fields: Sequence[CustomField]) -> dict[str, Any]:
    """What the edit form starts with."""
    ours = {
        name: getattr(lead, name)
        for name in ("name", "email", "phone", "job_title", "country", "city")
    }
    own = {OWN + field.key: lead.attributes.get(field.key) for field in fields}
    return {
        **ours,
        **own,
        "company_name": lead.company.name if lead.company else "",
        "do_not_email": lead.do_not_email,
        "do_not_call": lead.do_not_call,
    }


class NoteForm(forms.Form):
    """A note for the timeline."""

    text = forms.CharField(
        label=_("Note"),
        max_length=5_000,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "placeholder": _("What did you learn? Write @ and a name to tell a colleague."),
                "data-key": "l",
                "data-mentions": "members",
            }
        ),
    )


class PersonNoteForm(NoteForm):
    """A note, and whom of these people it is about; `offered` are those one can choose."""

    lead: Any = forms.ModelChoiceField(
        label=_("About"), queryset=Lead._base_manager.none(), empty_label=None
    )
    field_order = ("text", "lead")

    def __init__(
        self, *args: Any, people: QuerySet[Lead], offered: Sequence[Lead], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        field: Any = self.fields["lead"]
        field.queryset = people
        if len(offered) == 1:
            field.widget = forms.HiddenInput()
            field.initial = offered[0].pk
        else:
            field.widget.choices = [(each.pk, str(each)) for each in offered]


class CampaignForm(forms.Form):
    """A campaign."""

    name = forms.CharField(label=_("Name"), max_length=120)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    key = forms.SlugField(
        label=_("Key"),
        max_length=80,
        required=False,
        help_text=_("What stands in utm_campaign on your links; made of the name when empty."),
    )
    starts_on = forms.DateField(
        label=_("Starts on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Ends on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def facts_of(campaign: Campaign) -> dict[str, Any]:
    """What the form starts with."""
    names = ("name", "channel", "key", "starts_on", "ends_on")
    return {name: getattr(campaign, name) for name in names}
