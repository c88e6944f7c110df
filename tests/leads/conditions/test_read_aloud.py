"""A condition reads itself aloud, and says why it holds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leads.conditions import explain, matching, parse, read_aloud
from leads.models import Lead, Purpose, Segment, Tag
from tests.builders import a_campaign, a_custom_field, a_lead, an_activity
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
        ({"activity": "visit", "exactly": 1}, "“Visited the site” happened exactly 1 time"),
        (
            {"activity": "visit", "more_than_days_ago": 30},
            "“Visited the site” happened more than 30 days ago",
        ),
        (
            {"activity": "visit", "never": True, "within_days": 9, "more_than_days_ago": 2},
            "“Visited the site” never happened between 9 and 2 days ago",
        ),
        (
            {"activity": "visit", "where": [{"field": "source", "is": "google"}]},
            "“Visited the site” (source is “google”) happened",
        ),
        ({"field": "attributes.budget", "is_at_least": 1500.5}, "Budget is at least €1,500.50"),
        ({"field": "attributes.wants", "has_all_of": ["a", "b"]}, "Wants has all of a and b"),
        ({"field": "company.attributes.size", "is": 3}, "Firm size is 3"),
        ({"field": "consent.calls", "is": "not_asked"}, "consent to “Calls” is not asked"),
        ({"field": "email_provider", "is": "free"}, "email provider is free mail"),
        ({"field": "days_in_stage", "is_more_than": 3}, "days in this stage is more than 3"),
        ({"none": [{"activity": "visit"}]}, "none of: “Visited the site” happened"),
    ],
)
def test_it_reads_in_plain_words(tree: dict[str, Any], sentence: str, world: World) -> None:
    a_custom_field("size", "number", label="Size of firm")
    a_custom_field("size", "number", label="Firm size", subject="company")
    a_custom_field("budget", "money")
    a_custom_field("wants", "choices", choices=["a", "b"])
    Purpose.objects.create(key="calls", name="Calls")

    assert read_aloud(parse(tree)) == sentence


def test_names_stand_for_ids(world: World) -> None:
    campaign = a_campaign(name="Spring")
    tag = Tag.objects.create(name="VIP", key="vip")
    segment = Segment.objects.create(name="Warm")
    tree = {
        "all": [
            {"field": "owner", "is": str(world.rita.pk)},
            {"field": "campaign", "is_not": str(campaign.pk)},
            {"field": "tags", "has_none_of": [str(tag.pk)]},
            {"field": "company.tags", "has": [str(tag.pk)]},
            {"field": "segments", "is_not_in": [str(segment.pk)]},
            {"activity": "visit", "where": [{"field": "campaign", "is": str(campaign.pk)}]},
        ]
    }

    assert read_aloud(parse(tree)) == (
        "owner is Rita and campaign is not Spring and tags has none of VIP"
        " and company tags has VIP and is not in the segment “Warm”"
        " and “Visited the site” (campaign is Spring) happened"
    )


def test_each_part_says_whether_it_holds(world: World) -> None:
    lead = a_lead(country="India", score=10)
    for _time in range(3):
        an_activity(lead, occurred_at=NOW, properties={"path": "/pricing"})
    tree = {"all": [{"field": "score", "is_at_least": 60}, {"any": [PRICING]}]}

    found = explain(parse(tree), [lead.pk], NOW)[lead.pk]

    assert not found.is_holding
    assert [part.is_holding for part in found.parts] == [False, True]
    assert found.parts[0].sentence == "score is at least 60"


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
