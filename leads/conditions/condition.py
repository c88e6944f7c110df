"""A checked condition, and the leads it holds for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import BooleanField, Expression, F, QuerySet

from leads.conditions.calendar import calendar_at
from leads.conditions.sql.nodes import node_sql
from leads.conditions.sql.pieces import Among, Setting, Sql
from leads.conditions.tree import Leaf, Node, leaves
from leads.models import Lead


@dataclass(frozen=True)
class Condition:
    """A tree that has been checked; `tree` is the JSON it came from."""

    root: Node
    tree: Any = field(compare=False, hash=False)

    def where(
        self, now: datetime, *, among: Among = None, alias: str = "lead", is_in_cycle: bool = False
    ) -> Sql:
        """One SQL expression over the row `alias` of leads_lead; NULL counts as a no.

        `among` says that only these leads matter, so that only their activities are read;
        `is_in_cycle`: only what happened in the lead's present cycle has happened.
        """
        setting = setting_at(now, among=among, alias=alias)
        return node_sql(self.root, replace(setting, is_in_cycle=is_in_cycle))

    def leaves(self) -> Iterator[Leaf]:
        """Its tests, left to right."""
        return leaves(self.root)


def setting_at(now: datetime, *, among: Among = None, alias: str = "lead") -> Setting:
    """The workspace's calendar is asked for once, and only when a test needs it."""
    return Setting(cache(lambda: calendar_at(now)), alias, among)


class Holds(Expression):
    """A condition in a queryset of leads: `Lead.objects.filter(Holds(condition, now))`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, condition: Condition, now: datetime, *, is_in_cycle: bool = False) -> None:
        super().__init__()
        self.condition = condition
        self.now = now
        self.is_in_cycle = is_in_cycle
        self.row: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        """The key of the lead: it tells us under which alias the lead stands in the query."""
        return [self.row]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Take the resolved key."""
        (self.row,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition over whatever alias this query gave the lead."""
        alias = compiler.quote_name_unless_alias(self.row.alias)
        sql = self.condition.where(self.now, alias=alias, is_in_cycle=self.is_in_cycle)
        return f"({sql.text})", sql.params


def matching(condition: Condition, now: datetime, *, is_in_cycle: bool = False) -> QuerySet[Lead]:
    """The leads for which `condition` holds at `now`; `is_in_cycle` as in `Condition.where`."""
    return Lead.objects.filter(Holds(condition, now, is_in_cycle=is_in_cycle))
