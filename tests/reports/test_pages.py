"""The dashboard and its lists, with rows and without."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from reports.models import CostLine
from sla.actions import note_breaches, start_clocks, start_policy
from tests.builders import a_campaign, a_lead, a_visitor, an_activity
from tests.clients import client_of

GIVEN = {
    "amount": "1234.56",
    "campaign": "",
    "lever": "seo",
    "starts_on": "2026-06-01",
    "ends_on": "2026-06-30",
}


@pytest.mark.parametrize("count", [0, 1, 8])
def test_the_dashboard_asks_as_often_for_one_lead_as_for_many(
    ana: Member, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        a_lead(source=f"source {number}", campaign=a_campaign())
        an_activity(kind="visit", visitor=a_visitor(), source=f"source {number}")
    client = client_of(ana)
    client.get(workspace_reverse("reports:cost_list"))
    with django_assert_num_queries(26):
        answer = client.get(workspace_reverse("reports:dashboard"))
    assert answer.status_code == 200
    assert answer.content.decode().count("source ") >= count


@pytest.mark.parametrize("figure", ["leads", "mqls", "sqls", "customers"])
def test_each_list_of_people_opens(ana: Member, figure: str) -> None:
    a_lead(name="Lena of today")
    page = client_of(ana).get(workspace_reverse("reports:people_list", figure=figure))
    assert page.status_code == 200
    assert ("Lena of today" in page.content.decode()) == (figure == "leads")


@pytest.mark.parametrize("name", ["deal_list", "visit_list", "deadline_list", "cost_list"])
def test_lists_without_rows_say_what_to_do(ana: Member, name: str) -> None:
    assert client_of(ana).get(workspace_reverse(f"reports:{name}")).status_code == 200


@pytest.mark.parametrize(
    "name", ["dashboard", "deal_list", "visit_list", "deadline_list", "cost_list"]
)
def test_each_page_can_be_narrowed_to_a_source(ana: Member, name: str) -> None:
    page = client_of(ana).get(workspace_reverse(f"reports:{name}") + "?source=google")
    assert (page.status_code, "google" in page.content.decode()) == (200, True)


def test_an_unknown_figure_is_not_found(ana: Member) -> None:
    page = workspace_reverse("reports:people_list", figure="unicorns")
    assert client_of(ana).get(page).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-13-01&to=x",
        "days=-1",
        "days=99999999999",
        "campaign=x",
        "counting=x",
        "source=%00",
    ],
)
def test_a_senseless_period_shows_the_usual_one(ana: Member, query: str) -> None:
    answer = client_of(ana).get(workspace_reverse("reports:dashboard") + "?" + query)
    assert answer.status_code == 200


def test_a_cost_goes_into_the_ledger_in_cents(mara: Member) -> None:
    answer = client_of(mara).post(workspace_reverse("reports:cost_list"), GIVEN)
    assert answer.status_code == 302
    line = CostLine.objects.get()
    assert (line.amount, line.lever, line.entered_by) == (1_234_56, "seo", mara)


@pytest.mark.parametrize(
    ("currency", "written", "stored"), [("JPY", "1500", 1_500), ("KWD", "1.234", 1_234)]
)
def test_a_cost_is_kept_in_the_smallest_unit_of_its_currency(
    mara: Member, currency: str, written: str, stored: int
) -> None:
    Workspace.objects.filter(slug="acme").update(currency=currency)
    page = workspace_reverse("reports:cost_list")
    client_of(mara).post(page, GIVEN | {"amount": written})
    assert CostLine.objects.get().amount == stored
    too_fine = client_of(mara).post(page, GIVEN | {"amount": f"{written}.5555"})
    assert too_fine.status_code == 422


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": "2026-05-01"}, "comes before the first"),
        ({"amount": "0"}, "greater than or equal to 0.01"),
        ({"lever": "magic"}, "magic is not one of the available choices"),
    ],
)
def test_a_wrong_line_is_refused_at_its_field(
    mara: Member, wrong: dict[str, str], sentence: str
) -> None:
    answer = client_of(mara).post(workspace_reverse("reports:cost_list"), GIVEN | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CostLine.objects.exists()


def test_a_line_can_be_taken_back(mara: Member) -> None:
    client_of(mara).post(workspace_reverse("reports:cost_list"), GIVEN)
    line = CostLine.objects.get()
    client_of(mara).post(workspace_reverse("reports:cost_remove", line=line.pk))
    assert not CostLine.objects.exists()


def test_a_line_taken_back_can_be_put_back_as_it_was(mara: Member, ana: Member) -> None:
    browser = client_of(mara)
    browser.post(workspace_reverse("reports:cost_list"), GIVEN)
    facts = ("id", "amount", "campaign", "lever", "starts_on", "ends_on", "note", "entered_by")
    before = CostLine.objects.values(*facts).get()
    browser.post(workspace_reverse("reports:cost_remove", line=before["id"]))
    page = browser.get(workspace_reverse("reports:cost_list")).content.decode()
    (undo,) = re.findall(r'"(/w/acme/reports/costs/restore/[^"]+)"', page)
    assert client_of(ana).post(undo).status_code == 403
    assert browser.post(undo.replace("restore/", "restore/x")).status_code == 404
    for _twice in range(2):
        browser.post(undo)
        assert CostLine.objects.values(*facts).get() == before


def test_a_visit_of_yesterday_is_listed(ana: Member) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    an_activity(kind="visit", visitor=a_visitor(), source="google", occurred_at=yesterday)
    page = client_of(ana).get(workspace_reverse("reports:visit_list")).content.decode()
    assert "google" in page


def test_a_wrong_cost_stays_on_the_page_as_it_was_typed(mara: Member) -> None:
    answer = client_of(mara).post(
        workspace_reverse("reports:cost_list"), GIVEN | {"note": "June ads", "amount": "-3"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="June ads"' in page
    assert "<dialog" not in page.partition("June ads")[0]


def test_a_figure_without_a_change_compares_with_nothing(ana: Member) -> None:
    page = client_of(ana).get(workspace_reverse("reports:dashboard")).content.decode()
    assert "vs the period before" not in page


def test_sla_attainment_opens_the_deadlines_of_its_period(ana: Member) -> None:
    start_policy(by=None, now=timezone.now())
    started = timezone.now() - timedelta(days=60)
    lead = a_lead(name="Lena long ago", stage="mql")
    start_clocks([lead.pk], now=started)
    note_breaches(now=timezone.now())
    page = workspace_reverse("reports:deadline_list")
    recent = client_of(ana).get(f"{page}?days=30").content.decode()
    longer = client_of(ana).get(f"{page}?days=90").content.decode()
    assert ("Lena long ago" in recent, "Lena long ago" in longer) == (False, True)
    dashboard = client_of(ana).get(workspace_reverse("reports:dashboard")).content.decode()
    assert f"{page}?from=" in dashboard


@pytest.mark.parametrize("cycles", ["first", "later"])
def test_cycles_are_counted_by_themselves_down_to_the_list(ana: Member, cycles: str) -> None:
    client = client_of(ana)
    page = client.get(f"{workspace_reverse('reports:dashboard')}?cycles={cycles}").content.decode()
    assert "Visits, costs and sales are of no cycle" in page
    rows = workspace_reverse("reports:people_list", figure="mqls")
    assert f"cycles={cycles}" in page.split(rows)[1][:200]
    assert f"{cycles} cycles" in client.get(f"{rows}?cycles={cycles}").content.decode()
