"""One chunk of an import: some hundred rows in one transaction that moves the import's cursor."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from capture.actions.details import add_details
from capture.actions.tracing import trace, traces_of_leads
from capture.events import ImportsMoved
from capture.importing import store
from capture.importing.plans import plan_of
from capture.importing.rows import Plan, Problem, Row, problem_of, read_row
from capture.models import Import, ImportStatus, Known, Match, ProblemVerdict, Use
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.identities import ANY, CannotBringBack, CannotMatchLead, any_erased, planned
from leads.actions.resolving import Terms, resolve_leads
from leads.kinds import Kind
from leads.models import IdentityKind, Via

CHUNK = 1_000  # rows: less than half a second
MOST_KNOWN_KEPT = 1_000  # rows skipped as known that are kept one by one; the rest is counted

KINDS = {
    Match.ANY: ANY,
    Match.EMAIL: frozenset({IdentityKind.EMAIL.value}),
    Match.PHONE: frozenset({IdentityKind.PHONE.value}),
    Match.EXTERNAL_ID: frozenset({IdentityKind.EXTERNAL.value}),
    Match.EMAIL_OR_PHONE: frozenset({IdentityKind.EMAIL.value, IdentityKind.PHONE.value}),
}
BLOCKS = {Use.EMAIL: "do_not_email", Use.CALL: "do_not_call"}

KEEP_PROBLEMS = """
INSERT INTO capture_importproblem (workspace_id, of_id, row, verdict, reason, cells)
SELECT %(workspace)s, %(of)s, row, verdict, reason, cells FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS problem(row int, verdict text, reason text, cells jsonb)
ON CONFLICT (workspace_id, of_id, row) DO NOTHING
"""


@dataclass
class Outcome:
    """What became of a chunk of rows."""

    created: int = 0
    updated: int = 0
    known: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        """How many rows were left out with this verdict."""
        return sum(problem.verdict == verdict for problem in self.problems)


def import_chunk(import_id: UUID, *, now: datetime) -> None:
    """Import the next rows and move the cursor; nothing for an import that does not run.

    An import whose file is lost is cancelled: it can go on if the file comes back.
    """
    with transaction.atomic():
        running = Import.objects.select_for_update().filter(status=ImportStatus.RUNNING)
        found: Import | None = running.filter(pk=import_id).first()
        if found is None:
            return
        if not store.is_kept(found.pk):
            found.status, found.finished_at = ImportStatus.CANCELLED, now
            found.save(update_fields=["status", "finished_at"])
            return
        lines = store.lines_from(found.pk, found.cursor, CHUNK)
        _refuse_end(found, lines)
        outcome = _import_lines(found, lines, now)
        _move(found, lines, outcome, now)


def _refuse_end(found: Import, lines: Sequence[store.Line]) -> None:
    """An import is done when its rows are, not when its file ends."""
    if not lines and found.handled < found.rows:
        sentence = _("The kept rows of this file end after row %(at)d of %(rows)d.")
        raise store.CannotFindFile(sentence % {"at": found.handled, "rows": found.rows})


def read_lines(plan: Plan, lines: Sequence[store.Line]) -> tuple[list[Row], list[Problem]]:
    """What the lines say, and those that say nothing."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for line in lines:
        read = read_row(plan, line.number, line.cells)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            rows.append(read)
    return rows, problems


def belongs_to_another(row: Row) -> Problem:
    """The row of somebody whose email or id is another lead's, though nothing matches them."""
    return problem_of(
        row.number, ProblemVerdict.REJECTED, CannotMatchLead.sentence_of(row.lead), row.cells
    )


def erased_before(row: Row) -> Problem:
    """The row of somebody who was erased, and whom a file must not bring back."""
    sentence = CannotBringBack.sentence_of(row.lead)
    return problem_of(row.number, ProblemVerdict.SKIPPED, sentence, [])


def known_already(row: Row) -> Problem:
    """The row of somebody who is to be left as they are."""
    reason = _("This person is known already, or stands in an earlier row.")
    return problem_of(row.number, ProblemVerdict.SKIPPED, reason, row.cells)


def _import_lines(found: Import, lines: Sequence[store.Line], now: datetime) -> Outcome:
    rows, problems = read_lines(plan_of(found), lines)
    outcome = Outcome(problems=problems)
    rows = _without_taken(found, rows, outcome)
    if rows:
        _resolve_in_parts(found, rows, outcome, now)
    return outcome


def _without_taken(found: Import, rows: list[Row], outcome: Outcome) -> list[Row]:
    """Set aside the erased, and whom a narrower match would give somebody else's email or id."""
    match, leads = KINDS[Match(found.identity)], [row.lead for row in rows]
    if not rows or (match == ANY and not any_erased(leads)):
        return rows
    plan = planned(leads, match=match)
    outcome.problems += [belongs_to_another(rows[number]) for number in sorted(plan.taken)]
    outcome.problems += [erased_before(rows[number]) for number in sorted(plan.erased)]
    left_out = plan.taken | plan.erased
    return [row for number, row in enumerate(rows) if number not in left_out]


def _resolve_in_parts(found: Import, rows: Sequence[Row], outcome: Outcome, now: datetime) -> None:
    """All at once; when one row is refused, its neighbours must not suffer for it."""
    try:
        with transaction.atomic():
            _resolve(found, rows, outcome, now)
    except Refusal as refusal:
        if len(rows) == 1:
            (row,) = rows
            verdict = ProblemVerdict.REJECTED
            outcome.problems.append(problem_of(row.number, verdict, refusal.sentence, row.cells))
            return
        half = len(rows) // 2
        _resolve_in_parts(found, rows[:half], outcome, now)
        _resolve_in_parts(found, rows[half:], outcome, now)


def _resolve(found: Import, rows: Sequence[Row], outcome: Outcome, now: datetime) -> None:
    skips = found.known == Known.SKIP
    resolved = resolve_leads(
        [row.lead for row in rows],
        now=now,
        by=found.by,
        overwrite=found.known == Known.OVERWRITE,
        is_quiet=found.is_quiet,
        kind=Kind.IMPORTED,
        properties={"file": found.name, "import_id": str(found.pk)},
        via=Via.IMPORT,
        via_id=found.pk,
        terms=Terms(KINDS[Match(found.identity)], skips, blocked(found), True, True),
    )
    pairs = list(zip(rows, resolved, strict=True))
    written = [(row, each.lead_id) for row, each in pairs if each.is_new or not skips]
    made = [each.lead_id for each in resolved if each.is_new]
    trace(found, [*traces_of_leads(made), *add_details(found, written, now=now)])
    outcome.created += len(made)
    outcome.updated += len(written) - len(made)
    outcome.known += [known_already(row) for row, each in pairs if skips and not each.is_new]


def blocked(found: Import) -> frozenset[str]:
    """What must not be done with the leads this import makes, as fields of the lead."""
    return frozenset(name for use, name in BLOCKS.items() if use not in found.uses)


def _move(found: Import, lines: Sequence[store.Line], outcome: Outcome, now: datetime) -> None:
    kept = max(MOST_KNOWN_KEPT - found.skipped, 0)
    _keep_problems(found, [*outcome.problems, *outcome.known[:kept]])
    found.handled += len(lines)
    found.created += outcome.created
    found.updated += outcome.updated
    found.skipped += outcome.count(ProblemVerdict.SKIPPED) + len(outcome.known)
    found.rejected += outcome.count(ProblemVerdict.REJECTED)
    found.cursor = lines[-1].end if lines else found.cursor
    found.moved_at = now
    if found.handled >= found.rows:
        found.status, found.finished_at = ImportStatus.DONE, now
    else:
        publish(ImportsMoved((found.pk,)))
    found.save()


def _keep_problems(found: Import, problems: Sequence[Problem]) -> None:
    if problems:
        rows = as_jsonb([asdict(problem) for problem in problems])
        execute(KEEP_PROBLEMS, of=found.pk, rows=rows)
