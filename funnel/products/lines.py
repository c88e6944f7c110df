"""The lines of a deal: written as a whole, and the deal's amount and margin with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.arranging import arrange_queue
from funnel.actions.deal_history import Change, keep_changes, locked_deal, refuse_unseen
from funnel.actions.deals import MOST_MONEY, DealClosed, refuse_wrong_figures
from funnel.actions.holding import require_hold
from funnel.models import Deal, DealLine, DealStatus, Product
from funnel.models.pipelines import CERTAIN
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member

MOST_LINES = 50
MOST_PIECES = 1_000_000
PIECE, SHARE = Decimal("0.001"), Decimal("0.01")
KEPT = ("product_id", "position", "quantity", "unit_price", "unit_cost", "discount")

# Whoever retires a product waits for the line that sells it, or is seen to have retired it.
SOLD = """
SELECT id FROM funnel_product
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[]) AND retired_at IS NULL
ORDER BY id FOR SHARE
"""
# Lines and deal in one statement, so that no moment sees the one without the other. A deal whose
# last line goes keeps what it said.
WRITE = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, product_id uuid,
        position smallint, quantity numeric, unit_price bigint, unit_cost bigint, discount numeric)
), gone AS (
    DELETE FROM funnel_dealline WHERE workspace_id = %(workspace)s AND deal_id = %(deal)s
    AND NOT EXISTS (SELECT FROM wanted WHERE wanted.id = funnel_dealline.id)
), made AS (
    INSERT INTO funnel_dealline (workspace_id, deal_id, id, {", ".join(KEPT)})
    SELECT %(workspace)s, %(deal)s, id, {", ".join(KEPT)} FROM wanted
    ON CONFLICT (id) DO UPDATE SET ({", ".join(KEPT)}) = ({
    ", ".join(f"excluded.{name}" for name in KEPT)
})
    RETURNING amount, margin
), total AS (SELECT sum(amount)::bigint AS amount, sum(margin)::bigint AS margin FROM made)
UPDATE funnel_deal AS deal SET amount = coalesce(total.amount, deal.amount),
    margin = coalesce(total.margin, deal.margin), version = version + 1
FROM total WHERE deal.workspace_id = %(workspace)s AND deal.id = %(deal)s
RETURNING deal.amount, deal.margin, deal.version
"""  # noqa: S608  # nothing but our own constants go in


class CannotSetLines(Refusal):
    """A quantity, price or discount that cannot be, or a product that is sold no more."""


@dataclass(frozen=True)
class NewLine:
    """A line as it shall be; `discount` in percent, money in cents of one unit.

    `id`: which line of the deal it is, none for a new one; the same `key` makes one new line.
    Price and cost that are left out are those of the product, or stay what the line said.
    """

    product: Product
    quantity: Decimal
    unit_price: int | None = None
    unit_cost: int | None = None
    discount: Decimal = Decimal(0)
    id: UUID | None = None
    key: str = ""


def lines_of(deal: Deal) -> list[DealLine]:
    """The lines of a deal in their order, with their products."""
    rows = DealLine.objects.filter(deal=deal).select_related("product")
    return list(rows.order_by("position", "id"))


def set_lines(
    deal: Deal,
    *,
    lines: Sequence[NewLine],
    by: Member | None,
    now: datetime,
    seen: int | None = None,
) -> Deal:
    """Make these the lines of an open deal, in this order; amount and margin are their sums.

    Lines that are there already and not named any more are removed; the same lines again change
    nothing. Without a line the deal keeps what it said, and can be typed again. Refuses closed
    deals, a deal that is not any more as it was `seen` (its version), products that are sold no
    more, figures that cannot be, more than 50 lines, and lines that bring nothing together.
    """
    require_hold(deal.lead, by)
    with transaction.atomic():
        fresh = locked_deal(deal)
        before = {line.pk: line for line in lines_of(fresh)}
        after = {each.pk: each for each in _made(fresh, lines, before)}
        if _as_kept(after) == _as_kept(before):
            return fresh
        if fresh.status != DealStatus.OPEN:
            raise DealClosed(_("“%(deal)s” is closed, and so are its lines.") % {"deal": fresh})
        refuse_unseen(fresh, seen)
        _refuse_unsold(after, before)
        figures = _write(fresh, after)
        said = [*_differing(before, after), *_reordered(before, after), *figures]
        keep_changes(fresh, said, by=by, now=now)
        arrange_queue([fresh.lead_id])
    return fresh


def told_line(line: DealLine | None) -> dict[str, Any] | None:
    """A line as histories keep it: the product by its name, cents, numbers as text."""
    if line is None:
        return None
    return {
        "product": line.product.name,
        "quantity": plain(line.quantity),
        "unit_price": line.unit_price,
        "unit_cost": line.unit_cost,
        "discount": plain(line.discount),
    }


def plain(number: Decimal) -> str:
    """“2.5”, “100”: without the zeros the database keeps behind."""
    return f"{number.normalize():f}"


def _made(deal: Deal, lines: Sequence[NewLine], before: Mapping[UUID, DealLine]) -> list[DealLine]:
    if len(lines) > MOST_LINES:
        sentence = _("These are %(count)d lines; a deal takes at most %(most)d.")
        raise CannotSetLines(sentence % {"count": len(lines), "most": MOST_LINES})
    made = [_line(deal, line, nth, before) for nth, line in enumerate(lines)]
    if len({each.pk for each in made}) < len(made):
        sentence = _("One line of “%(deal)s” is named twice. Send each line once.")
        raise CannotSetLines(sentence % {"deal": deal}, field="id")
    return made


def _line(deal: Deal, told: NewLine, position: int, before: Mapping[UUID, DealLine]) -> DealLine:
    """The row; copied from the product is what is not told."""
    if told.id is not None and told.id not in before:
        sentence = _("A line of “%(deal)s” was removed meanwhile, or never was one. Look again.")
        raise CannotSetLines(sentence % {"deal": deal}, field="id")
    id = told.id or (uuid5(deal.pk, told.key) if told.key else new_id())
    known = before.get(id)
    price, cost = told.product.price, told.product.cost
    if known is not None and known.product_id == told.product.pk:
        price, cost = known.unit_price, known.unit_cost
    made = DealLine(
        pk=id,
        deal=deal,
        product=told.product,
        position=position,
        quantity=told.quantity,
        unit_price=price if told.unit_price is None else told.unit_price,
        unit_cost=cost if told.unit_cost is None else told.unit_cost,
        discount=told.discount,
    )
    _refuse_unsound(made)
    return made


def _refuse_unsound(line: DealLine) -> None:
    told = {"product": line.product.name, "quantity": line.quantity, "discount": line.discount}
    if not _is_within(line.quantity, PIECE, MOST_PIECES) or not line.quantity:
        sentence = _(
            "%(product)s: the quantity %(quantity)s is out of range; allowed is what is more than"
            " 0 and at most 1,000,000, with up to three decimals."
        )
        raise CannotSetLines(sentence % told, field="quantity")
    if not _is_within(line.discount, SHARE, CERTAIN):
        sentence = _(
            "%(product)s: a discount of %(discount)s percent is out of range; allowed are 0 to 100,"
            " with up to two decimals."
        )
        raise CannotSetLines(sentence % told, field="discount")
    for name in ("unit_price", "unit_cost"):
        value = getattr(line, name)
        if value < 0 or line.quantity * value > MOST_MONEY:
            sentence = _("%(product)s: a price or cost is nothing or more, and can be paid.")
            raise CannotSetLines(sentence % told, field=name)


def _is_within(number: Decimal, step: Decimal, most: int) -> bool:
    return number.is_finite() and 0 <= number <= most and number == number.quantize(step)


def _refuse_unsold(after: Mapping[UUID, DealLine], before: Mapping[UUID, DealLine]) -> None:
    known = {line.product_id for line in before.values()}
    fresh = {line.product_id: line.product for line in after.values()}
    asked = sorted(fresh.keys() - known)
    sold = {row[0] for row in fetch(SOLD, ids=asked)} if asked else set()
    for id in asked:
        if id not in sold:
            sentence = _("“%s” is sold no more. Choose a product that is in use.")
            raise CannotSetLines(sentence % fresh[id], field="product")


def _write(deal: Deal, lines: Mapping[UUID, DealLine]) -> list[Change]:
    """Write lines and sums, in one statement; how the figures of the deal have changed."""
    rows = [_row(each) for each in lines.values()]
    was = {"amount": deal.amount, "margin": deal.margin}
    [(deal.amount, deal.margin, deal.version)] = fetch(WRITE, rows=as_jsonb(rows), deal=deal.pk)
    if lines and deal.amount <= 0:
        sentence = _("Together these lines bring nothing; a deal brings more than that.")
        raise CannotSetLines(sentence)
    refuse_wrong_figures(deal.amount, deal.margin)
    found = {name: getattr(deal, name) for name in was}
    return [(name, old, found[name]) for name, old in was.items() if old != found[name]]


def _row(line: DealLine) -> dict[str, Any]:
    return {"id": line.pk, **{name: getattr(line, name) for name in KEPT}}


def _as_kept(lines: Mapping[UUID, DealLine]) -> dict[UUID, tuple[Any, ...]]:
    return {id: tuple(getattr(line, name) for name in KEPT) for id, line in lines.items()}


def _differing(before: Mapping[UUID, DealLine], after: Mapping[UUID, DealLine]) -> list[Change]:
    """What the history says of the lines: each that came, went, or says something else."""
    pairs = [(told_line(before.get(id)), told_line(after.get(id))) for id in {**before, **after}]
    return [("line", old, new) for old, new in pairs if old != new]


def _reordered(before: Mapping[UUID, DealLine], after: Mapping[UUID, DealLine]) -> list[Change]:
    """What the history says when lines that stay have changed places: products in their order."""
    old = [each for each in before if each in after]
    new = [each for each in after if each in before]
    if old == new:
        return []
    told = ([before[each].product.name for each in old], [after[each].product.name for each in new])
    return [("order", *told)]
