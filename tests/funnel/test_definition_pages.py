"""What our words mean, and how that changes."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from funnel.actions.definitions import start_funnel
from funnel.models import Definition
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_draft_of, a_lead
from tests.clients import client_of, drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROPOSAL = {"explanation": "Fits and is keen.", "reason": "Too many calls"} | a_draft_of(
    {"field": "score", "is_at_least": 70}
)


@pytest.fixture
def browser(max: Member) -> Client:
    start_funnel(now=NOW)
    return client_of(max)


def test_both_teams_read_the_criteria_aloud(browser: Client, rita: Member) -> None:
    answer = client_of(rita).get(workspace_reverse("funnel:definitions")).content.decode()
    assert "at least 50" in answer
    assert "Propose change" not in answer
    assert "Propose change" in browser.get(workspace_reverse("funnel:definitions")).content.decode()


def both_approve(mara: Member, max: Member) -> None:
    address = workspace_reverse("funnel:definition_approve", stage="mql")
    client_of(mara).post(address, {"side": "marketing", "revision": "1"})
    client_of(max).post(address, {"side": "sales", "revision": "1"})


def test_a_proposal_binds_when_it_is_published(browser: Client, mara: Member, max: Member) -> None:
    ready, keen = a_lead(score=60), a_lead(score=80)
    browser.post(workspace_reverse("funnel:definition_change", stage="mql"), PROPOSAL)
    assert Definition.objects.published().get(stage="mql").version == 1
    publish = workspace_reverse("funnel:definition_publish", stage="mql")
    both_approve(mara, max)
    assert "Also move the 1 lead" in browser.get(publish).content.decode()
    browser.post(publish, {"applies": "on"})
    drain()
    assert Definition.objects.published().get(stage="mql").version == 2
    ready.refresh_from_db()
    keen.refresh_from_db()
    assert (ready.stage, keen.stage) == ("lead", "mql")


def test_publishing_twice_publishes_once(browser: Client, mara: Member, max: Member) -> None:
    browser.post(workspace_reverse("funnel:definition_change", stage="mql"), PROPOSAL)
    both_approve(mara, max)
    for _ in range(2):
        browser.post(workspace_reverse("funnel:definition_publish", stage="mql"))
    versions = Definition.objects.filter(stage="mql").order_by("version")
    assert [each.state for each in versions] == ["retired", "published"]


def test_a_condition_that_says_nothing_is_refused_at_its_field(browser: Client) -> None:
    wrong = PROPOSAL | {"condition-r.0-value": "many"}
    answer = browser.post(workspace_reverse("funnel:definition_change", stage="mql"), wrong)
    assert answer.status_code == 422
    assert "“is_at_least” is &#x27;many&#x27;" in answer.content.decode()
    assert not Definition.objects.draft().exists()


def test_a_proposal_can_be_discarded(browser: Client) -> None:
    browser.post(workspace_reverse("funnel:definition_change", stage="mql"), PROPOSAL)
    browser.post(workspace_reverse("funnel:definition_discard", stage="mql"))
    assert not Definition.objects.draft().exists()


def test_an_unknown_stage_is_not_found(browser: Client) -> None:
    address = workspace_reverse("funnel:definition_change", stage="vip")
    assert browser.get(address).status_code == 404


def test_a_stage_nobody_defined_has_no_versions(rita: Member) -> None:
    address = workspace_reverse("funnel:definition_history", stage="mql")
    page = client_of(rita).get(address).content.decode()
    assert "as soon as one is published" in page


def test_the_history_tells_what_each_version_changed(
    browser: Client, mara: Member, max: Member
) -> None:
    browser.post(workspace_reverse("funnel:definition_change", stage="mql"), PROPOSAL)
    both_approve(mara, max)
    browser.post(workspace_reverse("funnel:definition_publish", stage="mql"))
    address = workspace_reverse("funnel:definition_history", stage="mql")
    page = browser.get(address).content.decode()
    assert "Marketing: Mara" in page
    assert "Sales: Max" in page
    assert "at least 50" in page
    assert "at least 70" in page


def test_subcategories_are_written_one_after_the_other(browser: Client) -> None:
    change = workspace_reverse("funnel:definition_change", stage="mql")
    told = PROPOSAL | {"sub0-name": "Everybody", "another": "1"}
    assert browser.post(change, told)["Location"].endswith("/change/#subcategories")
    page = browser.get(change).content.decode()
    assert 'value="Everybody"' in page
    assert "sub1-name" in page


def test_a_rep_does_not_change_definitions(rita: Member) -> None:
    address = workspace_reverse("funnel:definition_change", stage="mql")
    assert client_of(rita).post(address, PROPOSAL).status_code == 403
