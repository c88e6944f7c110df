"""The board: what stands in each stage of a pipeline, with its sums and first cards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from funnel.models import Pipeline, PipelineStage
from funnel.models.deals import SOMEDAY
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import cursor_of, position_in

CARDS = 20
ORDER = ("closes_on", "id")

SUMS = """
SELECT stage_id, sum(deals), sum(amount), sum(margin), sum(plain), sum(weighed)
FROM funnel_dealsum
WHERE workspace_id = %(workspace)s AND status = 'open' AND stage_id = ANY(%(stages)s::uuid[])
  AND {whose}
GROUP BY stage_id
"""
# The first cards of each column by index, then the names beside them.
FIRST = """
SELECT card.stage_id, card.id, card.name, card.amount, card.closes_on, card.probability,
    card.next_step, card.next_step_on, card.lead_id,
    coalesce(nullif(lead.name, ''), nullif(lead.email, ''), lead.phone), company.name, owner.name
FROM unnest(%(stages)s::uuid[]) AS stage(id)
CROSS JOIN LATERAL (
    SELECT * FROM funnel_deal AS deal
    WHERE deal.workspace_id = %(workspace)s AND deal.stage_id = stage.id AND deal.status = 'open'
      AND {whose} AND {beyond}
    ORDER BY deal.closes_on, deal.id LIMIT %(most)s
) AS card
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = card.lead_id
LEFT JOIN leads_company AS company
    ON company.workspace_id = %(workspace)s AND company.id = card.company_id
LEFT JOIN workspaces_member AS owner
    ON owner.workspace_id = %(workspace)s AND owner.id = card.owner_id
ORDER BY card.closes_on, card.id
"""
BEYOND = "(deal.closes_on, deal.id) > (%(day)s::date, %(id)s::uuid)"


@dataclass(frozen=True)
class StageSum:
    """Open deals in a stage: how many, and money in cents; `weighted` by probability."""

    deals: int = 0
    amount: int = 0
    margin: int = 0
    weighted: int = 0


@dataclass(frozen=True)
class Card:
    """What the board shows of a deal."""

    id: UUID
    name: str
    amount: int | None
    closes_on: date
    probability: int | None
    next_step: str
    next_step_on: date | None
    lead_id: UUID
    lead: str
    company: str | None
    owner: str | None

    @property
    def expected_on(self) -> date | None:
        """When it may be decided, if anybody said so."""
        return None if self.closes_on.isoformat() == SOMEDAY else self.closes_on


@dataclass
class Column:
    """A stage on the board; `more` is the cursor of the cards behind those shown."""

    stage: PipelineStage
    sum: StageSum
    cards: list[Card] = field(default_factory=list)
    more: str = ""
    before: PipelineStage | None = None
    after: PipelineStage | None = None


def board_of(pipeline: Pipeline, *, owner: UUID | None = None, most: int = CARDS) -> list[Column]:
    """The columns in order: stages in use, and retired ones in which deals are open still.

    Three statements however many deals there are; with `owner` only that member's.
    """
    stages = list(pipeline.stages.order_by("position", "id"))
    sums = sums_of(stages, owner=owner)
    shown = [each for each in stages if each.retired_at is None or each.pk in sums]
    columns = [Column(each, sums.get(each.pk, StageSum())) for each in shown]
    cards = _cards([each.pk for each in shown], owner=owner, most=most)
    for column in columns:
        _fill(column, cards[column.stage.pk], most)
    _set_neighbours(columns)
    return columns


def more_of(
    stage: PipelineStage, cursor: str, *, owner: UUID | None = None, most: int = CARDS
) -> Column:
    """The next cards of one column, behind the cursor."""
    cards = _cards([stage.pk], owner=owner, most=most, after=position_in(cursor, ORDER))
    column = _column_of(stage)
    _fill(column, cards[stage.pk], most)
    return column


def card_of(deal_id: UUID, stage: PipelineStage) -> Column:
    """The column of one deal that stands in `stage`, with its card alone."""
    column = _column_of(stage)
    column.cards = _cards([stage.pk], owner=None, most=1, only=deal_id)[stage.pk]
    return column


def sums_of(
    stages: Sequence[PipelineStage], *, owner: UUID | None = None
) -> Mapping[UUID, StageSum]:
    """What is open in these stages, from the sums that are kept; empty stages are left out."""
    whose = "TRUE" if owner is None else "owner_id = %(owner)s"
    probability = {each.pk: each.probability for each in stages}
    rows = fetch(SUMS.format(whose=whose), stages=list(probability), owner=owner)
    return {
        stage: StageSum(deals, amount, margin, (plain * probability[stage] + weighed) // 100)
        for stage, (deals, amount, margin, plain, weighed) in (
            (stage, map(int, figures)) for stage, *figures in rows
        )
        if deals
    }


def _column_of(stage: PipelineStage) -> Column:
    """One column alone, which knows its neighbours."""
    columns = [
        Column(each, StageSum())
        for each in stage.pipeline.stages.order_by("position", "id")
        if each.retired_at is None or each.pk == stage.pk
    ]
    _set_neighbours(columns)
    return next(each for each in columns if each.stage.pk == stage.pk)


def _cards(
    stages: Sequence[UUID],
    *,
    owner: UUID | None,
    most: int,
    after: Sequence[Any] = (),
    only: UUID | None = None,
) -> Mapping[UUID, list[Card]]:
    whose = "TRUE" if owner is None else "deal.owner_id = %(owner)s"
    beyond = BEYOND if after else "TRUE" if only is None else "deal.id = %(id)s"
    day, last = after or (None, only)
    values = {"stages": list(stages), "owner": owner, "most": most + 1, "day": day, "id": last}
    found: dict[UUID, list[Card]] = defaultdict(list)
    for stage, *card in fetch(FIRST.format(whose=whose, beyond=beyond), **values):
        found[stage].append(Card(*card))
    return found


def _fill(column: Column, cards: list[Card], most: int) -> None:
    column.cards = cards[:most]
    if len(cards) > most:
        last = column.cards[-1]
        column.more = cursor_of([last.closes_on, last.id], ORDER)


def _set_neighbours(columns: Sequence[Column]) -> None:
    """Where a card goes with one step to the left or right: never into a retired stage."""
    for nth, column in enumerate(columns):
        earlier = [each.stage for each in columns[:nth] if each.stage.retired_at is None]
        later = [each.stage for each in columns[nth + 1 :] if each.stage.retired_at is None]
        column.before = earlier[-1] if earlier else None
        column.after = later[0] if later else None
