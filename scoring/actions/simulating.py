"""A draft worked out for today's leads, chunk by chunk, beside the version in force."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.conditions import calendar_at
from leads.models import Lead
from scoring.actions.recomputing import CHUNK, NEXT_LEADS
from scoring.actions.rehearsals import CannotTry, beside_of, finish, has_changed, take_rehearsal
from scoring.backtest.fingerprints import fingerprint
from scoring.events import SimulationsMoved
from scoring.line import mql_line
from scoring.models import ModelVersion, Purpose, RehearsalState, Simulation
from scoring.rules import Scorer, scorer_of
from scoring.statements import Batch, Statement, between, scored

WRITTEN = """
INSERT INTO scoring_simulatedlead (workspace_id, simulation_id, lead_id, old_score, new_score,
    old_class, new_class, old_grade, new_grade, moved)
SELECT %(workspace)s, %(simulation)s, scored.id, old.value, scored.value,
    coalesce(old.lead_class, ''), scored.lead_class, coalesce(old.grade, ''), scored.grade,
    least(abs(coalesce(scored.value, 0)::bigint - coalesce(old.value, 0)), 2147483647)
FROM scored LEFT JOIN scoring_leadscore AS old
    ON old.workspace_id = %(workspace)s AND old.lead_id = scored.id
    AND old.version_id = %(beside)s AND old.lead_id {batch}
ORDER BY scored.id
"""
MOVES = """
SELECT old_{of}, new_{of}, count(*) FROM scoring_simulatedlead
WHERE workspace_id = %(workspace)s AND simulation_id = %(simulation)s GROUP BY 1, 2 ORDER BY 1, 2
"""
CROSSED = """
SELECT count(*), count(*) FILTER (WHERE old_score IS DISTINCT FROM new_score),
    count(*) FILTER (WHERE new_score >= %(line)s AND (old_score >= %(line)s) IS NOT TRUE),
    count(*) FILTER (WHERE old_score >= %(line)s AND (new_score >= %(line)s) IS NOT TRUE)
FROM scoring_simulatedlead WHERE workspace_id = %(workspace)s AND simulation_id = %(simulation)s
"""


class AlreadySimulated(Conflict):
    """It is being worked out."""


def start_simulation(draft: ModelVersion, *, by: Member | None, now: datetime) -> Simulation:
    """Have the draft worked out for all leads in the background; what was simulated before goes.

    Refuses a draft without rules, and a second simulation beside one that is in work.
    """
    with transaction.atomic():
        drafts = ModelVersion.objects.select_for_update(of=["self"]).select_related("model")
        draft = drafts.get(pk=draft.pk)
        _refuse(draft)
        Simulation.objects.filter(model=draft.model).delete()
        is_main = draft.model.purpose == Purpose.MAIN and not draft.is_by_decisions
        made: Simulation = Simulation.objects.create(
            model=draft.model,
            version=draft,
            fingerprint=fingerprint(draft),
            beside=beside_of(draft),
            line=mql_line() if is_main else None,
            asked_by=by,
            asked_at=now,
            total=Lead.objects.count(),
        )
        publish(SimulationsMoved((made.pk,)))
    return made


def cancel_simulation(simulation: Simulation, *, now: datetime) -> None:
    """Stop it; refuses one that is at its end."""
    stopped = Simulation.objects.in_work().filter(pk=simulation.pk)
    if not stopped.update(state=RehearsalState.CANCELLED, finished_at=now):
        raise CannotTry(_("This simulation is at its end already."))


def advance_simulations(ids: Iterable[UUID], *, now: datetime) -> None:
    """The next chunk of leads of each."""
    for simulation_id in ids:
        with transaction.atomic():
            take_rehearsal(simulation_id)
            rows = Simulation.objects.in_work().select_related("version__model")
            found = rows.filter(pk=simulation_id).first()
            if found is not None:
                _advance(found, now)


def _refuse(draft: ModelVersion) -> None:
    rules = draft.decisions if draft.is_by_decisions else draft.rules
    if not rules.exists():
        raise CannotTry(_("A version without rules has nothing to try; add a rule first."))
    if Simulation.objects.in_work().filter(version=draft).exists():
        raise AlreadySimulated(_("The draft is being worked out; wait, or cancel it."))


def _advance(simulation: Simulation, now: datetime) -> None:
    if simulation.version is None or has_changed(simulation):
        finish(simulation, now, state=RehearsalState.OVERTAKEN)
        return
    fits = ModelVersion.objects.published().filter(model__purpose=Purpose.FIT)
    scorer = scorer_of(simulation.version, fit_id=fits.values_list("pk", flat=True).first())
    ((first, last, count),) = fetch(NEXT_LEADS, cursor=simulation.cursor, most=CHUNK)
    if count == 0:
        finish(simulation, now, result=_result(simulation))
        return
    statement = _written(simulation, scorer, between(first, last), now)
    execute(statement.text, **statement.values)
    told = {"cursor": last, "done": simulation.done + count, "state": RehearsalState.WORKING}
    if Simulation.objects.in_work().filter(pk=simulation.pk).update(**told):
        publish(SimulationsMoved((simulation.pk,)))


def _written(simulation: Simulation, scorer: Scorer, chunk: Batch, now: datetime) -> Statement:
    found = scored(scorer, chunk, calendar_at(now))
    values = {"simulation": simulation.pk, "beside": simulation.beside_id}
    return Statement(found.text + WRITTEN.format(batch=chunk.text), found.values | values)


def _result(simulation: Simulation) -> dict[str, Any]:
    line = simulation.line
    values = {"simulation": simulation.pk}
    ((leads, changed, gaining, losing),) = fetch(CROSSED, line=line, **values)
    return {
        "leads": leads,
        "rescored": changed,
        "gaining": gaining if line is not None else None,
        "losing": losing if line is not None else None,
        "classes": fetch(MOVES.format(of="class"), **values),
        "grades": fetch(MOVES.format(of="grade"), **values),
    }
