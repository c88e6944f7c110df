"""A worker killed at any moment routes nobody twice, and loses no sum and no call."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import timezone

from funnel.actions.deal_sums import wrong_deal_sums
from funnel.actions.stages import enter_stage
from funnel.models import Assignment, DealSum, Handover, Share
from funnel.routing.drafting import RuleWords
from leadmgmt.kernel import events
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.workspaces.models import Member, Notice, Role
from leads.models import Activity, Lead
from tests.builders import a_deal, a_handover, a_lead, a_member, a_plan, a_team
from tests.funnel import dying
from tests.kernel.mortal import Workers, workers
from tests.worlds import World

MORE_MOMENTS_THAN_THERE_ARE = 300
PATIENCE = 10  # seconds


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die."""
    with workers("tests.funnel.dying") as prepared:
        yield prepared


def _work_after_death() -> None:
    # PostgreSQL takes a moment to notice that a client is gone, and to let go of its rows.
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        dying.work()
        if not workspaces_due("kernel_due_outbox"):
            return


@pytest.mark.django_db(transaction=True)
def test_each_thing_is_done_once_whenever_the_worker_dies(
    mortal: Workers, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_table", dying.TABLE)
    a_plan(RuleWords("All", team=a_team("South", world.rita, world.rob)))
    carla = a_member(Role.CLOSER, name="Carla")
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        _give_work(carla, world.max)
        has_lived = mortal.drain(dies_at=moment)
        _work_after_death()
        _check(moment)
        if has_lived:
            break
    assert has_lived
    assert moment > 40


def _give_work(closer: Member, by: Member) -> None:
    """Two leads to route, a deal to sum up, a call whose outcome is to be noted."""
    leads = [a_lead().pk, a_lead().pk]
    enter_stage(leads, stage="mql", reason="Fits", now=timezone.now())
    lead = a_lead(stage="customer")
    a_deal(lead)
    a_handover(lead, closer, handed_by=by)


def _check(moment: int) -> None:
    routed = Assignment.objects.values_list("lead_id", "member__name")
    held = Lead.objects.filter(stage="mql").values_list("pk", "owner__name")
    assert sorted(routed) == sorted(held), moment
    assert Counter(name for _lead, name in routed) == {"Rita": moment, "Rob": moment}, moment
    assert Activity.objects.filter(kind="assigned").count() == 2 * moment, moment
    assert sum(Share.objects.values_list("credit", flat=True)) == 0, moment
    assert wrong_deal_sums() == [], moment
    assert list(DealSum.objects.values_list("deals", "is_folded")) == [(moment, True)], moment
    assert Handover.objects.filter(outcome="not_reached").count() == moment, moment
    assert Activity.objects.filter(kind="call").count() == moment, moment
    assert Notice.objects.filter(kind="closing").count() == moment, moment
