"""The inputs custom fields are asked with, and forms that know what was there when drawn."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadmgmt.ui.inputs import MoneyField
from leadmgmt.workspaces.models import Member
from leads.actions.editing import is_same
from leads.conditions.currency import currency_code
from leads.models import CustomField, FieldKind
from leads.own_values import LONGEST

OWN = "own_"  # custom fields stand beside ours in one form
SEEN = "seen_"  # what a field said when its form was drawn
ATTRIBUTE = "attributes."


class OwnInputs:
    """The inputs of custom fields; what they need to know is asked once for all of them."""

    def __init__(self, said: Mapping[str, Any] | None = None) -> None:
        self.said = said or {}

    @cached_property
    def currency(self) -> str:
        """What amounts are in."""
        return currency_code()

    @cached_property
    def members(self) -> list[tuple[str, str]]:
        """Those who have not left, by name."""
        present = Member.objects.present().order_by("name", "id")
        return [(str(id), name) for id, name in present.values_list("id", "name")]

    def of(self, field: CustomField) -> forms.Field:
        """Never required, because unknown is an answer; what is said stays one of the answers."""
        asked: dict[str, Any] = {"label": field.label, "required": False}
        make = INPUTS.get(FieldKind(field.kind))
        return make(self, field, asked) if make else forms.CharField(max_length=LONGEST, **asked)

    def answers(self, field: CustomField) -> list[tuple[str, str]]:
        """Those offered, and those said before they were taken out."""
        said = self.said.get(ATTRIBUTE + field.key)
        held = said if isinstance(said, list) else [said] if said else []
        return [(each, each) for each in dict.fromkeys([*field.choices, *map(str, held)])]

    def colleagues(self, field: CustomField) -> list[tuple[str, str]]:
        """Members, and whoever is named although they have left."""
        said = str(self.said.get(ATTRIBUTE + field.key) or "")
        if not said or said in dict(self.members):
            return self.members
        known = Member.objects.filter(pk=said) if _is_id(said) else Member.objects.none()
        return [*self.members, (said, str(known.first() or said))]


def _is_id(text: str) -> bool:
    with suppress(ValueError):
        return bool(forms.UUIDField().clean(text))
    return False


def _number(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return forms.FloatField(min_value=-1e15, max_value=1e15, **asked)


def _money(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return MoneyField(currency=made.currency, help_text=made.currency, **asked)


def _date(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **asked
    )


def _choice(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *made.answers(field)], **asked)


def _choices(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=made.answers(field), widget=widget, **asked)


def _yes_no(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    answers = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
    return forms.NullBooleanField(widget=forms.Select(choices=answers), **asked)


def _link(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return forms.URLField(max_length=LONGEST, assume_scheme="https", **asked)


def _person(made: OwnInputs, field: CustomField, asked: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *made.colleagues(field)], **asked)


INPUTS: Mapping[FieldKind, Any] = {
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _link,
    FieldKind.PERSON: _person,
}


class OwnFieldsForm(forms.Form):
    """A form with the workspace's own fields below ours."""

    def __init__(
        self,
        *args: Any,
        fields: Sequence[CustomField],
        known: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own_fields, inputs = fields, OwnInputs(known)
        for field in fields:
            self.fields[OWN + field.key] = inputs.of(field)

    def facts(self) -> dict[str, Any]:
        """What was typed, the custom values under `attributes`."""
        typed = self.cleaned_data
        attributes = {field.key: stored(typed[OWN + field.key]) for field in self.own_fields}
        ours = {name: value for name, value in typed.items() if not name.startswith(OWN)}
        return {**ours, "attributes": attributes}


class SeenForm(OwnFieldsForm):
    """Beside each field stands what it said when the form was drawn.

    So only what was typed is changed, and two people who edit at once are told. `only` asks for
    one field by itself.
    """

    def __init__(self, *args: Any, known: Mapping[str, Any], only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, known=known, **kwargs)
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
        """What was typed anew, as the actions take it."""
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
        if not take:
            return
        if isinstance(value, list):
            typed.setlist(name, value)
        else:
            typed[name] = self._as_typed(name, value)

    def _as_typed(self, name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else self.fields[name].prepare_value(value)


def stored_name(name: str) -> str:
    """What the actions call a field of the form."""
    return f"{ATTRIBUTE}{name.removeprefix(OWN)}" if name.startswith(OWN) else name


def form_name(name: str) -> str:
    """What the form calls a field of the profile."""
    return f"{OWN}{name.removeprefix(ATTRIBUTE)}" if name.startswith(ATTRIBUTE) else name


def stored(value: Any) -> Any:
    """As `attributes` hold it: JSON text, number, true, false or texts; blank is unknown."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == [] else value
