"""Who may open what: the table is `leadmgmt/access/`, this is how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadmgmt.workspaces.models import Role

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY: frozenset[Role] = frozenset()
EVERYBODY = frozenset(Role) - {Role.CLOSER}
"""Everybody of the firm; a closer comes from outside and gets what names closers."""


@dataclass(frozen=True)
class Access:
    """Roles that may look, and roles that may change; nobody else gets past the door."""

    read: frozenset[Role] = NOBODY
    write: frozenset[Role] = NOBODY

    def allows(self, role: str, method: str) -> bool:
        """May a member with `role` send this HTTP method?"""
        return role in self.roles_for(method)

    def roles_for(self, method: str) -> frozenset[Role]:
        """Who may send this HTTP method."""
        return self.read if method in READING else self.write


_table: Mapping[str, Access] = {}


def bind(table: Mapping[str, Access]) -> None:
    """Make `table` the one in force (the composition root does, at start-up)."""
    global _table
    _table = table


def may(role: str, view_name: str, method: str = "GET") -> bool:
    """Does the table let `role` through? A view without a row lets nobody through."""
    row = _table.get(view_name)
    return row is not None and row.allows(role, method)


def is_taken(view_name: str, method: str) -> bool:
    """Is there anybody who may send this HTTP method there? A view without a row is not told of."""
    row = _table.get(view_name)
    return row is None or bool(row.roles_for(method))
