"""What is written about a model and its rules."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.strict import LARGEST as LARGEST_NUMBER
from leadmgmt.kernel.strict import whole_number
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions import parse, read_aloud
from leads.conditions.building.form import ConditionField
from leads.conditions.building.palette import Palette
from leads.kinds import Kind
from leads.uses import segments_named
from scoring.actions import sorting
from scoring.actions.models import LONGEST_NAME
from scoring.actions.words import CIRCULAR, LARGEST, LARGEST_CAP, LONGEST_WINDOW, RuleWords
from scoring.models import Decay, ModelVersion, Per, Purpose, Rule, RuleKind
from scoring.rules import activity_of

PROFILE = Palette(without=CIRCULAR, has_activities=False)
BEHAVIOUR = Palette(is_one_activity=True)
FIRST_PROFILE = {"field": "job_title", "is_known": True}
FIRST_BEHAVIOUR = {"activity": Kind.PAGE_VIEW.value}

ONCE, NEVER = "once", "never"
GIVEN = (
    (Per.OCCURRENCE.value, _("each time")),
    (Per.DAY.value, _("once a day")),
    (ONCE, _("once, if often enough")),
    (NEVER, _("once, if it never happened")),
)


class ThresholdsForm(forms.Form):
    """How a score is sorted: bounds of classes, or of grades, and the ends of the scale."""

    hot_from = forms.IntegerField(label=_("Hot from"), min_value=-100_000, max_value=100_000)
    warm_from = forms.IntegerField(label=_("Warm from"), min_value=-100_000, max_value=100_000)
    grades = forms.CharField(
        label=_("Grades from"),
        help_text=_("The least points of A+, A, A-, B+ … down to D-; all below is F."),
    )
    least = forms.IntegerField(
        label=_("No score below"),
        required=False,
        help_text=_("Empty means no end; 0 keeps scores from falling below zero."),
    )
    most = forms.IntegerField(label=_("No score above"), required=False)

    def __init__(self, data: QueryDict | None, *, draft: ModelVersion) -> None:
        shown = ("hot_from", "warm_from", "least", "most")
        initial = {name: getattr(draft, name) for name in shown}
        super().__init__(data, initial=initial | {"grades": ", ".join(map(str, draft.grades))})
        self.draft = draft
        self.is_grading = draft.model.purpose == Purpose.FIT
        for name in ("hot_from", "warm_from") if self.is_grading else ("grades",):
            del self.fields[name]

    def clean_grades(self) -> list[int]:
        """Numbers with commas between."""
        try:
            return [int(each) for each in self.cleaned_data["grades"].split(",")]
        except ValueError:
            raise forms.ValidationError(_("Write whole numbers with commas between.")) from None

    def save(self) -> None:
        """Tell the draft, all or nothing."""
        said = self.cleaned_data
        with transaction.atomic():
            if self.is_grading:
                sorting.set_grades(self.draft, said["grades"])
            else:
                sorting.set_thresholds(
                    self.draft, hot_from=said["hot_from"], warm_from=said["warm_from"]
                )
            sorting.set_bounds(self.draft, least=said["least"], most=said["most"])


class ModelForm(forms.Form):
    """A further model: what for, and what it is called."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[choice for choice in Purpose.choices if choice[0] != Purpose.MAIN],
    )
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class GroupForm(forms.Form):
    """Rules that are capped together."""

    name = forms.CharField(label=_("Group"), max_length=LONGEST_NAME)
    cap = forms.IntegerField(
        label=_("At most, together"), min_value=1, max_value=LARGEST_CAP, initial=30
    )


def _redrawn() -> forms.Select:
    """A choice that changes what else is asked."""
    return forms.Select(
        attrs={
            "hx-post": "",
            "hx-trigger": "change",
            "hx-target": "#rule-editor",
            "hx-swap": "outerHTML",
        }
    )


class RuleForm(forms.Form):
    """Name and points."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Left empty, the rule is named after what it looks for."),
    )
    points = forms.IntegerField(
        label=_("Points"),
        min_value=-LARGEST,
        max_value=LARGEST,
        help_text=_("Below zero they count against the lead."),
    )
    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        help_text=_("Rules of a group give no more than its cap together."),
    )


class ProfileForm(RuleForm):
    """Who gets the points."""

    condition = ConditionField(label=_("Given to leads for whom"), palette=PROFILE)


class BehaviourForm(RuleForm):
    """What leads do to get the points."""

    condition = ConditionField(label=_("When a lead"), palette=BEHAVIOUR)
    given = forms.ChoiceField(
        label=_("The points are given"),
        choices=GIVEN,
        widget=_redrawn(),
    )
    times = forms.IntegerField(
        label=_("How often, at least"), min_value=1, max_value=10_000, required=False
    )
    window_days = forms.IntegerField(
        label=_("Days that count"),
        min_value=0,
        max_value=LONGEST_WINDOW,
        required=False,
        help_text=_("Only what happened in so many days; empty means ever."),
    )
    cap = forms.IntegerField(
        label=_("At most, points"), min_value=1, max_value=LARGEST_CAP, required=False
    )

    decay = forms.ChoiceField(
        label=_("The points fade"), choices=Decay.choices, required=False, widget=_redrawn()
    )
    half_life_days = forms.IntegerField(
        label=_("Half is left after, days"),
        min_value=1,
        max_value=LONGEST_WINDOW,
        required=False,
        help_text=_("Points of today count whole, after so many days half, after twice a quarter."),
    )
    steps = forms.CharField(
        label=_("Steps"),
        required=False,
        help_text=_("Days and percent left: “30: 50, 60: 0” is half after 30 days, none after 60."),
    )

    def clean_steps(self) -> list[list[int]]:
        """Pairs with commas between, days and percent with a colon."""
        pairs = [each.split(":") for each in self.cleaned_data["steps"].split(",") if each.strip()]
        try:
            return [[int(part.strip(" %")) for part in pair] for pair in pairs]
        except ValueError:
            raise forms.ValidationError(_("Write pairs such as “30: 50, 60: 0”.")) from None

    def clean_condition(self) -> dict[str, Any]:
        """What the lead does, with how often it has to."""
        tree: dict[str, Any] = dict(self.cleaned_data["condition"])
        given, times = self.data.get("given"), self.data.get("times", "")
        if given == NEVER:
            return tree | {"never": True}
        least = whole_number(times, most=LARGEST_NUMBER - 1)
        if given == ONCE and least and least > 1:
            return tree | {"at_least": least}
        return tree


class RuleEditor:
    """The form of a rule, empty, of a stored rule, or as posted; checked when it is to be saved."""

    def __init__(
        self,
        kind: str,
        data: QueryDict | None = None,
        rule: Rule | None = None,
        *,
        draft: ModelVersion | None = None,
        is_saving: bool = True,
    ) -> None:
        self.kind = kind
        self.rule = rule
        self.is_profile = kind == RuleKind.PROFILE
        form = ProfileForm if self.is_profile else BehaviourForm
        initial = self._initial() if data is None or is_saving else _as_posted(data, form)
        self.form: RuleForm = form(data if is_saving else None, initial=initial)
        field: Any = self.form.fields["condition"]
        field.widget.count_url = workspace_reverse("scoring:rule_count", kind=kind)
        field.kept = segments_named(rule.condition if rule else None)
        self.groups = list(draft.groups.order_by("position")) if draft else []
        self.form.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *((str(each.pk), str(each)) for each in self.groups),
        ]

    def _initial(self) -> dict[str, Any]:
        rule = self.rule
        if rule is None:
            condition = FIRST_PROFILE if self.is_profile else FIRST_BEHAVIOUR
            return {"points": 10, "given": Per.DAY.value, "condition": condition}
        values = {"name": rule.name, "points": rule.points, "condition": rule.condition}
        values["group"] = str(rule.group_id or "")
        return values if self.is_profile else values | self._initial_behaviour(rule)

    def _initial_behaviour(self, rule: Rule) -> dict[str, Any]:
        test = activity_of(rule)
        is_never = test.most == 0
        return {
            "given": NEVER if is_never else rule.per,
            "times": test.least if rule.per == Per.ONCE and not is_never else None,
            "window_days": rule.window_days,
            "cap": rule.cap,
            "decay": rule.decay,
            "half_life_days": rule.half_life_days,
            "steps": ", ".join(f"{days}: {percent}" for days, percent in rule.steps),
        }

    @property
    def is_often(self) -> bool:
        """The points are given again and again, so that they can be capped."""
        return str(self.form["given"].value()) not in (ONCE, NEVER)

    @property
    def is_counted(self) -> bool:
        """The points depend on how often it happened."""
        return str(self.form["given"].value()) == ONCE

    @property
    def decay(self) -> str:
        """How its points fade."""
        return str(self.form["decay"].value() or Decay.NONE)

    @property
    def has_day(self) -> bool:
        """What it looks for happened on a day, so that its points can fade."""
        return str(self.form["given"].value()) != NEVER

    def words(self) -> RuleWords:
        """What was written, for the action; call it on a valid form only."""
        values = self.form.cleaned_data
        condition = values["condition"]
        name = values["name"] or read_aloud(parse(condition))[:120]
        group = UUID(values["group"]) if values["group"] else None
        if self.is_profile:
            return RuleWords(name, self.kind, condition, values["points"], group=group)
        per = Per.ONCE.value if values["given"] in (ONCE, NEVER) else values["given"]
        cap = values["cap"] if per != Per.ONCE else None
        return RuleWords(
            *(name, self.kind, condition, values["points"], per, values["window_days"], cap),
            decay=Decay.NONE if values["given"] == NEVER else values["decay"] or Decay.NONE,
            half_life_days=values["half_life_days"],
            steps=values["steps"],
            group=group,
        )


def _as_posted(data: QueryDict, form: type[RuleForm]) -> dict[str, Any]:
    """What stands in the form, to be drawn again without being checked."""
    field: Any = form.base_fields["condition"]
    return data.dict() | {"condition": field.widget.value_from_datadict(data, {}, "condition")}
