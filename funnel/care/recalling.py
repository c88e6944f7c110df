"""What renewals were expected to bring before, and on which day: kept with each change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from funnel.models import Renewal, RenewalChange
from leadmgmt.workspaces.models import Member

KEPT = ("due_on", "amount", "margin")


def figures_of(renewal: Renewal) -> dict[str, Any]:
    """Day, amount and margin, as changes keep them."""
    return {name: _plain(getattr(renewal, name)) for name in KEPT}


def keep_changes(
    renewal: Renewal, before: Mapping[str, Any], *, by: Member | None, now: datetime
) -> None:
    """Remember what is not as it was `before`, field by field."""
    after = figures_of(renewal)
    told = {"renewal": renewal, "by": by, "changed_at": now}
    changes = [
        RenewalChange(field=name, old=before[name], new=after[name], **told)
        for name in KEPT
        if before[name] != after[name]
    ]
    RenewalChange.objects.bulk_create(changes)


def changes_of(renewal: Renewal) -> QuerySet[RenewalChange]:
    """The latest first."""
    rows: QuerySet[RenewalChange] = RenewalChange.objects.filter(renewal=renewal)
    return rows.select_related("by").order_by("-changed_at", "-id")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
