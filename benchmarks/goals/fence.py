"""What row security costs: each hot query as the role it binds, and as the one it does not."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connection, connections
from django.http import QueryDict
from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, p95, seconds
from benchmarks.world import World
from funnel.actions.claiming import FIRST_FREE, NOT_BY_ME
from funnel.queries.queue import pool_page
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.columns import LEADS
from leads.models import Campaign, Company, Identity, Lead
from leads.queries.asking import LEAD_LIST, asked_of, where_of
from leads.queries.facets import facets_of
from leads.queries.lists import list_page
from leads.queries.timelines import timeline_of_lead
from reports.queries.people import daily_mqls, people
from reports.scope import scope_of
from scoring.queries.explaining import contributions

ROUNDS = 120
BIG = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relpages > 100"


@dataclass(frozen=True)
class Hot:
    """A question that pages ask often; `is_sweep`: it looks at every lead of the workspace."""

    name: str
    ask: Callable[[], object]
    is_sweep: bool = False


@dataclass(frozen=True)
class Said:
    """A statement as the product sent it, with the workspace in front."""

    sql: str
    params: Any


class ReadsEverything(Exception):
    """A plan under row security scans a big table from one end to the other."""


def hot_queries(world: World) -> Iterator[Outcome]:
    """Ours is the slowest twentieth with row security, the reference without.

    Ends with ReadsEverything, once all are measured, if a plan reads a big table whole.
    """
    scans: list[str] = []
    with inside(world.workspace.pk):
        for hot in _hot(world):
            statements = _statements(hot.ask)
            scans += _scans(hot, statements)
            goal = Goal("G10", hot.name, floor=1.3, aim=1.15, unit="ms", is_cost=True)
            yield Outcome(goal, *_in_turns(statements))
    if scans:
        raise ReadsEverything("\n".join(scans))


def _hot(world: World) -> list[Hot]:
    lead, member = Lead.objects.get(pk=world.lead_ids[0]), world.member
    campaign = Campaign.objects.earliest("key")
    company = Company.objects.earliest("name")
    scope = scope_of({}, now=timezone.now(), zone="UTC")
    narrowed = {
        "all": {},
        "stage": {"stage": "mql"},
        "class": {"class": "hot"},
        "owner": {"owner": str(member.pk)},
        "source": {"source": "google"},
        "campaign": {"campaign": str(campaign.pk)},
        "company": {"company": str(company.pk)},
        "words": {"q": "person 00"},
        "score": {"sort": "-score"},
        "last activity": {"sort": "-last"},
    }
    return [
        *(
            Hot(f"list by {name}", partial(_list, query, member))
            for name, query in narrowed.items()
        ),
        Hot("one lead by email", lambda: list(Identity.objects.filter(value=lead.email))),
        Hot("facets", partial(_facets, member)),
        Hot("timeline", lambda: timeline_of_lead(lead, {}, "EUR")),
        Hot("why this score", lambda: contributions(lead.pk)),
        Hot("queue", lambda: pool_page({})),
        Hot("claim", partial(_claim, member)),
        Hot("dashboard: counts", lambda: people(scope), is_sweep=True),
        Hot("dashboard: MQLs a day", lambda: daily_mqls(scope), is_sweep=True),
    ]


def _list(query: dict[str, str], member: Member) -> None:
    asked = asked_of(QueryDict(urlencode(query)), LEAD_LIST)
    where = where_of(asked, member=member, now=timezone.now()).where
    list_page(LEADS, LEADS.named(asked.columns), where, asked.sort, query)


def _facets(member: Member) -> None:
    asked = asked_of(QueryDict("stage=mql"), LEAD_LIST)
    facets_of("lead", where_of(asked, member=member, now=timezone.now()).where)


def _claim(member: Member) -> None:
    fetch(FIRST_FREE.format(spared=NOT_BY_ME), by=member.pk)


def _statements(ask: Callable[[], object]) -> list[Said]:
    """What `ask` sends to the database."""
    said: list[Said] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(Said(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        ask()
    return said


def _in_turns(statements: Sequence[Said]) -> tuple[float, float]:
    """Milliseconds: with row security, and without."""
    bound, free = connections["default"].connection, connections["owner"].connection
    times: dict[Any, list[float]] = {bound: [], free: []}
    for _ in range(ROUNDS):
        for one in (bound, free):
            times[one].append(1_000 * seconds(partial(_run, one, statements)))
    return p95(times[bound]), p95(times[free])


def _run(raw: Any, statements: Sequence[Said]) -> None:
    with raw.cursor() as cursor:
        for each in statements:
            cursor.execute(each.sql, each.params)
            cursor.fetchall()


def _scans(hot: Hot, statements: Sequence[Said]) -> Iterator[str]:
    """Plans that read a big table whole; a sweep may, if without row security it would as well."""
    bound, free = connections["default"].connection, connections["owner"].connection
    for each in statements:
        read = _read_whole(bound, each)
        if hot.is_sweep:
            read -= _read_whole(free, each)
        if read:
            yield f"{hot.name} reads all of {', '.join(sorted(read))}: {each.sql}"


def _read_whole(raw: Any, said: Said) -> set[str]:
    workspace, _, statement = said.sql.partition("; ")
    with raw.cursor() as cursor:
        cursor.execute(f"{workspace}; EXPLAIN (FORMAT JSON) {statement}", said.params)
        plan = cursor.fetchone()[0]
    nodes = _nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"])
    scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    with raw.cursor() as cursor:
        cursor.execute(BIG, [list(scanned)])
        return {row[0] for row in cursor.fetchall()}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)
