"""A demo large enough that people are short today."""

from datetime import UTC, datetime

from funnel.models import Assignment, Handover, RoutingPlan, Wait
from funnel.routing.giving import route_waiting
from funnel.routing.telling import why_assigned
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Absence, Workspace
from leads.models import Lead

LEADS = 700


def test_leads_are_routed_by_a_plan_and_say_why(demo: Workspace) -> None:
    with inside(demo.pk):
        plan = RoutingPlan.objects.published().get()
        assert plan.reason
        assert [each.target for each in plan.rules.order_by("position")][-1] == "pool"
        given = Assignment.objects.select_related("lead", "member")
        assert given.exists()
        for each in given:
            assert why_assigned(each.lead) == each.why
            assert each.member.name in each.why
        assert Absence.objects.get().word


def test_two_leads_wait_and_the_others_stay_in_the_pool(demo: Workspace) -> None:
    with inside(demo.pk):
        pool = Lead.objects.filter(stage="mql", owner=None)
        before = pool.count()
        assert list(Wait.objects.true().values_list("lack", flat=True)) == ["nobody"] * 2
        assert before > 2
        assert route_waiting(now=datetime.now(UTC)).given == 0
        assert (pool.count(), Wait.objects.true().count()) == (before, 2)


def test_the_closer_has_calls_to_make_and_one_behind_them(demo: Workspace) -> None:
    with inside(demo.pk):
        handed = Handover.objects.filter(closer__role="closer")
        assert handed.open(datetime.now(UTC)).count() == 2
        assert handed.exclude(outcome="").count() == 1
