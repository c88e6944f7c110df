"""The verbs of the ledger: enter a cost, take one back."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.models import Campaign
from reports.models import CostLine, Lever


class CannotEnterCost(Refusal):
    """The line makes no sense as given."""


@transaction.atomic
def enter_cost(
    amount: int,
    *,
    campaign: Campaign | None,
    lever: str,
    starts_on: date,
    ends_on: date,
    note: str = "",
    by: Member | None,
) -> CostLine:
    """Enter `amount` cents spent from `starts_on` to `ends_on`, both included.

    Refuses an amount of nothing and a period that ends before it starts.
    """
    if amount <= 0:
        raise CannotEnterCost(_("The amount must be more than nothing."), field="amount")
    if ends_on < starts_on:
        sentence = _("The last day, %(last)s, comes before the first, %(first)s.")
        raise CannotEnterCost(sentence % {"last": ends_on, "first": starts_on}, field="ends_on")
    line: CostLine = CostLine.objects.create(
        amount=amount,
        campaign=campaign,
        lever=Lever(lever),
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        entered_by=by,
    )
    return line


@transaction.atomic
def remove_cost(line_id: UUID) -> bool:
    """Take a line out of the ledger; False when it was gone already."""
    removed, _models = CostLine.objects.filter(pk=line_id).delete()
    return bool(removed)


@transaction.atomic
def restore_cost(line: CostLine) -> None:
    """Put a line back as it was; nothing happens when it is there."""
    CostLine.objects.bulk_create([line], ignore_conflicts=True)
