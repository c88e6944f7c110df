"""Campaigns: planned, changed, linked to."""

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.links import tracking_link
from leads.models import Campaign
from tests.builders import a_campaign, a_lead
from tests.clients import client_of

ADDRESS = "/w/acme/campaigns/"


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


def test_a_campaign_gets_its_key_from_its_name(browser: Client) -> None:
    typed = {"name": "Spring webinar", "channel": "webinar", "starts_on": "2026-03-01"}
    browser.post(ADDRESS + "add/", typed)
    assert Campaign.objects.get().key == "spring-webinar"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"key": "taken"}, "key"),
        ({"name": "Весна"}, "key"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "ends_on"),
        ({"channel": "smoke"}, "channel"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser: Client, typed: dict[str, str], field: str
) -> None:
    a_campaign(key="taken")
    answer = browser.post(ADDRESS + "add/", {"name": "Spring", "channel": "seo"} | typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}


def test_the_list_counts_first_touches(browser: Client) -> None:
    a_lead(campaign=a_campaign())
    (found,) = browser.get(ADDRESS).context["page"].rows
    assert found.leads_count == 1


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("", "https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign=x"),
        ("a.gr", "https://a.gr/?utm_source=google&utm_medium=cpc&utm_campaign=x"),
        (
            "https://a.gr/p?b=1#c",
            "https://a.gr/p?b=1&utm_source=google&utm_medium=cpc&utm_campaign=x#c",
        ),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_link_carries_the_campaign(page: str, link: str) -> None:
    assert tracking_link(Campaign(key="x", channel="paid_search"), page) == link


def test_an_analyst_looks_and_changes_nothing(ana: Member) -> None:
    campaign = a_campaign()
    browser = client_of(ana)
    assert browser.get(f"{ADDRESS}{campaign.pk}/").status_code == 200
    assert browser.post(f"{ADDRESS}{campaign.pk}/", {"name": "x"}).status_code == 403
