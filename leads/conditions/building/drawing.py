"""A draft with all that its inputs can be set to, for the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from leads.conditions.building import choices
from leads.conditions.building.choices import Choices, Groups
from leads.conditions.building.drafts import ACTIVITY, PROPERTY, UNKNOWN, Draft, Part, Span
from leads.conditions.building.palette import Palette
from leads.conditions.building.posting import ROOT
from leads.conditions.currency import currency_code
from leads.conditions.fields import OF_ACTIVITY, Field
from leads.conditions.operators import OPERATORS, Shape, ValueKind
from leads.conditions.parsing.nodes import DEEPEST

MOST_BOXES = 12


@dataclass(frozen=True)
class Drawn:
    """One part as the template shows it; `widget` names the kind of its value input."""

    draft: Draft
    name: str
    path: str
    number: int
    parts: list["Drawn"]
    subjects: Groups = ()
    operators: Choices = ()
    widget: str = ""
    options: Choices = ()
    unit: str = ""
    is_counted: bool = True
    has_focus: bool = False
    words: Choices = field(default=choices.WORDS)
    spans: Choices = field(default=choices.SPANS)

    @property
    def prefix(self) -> str:
        """How the names of its inputs begin."""
        return f"{self.name}-{self.path}-"

    @property
    def is_root(self) -> bool:
        """It holds all others."""
        return self.path == ROOT

    @property
    def may_hold_groups(self) -> bool:
        """A group in it would not lie too deep, and could hold a test."""
        return self.path.count(".") + 3 <= DEEPEST

    @property
    def other(self) -> str | None:
        """What is named in words because it is not listed; None when it is."""
        return "" if self.draft.about in (ACTIVITY, PROPERTY) else None

    @property
    def two_days(self) -> tuple[str, str]:
        """Both ends of a span."""
        first, second = (*self.draft.days, "", "")[:2]
        return first, second

    @property
    def two_values(self) -> tuple[str, str]:
        """Both ends of a count."""
        first, second = (*self.draft.values, "", "")[:2]
        return first, second


class Drawing:
    """Draws the parts of one draft."""

    def __init__(self, name: str, palette: Palette, fields: Mapping[str, Field], focus: str = ""):
        self._name = name
        self._palette = palette
        self._fields = fields
        self._focus = focus
        self._references = choices.References()

    @cached_property
    def _currency(self) -> str:
        return currency_code()

    def draw(self, draft: Draft, path: str = ROOT, number: int = 1, kind: str = "") -> Drawn:
        """A part and all inside it; `kind` of the activity it narrows down."""
        inside = draft.about.removeprefix(ACTIVITY) if draft.is_activity else ""
        parts = [
            self.draw(part, f"{path}.{at}", at + 1, inside) for at, part in enumerate(draft.parts)
        ]
        drawn = Drawn(draft, self._name, path, number, parts, has_focus=path == self._focus)
        if draft.part is Part.GROUP:
            return drawn
        return self._activity(drawn) if draft.is_activity else self._test(drawn, kind)

    def _activity(self, drawn: Drawn) -> Drawn:
        about = drawn.draft.about
        is_alone = self._palette.is_one_activity
        subjects: Groups = (
            [("", choices.kinds(about))]
            if is_alone
            else choices.subjects(self._palette, self._fields, about)
        )
        draft = drawn.draft
        if draft.operator not in dict(choices.COUNTS):
            draft = replace(draft, operator="at_least", values=("1",))
        if draft.span not in dict(choices.SPANS):
            draft = replace(draft, span=Span.EVER)
        return replace(
            drawn,
            draft=draft,
            subjects=subjects,
            operators=choices.COUNTS,
            is_counted=not is_alone,
        )

    def _test(self, drawn: Drawn, kind: str) -> Drawn:
        draft = drawn.draft
        is_where = draft.part is Part.WHERE
        about = (OF_ACTIVITY if is_where else self._fields).get(draft.about)
        subjects = (
            choices.properties(kind, draft.about)
            if is_where
            else choices.subjects(self._palette, self._fields, draft.about)
        )
        operators = choices.operators(draft, about)
        if draft.operator not in dict(operators):
            draft = replace(draft, operator=operators[0][0])
        options = self._references.of(about, draft.values)
        return replace(
            drawn,
            draft=draft,
            subjects=subjects,
            operators=operators,
            options=options,
            widget=_widget(draft.operator, about, len(options)),
            unit=self._unit(about),
        )

    def _unit(self, about: Field | None) -> str:
        if about is None:
            return ""
        return self._currency if about.kind is ValueKind.MONEY else about.unit


def _widget(operator: str, about: Field | None, options: int) -> str:
    if operator in ("is_known", UNKNOWN):
        return "none"
    shape = OPERATORS[operator][1]
    if shape in (Shape.DAYS, Shape.DATE, Shape.NUMBER):
        return {Shape.DAYS: "days", Shape.DATE: "date", Shape.NUMBER: "number"}[shape]
    if about is None or about.kind is ValueKind.TEXT:
        return "texts" if shape is Shape.MANY else "text"
    if shape is Shape.MANY:
        return "boxes" if options <= MOST_BOXES else "choices"
    is_number = about.kind in (ValueKind.NUMBER, ValueKind.MONEY)
    return "number" if is_number else "choice"
