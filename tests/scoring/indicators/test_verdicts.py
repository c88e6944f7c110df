"""What may be said of an indicator, and what may not."""

import pytest

from scoring.indicators.verdicts import FEWEST, Comparison, Rate, Verdict


@pytest.mark.parametrize(
    ("having", "others", "verdict", "sentence"),
    [
        ((34, 100), (60, 500), Verdict.MORE, "win more often: 34% against 12%."),
        ((4, 100), (100, 500), Verdict.LESS, "win less often: 4% against 20%."),
        ((12, 100), (60, 500), Verdict.NO_DIFFERENCE, "(12% against 12%): guesswork so far."),
        ((7, 7), (60, 500), Verdict.TOO_FEW, "to say: 7, at least 30 are needed."),
        ((9, 40), (3, 12), Verdict.TOO_FEW, "without it to say: 12, at least 30"),
        ((0, 0), (0, 0), Verdict.TOO_FEW, "to say: 0, at least 30 are needed."),
    ],
)
def test_the_figures_say_no_more_than_they_can(
    having: tuple[int, int], others: tuple[int, int], verdict: Verdict, sentence: str
) -> None:
    found = Comparison(Rate(*having), Rate(*others))
    assert found.verdict == verdict
    assert sentence in found.sentence


def test_one_case_below_the_threshold_is_too_few_whatever_it_shows() -> None:
    others = Rate(0, 1_000)
    assert Comparison(Rate(FEWEST - 1, FEWEST - 1), others).verdict is Verdict.TOO_FEW
    assert Comparison(Rate(FEWEST, FEWEST), others).verdict is Verdict.MORE


def test_an_interval_that_touches_nothing_decides() -> None:
    # 20 of 50 against 100 of 400: Newcombe's interval begins just above nothing
    above, below = (
        Comparison(Rate(20, 50), Rate(100, 400)),
        Comparison(Rate(17, 50), Rate(100, 400)),
    )
    assert (above.verdict, below.verdict) == (Verdict.MORE, Verdict.NO_DIFFERENCE)
    assert above.difference.low > 0 > below.difference.low
