"""The form of a qualification, as the playbook asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from funnel.actions.qualifying import Told
from funnel.forms import DayField
from funnel.models import Answer, BestChannel, Qualification
from funnel.playbook import Question
from leadmgmt.ui.inputs import MoneyField

PARTS = ("answer", "note", "when", "by", "on")


@dataclass(frozen=True)
class Asked:
    """One question with the fields of its answer."""

    question: Question
    answer: Any
    note: Any
    by: Any
    on: Any
    when: Any | None


class QualificationForm(forms.Form):
    """What is known so far; what the request does not name stays as it is."""

    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    spoken_to = forms.CharField(label=_("Person spoken to"), required=False, max_length=200)
    is_authorised = forms.BooleanField(label=_("This person may decide"), required=False)
    best_channel = forms.ChoiceField(label=_("Best channel"), required=False)
    worth = forms.Field()
    return_on = DayField(label=_("Come back on"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Sequence[Question],
        currency: str,
        told: Qualification | None = None,
    ) -> None:
        super().__init__(data, initial=_known(told))
        self.questions = questions
        label = gettext("What it may be worth (%(currency)s)") % {"currency": currency}
        self.fields["worth"] = MoneyField(
            label=label, currency=currency, required=False, min_value=0
        )
        channel: Any = self.fields["best_channel"]
        channel.choices = [("", gettext("Not known")), *BestChannel.choices]
        for question in questions:
            self._ask(question, told.answers.get(question.key, {}) if told else {})

    def _ask(self, question: Question, known: Mapping[str, Any]) -> None:
        key = question.key
        self.fields[key] = forms.ChoiceField(
            label=question.words,
            choices=Answer.choices,
            required=False,
            widget=forms.RadioSelect,
            initial=known.get("answer", Answer.UNKNOWN),
        )
        texts = {
            "note": forms.CharField(label=gettext("What they said"), max_length=500),
            "by": forms.CharField(label=pgettext("of an answer", "Said by"), max_length=200),
            "on": DayField(label=pgettext("of an answer", "On")),
        }
        if question.is_dated:
            texts["when"] = forms.CharField(label=gettext("Date, or words"), max_length=80)
        for part, field in texts.items():
            field.required, field.initial = False, known.get(part)
            self.fields[f"{key}_{part}"] = field

    @property
    def parts(self) -> list[Asked]:
        """The questions, each with its fields."""
        return [
            Asked(
                question,
                self[question.key],
                self[f"{question.key}_note"],
                self[f"{question.key}_by"],
                self[f"{question.key}_on"],
                self[f"{question.key}_when"] if question.is_dated else None,
            )
            for question in self.questions
        ]

    def as_told(self) -> Told:
        """What `save_qualification` takes."""
        own = ("spoken_to", "best_channel", "worth", "return_on", "reason")
        told: dict[str, Any] = {n: self.cleaned_data[n] for n in own if n in self.data}
        if "spoken_to" in self.data or "is_authorised" in self.data:
            told["is_authorised"] = self.cleaned_data["is_authorised"]
        answers = {each.key: self._answer(each.key) for each in self.questions}
        told["answers"] = {key: answer for key, answer in answers.items() if answer}
        return told  # type: ignore[return-value]  # the form has the keys of Told

    def _answer(self, key: str) -> dict[str, str]:
        answer = {}
        for part in PARTS:
            name = key if part == "answer" else f"{key}_{part}"
            if name in self.data and name in self.cleaned_data:
                value = self.cleaned_data[name]
                answer[part] = str(value or "") if part != "answer" else value or Answer.UNKNOWN
        return answer


def _known(told: Qualification | None) -> dict[str, Any]:
    seen = {"seen": timezone.now().isoformat()}
    if told is None:
        return seen
    names = ("spoken_to", "is_authorised", "best_channel", "worth", "return_on", "reason")
    return seen | {name: getattr(told, name) for name in names}
