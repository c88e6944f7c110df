"""Second tries: leads whose first cycle was closed, and what came of the next one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from funnel.actions.cycles import Ending, close_cycles
from funnel.actions.stages import enter_stage
from funnel.models import Onward
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Stage
from scoring.actions.beside import rescore_all
from scoring.actions.cycles import Carried
from scoring.models import Carry, ScoreChange

DAY = timedelta(days=1)


class Closing(NamedTuple):
    """So many leads that stand in a stage, closed so many days ago."""

    stage: Stage
    leads: int
    days: int
    ending: Ending


UNBUDGETED = Ending("No budget last year; the new one is out", Carried(Carry.PROFILE))
UNREACHED = Ending("Leads of the spring fair, tried once and not reached", Carried(Carry.SHARE, 25))
CLOSINGS = (
    Closing(Stage.DISQUALIFIED, 4, 75, UNBUDGETED),
    Closing(Stage.NURTURING, 6, 40, UNREACHED),
    Closing(Stage.LEAD, 4, 21, Ending("Old trial accounts, asked again with the new plans")),
    Closing(
        Stage.CUSTOMER,
        2,
        12,
        Ending("Bought; the next attempt is about more seats", onward=Onward.STAYS),
    ),
)


def begin_again(*, by: Member, now: datetime) -> None:
    """Close the first cycle of a few leads, through the verbs, as of past days."""
    closed = {each.stage: _close(each, by=by, now=now) for each in CLOSINGS}
    rescore_all([lead for ids in closed.values() for lead in ids], now=now, is_quiet=True)
    _go_on(closed[Stage.NURTURING][:3], by=by, now=now)


def _close(closing: Closing, *, by: Member, now: datetime) -> list[UUID]:
    at = now - closing.days * DAY
    ids = _quiet_since(closing.stage, at, closing.leads)
    later = ScoreChange.objects.filter(lead__in=ids, at__gte=at)
    later.main().delete()  # told as if nothing had been
    later.update(at=at - DAY)  # grades and product lines had been there before
    close_cycles(ids, closing.ending, by=by, now=at)
    return ids


def _quiet_since(stage: Stage, at: datetime, count: int) -> list[UUID]:
    """Leads that have stood there since, and of whom nothing was heard."""
    found = Lead.objects.filter(stage=stage, last_activity_at__lt=at - DAY, created_at__lt=at - DAY)
    found = found.exclude(moves__moved_at__gte=at - DAY).exclude(deals__status="open")
    return list(found.order_by("-last_activity_at", "id").values_list("pk", flat=True)[:count])


def _go_on(lead_ids: Sequence[UUID], *, by: Member, now: datetime) -> None:
    """The second try of some has come to something."""
    reason = "Asked for the new price list"
    enter_stage(lead_ids, stage=Stage.MQL, reason=reason, by=by, now=now - 15 * DAY, is_quiet=True)
