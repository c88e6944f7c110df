"""Opening a deal together with the products it is made of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from funnel.actions.deals import open_deal
from funnel.models import Deal
from funnel.products.lines import NewLine, set_lines
from funnel.products.summing import FIGURES, refuse_typed
from leadmgmt.workspaces.models import Member
from leads.models import Lead


def open_deal_of(
    lead: Lead, *, lines: Sequence[NewLine], by: Member | None, now: datetime, **rest: Any
) -> Deal:
    """Begin a sale that has lines, all of it or nothing; amount and margin are their sums.

    `rest` as `open_deal` takes it. Refuses what that and `set_lines` refuse, and an amount or a
    margin that the lines say otherwise. A deal its `key` has opened before stays as it is.
    """
    typed = {name: rest.pop(name) for name in FIGURES if rest.get(name) is not None}

    def filled(deal: Deal) -> Deal:
        made = set_lines(deal, lines=lines, by=by, now=now)
        refuse_typed(made, typed)
        return made

    return open_deal(lead, **rest, by=by, now=now, filled=filled)
