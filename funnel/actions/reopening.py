"""Taking the closing of a cycle back, while nothing has come of the next one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.cycles import UNFINISHED, CycleMovedOn
from funnel.actions.holding import id_of, require_hold
from funnel.actions.stages import enter_stage
from funnel.models import ClosedCycle
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.cycles import InCycle, set_cycles
from leads.kinds import Kind
from scoring.actions.cycles import resume_scores
from scoring.actions.rescoring import take_turn

# Only where the next cycle is as it began: nobody has moved the lead, or concluded anything.
UNTOUCHED = """
SELECT archive.id FROM funnel_closedcycle AS archive JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.id = archive.lead_id
WHERE archive.workspace_id = %(workspace)s AND archive.id = ANY(%(ids)s::uuid[])
  AND lead.cycle = archive.number + 1 AND lead.cycle_began_at = archive.closed_at
  AND NOT EXISTS (
    SELECT FROM funnel_stagemove AS move
    WHERE move.workspace_id = %(workspace)s AND move.lead_id = lead.id
      AND move.moved_at > archive.closed_at)
  AND NOT EXISTS (
    SELECT FROM funnel_qualification AS told
    WHERE told.workspace_id = %(workspace)s AND told.lead_id = lead.id
      AND told.concluded_at > archive.closed_at)
ORDER BY lead.id FOR NO KEY UPDATE OF lead
"""
MOVES = """
UPDATE funnel_stagemove AS move SET cycle = lead.cycle FROM leads_lead AS lead
WHERE move.workspace_id = %(workspace)s AND move.lead_id = ANY(%(ids)s::uuid[])
  AND lead.workspace_id = %(workspace)s AND lead.id = move.lead_id AND move.cycle > lead.cycle
"""


def reopen_cycle(archive: ClosedCycle, *, by: Member | None, now: datetime) -> None:
    """Let a closed cycle go on; refuses once the next one has gone on by itself."""
    require_hold(archive.lead, by)
    if not reopen_cycles([archive.pk], by=by, now=now):
        sentence = _("%(lead)s has gone on since; cycle %(number)d stays closed.")
        raise CycleMovedOn(sentence % {"lead": archive.lead, "number": archive.number})


def reopen_cycles(
    archive_ids: Iterable[UUID], *, by: Member | None, now: datetime
) -> tuple[UUID, ...]:
    """Let closed cycles go on where nothing has come of the next one; these leads.

    Stage and score are as if they had never been closed, and the archive goes. Sequences and
    response times that ended do not begin again. Nothing fires.
    """
    with transaction.atomic():
        take_turn()
        found = [row[0] for row in fetch(UNTOUCHED, ids=list(archive_ids))]
        archives = list(ClosedCycle.objects.filter(pk__in=found).select_related("lead"))
        ids = tuple(each.lead_id for each in archives)
        ended = {each.lead_id: each.number + 1 for each in archives}
        set_cycles(InCycle(each.lead_id, each.number, _began(each)) for each in archives)
        execute(UNFINISHED, ids=list(ids))
        execute(MOVES, ids=list(ids))
        ClosedCycle.objects.filter(pk__in=found).delete()
        resume_scores(ids, ended=ended, now=now)
        _go_back(archives, by=by, now=now)
        _record(archives, by=by, now=now)
    return ids


def _began(archive: ClosedCycle) -> datetime | None:
    began: datetime = archive.begun_at
    return began if archive.number > 1 else None


def _go_back(archives: Sequence[ClosedCycle], *, by: Member | None, now: datetime) -> None:
    reason = _("The closing of the cycle was taken back.")
    for stage, group in groupby(sorted(archives, key=_stage), key=_stage):
        ids = [each.lead_id for each in group]
        enter_stage(ids, stage=stage, reason=reason, by=by, now=now, is_quiet=True)


def _stage(archive: ClosedCycle) -> str:
    return str(archive.stage)


def _record(archives: Sequence[ClosedCycle], *, by: Member | None, now: datetime) -> None:
    facts = [
        NewActivity(
            kind=Kind.CYCLE_REOPENED,
            occurred_at=now,
            lead_id=each.lead_id,
            properties={"number": each.number},
            by_id=id_of(by),
        )
        for each in archives
    ]
    record_activities(facts, now=now, is_quiet=True)
