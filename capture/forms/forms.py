"""Forms and the questions they ask."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from capture.models import Form
from capture.questions import ATTRIBUTE as QUESTION_ATTRIBUTE
from capture.questions import BUILT_IN, LONGEST_LABEL, Question
from capture.touches import split_safely
from leads.models import Campaign, CustomField, Purpose

MOST_CONSENT = 500


def _field_of_form(column: Any, **kwargs: Any) -> Any:
    """As usual, but an address without a scheme means https."""
    if column.name == "redirect_url":
        kwargs["assume_scheme"] = "https"
    return column.formfield(**kwargs)


class FormForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form's name, words and whereabouts; its questions come from QuestionsForm."""

    class Meta:
        model = Form
        fields = (
            *("name", "button", "consent", "purpose", "thanks", "redirect_url", "campaign"),
            "is_active",
        )
        formfield_callback = _field_of_form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["campaign"].empty_label = _("None")  # type: ignore[attr-defined]
        purposes = Purpose.objects.filter(Q(retired_at=None) | Q(pk=self.instance.purpose_id))
        self.fields["purpose"].queryset = purposes.order_by("position")  # type: ignore[attr-defined]
        self.fields["purpose"].empty_label = _("None: the box is only kept with the answer")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A purpose lends the box its words when it has none of its own."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        purpose = clean.get("purpose")
        if purpose and not clean.get("consent"):
            if not 1 <= len(purpose.wording) <= MOST_CONSENT:
                raise ValidationError({"consent": _("Write the sentence people agree to.")})
            clean["consent"] = purpose.wording
        return clean

    def clean_redirect_url(self) -> str:
        """A https address of a real host, so that nobody is sent somewhere unsafe by us."""
        url = str(self.cleaned_data["redirect_url"])
        parts = split_safely(url)
        schemes = ("https", "http") if settings.LOCAL else ("https",)
        if url and (parts.scheme not in schemes or not parts.hostname or parts.username):
            raise ValidationError(_("Write an address that starts with https://."))
        return url


class QuestionsForm(forms.Form):
    """Which questions, in what order, with what labels: three small fields for each possible one.

    An order of 0 or nothing leaves the question out.
    """

    def __init__(
        self, asked: list[Question], custom: Mapping[str, CustomField], data: Any = None
    ) -> None:
        super().__init__(data, prefix="q")
        self.keys = _in_order(asked, custom)
        position = {question.key: number for number, question in enumerate(asked, start=1)}
        by_key = {question.key: question for question in asked}
        for key, label in self.keys.items():
            question = by_key.get(key)
            self._add(key, question.label if question else label, position.get(key, 0), question)

    def _add(self, key: str, label: str, position: int, asked: Question | None) -> None:
        required = asked.is_required if asked else False
        self.fields[f"{key}-order"] = forms.IntegerField(
            label=_("Order of “%s”") % label, min_value=0, max_value=99, required=False,
            initial=position or None,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input"}),
        )  # fmt: skip
        self.fields[f"{key}-label"] = forms.CharField(
            label=_("Label of “%s”") % label,
            max_length=LONGEST_LABEL,
            required=False,
            initial=label,
            widget=forms.TextInput(attrs={"class": "input"}),
        )
        self.fields[f"{key}-required"] = forms.BooleanField(
            label=_("“%s” is required") % label, required=False, initial=required
        )

    @property
    def likely(self) -> list[dict[str, Any]]:
        """The rows of questions that are asked, or asked often."""
        return [self._row(key) for key in self.keys if self._is_likely(key)]

    @property
    def unlikely(self) -> list[dict[str, Any]]:
        """The rows of custom fields that this form does not ask for."""
        return [self._row(key) for key in self.keys if not self._is_likely(key)]

    def _is_likely(self, key: str) -> bool:
        return key in BUILT_IN or bool(self[f"{key}-order"].value())

    def _row(self, key: str) -> dict[str, Any]:
        parts = {part: self[f"{key}-{part}"] for part in ("order", "label", "required")}
        return {"name": self.keys[key], **parts}

    def questions(self) -> list[Question]:
        """The chosen ones in their order."""
        clean = self.cleaned_data
        chosen = [key for key in self.keys if clean[f"{key}-order"]]
        chosen.sort(key=lambda key: clean[f"{key}-order"])
        return [
            Question(key, clean[f"{key}-label"] or self.keys[key], clean[f"{key}-required"])
            for key in chosen
        ]


def _in_order(asked: list[Question], custom: Mapping[str, CustomField]) -> dict[str, str]:
    """Key → name of every possible question, those that are asked first."""
    names = {key: str(label) for key, label in BUILT_IN.items()}
    names |= {f"{QUESTION_ATTRIBUTE}{key}": each.label for key, each in custom.items()}
    first = {question.key: names.get(question.key, question.label) for question in asked}
    return first | {key: name for key, name in names.items() if key not in first}
