"""What is written about a model and its rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leads.conditions import Field, PropertyTest, Word, WrongCondition, parse, read_aloud
from leads.conditions.rows import (
    WORDS,
    Drawn,
    Row,
    drawn_fields,
    drawn_properties,
    posted_rows,
    rows_of,
    rows_of_properties,
    tests_of_fields,
    tests_of_properties,
    with_error,
    with_new_row,
    word_of,
)
from leads.kinds import Kind
from scoring.actions.drafting import LARGEST, LARGEST_CAP, LONGEST_WINDOW, RuleWords
from scoring.models import Per, Rule, RuleKind
from scoring.rules import activity_of

FIRST_FIELD = "job_title"
CIRCULAR = ("score", "lead_class")

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
    """Name and points; what a rule looks at stands in its rows."""

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

    word = forms.ChoiceField(
        label=_("Given to leads for whom"), choices=list(WORDS.items()), initial=Word.ALL
    )


class BehaviourForm(RuleForm):
    """What leads do to get the points."""

    activity = forms.ChoiceField(label=_("When a lead"))
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = str(self["activity"].value() or "")
        others = [(wanted, wanted)] if wanted and wanted not in Kind.values else []
        self.fields["activity"].choices = [*Kind.choices, *others]  # type: ignore[attr-defined]


class RuleEditor:
    """The form of a rule together with its rows; nothing is checked unless it is being saved."""

    def __init__(
        self,
        kind: str,
        fields: Mapping[str, Field],
        data: QueryDict | None = None,
        rule: Rule | None = None,
        *,
        is_saving: bool = True,
    ) -> None:
        self.kind = kind
        self.fields = {name: field for name, field in fields.items() if name not in CIRCULAR}
        self.rule = rule
        self.is_profile = kind == RuleKind.PROFILE
        self.rows: list[Row] = posted_rows(data) if data is not None else self._stored_rows()
        form = ProfileForm if self.is_profile else BehaviourForm
        initial = self._initial() if data is None or is_saving else data.dict()
        self.form: RuleForm = form(data if is_saving else None, initial=initial)

    # What is stored

    def _stored_rows(self) -> list[Row]:
        if self.rule is None:
            return [Row("0", FIRST_FIELD)] if self.is_profile else []
        if not self.is_profile:
            where = activity_of(self.rule).where
            return rows_of_properties([each for each in where if isinstance(each, PropertyTest)])
        return rows_of(parse(self.rule.condition, is_stored=True).root) or []

    @property
    def is_too_deep(self) -> bool:
        """The stored condition has groups inside groups, which rows cannot show."""
        if self.rule is None or not self.is_profile:
            return False
        return rows_of(parse(self.rule.condition, is_stored=True).root) is None

    def _initial(self) -> dict[str, Any]:
        rule = self.rule
        if rule is None:
            return {"points": 10, "given": Per.DAY.value, "activity": Kind.PAGE_VIEW, "word": "all"}
        values = {"name": rule.name, "points": rule.points}
        if self.is_profile:
            root = parse(rule.condition, is_stored=True).root
            return values | {"word": word_of(root)}
        return values | self._initial_behaviour(rule)

    def _initial_behaviour(self, rule: Rule) -> dict[str, Any]:
        test = activity_of(rule)
        is_never = test.most == 0
        return {
            "activity": test.kind,
            "given": NEVER if is_never else rule.per,
            "times": test.least if rule.per == Per.ONCE and not is_never else None,
            "window_days": rule.window_days,
            "cap": rule.cap,
        }

    # Changing rows

    def add_row(self) -> None:
        """One more row below."""
        self.rows = with_new_row(self.rows, FIRST_FIELD if self.is_profile else "path")

    def remove_row(self, key: str) -> None:
        """Take a row out."""
        self.rows = [row for row in self.rows if row.key != key]

    @property
    def is_often(self) -> bool:
        """The points are given again and again, so that they can be capped."""
        return str(self.form["given"].value()) not in (ONCE, NEVER)

    @property
    def is_counted(self) -> bool:
        """The points depend on how often it happened."""
        return str(self.form["given"].value()) == ONCE

    def drawn_rows(self) -> list[Drawn]:
        """The rows with what their inputs can be set to."""
        if self.is_profile:
            return drawn_fields(self.rows, self.fields)
        return drawn_properties(self.rows)

    # What was written

    def condition(self) -> dict[str, Any]:
        """The tree that form and rows describe; not yet checked."""
        rows = [each.row for each in self.drawn_rows()]
        if self.is_profile:
            return {self.form["word"].value() or "all": tests_of_fields(rows, self.fields)}
        values = self.form.cleaned_data if self.form.is_valid() else {}
        tree: dict[str, Any] = {
            "activity": self.form["activity"].value(),
            "where": tests_of_properties(rows),
        }
        if values.get("given") == NEVER:
            tree["never"] = True
        elif values.get("given") == ONCE and (values.get("times") or 1) > 1:
            tree["at_least"] = values["times"]
        return tree

    def words(self) -> RuleWords:
        """What was written, for the action; call it on a valid form only."""
        values = self.form.cleaned_data
        condition = self.condition()
        name = values["name"] or read_aloud(parse(condition))[:120]
        if self.is_profile:
            return RuleWords(name, self.kind, condition, values["points"])
        per = Per.ONCE.value if values["given"] in (ONCE, NEVER) else values["given"]
        cap = values["cap"] if per != Per.ONCE else None
        return RuleWords(
            name, self.kind, condition, values["points"], per, values["window_days"], cap
        )

    def say(self, wrong: WrongCondition) -> None:
        """Put what is wrong with a row at that row."""
        if self.rows:
            self.rows = with_error(self.rows, wrong.field, wrong.sentence)
        else:
            self.form.add_error(None, wrong.sentence)
