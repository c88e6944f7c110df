"""Scores follow what happens: by events, looking no further back than the events say."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from funnel.actions.cycles import Ending, close_cycles
from funnel.actions.stages import enter_stage
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.actions.workspaces import change_workspace
from leads.actions.activities import NewActivity, record_activities
from leads.actions.companies import change_company
from leads.actions.judging import judge_machine
from leads.actions.profiles import Door
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads
from leads.actions.tagging import tag_called, tag_companies, untag_companies
from leads.actions.visitors import stitch_visitors
from leads.events import ConsentsChanged, TagsChanged
from leads.models import Consent, Lead, LeadTag, Purpose, Tag, Via
from leads.rows import NewLead
from scoring.actions.cycles import Carried
from scoring.models import Hit, ScoreChange
from tests.builders import a_company, a_lead, a_visitor
from tests.clients import drain
from tests.scoring.builders import a_behaviour_rule, a_profile_rule, a_published_model
from tests.worlds import World

DAY = timedelta(days=1)
PRICING_PAGE = {"path": "/pricing"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def lead(world: World, now: datetime) -> Lead:
    made = a_lead()
    a_published_model(a_behaviour_rule(10), a_profile_rule(5), by=world.mara, now=now)
    return made


def score(lead: Lead) -> int | None:
    drain()
    lead.refresh_from_db()
    return lead.score


def looks(lead: Lead, *at: datetime, **given: Any) -> None:
    rows = [
        NewActivity("page_view", each, lead_id=lead.pk, properties=PRICING_PAGE, **given)
        for each in at
    ]
    record_activities(rows, now=timezone.now())


def test_a_new_fact_counts(lead: Lead, now: datetime) -> None:
    looks(lead, now)

    assert score(lead) == 10


def test_a_late_fact_counts(lead: Lead, now: datetime) -> None:
    looks(lead, now)
    assert score(lead) == 10

    looks(lead, now - 400 * DAY)

    assert score(lead) == 20


def test_what_a_visitor_did_counts_once_it_is_a_lead(lead: Lead, now: datetime) -> None:
    visitor = a_visitor()
    facts = [
        NewActivity("page_view", now - days * DAY, visitor_id=visitor.pk, properties=PRICING_PAGE)
        for days in (0, 3, 50)
    ]
    record_activities(facts, now=now)
    assert score(lead) == 0

    stitch_visitors([(visitor.pk, lead.pk)], now=now)

    assert score(lead) == 30


def test_what_a_machine_did_counts_no_more(lead: Lead, now: datetime) -> None:
    looks(lead, now - DAY, key="scan")
    assert score(lead) == 10

    judge_machine(lead.pk, keys=["scan"], since=now - 2 * DAY)

    assert score(lead) == 0
    assert not Hit.objects.exists()
    history = ScoreChange.objects.filter(lead=lead, old_score=10)
    assert list(history.values_list("new_score", "reason")) == [(0, "verdict")]


def test_a_new_lead_is_scored(lead: Lead, now: datetime) -> None:
    (made,) = resolve_leads([NewLead(name="Indira", country="India")], now=now)

    assert score(Lead.objects.get(pk=made.lead_id)) == 5


def test_only_the_days_concerned_are_looked_at(lead: Lead, now: datetime) -> None:
    looks(lead, now - 5 * DAY)
    assert score(lead) == 10
    Hit.objects.update(count=7)  # what nobody looks at stays as it is

    looks(lead, now)

    assert score(lead) == 80


def test_days_are_counted_anew_in_another_time_zone(
    lead: Lead, now: datetime, world: World
) -> None:
    looks(lead, now.replace(hour=23, minute=30) - DAY)
    assert score(lead) == 10
    before = Hit.objects.get().day

    change_workspace(world.acme, name="Acme", time_zone="America/New_York", currency="EUR")
    drain()

    assert Hit.objects.get().day == before - DAY


def test_a_rule_about_tags_follows_them(world: World, now: datetime) -> None:
    lead, tag = a_lead(), Tag.objects.create(name="VIP", key="vip")
    rule = a_profile_rule(7, {"field": "tags", "has": [str(tag.pk)]})
    a_published_model(rule, by=world.mara, now=now)
    assert score(lead) == 0

    LeadTag.objects.create(lead=lead, tag=tag)
    with transaction.atomic():
        publish(TagsChanged((lead.pk,)))

    assert score(lead) == 7


def test_a_rule_about_consent_follows_it(world: World, now: datetime) -> None:
    lead, purpose = a_lead(), Purpose.objects.create(key="calls", name="Calls")
    rule = a_profile_rule(7, {"field": "consent.calls", "is": "given"})
    a_published_model(rule, by=world.mara, now=now)
    assert score(lead) == 0

    Consent.objects.create(lead=lead, purpose=purpose, is_given=True, occurred_at=now)
    with transaction.atomic():
        publish(ConsentsChanged((lead.pk,)))

    assert score(lead) == 7


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "stage", "is": "mql"},
        {"field": "highest_stage", "is": "mql"},
        {"field": "company.stage", "is": "mql"},
    ],
)
def test_a_rule_about_the_stage_follows_the_stage(
    world: World, now: datetime, condition: dict[str, Any]
) -> None:
    lead = a_lead(company=a_company())
    a_published_model(a_profile_rule(5, condition), by=world.mara, now=now)
    assert score(lead) == 0
    enter_stage([lead.pk], stage="mql", reason="Ready", now=now)
    assert score(lead) == 5


def test_a_rule_about_the_owner_follows_the_owner(world: World, now: datetime) -> None:
    lead = a_lead()
    condition = {"field": "owner", "is": str(world.rita.pk)}
    a_published_model(a_profile_rule(5, condition), by=world.mara, now=now)
    assert score(lead) == 0
    assign_leads([lead.pk], owner=world.rita, by=world.max, now=now)
    assert score(lead) == 5


def test_a_rule_about_the_cycle_follows_the_cycle(world: World, now: datetime) -> None:
    lead = a_lead()
    a_published_model(
        a_profile_rule(5, {"field": "cycle", "is_at_least": 2}), by=world.mara, now=now
    )
    assert score(lead) == 0
    close_cycles([lead.pk], Ending("Next year", Carried("profile")), by=world.max, now=now)
    assert score(lead) == 5


def test_a_rule_about_companies_follows_what_is_known_of_them(world: World, now: datetime) -> None:
    company = a_company(industry="Steel")
    lead, other = a_lead(company=company), a_lead()
    condition = {"field": "company.industry", "is": "Chemistry"}
    a_published_model(a_profile_rule(5, condition), by=world.mara, now=now)
    assert score(lead) == 0
    change_company(company, changes={"industry": "Chemistry"}, now=now)
    assert (score(lead), score(other)) == (5, 0)
    assert ScoreChange.objects.filter(lead=lead, reason="profile", new_score=5).exists()


def test_a_rule_about_the_tags_of_companies_follows_them(world: World, now: datetime) -> None:
    company, tag = a_company(), tag_called("Partner")
    lead, other = a_lead(company=company), a_lead()
    condition = {"field": "company.tags", "has": [str(tag.pk)]}
    a_published_model(a_profile_rule(5, condition), by=world.mara, now=now)
    door = Door(Via.PERSON, by=world.mara.pk)
    tag_companies([company.pk], tag=tag, door=door, now=now)
    assert (score(lead), score(other)) == (5, 0)
    untag_companies([company.pk], tag=tag, door=door, now=now)
    assert score(lead) == 0


def test_colleagues_follow_the_stage_of_their_company(world: World, now: datetime) -> None:
    company = a_company()
    lead, colleague = a_lead(company=company), a_lead(company=company)
    condition = {"field": "company.stage", "is": "mql"}
    a_published_model(a_profile_rule(5, condition), by=world.mara, now=now)
    enter_stage([lead.pk], stage="mql", reason="Ready", now=now)
    assert (score(lead), score(colleague)) == (5, 5)
