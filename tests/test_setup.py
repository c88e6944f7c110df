"""The set-up page ticks a step by what has happened, and is the first page while nothing has."""

import pytest
from django.utils import timezone

from leadmgmt import setup
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.standing import assign_leads
from tests.builders import a_campaign, a_lead, a_visitor
from tests.clients import client_of


def done() -> list[str]:
    return [step.page for step in setup.STEPS if step.is_done()]


def test_a_new_workspace_has_everything_before_it(acme: object) -> None:
    assert done() == []


def test_what_happened_is_ticked(rita: Member) -> None:
    a_campaign()
    a_visitor()
    assign_leads([a_lead().pk], owner=rita, by=rita, now=timezone.now())
    assert done() == ["leads:campaign_list", "capture:tracking", "funnel:queue"]


def test_the_page_counts_and_links_the_steps(ada: Member) -> None:
    a_campaign()
    page = client_of(ada).get(workspace_reverse("setup")).content.decode()
    assert "1 of 10 steps" in page
    assert all(workspace_reverse(step.page) in page for step in setup.STEPS)


def test_a_marketer_is_not_sent_where_they_may_not_go(mara: Member) -> None:
    page = client_of(mara).get(workspace_reverse("setup")).content.decode()
    assert workspace_reverse("funnel:queue") not in page


@pytest.mark.parametrize(("is_empty", "first"), [(True, "setup"), (False, "reports:dashboard")])
def test_set_up_comes_first_until_somebody_came(mara: Member, is_empty: bool, first: str) -> None:
    if not is_empty:
        a_lead()
    answer = client_of(mara).get(workspace_reverse("workspace_home"))
    assert answer.headers["Location"] == workspace_reverse(first)


@pytest.mark.parametrize("step", ["funnel:definitions", "scoring:model", "sla:policy_list"])
def test_what_we_brought_can_be_agreed_to(mara: Member, step: str) -> None:
    browser = client_of(mara)
    for _twice in range(2):
        assert browser.post(workspace_reverse("setup_agree"), {"step": step}).status_code == 302
    page = browser.get(workspace_reverse("setup")).content.decode()
    assert "1 of 10 steps" in page
    assert f'value="{step}"' not in page


@pytest.mark.parametrize("step", ["capture:tracking", "", "x"])
def test_what_has_to_happen_cannot_be_agreed_to(mara: Member, step: str) -> None:
    answer = client_of(mara).post(workspace_reverse("setup_agree"), {"step": step})
    assert answer.status_code == 404
