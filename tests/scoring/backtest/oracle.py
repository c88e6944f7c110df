"""The figures of a back-test by their definitions, case by case and pair by pair."""

from math import isclose

Case = tuple[int, bool]  # a score, and whether it won
Pair = tuple[int, int, bool]  # two scores of one case


def caught(cases: list[Case], share: float) -> float:
    """The mean over all orders of equals: a case is in by its chance of standing before the cut."""
    scores = [score for score, _ in cases]
    room = share * len(cases)
    total = 0.0
    for score, is_won in cases:
        better = sum(each > score for each in scores)
        equals = sum(each == score for each in scores)
        if is_won:
            total += min(max((room - better) / equals, 0.0), 1.0)
    return total / sum(won for _, won in cases)


def near(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=0, abs_tol=1e-9)
