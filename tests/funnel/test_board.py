"""The board: columns with sums, cards that move, and nothing that is counted per page."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from funnel.actions.closing_deals import lose_deal
from funnel.actions.deals import CannotMoveDeal, DealClosed, move_deal
from funnel.actions.pipelines import first_stage
from funnel.models import Deal, DealChange, PipelineStage
from funnel.queries.board import CARDS, board_of
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_company, a_deal, a_key, a_lead
from tests.clients import api_of, client_of

JSON = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def second_stage() -> PipelineStage:
    first_stage()
    stage: PipelineStage = PipelineStage.objects.get(position=1)
    return stage


def moved(deal: Deal, stage: PipelineStage) -> dict[str, str]:
    return {"move": f"{deal.pk}:{deal.stage_id}:{stage.pk}"}


def test_a_card_says_whose_deal_it_is_and_what_comes_next(browser: Client, rita: Member) -> None:
    today = timezone.localdate()
    lead = a_lead(stage="sql", company=a_company(name="Nordwind"))
    told = {"next_step": "Call Anna", "next_step_on": today, "owner": rita}
    a_deal(lead, name="Ten seats", expected_on=today - timedelta(days=1), **told)
    page = browser.get(workspace_reverse("funnel:board")).content.decode()
    for said in ("Ten seats", "Nordwind", "€1,000", "overdue", "→ Call Anna", "Rita"):
        assert said in page
    assert "No deals here" in page


@pytest.mark.usefixtures("world")
def test_the_soonest_stand_first_and_those_without_a_day_last() -> None:
    for name, day in (("c", None), ("b", date(2027, 1, 9)), ("a", date(2026, 1, 9))):
        a_deal(name=name, expected_on=day)
    column = board_of(first_stage().pipeline)[0]
    assert [card.name for card in column.cards] == ["a", "b", "c"]
    assert column.cards[2].expected_on is None


def test_a_long_column_goes_on_where_it_stopped(browser: Client) -> None:
    for number in range(CARDS + 3):
        a_deal(name=f"Deal no {number}.", expected_on=date(2026, 1, 1) + timedelta(number))
    page = browser.get(workspace_reverse("funnel:board"))
    column = page.context["columns"][0]
    address = workspace_reverse("funnel:board_more", id=column.stage.pk)
    assert address in page.content.decode()
    rest = browser.get(address, {"after": column.more}, headers={"HX-Request": "true"})
    names = [card.name for card in rest.context["column"].cards]
    assert names == [f"Deal no {number}." for number in range(CARDS, CARDS + 3)]
    assert browser.get(address, {"after": "made up"}).status_code == 200


def test_the_board_asks_as_often_for_many_deals_as_for_few(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        a_deal(name=f"Deal {number}")
    browser.get(workspace_reverse("funnel:board"))
    with django_assert_max_num_queries(10):
        browser.get(workspace_reverse("funnel:board"))


def test_a_card_is_moved_without_scripts(browser: Client) -> None:
    deal, offer = a_deal(), second_stage()
    answer = browser.post(workspace_reverse("funnel:board_move"), moved(deal, offer))
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert deal.stage == offer
    change = DealChange.objects.get()
    assert (change.field, change.old, change.new) == ("stage", "Needs", "Offer")
    assert "Moved from “Needs” to “Offer”" in (
        browser.get(workspace_reverse("funnel:deal", id=deal.pk)).content.decode()
    )


def test_a_moved_card_comes_back_with_the_sums_of_its_columns(browser: Client) -> None:
    deal, offer = a_deal(amount=70_000), second_stage()
    stages = f"{deal.stage_id} {offer.pk}"
    told = {**moved(deal, offer), "stages": stages}
    answer = browser.post(workspace_reverse("funnel:board_move"), told, headers=JSON).json()
    assert answer["sums"][str(offer.pk)] == [1, "€700", "€280"]
    assert answer["sums"][str(deal.stage_id)][0] == 0
    assert f'data-deal="{deal.pk}"' in answer["card"]
    assert "is in “Offer” now" in answer["said"]


def test_who_looked_at_an_old_board_moves_nothing(browser: Client, rob: Member) -> None:
    deal, offer = a_deal(), second_stage()
    agreed = PipelineStage.objects.get(position=3)
    move_deal(deal, stage=agreed, by=rob, now=timezone.now())
    answer = browser.post(workspace_reverse("funnel:board_move"), moved(deal, offer), headers=JSON)
    assert answer.status_code == 422
    assert "was moved to" in answer["HX-Trigger"]
    assert Deal.objects.get().stage == agreed


def test_neither_a_closed_deal_nor_into_a_retired_stage_is_moved(rita: Member) -> None:
    deal, offer = a_deal(), second_stage()
    PipelineStage.objects.filter(pk=offer.pk).update(retired_at=timezone.now())
    offer.refresh_from_db()
    with pytest.raises(CannotMoveDeal, match="takes no more deals"):
        move_deal(deal, stage=offer, by=rita, now=timezone.now())
    lose_deal(deal, reason="Dear", by=rita, now=timezone.now())
    with pytest.raises(DealClosed):
        move_deal(deal, stage=PipelineStage.objects.get(position=2), by=rita, now=timezone.now())


@pytest.mark.parametrize("told", ["", "x:y:z", "1:2", "\x00"])
def test_a_move_that_names_nothing_is_refused(browser: Client, told: str) -> None:
    answer = browser.post(workspace_reverse("funnel:board_move"), {"move": told}, headers=JSON)
    assert answer.status_code == 422


def test_cards_of_another_workspace_are_not_there(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_deal()
    offer = second_stage()
    address = workspace_reverse("funnel:board_move")
    told = {"move": f"{foreign.pk}:{offer.pk}:{offer.pk}"}
    assert browser.post(address, told).status_code == 404


def test_an_analyst_looks_and_moves_nothing(ana: Member) -> None:
    deal, offer = a_deal(), second_stage()
    browser = client_of(ana)
    page = browser.get(workspace_reverse("funnel:board")).content.decode()
    assert "draggable" not in page
    assert browser.post(workspace_reverse("funnel:board_move"), moved(deal, offer)).status_code in (
        403,
        404,
    )


def test_programs_move_deals_and_read_the_board(ada: Member) -> None:
    deal, offer = a_deal(amount=50_000), second_stage()
    client = api_of(a_key(ada))
    path = f"/api/v1/deals/{deal.pk}/"
    answer = client.post(f"{path}move/", {"stage": offer.pk, "seen_in": deal.stage_id})
    assert (answer.status_code, answer.json()["stage"]) == (200, str(offer.pk))
    stale = client.post(f"{path}move/", {"stage": deal.stage_id, "seen_in": deal.stage_id})
    assert stale.status_code == 409
    rows = client.get(f"/api/v1/pipelines/{deal.stage.pipeline_id}/board/").json()
    assert [row["amount"] for row in rows] == [0, 50_000, 0, 0]
    [change] = client.get(f"{path}history/").json()["results"]
    assert (change["field"], change["new"]) == ("stage", "Offer")
    found = client.get(f"/api/v1/deals/?stage={offer.pk}&status=open").json()["results"]
    assert [each["id"] for each in found] == [str(deal.pk)]


def test_a_program_that_read_an_older_version_changes_nothing(ada: Member) -> None:
    deal = a_deal()
    client = api_of(a_key(ada))
    path = f"/api/v1/deals/{deal.pk}/"
    tag = client.get(path)["ETag"]
    assert client.patch(path, {"amount": 7_00}, headers={"If-Match": "no"}).status_code == 412
    changed = client.patch(path, {"next_step": "Call"}, headers={"If-Match": tag})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    again = client.patch(path, {"next_step": "Write"}, headers={"If-Match": tag})
    assert again.status_code == 412
