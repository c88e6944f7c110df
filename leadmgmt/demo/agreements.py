"""What marketing and sales of the demo agreed on: who signed, and what they changed since."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from funnel.actions.agreeing import approve_version
from funnel.actions.definitions import propose_change, publish_definition
from funnel.models import CompanyRule, Definition
from leadmgmt.workspaces.models import Member, VersionState

DAY = timedelta(days=1)
HOT = {"field": "lead_class", "is": "hot"}
LARGE = {"field": "company.employees", "is_at_least": 200}

CHANGES: dict[str, dict[str, Any]] = {
    "sql": {
        "explanation": (
            "A rep has spoken to somebody who may decide, and knows budget, authority, need and"
            " timing. There is something to sell, and a next step with a day."
        ),
        "reason": "Deals stood still where nobody had agreed on a next step",
        "subcategories": [
            {
                "name": "Large firm",
                "explanation": "Expect a second meeting with purchasing.",
                "condition": LARGE,
            },
            {"name": "Small firm", "explanation": "Offer within two days."},
        ],
    },
    "nurturing": {
        "explanation": (
            "Not now. We stay in touch, and come back on the day agreed or when interest grows."
        ),
        "reason": "Marketing writes differently to those who were hot once",
        "subcategories": [
            {
                "name": "Was hot",
                "explanation": "Gets the newsletter with prices.",
                "condition": HOT,
            },
            {"name": "Learning", "explanation": "Gets the guides."},
        ],
    },
}
PROPOSED: dict[str, Any] = {
    "explanation": "A lead that fits, shows interest, and can be called. Sales calls within a day.",
    "reason": "One call in five went to a number that does not exist",
    "condition": {
        "all": [{"field": "score", "is_at_least": 55}, {"field": "phone", "is_known": True}]
    },
}


def sign_definitions(members: Mapping[str, UUID], *, at: datetime) -> None:
    """The words the workspace started with were signed by both teams when the year began."""
    signed = {"marketing_by": members["marketer"], "sales_by": members["manager"]}
    signed |= {"published_by": members["admin"]}
    moments = dict.fromkeys(("marketing_at", "sales_at", "published_at"), at)
    for model in (Definition, CompanyRule):
        model.objects.update(**signed, **moments)


def agree_further(members: Mapping[str, UUID], *, now: datetime) -> None:
    """Half a year ago they said more about SQLs and the end; a change of the MQL is being read."""
    marketer = Member.objects.get(pk=members["marketer"])
    manager = Member.objects.get(pk=members["manager"])
    for stage, words in CHANGES.items():
        draft = propose_change(stage=stage, by=manager, **words)
        approve_version(draft, side="marketing", by=marketer, now=now - 182 * DAY)
        approve_version(draft, side="sales", by=manager, now=now - 181 * DAY)
        publish_definition(draft, by=manager, now=now - 181 * DAY)
    former = Definition.objects.filter(stage__in=CHANGES, state=VersionState.RETIRED)
    former.update(retired_at=now - 181 * DAY)
    draft = propose_change(stage="mql", by=marketer, **PROPOSED)
    approve_version(draft, side="marketing", by=marketer, now=now - 2 * DAY)
