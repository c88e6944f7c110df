"""The companies people work for, told from their email's domain or from the company's name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import Company
from leads.normalising import company_domain
from leads.rows import NewLead

# A domain that a merged company brought along leads to the kept one.
# A firm that somebody else founds in this moment is missing from the answer: ask again.
BY_DOMAIN = """
WITH asked AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(domain text, name text)
), known AS MATERIALIZED (
    SELECT company.domain, company.id FROM asked
    JOIN leads_company AS company USING (domain) WHERE company.workspace_id = %(workspace)s
    UNION
    SELECT merged.domain, merged.company_id FROM asked
    JOIN leads_companymerge AS merged USING (domain)
    WHERE merged.workspace_id = %(workspace)s AND merged.undone_at IS NULL AND merged.domain <> ''
      AND NOT EXISTS (SELECT FROM leads_company AS own
          WHERE own.workspace_id = %(workspace)s AND own.domain = merged.domain)
), founded AS (
    INSERT INTO leads_company (workspace_id, domain, name, industry, country, stage, created_at)
    SELECT %(workspace)s, domain, name, '', '', 'lead', %(now)s FROM asked
    WHERE domain NOT IN (SELECT domain FROM known)
    ORDER BY domain
    ON CONFLICT (workspace_id, domain) DO NOTHING
    RETURNING domain, id
)
SELECT * FROM known UNION ALL SELECT * FROM founded
"""

# Two imports at once must not found the same firm twice; a name alone is not unique.
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(hashtextextended('leads_company:' || %(workspace)s, 0))"
)


def employers_of(rows: Sequence[NewLead], *, now: datetime) -> list[UUID | None]:
    """The company of each normalised row, founded when it is not known yet; None when untold.

    A domain that is named decides, then that of a business email; a free-mail address leaves it
    to the company's name.
    """
    domains = [row.company_domain or company_domain(row.email) for row in rows]
    by_domain = _by_domain(
        {
            domain: row.company_name or domain
            for domain, row in reversed(list(zip(domains, rows, strict=True)))
            if domain
        },
        now=now,
    )
    names = {
        row.company_name
        for domain, row in zip(domains, rows, strict=True)
        if row.company_name and not domain
    }
    by_name = _by_name(names, now=now)
    return [
        by_domain[domain] if domain else by_name.get(row.company_name)
        for domain, row in zip(domains, rows, strict=True)
    ]


def _by_domain(names: Mapping[str, str], *, now: datetime) -> dict[str, UUID]:
    asked = as_jsonb([{"domain": domain, "name": name} for domain, name in names.items()])
    known: dict[str, UUID] = {}
    while len(known) < len(names):
        known = dict(fetch(BY_DOMAIN, rows=asked, now=now))
    return known


def _by_name(names: Iterable[str], *, now: datetime) -> dict[str, UUID]:
    wanted = set(names)
    known = _known_names(wanted)
    if wanted - known.keys():
        fetch(ONE_AT_A_TIME)
        known = _known_names(wanted)
        missing = sorted(wanted - known.keys())
        Company.objects.bulk_create([Company(name=name, created_at=now) for name in missing])
        known = _known_names(wanted)
    return known


def _known_names(names: Iterable[str]) -> dict[str, UUID]:
    """The oldest company of each name."""
    wanted = list(names)
    if not wanted:
        return {}
    found = Company.objects.filter(name__in=wanted).order_by("-created_at", "-id")
    return dict(found.values_list("name", "id"))
