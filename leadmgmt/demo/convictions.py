"""What the firm of the demo believes tells a buyer: published in spring, measured today."""

from datetime import datetime, timedelta
from typing import Any

from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member
from scoring.indicators.drafting import IndicatorWords, replace_indicators, start_draft
from scoring.indicators.publishing import publish_list
from scoring.models import IndicatorList

HELD_FOR = timedelta(days=180)
IN_CHARGE = ["Head of operations", "Managing director"]

BELIEVED = (
    IndicatorWords(
        "Asked for a demo",
        {"activity": "form_submitted", "where": [{"property": "path", "contains": "/demo"}]},
        "Nobody gives us an hour out of curiosity.",
    ),
    IndicatorWords(
        "Looked at the prices",
        {"activity": "page_view", "where": [{"property": "path", "contains": "/pricing"}]},
        "Who compares has a budget in mind.",
    ),
    IndicatorWords(
        "Answers for operations",
        {"field": "job_title", "is_one_of": IN_CHARGE},
        "They feel the overtime, and may sign.",
    ),
    IndicatorWords(
        "Comes from Greece",
        {"field": "country", "is": "Greece"},
        "Sales are sure of it; let us see.",
    ),
)

# Found today, but had since the lead did it, or came.
ENTERED = """
UPDATE leads_membership AS membership SET entered_at = lead.created_at
FROM leads_lead AS lead, leads_segment AS segment
WHERE membership.workspace_id = %(workspace)s AND lead.workspace_id = %(workspace)s
  AND segment.workspace_id = %(workspace)s AND segment.keeper = 'indicators'
  AND lead.id = membership.lead_id AND segment.id = membership.segment_id
"""


def believe(*, by: Member, now: datetime) -> None:
    """Publish the list; who has what and the win rates are found by the worker."""
    draft = start_draft(by=by, now=now - HELD_FOR)
    replace_indicators(draft, BELIEVED)
    reason = "What sales and marketing agreed on in the spring meeting"
    shown = publish_list(draft, by=by, reason=reason, now=now)
    drain_workspace()
    backdated: dict[str, Any] = {"published_at": now - HELD_FOR}
    IndicatorList.objects.filter(pk=shown.pk).update(**backdated)
    execute(ENTERED)
