"""Numbers that nobody means: said at their field, and nothing is changed."""

from typing import Any

import pytest
from django.test import Client

from funnel.actions.pipelines import first_stage
from funnel.models import Deal, PipelineStage, Share
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_deal, a_lead, a_team
from tests.clients import client_of

ABSURD: tuple[str, ...] = (
    "1e400",
    "1e30",
    "1" + "0" * 30,
    "-1",
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "1e-400",
)
ABSURD += ("٣", "0x10", "1_000", "9" * 5_000)
NO_SUMS = tuple(each for each in ABSURD if each not in ("٣", "1_000", "1e-400"))
LOSS = ("margin", "-1")  # selling below cost happens


@pytest.fixture
def browser(max: Member) -> Client:
    made = client_of(max)
    made.raise_request_exception = False
    return made


@pytest.mark.parametrize(
    ("field", "absurd"),
    [(name, each) for name in ("amount", "margin") for each in NO_SUMS if (name, each) != LOSS],
)
def test_a_deal_has_a_sum_that_can_be(browser: Client, field: str, absurd: str) -> None:
    deal = a_deal()
    told = {"key": "k", "name": "Seats", "amount": "1000", "margin": "400"} | {field: absurd}
    lead = {"lead": str(a_lead(stage="sql").pk)}
    opened = browser.post(workspace_reverse("funnel:deal_add"), told | lead)
    changed = browser.post(workspace_reverse("funnel:deal", id=deal.pk), told)
    won = browser.post(workspace_reverse("funnel:deal_win", id=deal.pk), told)
    assert [each.status_code for each in (opened, changed, won)] == [422, 422, 422]
    assert (Deal.objects.get().amount, Deal.objects.get().status) == (100_000, "open")


@pytest.mark.parametrize("absurd", ABSURD)
def test_chances_and_shares_are_numbers_that_can_be(
    browser: Client, rita: Member, absurd: str
) -> None:
    deal, team = a_deal(), a_team("South", rita)
    stage = first_stage()
    told: dict[str, Any] = {"key": "k", "name": "Seats", "amount": "1000", "margin": "400"}
    chance = {"name": "N", "explanation": "", "probability": absurd, "forecast": "open"}
    share = workspace_reverse("funnel:team_share", id=team.pk, member=rita.pk)
    sent = [
        browser.post(workspace_reverse("funnel:deal", id=deal.pk), told | {"probability": absurd}),
        browser.post(workspace_reverse("funnel:stage", id=stage.pk), chance),
        browser.post(share, {"weight": absurd, "capacity": "3", "save": "1"}),
        browser.post(share, {"weight": "1", "capacity": absurd, "save": "1"}),
    ]
    assert {each.status_code for each in sent} <= {302, 422}
    stage.refresh_from_db()
    probability = Deal.objects.get().probability
    assert probability is None or 0 <= probability <= 100
    assert 0 <= PipelineStage.objects.get(pk=stage.pk).probability <= 100
    assert all(0 <= each.weight <= 100 for each in Share.objects.all())
