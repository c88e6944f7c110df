"""The form field of a condition, and the widget that draws its builder."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions.aloud import read_aloud
from leads.conditions.building.drafts import Draft, Part, draft_of, draft_of_node
from leads.conditions.building.drawing import Drawing
from leads.conditions.building.palette import Palette
from leads.conditions.building.posting import act, asked_act, empty, part_at, posted
from leads.conditions.building.trees import plain, tree_of
from leads.conditions.parsing.nodes import parse
from leads.conditions.parsing.refusing import WrongCondition

Tree = dict[str, Any]


class ConditionWidget(forms.Widget):
    """Rows and groups one adds to; the live count below it is asked for at `count_url`."""

    template_name = "leads/condition.html"
    use_fieldset = True

    def __init__(self, palette: Palette, count_url: str = "", attrs: Any = None) -> None:
        super().__init__(attrs)
        self.palette = palette
        self.count_url = count_url
        self.is_being_changed = False
        self._read: tuple[Any, Draft | None] = (None, None)
        self._focus = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft | None:
        """The draft that was posted, after what its buttons asked for; read once."""
        if self._read[0] is not data:
            draft = posted(data, name) if hasattr(data, "getlist") else None
            asked = asked_act(data, name) if draft else ""
            self.is_being_changed = bool(asked)
            if draft is not None and asked:
                self._focus = act(draft, asked)
            self._read = (data, draft)
        return self._read[1]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing of it was posted."""
        return f"{name}-part" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template shows: the draft, and what it reads like if it makes sense."""
        draft = self.draft(value)
        context: dict[str, Any] = super().get_context(name, None, attrs)
        return context | builder(draft, name, self.palette, self._focus, self.count_url)

    def draft(self, value: Any) -> Draft:
        """A posted draft as it is; a stored tree taken apart."""
        if isinstance(value, Draft):
            return value
        if not value:
            return empty(self.palette)
        root = parse(value, is_stored=True).root
        return draft_of_node(root) if self.palette.is_one_activity else draft_of(root)


def builder(
    draft: Draft, name: str, palette: Palette, focus: str = "", count_url: str = ""
) -> dict[str, Any]:
    """Context of the builder's template."""
    fields = palette.fields({part.about for _path, part in draft.walk()})
    drawing = Drawing(name, palette, fields, focus)
    query = f"?name={name}&{palette.as_query()}"
    return {
        "name": name,
        "root": drawing.draw(draft),
        "edit_address": workspace_reverse("leads:condition_edit") + query,
        "count_address": count_url or workspace_reverse("leads:condition_count") + query,
        "reading": "" if palette.is_nobody and not draft.parts else _reading(draft, fields),
        "is_nobody": palette.is_nobody,
    }


def _reading(draft: Draft, fields: Mapping[str, Any]) -> str:
    try:
        return read_aloud(parse(tree_of(draft, fields), is_stored=True))
    except WrongCondition:
        return ""


class ConditionField(forms.Field):
    """A condition somebody writes; cleaned it is a checked JSON tree, {} when nothing is asked.

    While a row is added or removed without scripts, the form is drawn again and not valid.
    """

    widget: ConditionWidget

    def __init__(self, *, palette: Palette = Palette(), count_url: str = "", **rest: Any) -> None:  # noqa: B008  # frozen
        self.palette = palette
        self.kept: frozenset[UUID] = frozenset()  # segments named before, retired since perhaps
        super().__init__(widget=ConditionWidget(palette, count_url), **rest)

    def clean(self, value: Draft | None) -> Tree:
        """Check it; what is wrong is said at its row."""
        if self.widget.is_being_changed:
            raise ValidationError([])
        if value is None or (value.part is Part.GROUP and not value.parts):
            if self.required:
                raise ValidationError(_("Add a test."), code="required")
            return {}
        return self._checked(value)

    def _checked(self, draft: Draft) -> Tree:
        tree = tree_of(draft, self.palette.fields())
        try:
            parse(tree, kept=self.kept)
        except WrongCondition as wrong:
            part_at(draft, wrong.field).error = wrong.sentence
            raise ValidationError(_("Look at the row that is marked.")) from wrong
        return plain(tree)
