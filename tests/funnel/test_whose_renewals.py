"""Reps see to the renewals of their own customers and of nobody's, managers to all."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.care.planning import change_renewal, plan_renewal, snooze_renewal, wake_renewal
from funnel.care.renewing import lose_renewal, renew, reopen_renewal
from funnel.care.whose import RenewalOfOthers
from funnel.models import Customer, Renewal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests.builders import a_checklist_item, a_company, a_customer, a_key, a_renewal
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")
NOW = timezone.now()
SOON = NOW.date() + timedelta(days=9)


def _renew(renewal: Renewal, by: Member | None) -> None:
    lead = Lead.objects.get(company=renewal.customer.company)
    renew(renewal, lead=lead, amount=None, margin=None, is_won=False, by=by, now=NOW)


def _plan(renewal: Renewal, by: Member | None) -> None:
    plan_renewal(renewal.customer, what="More", due_on=SOON, by=by, now=NOW)


VERBS: dict[str, Any] = {
    "plan": _plan,
    "change": lambda it, by: change_renewal(it, changes={"months": 5}, by=by, now=NOW),
    "snooze": lambda it, by: snooze_renewal(it, until=SOON, by=by, now=NOW),
    "wake": lambda it, by: wake_renewal(it, by=by, now=NOW),
    "lose": lambda it, by: lose_renewal(it, reason="Too dear", by=by, now=NOW),
    "reopen": lambda it, by: reopen_renewal(it, by=by, now=NOW),
    "renew": _renew,
}


@pytest.fixture
def robs(rob: Member) -> Renewal:
    return a_renewal(a_customer(a_company(name="Nordwind"), owner=rob), what="Licence")


@pytest.mark.parametrize("verb", VERBS)
def test_a_rep_leaves_those_of_others_alone(robs: Renewal, rita: Member, verb: str) -> None:
    with pytest.raises(RenewalOfOthers, match="Rob looks after Nordwind"):
        VERBS[verb](robs, rita)
    now = Renewal.objects.get()
    assert (now.state, now.snoozed_until, now.months) == ("planned", None, robs.months)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["rob", "max", "ada", "nobody"])
def test_owners_managers_admins_and_integrations_see_to_it(
    robs: Renewal, world: Any, verb: str, who: str
) -> None:
    VERBS[verb](robs, getattr(world, who, None))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("left", [False, True])
def test_a_rep_sees_to_what_is_nobodys(robs: Renewal, rita: Member, verb: str, left: bool) -> None:
    if left:
        Member.objects.filter(pk=robs.customer.owner_id).update(left_at=NOW)
    else:
        Customer.objects.update(owner=None)
    VERBS[verb](Renewal.objects.get(), rita)


def test_the_pages_show_no_buttons_and_refuse_with_the_sentence(
    robs: Renewal, rita: Member, max: Member
) -> None:
    page = workspace_reverse("funnel:customer", id=robs.customer_id)
    listed = workspace_reverse("funnel:renewal_list")
    lose = workspace_reverse("funnel:renewal_lose", id=robs.pk)
    add = workspace_reverse("funnel:renewal_add", id=robs.customer_id)
    for address in (page, listed):
        assert lose in client_of(max).get(address).content.decode()
        shown = client_of(rita).get(address).content.decode()
        assert lose not in shown
        assert add not in shown
    answer = client_of(rita).post(lose, {"reason": "Too dear"})
    assert answer.status_code == 422
    assert "Rob looks after Nordwind" in answer.content.decode()
    wake = workspace_reverse("funnel:renewal_wake", id=robs.pk)
    told = client_of(rita).post(wake, follow=True).content.decode()
    assert "Rob looks after Nordwind" in told


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("snooze", {"until": SOON.isoformat()}),
        ("wake", {}),
        ("lose", {"reason": "Too dear"}),
        ("reopen", {}),
    ],
)
def test_the_api_refuses_it_too_when_it_acts_for_a_rep(
    robs: Renewal, rita: Member, ada: Member, verb: str, body: dict[str, Any]
) -> None:
    api, path = api_of(a_key(ada)), f"/api/v1/renewals/{robs.pk}/{verb}/"
    refused = api.post(path, {**body, "by": str(rita.pk)})
    assert refused.status_code == 422
    assert "Rob looks after Nordwind" in refused.content.decode()
    assert api.post(path, body).status_code == 200
    changed = api.patch(f"/api/v1/renewals/{robs.pk}/", {"months": 5, "by": str(rita.pk)})
    assert changed.status_code == 422


def test_whoever_sells_ticks_off_steps_as_they_do_tasks(rob: Member, rita: Member) -> None:
    item = a_checklist_item(a_customer(owner=rob))
    client_of(rita).post(workspace_reverse("funnel:checklist_done", id=item.pk))
    item.refresh_from_db()
    assert (item.state, item.settled_by) == ("done", rita)
