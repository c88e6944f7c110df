"""A dry run: the rows are read and matched as the import would, and nothing is written."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from capture.actions.chunks import (
    KINDS,
    belongs_to_another,
    erased_before,
    known_already,
    read_lines,
)
from capture.actions.mapping import refuse_doubtful_dates
from capture.actions.standing import locked
from capture.events import ImportsMoved
from capture.importing import store
from capture.importing.plans import plan_of
from capture.importing.rows import Plan as Reading
from capture.importing.rows import Row
from capture.importing.seen import Seen, seen_in
from capture.importing.trial import Trial
from capture.models import Import, ImportStatus, Known, Match
from leadmgmt.kernel.events import publish
from leads.actions.identities import Plan, planned
from leads.models import Lead

CHUNK = 2_000  # rows
AT_ONCE = 2_000  # rows that are tried while somebody waits
TEXTS = ("name", "email", "phone", "job_title", "country", "city")


def start_trial(import_id: UUID, *, now: datetime) -> Import:
    """Let a worker try every row of the file; refuses while it is in doubt how days are written."""
    with transaction.atomic():
        found = locked(import_id, ImportStatus.DRAFT)
        refuse_doubtful_dates(found)
        found.status, found.trial, found.moved_at = ImportStatus.CHECKING, {}, now
        found.save(update_fields=["status", "trial", "moved_at"])
        publish(ImportsMoved((found.pk,)))
        return found


def try_first_rows(found: Import) -> Trial:
    """What would become of the first rows; at once, and nothing is kept."""
    trial = Trial()
    lines = store.lines_from(found.pk, 0, AT_ONCE)
    with seen_in(None) as seen:
        _try(found, plan_of(found), lines, seen, trial)
    trial.is_done = trial.tried >= found.rows
    return trial


def try_chunk(import_id: UUID, *, now: datetime) -> None:
    """Try the next rows; nothing for an import that is not being tried."""
    with transaction.atomic():
        checking = Import.objects.select_for_update().filter(status=ImportStatus.CHECKING)
        found: Import | None = checking.filter(pk=import_id).first()
        if found is None:
            return
        trial = Trial(**found.trial)
        lines = store.lines_from(found.pk, trial.cursor, CHUNK) if store.is_kept(found.pk) else []
        with seen_in(_memory(found, is_new=not trial.tried)) as seen:
            if lines:
                seen.forget_from(lines[0].number)
                _try(found, plan_of(found), lines, seen, trial)
        _move(found, trial, is_last=not lines or trial.tried >= found.rows, now=now)


def _move(found: Import, trial: Trial, *, is_last: bool, now: datetime) -> None:
    trial.is_done = is_last
    found.trial, found.moved_at = trial.as_json(), now
    if is_last:
        found.status = ImportStatus.DRAFT
    else:
        publish(ImportsMoved((found.pk,)))
    found.save(update_fields=["trial", "status", "moved_at"])


def _memory(found: Import, *, is_new: bool) -> Path:
    path = store.folder_of(found.pk) / "seen.sqlite"
    if is_new:
        path.unlink(missing_ok=True)
    return path


def _try(
    found: Import, reading: Reading, lines: Sequence[store.Line], seen: Seen, trial: Trial
) -> None:
    rows, problems = read_lines(reading, lines)
    plan = planned(
        [row.lead for row in rows],
        match=KINDS[Match(found.identity)],
        skips_known=found.known == Known.SKIP,
        recall=seen.recall,
    )
    if lines:
        seen.remember(plan.claims, lines[0].number)
        trial.tried, trial.cursor = trial.tried + len(lines), lines[-1].end
    problems += [belongs_to_another(rows[number]) for number in sorted(plan.taken)]
    problems += [known_already(rows[number]) for number in sorted(plan.passed)]
    problems += [erased_before(rows[number]) for number in sorted(plan.erased)]
    for problem in problems:
        trial.count(problem.verdict, {"row": problem.row, "why": problem.reason})
    _count_written(found, rows, plan, trial)


def _count_written(found: Import, rows: Sequence[Row], plan: Plan, trial: Trial) -> None:
    known = {plan.lead_ids[number] for number in range(len(rows))} - plan.new.keys()
    shown = _shown(known) if trial.wants("updated") else {}
    for number, row in enumerate(rows):
        lead_id = plan.lead_ids[number]
        if number in plan.taken | plan.passed | plan.erased:
            continue
        if plan.new.get(lead_id) == number:
            trial.count("created", {"row": row.number, "who": _who(row)})
        else:
            changes = _changes(shown.get(lead_id), row, found.known) if lead_id in shown else []
            trial.count("updated", {"row": row.number, "who": _who(row), "changes": changes})


def _shown(lead_ids: set[UUID]) -> dict[UUID, Lead]:
    """Some of the known leads, for examples."""
    return {lead.pk: lead for lead in Lead.objects.filter(pk__in=sorted(lead_ids)[:50])}


def _who(row: Row) -> str:
    lead = row.lead
    return " · ".join(
        each for each in (lead.name, lead.email or lead.phone or lead.external_id) if each
    )


def _changes(lead: Lead | None, row: Row, known: str) -> list[dict[str, Any]]:
    """What the row would change of a known lead."""
    if lead is None:
        return []
    overwrites = known == Known.OVERWRITE
    said = {name: getattr(row.lead, name) for name in TEXTS} | {
        f"attributes.{key}": value for key, value in row.lead.attributes.items()
    }
    old = {name: getattr(lead, name) for name in TEXTS} | {
        f"attributes.{key}": value for key, value in lead.attributes.items()
    }
    return [
        {"field": name, "old": old.get(name, ""), "new": value}
        for name, value in said.items()
        if value not in ("", None, old.get(name, ""))
        and (overwrites or old.get(name, "") in ("", None))
    ]
