"""Whatever tree is written, SQL and a naive reading of it agree on every lead."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadmgmt.workspaces.models import Workspace
from leads.conditions import explain, matching, parse
from leads.models import CustomField, Lead
from tests.builders import a_campaign, a_company, a_lead, an_activity
from tests.leads.conditions.oracle import Person, holds
from tests.worlds import World

NOW = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # already the 30th in Athens, the night of DST
ZONE = ZoneInfo("Europe/Athens")

COUNTRIES = ("", "India", "Greece", "Greenland")
DAYS_AGO = (-2, 0, 1, 2, 7, 14, 40)


def days(ago: int) -> datetime:
    return NOW - timedelta(days=ago, hours=ago % 5)


PAGES: tuple[dict[str, Any], ...] = (
    {"path": "/Pricing/eu", "seconds": 12},
    {"path": "/blog", "seconds": 3.5, "is_first": True},
    {"path": "", "seconds": "12"},
    {},
)


@pytest.fixture
def people(world: World) -> dict[Any, Person]:
    Workspace.objects.filter(pk=world.acme.pk).update(time_zone="Europe/Athens")
    for key, kind in (("size", "number"), ("city", "text"), ("renews", "date"), ("vip", "yes_no")):
        CustomField.objects.create(key=key, label=key.title(), kind=kind)
    companies = [
        None,
        a_company(industry="Steel", employees=40),
        a_company(industry="", employees=None),
    ]
    campaigns = [None, a_campaign(), a_campaign()]
    made: dict[Any, Person] = {}
    for number in range(24):
        lead, person = one_lead(number, companies[number % 3], campaigns[number // 3 % 3], world)
        made[lead.pk] = person
        for nth in range(number % 5):
            activity = (
                ("page_view", "visit")[nth % 2],
                days(DAYS_AGO[(number + nth * 2) % 7]),
                PAGES[(number + nth) % 4],
                (number + nth) % 6 == 0,
            )
            person.activities.append(activity)
            kind, at, properties, is_machine = activity
            an_activity(
                lead, kind=kind, occurred_at=at, properties=properties, is_machine=is_machine
            )
    return made


def one_lead(number: int, company: Any, campaign: Any, world: World) -> tuple[Lead, Person]:
    renews = date(2026, 3, 30) - timedelta(days=DAYS_AGO[number % 7])
    attributes: dict[str, Any] = [
        dict[str, Any](),
        {"size": 12, "vip": True, "city": "Pune"},
        {"size": 3.5, "renews": renews.isoformat()},
        {"size": "many", "vip": "yes", "renews": "soon", "city": ""},
    ][number % 4]
    plain: dict[str, Any] = {
        "country": COUNTRIES[number % 4],
        "job_title": ("", "Head of IT", "head")[number % 3],
        "score": (None, 0, 40, 80)[number % 4],
        "stage": ("lead", "mql", "nurturing")[number % 3],
        "lead_class": ("", "hot", "cold")[number // 2 % 3],
        "do_not_call": number % 2 == 0,
        "last_activity_at": None if number % 5 == 0 else days(DAYS_AGO[number % 7]),
    }
    lead = a_lead(
        **plain,
        attributes=attributes,
        company=company,
        campaign=campaign,
        owner=world.rita if number % 2 else None,
    )
    facts = plain | {
        "attributes.size": number_or_none(attributes.get("size")),
        "attributes.vip": True if attributes.get("vip") is True else None,
        "attributes.city": attributes.get("city"),
        "attributes.renews": renews if number % 4 == 2 else None,
        "company.industry": company.industry if company else None,
        "company.employees": company.employees if company else None,
        "campaign": str(campaign.pk) if campaign else None,
        "owner": str(lead.owner_id) if lead.owner_id else None,
    }
    return lead, Person(facts)


def number_or_none(value: Any) -> Any:
    return value if isinstance(value, int | float) else None


def one_test(**operators: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        *(st.fixed_dictionaries({operator: value}) for operator, value in operators.items()),
        st.booleans().map(lambda flag: {"is_known": flag}),
    )


def texts(*values: str) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(values)
    many = st.lists(one, min_size=1, max_size=3)
    return one_test(
        **{"is": one, "is_not": one, "is_one_of": many, "is_none_of": many},
        **dict.fromkeys(("contains", "does_not_contain", "starts_with"), one),
    )


def choices(*values: str) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(values)
    many = st.lists(one, min_size=1, max_size=3)
    return one_test(**{"is": one, "is_not": one, "is_one_of": many, "is_none_of": many})


NUMBERS = one_test(
    **dict.fromkeys(
        ("is", "is_not", "is_at_least", "is_at_most", "is_more_than", "is_less_than"),
        st.sampled_from([0, 3.5, 12, 40, 80]),
    )
)
FLAGS = one_test(**{"is": st.booleans()})
WINDOWS = st.sampled_from([0, 1, 2, 7, 8, 14, 15, 40])
TIMES = one_test(
    **dict.fromkeys(("within_days", "more_than_days_ago", "within_next_days"), WINDOWS),
    **dict.fromkeys(
        ("is_on", "is_before", "is_after"),
        st.sampled_from(["2026-03-15", "2026-03-29", "2026-03-30", "2026-04-01"]),
    ),
)

FIELDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "country": texts("india", "GREE", "Greece"),
    "job_title": texts("Head", "head of it", "it"),
    "score": NUMBERS,
    "stage": choices("lead", "mql", "sql"),
    "lead_class": choices("hot", "cold"),
    "do_not_call": FLAGS,
    "last_activity_at": TIMES,
    "attributes.size": NUMBERS,
    "attributes.vip": FLAGS,
    "attributes.city": texts("pune", "P"),
    "attributes.renews": TIMES,
    "company.industry": texts("steel", "st"),
    "company.employees": NUMBERS,
}
FIELD_TESTS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda name: FIELDS[name].map(lambda test: {"field": name} | test)
)
PROPERTY_TESTS = st.one_of(
    texts("/pricing", "/blog", "1").map(lambda test: {"property": "path"} | test),
    texts("12", "3.5").map(lambda test: {"property": "seconds"} | test),
    NUMBERS.map(lambda test: {"property": "seconds"} | test),
    FLAGS.map(lambda test: {"property": "is_first"} | test),
)
AMOUNTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.just({"never": True}),
    st.integers(1, 3).map(lambda n: {"at_least": n}),
    st.integers(0, 3).map(lambda n: {"at_most": n}),
    st.integers(1, 3).map(lambda n: {"at_least": n, "at_most": n + 1}),
)
ACTIVITY_TESTS = st.builds(
    lambda kind, where, amount, window: {"activity": kind, "where": where} | amount | window,
    st.sampled_from(["page_view", "visit", "call"]),
    st.lists(PROPERTY_TESTS, max_size=2),
    AMOUNTS,
    st.one_of(st.just({}), WINDOWS.map(lambda n: {"within_days": n})),
)
TREES = st.recursive(
    FIELD_TESTS | ACTIVITY_TESTS,
    lambda inner: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
).filter(lambda tree: depth(tree) <= 5)


def depth(tree: dict[str, Any]) -> int:
    parts: list[dict[str, Any]] = next(
        (tree[word] for word in ("all", "any", "none") if word in tree), []
    )
    return 1 + max(map(depth, parts), default=0)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(tree=TREES)
def test_sql_agrees_with_a_naive_reading(tree: dict[str, Any], people: dict[Any, Person]) -> None:
    expected = {pk for pk, person in people.items() if holds(tree, person, NOW, ZONE)}
    condition = parse(tree)

    assert set(matching(condition, NOW).values_list("pk", flat=True)) == expected

    some = list(people)[::3]
    explained = explain(condition, some, NOW)
    assert {pk for pk, found in explained.items() if found.is_holding} == expected & set(some)
    assert set(explained) == set(some)
