"""The figures of a back-test: by hand in small worlds, and against their definitions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.backtest.figures import Answers, Told, figures_of
from scoring.backtest.judging import FEWEST_OF_EACH, verdict_of
from scoring.backtest.tallies import bands, caught_difference, cuts, tally
from tests.scoring.backtest import oracle

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
# Ten cases, best first: won, won, lost | won, lost, lost, lost | won, lost, lost.
TEN = tally(
    [
        (score, is_won)
        for score, outcomes in ((30, "wwl"), (20, "wlll"), (0, "wll"))
        for is_won in (each == "w" for each in outcomes)
    ]
)
CASES = st.lists(st.tuples(st.integers(-3, 4), st.booleans()), min_size=4, max_size=40)
PAIRS = st.lists(
    st.tuples(st.integers(-3, 4), st.integers(0, 3), st.booleans()), min_size=4, max_size=40
)


def several(won: list[bool]) -> None:
    assume(1 < sum(won) < len(won) - 1)


def test_gain_shares_a_cut_among_equals() -> None:
    # A fifth is two of ten: two thirds of the three at 30, so two thirds of their two winners.
    assert TEN.caught(0.2) == pytest.approx(2 * 2 / 3 / 4)
    assert TEN.caught(0.3) == pytest.approx(2 / 4)
    assert (TEN.caught(0.0), TEN.caught(1.0)) == (0.0, 1.0)


def test_thresholds_count_who_is_at_or_above() -> None:
    assert TEN.at_least(20) == (7, 3)
    assert TEN.at_least(21) == (3, 2)
    assert cuts(TEN) == [30, 20, 0]


def test_bands_have_round_ends_and_cases() -> None:
    found = tally([(-7, False), (3, True), (4, False), (61, True)])
    assert [(each.first, each.last, each.cases, each.won) for each in bands(found)] == [
        (-10, -1, 1, 0),
        (0, 9, 2, 1),
        (60, 69, 1, 1),
    ]


@given(cases=CASES)
def test_gain_is_what_its_definition_says(cases: list[oracle.Case]) -> None:
    several([won for _, won in cases])
    found = tally(cases)
    for share in (0.05, 0.2, 0.5, 0.95):
        assert oracle.near(found.caught(share), oracle.caught(cases, share))


@given(pairs=PAIRS)
def test_the_difference_of_gains_is_of_the_same_cases(pairs: list[oracle.Pair]) -> None:
    ones, others, is_won = (list(each) for each in zip(*pairs, strict=True))
    several(is_won)
    found = caught_difference(ones, others, is_won, 0.2)
    gap = oracle.caught([(a, won) for a, _, won in pairs], 0.2) - oracle.caught(
        [(b, won) for _, b, won in pairs], 0.2
    )
    assert oracle.near(found.value, gap)
    same = caught_difference(ones, ones, is_won, 0.2)
    assert (same.value, same.error) == (0, 0)


def told(won: int, lost: int, *, good: int = 50, beside: int | None = None) -> Told:
    """Winners score `good`, losers 10; a case a day."""
    is_won = [True] * won + [False] * lost
    one = Answers(40, [good if each else 10 for each in is_won], {"1": (won, won)})
    versions = [one]
    if beside is not None:
        versions.append(Answers(40, [beside if each else 10 for each in is_won]))
    moments = [MONDAY + timedelta(days=nth) for nth in range(won + lost)]
    return Told(is_won, moments, versions, ZoneInfo("UTC"))


def test_too_few_cases_are_not_judged() -> None:
    least = FEWEST_OF_EACH
    for won, lost in ((least - 1, 500), (500, least - 1)):
        found = figures_of(told(won, lost))
        assert (found["verdict"], "versions" in found) == ("too_few", False)
    assert figures_of(told(least, least))["verdict"] == "orders"


def test_a_version_alone_is_judged_by_its_order() -> None:
    assert figures_of(told(40, 40, good=0))["verdict"] == "reversed"
    assert figures_of(told(40, 40, good=10))["verdict"] == "random"


def test_two_versions_are_judged_by_what_their_best_fifth_catches() -> None:
    assert figures_of(told(40, 160, beside=10))["verdict"] == "better"
    assert figures_of(told(40, 160, good=10, beside=50))["verdict"] == "worse"
    assert figures_of(told(40, 160, beside=50))["verdict"] == "unsure"
    assert verdict_of({"low": 0, "high": 1}, {"low": 0.1, "high": 0.2}, is_same=True) == "same"


def test_the_line_is_told_with_precision_recall_and_weeks() -> None:
    found = figures_of(told(40, 30))  # 70 days from a Monday are ten weeks
    version = found["versions"][0]
    at_line = next(each for each in version["thresholds"] if each["score"] == 40)
    assert (at_line["cases"], at_line["precision"], at_line["recall"]) == (40, 1.0, 1.0)
    assert at_line["per_week"] == 4.0
    assert (len(found["weeks"]), found["weeks"][0]) == (10, ["2026-03-02", 7, 7])
    assert found["weeks"][5] == ["2026-04-06", 7, 5]
    assert found["weeks"][9] == ["2026-05-04", 7, 0]
    rule = version["rules"]["1"]
    assert (rule["rate"], rule["others_rate"], rule["others"]) == (1.0, 0.0, 30)
    assert rule["low_gap"] > 0.8
    assert found["is_thin"]
