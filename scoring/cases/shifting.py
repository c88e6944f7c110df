"""The past moved to today, so that what is written for today can be asked of the past."""

from collections.abc import Iterable

from leads.conditions import Calendar
from leads.models import Activity
from scoring.cases.known import Moments, known_then, lead_columns
from scoring.statements.batches import Statement

MOMENTS_OF_LEAD = frozenset(
    {"created_at", "changed_at", "first_seen_at", "stage_entered_at", "last_activity_at"}
)
MOMENTS_OF_FACT = frozenset({"occurred_at", "received_at"})

# By whole days of the workspace's calendar: windows count days, and a day begins at its midnight.
SHIFTED = """((row.{0} AT TIME ZONE %(zone)s)
        + (%(today)s::date - (row.moment AT TIME ZONE %(zone)s)::date) * interval '1 day')
        AT TIME ZONE %(zone)s AS {0}"""

# A relation that is called like a table stands before it: conditions and rules need no word about
# the past. Those above it still read the tables.
AS_IF = """{known}, leads_lead AS MATERIALIZED (
    SELECT {lead} FROM known AS row
), leads_activity AS MATERIALIZED (
    SELECT {fact} FROM fact AS row
), scoring_modelscore AS (
    SELECT * FROM scoring_modelscore WHERE false
), scoring_probability AS (
    SELECT * FROM scoring_probability WHERE false
)"""


def as_if_today(part: Moments, calendar: Calendar) -> Statement:
    """`known_then`, with `leads_lead` and `leads_activity` as if each moment were today.

    What other models and chances said then is not kept: nothing is known of it.

    Whatever reads these two after this WITH (a condition, a rule with its windows and decay) finds
    the leads as they were known, all of them today. Tests of a fixed day make no sense here.
    """
    known = known_then(part)
    text = AS_IF.format(
        known=known.text,
        lead=_said(lead_columns(), MOMENTS_OF_LEAD),
        fact=_said([str(each.column) for each in Activity._meta.local_fields], MOMENTS_OF_FACT),
    )
    values = known.values | {"today": calendar.today, "zone": str(calendar.zone)}
    return Statement(text, values)


def _said(columns: Iterable[str], moments: frozenset[str]) -> str:
    return ", ".join(SHIFTED.format(name) if name in moments else f"row.{name}" for name in columns)
