"""Words people of the demo wear, who looks after which firm, and how long anything is kept."""

from datetime import datetime
from typing import Any

from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member
from leads.actions.retention import save_retention_rule
from leads.actions.tagging import tag_called, tag_leads
from leads.models import Lead, RetentionRule

TAGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Service Expo", {"source": "service expo"}),
    ("Wants a pilot", {"stage": "sql"}),
    ("Knows us from the webinar", {"source": "webinar"}),
    ("Student", {"job_title": "Student"}),
)
WEARERS = 120

# A firm belongs to whoever works with the one of its people who came furthest last.
OWNERS = """
UPDATE leads_company AS company SET owner_id = seller.owner_id FROM (
    SELECT DISTINCT ON (company_id) company_id, owner_id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND owner_id IS NOT NULL AND company_id IS NOT NULL
    ORDER BY company_id, stage_entered_at DESC, id
) AS seller
WHERE company.workspace_id = %(workspace)s AND company.id = seller.company_id
"""
SILENT: dict[str, Any] = {
    "all": [
        {"field": "stage", "is": "disqualified"},
        {"field": "last_activity_at", "more_than_days_ago": 180},
    ]
}


def keep_order(*, by: Member, now: datetime) -> None:
    """Tag people, give firms their owners, and write a rule of keeping that stays off."""
    for name, whom in TAGS:
        wearers = Lead.objects.filter(**whom).order_by("-last_activity_at", "id")
        ids = list(wearers.values_list("pk", flat=True)[:WEARERS])
        tag_leads(ids, tag=tag_called(name), by=by, now=now)
    execute(OWNERS)
    save_retention_rule(
        RetentionRule(), name="Disqualified and silent for half a year", condition=SILENT, by=by
    )
