"""With whom a deal may be opened."""

from typing import Any

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Stage
from leads.queries.finding import LONGEST, MOST

SHOWN = 20
FIND = "SELECT platform_find_leads(%(asked)s, %(most)s)"


def buyers() -> Any:
    """SQLs and customers."""
    return Lead.objects.filter(stage__in=(Stage.SQL, Stage.CUSTOMER))


def buyers_to_choose(asked: str, *, member: Member) -> list[Lead]:
    """Some of them: with these words in name, email, phone or company; else one's own newest.

    Who has none is shown the newest SQLs of all.
    """
    people = buyers().select_related("company", "owner")
    newest = people.order_by("-created_at", "-id")
    if asked:
        words = asked[:LONGEST].replace("\0", "").encode(errors="ignore").decode()
        found = [row[0] for row in fetch(FIND, asked=words, most=MOST)]
        return list(people.filter(pk__in=found).order_by("name", "id")[:SHOWN])
    mine = list(newest.filter(owner=member)[:SHOWN])
    return mine or list(newest.filter(stage=Stage.SQL)[:SHOWN])
