"""An import runs: chunk by chunk, each in one transaction that moves the import's cursor.

The outbox carries the loop. A chunk announces ImportsMoved in its own transaction, whose later
reaction is the next chunk; so a worker may die at any moment, and no row is lost or read twice.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from capture.actions.mapping import Settings, refuse_wrong, with_fields_made, words_of
from capture.events import ImportsMoved
from capture.importing import store
from capture.importing.columns import ATTRIBUTE, NEW
from capture.importing.rows import Plan, Problem, read_row
from capture.models import Import, ImportStatus, ProblemVerdict
from capture.questions import custom_fields
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.kinds import Kind
from leads.normalising import default_region
from leads.rows import NewLead

CHUNK = 500  # rows: about half a second

KEEP_PROBLEMS = """
INSERT INTO capture_importproblem (workspace_id, of_id, row, verdict, reason, cells)
SELECT %(workspace)s, %(of)s, row, verdict, reason, cells FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS problem(row int, verdict text, reason text, cells jsonb)
ON CONFLICT (workspace_id, of_id, row) DO NOTHING
"""


class CannotChangeImport(Conflict):
    """The import is not in the state this asks for."""


@dataclass
class Outcome:
    """What became of a chunk of rows."""

    created: int = 0
    updated: int = 0
    problems: list[Problem] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        """How many rows were left out with this verdict."""
        return sum(problem.verdict == verdict for problem in self.problems)


def settle_import(import_id: UUID, settings: Settings) -> Import:
    """Write down how the file is to be read; refuses what could not be read that way."""
    with transaction.atomic():
        found = _locked(import_id, ImportStatus.DRAFT)
        refuse_wrong(found, settings)
        found.mapping = list(settings.mapping)
        found.identity = settings.identity
        found.unknown_words = words_of(settings.unknown_words)
        found.overwrites, found.is_quiet = settings.overwrites, settings.is_quiet
        found.campaign_id = settings.campaign_id
        found.save()
        return found


def start_import(import_id: UUID, *, by: Member | None, now: datetime) -> Import:
    """Make the custom fields the mapping asks for, and let the workers begin."""
    with transaction.atomic():
        found = _locked(import_id, ImportStatus.DRAFT)
        found.mapping = with_fields_made(found)
        found.status, found.by = ImportStatus.RUNNING, by or found.by
        found.started_at = found.moved_at = now
        found.save()
        publish(ImportsMoved((found.pk,)))
        return found


def cancel_import(import_id: UUID, *, now: datetime) -> Import:
    """Stop after the chunk that is being written; what is imported stays."""
    with transaction.atomic():
        found = _locked(import_id, ImportStatus.RUNNING)
        _stop(found, now)
        return found


def resume_import(import_id: UUID, *, now: datetime) -> Import:
    """Go on where it was cancelled; refuses when the file is lost."""
    with transaction.atomic():
        found = _locked(import_id, ImportStatus.CANCELLED)
        store.lines_from(found.pk, found.cursor, 1)
        found.status, found.finished_at, found.moved_at = ImportStatus.RUNNING, None, now
        found.save(update_fields=["status", "finished_at", "moved_at"])
        publish(ImportsMoved((found.pk,)))
        return found


def import_chunk(import_id: UUID, *, now: datetime) -> None:
    """Import the next rows and move the cursor; nothing for an import that does not run.

    An import whose file is lost is cancelled: it can go on if the file comes back.
    """
    with transaction.atomic():
        found: Import | None = (
            Import.objects.select_for_update()
            .filter(pk=import_id, status=ImportStatus.RUNNING)
            .first()
        )
        if found is None:
            return
        if not store.is_kept(found.pk):
            _stop(found, now)
            return
        lines = store.lines_from(found.pk, found.cursor, CHUNK)
        outcome = _import_lines(found, lines, now)
        _move(found, lines, outcome, now)


def plan_of(found: Import) -> Plan:
    """How the rows of this import are read."""
    regions: list[str | None] = []

    def region() -> str | None:
        if not regions:
            regions.append(default_region())
        return regions[0]

    kinds = {key: custom.kind for key, custom in custom_fields().items()}
    mapping = list(found.mapping)
    for number, target in enumerate(mapping):
        if target.startswith(NEW):  # not started yet: read as if its field were there
            mapping[number] = f"{ATTRIBUTE}column_{number}"
            kinds[f"column_{number}"] = target.removeprefix(NEW)
    return Plan(
        headers=[column["header"] for column in found.columns],
        mapping=mapping,
        kinds=kinds,
        unknown=frozenset(word.lower() for word in found.unknown_words),
        identity=found.identity,
        campaign_id=found.campaign_id,
        region=region,
    )


def _import_lines(found: Import, lines: Sequence[store.Line], now: datetime) -> Outcome:
    plan, outcome = plan_of(found), Outcome()
    rows: list[tuple[store.Line, NewLead]] = []
    for line in lines:
        read = read_row(plan, line.number, line.cells)
        if isinstance(read, Problem):
            outcome.problems.append(read)
        else:
            rows.append((line, read))
    try:
        with transaction.atomic():
            _resolve(found, [row for _line, row in rows], outcome, now)
    except Refusal:
        for line, row in rows:
            _resolve_alone(found, line, row, outcome, now)
    return outcome


def _resolve(found: Import, rows: Sequence[NewLead], outcome: Outcome, now: datetime) -> None:
    resolved = resolve_leads(
        rows,
        now=now,
        by=found.by,
        overwrite=found.overwrites,
        is_quiet=found.is_quiet,
        kind=Kind.IMPORTED,
        properties={"file": found.name, "import_id": str(found.pk)},
    )
    created = sum(each.is_new for each in resolved)
    outcome.created += created
    outcome.updated += len(resolved) - created


def _resolve_alone(
    found: Import, line: store.Line, row: NewLead, outcome: Outcome, now: datetime
) -> None:
    """A row that its neighbours must not suffer for."""
    try:
        with transaction.atomic():
            _resolve(found, [row], outcome, now)
    except Refusal as refusal:
        outcome.problems.append(
            Problem(line.number, ProblemVerdict.REJECTED, refusal.sentence[:500], line.cells)
        )


def _move(found: Import, lines: Sequence[store.Line], outcome: Outcome, now: datetime) -> None:
    _keep_problems(found, outcome.problems)
    found.handled += len(lines)
    found.created += outcome.created
    found.updated += outcome.updated
    found.skipped += outcome.count(ProblemVerdict.SKIPPED)
    found.rejected += outcome.count(ProblemVerdict.REJECTED)
    found.cursor = lines[-1].end if lines else found.cursor
    found.moved_at = now
    if found.handled >= found.rows or not lines:
        found.status, found.finished_at = ImportStatus.DONE, now
    else:
        publish(ImportsMoved((found.pk,)))
    found.save()


def _stop(found: Import, now: datetime) -> None:
    found.status, found.finished_at = ImportStatus.CANCELLED, now
    found.save(update_fields=["status", "finished_at"])


def _keep_problems(found: Import, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    rows = as_jsonb([asdict(problem) for problem in problems])
    values: dict[str, Any] = {"workspace": current_workspace_id(), "of": found.pk, "rows": rows}
    with connection.cursor() as cursor:
        cursor.execute(KEEP_PROBLEMS, values)


def _locked(import_id: UUID, status: str) -> Import:
    found: Import = Import.objects.select_for_update().get(pk=import_id)
    if found.status != status:
        raise CannotChangeImport(
            _("This import is %(status)s by now; look at its page for what can be done.")
            % {"status": str(found.get_status_display()).lower()}
        )
    return found
