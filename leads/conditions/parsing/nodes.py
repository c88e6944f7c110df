"""Reading the tree itself: groups, and tests of fields."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from leads.conditions.condition import Condition
from leads.conditions.fields import COMPANY, CONSENT, CUSTOM, STANDARD, Field
from leads.conditions.known import known_fields
from leads.conditions.operators import ValueKind
from leads.conditions.parsing.activities import read_activity_test
from leads.conditions.parsing.refusing import Path, did_you_mean, listed, refuse, shown
from leads.conditions.parsing.values import read_test
from leads.conditions.tree import ActivityTest, FieldTest, Group, Node, Test, Word, leaves
from leads.lending import is_lent
from leads.models import Segment, Tag

DEEPEST = 5
MOST_TESTS = 60
MOST_LISTED = 20
LONGEST_QUERY = 20_000

OWN = (CUSTOM, COMPANY + CUSTOM, CONSENT)


def is_own(name: str) -> bool:
    """A field of that name the workspace would have made itself, or an app would lend."""
    return name.startswith(OWN) or is_lent(name)


def parse(tree: Any, *, is_stored: bool = False, kept: frozenset[UUID] = frozenset()) -> Condition:
    """Check a JSON tree and make it a Condition; raises WrongCondition with a sentence.

    `is_stored`: it was checked when it was written, and what has been retired or deleted since (a
    custom field, one of its choices, a segment) may still be named in it. `kept`: segments it
    named before it was changed, which may have retired.
    """
    root = _Parser(is_stored=is_stored, kept=kept).node(tree, (), 1)
    if sum(1 for _leaf in leaves(root)) > MOST_TESTS:
        refuse(
            _("This condition has more than %(most)s tests; divide it.") % {"most": MOST_TESTS}, ()
        )
    return Condition(root, tree)


def condition_from_query(text: str) -> Condition:
    """The condition in a page's address or a request's parameter: its JSON tree."""
    if len(text) > LONGEST_QUERY:
        refuse(_("The condition has more than %(most)d characters.") % {"most": LONGEST_QUERY}, ())
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        refuse(_("The condition is not valid JSON."), ())
    return parse(tree)


class _Parser:
    """Walks the tree; asks for what the workspace has made itself only when it is named."""

    def __init__(self, *, is_stored: bool, kept: frozenset[UUID]) -> None:
        self._is_stored = is_stored
        self._kept = kept
        self._fields: Mapping[str, Field] = {field.name: field for field in STANDARD}

    @cached_property
    def _all_fields(self) -> Mapping[str, Field]:
        return known_fields(with_retired=self._is_stored, with_lent=True)

    def node(self, tree: Any, path: Path, depth: int) -> Node:
        if not isinstance(tree, dict):
            refuse(
                _("A condition is an object such as %(example)s, not %(value)s.")
                % {"example": '{"field": "country", "is": "India"}', "value": shown(tree)},
                path,
            )
        if depth > DEEPEST:
            refuse(
                _("Groups may lie %(deepest)s deep at most; flatten this one.")
                % {"deepest": DEEPEST},
                path,
            )
        return self._kind_of_node(tree, path)(tree, path, depth)

    def _kind_of_node(self, tree: dict[str, Any], path: Path) -> Callable[..., Node]:
        if "field" in tree:
            return self._field_test
        if "activity" in tree:
            return self._activity_test
        if len(tree) != 1 or next(iter(tree)) not in tuple(Word):
            refuse(
                _(
                    "A condition starts with “field”, “activity”, “all”, “any” or “none”;"
                    " here stands %(keys)s."
                )
                % {"keys": listed(tree) or _("nothing")},
                path,
            )
        return self._group

    def _group(self, tree: dict[str, Any], path: Path, depth: int) -> Group:
        word, parts = next(iter(tree.items()))
        path = (*path, word)
        if not isinstance(parts, list):
            refuse(
                _("“%(word)s” takes a list of conditions, not %(value)s.")
                % {"word": word, "value": shown(parts)},
                path,
            )
        if not parts and word != Word.ALL:
            refuse(_("“%(word)s” needs at least one condition.") % {"word": word}, path)
        nodes = [self.node(each, (*path, str(at)), depth + 1) for at, each in enumerate(parts)]
        return Group(Word(word), tuple(nodes))

    def _activity_test(self, tree: dict[str, Any], path: Path, depth: int) -> ActivityTest:
        return read_activity_test(tree, path)

    def _field_test(self, tree: dict[str, Any], path: Path, depth: int) -> FieldTest:
        field = self._field(tree["field"], path)
        rest = {key: value for key, value in tree.items() if key != "field"}
        if self._is_stored and field.is_custom and field.choices:
            field = replace(field, choices=(*field.choices, *_choices_in(rest)))
        test = read_test(rest, field, path)
        if not self._is_stored:
            self._refuse_unknown(field, test, path)
        return FieldTest(field, test)

    def _field(self, name: Any, path: Path) -> Field:
        fields = self._all_fields if isinstance(name, str) and is_own(name) else self._fields
        field = fields.get(name) if isinstance(name, str) else None
        if field is None:
            refuse(
                _("There is no field “%(name)s”.") % {"name": name}
                + did_you_mean(name, fields)
                + " "
                + _("Known fields: %(fields)s.") % {"fields": listed(fields)},
                (*path, "field"),
            )
        return field

    # Tags and segments must be there

    def _refuse_unknown(self, field: Field, test: Test, path: Path) -> None:
        if field.kind not in (ValueKind.TAGS, ValueKind.SEGMENTS):
            return
        known = self._tags if field.kind is ValueKind.TAGS else self._segments
        for value in test.value if isinstance(test.value, tuple) else ():
            if value not in known and value not in self._kept:
                refuse(_unknown(field, value) + _known(known), (*path, test.operator))

    @cached_property
    def _tags(self) -> Mapping[Any, str]:
        return dict(Tag.objects.order_by("name").values_list("id", "name"))

    @cached_property
    def _segments(self) -> Mapping[Any, str]:
        in_use = Segment.objects.filter(retired_at=None)
        return dict(in_use.order_by("name").values_list("id", "name"))


def _choices_in(test: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    value = next(iter(test.values()), "")
    return tuple((str(each), str(each)) for each in (value if isinstance(value, list) else [value]))


def _unknown(field: Field, value: Any) -> str:
    if field.kind is ValueKind.TAGS:
        return _("There is no tag %(id)s.") % {"id": value}
    retired = Segment.objects.filter(pk=value).values_list("name", flat=True).first()
    if retired is not None:
        return _("The segment “%(name)s” has retired; restore it, or take it out.") % {
            "name": retired
        }
    return _("There is no segment %(id)s.") % {"id": value}


def _known(known: Mapping[UUID, str]) -> str:
    if not known:
        return " " + _("There is none yet.")
    some = [f"{name} ({pk})" for pk, name in list(known.items())[:MOST_LISTED]]
    more = ", …" if len(known) > MOST_LISTED else ""
    return " " + _("There are: %(known)s.") % {"known": listed(some) + more}
