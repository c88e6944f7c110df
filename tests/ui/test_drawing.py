"""Geometry of the small charts."""

import pytest

from leadmgmt.ui import drawing


def test_contributions_fill_the_bar_around_zero() -> None:
    stack = drawing.stack([("a", 30), ("b", 20), ("c", -10), ("d", 0), ("e", -40)])
    assert stack.zero == 50.0
    assert [(box.x, box.width, box.kind) for box in stack.boxes] == [
        (10.0, 40.0, "minus"),
        (0.0, 10.0, "minus"),
        (50.0, 30.0, "plus-0"),
        (80.0, 20.0, "plus-1"),
    ]


def test_no_contributions_draw_nothing() -> None:
    assert drawing.stack([]) == drawing.Stack(0.0, [])


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([0], 1), ([7], 8), ([15, 3], 20), ([101], 200), ([0.3], 0.3)]
)
def test_the_axis_ends_at_a_round_number(values: list[float], top: float) -> None:
    assert drawing.ceiling(values) == pytest.approx(top)


def test_a_line_spans_the_width() -> None:
    assert drawing.line([0, 10], 10) == "M0.0 160.0 L600.0 0.0"
    assert drawing.line([5], 10) == "M0.0 80.0 L600.0 80.0"
    assert drawing.line([], 10) == drawing.area([], 10) == ""


def test_an_axis_goes_down_to_what_is_below_zero() -> None:
    assert [drawing.floor_of(values) for values in ([], [3], [-4, 1], [-19])] == [0, 0, -4, -20]
    assert drawing.line([-20, 0, 20], 20, -20) == "M0.0 160.0 L300.0 80.0 L600.0 0.0"


def test_bars_stand_on_the_axis() -> None:
    bars = drawing.bars([5, 10], 10)
    assert [bar.y + bar.height for bar in bars] == [160, 160]
    assert bars[1].height == 160


def test_the_first_and_the_last_are_named() -> None:
    for count in range(1, 40):
        picked = drawing.picked(count)
        assert picked[0] == 0
        assert picked[-1] == count - 1
        assert len(picked) <= 6
        assert sorted(set(picked)) == picked


def test_names_stand_below_their_bars() -> None:
    assert [label.x for label in drawing.labels(["J", "F"], "bar")] == [25, 75]
    anchors = [label.anchor for label in drawing.labels(["a", "b", "c"], "line")]
    assert anchors == ["start", "middle", "end"]


def test_three_names_are_left_on_a_narrow_screen() -> None:
    labels = drawing.labels([str(day) for day in range(90)], "line")
    assert len(labels) == 6
    assert [label.text for label in labels if not label.extra][::2] == ["0", "89"]
