"""Segments: a thousand leads asked anew, beside everybody; and how many facts a second are kept."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, in_turns, seconds
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.sql import execute
from leads.actions.activities import NewActivity, record_activities
from leads.actions.building import advance_segments, ask_everybody
from leads.actions.keeping import keep_segments
from leads.actions.segments import create_segment
from leads.conditions import NEW_LEADS
from leads.models import Lead, Segment

THOUSAND = 1_000
BATCH = 100  # facts recorded at once, as a request brings them
WANTED = 1_000  # facts a second

G11 = Goal(
    "G11",
    "1,000 leads asked anew for four segments / everybody asked for the same, nothing moving",
    floor=0.10,
    aim=0.03,
    unit="s",
    is_cost=True,
)
KEPT = Goal(
    "G11b",
    "facts a second, recorded by the hundred, under which a segment of (nearly) everybody and "
    "another are kept current / 1,000",
    floor=1.0,
    aim=2.0,
    unit="facts/s",
)

VIEWED: dict[str, Any] = {"activity": "page_view"}
PRICES = {**VIEWED, "where": [{"property": "path", "starts_with": "/pricing"}]}
TREES: dict[str, dict[str, Any]] = {
    "Ever seen": {"any": [VIEWED, {"field": "email", "is_known": True}]},
    "Prices lately": {**PRICES, "within_days": 90},
    "Big firms": {
        "all": [
            {"field": "company.employees", "is_at_least": 50},
            {"field": "stage", "is_one_of": ["mql", "customer"]},
        ]
    },
    "Quiet buyers": {
        "all": [
            {"field": "job_title", "contains": "manager"},
            {"activity": "form_submitted", "never": True, "within_days": 60},
        ]
    },
}
DROP = (
    "DELETE FROM leads_membership WHERE workspace_id = %(workspace)s",
    "DELETE FROM leads_segment WHERE workspace_id = %(workspace)s",
)
FORGET = """
DELETE FROM leads_activity WHERE workspace_id = %(workspace)s AND received_at > %(since)s
"""


def a_thousand(world: World) -> Iterator[Outcome]:
    """Both as the worker does, in this process."""
    with inside(world.workspace.pk):
        _make(*TREES)
        thousands = cycle(_parted(list(Lead.objects.order_by("?").values_list("pk", flat=True))))
        yield Outcome(G11, *in_turns(lambda: _ask_some(next(thousands)), _ask_everybody))
        _drop()


def under_facts(world: World) -> Iterator[Outcome]:
    """From the recorded facts to the written memberships; recording itself is not counted."""
    with inside(world.workspace.pk):
        _make("Ever seen", "Prices lately")
        ids = list(Lead.objects.order_by("?").values_list("pk", flat=True)[: 5 * THOUSAND])
        batches = cycle(ids[start : start + BATCH] for start in range(0, len(ids), BATCH))

        def kept() -> float:
            execute("DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s")
            for _ in range(WANTED // BATCH):
                now = timezone.now()
                facts = [NewActivity("page_view", now, each) for each in next(batches)]
                record_activities(facts, now=now, is_quiet=True)
            _leave_only_segments()
            return WANTED / seconds(drain_workspace)

        yield Outcome(KEPT, *in_turns(kept, lambda: WANTED))
        execute(FORGET, since=world.workspace.created_at)
        _drop()


def _make(*names: str) -> None:
    _drop()
    now = timezone.now()
    for name in names:
        create_segment(name=name, condition=TREES[name], by=None, now=now)
    execute("DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s")
    _build()


def _drop() -> None:
    for statement in DROP:
        execute(statement)


def _ask_some(ids: list[UUID]) -> float:
    return seconds(lambda: keep_segments(ids, NEW_LEADS, now=timezone.now()))


def _ask_everybody() -> float:
    ask_everybody(Segment.objects.all(), now=timezone.now())
    execute("DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s")
    return seconds(_build)


def _build() -> None:
    while stale := list(Segment.objects.filter(is_stale=True).values_list("pk", flat=True)):
        advance_segments(stale, now=timezone.now())
    execute("DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s")


def _leave_only_segments() -> None:
    execute(
        "DELETE FROM kernel_outbox WHERE workspace_id = %(workspace)s"
        " AND reaction <> 'leads.reactions.keep_active'"
    )


def _parted(lead_ids: list[UUID]) -> list[list[UUID]]:
    starts = range(0, len(lead_ids) - THOUSAND + 1, THOUSAND)
    return [lead_ids[start : start + THOUSAND] for start in starts]
