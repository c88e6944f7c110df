"""Shape and wording of definitions: what a stage means, its sub-categories, the company rule."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.actions.companies import MOST_PEOPLE
from funnel.actions.describing import (
    LONGEST_EXPLANATION,
    LONGEST_NAME,
    MOST_SUBCATEGORIES,
    WITH_CRITERIA,
)
from funnel.models import CompanyRule, Definition
from leadmgmt.workspaces.models import Team
from leads.conditions.building.form import ConditionField
from leads.models import Stage


class ReasonField(forms.CharField):
    """Why it changes; both teams read it."""

    def __init__(self) -> None:
        label, hint = _("Why it changes"), _("Shown beside the version.")
        super().__init__(label=label, max_length=300, help_text=hint)


class LinesField(forms.CharField):
    """A list of words, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        """A stored list as lines; what was posted as it is."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines that say something."""
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return [line for line in lines if line]


class SubcategoryForm(forms.Form):
    """One part of a stage; without a name it is none."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    explanation = forms.CharField(
        label=_("What it means"), max_length=LONGEST_EXPLANATION, required=False
    )
    condition = ConditionField(
        label=_("Who is in it"),
        required=False,
        help_text=_("Without a test: everybody who is in none before it."),
    )

    @property
    def title(self) -> str:
        """The name it has, as it was or as it is typed."""
        return self["name"].value() or gettext("Another sub-category")

    @property
    def is_blank(self) -> bool:
        """Nothing has been written in it."""
        return not self["name"].value()


class DefinitionForm(forms.Form):
    """A change of what a stage means."""

    explanation = forms.CharField(
        label=_("What it means"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    condition = ConditionField(
        label=_("Entry criteria"),
        required=False,
        help_text=_("Without a test nobody enters by rule; people decide."),
    )
    is_binding = forms.BooleanField(
        label=_("Nobody is moved here by hand without meeting the criteria"), required=False
    )
    needs_qualification = forms.BooleanField(
        label=_("Nobody enters without a positive qualification"), required=False
    )
    owner_team = forms.ModelChoiceField(
        label=_("Owner"),
        required=False,
        queryset=Team._base_manager.none(),
        help_text=_("The team that answers for the stage."),
    )
    moves_to = forms.MultipleChoiceField(
        label=_("By hand, a lead may go on to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens by itself – a score, a qualification, a won deal – is not held."),
    )
    exit_reasons = LinesField(
        label=_("Exit reasons"),
        required=False,
        max_length=2_500,
        help_text=_("One a line. Who moves a lead back or aside chooses one, and may add words."),
    )
    reason = ReasonField()

    def __init__(self, data: Any, *, stage: str, current: Definition | None) -> None:
        super().__init__(data, initial=_as_initial(current))
        fields: dict[str, Any] = self.fields
        fields["owner_team"].empty_label = gettext("No team")
        fields["owner_team"].queryset = Team.objects.active().order_by("name_key")
        fields["moves_to"].choices = [each for each in Stage.choices if each[0] != stage]
        if stage not in WITH_CRITERIA:
            del fields["condition"], fields["is_binding"]
        elif stage != Stage.MQL:
            fields["condition"].help_text = _("What people check before they move a lead here.")
        if stage != Stage.SQL:
            del fields["needs_qualification"]
        self.stored = current.subcategories if current else []

    @cached_property
    def subcategories(self) -> list[SubcategoryForm]:
        """A form for each sub-category, and a blank one to add the next."""
        return list(self._rows())

    def _rows(self) -> Iterator[SubcategoryForm]:
        if self.is_bound:
            for nth in range(MOST_SUBCATEGORIES + 1):
                if f"sub{nth}-name" in self.data:
                    yield SubcategoryForm(self.data, prefix=f"sub{nth}")
            return
        for nth, told in enumerate([*self.stored, {}][:MOST_SUBCATEGORIES]):
            yield SubcategoryForm(prefix=f"sub{nth}", initial=told)

    def is_valid(self) -> bool:
        """Both its own fields and those of its sub-categories."""
        return all([super().is_valid(), *(each.is_valid() for each in self.subcategories)])

    def as_told(self) -> dict[str, Any]:
        """What `propose_change` takes; without rows of sub-categories they stay as they are."""
        told = dict(self.cleaned_data)
        if self.subcategories:
            rows = [each.cleaned_data for each in self.subcategories]
            told["subcategories"] = [row for row in rows if row["name"]]
        return told


class CompanyRuleForm(forms.Form):
    """A change of how a company's stage follows from its people."""

    least_people = forms.IntegerField(
        label=_("How many people must have come to a stage"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_(
            "1: the furthest person decides. Where fewer are live, all of them must have come to"
            " it; one customer always makes the company a customer."
        ),
    )
    reason = ReasonField()

    def __init__(self, data: Any, *, current: CompanyRule | None) -> None:
        initial: dict[str, Any] = {"least_people": current.least_people if current else 1}
        if current and current.is_draft:
            initial["reason"] = current.reason
        super().__init__(data, initial=initial)

    def as_told(self) -> dict[str, Any]:
        """What `propose_company_rule` takes."""
        return dict(self.cleaned_data)


def _as_initial(current: Definition | None) -> dict[str, Any]:
    if current is None:
        return {"needs_qualification": True, "moves_to": Stage.values}
    names = ("explanation", "condition", "is_binding", "needs_qualification")
    told = {
        name: getattr(current, name) for name in (*names, "moves_to", "exit_reasons", "owner_team")
    }
    return told | ({"reason": current.reason} if current.is_draft else {})
