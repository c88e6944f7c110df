"""The figures of a back-test by their definitions, case by case and pair by pair."""

from math import isclose, sqrt
from statistics import variance

Case = tuple[int, bool]  # a score, and whether it won


def area(cases: list[Case]) -> float:
    """Of all pairs of a winner and a loser, how many the winner leads; a tie is half a lead."""
    pairs = [(won, lost) for won, w in cases for lost, other in cases if w and not other]
    return sum(1.0 if won > lost else 0.5 if won == lost else 0.0 for won, lost in pairs) / len(
        pairs
    )


def above(score: int, others: list[int]) -> float:
    return sum(1.0 if score > each else 0.5 if score == each else 0.0 for each in others) / len(
        others
    )


def area_error(cases: list[Case]) -> float:
    """DeLong's: the spread of how each winner stands among losers, and each loser among winners."""
    won = [score for score, w in cases if w]
    lost = [score for score, w in cases if not w]
    of_won = [above(each, lost) for each in won]
    of_lost = [1 - above(each, won) for each in lost]
    return sqrt(variance(of_won) / len(won) + variance(of_lost) / len(lost))


def area_gap(pairs: list[tuple[int, int, bool]]) -> tuple[float, float]:
    """The difference of two areas over the same cases, and its error."""
    sides = []
    for side in (0, 1):
        won = [each[side] for each in pairs if each[2]]
        lost = [each[side] for each in pairs if not each[2]]
        sides.append(([above(x, lost) for x in won], [1 - above(x, won) for x in lost]))
    won_gaps = [a - b for a, b in zip(sides[0][0], sides[1][0], strict=True)]
    lost_gaps = [a - b for a, b in zip(sides[0][1], sides[1][1], strict=True)]
    error = sqrt(variance(won_gaps) / len(won_gaps) + variance(lost_gaps) / len(lost_gaps))
    return sum(won_gaps) / len(won_gaps), error


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
