"""What stands above a list is kept: it is always that of this very list, of this member."""

from collections.abc import Iterator

import pytest
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.ui.components import layout
from leadmgmt.workspaces.models import Member
from leads.models import Campaign
from tests.builders import a_campaign, a_lead
from tests.clients import client_of


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    layout._kept.clear()
    yield
    layout._kept.clear()


def tools(browser: Client, asked: str = "", workspace: str = "acme") -> str:
    """What stands between the tabs and the rows."""
    page: str = browser.get(f"/w/{workspace}/leads/{asked}").content.decode()
    return page.partition('<div class="toolbar"')[2].partition("<thead>")[0]


def test_a_campaign_is_called_by_its_new_name_at_once(mara: Member) -> None:
    campaign, browser = a_campaign(name="Fair"), client_of(mara)
    assert "Fair" in tools(browser, f"?campaign={campaign.pk}")
    Campaign.objects.update(name="Spring fair")
    assert "Spring fair" in tools(browser, f"?campaign={campaign.pk}")


def test_the_same_list_of_another_workspace_is_another(mara: Member, gus: Member) -> None:
    for member in (mara, gus):
        with inside(member.workspace_id):
            a_lead()
    ours, theirs = tools(client_of(mara)), tools(client_of(gus), workspace="globex")
    assert "/w/acme/" in ours
    assert "/w/globex/" not in ours
    assert "/w/globex/" in theirs
    assert "/w/acme/" not in theirs


def test_a_panel_is_told_as_open_while_it_is(mara: Member) -> None:
    browser = client_of(mara)
    for panel, is_open in (("", False), ("filters", True), ("", False)):
        assert ('aria-expanded="true"' in tools(browser, f"?panel={panel}")) is is_open


def test_each_filter_has_its_own_tools(mara: Member) -> None:
    browser = client_of(mara)
    for stage, other in (("mql", "SQL"), ("sql", "MQL"), ("mql", "SQL")):
        shown = tools(browser, f"?stage={stage}")
        assert f'name="stage" value="{stage}"' in shown
        assert f"</span> {other}" not in shown


@pytest.mark.parametrize("word", ["q", "email", "external_id", "condition"])
def test_what_may_name_a_person_is_not_kept(mara: Member, word: str) -> None:
    assert "secret" in tools(client_of(mara), f"?{word}=secret%40person.example")
    assert "secret" not in repr(layout._kept)


def test_each_role_gets_its_own_verbs(max: Member, ana: Member) -> None:
    a_lead()
    for _ in range(2):
        assert 'value="tag"' in tools(client_of(max))
        assert 'value="tag"' not in tools(client_of(ana))


def test_all_of_the_list_are_as_many_as_there_are(max: Member) -> None:
    browser = client_of(max)
    for number in (1, 2, 3):
        a_lead()
        assert f"All {number} of this list" in tools(browser)
