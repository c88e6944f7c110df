"""Where a lead stands: stage, score and class, owner. Each has one writer above us.

Funnel places leads in stages, scoring shows scores; everybody may assign.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.staff import why_no_work
from leads.actions.activities import NewActivity, record_activities, record_alike
from leads.events import CompaniesChanged, OwnersChanged, StandingsChanged
from leads.kinds import Kind
from leads.models import Stage
from leads.placing import least_people

# From furthest back to furthest on; a side room counts less than any live stage.
RANK = [
    Stage.DISQUALIFIED,
    Stage.NURTURING,
    Stage.LEAD,
    Stage.MQL,
    Stage.SQL,
    Stage.CUSTOMER,
]

PLACED = "stage,highest_stage,stage_entered_at"
SHOWN = "score,lead_class,grade"
"""What changes with them, as conditions name it."""

PLACE = """
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, stage text)
), before AS MATERIALIZED (
    SELECT lead.id, lead.stage, lead.highest_stage, lead.cycle, lead.company_id,
        wanted.stage AS next
    FROM leads_lead AS lead JOIN wanted USING (id)
    WHERE lead.workspace_id = %(workspace)s AND lead.stage <> wanted.stage
    ORDER BY lead.id FOR NO KEY UPDATE OF lead
)
UPDATE leads_lead AS lead SET
    stage = before.next,
    stage_entered_at = %(now)s,
    highest_stage = CASE
        WHEN array_position(%(rank)s::text[], before.next::text)
           > array_position(%(rank)s::text[], before.highest_stage::text) THEN before.next
        ELSE before.highest_stage END
FROM before WHERE lead.workspace_id = %(workspace)s AND lead.id = before.id
RETURNING lead.id, before.stage, lead.stage, before.cycle, before.company_id
"""

# Locked in a statement of its own: the one that derives the stage then sees what whoever held the
# company before has committed.
LOCK_COMPANIES = """
SELECT id FROM leads_company
WHERE workspace_id = %(workspace)s AND id = ANY(%(companies)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""

# A company stands at the furthest live stage so many of its people have come to (all, where fewer
# are live); one customer makes it a customer, and side rooms count only where nobody is live.
LIFT_COMPANIES = """
WITH people AS (
    SELECT company_id, array_position(%(rank)s::text[], stage::text) AS rank
    FROM leads_lead WHERE workspace_id = %(workspace)s AND company_id = ANY(%(companies)s::uuid[])
), standing AS (
    SELECT company_id, max(rank) AS furthest,
        array_agg(rank ORDER BY rank DESC) FILTER (WHERE rank >= %(live)s) AS live
    FROM people GROUP BY company_id
), furthest AS (
    SELECT company_id, CASE
        WHEN live IS NULL OR furthest = cardinality(%(rank)s::text[]) THEN furthest
        ELSE live[least(%(least)s, cardinality(live))] END AS rank
    FROM standing
)
UPDATE leads_company AS company SET
    stage = (%(rank)s::text[])[furthest.rank], stage_entered_at = %(now)s,
    customer_since = CASE
        WHEN (%(rank)s::text[])[furthest.rank] = 'customer'
        THEN coalesce(company.customer_since, %(now)s) ELSE company.customer_since END
FROM furthest
WHERE company.workspace_id = %(workspace)s AND company.id = furthest.company_id
  AND company.stage <> (%(rank)s::text[])[furthest.rank]
RETURNING company.id
"""

SHOW_SCORES = """
WITH new AS MATERIALIZED (
    SELECT lead.id, row.score, coalesce(row.lead_class, '') AS lead_class,
        coalesce(row.grade, '') AS grade
    FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row(lead_id uuid, score int, lead_class text, grade text)
    JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = row.lead_id
    WHERE (lead.score, lead.lead_class, lead.grade)
        IS DISTINCT FROM (row.score, coalesce(row.lead_class, ''), coalesce(row.grade, ''))
    ORDER BY lead.id FOR NO KEY UPDATE OF lead
)
UPDATE leads_lead AS lead SET score = new.score, lead_class = new.lead_class,
    grade = new.grade FROM new
WHERE lead.workspace_id = %(workspace)s AND lead.id = new.id
RETURNING lead.id
"""

# The owner and the last activity in one go: the row is wide, and both stand in indexes.
ASSIGN = """
WITH chosen AS MATERIALIZED (
    SELECT id, owner_id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
      AND owner_id IS DISTINCT FROM %(owner)s::uuid
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE leads_lead AS lead SET owner_id = %(owner)s::uuid,
    last_activity_at = greatest(lead.last_activity_at, %(now)s)
FROM chosen
WHERE lead.workspace_id = %(workspace)s AND lead.id = chosen.id
RETURNING lead.id, chosen.owner_id
"""

# Only leads that nobody has: whoever was claimed meanwhile stays with the rep who was quicker.
HAND_OUT = """
WITH given AS MATERIALIZED (
    SELECT lead.id, row.owner_id
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, owner_id uuid)
    JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = row.id
    WHERE lead.owner_id IS NULL
    ORDER BY lead.id FOR NO KEY UPDATE OF lead
)
UPDATE leads_lead AS lead SET owner_id = given.owner_id FROM given
WHERE lead.workspace_id = %(workspace)s AND lead.id = given.id
RETURNING lead.id
"""


class CannotAssignLeads(Refusal):
    """The member has left the workspace, or is an external closer."""


@dataclass(frozen=True)
class Placed:
    """One lead that moved, and from where."""

    lead_id: UUID
    from_stage: str
    to_stage: str
    cycle: int


@dataclass(frozen=True)
class ShownScore:
    """What lists show of a lead's score; no score at all is a score of its own."""

    lead_id: UUID
    score: int | None
    lead_class: str
    grade: str = ""


def place_leads(stages: Mapping[UUID, str], *, now: datetime) -> list[Placed]:
    """Put each lead into its stage (funnel only); those that were elsewhere before.

    Keeps the highest stage and the stage of their companies. History is the caller's to write.
    """
    wanted = [{"id": lead_id, "stage": stage} for lead_id, stage in stages.items()]
    with transaction.atomic():
        moved = fetch(PLACE, rows=as_jsonb(wanted), now=now, rank=RANK)
        companies = sorted({company for *_, company in moved if company})
        lift_companies(companies, now=now)
        publish(StandingsChanged(tuple(row[0] for row in moved), fields=PLACED))
    return [Placed(*rest) for *rest, _ in moved]


def lift_companies(company_ids: Sequence[UUID], *, now: datetime) -> None:
    """Derive the stage of these companies anew from their people, by the rule in force."""
    if not company_ids:
        return
    with transaction.atomic():
        execute(LOCK_COMPANIES, companies=list(company_ids))
        rule = {"rank": RANK, "live": RANK.index(Stage.LEAD) + 1, "least": least_people()}
        lifted = fetch(LIFT_COMPANIES, companies=list(company_ids), now=now, **rule)
        publish(CompaniesChanged(tuple(row[0] for row in lifted)))


def show_scores(rows: Sequence[ShownScore]) -> tuple[UUID, ...]:
    """Show scores, classes and grades in lists (scoring only); the leads for which it is news."""
    with transaction.atomic():
        shown = tuple(row[0] for row in fetch(SHOW_SCORES, rows=as_jsonb(rows)))
        publish(StandingsChanged(shown, fields=SHOWN))
    return shown


def assign_leads(
    lead_ids: Iterable[UUID],
    *,
    owner: Member | None,
    by: Member | None,
    now: datetime,
    word: str = "",
) -> tuple[UUID, ...]:
    """Give leads to a rep, or to nobody; those that had another owner.

    `word`: what who gives says to who is given. Refuses who has left, and closers.
    """
    return tuple(hand_over(lead_ids, owner=owner, by=by, now=now, word=word))


def hand_over(
    lead_ids: Iterable[UUID],
    *,
    owner: Member | None,
    by: Member | None,
    now: datetime,
    word: str = "",
) -> dict[UUID, UUID | None]:
    """The same; each lead that had another owner, with that one."""
    require_colleague(owner)
    owner_id = owner.id if owner else None
    with transaction.atomic(savepoint=False):
        rows = fetch(ASSIGN, ids=list(lead_ids), owner=owner_id, now=now)
        before: dict[UUID, UUID | None] = dict(sorted(rows, key=itemgetter(0)))
        changed = tuple(before)
        told = {"owner": owner.name if owner else ""} | ({"word": word} if word else {})
        publish(
            record_alike(changed, Kind.ASSIGNED, told, by.id if by else None, now=now),
            StandingsChanged(changed, fields="owner"),
            OwnersChanged(changed),
        )
    return before


def require_colleague(owner: Member | None) -> None:
    """Nothing is given to who has left the workspace, nor to external closers."""
    if sentence := why_no_work(owner):
        raise CannotAssignLeads(sentence, field="owner")


@dataclass(frozen=True)
class Gift:
    """A lead that goes to a member, and the sentence why."""

    lead_id: UUID
    owner: Member
    why: str


def hand_out_leads(gifts: Sequence[Gift], *, now: datetime) -> tuple[UUID, ...]:
    """Give each of these leads to the member named, if nobody has it; those that were given.

    Set-wise over any number of owners. The sentence why stands on the timeline.
    """
    rows = [{"id": each.lead_id, "owner_id": each.owner.pk} for each in gifts]
    with transaction.atomic():
        given = {row[0] for row in fetch(HAND_OUT, rows=as_jsonb(rows))}
        made = [each for each in gifts if each.lead_id in given]
        record_activities(
            [
                NewActivity(
                    Kind.ASSIGNED,
                    now,
                    lead_id=each.lead_id,
                    properties={"owner": each.owner.name, "word": each.why},
                )
                for each in made
            ],
            now=now,
        )
        changed = tuple(each.lead_id for each in made)
        publish(StandingsChanged(changed, fields="owner"), OwnersChanged(changed))
    return changed
