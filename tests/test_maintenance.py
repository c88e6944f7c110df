"""While MAINTENANCE is set people are told so, and what strangers send is still taken."""

from django.test import Client
from pytest_django import Settings

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Activity
from tests.builders import a_form, a_key
from tests.clients import api_of, client_of

VISIT = {
    "visitor": "0" * 32,
    "events": [{"kind": "page_view", "key": "p" * 16, "url": "https://example.org/"}],
}


def test_pages_say_that_they_are_back_in_a_moment(settings: Settings, ada: Member) -> None:
    settings.MAINTENANCE = True
    answer = client_of(ada).get(workspace_reverse("leads:lead_list"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Back in a moment" in answer.content.decode()
    assert "default-src" in answer["Content-Security-Policy"]


def test_the_api_says_so_in_its_own_form(settings: Settings, ada: Member) -> None:
    settings.MAINTENANCE = True
    answer = api_of(a_key(ada)).get("/api/v1/leads/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer["Content-Type"] == "application/problem+json"


def test_nobody_asks_the_database(settings: Settings) -> None:
    settings.MAINTENANCE = True  # without the fixture `db` each query would fail
    assert Client().get("/accounts/login/").status_code == 503
    assert Client().get("/nothing/").status_code == 503


def test_visits_and_leads_keep_arriving(settings: Settings, ada: Member) -> None:
    form = a_form()
    settings.MAINTENANCE = True
    send = Client().post
    site = f"/c/{ada.workspace.site_key}/events"
    assert send(site, VISIT, content_type="application/json").status_code == 202
    assert Activity.objects.filter(kind="page_view").exists()
    assert send(f"/f/{form.token}/", {"email": "lena@example.org"}).status_code == 303
    assert Client().get("/health/").status_code == 200


def test_without_it_everything_is_open(ada: Member) -> None:
    assert client_of(ada).get(workspace_reverse("leads:lead_list")).status_code == 200
