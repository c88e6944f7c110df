"""Whose turn it is."""

from collections import Counter
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from funnel.routing.turns import Seat, take_turn

TEAM = uuid4()


def seats_of(*weights: int) -> list[Seat]:
    return [Seat(uuid4(), TEAM, UUID(int=nth), weight) for nth, weight in enumerate(weights)]


def turns(seats: list[Seat], number: int) -> Counter[UUID]:
    return Counter(take_turn(seats).member_id for _ in range(number))


@given(
    some.lists(some.integers(min_value=1, max_value=20), min_size=1, max_size=12),
    some.integers(min_value=0, max_value=400),
)
def test_nobody_is_ever_more_than_their_neighbours_turn_off_their_share(
    weights: list[int], number: int
) -> None:
    seats = seats_of(*weights)
    got, total = turns(seats, number), sum(weights)
    for seat in seats:
        assert abs(got[seat.member_id] - number * seat.weight / total) < len(seats)


@given(some.lists(some.integers(min_value=1, max_value=20), min_size=1, max_size=12))
def test_a_whole_round_is_exact_and_leaves_nothing_over(weights: list[int]) -> None:
    seats = seats_of(*weights)
    got = turns(seats, sum(weights))
    assert [got[each.member_id] for each in seats] == weights
    assert [each.credit for each in seats] == [0] * len(seats)


@given(
    some.lists(some.integers(min_value=1, max_value=9), min_size=2, max_size=6),
    some.lists(some.integers(min_value=0, max_value=63), min_size=1, max_size=200),
)
def test_credits_always_cancel_out_whoever_is_away(weights: list[int], away: list[int]) -> None:
    seats = seats_of(*weights)
    for bits in away:
        here = [each for nth, each in enumerate(seats) if not bits >> nth & 1] or seats
        assert take_turn(here) in here
        assert sum(each.credit for each in seats) == 0


@pytest.mark.parametrize(("weights", "order"), [((1, 1, 1), [0, 1, 2]), ((2, 1), [0, 1, 0])])
def test_turns_come_mixed_not_in_rows(weights: tuple[int, ...], order: list[int]) -> None:
    seats = seats_of(*weights)
    assert [take_turn(seats).member_id.int for _ in order] == order
