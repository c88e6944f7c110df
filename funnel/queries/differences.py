"""Two versions of a definition compared, in words both teams read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from funnel.models import AgreedVersion, Definition
from leads.conditions import parse, read_aloud
from leads.models import Stage

V = TypeVar("V", bound=AgreedVersion)
Compare = Callable[[V | None, V], list["Difference"]]


@dataclass(frozen=True)
class Difference:
    """One thing that changed: what it is, how it was and how it is; empty where there was none."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A version that was published, and what it changed."""

    version: AgreedVersion
    changes: Sequence[Difference]


def history_of(published: Sequence[V], compare: Compare[V]) -> list[Version]:
    """What each of these versions, the newest first, changed; the first one is new altogether."""
    before: list[V | None] = [*published[1:], None][: len(published)]
    return [
        Version(each, compare(former, each)) for each, former in zip(published, before, strict=True)
    ]


def differences(before: Definition | None, after: Definition) -> list[Difference]:
    """What the later version changes, in the order one reads a definition; all of a first one."""
    old = _read(before) if before else {}
    new = _read(after)
    return [
        Difference(what, old.get(what, ""), new.get(what, ""))
        for what in dict.fromkeys([*new, *old])
        if old.get(what, "") != new.get(what, "")
    ]


def criteria_of(definition: Definition | None) -> str:
    """The condition of a version in plain words."""
    return _aloud(definition.condition) if definition else ""


def subcategory_aloud(subcategory: Mapping[str, Any]) -> str:
    """Who is in a sub-category, in words."""
    return _aloud(subcategory["condition"]) or _("everybody else in the stage")


def _read(definition: Definition) -> dict[str, str]:
    return {what: text for what, text in _lines(definition) if text}


def _lines(definition: Definition) -> Iterator[tuple[str, str]]:
    yield _("Explanation"), definition.explanation
    yield _("Owner"), str(definition.owner_team or "")
    yield _("Entry criteria"), criteria_of(definition)
    if definition.condition:
        binds = _("nobody is moved here without meeting them")
        yield _("Entry criteria bind"), binds if definition.is_binding else ""
    if definition.stage == Stage.SQL:
        asked, waived = _("asked for"), _("not asked for")
        yield _("Qualification"), asked if definition.needs_qualification else waived
    for each in definition.subcategories:
        yield _("Sub-category “%(name)s”") % each, _subcategory(each)
    yield _("May go on to"), _listed([stage.label for stage in definition.may_go_to])
    yield _("Exit reasons"), _listed(definition.exit_reasons)


def _subcategory(told: Mapping[str, Any]) -> str:
    words = [str(told["explanation"]), subcategory_aloud(told)]
    return " – ".join(each for each in words if each)


def _listed(names: Sequence[Any]) -> str:
    return ", ".join(str(each) for each in names)


def _aloud(tree: Any) -> str:
    return read_aloud(parse(tree, is_stored=True)) if tree else ""
