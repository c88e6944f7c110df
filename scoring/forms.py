"""What is written about a model and its rules."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions import parse, read_aloud
from leads.conditions.building.form import ConditionField
from leads.conditions.building.palette import Palette
from leads.kinds import Kind
from scoring.actions.words import CIRCULAR, LARGEST, LARGEST_CAP, LONGEST_WINDOW, RuleWords
from scoring.models import Per, Rule, RuleKind
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
    """From which score a lead is hot or warm."""

    hot_from = forms.IntegerField(label=_("Hot from"), min_value=-100_000, max_value=100_000)
    warm_from = forms.IntegerField(label=_("Warm from"), min_value=-100_000, max_value=100_000)


class PublishForm(forms.Form):
    """Why the model changes, and whether anything reacts to it."""

    reason = forms.CharField(
        label=_("Why does the model change?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the list of versions, beside your name."),
    )
    is_loud = forms.BooleanField(
        label=_("Let stages, sequences and messages react to the new scores"),
        required=False,
        help_text=_("Otherwise only the figures change; facts from now on react as always."),
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


class ProfileForm(RuleForm):
    """Who gets the points."""

    condition = ConditionField(label=_("Given to leads for whom"), palette=PROFILE)


class BehaviourForm(RuleForm):
    """What leads do to get the points."""

    condition = ConditionField(label=_("When a lead"), palette=BEHAVIOUR)
    given = forms.ChoiceField(
        label=_("The points are given"),
        choices=GIVEN,
        widget=forms.Select(
            attrs={
                "hx-post": "",
                "hx-trigger": "change",
                "hx-target": "#rule-editor",
                "hx-swap": "outerHTML",
            }
        ),
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

    def clean_condition(self) -> dict[str, Any]:
        """What the lead does, with how often it has to."""
        tree: dict[str, Any] = dict(self.cleaned_data["condition"])
        given, times = self.data.get("given"), self.data.get("times", "")
        if given == NEVER:
            return tree | {"never": True}
        if given == ONCE and times.isdigit() and int(times) > 1:
            return tree | {"at_least": int(times)}
        return tree


class RuleEditor:
    """The form of a rule, empty, of a stored rule, or as posted; checked when it is to be saved."""

    def __init__(
        self,
        kind: str,
        data: QueryDict | None = None,
        rule: Rule | None = None,
        *,
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

    def _initial(self) -> dict[str, Any]:
        rule = self.rule
        if rule is None:
            condition = FIRST_PROFILE if self.is_profile else FIRST_BEHAVIOUR
            return {"points": 10, "given": Per.DAY.value, "condition": condition}
        values = {"name": rule.name, "points": rule.points, "condition": rule.condition}
        return values if self.is_profile else values | self._initial_behaviour(rule)

    def _initial_behaviour(self, rule: Rule) -> dict[str, Any]:
        test = activity_of(rule)
        is_never = test.most == 0
        return {
            "given": NEVER if is_never else rule.per,
            "times": test.least if rule.per == Per.ONCE and not is_never else None,
            "window_days": rule.window_days,
            "cap": rule.cap,
        }

    @property
    def is_often(self) -> bool:
        """The points are given again and again, so that they can be capped."""
        return str(self.form["given"].value()) not in (ONCE, NEVER)

    @property
    def is_counted(self) -> bool:
        """The points depend on how often it happened."""
        return str(self.form["given"].value()) == ONCE

    def words(self) -> RuleWords:
        """What was written, for the action; call it on a valid form only."""
        values = self.form.cleaned_data
        condition = values["condition"]
        name = values["name"] or read_aloud(parse(condition))[:120]
        if self.is_profile:
            return RuleWords(name, self.kind, condition, values["points"])
        per = Per.ONCE.value if values["given"] in (ONCE, NEVER) else values["given"]
        cap = values["cap"] if per != Per.ONCE else None
        return RuleWords(
            name, self.kind, condition, values["points"], per, values["window_days"], cap
        )


def _as_posted(data: QueryDict, form: type[RuleForm]) -> dict[str, Any]:
    """What stands in the form, to be drawn again without being checked."""
    field: Any = form.base_fields["condition"]
    return data.dict() | {"condition": field.widget.value_from_datadict(data, {}, "condition")}
