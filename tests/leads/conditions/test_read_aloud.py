"""A condition reads itself aloud, says why it holds, and which facts can change that."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leads.conditions import explain, kinds_of_fact, matching, parse, read_aloud
from leads.models import CustomField, Lead
from tests.builders import a_campaign, a_lead, an_activity
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

PRICING = {
    "activity": "page_view",
    "where": [{"property": "path", "contains": "/pricing"}],
    "at_least": 3,
    "within_days": 14,
}


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ({"all": []}, "everybody"),
        ({"field": "country", "is": "India"}, "country is “India”"),
        ({"field": "stage", "is_one_of": ["mql", "sql"]}, "stage is one of MQL or SQL"),
        ({"field": "score", "is_at_least": 60}, "score is at least 60"),
        (
            {"any": [{"field": "city", "contains": name} for name in ("Pune", "Agra", "Goa")]},
            "city contains “Pune”, “Agra” or “Goa”",
        ),
        (
            {"field": "city", "is_one_of": list("abcdefgh")},
            "city is one of “a”, “b”, “c”, “d”, “e”, “f” or 2 others",
        ),
        ({"field": "do_not_call", "is": False}, "do not call is no"),
        ({"field": "company.industry", "is_known": False}, "industry is not known"),
        ({"field": "created_at", "within_days": 1}, "lead since is in the last 1 day"),
        ({"field": "attributes.size", "is": 3}, "Size of firm is 3"),
        (
            PRICING,
            (
                "“Viewed a page” (path contains “/pricing”) happened at least 3 times"
                " in the last 14 days"
            ),
        ),
        ({"activity": "demo", "never": True}, "“demo” never happened"),
        (
            {"activity": "visit", "at_least": 2, "at_most": 4},
            "“Visited the site” happened 2 to 4 times",
        ),
        (
            {"all": [{"activity": "visit"}, {"any": [{"field": "city", "is_known": True}] * 2}]},
            "“Visited the site” happened and (city is known or city is known)",
        ),
        ({"none": [{"activity": "visit"}]}, "none of: “Visited the site” happened"),
    ],
)
def test_it_reads_in_plain_words(tree: dict[str, Any], sentence: str, world: World) -> None:
    CustomField.objects.create(key="size", label="Size of firm", kind="number")

    assert read_aloud(parse(tree)) == sentence


def test_names_stand_for_ids(world: World) -> None:
    campaign = a_campaign(name="Spring")
    tree = {
        "all": [
            {"field": "owner", "is": str(world.rita.pk)},
            {"field": "campaign", "is_not": str(campaign.pk)},
        ]
    }

    assert read_aloud(parse(tree)) == "owner is Rita and campaign is not Spring"


def test_each_part_says_whether_it_holds(world: World) -> None:
    lead = a_lead(country="India", score=10)
    for _time in range(3):
        an_activity(lead, occurred_at=NOW, properties={"path": "/pricing"})
    tree = {"all": [{"field": "score", "is_at_least": 60}, {"any": [PRICING]}]}

    found = explain(parse(tree), [lead.pk], NOW)[lead.pk]

    assert not found.is_holding
    assert [part.is_holding for part in found.parts] == [False, True]
    assert found.parts[0].sentence == "score is at least 60"


def test_it_knows_which_facts_can_change_it(world: World) -> None:
    facts = kinds_of_fact(parse({"any": [PRICING, {"field": "city", "is": "Pune"}]}))

    assert facts.activities == {"page_view"}
    assert facts.fields == {"city"}
    assert facts.is_timed


def test_it_is_an_ordinary_filter(world: World) -> None:
    indian = a_lead(country="india", score=70)
    a_lead(country="Greece", score=90)
    tree = parse({"field": "country", "is": "India"})

    assert list(matching(tree, NOW).filter(score__gte=50).order_by("-score")) == [indian]
    assert Lead.objects.filter(pk__in=matching(tree, NOW).values("pk")).count() == 1


def test_another_workspace_matches_nothing_here(world: World) -> None:
    with inside(world.globex.pk):
        a_lead(country="India")

    assert not matching(parse({"all": []}), NOW).exists()
