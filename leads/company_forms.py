"""Shape and wording of what people type about companies."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models import Member
from leads.actions.companies import MOST_PEOPLE, PLAIN
from leads.models import Company, CustomField
from leads.own_inputs import OWN, OwnFieldsForm, SeenForm


class CompanyForm(OwnFieldsForm):
    """A firm, with the workspace's own fields below ours."""

    name = forms.CharField(label=_("Name"), max_length=200)
    domain = forms.CharField(
        label=_("Domain"),
        max_length=300,
        required=False,
        help_text=_("People who write from this domain join the company by themselves."),
    )
    website = forms.CharField(label=_("Website"), max_length=300, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    industry = forms.CharField(label=_("Industry"), max_length=100, required=False)
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    employees = forms.IntegerField(
        label=_("Employees"), min_value=0, max_value=MOST_PEOPLE, required=False
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, owner: Member | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Member.objects.colleagues().order_by("name", "id")
        self.members = {str(each.pk): each for each in [*here, *([owner] if owner else [])]}
        asked: Any = self.fields.get("owner")
        if asked:
            names = [(id, each.name) for id, each in self.members.items()]
            asked.choices = [("", _("Nobody yet")), *names]

    def as_facts(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What was typed, with the member it names."""
        if "owner" in typed:
            typed["owner"] = self.members.get(typed["owner"])
        return typed


class EditCompanyForm(SeenForm, CompanyForm):
    """A known firm."""


def company_values(company: Company, fields: Sequence[CustomField]) -> dict[str, Any]:
    """What the edit form starts with."""
    ours = {name: getattr(company, name) for name in PLAIN}
    own = {OWN + field.key: company.attributes.get(field.key) for field in fields}
    return {**ours, **own, "owner": company.owner_id and str(company.owner_id)}
