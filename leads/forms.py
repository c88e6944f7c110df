"""Shape and wording of what people type about leads, campaigns and fields."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.editing import is_same
from leads.models import Campaign, Channel, CustomField, FieldKind, Lead

OWN = "own_"  # custom fields stand beside ours in one form
SEEN = "seen_"  # what a field said when its form was drawn


class LeadForm(forms.Form):
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

    def __init__(self, *args: Any, fields: Sequence[CustomField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_fields = fields
        for field in fields:
            self.fields[OWN + field.key] = form_field_of(field)

    def facts(self) -> dict[str, Any]:
        """What was typed, the custom values under `attributes`."""
        typed = self.cleaned_data
        attributes = {field.key: stored(typed[OWN + field.key]) for field in self.own_fields}
        ours = {name: value for name, value in typed.items() if not name.startswith(OWN)}
        return {**ours, "attributes": attributes}


class AddLeadForm(LeadForm):
    """A new person, and where they came from."""

    source = forms.CharField(
        label=_("Source"),
        max_length=100,
        required=False,
        help_text=_("What brought this person, for example “Trade fair”."),
    )


class EditLeadForm(LeadForm):
    """A known person, and what they asked us not to do.

    Beside each field stands what it said when the form was drawn, so that only what was typed is
    changed, and two people who edit at once are told. `only` asks for one field by itself.
    """

    do_not_email = forms.BooleanField(label=_("Do not email"), required=False)
    do_not_call = forms.BooleanField(label=_("Do not call"), required=False)

    def __init__(self, *args: Any, known: Mapping[str, Any], only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {only: self.fields[only]} if only else dict(self.fields)
        self.fields = dict(self.asked)
        for name in self.asked:
            value = json.dumps(known.get(stored_name(name)), ensure_ascii=False)
            hidden = forms.CharField(required=False, widget=forms.HiddenInput, initial=value)
            self.fields[SEEN + name] = hidden

    def seen(self) -> dict[str, Any]:
        """What each field said when the form was drawn; without what nobody can read."""
        found = {}
        for name in self.asked:
            with suppress(ValueError, RecursionError):
                found[stored_name(name)] = json.loads(self.data.get(SEEN + name, ""))
        return found

    def changes(self) -> dict[str, Any]:
        """What was typed anew, as `change_lead` takes it."""
        seen, typed = self.seen(), {}
        for name in self.asked:
            value = stored(self.cleaned_data[name])
            if stored_name(name) not in seen or not is_same(seen[stored_name(name)], value):
                typed[name] = value
        own = {name.removeprefix(OWN): typed.pop(name) for name in [*typed] if name.startswith(OWN)}
        return {**typed, "attributes": own} if own else typed

    def look_again(self, name: str, value: Any, *, take: bool = False) -> None:
        """The field says `value` by now; `take` types it in place of what was typed."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed[SEEN + name] = json.dumps(value, ensure_ascii=False)
        if take:
            typed[name] = str(value).lower() if isinstance(value, bool) else value or ""


def stored_name(name: str) -> str:
    """What `change_lead` calls a field of the form."""
    return f"attributes.{name.removeprefix(OWN)}" if name.startswith(OWN) else name


def form_name(name: str) -> str:
    """What the form calls a field of the profile."""
    is_own = name.startswith("attributes.")
    return f"{OWN}{name.removeprefix('attributes.')}" if is_own else name


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


def form_field_of(field: CustomField) -> forms.Field:
    """The input a custom field is asked with; never required, because unknown is an answer."""
    asked: dict[str, Any] = {"label": field.label, "required": False}
    if field.kind == FieldKind.NUMBER:
        return forms.FloatField(**asked)
    if field.kind == FieldKind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **asked)
    if field.kind == FieldKind.CHOICE:
        return forms.ChoiceField(
            choices=[("", "—"), *((each, each) for each in field.choices)], **asked
        )
    if field.kind == FieldKind.YES_NO:
        return forms.NullBooleanField(
            widget=forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))]),
            **asked,
        )
    return forms.CharField(max_length=2_000, **asked)


def stored(value: Any) -> Any:
    """As `Lead.attributes` holds it: JSON text, number or true/false; blank is unknown."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


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


class FieldForm(forms.Form):
    """A new custom field."""

    label = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=FieldKind.choices)
    choices = forms.CharField(
        label=_("Answers"),
        required=False,
        help_text=_("For a choice: one answer in each line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.RegexField(
        regex=r"^[a-z][a-z0-9_]*$",
        label=_("Key"),
        max_length=60,
        required=False,
        help_text=_("How files and the API call it; made of the name when empty."),
        error_messages={
            "invalid": _("Small Latin letters, digits and underscores, a letter first.")
        },
    )

    def facts(self) -> dict[str, Any]:
        """What was typed, the answers as a list."""
        typed = self.cleaned_data
        return {**typed, "choices": typed["choices"].splitlines()}
