"""The binding formulas, by hand-computed cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import formulas


def test_cpl_and_cpa_are_cost_by_head() -> None:
    assert formulas.cost_per(1_000_00, 8) == 125_00
    assert formulas.cost_per(100, 3) == 33


def test_a_cost_by_nobody_cannot_be_said() -> None:
    assert formulas.cost_per(1_000_00, 0) is None


@pytest.mark.parametrize(
    ("margin", "cost", "expected"),
    [(3_000_00, 1_000_00, 2.0), (1_000_00, 1_000_00, 0.0), (250_00, 1_000_00, -0.75)],
)
def test_roi_is_on_gross_margin(margin: int, cost: int, expected: float) -> None:
    assert formulas.roi(margin, cost) == expected


def test_roi_without_cost_cannot_be_said() -> None:
    assert formulas.roi(5_00, 0) is None


def test_average_deal_is_revenue_by_deals() -> None:
    assert formulas.average(10_000_00, 4) == 2_500_00
    assert formulas.average(0, 0) is None


def test_a_rate_needs_somebody_at_its_start() -> None:
    assert formulas.rate(3, 12) == 0.25
    assert formulas.rate(0, 0) is None


def test_a_cost_counts_by_the_days_inside() -> None:
    # 310.00 over the 31 days of January, of which the first ten lie in the period.
    assert formulas.spread(310_00, 0, 10, 31) == 100_00


@given(
    amount=st.integers(1, 10**12),
    parts=st.lists(st.integers(1, 400), min_size=1, max_size=20),
)
def test_parts_of_adjoining_periods_add_up_to_the_cost(amount: int, parts: list[int]) -> None:
    total, passed, added = sum(parts), 0, 0
    for days in parts:
        added += formulas.spread(amount, passed, days, total)
        passed += days
    assert added == amount
