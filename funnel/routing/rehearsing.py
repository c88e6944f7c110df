"""Who would have got what: a plan tried on the MQLs of the past, and nothing is written.

Leads are taken in the order in which they became MQLs, with the hours and absences of that moment;
the turns begin anew, and nobody holds anything at first. Conditions, teams and shares are those of
today. Whoever would have waited for the morning gets it in the morning.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from uuid import UUID

from django.utils import timezone

from funnel.models import RoutingRule
from funnel.routing.choosing import Arrival, Desk, Verdict
from funnel.routing.knowing import arrivals, desk_of, keepers_of
from leadmgmt.kernel.sql import fetch
from leads.models import Lead

PERIOD = timedelta(days=30)
MOST = 2_000
MOST_EXAMPLES = 25

BECAME = """
WITH became AS MATERIALIZED (
    SELECT lead_id, min(moved_at) AS moved_at FROM funnel_stagemove
    WHERE workspace_id = %(workspace)s AND to_stage = 'mql'
      AND moved_at >= %(since)s AND moved_at < %(until)s
    GROUP BY lead_id
)
SELECT became.lead_id, became.moved_at, (
    SELECT min(left_it.moved_at) FROM funnel_stagemove AS left_it
    WHERE left_it.workspace_id = %(workspace)s AND left_it.lead_id = became.lead_id
      AND left_it.moved_at > became.moved_at AND left_it.to_stage NOT IN ('mql', 'sql')
), (SELECT count(*) FROM became)
FROM became ORDER BY became.lead_id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Row:
    """One member: leads they would have got, and those of the same leads they have today."""

    name: str
    would: int
    has: int


@dataclass(frozen=True)
class Example:
    """One lead: who would have got it, why, and who has it today."""

    lead: Lead
    at: datetime
    would: str
    why: str
    lack: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """What a plan would have done with the MQLs of a period: `found` of them, `total` tried."""

    since: datetime
    until: datetime
    found: int
    total: int
    rows: Sequence[Row]
    nobody: int
    pool: int
    examples: Sequence[Example]

    @property
    def is_cut(self) -> bool:
        """Whether there were more leads than are tried."""
        return self.found > MOST


def rehearse(
    rules: Sequence[RoutingRule], *, since: datetime, until: datetime, now: datetime
) -> Rehearsal:
    """Try these rules on everybody who became an MQL in the period, up to two thousand."""
    became = fetch(BECAME, since=since, until=until, most=MOST)
    leads = Lead.objects.filter(pk__in=[row[0] for row in became])
    known = {each.pk: each for each in leads.select_related("owner", "company")}
    moments = {lead_id: at for lead_id, at, *_ in became if lead_id in known}
    gone = {lead_id: left_at for lead_id, _at, left_at, _found in became if left_at}
    desk, territories = desk_of(rules, since=since, is_locked=False)
    for seat in (each for seats in desk.seats.values() for each in seats):
        seat.credit = 0
    asked = arrivals(desk, territories, moments, now=now)
    desk.keepers = keepers_of((each.company_id for each in asked), without=list(moments))
    with timezone.override(desk.staff.zone):  # sentences tell moments as people's clocks do
        told = _run(desk, asked, gone)
    found = became[0][3] if became else 0
    return replace(_told(told, known, moments, since, until), found=found)


def _run(
    desk: Desk, asked: Sequence[Arrival], gone: dict[UUID, datetime]
) -> dict[UUID, Verdict | None]:
    """Each lead's verdict; whoever waits for working hours comes again when they begin."""
    waiting = [(each.at, str(each.lead_id), each) for each in asked]
    heapify(waiting)
    held: list[tuple[datetime, str, UUID]] = []
    verdicts: dict[UUID, Verdict | None] = {}
    while waiting:
        at, key, arrival = heappop(waiting)
        while held and held[0][0] <= at:
            desk.held.add(heappop(held)[2], -1)
        verdict = desk.choose(_at(arrival, at))
        verdicts[arrival.lead_id] = verdict
        if verdict and verdict.opens_at and verdict.opens_at > at:
            heappush(waiting, (verdict.opens_at, key, arrival))
        if verdict and verdict.member and (left_at := gone.get(arrival.lead_id)):
            heappush(held, (left_at, key, verdict.member.pk))
    return verdicts


def _at(arrival: Arrival, at: datetime) -> Arrival:
    return Arrival(**{**arrival.__dict__, "at": at})


def _told(
    verdicts: dict[UUID, Verdict | None],
    known: dict[UUID, Lead],
    moments: dict[UUID, datetime],
    since: datetime,
    until: datetime,
) -> Rehearsal:
    would = Counter(each.member.name for each in verdicts.values() if each and each.member)
    has = Counter(str(known[each].owner) for each in verdicts if known[each].owner)
    names = sorted({*would, *has}, key=lambda name: (-would[name], name))
    examples = [
        Example(
            lead=known[lead_id],
            at=moments[lead_id],
            would=each.member.name if each.member else "",
            why=each.why,
            lack=each.lack,
        )
        for lead_id, each in _telling(verdicts)
    ]
    return Rehearsal(
        since=since,
        until=until,
        found=len(verdicts),
        total=len(verdicts),
        rows=[Row(name, would[name], has[name]) for name in names],
        nobody=sum(1 for each in verdicts.values() if each and not each.member),
        pool=sum(1 for each in verdicts.values() if each is None),
        examples=examples,
    )


def _telling(verdicts: dict[UUID, Verdict | None]) -> list[tuple[UUID, Verdict]]:
    """Examples that differ: whom nobody could take first, then some of each rule."""
    told = [(lead_id, each) for lead_id, each in verdicts.items() if each]
    seen: Counter[tuple[str, UUID]] = Counter()
    ranked = []
    for lead_id, each in told:
        kind = (each.lack or each.manner, each.rule.pk)
        seen[kind] += 1
        ranked.append((seen[kind], not each.lack, each.rule.position, lead_id, each))
    ranked.sort(key=lambda row: row[:3])
    return [(lead_id, each) for *_rest, lead_id, each in ranked[:MOST_EXAMPLES]]
