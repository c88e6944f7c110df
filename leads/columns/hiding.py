"""Columns a workspace has no use for. Apps above know which; the composition root binds them."""

from collections.abc import Callable
from dataclasses import replace

from leads.columns.column import Table

Provider = Callable[[str], frozenset[str]]


def _nothing(_table: str) -> frozenset[str]:
    return frozenset()


_provider: Provider = _nothing


def bind(provider: Provider) -> None:
    """Ask `provider`, which takes the name of a table, from now on."""
    global _provider
    _provider = provider


def useful(table: Table) -> Table:
    """The table without what would be empty for everybody in this workspace."""
    idle = _provider(table.table)
    if not idle:
        return table
    return replace(table, columns=tuple(each for each in table.columns if each.name not in idle))
