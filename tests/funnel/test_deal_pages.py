"""Pages of deals."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from funnel.models import Deal
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_deal, a_lead, a_member
from tests.clients import client_of


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def test_the_list_shows_deals_of_one_status_with_their_sum(browser: Client) -> None:
    a_deal(name="Ten seats", amount=123_400)
    a_deal(name="Nine seats", amount=600)
    open_ones = browser.get(workspace_reverse("funnel:deal_list")).content.decode()
    assert "Ten seats" in open_ones
    assert "€1,240" in open_ones
    won = browser.get(workspace_reverse("funnel:deal_list"), {"status": "won"}).content.decode()
    assert "Ten seats" not in won


def test_without_an_sql_the_page_says_what_comes_first(browser: Client) -> None:
    page = browser.get(workspace_reverse("funnel:deal_add")).content.decode()
    assert "Qualify a lead first" in page
    assert 'name="amount"' not in page
    lead = a_lead(stage="sql")
    page = browser.get(
        workspace_reverse("funnel:deal_add"), {"lead": str(lead.pk)}
    ).content.decode()
    assert 'name="amount"' in page


def test_with_whom_is_searched_for_and_never_all_are_shown(
    browser: Client, rita: Member, django_assert_max_num_queries: Any
) -> None:
    mine = a_lead(stage="sql", name="Mine Own", owner=rita)
    for number in range(25):
        a_lead(stage="sql", name=f"Buyer {number}")
    a_lead(stage="mql", name="Buyer unqualified")
    address = workspace_reverse("funnel:deal_add")
    with django_assert_max_num_queries(8):
        first = browser.get(address).content.decode()
    assert "Mine Own" in first
    assert "Buyer" not in first
    with django_assert_max_num_queries(8):
        found = browser.get(address, {"q": "buyer"}).content.decode()
    assert found.count("?lead=") == 20
    assert "unqualified" not in found
    a_lead(stage="sql", name="Held Elsewhere", owner=a_member())
    held = browser.get(address, {"q": "held"}).content.decode()
    assert "Held Elsewhere" in held
    assert "?lead=" not in held
    form = browser.get(address, {"lead": str(mine.pk)}).content.decode()
    assert "Mine Own" in form
    assert "Buyer" not in form


@pytest.mark.parametrize("asked", ["gone", "mql", "nonsense"])
def test_who_cannot_buy_is_not_sold_to(browser: Client, asked: str) -> None:
    lead = a_lead(stage="mql")
    whom = {"gone": str(uuid4()), "mql": str(lead.pk), "nonsense": "x\0'"}[asked]
    address = workspace_reverse("funnel:deal_add")
    shown = browser.get(address, {"lead": whom})
    assert (shown.status_code, "Choose somebody" in shown.content.decode()) == (200, True)
    sent = browser.post(address, {"key": "k", "lead": whom, "name": "Seats"})
    assert (sent.status_code, "Choose somebody" in sent.content.decode()) == (422, True)
    assert not Deal.objects.exists()


def test_a_deal_is_opened_changed_and_won(browser: Client, rita: Member) -> None:
    lead = a_lead(stage="sql", owner=rita)
    told = {"key": "k", "lead": lead.pk, "name": "Seats", "amount": "1250.50"}
    assert browser.post(workspace_reverse("funnel:deal_add"), told).status_code == 302
    deal = Deal.objects.get()
    assert deal.amount == 125_050
    address = workspace_reverse("funnel:deal", id=deal.pk)
    assert "1250.50" in browser.get(address).content.decode()
    browser.post(address, {"key": "k", "name": "Ten seats", "amount": "1000"})
    won = browser.post(
        workspace_reverse("funnel:deal_win", id=deal.pk), {"amount": "1000", "margin": "400"}
    )
    assert won.status_code == 302
    deal.refresh_from_db()
    lead.refresh_from_db()
    assert (deal.name, deal.status, deal.margin, lead.stage) == (
        "Ten seats",
        "won",
        40_000,
        "customer",
    )


def test_a_margin_above_the_amount_is_said_at_its_field(browser: Client) -> None:
    deal = a_deal()
    address = workspace_reverse("funnel:deal_win", id=deal.pk)
    answer = browser.post(address, {"amount": "10", "margin": "11"})
    assert answer.status_code == 422
    assert "cannot be more" in answer.content.decode()


def test_a_deal_is_lost_with_a_reason(browser: Client) -> None:
    deal = a_deal()
    address = workspace_reverse("funnel:deal_lose", id=deal.pk)
    assert browser.get(address).status_code == 200
    browser.post(address, {"reason": "Too dear"})
    assert Deal.objects.get().reason == "Too dear"


@pytest.mark.parametrize("name", ["deal", "deal_win", "deal_lose"])
def test_a_deal_of_another_workspace_is_not_found(
    browser: Client, globex: Workspace, name: str
) -> None:
    with inside(globex.pk):
        foreign = a_deal()
    assert browser.get(workspace_reverse(f"funnel:{name}", id=foreign.pk)).status_code == 404


def test_a_lead_of_another_workspace_cannot_be_chosen(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_lead(stage="sql")
    told = {"key": "k", "lead": foreign.pk, "name": "Seats"}
    assert browser.post(workspace_reverse("funnel:deal_add"), told).status_code == 422
