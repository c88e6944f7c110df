"""Whatever happens to people and deals: figures and health are as if worked out anew."""

from collections.abc import Callable
from random import Random

import pytest
from django.utils import timezone

from funnel.actions.closing_deals import reopen_deal, win_deal
from funnel.customers.keeping import repair_customers
from funnel.health.judging import judge_customers
from funnel.models import Customer, Deal
from leadmgmt.workspaces.models import Workspace
from leads.actions.editing import change_lead
from leads.actions.removing import put_back, take_out
from leads.models import Company, Lead, RemovedCause
from tests.builders import a_customer, a_deal, a_lead, health_rules
from tests.clients import drain

STEPS = 40


def _win(lead: Lead, dice: Random) -> None:
    if lead.stage in ("sql", "customer"):
        margin = dice.randint(1, 900)
        win_deal(a_deal(lead), amount=1_000, margin=margin, by=None, now=timezone.now())


def _reopen(lead: Lead, dice: Random) -> None:
    if (deal := Deal.objects.won().filter(lead=lead).first()) is not None:
        reopen_deal(deal, by=None, now=timezone.now())


def _move(lead: Lead, dice: Random) -> None:
    name = dice.choice(["", *Company.objects.order_by("id").values_list("name", flat=True)])
    change_lead(lead, changes={"company_name": name}, now=timezone.now())


def _travel(lead: Lead, dice: Random) -> None:
    country = dice.choice(["Greece", "Sweden", ""])
    change_lead(lead, changes={"country": country}, now=timezone.now())


def _remove(lead: Lead, dice: Random) -> None:
    take_out([lead.pk], cause=RemovedCause.PERSON, by=None, now=timezone.now())


HAPPENINGS: tuple[Callable[[Lead, Random], None], ...] = (_win, _reopen, _move, _travel, _remove)


@pytest.mark.parametrize("seed", [1, 4])
def test_customers_are_as_if_worked_out_anew(acme: Workspace, seed: int) -> None:
    dice = Random(seed)
    for _ in range(2):
        a_customer()
    people = [a_lead(stage="sql").pk for _ in range(4)]  # what they buy first is nobody else's
    greek, swedish = ({"field": "country", "is": name} for name in ("Greece", "Sweden"))
    health_rules(("Greek", "any", greek, "watch"), ("No Swede", "none", swedish, "at_risk"))
    for step in range(STEPS):
        pk, happening = dice.choice(people), dice.choice(HAPPENINGS)
        lead = Lead.objects.filter(pk=pk).first()
        if lead is None:
            put_back([pk], by=None, now=timezone.now())
        else:
            happening(lead, dice)
        drain()
        assert repair_customers(now=timezone.now()) == 0, (step, happening)
        before = _health()
        judge_customers(None, now=timezone.now())
        assert _health() == before, (step, happening)


def _health() -> dict[object, tuple[str, object]]:
    rows = Customer.objects.current().values_list("pk", "health", "health_rule_id")
    return {pk: (health, rule) for pk, health, rule in rows}
