"""The companies people work for, told from their email's domain or from the company's name."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import Company
from leads.normalising import company_domain
from leads.rows import NewLead

FOUND_BY_DOMAIN = """
INSERT INTO leads_company (
    workspace_id, domain, name, industry, country, stage, created_at)
SELECT %(workspace)s, domain, name, '', '', 'lead', %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(domain text, name text)
ORDER BY domain
ON CONFLICT (workspace_id, domain) DO NOTHING
"""

# Two imports at once must not found the same firm twice; a name alone is not unique.
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(hashtextextended('leads_company:' || %(workspace)s, 0))"
)


def employers_of(rows: Sequence[NewLead], *, now: datetime) -> list[UUID | None]:
    """The company of each normalised row, founded when it is not known yet; None when untold.

    A business email's domain decides; a free-mail address leaves it to the company's name.
    """
    domains = [company_domain(row.email) for row in rows]
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


def _by_domain(names: dict[str, str], *, now: datetime) -> dict[str, UUID]:
    known = _known_domains(names)
    missing = [
        {"domain": domain, "name": name} for domain, name in names.items() if domain not in known
    ]
    if missing:
        execute(FOUND_BY_DOMAIN, rows=as_jsonb(missing), now=now)
        known = _known_domains(names)
    return known


def _known_domains(domains: Iterable[str]) -> dict[str, UUID]:
    wanted = list(domains)
    if not wanted:
        return {}
    return dict(Company.objects.filter(domain__in=wanted).values_list("domain", "id"))


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
