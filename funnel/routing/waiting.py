"""Leads for which nobody is eligible: kept, shown, and told to the managers once a spell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from funnel.models import Lack, RoutingRule, Spell, Wait
from funnel.routing.choosing import Verdict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.staff import leading_members

KEEP = """
INSERT INTO funnel_wait
    (workspace_id, lead_id, rule_id, spell_id, lack, why, since, looked_at)
SELECT %(workspace)s, row.lead_id, row.rule_id, row.spell_id, row.lack, row.why, row.since, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS row(lead_id uuid, rule_id uuid, spell_id uuid, lack text, why text, since timestamptz)
ORDER BY row.lead_id
ON CONFLICT (workspace_id, lead_id) DO UPDATE SET
    rule_id = excluded.rule_id, spell_id = excluded.spell_id, lack = excluded.lack,
    why = excluded.why, looked_at = excluded.looked_at
"""

FORGET = """
DELETE FROM funnel_wait AS wait USING leads_lead AS lead
WHERE wait.workspace_id = %(workspace)s AND lead.workspace_id = wait.workspace_id
  AND lead.id = wait.lead_id AND (lead.stage <> 'mql' OR lead.owner_id IS NOT NULL)
"""

BEGIN = """
INSERT INTO funnel_spell (workspace_id, team_id, member_id, began_at)
SELECT %(workspace)s, row.team_id, row.member_id, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(team_id uuid, member_id uuid)
ON CONFLICT DO NOTHING
RETURNING id
"""

END = """
UPDATE funnel_spell AS spell SET ended_at = %(now)s
WHERE spell.workspace_id = %(workspace)s AND spell.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM funnel_wait AS wait
    WHERE wait.workspace_id = spell.workspace_id AND wait.spell_id = spell.id
)
"""


def keep_waits(verdicts: Sequence[Verdict], *, found: Iterable[UUID], now: datetime) -> None:
    """Note who of the leads just asked about waits, and forget that the others did.

    A lack that is more than the hour begins a spell, of which the managers hear once; a spell
    ends when nobody waits for it any more.
    """
    waiting = {each.lead_id: each for each in verdicts}
    settled = [each for each in found if each not in waiting]
    Wait.objects.filter(lead_id__in=settled).delete()
    if waiting:
        spells = _spells(verdicts, now=now)
        rows = [_row(each, spells, now) for each in verdicts]
        execute(KEEP, rows=as_jsonb(rows), now=now)
    execute(END, now=now)


def waiting_among(lead_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these leads wait for somebody."""
    found = Wait.objects.true().filter(lead_id__in=list(lead_ids))
    return set(found.values_list("lead_id", flat=True))


def forget_waits(*, now: datetime) -> None:
    """Forget who has an owner by now, or is no MQL any more."""
    if execute(FORGET):
        execute(END, now=now)


def _row(
    verdict: Verdict, spells: Mapping[tuple[UUID | None, UUID | None], UUID], now: datetime
) -> dict[str, object]:
    return {
        "lead_id": verdict.lead_id,
        "rule_id": verdict.rule.pk,
        "spell_id": spells.get(_whom(verdict.rule)) if verdict.lack == Lack.NOBODY else None,
        "lack": verdict.lack,
        "why": verdict.why,
        "since": now,
    }


def _spells(
    verdicts: Sequence[Verdict], *, now: datetime
) -> dict[tuple[UUID | None, UUID | None], UUID]:
    """The open spell of each team or person that lacks somebody; managers hear of new ones."""
    lacking = {_whom(each.rule): each for each in verdicts if each.lack == Lack.NOBODY}
    if not lacking:
        return {}
    rows = [{"team_id": team, "member_id": member} for team, member in lacking]
    begun = {row[0] for row in fetch(BEGIN, rows=as_jsonb(rows), now=now)}
    spells = {
        (each.team_id, each.member_id): each.pk for each in Spell.objects.filter(ended_at=None)
    }
    _alarm({spells[whom]: each for whom, each in lacking.items() if spells[whom] in begun}, now)
    return spells


def _alarm(begun: Mapping[UUID, Verdict], now: datetime) -> None:
    """Tell the managers; where there is none, the admins."""
    if not begun:
        return
    notices = [
        NewNotice(
            member_id=member,
            kind="routing",
            text=_("Leads wait, and nobody can take them. %(why)s") % {"why": verdict.why},
            path="routing/waiting/",
            key=f"nobody:{spell_id}",
        )
        for member in leading_members()
        for spell_id, verdict in begun.items()
    ]
    give_notices(notices, now=now)


def _whom(rule: RoutingRule) -> tuple[UUID | None, UUID | None]:
    return (rule.team_id, rule.member_id)
