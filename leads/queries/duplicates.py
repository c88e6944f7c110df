"""Questions about leads that may be one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.models import OutboxRow
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page, cursor_of, page_of
from leads.likeness import REASONS
from leads.models import Duplicate, DuplicateStatus, Lead
from leads.queries.finding import LONGEST

ORDER = ("-certainty", "id")
SIZE = 10
MOST = 20
FIND = "SELECT platform_find_leads(%(asked)s, %(most)s)"
SEARCH = "leads.reactions.search_further"


@dataclass(frozen=True)
class Pair:
    """Two leads side by side; `kept` is the one known longer. `later` is the cursor behind it."""

    id: UUID
    kept: Lead
    gone: Lead
    certainty: int
    reasons: Sequence[str]
    later: str


def duplicate_page(query: Mapping[str, str]) -> Page[Pair]:
    """The pairs to be looked at, the most certain first."""
    page = page_of(open_pairs(), ORDER, query, size=SIZE)
    return page.of([_pair(row) for row in page.rows])


def open_pairs() -> QuerySet[Duplicate]:
    """Those nobody has decided about."""
    rows: QuerySet[Duplicate] = Duplicate.objects.filter(status=DuplicateStatus.OPEN)
    return rows.select_related(*PEOPLE)


def doubles_of(lead: Lead) -> list[Lead]:
    """Whom this lead looks like, the most certain first."""
    pairs = open_pairs().filter(Q(first=lead) | Q(second=lead)).order_by(*ORDER)[:MOST]
    return [pair.second if pair.first_id == lead.pk else pair.first for pair in pairs]


def look_up(asked: str, *, beside: Lead) -> list[Lead]:
    """Other leads with these words in name, email, phone or company."""
    words = asked[:LONGEST].replace("\0", "").encode(errors="ignore").decode()
    ids = [row[0] for row in fetch(FIND, asked=words, most=MOST + 1)]
    found = Lead.objects.filter(pk__in=ids).exclude(pk=beside.pk).select_related("company")
    return list(found.order_by("name", "pk")[:MOST])


def reasons_of(pair: Duplicate) -> list[str]:
    """Why the two look alike, in words."""
    return [str(REASONS[reason]) for reason in pair.reasons if reason in REASONS]


def is_searching() -> bool:
    """Is a search among all leads under way?"""
    waiting = OutboxRow.objects.filter(workspace_id=current_workspace_id(), reaction=SEARCH)
    return bool(waiting.filter(set_aside_at=None).exists())


PEOPLE = (
    "first__company",
    "first__owner",
    "second__company",
    "second__owner",
)


def _pair(row: Duplicate) -> Pair:
    older, newer = sorted((row.first, row.second), key=lambda lead: (lead.created_at, lead.pk))
    later = cursor_of([row.certainty, row.pk], ORDER)
    return Pair(row.pk, older, newer, row.certainty, reasons_of(row), later)
