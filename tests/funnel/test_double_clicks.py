"""Buttons of the funnel pressed twice in one moment: done once, and nobody sees a fault."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from funnel.actions.definitions import propose_change, start_funnel
from funnel.models import Definition, Handover, Playbook, RoutingPlan
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role
from leads.models import Activity, BulkAction, Company, CompanyChange
from tests.builders import a_company, a_handover, a_lead, a_member, a_team, agree_on
from tests.clients import client_of, drain
from tests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 3


def pressed(who: Member, name: str, told: dict[str, Any] | None = None, **given: Any) -> list[int]:
    """What was answered to somebody who presses a button several times in one moment."""
    gate, address = Barrier(CLICKS), workspace_reverse(name, **given)
    browsers = [client_of(who) for _ in range(CLICKS)]

    def press(browser: Any) -> int:
        try:
            gate.wait(10)
            return int(browser.post(address, told or {}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as fingers:
        return sorted(fingers.map(press, browsers))


def proposed(world: World) -> Definition:
    start_funnel(now=timezone.now())
    return propose_change(stage="mql", explanation="Fits", reason="Clearer", by=world.mara)


def test_an_approval_is_given_once(world: World) -> None:
    draft = proposed(world)
    told = {"side": "sales", "revision": "1"}
    assert pressed(world.max, "funnel:definition_approve", told, stage="mql") == [302] * CLICKS
    draft.refresh_from_db()
    assert (draft.sales_by, draft.marketing_at) == (world.max, None)


def test_both_sides_pressed_by_one_person_are_one_side(world: World) -> None:
    draft = proposed(world)
    address = workspace_reverse("funnel:definition_approve", stage="mql")
    gate, sides = Barrier(2), ("marketing", "sales")

    def press(side: str) -> int:
        browser = client_of(world.ada)
        try:
            gate.wait(10)
            return int(browser.post(address, {"side": side, "revision": "1"}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        assert list(hands.map(press, sides)) == [302, 302]
    draft.refresh_from_db()
    assert len(draft.waits_for) == 1


def test_a_definition_is_published_once(world: World) -> None:
    draft = proposed(world)
    agree_on(draft, marketing=world.mara, sales=world.max)
    answers = pressed(world.max, "funnel:definition_publish", stage="mql")
    assert max(answers) < 500
    states = Definition.objects.filter(stage="mql").order_by("version")
    assert [each.state for each in states] == ["retired", "published"]


def test_a_plan_is_begun_and_published_once(world: World) -> None:
    a_team("South", world.rita)
    assert max(pressed(world.max, "funnel:routing_draft_start")) < 500
    assert RoutingPlan.objects.count() == 1
    answers = pressed(world.max, "funnel:routing_publish", {"reason": "Begin"})
    assert answers.count(302) >= 1
    assert max(answers) < 500
    assert list(RoutingPlan.objects.values_list("number", "state")) == [(1, "published")]


def test_a_playbook_is_published_once(world: World) -> None:
    told = filled(client_of(world.max).get(workspace_reverse("funnel:playbook_change")))
    told |= {"q-7-label": "Bound to a rival", "q-7-in_favour": "no", "reason": "Rivals"}
    answers = pressed(world.max, "funnel:playbook_change", told)
    assert answers == [302, *[422] * (CLICKS - 1)]
    assert Playbook.objects.count() == 1


def filled(page: Any) -> dict[str, Any]:
    """The form of the page as it stands there."""
    fields = [*page.context["form"], *(each for row in page.context["questions"] for each in row)]
    values = {each.html_name: each.value() for each in fields}
    values |= {"q-TOTAL_FORMS": 9, "q-INITIAL_FORMS": 9, "q-8-in_favour": "yes"}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def test_a_lead_is_handed_to_a_closer_once(world: World) -> None:
    carla, lead = a_member(Role.CLOSER, name="Carla"), a_lead(stage="sql")
    told = {"closer": str(carla.pk), "what": "Call", "until": "2099-01-01"}
    answers = pressed(world.max, "funnel:handover_add", told, id=lead.pk)
    assert answers == [302] * CLICKS
    assert Handover.objects.count() == 1


def test_a_call_is_noted_once(world: World) -> None:
    carla = a_member(Role.CLOSER, name="Carla")
    held = a_handover(closer=carla, handed_by=world.max)
    answers = pressed(carla, "funnel:closing_done", {"outcome": "not_reached"}, id=held.pk)
    assert max(answers) < 500
    assert Activity.objects.filter(kind="call").count() == 1
    assert Notice.objects.filter(kind="closing").count() == 1


def test_a_lead_is_handed_to_a_colleague_once(world: World) -> None:
    lead = a_lead(stage="mql", owner=world.rita)
    told = {"hand-to": str(world.rob.pk), "hand-word": "Yours"}
    assert max(pressed(world.rita, "funnel:hand_over", told, id=lead.pk)) < 500
    assert Activity.objects.filter(kind="assigned").count() == 1
    assert Notice.objects.filter(kind="handed").count() == 1


def test_a_bulk_action_on_companies_is_begun_once(world: World) -> None:
    company = a_company()
    told = {"verb": "assign", "subject": "company", "ids": str(company.pk)}
    told["owner"] = str(world.rita.pk)
    assert pressed(world.ada, "leads:bulk_new", told) == [302] * CLICKS
    drain()
    assert Company.objects.get().owner == world.rita
    assert CompanyChange.objects.count() == 1
    assert BulkAction.objects.count() == 1


def test_a_deal_is_opened_and_won_once(world: World) -> None:
    lead = a_lead(stage="sql", owner=world.rita)
    told = {"key": "k", "lead": str(lead.pk), "name": "Seats"}
    assert pressed(world.rita, "funnel:deal_add", told) == [302] * CLICKS
    (deal,) = lead.deals.all()
    closed = {"amount": "900", "margin": "300"}
    assert max(pressed(world.rita, "funnel:deal_win", closed, id=deal.pk)) < 500
    assert Activity.objects.filter(kind="deal_won").count() == 1
