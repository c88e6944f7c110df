"""Numbers apps above keep of leads, and lend to conditions and lists: scores by product, chances.

The table is `leadmgmt/lending.py`; this app only knows that there are lenders.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import Promise

if TYPE_CHECKING:
    from leads.conditions.sql.pieces import Sql
    from leads.conditions.tree import Test

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Lender:
    """An app's numbers about leads, each a field whose name is `prefix` and the key of an offer.

    `offers`: rows (prefix, key, what people call it, place) of the fields there are; asked with
    True also of those that have retired. `label`: what a field is called, from what people call it.
    `leads`: given a key, a test (None: there is a number) and which rows `lent` matter, the query
    for the `lead_id` of those for whom it holds. `column`: given a key, the number beside a row
    `lead`. `unit` stands behind it.
    """

    prefix: str
    offers: Callable[[bool], Rows]
    label: Callable[[str], str | Promise]
    leads: "Callable[[str, Test | None, Sql], Sql]"
    column: Callable[[str], str]
    unit: str = ""


def _nothing() -> Sequence[Rows]:
    return ()


_lenders: Mapping[str, Lender] = {}
_withheld: Callable[[], Sequence[Rows]] = _nothing

WITHHELD = "-"
"""In place of a prefix: the key is a field of ours that says nothing in this workspace now."""


def bind(*lenders: Lender, withheld: Callable[[], Sequence[Rows]] = _nothing) -> None:
    """Make these the lenders in force (the composition root does, at start-up)."""
    global _lenders, _withheld
    _lenders = {each.prefix: each for each in lenders}
    _withheld = withheld


def lender_called(prefix: str) -> Lender:
    """The lender of fields whose names begin so."""
    return _lenders[prefix]


def prefixes() -> tuple[str, ...]:
    """How the names of lent fields begin."""
    return tuple(_lenders)


def is_lent(name: str) -> bool:
    """A field of that name would be lent."""
    return name.startswith(prefixes())


def offers(*, with_retired: bool = False) -> list[Rows]:
    """What all lenders offer, and what is withheld, to be read in one statement."""
    lent = [each.offers(with_retired) for each in _lenders.values()]
    return [*lent, *(() if with_retired else _withheld())]
