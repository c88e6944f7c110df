"""Questions for capture's pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from capture.actions.importing import plan_of
from capture.importing import store
from capture.importing.rows import Problem, read_row
from capture.models import Form, FormDay, Import, ImportProblem, ProblemVerdict, Submission, Verdict
from leads.actions.identities import marks_of
from leads.kinds import Kind
from leads.models import Activity, Identity
from leads.rows import NewLead

MOST_TRIED = 20_000  # rows a dry run reads
SHOWN_PROBLEMS = 5
EVENTS_SHOWN = 10
SITE_KINDS = (Kind.VISIT, Kind.PAGE_VIEW, Kind.PAGE_LEFT)


@dataclass
class DryRun:
    """What an import would do; `tried` rows of it were read, and nothing was written."""

    tried: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    examples: list[Problem] = field(default_factory=list)


def dry_run(found: Import) -> DryRun:
    """Read the rows as the import would, and look up whose identities are known already."""
    plan, result = plan_of(found), DryRun()
    rows: list[NewLead] = []
    for line in store.lines_from(found.pk, 0, MOST_TRIED):
        result.tried += 1
        read = read_row(plan, line.number, line.cells)
        if isinstance(read, NewLead):
            rows.append(read)
        else:
            _note(result, read)
    _count_known(result, rows)
    return result


def preview(found: Import, most: int) -> list[store.Line]:
    """The first rows of the file as they are."""
    return store.lines_from(found.pk, 0, most)


def problems_of(found: Import) -> QuerySet[ImportProblem]:
    """The rows an import left out, in the order of the file."""
    problems: QuerySet[ImportProblem] = ImportProblem.objects.filter(of=found).order_by("row")
    return problems


def forms_with_counts() -> QuerySet[Any]:
    """Forms, with how often each was shown (`views`), answered and turned back, since it exists.

    `answers` are accepted submissions, `spam` the set-aside ones; `rate` is answers / views, None
    when the form was never shown.
    """
    days = FormDay.objects.filter(form=OuterRef("pk")).order_by().values("form")
    answers = Submission.objects.filter(form=OuterRef("pk")).order_by().values("form")
    accepted, spam = Q(verdict=Verdict.ACCEPTED), Q(verdict=Verdict.SPAM)
    found: QuerySet[Any] = Form.objects.annotate(
        views=_number(days.annotate(n=Sum("views")).values("n")),
        refusals=_number(days.annotate(n=Sum("refusals")).values("n")),
        answers=_number(answers.annotate(n=Count("pk", filter=accepted)).values("n")),
        spam=_number(answers.annotate(n=Count("pk", filter=spam)).values("n")),
    ).annotate(rate=F("answers") * 1.0 / NullIf("views", 0))
    return found


def submissions_of(form: Form, verdict: str) -> QuerySet[Submission]:
    """The answers to a form with this verdict, or all of them."""
    found: QuerySet[Submission] = Submission.objects.filter(form=form).select_related("lead")
    return found.filter(verdict=verdict) if verdict else found


def last_site_events(since: datetime) -> list[Activity]:
    """What tracking recorded last, newest first; looks no further back than `since`."""
    found = Activity.objects.filter(kind__in=SITE_KINDS, occurred_at__gte=since)
    return list(found.select_related("visitor", "lead").order_by("-occurred_at")[:EVENTS_SHOWN])


def _note(result: DryRun, problem: Problem) -> None:
    if problem.verdict == ProblemVerdict.SKIPPED:
        result.skipped += 1
    else:
        result.rejected += 1
    if len(result.examples) < SHOWN_PROBLEMS:
        result.examples.append(problem)


def _count_known(result: DryRun, rows: Sequence[NewLead]) -> None:
    """A row whose identity is in the database, or earlier in the file, updates that lead."""
    all_marks = [marks_of(row) for row in rows]
    seen = _known(mark for marks in all_marks for mark in marks)
    for marks in all_marks:
        if any(mark in seen for mark in marks):
            result.updated += 1
        else:
            result.created += 1
        seen.update(marks)


def _known(marks: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    by_kind: dict[str, list[str]] = {}
    for kind, value in marks:
        by_kind.setdefault(kind, []).append(value)
    known: set[tuple[str, str]] = set()
    for kind, values in by_kind.items():
        found = Identity.objects.filter(kind=kind, value__in=values).values_list("value", flat=True)
        known.update((kind, value) for value in found)
    return known


def _number(rows: QuerySet[Submission] | QuerySet[FormDay]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
