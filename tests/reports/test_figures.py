"""The dashboard's figures, on a small history worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from funnel.models import Deal, StageMove
from leadmgmt.workspaces.models import Member
from leads.models import Campaign, Lead
from reports import actions, figures
from reports.period import Period
from reports.queries import money, people, rows
from reports.queries.people import Dimension
from reports.scope import Counting, Cycles, Scope
from tests.builders import a_campaign, a_closed_cycle, a_deal, a_lead, a_visitor, an_activity

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "Europe/Athens")
MAY = JUNE.before()
STAGES = ("mql", "sql", "customer")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def came(created: str, *moves: str, **given: Any) -> Lead:
    """A lead created on that day who then became MQL, SQL, customer on the days named."""
    first_seen = given.pop("first_seen", created)
    lead = a_lead(created_at=at(created), first_seen_at=at(first_seen), **given)
    before = "lead"
    for stage, day in zip(STAGES, moves, strict=False):
        StageMove.objects.create(
            lead=lead, from_stage=before, to_stage=stage, moved_at=at(day), reason="", cycle=1
        )
        before = stage
    return lead


def bought(lead: Lead, day: str, amount: int, margin: int) -> Deal:
    won = {"status": "won", "amount": amount, "margin": margin, "closed_at": at(day)}
    return a_deal(lead, company=None, **won)


@pytest.fixture
def campaign(world: Any) -> Campaign:
    return a_campaign(name="Spring")


@pytest.fixture
def history(campaign: Campaign, ada: Member) -> None:
    """Four leads of June and one of May; two customers in June, one of them May's lead."""
    anna = came(
        "2026-06-02", "2026-06-05", "2026-06-10", "2026-06-20",
        first_seen="2026-05-31", source="google", campaign=campaign,
    )  # fmt: skip
    came("2026-06-03", "2026-06-08", source="google", campaign=campaign)
    came("2026-06-04", source="fair")
    came("2026-06-29", "2026-07-02", source="fair")
    mark = came("2026-05-10", "2026-05-11", "2026-06-01", "2026-06-15", source="fair")
    bought(anna, "2026-06-20", 10_000_00, 4_000_00)
    bought(mark, "2026-06-15", 6_000_00, 2_000_00)
    bought(mark, "2026-06-25", 2_000_00, 1_000_00)
    for visitor, source in ((a_visitor(), "google"), (a_visitor(), "fair")):
        for day in ("2026-06-02", "2026-06-03"):
            an_activity(kind="visit", visitor=visitor, source=source, occurred_at=at(day))
    an_activity(kind="visit", visitor=a_visitor(), occurred_at=at("2026-06-04"), is_machine=True)
    enter(1_000_00, campaign, date(2026, 6, 1), date(2026, 6, 30), ada)
    enter(610_00, None, date(2026, 5, 1), date(2026, 6, 30), ada)  # 61 days, 30 of them in June


def enter(amount: int, campaign: Campaign | None, first: date, last: date, by: Member) -> None:
    actions.enter_cost(amount, campaign=campaign, lever="ads", starts_on=first, ends_on=last, by=by)


def value(key: str, scope: Scope) -> Any:
    shown = figures.figures(figures.results(scope), None)
    return next(each.value for each in shown if each.key == key)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("visits", 4),
        ("leads", 4),
        ("mqls", 2),
        ("sqls", 2),
        ("customers", 2),
        ("cost", 1_300_00),
        ("cost_per_lead", 325_00),
        ("cost_per_customer", 650_00),
        ("revenue", 18_000_00),
        ("average_deal", 6_000_00),
        ("margin", 7_000_00),
        ("roi", (7_000_00 - 1_300_00) / 1_300_00),
        ("consideration", 20.0),  # 31 May → 20 June, and 36 days: nearest rank takes the lower
    ],
)
def test_what_happened_in_june(key: str, expected: Any) -> None:
    assert value(key, Scope(JUNE)) == expected


@pytest.mark.usefixtures("history")
def test_the_cohort_of_june_counts_its_people_only() -> None:
    counts = people.people(Scope(JUNE, Counting.COHORT))
    assert (counts.leads, counts.mqls, counts.sqls, counts.customers) == (4, 3, 1, 1)
    assert money.sales(Scope(JUNE, Counting.COHORT)) == money.Sales(1, 10_000_00, 4_000_00)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("counting", list(Counting))
@pytest.mark.parametrize("source", ["", "google", "fair"])
def test_every_count_has_as_many_rows_behind_it(counting: Counting, source: str) -> None:
    scope = Scope(JUNE, counting, source)
    counts, sales = people.people(scope), money.sales(scope)
    assert {key: listed(scope).count() for key, listed in rows.LISTS.items()} == {
        key: getattr(counts, key) for key in rows.LISTS
    }
    assert rows.visits(scope).count() == counts.visits
    assert sum(deal.amount or 0 for deal in rows.won_deals(scope)) == sales.revenue


@pytest.mark.usefixtures("history")
def test_lines_of_cost_add_up_to_the_cost(campaign: Campaign) -> None:
    for scope in (Scope(JUNE), Scope(MAY), Scope(JUNE, campaign_id=campaign.pk)):
        parts = [line.part for line in money.cost_lines(scope)]  # type: ignore[attr-defined]
        assert sum(parts) == sum(money.costs_by_campaign(scope).values())


@pytest.mark.usefixtures("history")
def test_sources_and_campaigns_add_up_to_the_whole(campaign: Campaign) -> None:
    whole = people.people(Scope(JUNE))
    for dimension in (Dimension.SOURCE, Dimension.CAMPAIGN):
        parts = people.people_by(dimension, Scope(JUNE)).values()
        assert sum(part.leads for part in parts) == whole.leads
        assert sum(part.customers for part in parts) == whole.customers
    [line] = [each for each in figures.campaign_lines(Scope(JUNE)) if each.key == campaign.pk]
    assert (line.cost, line.cost_per_lead, line.cost_per_customer) == (1_000_00, 500_00, 1_000_00)
    assert line.roi == 3.0


@pytest.mark.usefixtures("history")
def test_rates_name_both_ends() -> None:
    rates = {
        str(each.label): each.value for each in figures.stage_rates(people.people(Scope(JUNE)))
    }
    assert rates["Visitors → leads"] == 4 / 2
    assert rates["Leads → MQLs"] == 0.5
    assert rates["SQLs → customers"] == 1.0


@pytest.mark.usefixtures("history")
def test_daily_growth_has_every_day_once() -> None:
    daily = dict(people.daily_mqls(Scope(JUNE)))
    assert len(daily) == 30
    assert {day.day: count for day, count in daily.items() if count} == {5: 1, 8: 1}


def test_a_day_is_a_day_of_the_workspace(world: Any) -> None:
    # 22:30 UTC on 30 June is already July in Athens.
    came("2026-06-30 22:30")
    assert people.people(Scope(JUNE)).leads == 0
    assert (
        people.people(
            Scope(Period(JUNE.last + timedelta(1), JUNE.last + timedelta(1), JUNE.zone))
        ).leads
        == 1
    )


def test_a_cost_of_nothing_is_refused(world: Any, ada: Member) -> None:
    with pytest.raises(actions.CannotEnterCost, match="more than nothing"):
        enter(0, None, date(2026, 6, 1), date(2026, 6, 2), ada)
    with pytest.raises(actions.CannotEnterCost, match="comes before"):
        enter(1, None, date(2026, 6, 2), date(2026, 6, 1), ada)


@pytest.fixture
def second_tries(history: None) -> None:
    """One who began again in May and came to SQL in June; one whose second try came to nothing."""
    for begun, reached in (("2026-05-20", ("mql", "sql")), ("2026-06-12", ())):
        lead = came("2026-04-01", "2026-04-10")
        a_closed_cycle(lead, closed_at=at(begun))
        for stage, day in zip(reached, ("2026-06-02", "2026-06-09"), strict=False):
            StageMove.objects.create(
                lead=lead, from_stage="lead", to_stage=stage, moved_at=at(day), reason="", cycle=2
            )


@pytest.mark.usefixtures("second_tries")
@pytest.mark.parametrize(
    ("cycles", "counting", "expected"),
    [
        (Cycles.ALL, Counting.PERIOD, (4, 2, 3, 2)),
        (Cycles.FIRST, Counting.PERIOD, (4, 2, 2, 2)),
        (Cycles.LATER, Counting.PERIOD, (1, 1, 1, 0)),
        (Cycles.FIRST, Counting.COHORT, (4, 3, 1, 1)),
        (Cycles.LATER, Counting.COHORT, (1, 0, 0, 0)),
    ],
)
def test_first_and_later_cycles_count_by_themselves(
    cycles: Cycles, counting: Counting, expected: tuple[int, ...]
) -> None:
    scope = Scope(JUNE, counting, cycles=cycles)
    counts = people.people(scope)
    assert (counts.leads, counts.mqls, counts.sqls, counts.customers) == expected
    assert tuple(of(scope).count() for of in rows.LISTS.values()) == expected
    assert sum(count for _day, count in people.daily_mqls(Scope(JUNE, cycles=cycles))) == (
        people.people(Scope(JUNE, cycles=cycles)).mqls
    )
