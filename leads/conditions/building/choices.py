"""What the inputs of a builder can be set to; what is named by id is asked for once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.conditions.aloud import TABLES
from leads.conditions.building.drafts import ACTIVITY, PROPERTY, UNKNOWN, Draft, Part, Span
from leads.conditions.building.palette import Palette
from leads.conditions.fields import ABOUT, OF_ACTIVITY, About, Field, Noun
from leads.conditions.operators import OPERATORS, TESTS_OF, Label, ValueKind
from leads.conditions.tree import Word
from leads.kinds import Kind

Choice = tuple[str, Label]
Choices = Sequence[Choice]
Groups = Sequence[tuple[Label, Choices]]

MOST_CHOICES = 500

WORDS: Choices = (
    (Word.ALL, gettext_lazy("all of these are true")),
    (Word.ANY, gettext_lazy("any of these is true")),
    (Word.NONE, gettext_lazy("none of these is true")),
)
COUNTS: Choices = (
    ("at_least", gettext_lazy("at least")),
    ("exactly", gettext_lazy("exactly")),
    ("at_most", gettext_lazy("at most")),
    ("between", gettext_lazy("between")),
    ("never", gettext_lazy("never")),
)
SPANS: Choices = (
    (Span.EVER, gettext_lazy("at any time")),
    (Span.WITHIN, gettext_lazy("in the last")),
    (Span.BEYOND, gettext_lazy("longer ago than")),
    (Span.BETWEEN, gettext_lazy("between, ago")),
)
PROPERTY_TESTS = (
    *("is", "is_not", "contains", "does_not_contain", "starts_with", "is_one_of"),
    *("is_at_least", "is_at_most", "is_known"),
)
OTHER = gettext_lazy("Another one…")

# What each kind of activity usually says about itself.
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    Kind.VISIT: ("path", "title", "referrer"),
    Kind.PAGE_VIEW: ("path", "title", "url"),
    Kind.PAGE_LEFT: ("path", "seconds"),
    Kind.FORM_SUBMITTED: ("form", "path", "document"),
    Kind.LEAD_CREATED: ("form",),
    Kind.IMPORTED: ("file",),
    Kind.ASSIGNED: ("owner",),
    Kind.STAGE_ENTERED: ("to", "from", "reason"),
    Kind.QUALIFICATION: ("outcome",),
    Kind.DEAL_OPENED: ("deal", "amount"),
    Kind.DEAL_WON: ("deal", "amount"),
    Kind.DEAL_LOST: ("deal", "amount", "reason"),
    Kind.MESSAGE_SENT: ("subject", "sequence"),
    Kind.MESSAGE_OPENED: ("subject", "sequence"),
    Kind.MESSAGE_CLICKED: ("url", "subject", "sequence"),
    Kind.TRAINING_SENT: ("training",),
    Kind.ENROLLED: ("sequence",),
}
USUAL = ("path", "outcome", "subject")


def subjects(palette: Palette, fields: Mapping[str, Field], chosen: str) -> Groups:
    """What a test can be about, group by group; `company` itself only where it is chosen."""
    shown = [
        each for each in fields.values() if each.noun is not Noun.COMPANY or each.name == chosen
    ]
    groups: list[tuple[Label, Choices]] = []
    for about, label in ABOUT.items():
        choices: list[Choice] = [
            (each.name, capfirst(str(each.label))) for each in shown if each.about is about
        ]
        if about is About.ACTIVITY and palette.has_activities:
            choices = kinds(chosen)
        if choices:
            groups.append((label, choices))
    return groups


def kinds(chosen: str) -> list[Choice]:
    """Kinds of activity; last the way to name one that is not listed."""
    known = [(ACTIVITY + kind, label) for kind, label in Kind.choices]
    return [*known, *_unlisted(chosen, ACTIVITY, known), (ACTIVITY, OTHER)]


def properties(kind: str, chosen: str) -> Groups:
    """What can narrow an activity down: where it came from, and what it says about itself."""
    known = [(PROPERTY + name, name) for name in PROPERTIES.get(kind, USUAL)]
    own = [*known, *_unlisted(chosen, PROPERTY, known), (PROPERTY, OTHER)]
    origin = [(name, capfirst(str(field.label))) for name, field in OF_ACTIVITY.items()]
    return [(_("What it says"), own), (_("Where it came from"), origin)]


def _unlisted(chosen: str, prefix: str, known: Iterable[Choice]) -> list[Choice]:
    is_listed = chosen in dict(known) or not chosen.startswith(prefix) or chosen == prefix
    return [] if is_listed else [(chosen, chosen.removeprefix(prefix))]


def operators(draft: Draft, field: Field | None) -> list[Choice]:
    """The tests the value knows; of a property, those of text and number."""
    names = TESTS_OF[field.kind] if field else PROPERTY_TESTS
    shown: list[Choice] = [(name, OPERATORS[name][0]) for name in names]
    if draft.part is Part.WHERE or "is_known" in names:
        shown.append((UNKNOWN, _("is not known")))
    return shown


class References:
    """Names of members, campaigns, tags and segments, to choose from."""

    def __init__(self) -> None:
        self._found: dict[Noun, list[Choice]] = {}

    def of(self, field: Field | None, values: Sequence[str]) -> Choices:
        """What a field can be set to, and what it is set to although one cannot choose it now."""
        if field is None:
            return ()
        if field.kind is ValueKind.YES_NO:
            return [("yes", _("yes")), ("no", _("no"))]
        if field.noun is None:
            return [*field.choices, *_missing(field.choices, values)] if field.choices else ()
        known = self._choices(field.noun)
        return [*known, *self._others(field.noun, known, values)]

    def _choices(self, noun: Noun) -> list[Choice]:
        if noun is Noun.COMPANY:
            return []
        if noun not in self._found:
            named = _in_use(noun).values_list("id", "name")[:MOST_CHOICES]
            self._found[noun] = [(str(pk), name) for pk, name in named]
        return self._found[noun]

    def _others(self, noun: Noun, known: Choices, values: Sequence[str]) -> list[Choice]:
        """Retired, or too many to be listed."""
        missing = [value for value, _label in _missing(known, values)]
        ids = [value for value in missing if _is_id(value)]
        if not ids:
            return []
        rows = TABLES[noun]._default_manager.filter(pk__in=ids).values_list("id", "name")
        names = {str(pk): name for pk, name in rows}
        return [(value, names.get(value, _("somebody or something deleted"))) for value in ids]


def _in_use(noun: Noun) -> "QuerySet[Any]":
    rows: QuerySet[Any] = TABLES[noun]._default_manager.all()
    rows = rows.order_by("name")
    left = {Noun.MEMBER: "left_at", Noun.SEGMENT: "retired_at"}.get(noun)
    return rows.filter(**{left: None}) if left else rows


def _missing(known: Choices, values: Sequence[str]) -> list[Choice]:
    listed = {value for value, _label in known}
    return [(value, value) for value in values if value and value not in listed]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
