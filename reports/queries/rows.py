"""The very rows behind each figure; a test holds that their number is the figure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Min, OuterRef, Q, QuerySet, Subquery

from funnel.models import ClosedCycle, Deal, StageMove
from leads.kinds import Kind
from leads.models import Activity, Lead, Stage
from reports.scope import Counting, Cycles, Scope
from sla.models import Clock
from sla.queries import counted_clocks

AT_LEAST = {
    "mqls": (Stage.MQL, Stage.SQL, Stage.CUSTOMER),
    "sqls": (Stage.SQL, Stage.CUSTOMER),
    "customers": (Stage.CUSTOMER,),
}


def leads_of(scope: Scope) -> QuerySet[Lead]:
    """People who became leads in the period; of later cycles, whose second one began in it."""
    return _begun(_in_scope(scope), scope)


def reached(figure: str, scope: Scope) -> QuerySet[Lead]:
    """People who first came at least as far as an MQL, SQL or customer."""
    reached_at = _first_reached(AT_LEAST[figure], scope)
    found: QuerySet[Any] = _in_scope(scope).annotate(reached_at=reached_at)
    if scope.counting is Counting.COHORT:
        return _begun(found, scope).exclude(reached_at=None)
    if scope.cycles is Cycles.LATER:
        found = _with_second(found).exclude(second_at=None)
    return found.filter(**_within("reached_at", scope))


def won_deals(scope: Scope) -> QuerySet[Deal]:
    """The won deals behind revenue and average deal size."""
    people = _in_scope(scope)
    moment = "lead__created_at" if scope.counting is Counting.COHORT else "closed_at"
    won = Deal.objects.won().filter(lead__in=people, **_within(moment, scope))
    return won.select_related("lead", "company")


def visits(scope: Scope) -> QuerySet[Activity]:
    """Visits by people, in the period."""
    found = Activity.objects.filter(kind=Kind.VISIT, is_machine=False)
    found = found.filter(**_within("occurred_at", scope)).filter(_first_touch(scope))
    return found.select_related("lead", "campaign")


def clocks(scope: Scope) -> QuerySet[Clock]:
    """The clocks behind SLA attainment."""
    return counted_clocks(scope.period.since, scope.period.until, **scope.of_leads())


LISTS: dict[str, Callable[[Scope], QuerySet[Any]]] = {
    "leads": leads_of,
    "mqls": lambda scope: reached("mqls", scope),
    "sqls": lambda scope: reached("sqls", scope),
    "customers": lambda scope: reached("customers", scope),
}


def _in_scope(scope: Scope) -> QuerySet[Lead]:
    return Lead.objects.filter(_first_touch(scope)).select_related("company", "owner", "campaign")


def _first_touch(scope: Scope) -> Q:
    wanted = Q()
    if scope.source:
        wanted &= Q(source=scope.source)
    if scope.campaign_id:
        wanted &= Q(campaign_id=scope.campaign_id)
    return wanted


def _within(field: str, scope: Scope) -> dict[str, datetime]:
    return {f"{field}__gte": scope.period.since, f"{field}__lt": scope.period.until}


def _begun(found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Whose way began in the period."""
    if scope.cycles is Cycles.LATER:
        return _with_second(found).filter(**_within("second_at", scope))
    return found.filter(**_within("created_at", scope))


def _with_second(found: QuerySet[Any]) -> QuerySet[Any]:
    """When the second cycle of each began: when the first was closed."""
    closed = ClosedCycle.objects.filter(lead=OuterRef("pk")).order_by().values("lead")
    first = closed.annotate(first=Min("closed_at")).values("first")
    return found.annotate(second_at=Subquery(first, output_field=DateTimeField()))


def _first_reached(stages: tuple[Stage, ...], scope: Scope) -> Subquery:
    moves = StageMove.objects.filter(lead=OuterRef("pk"), to_stage__in=stages)
    if scope.is_by_cycle:
        of_first = Q(cycle=1)
        moves = moves.filter(of_first if scope.cycles is Cycles.FIRST else ~of_first)
    first = moves.order_by().values("lead").annotate(first=Min("moved_at")).values("first")
    return Subquery(first, output_field=DateTimeField())
