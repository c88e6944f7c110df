"""Moving many leads to a stage at once, and closing the cycles of many."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.actions.cycles import close_cycles
from funnel.actions.reopening import reopen_cycles
from funnel.actions.stages import enter_stage
from funnel.cycle_forms import EndingForm, ending_of
from funnel.models import Definition
from funnel.routing.bulk import WAITED
from funnel.routing.giving import route_leads
from funnel.routing.waiting import waiting_among
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Role
from leads.bulk import BulkForm, Change, Verb, Work
from leads.models import Stage
from scoring.models import Carry

OPEN_TO_BULK = (Stage.LEAD, Stage.MQL, Stage.NURTURING, Stage.DISQUALIFIED)
"""Where no question has to be answered first; SQL takes a qualification, customer a won deal."""

STAGES = """
SELECT id, stage, owner_id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""


class StageForm(BulkForm):
    """Where to, and why."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[(stage.value, stage.label) for stage in OPEN_TO_BULK],
        help_text=gettext_lazy("Sales-qualified and customer are reached one lead at a time."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Stands on every lead's timeline, so that others can follow."),
    )


def _move(work: Work) -> Iterable[Change]:
    """Whoever's stage does not lead there by its definition is passed over."""
    to = work.parameters["stage"]
    closed = {each.stage for each in Definition.objects.published() if to not in each.may_go_to}
    before = {lead: stage for lead, stage in _movable(work) if stage not in closed}
    waited = waiting_among(work.ids)
    moved = enter_stage(
        list(before),
        stage=to,
        reason=work.parameters["reason"],
        by=work.by,
        now=work.now,
    )
    return [Change(lead, WAITED if lead in waited else before[lead]) for lead in moved]


def _movable(work: Work) -> Iterable[tuple[Any, str]]:
    """A rep moves nobody else's leads."""
    by = work.by
    for lead, stage, owner in fetch(STAGES, ids=list(work.ids)):
        if by is None or by.role != Role.REP or owner in (None, by.pk):
            yield lead, stage


def _move_back(work: Work, changes: Sequence[Change]) -> int:
    """Back to where they were, as moves of their own; who went on since stays.

    Nothing follows from it, but that the routing asks again about those it held on to.
    """
    now = {lead: stage for lead, stage, _owner in fetch(STAGES, ids=list(work.ids))}
    ours = [each for each in changes if now.get(each.lead_id) == work.parameters["stage"]]
    ours.sort(key=_before)
    undone: list[UUID] = []
    for stage, group in groupby(ours, key=_before):
        ids = [change.lead_id for change in group]
        reason = _("A bulk action was undone.")
        undone += enter_stage(
            ids, stage=stage, reason=reason, by=work.by, now=work.now, is_quiet=True
        )
    waited = {each.lead_id for each in ours if each.before == WAITED}
    route_leads(sorted(waited.intersection(undone)), now=work.now)
    return len(undone)


def _before(change: Change) -> str:
    return Stage.MQL if change.before == WAITED else str(change.before)


def _tell(parameters: Mapping[str, Any]) -> str:
    return _("Move to %s") % Stage(parameters["stage"]).label


STAGE = Verb(
    name="stage",
    label=gettext_lazy("Move to stage"),
    icon="milestone",
    page="funnel:move",
    tell=_tell,
    do=_move,
    undo=_move_back,
    form=StageForm,
    hint=gettext_lazy(
        "Leads whose stage does not lead there by its definition are passed over. Undoing moves "
        "them back; both moves stay in their history."
    ),
)


def _close(work: Work) -> Iterable[Change]:
    """Who has an open deal, or is somebody else's to a rep, is passed over."""
    mine = [lead for lead, _stage in _movable(work)]
    closed = close_cycles(mine, ending_of(work.parameters), by=work.by, now=work.now)
    return [Change(lead, str(archive)) for lead, archive in closed.items()]


def _reopen(work: Work, changes: Sequence[Change]) -> int:
    """Where nothing has come of the next cycle."""
    archives = [change.before for change in changes]
    return len(reopen_cycles(archives, by=work.by, now=work.now))


def _tell_closing(parameters: Mapping[str, Any]) -> str:
    return _("Close cycle; carry over: %s") % Carry(parameters["carry"]).label


CYCLE = Verb(
    name="cycle",
    label=gettext_lazy("Close cycle"),
    icon="archive",
    page="funnel:cycle_close",
    tell=_tell_closing,
    do=_close,
    undo=_reopen,
    form=EndingForm,
    hint=gettext_lazy(
        "Leads with an open deal are passed over if they were to go back to lead. Undoing brings "
        "stage and score back where nothing has come since; sequences do not begin again."
    ),
)
