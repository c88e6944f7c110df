"""Finding leads and companies by what somebody types into a search box."""

from leads.conditions import Sql

MOST = 2_000
LONGEST = 200


def found_by(asked: str) -> Sql:
    """The row `lead` has every word asked for as a beginning in its profile, company or notes.

    At most MOST of them, any: who types so little wants to type more. Runs as the platform role,
    which repeats the workspace condition; see migrations 0004 and 0011.
    """
    return Sql("lead.id IN (SELECT platform_find_leads(%s, %s))", (asked, MOST))


def companies_found_by(asked: str) -> Sql:
    """The row `company` has every word asked for in name or domain, at any place."""
    return Sql("company.id IN (SELECT platform_find_companies(%s, %s))", (asked, MOST))
