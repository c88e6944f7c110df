"""Changing a deal and keeping what it said before, in one breath."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from funnel.actions.holding import id_of
from funnel.models import Deal, DealChange
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.models import Lead

SILENT = frozenset({"stage_entered_at", "closed_at", "amount_is_own", "margin_is_own"})
"""Columns that change with others and have no line of their own."""


Change = tuple[str, Any, Any]
"""A field, what it said, and what it says."""


class DealChanged(Refusal):
    """Somebody else has changed the deal since it was looked at."""

    status = 412


def locked_deal(deal: Deal, seen: int | None = None) -> Deal:
    """The deal as it is now, for this transaction alone, and its lead with it.

    Refuses when its version is not the one that was `seen`.
    """
    _hold_lead_of(deal)
    # Alone: joined to a stage that changes while we wait for the lock, the row would be lost.
    fresh: Deal = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
    refuse_unseen(fresh, seen)
    return fresh


def _hold_lead_of(deal: Deal) -> None:
    """The lead before its deal, as everybody who merges leads does.

    Once more if the deal went to somebody else while we waited; held, it stays with its lead.
    """
    leads = Deal.objects.filter(pk=deal.pk).values_list("lead_id", flat=True)
    held = None
    while (lead_id := leads.get()) != held:
        list(Lead.objects.select_for_update(no_key=True).filter(pk=lead_id).values("pk"))
        held = lead_id


def refuse_unseen(deal: Deal, seen: int | None) -> None:
    """Refuse to change a deal that has changed since it was looked at."""
    if seen is not None and deal.version != seen:
        sentence = _("“%(deal)s” was changed meanwhile. Look at it again, then say it once more.")
        raise DealChanged(sentence % {"deal": deal})


def set_fields(deal: Deal, changes: Mapping[str, Any], *, by: Member | None, now: datetime) -> bool:
    """Write what differs of a locked deal, with a line of its history for each; did anything?"""
    found = {name: value for name, value in changes.items() if getattr(deal, name) != value}
    if not found:
        return False
    lines = [
        (name, told(getattr(deal, name)), told(value))
        for name, value in found.items()
        if name not in SILENT
    ]
    for name, value in found.items():
        setattr(deal, name, value)
    deal.version += 1
    deal.save(update_fields=[*found, "version"])
    keep_changes(deal, lines, by=by, now=now)
    return True


def keep_changes(
    deal: Deal, changes: Iterable[Change], *, by: Member | None, now: datetime
) -> None:
    """Lines of its history."""
    DealChange.objects.bulk_create(
        DealChange(deal=deal, field=name, old=old, new=new, by_id=id_of(by), changed_at=now)
        for name, old, new in changes
    )


def told(value: Any) -> Any:
    """A value as the history keeps it: rows by their name, days as text."""
    if value is None or isinstance(value, int | str | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
