"""The segments and personas of the demo: live, nested, frozen, and a retired one still in use."""

from datetime import datetime, timedelta
from typing import Any

from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member
from leads.actions.personas import save_persona
from leads.actions.segments import create_segment, retire_segment
from leads.models import Persona, Segment, SegmentKind

PRICES: dict[str, Any] = {
    "activity": "page_view",
    "where": [{"property": "path", "starts_with": "/pricing"}],
    "at_least": 1,
    "within_days": 60,
}
GERMAN = {"field": "country", "is": "Germany"}
BIG = {"field": "company.employees", "is_at_least": 100}
IN_CHARGE = ["Head of operations", "Managing director"]
PLANNING = ["Service manager", "Service planner", "Dispatcher"]

# They entered when they came; whoever entered by what they did, when they did it.
ENTERED = """
UPDATE leads_membership AS membership SET entered_at = CASE
    WHEN membership.segment_id = ANY(%(by_deed)s::uuid[])
        THEN coalesce(lead.last_activity_at, lead.created_at) ELSE lead.created_at END
FROM leads_lead AS lead
WHERE membership.workspace_id = %(workspace)s AND lead.workspace_id = %(workspace)s
  AND lead.id = membership.lead_id
"""
MADE = """
UPDATE leads_segment SET created_at = %(since)s, changed_at = %(since)s
WHERE workspace_id = %(workspace)s
"""

HEAD = {
    "name": "Head of operations Helena",
    "whom": "Who answers for field service in firms with 50 to 500 people: lifts, heating,"
    " medical devices.",
    "job": "Runs 20 to 80 technicians. Measured on first-time fixes and cost per visit.",
    "place": "Germany, the Netherlands, Poland. Reads trade letters, goes to Service Expo.",
    "why": "The planning board fails as soon as there are more than forty people on it.",
    "goals": "More visits a day with the same people; customers who do not have to call twice.",
    "needs": "A plan that holds when somebody falls ill, and figures for the board.",
    "pains": "Overtime, empty kilometres, and nobody knows at ten o'clock who is where.",
    "reasons": [
        "One in five visits less on the road, measured with firms of their size",
        "Runs beside their ERP in two weeks; nothing has to be replaced",
        "Technicians keep it: the app needs one hand and works in a cellar",
        "The price is per technician and month, and can be ended monthly",
    ],
    "story": "A lift firm in Hamburg planned 46 technicians on a wall. On Mondays the planner"
    " came at five. Since the spring she comes at eight, and the wall is a kitchen.\n\n"
    "Ask how the last storm day went. Then show the re-planning of one day.",
}
PLANNER = {
    "name": "Planner Pavlos",
    "whom": "Who moves the visits of the day: service planners, dispatchers, service managers.",
    "job": "Keeps the plan of today and tomorrow, answers the phone in between.",
    "why": "Is asked all day where somebody is, and does not know.",
    "needs": "To see everything on one page and to move a visit with one hand.",
    "pains": "Everybody calls at once when it snows.",
    "reasons": [
        "Sees every technician on one page, without calling",
        "Moves a visit in three seconds, and the customer is told by itself",
        "Learns it in a morning",
    ],
    "story": "Let them tell their worst day of the winter; then open the page of that day.",
}


def make_groups(*, by: Member, now: datetime, since: datetime) -> None:
    """Write them, find who belongs to them, and tell that this came about over the year."""
    prices = _segment("Saw the prices lately", PRICES, by, now)
    german = _segment("Germany", GERMAN, by, now)
    _segment("Big firms in Germany", {"all": [_in(german), BIG]}, by, now)
    _segment("Met at Service Expo", {"field": "source", "is": "service expo"}, by, now,
             kind=SegmentKind.FROZEN)  # fmt: skip
    for facts, titles in ((HEAD, IN_CHARGE), (PLANNER, PLANNING)):
        asked = {"all": [{"field": "job_title", "is_one_of": titles}]}
        save_persona(Persona(), facts=facts, condition=asked, by=by, now=now)
    drain_workspace()
    retire_segment(german, now=now - timedelta(days=20))
    execute(ENTERED, by_deed=[prices.pk])
    execute(MADE, since=since)


def _segment(
    name: str,
    condition: dict[str, Any],
    by: Member,
    now: datetime,
    *,
    kind: str = SegmentKind.LIVE,
) -> Segment:
    return create_segment(name=name, kind=kind, condition=condition, by=by, now=now)


def _in(segment: Segment) -> dict[str, Any]:
    return {"field": "segments", "is_in": [str(segment.pk)]}
