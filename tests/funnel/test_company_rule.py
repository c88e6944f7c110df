"""A company's stage follows from its people by a published rule."""

from datetime import UTC, datetime

import pytest

from funnel.actions import companies
from funnel.actions.companies import propose_company_rule, publish_company_rule
from funnel.actions.definitions import start_funnel
from funnel.actions.describing import CannotProposeChange
from funnel.actions.stages import enter_stage
from funnel.models import CompanyRule
from funnel.queries.company_rules import stage_of_company
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Company
from tests.builders import a_company, a_lead, agree_on
from tests.clients import client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def funnel(world: World) -> None:
    start_funnel(now=NOW)


def firm(*stages: str) -> Company:
    company = a_company()
    for stage in stages:
        lead = a_lead(company=company)
        enter_stage([lead.pk], stage=stage, reason="x", now=NOW)
    company.refresh_from_db()
    return company


def bind(world: World, least: int) -> None:
    rule = propose_company_rule(least_people=least, reason="Steadier", by=world.mara)
    agree_on(rule, marketing=world.mara, sales=world.max)
    publish_company_rule(rule, by=world.max, now=NOW)


@pytest.mark.parametrize(
    ("people", "stage"),
    [
        (["sql", "mql", "lead"], "mql"),
        (["sql"], "sql"),
        (["sql", "nurturing"], "sql"),
        (["sql", "lead", "nurturing"], "lead"),
        (["customer", "lead", "lead"], "customer"),
        (["nurturing", "disqualified"], "nurturing"),
    ],
)
def test_two_people_take_a_company_on(world: World, people: list[str], stage: str) -> None:
    bind(world, 2)
    assert firm(*people).stage == stage


def test_companies_are_placed_anew_when_the_rule_is_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companies, "CHUNK", 2)
    firms = [firm("sql", "lead") for _ in range(5)]
    lonely = a_company(stage="mql")
    assert {each.stage for each in firms} == {"sql"}
    bind(world, 2)
    drain()
    assert set(Company.objects.exclude(pk=lonely.pk).values_list("stage", flat=True)) == {"lead"}
    lonely.refresh_from_db()
    assert lonely.stage == "mql"  # nobody is there who could give it another


def test_the_rule_binds_when_both_sides_approved_it(world: World) -> None:
    rule = propose_company_rule(least_people=3, reason="Steadier", by=world.mara)
    with pytest.raises(Conflict, match="not approved by marketing and sales"):
        publish_company_rule(rule, by=world.max, now=NOW)
    assert firm("sql", "lead").stage == "sql"


@pytest.mark.parametrize("least", [0, 21])
def test_a_senseless_number_is_refused(max: Member, least: int) -> None:
    with pytest.raises(CannotProposeChange, match="it goes from 1 to 20"):
        propose_company_rule(least_people=least, reason="x", by=max)
    assert CompanyRule.objects.count() == 1


def test_the_company_page_names_the_rule_and_the_people(world: World) -> None:
    bind(world, 2)
    company = firm("sql", "mql", "lead")
    given = stage_of_company(company)
    assert {each.stage for each in given.people} == {"sql", "mql"}
    assert (given.rule and given.rule.version, given.others) == (2, 0)
    page = client_of(world.rita).get(workspace_reverse("leads:company", id=company.pk))
    assert "at least 2 of its people" in page.content.decode()


def test_the_rule_is_changed_on_the_page_of_definitions(world: World) -> None:
    mara, max = client_of(world.mara), client_of(world.max)
    change = workspace_reverse("funnel:definition_change", stage="companies")
    mara.post(change, {"least_people": "2", "reason": "Steadier"})
    approve = workspace_reverse("funnel:definition_approve", stage="companies")
    mara.post(approve, {"side": "marketing", "revision": "1"})
    max.post(approve, {"side": "sales", "revision": "1"})
    max.post(workspace_reverse("funnel:definition_publish", stage="companies"))
    assert CompanyRule.objects.published().get().least_people == 2
    history = workspace_reverse("funnel:definition_history", stage="companies")
    assert "at least 2 of its people" in max.get(history).content.decode()
