"""What `make bench` says of a figure."""

from itertools import count

import pytest

from benchmarks.goals import NAMES
from benchmarks.measuring import Goal, Outcome, in_turns, p95

SPEED = Goal("G1", "ours / theirs", floor=0.2, aim=0.3, unit="events/s")
COST = Goal("G3", "ours / theirs", floor=1.0, aim=0.6, unit="s", is_cost=True)


@pytest.mark.parametrize(
    ("goal", "ours", "verdict"),
    [
        (SPEED, 1.9, "MISSED"),
        (SPEED, 2.0, "floor"),
        (SPEED, 3.0, "aim"),
        (COST, 10.1, "MISSED"),
        (COST, 10.0, "floor"),
        (COST, 6.0, "aim"),
    ],
)
def test_a_cost_must_be_small_and_a_speed_large(goal: Goal, ours: float, verdict: str) -> None:
    assert Outcome(goal, ours=ours, reference=10.0).verdict == verdict


def test_ours_and_reference_take_turns_after_a_warm_up() -> None:
    calls: list[str] = []
    ticks = count()

    def measured(whose: str) -> float:
        calls.append(whose)
        return float(next(ticks))

    medians = in_turns(lambda: measured("ours"), lambda: measured("reference"), rounds=3)

    assert calls == ["ours", "reference"] * 4
    assert medians == (4.0, 5.0)


def test_the_slowest_twentieth_is_a_measured_one() -> None:
    assert p95([float(each) for each in range(1, 101)]) == 95.0
    assert p95([7.0]) == 7.0


def test_no_goal_is_left_out() -> None:
    assert set(NAMES) == {
        "G1", "G1c", "G2", "G3", "G3b", "G3c", "G3e", "G3f", "G5", "G5c", "G6", "G6b",
        "G6c", "G6d", "G7", "G7b", "G7c", "G7p", "G10", "G11", "G11b", "G11c", "G-bulk",
    }  # fmt: skip
