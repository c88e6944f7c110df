"""A wrong condition is refused with a sentence that names the field, the value and what may be."""

from typing import Any

import pytest

from leads.conditions import WrongCondition, condition_from_query, parse, read_aloud
from leads.models import CustomField, Purpose, Segment
from tests.worlds import World

NOBODY = "00000000-0000-0000-0000-0000000000ff"
DEEP: dict[str, Any] = {"field": "country", "is": "India"}
for _level in range(6):
    DEEP = {"all": [DEEP]}


@pytest.mark.parametrize(
    ("tree", "place", "words"),
    [
        ("India", "", ["'India'", "object"]),
        ({}, "", ["“field”", "nothing"]),
        ({"contry": "India"}, "", ["contry"]),
        ({"all": {"field": "country"}}, "all", ["list"]),
        ({"any": []}, "any", ["at least one"]),
        ({"field": "contry", "is": "India"}, "field", ["“contry”", "Did you mean “country”?"]),
        ({"field": "attributes.siz", "is": "x"}, "field", ["Did you mean “attributes.size”?"]),
        ({"field": ["country"], "is": "x"}, "field", ["Known fields: name, email"]),
        ({"field": "score", "at_least": 3}, "", ["Did you mean “is_at_least”?", "is_more_than"]),
        ({"field": "score", "is": 3, "is_not": 4}, "", ["exactly one test", "is, is_not"]),
        ({"field": "score", "is_at_least": "3"}, "is_at_least", ["'3'", "a number"]),
        ({"field": "score", "is_at_least": True}, "is_at_least", ["True", "a number"]),
        ({"field": "score", "is_at_least": float("nan")}, "is_at_least", ["nan"]),
        ({"field": "score", "is_at_least": float("-inf")}, "is_at_least", ["inf"]),
        ({"field": "score", "is_at_least": 10**400}, "is_at_least", ["a number up to"]),
        ({"field": "stage", "is": "mqll"}, "is", ["'mqll'", "Did you mean “mql”?", "customer"]),
        ({"field": "owner", "is": "Rita"}, "is", ["'Rita'", "an id"]),
        ({"field": "country", "is": "\0"}, "is", ["a text"]),
        ({"field": "country", "is_one_of": "India"}, "is_one_of", ["a list"]),
        ({"field": "country", "is_known": "yes"}, "is_known", ["true or false"]),
        ({"field": "created_at", "is_on": "31.01.2026"}, "is_on", ["31.01.2026", "2026-01-31"]),
        ({"field": "created_at", "within_days": -1}, "within_days", ["-1", "from 0 to 3650"]),
        ({"field": "attributes.size", "contains": "4"}, "", ["is_at_least"]),
        ({"activity": "page view"}, "activity", ["'page view'", "page_view"]),
        ({"activity": "visit", "atleast": 2}, "atleast", ["Did you mean “at_least”?"]),
        ({"activity": "visit", "at_least": 0}, "at_least", ["from 1"]),
        ({"activity": "visit", "at_least": 3, "at_most": 2}, "at_most", ["less than"]),
        ({"activity": "visit", "never": True, "at_most": 2}, "never", ["without"]),
        ({"activity": "visit", "exactly": 2, "at_most": 3}, "exactly", ["without"]),
        (
            {"activity": "visit", "within_days": 7, "more_than_days_ago": 7},
            "within_days",
            ["7", "no day"],
        ),
        ({"activity": "visit", "where": [{"path": "/"}]}, "where.0", ["property"]),
        (
            {"activity": "visit", "where": [{"field": "country", "is": "India"}]},
            "where.0.field",
            ["'country'", "campaign, source, medium"],
        ),
        ({"field": "attributes.wants", "is": "demo"}, "", ["has, has_none_of, has_all_of"]),
        ({"field": "attributes.wants", "has": ["demos"]}, "has", ["Did you mean “demo”?"]),
        ({"field": "attributes.budget", "is_at_least": "€5"}, "is_at_least", ["a number"]),
        ({"field": "company.attributes.siz", "is": 1}, "field", ["company.attributes.size"]),
        ({"field": "consent.cals", "is": "given"}, "field", ["Did you mean “consent.calls”?"]),
        ({"field": "consent.calls", "is": "yes"}, "is", ["given, withdrawn, not_asked"]),
        ({"field": "segments", "is_in": [NOBODY]}, "is_in", ["no segment", "Warm ("]),
        ({"field": "segments", "is_in": ["Warm"]}, "is_in", ["an id"]),
        ({"field": "tags", "has": [NOBODY]}, "has", ["no tag", "none yet"]),
        ({"all": [{"any": [{"field": "x", "is": "y"}]}]}, "all.0.any.0.field", ["“x”"]),
        (DEEP, "all.0.all.0.all.0.all.0.all.0", ["5 deep"]),
        ({"all": [{"activity": "visit"}] * 61}, "", ["more than 60"]),
    ],
)
def test_it_is_refused_with_its_place(
    tree: Any, place: str, words: list[str], world: World
) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    CustomField.objects.create(key="size", label="Size", kind="number", subject="company")
    CustomField.objects.create(key="budget", label="Budget", kind="money")
    CustomField.objects.create(key="wants", label="Wants", kind="choices", choices=["demo"])
    Purpose.objects.create(key="calls", name="Calls")
    Segment.objects.create(name="Warm")

    with pytest.raises(WrongCondition) as refusal:
        parse(tree)

    assert refusal.value.field == place
    for each in words:
        assert each in refusal.value.sentence


def test_no_custom_fields_are_read_when_none_is_named(
    world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        parse({"all": [{"field": "country", "is": "India"}, {"activity": "visit"}]})


def test_a_retired_field_cannot_be_asked_about(world: World) -> None:
    CustomField.objects.create(
        key="size", label="Size", kind="number", retired_at="2026-01-01T00:00:00Z"
    )

    tree = {"field": "attributes.size", "is": 3}

    with pytest.raises(WrongCondition, match="no field"):
        parse(tree)
    assert parse(tree, is_stored=True).root


def test_a_stored_condition_outlives_a_choice(world: World) -> None:
    CustomField.objects.create(key="size", label="Size", kind="choice", choices=["small", "big"])
    tree = {"field": "attributes.size", "is_one_of": ["big", "huge"]}

    with pytest.raises(WrongCondition, match="'huge'"):
        parse(tree)
    assert parse(tree, is_stored=True).root


def test_a_stored_condition_outlives_a_segment_and_a_purpose(world: World) -> None:
    gone = Segment.objects.create(name="Warm", retired_at="2026-01-01T00:00:00Z")
    Purpose.objects.create(key="calls", name="Calls", retired_at="2026-01-01T00:00:00Z")
    tree = {
        "all": [
            {"field": "segments", "is_in": [str(gone.pk), NOBODY]},
            {"field": "consent.calls", "is": "given"},
        ]
    }

    with pytest.raises(WrongCondition, match="“Warm” has retired"):
        parse(tree)
    assert parse(tree, is_stored=True).root


def test_a_condition_comes_in_an_address(world: World) -> None:
    condition = condition_from_query('{"field": "country", "is": "India"}')

    assert read_aloud(condition) == "country is “India”"
    for wrong in ("", "{", "[" * 100_000, '{"field": "x", "is": "y"}'):
        with pytest.raises(WrongCondition):
            condition_from_query(wrong)
