"""What is written about sorting: the matrix of classes, urgency, and decision rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from leads.conditions.building.form import ConditionField
from leads.conditions.building.palette import Palette
from leads.models import LeadClass
from leads.uses import segments_named
from scoring.actions.sorting import LETTERS, save_decision, set_matrix
from scoring.actions.words import CIRCULAR
from scoring.models import Decision, ModelVersion, Purpose, ScoreModel

ASKED = Palette(without=CIRCULAR)
CALM, URGENT = range(2)
FIRST_DECISION = {"activity": "form_submitted", "within_days": 7}


@dataclass(frozen=True)
class Row:
    """A line of the matrix: a band of the score, urgent or not, and a choice for each letter."""

    band: str
    label: str
    is_urgent: bool
    cells: list[tuple[str, BoundField]]


class MatrixForm(forms.Form):
    """The class for each band of the score, letter of the grade and urgency."""

    condition = ConditionField(
        label=gettext_lazy("A lead is urgent when"),
        palette=replace(ASKED, is_nobody=True),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, draft: ModelVersion) -> None:
        super().__init__(data, initial={"condition": draft.urgency or None})
        self.draft = draft
        self.letters = _letters(draft.matrix)
        asked: Any = self.fields["condition"]
        asked.kept = segments_named(draft.urgency)
        for name, initial, label in self._cells():
            self.fields[name] = forms.ChoiceField(
                choices=LeadClass.choices, initial=initial, label=label
            )

    def _cells(self) -> Iterator[tuple[str, str, str]]:
        for band in LeadClass:
            for letter in self.letters:
                cell = self.draft.matrix.get(band, {}).get(letter, [band, band])
                for urgency in (CALM, URGENT):
                    yield _cell(band, letter, urgency), cell[urgency], _said(band, letter, urgency)

    def rows(self) -> list[Row]:
        """The table, from hot to cold, calm before urgent."""
        return [
            Row(band, str(band.label), bool(urgency), self._row(band, urgency))
            for band in LeadClass
            for urgency in (CALM, URGENT)
        ]

    def _row(self, band: str, urgency: int) -> list[tuple[str, BoundField]]:
        return [(letter, self[_cell(band, letter, urgency)]) for letter in self.letters]

    def matrix(self) -> dict[str, dict[str, list[str]]]:
        """What was chosen, without what is the band anyway; call it on a valid form only."""
        chosen = {
            band.value: {
                letter: [self.cleaned_data[_cell(band, letter, each)] for each in (CALM, URGENT)]
                for letter in self.letters
            }
            for band in LeadClass
        }
        return {
            band: told
            for band, row in chosen.items()
            if (told := {key: cell for key, cell in row.items() if set(cell) != {band}})
        }

    def save(self) -> None:
        """Tell the draft."""
        set_matrix(self.draft, matrix=self.matrix(), urgency=self.cleaned_data["condition"])


def _letters(matrix: Mapping[str, Any]) -> list[str]:
    """Letters only where leads are graded, or the matrix speaks of them; "" always."""
    named = {letter for row in matrix.values() for letter in row}
    is_graded = ScoreModel.objects.in_use().filter(purpose=Purpose.FIT).exists()
    return [each for each in LETTERS if is_graded or each in named or not each]


def _cell(band: str, letter: str, urgency: int) -> str:
    return f"{band}-{letter or 'none'}-{urgency}"


def _said(band: LeadClass, letter: str, urgency: int) -> str:
    """What a choice is about, for those who do not see the table around it."""
    grade = _("grade %(letter)s") % {"letter": letter} if letter else _("without a grade")
    parts = [str(band.label), grade, _("urgent") if urgency else _("not urgent")]
    return ", ".join(parts)


class DecisionForm(forms.Form):
    """A decision rule: a condition, and the class it gives."""

    name = forms.CharField(
        label=pgettext_lazy("of a rule", "Name"),
        max_length=120,
        help_text=gettext_lazy("Stands on the lead as the reason: “Asked for a demo”."),
    )
    lead_class = forms.ChoiceField(
        label=gettext_lazy("Then the lead is"), choices=LeadClass.choices
    )
    condition = ConditionField(label=gettext_lazy("When"), palette=ASKED)

    def __init__(self, data: QueryDict | None, *, decision: Decision | None = None) -> None:
        shown = ("name", "lead_class", "condition")
        initial: dict[str, Any] = {"lead_class": LeadClass.HOT, "condition": FIRST_DECISION}
        if decision is not None:
            initial = {name: getattr(decision, name) for name in shown}
        super().__init__(data, initial=initial)
        self.decision = decision
        asked: Any = self.fields["condition"]
        asked.kept = segments_named(decision.condition if decision else None)

    def save(self, draft: ModelVersion) -> Decision:
        """Tell the draft."""
        decision_id = self.decision.pk if self.decision else None
        return save_decision(draft, **self.cleaned_data, decision_id=decision_id)
