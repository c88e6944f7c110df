"""How many leads the rules of a draft would give points now, while somebody waits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from leadmgmt.kernel.sql import fetch
from leads.conditions import calendar_at, matching
from leads.models import Lead
from scoring.meaning import inlined, meant_now
from scoring.models import ModelVersion, RuleKind
from scoring.queries.models import RuleTold, rules_told
from scoring.rules import are_cycles_closed, scorer_of
from scoring.statements import EVERYBODY, Batch, scored, these

MOST_COUNTED = 100_000
"""Leads up to which all are asked; of more, so many are drawn."""
DRAWN = 10_000
WITHIN_MS = 8_000

HIT = """
SELECT place, count(*) FROM contribution WHERE place > 0 AND points <> 0 GROUP BY place
"""
# The last bytes of an id are random, whenever it was made.
DRAW = """
SELECT id FROM leads_lead WHERE workspace_id = %(workspace)s
  AND get_byte(uuid_send(id), 14) * 256 + get_byte(uuid_send(id), 15) < %(share)s
"""
PARTS = 256 * 256
CAP_TIME = "SELECT set_config('statement_timeout', %s, true)"
TOO_SLOW = "57014"  # query_canceled
DIGITS = 2  # of an estimate


@dataclass(frozen=True)
class Counted:
    """The rules with their leads; of so many leads in all, `drawn` were asked (None: all)."""

    rules: list[RuleTold]
    total: int
    drawn: int | None = None


def draft_counted(draft: ModelVersion, now: datetime, *, is_pointless: bool = False) -> Counted:
    """The rules of a draft with how many leads each gives points now; in one statement for all.

    Straight from the facts: nothing is kept for a draft. Of very many leads a sample is drawn, and
    what it says of all is rounded; when even that takes too long, nothing is counted.
    """
    told = rules_told(draft, with_counts=False, is_pointless=is_pointless)
    if not told:
        return Counted([], 0)
    total = Lead.objects.count()
    if total > MOST_COUNTED:
        return _drawn(draft, told, total, now) or Counted(told, total)
    counts = _hits(draft, EVERYBODY, now)
    return Counted(
        [replace(each, leads=counts.get(at, 0)) for at, each in enumerate(told, start=1)], total
    )


def _drawn(draft: ModelVersion, told: list[RuleTold], total: int, now: datetime) -> Counted | None:
    """By a sample; None when it takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CAP_TIME, [str(WITHIN_MS)])
            ids = [row[0] for row in fetch(DRAW, share=-(-DRAWN * PARTS // total))]
            counts = _hits(draft, these(ids), now)
            cursor.execute(CAP_TIME, ["0"])
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", "") != TOO_SLOW:
            raise
        return None
    times = total / max(len(ids), 1)
    rows = [
        replace(each, leads=_rounded(counts.get(at, 0) * times), is_estimated=True)
        for at, each in enumerate(told, start=1)
    ]
    return Counted(rows, total, len(ids))


def _hits(draft: ModelVersion, batch: Batch, now: datetime) -> Mapping[int, int]:
    found = scored(scorer_of(draft), batch, calendar_at(now))
    return dict(fetch(found.text + HIT, **found.values))


def _rounded(estimate: float) -> int:
    """No more digits than it is worth."""
    whole = round(estimate)
    return round(whole, DIGITS - len(str(whole)))


def leads_hit(kind: str, condition: dict[str, Any], days: int | None, now: datetime) -> int:
    """How many leads a rule would give points, straight from the facts of their cycles."""
    tree = dict(condition)
    if kind == RuleKind.BEHAVIOUR and days is not None:
        tree["within_days"] = days
    asked = inlined(tree, meant_now([tree]))
    return matching(asked, now, is_in_cycle=are_cycles_closed()).count()
