"""What a form may ask, and how an answer is checked.

A question is `{"key", "label", "is_required"}`; its key says where the answer goes: a field of
the lead, `attributes.<custom field>`, or `message` (kept with the activity).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.inputs import MoneyField
from leads.conditions.currency import currency_code
from leads.models import CustomField, FieldKind, Subject
from leads.normalising import email_address, phone_number
from leads.rows import NewLead

MESSAGE = "message"
ATTRIBUTE = "attributes."
BUILT_IN: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "company_name": gettext_lazy("Company"),
    "job_title": gettext_lazy("Job title"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    MESSAGE: gettext_lazy("Message"),
}
REACHABLE = ("email", "phone")
LONGEST = {"name": 200, "phone": 40, "company_name": 200, "job_title": 120}
LONGEST_MESSAGE = 4_000
LONGEST_LABEL = 120
MOST_QUESTIONS = 30
AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "company_name": "organization",
    "job_title": "organization-title",
    "country": "country-name",
    "city": "address-level2",
}


class CannotAsk(Refusal):
    """The list of questions would make a form nobody can use."""


@dataclass(frozen=True)
class Question:
    """One field of a form, as its maker wrote it."""

    key: str
    label: str
    is_required: bool

    def as_json(self) -> dict[str, Any]:
        """How a form stores it."""
        return {"key": self.key, "label": self.label, "is_required": self.is_required}


def questions_of(stored: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions a form stores."""
    return [Question(each["key"], each["label"], each["is_required"]) for each in stored]


def refuse_unusable(questions: Sequence[Question]) -> None:
    """Without an address or a number nobody could be called back."""
    if not any(question.key in REACHABLE and question.is_required for question in questions):
        raise CannotAsk(
            _("Ask for an email address or a phone number and make it required; otherwise nobody "
              "can be reached.")
        )  # fmt: skip
    if len(questions) > MOST_QUESTIONS:
        raise CannotAsk(_("A form may ask %d questions at most.") % MOST_QUESTIONS)


def refuse_unknown(questions: Sequence[Question], *, known: Collection[str]) -> None:
    """Each asks once for something we have a place for; `known` is what the form asks already."""
    places = {*BUILT_IN, *(f"{ATTRIBUTE}{key}" for key in custom_fields()), *known}
    seen: set[str] = set()
    for key in (question.key for question in questions):
        if key not in places:
            told = {"key": key[:60], "known": ", ".join(sorted(places))}
            sentence = _("“%(key)s” is nothing a form can ask for; known are: %(known)s.")
            raise CannotAsk(sentence % told, field="questions")
        if key in seen:
            raise CannotAsk(_("“%s” is asked twice; ask it once.") % key, field="questions")
        seen.add(key)


class EmailField(forms.EmailField):
    """An address, written as we store it."""

    def clean(self, value: Any) -> Any:
        """Refusals become errors of the field."""
        return _said(email_address, super().clean(value))


class PhoneField(forms.CharField):
    """A telephone number; the country is not known yet, so local ones stay as typed."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> Any:
        """Refusals become errors of the field."""
        return _said(lambda text: phone_number(text, region=None), super().clean(value))


def field_for(question: Question, custom: Mapping[str, CustomField]) -> forms.Field:
    """The form field that asks `question`."""
    options: dict[str, Any] = {"label": question.label, "required": question.is_required}
    if question.key.startswith(ATTRIBUTE):
        return _custom_field(custom.get(question.key.removeprefix(ATTRIBUTE)), options)
    field = _built_in_field(question.key, options)
    if question.key in AUTOCOMPLETE:
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE[question.key]
    return field


def _built_in_field(key: str, options: dict[str, Any]) -> forms.Field:
    if key == "email":
        return EmailField(max_length=254, **options)
    if key == "phone":
        return PhoneField(max_length=40, **options)
    if key == MESSAGE:
        area = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(max_length=LONGEST_MESSAGE, widget=area, **options)
    return forms.CharField(max_length=LONGEST.get(key, 100), **options)


def _custom_field(custom: CustomField | None, options: dict[str, Any]) -> forms.Field:
    kind = custom.kind if custom else FieldKind.TEXT
    if kind == FieldKind.NUMBER:
        return forms.FloatField(min_value=-1e15, max_value=1e15, **options)
    if kind == FieldKind.MONEY:
        return MoneyField(currency=currency_code(), **options)
    if kind == FieldKind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **options)
    if kind == FieldKind.LINK:
        return forms.URLField(max_length=1_000, assume_scheme="https", **options)
    if kind == FieldKind.CHOICE and custom:
        choices = [("", _("Choose…")), *((str(each), str(each)) for each in custom.choices)]
        return forms.ChoiceField(choices=choices, **options)
    if kind == FieldKind.CHOICES and custom:
        several = [(str(each), str(each)) for each in custom.choices]
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=several, widget=widget, **options)
    if kind == FieldKind.YES_NO:
        choices = [("", _("Choose…")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=choices, **options)
    return forms.CharField(max_length=1_000, **options)


def lead_of(values: Mapping[str, Any], custom: Mapping[str, CustomField]) -> dict[str, Any]:
    """The part of checked `values` that describes the lead, as arguments of NewLead."""
    facts = {key: values[key] for key in BUILT_IN if key != MESSAGE and values.get(key)}
    attributes = {
        key.removeprefix(ATTRIBUTE): _attribute(value, custom.get(key.removeprefix(ATTRIBUTE)))
        for key, value in values.items()
        if key.startswith(ATTRIBUTE) and value not in ("", None, [])
    }
    assert set(facts) <= set(NewLead.__struct_fields__)  # noqa: S101  # one list of names
    return facts | {"attributes": attributes}


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values as a submission stores them; blank answers are left out."""
    found = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }
    return {key: value for key, value in found.items() if value not in ("", None, [])}


def custom_fields() -> dict[str, CustomField]:
    """The workspace's custom fields of leads that can be asked for, by key.

    Visitors do not choose among our members.
    """
    live = CustomField.objects.filter(subject=Subject.LEAD, retired_at=None)
    asked = live.exclude(kind=FieldKind.PERSON).order_by("position", "label")
    return {custom.key: custom for custom in asked}


def _attribute(value: Any, custom: CustomField | None) -> Any:
    if custom and custom.kind == FieldKind.YES_NO:
        return value == "yes"
    return value


def _said(normalise: Any, value: str) -> str:
    try:
        return str(normalise(value))
    except Refusal as refusal:
        raise ValidationError(refusal.sentence) from None
