"""Renewing while others do the same, or win the deal elsewhere: one deal, one next renewal."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from funnel.actions.closing_deals import reopen_deal, win_deal
from funnel.care.planning import RenewalSettled
from funnel.care.renewing import lose_renewal, renew
from funnel.models import Deal, Renewal
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leads.models import Lead
from tests.builders import a_customer, a_renewal
from tests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(world: World, works: Sequence[Callable[[], object]]) -> list[object]:
    gate = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as workers:
        return list(workers.map(one, works))


def a_renewal_of(world: World) -> tuple[Renewal, Lead]:
    customer = a_customer(owner=world.rita)
    return a_renewal(customer), Lead.objects.get(company=customer.company)


def renewing(renewal: Renewal, lead: Lead, *, is_won: bool = True) -> Callable[[], object]:
    return lambda: renew(
        renewal, lead=lead, amount=900, margin=400, is_won=is_won, by=None, now=timezone.now()
    )


def winning(deal: Deal) -> Callable[[], object]:
    return lambda: win_deal(deal, amount=900, margin=400, by=None, now=timezone.now())


def states() -> list[str]:
    return sorted(Renewal.objects.values_list("state", flat=True))


def test_a_form_sent_four_times_at_once_plans_one(world: World) -> None:
    customer = a_customer()
    at_once(world, [lambda: a_renewal(customer, what="Licence")] * 4)
    assert states() == ["planned"]


def test_four_who_renew_at_once_sell_once(world: World) -> None:
    renewal, lead = a_renewal_of(world)
    said = at_once(world, [renewing(renewal, lead)] * 4)
    assert sum(isinstance(each, RenewalSettled) for each in said) == 3
    assert Deal.objects.count() == 1
    assert states() == ["planned", "renewed"]


def test_whoever_wins_the_deal_elsewhere_waits_for_nobody_forever(world: World) -> None:
    for _ in range(5):
        renewal, lead = a_renewal_of(world)
        renewing(renewal, lead, is_won=False)()
        deal = Deal.objects.get(lead=lead)
        at_once(world, [winning(deal), renewing(renewal, lead), winning(deal)])
        following = Renewal.objects.filter(customer=renewal.customer).exclude(pk=renewal.pk)
        assert Deal.objects.filter(lead=lead).count() == 1
        assert following.count() == 1


def test_a_renewal_that_is_lost_while_it_is_won_is_one_of_both(world: World) -> None:
    for _ in range(5):
        renewal, lead = a_renewal_of(world)

        def lose(lost: Renewal = renewal) -> None:
            lose_renewal(lost, reason="Too dear", by=None, now=timezone.now())

        at_once(world, [renewing(renewal, lead), lose])
        renewal.refresh_from_db()
        won = Deal.objects.filter(lead=lead, status="won").count()
        assert (renewal.state, won) in (("renewed", 1), ("lost", 0))


def test_taking_a_sale_back_twice_leaves_one_planned(world: World) -> None:
    renewal, lead = a_renewal_of(world)
    renewing(renewal, lead)()
    deal = Deal.objects.get()
    at_once(world, [lambda: reopen_deal(deal, by=None, now=timezone.now())] * 3)
    assert states() == ["planned"]
