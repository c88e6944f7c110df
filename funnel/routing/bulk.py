"""Assigning many leads at once: who waited for the routing waits again when it is taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from funnel.routing.giving import route_leads
from funnel.routing.waiting import waiting_among
from leads.bulk import Change, Work, verbs

WAITED = {"waited": True}
"""What a lead was that nobody had and the routing held on to."""


def _assign(work: Work) -> Iterable[Change]:
    waited = waiting_among(work.ids)
    for change in verbs.assign(work):
        yield Change(change.lead_id, WAITED) if change.lead_id in waited else change


def _give_back(work: Work, changes: Sequence[Change]) -> int:
    """Who waited is asked about at once; meanwhile somebody may have become free."""
    waited = {each.lead_id for each in changes if each.before == WAITED}
    owned = [Change(each.lead_id) if each.lead_id in waited else each for each in changes]
    undone = verbs.give_back(work, owned)
    route_leads(sorted(waited.intersection(undone)), now=work.now)
    return len(undone)


ASSIGN = replace(verbs.ASSIGN, do=_assign, undo=_give_back)
