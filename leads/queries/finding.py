"""Finding leads by what somebody types into a search box."""

from leads.conditions import Sql

MOST = 2_000
LONGEST = 200


def found_by(asked: str) -> Sql:
    """The row `lead` has every word asked for as a beginning in name, email, phone or company.

    At most MOST of them, any: who types so little wants to type more. Runs as the platform role,
    which repeats the workspace condition; see migration 0004.
    """
    return Sql("lead.id IN (SELECT platform_find_leads(%s, %s))", (asked, MOST))
