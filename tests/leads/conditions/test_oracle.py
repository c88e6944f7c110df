"""Whatever tree is written, SQL and a naive reading of it agree on every lead."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.conditions import Facts, explain, kinds_of_fact, matching, parse, read_aloud
from tests.leads.conditions.oracle import Person, holds
from tests.leads.conditions.people import NOW, ZONE, people
from tests.leads.conditions.trees import FIELD_TESTS, TREES
from tests.worlds import World

generated = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)


@pytest.fixture
def crowd(world: World) -> dict[UUID, Person]:
    return people(world.acme)


@settings(generated, max_examples=400)
@given(tree=TREES)
def test_sql_agrees_with_a_naive_reading(tree: dict[str, Any], crowd: dict[UUID, Person]) -> None:
    expected = {pk for pk, person in crowd.items() if holds(tree, person, NOW, ZONE)}
    condition = parse(tree)

    assert set(matching(condition, NOW).values_list("pk", flat=True)) == expected

    some = list(crowd)[::3]
    explained = explain(condition, some, NOW)
    assert {pk for pk, found in explained.items() if found.is_holding} == expected & set(some)
    assert set(explained) == set(some)
    assert read_aloud(condition)
    facts = kinds_of_fact(condition)
    assert Facts.from_json(facts.as_json()) == facts


@settings(generated, max_examples=15)
@given(tests=st.lists(FIELD_TESTS, min_size=40, max_size=60))
def test_each_field_agrees_on_its_own(
    tests: list[dict[str, Any]], crowd: dict[UUID, Person]
) -> None:
    explained = explain(parse({"any": tests}), list(crowd), NOW)

    for pk, person in crowd.items():
        verdicts = [part.is_holding for part in explained[pk].parts]
        assert verdicts == [holds(tree, person, NOW, ZONE) for tree in tests]
