"""What a worker of the funnel does that may die: it routes, folds sums, and closes handovers."""

from django.utils import timezone

import funnel.reactions
from funnel.closing.handing import close_handover
from funnel.events import StagesEntered
from funnel.jobs import fold_all_deal_sums
from funnel.models import Closing, Handover
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain
from leadmgmt.kernel.events import Table, later, now
from tests.worlds import ACME

TABLE: Table = {
    StagesEntered: [now(funnel.reactions.arrange_queue), later(funnel.reactions.route_entered)],
}


def work() -> None:
    """All that is there to do."""
    drain()
    fold_all_deal_sums()
    with inside(ACME):
        for each in Handover.objects.open(timezone.now()).select_related("closer"):
            outcome = Closing.NOT_REACHED
            close_handover(each, outcome=outcome, note="", by=each.closer, now=timezone.now())
