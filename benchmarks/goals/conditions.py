"""Counting the leads a condition holds for while somebody writes it: ten typical ones."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connections
from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, seconds
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leads.conditions import Condition, count_leads, parse
from leads.models import CustomField

ROUNDS = 5
PATIENCE = 60_000  # milliseconds


@dataclass(frozen=True)
class Asked:
    """A condition, and what one would write by hand for it; `%(day)s` is today."""

    name: str
    tree: dict[str, Any]
    by_hand: str


def _visits(kind: str, rest: str = "", having: str = "") -> str:
    grouped = f"GROUP BY lead_id HAVING count(*) {having}" if having else ""
    return f"""id IN (SELECT lead_id FROM leads_activity
        WHERE workspace_id = %(workspace)s AND kind = '{kind}' AND NOT is_machine
          AND lead_id IS NOT NULL AND occurred_at < %(day)s::date + 1 {rest} {grouped})"""


PRICING = {"property": "path", "contains": "/pricing"}
ON_PRICING = "AND strpos(properties ->> 'path', '/pricing') > 0"
RECENT = "AND occurred_at >= %(day)s::date - 30"

ASKED = (
    Asked("stage", {"field": "stage", "is": "mql"}, "stage = 'mql'"),
    Asked(
        "a text",
        {"field": "job_title", "contains": "manager"},
        "strpos(lower(job_title), 'manager') > 0",
    ),
    Asked(
        "a custom field",
        {"field": "attributes.seats", "is_at_least": 50},
        "CASE WHEN jsonb_typeof(attributes -> 'seats') = 'number'"
        " THEN (attributes ->> 'seats')::numeric >= 50 END",
    ),
    Asked(
        "a company's field",
        {"field": "company.employees", "is_at_least": 500},
        "company_id IN (SELECT id FROM leads_company"
        " WHERE workspace_id = %(workspace)s AND employees >= 500)",
    ),
    Asked("days in stage", {"field": "days_in_stage", "is_more_than": 90},
          "stage_entered_at < %(day)s::date - 90"),
    Asked("once ever", {"activity": "form_submitted"}, _visits("form_submitted")),
    Asked(
        "twice in 30 days",
        {"activity": "page_view", "at_least": 2, "within_days": 30},
        _visits("page_view", RECENT, ">= 2"),
    ),
    Asked(
        "a property, ever",
        {"activity": "page_view", "where": [PRICING]},
        _visits("page_view", ON_PRICING),
    ),
    Asked(
        "never in 30 days",
        {"activity": "page_view", "never": True, "within_days": 30},
        "NOT " + _visits("page_view", RECENT),
    ),
    Asked(
        "all of them together",
        {
            "all": [
                {"field": "stage", "is_one_of": ["lead", "nurturing"]},
                {"any": [
                    {"field": "company.industry", "is": "Lifts"},
                    {"field": "attributes.seats", "is_at_least": 80},
                ]},
                {"activity": "page_view", "where": [PRICING], "within_days": 90},
                {"none": [{"activity": "message_clicked", "within_days": 30}]},
            ]
        },
        f"""stage IN ('lead', 'nurturing') AND (company_id IN (SELECT id FROM leads_company
            WHERE workspace_id = %(workspace)s AND lower(industry) = 'lifts')
          OR CASE WHEN jsonb_typeof(attributes -> 'seats') = 'number'
             THEN (attributes ->> 'seats')::numeric >= 80 END)
        AND {_visits("page_view", ON_PRICING + " AND occurred_at >= %(day)s::date - 90")}
        AND NOT {_visits("message_clicked", RECENT)}""",
    ),
)  # fmt: skip


class CountsDiffer(Exception):
    """The condition and what was written by hand do not mean the same leads."""


def live_counts(world: World) -> Iterator[Outcome]:
    """Milliseconds of all ten with their samples; the reference counts by hand, as the owner."""
    with inside(world.workspace.pk):
        _a_field()
        times = {asked.name: _measured(asked, world) for asked in ASKED}
    slowest = max(times, key=lambda name: times[name][0])
    about = f"ten live counts with samples; the slowest: {slowest}, {times[slowest][0]:.0f} ms"
    goal = Goal("G11c", about, 2.0, 1.3, unit="ms", is_cost=True)
    ours, by_hand = (sum(pair[side] for pair in times.values()) for side in (0, 1))
    yield Outcome(goal, ours, by_hand)


def _a_field() -> None:
    CustomField.objects.get_or_create(key="seats", defaults={"label": "Seats", "kind": "number"})


def _measured(asked: Asked, world: World) -> tuple[float, float]:
    condition = parse(asked.tree)
    ours, by_hand = partial(_ours, condition), partial(_by_hand, asked, world)
    if ours() != by_hand():
        raise CountsDiffer(f"{asked.name}: {ours()} by condition, {by_hand()} by hand")
    pairs = [(seconds(ours), seconds(by_hand)) for _ in range(ROUNDS)]
    return 1_000 * statistics.median(one for one, _two in pairs), 1_000 * statistics.median(
        two for _one, two in pairs
    )


def _ours(condition: Condition) -> int | None:
    found = count_leads(condition, timezone.now(), within_ms=PATIENCE)
    return found.count


def _by_hand(asked: Asked, world: World) -> int:
    values: dict[str, Any] = {"workspace": world.workspace.pk, "day": timezone.now().date()}
    sql = f"SELECT count(*) FROM leads_lead WHERE workspace_id = %(workspace)s AND {asked.by_hand}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
