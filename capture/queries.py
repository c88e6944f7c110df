"""Questions for capture's pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from capture.importing import store
from capture.models import (
    Form,
    FormDay,
    Import,
    ImportProblem,
    ImportTrace,
    Submission,
    TraceKind,
    Verdict,
)
from leadmgmt.kernel.sql import fetch
from leads.kinds import Kind
from leads.models import Activity, Lead

EVENTS_SHOWN = 10
AT_ONCE = 500  # rows left out
SITE_KINDS = (Kind.VISIT, Kind.PAGE_VIEW, Kind.PAGE_LEFT)


def preview(found: Import, most: int) -> list[store.Line]:
    """The first rows of the file as they are."""
    return store.lines_from(found.pk, 0, most)


def problems_of(found: Import) -> QuerySet[ImportProblem]:
    """The rows an import left out, in the order of the file."""
    problems: QuerySet[ImportProblem] = ImportProblem.objects.filter(of=found).order_by("row")
    return problems


def each_problem(found: Import) -> Iterator[ImportProblem]:
    """All of them, some at a time: a file may have been left out whole."""
    row = 0
    while some := list(problems_of(found).filter(row__gt=row)[:AT_ONCE]):
        yield from some
        row = some[-1].row


USABLE = """
SELECT asked.id FROM unnest(%(ids)s::uuid[]) AS asked (id)
WHERE NOT EXISTS (SELECT FROM leads_activity AS fact JOIN capture_import AS file
    ON file.workspace_id = %(workspace)s AND file.id = (fact.properties ->> 'import_id')::uuid
    WHERE fact.workspace_id = %(workspace)s AND fact.lead_id = asked.id AND fact.kind = 'imported'
      AND (NOT file.uses @> to_jsonb(%(use)s::text) OR file.expires_on < %(today)s::date))
"""


def leads_usable_for(lead_ids: Sequence[UUID], use: str, *, now: datetime) -> set[UUID]:
    """Whom the file that made them lets us approach this way today (`Use`), and whom no file made.

    Email and calls are blocked on the leads themselves as well, see `capture.actions.expiring`.
    """
    return {row[0] for row in fetch(USABLE, ids=list(lead_ids), use=use, today=now.date())}


def stayed_of(found: Import) -> QuerySet[Any]:
    """What an undo left alone, because somebody had touched it: `lead_name` and perhaps `field`."""
    lead = Lead.objects.filter(pk=OuterRef("object_id"))
    traces: QuerySet[Any] = ImportTrace.objects.filter(of=found, kind=TraceKind.STAYED)
    return traces.annotate(
        lead_name=Subquery(lead.values("name")[:1]),
        lead_email=Subquery(lead.values("email")[:1]),
        field=F("before__field"),
    ).order_by("object_id", "id")


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


def _number(rows: QuerySet[Submission] | QuerySet[FormDay]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
