"""Shape and wording of what people type about privacy."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.conditions.building.form import ConditionField
from leads.models import Purpose
from leads.queries.privacy import ASKABLE


class PurposeForm(forms.Form):
    """What we ask leave for, and in which words."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For example “Newsletter” or “Calls”.")
    )
    wording = forms.CharField(
        label=_("Wording"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The sentence people say yes to. It is kept with each answer as it stood."),
    )


class ConsentForm(forms.Form):
    """Who said what about which purpose, and where."""

    purpose: Any = forms.ModelChoiceField(queryset=None)
    is_given = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes"
    )
    source = forms.ChoiceField(choices=[(key, key) for key in ASKABLE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].queryset = Purpose.objects.all()  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was said."""
        told = dict(self.cleaned_data)
        return {"purpose_id": told.pop("purpose").pk, **told}


class EraseForm(forms.Form):
    """Why somebody is erased, and a sign that it is meant."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("For example “asked by email on 3 March”. Kept without the name."),
    )
    confirmation = forms.CharField(
        label=_("Type the name"), max_length=254, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["confirmation"].help_text = gettext("As it stands here: %s") % name

    def clean_confirmation(self) -> str:
        """The very name."""
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip() != self.name.strip():
            sentence = gettext("Type “%s” to erase this person for good.")
            raise ValidationError(sentence % self.name)
        return typed


class RetentionForm(forms.Form):
    """Whom we do not keep."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("For example “Silent for two years, never a customer”."),
    )
    condition = ConditionField(label=_("Erase leads for whom"))
