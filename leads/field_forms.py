"""Shape and wording of what people type about custom fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import CustomField, FieldKind, Subject

WITH_ANSWERS = (FieldKind.CHOICE, FieldKind.CHOICES)


class ChangeFieldForm(forms.Form):
    """What may change of a field: its name, and the answers of a choice."""

    label = forms.CharField(label=_("Name"), max_length=120)
    choices = forms.CharField(
        label=_("Answers"),
        required=False,
        help_text=_("One answer in each line; who has one that is taken out keeps it."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, field: CustomField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field.kind not in WITH_ANSWERS:
            del self.fields["choices"]

    def changes(self) -> dict[str, Any]:
        """What was typed, the answers as a list."""
        typed = dict(self.cleaned_data)
        if "choices" in typed:
            typed["choices"] = typed["choices"].splitlines()
        return typed


class FieldForm(forms.Form):
    """A new custom field."""

    label = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For example “Present contract ends”.")
    )
    subject = forms.ChoiceField(
        label=_("About"),
        choices=[(Subject.LEAD, _("People")), (Subject.COMPANY, _("Companies"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=FieldKind.choices, help_text=_("It never changes later on.")
    )
    choices = forms.CharField(
        label=_("Answers"),
        required=False,
        help_text=_("For a choice or many choices: one answer in each line."),
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


def typed_of(field: CustomField) -> dict[str, str]:
    """What the form starts with."""
    return {"label": field.label, "choices": "\n".join(map(str, field.choices))}
