"""Renewals on pages and over the API: the list, the customer's page, reminders, roles."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.care.checklists import finish_item
from funnel.care.days import today_of
from funnel.care.remind_days import usual_days
from funnel.care.renewing import lose_renewal, renew
from funnel.models import Customer, Deal, Renewal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests.builders import a_checklist_item, a_company, a_customer, a_key, a_lead, a_renewal
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")
LIST = "funnel:renewal_list"


def in_days(days: int) -> date:
    return today_of(timezone.now()) + timedelta(days=days)


def shown(member: Member, query: str = "", name: str = LIST) -> str:
    return client_of(member).get(workspace_reverse(name) + query).content.decode()


@pytest.fixture
def firm(rita: Member) -> Customer:
    return a_customer(a_company(name="Nordwind"), owner=rita)


def three(firm: Customer) -> None:
    a_renewal(firm, what="Support", due_on=in_days(10))
    a_renewal(firm, what="Licence", due_on=in_days(200))
    late = a_renewal(firm, what="Hosting", due_on=in_days(1))
    Renewal.objects.filter(pk=late.pk).update(due_on=in_days(-3))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Support", "Hosting"}),
        ("?days=365", {"Support", "Hosting", "Licence"}),
        ("?days=7", {"Support", "Hosting"}),
        ("?which=late", {"Hosting"}),
        ("?which=lost", set()),
        ("?owner=me", {"Support", "Hosting"}),
        ("?owner=nobody", set()),
        ("?owner=\x00&which=\x00", {"Support", "Hosting"}),
    ],
)
def test_the_list_shows_what_its_address_asks_for(
    firm: Customer, rita: Member, query: str, names: set[str]
) -> None:
    three(firm)
    page = shown(rita, query)
    assert {each for each in ("Support", "Hosting", "Licence") if f">{each}</a>" in page} == names


def test_renewals_of_former_customers_are_not_listed(firm: Customer, rita: Member) -> None:
    three(firm)
    Customer.objects.update(ended_at=timezone.now())
    assert "No renewals in these days" in shown(rita)


def test_what_came_of_renewals_is_listed_with_the_reason(firm: Customer, rita: Member) -> None:
    lose_renewal(a_renewal(firm), reason="They close down", by=rita, now=timezone.now())
    assert "They close down" in shown(rita, "?which=lost")


def test_the_list_asks_no_more_for_more_rows(
    firm: Customer, rita: Member, django_assert_num_queries: Any
) -> None:
    def count() -> int:
        with django_assert_num_queries(7):
            page = client.get(address).content.decode()
        return page.count("Nordwind")

    client, address = client_of(rita), workspace_reverse(LIST)
    person = Lead.objects.get(company=firm.company)
    given = {"lead": person, "amount": 1_000, "margin": 500, "is_won": False}
    renew(a_renewal(firm), **given, by=rita, now=timezone.now())
    client.get(address)
    before = count()
    for _ in range(5):
        renew(a_renewal(firm), **given, by=rita, now=timezone.now())
    assert count() > before


def test_a_rep_plans_changes_and_renews_on_the_customers_page(firm: Customer, rita: Member) -> None:
    browser, page = client_of(rita), workspace_reverse("funnel:customer", id=firm.pk)
    add = workspace_reverse("funnel:renewal_add", id=firm.pk)
    told = {"what": "Licence", "due_on": in_days(40).isoformat(), "amount": "1200", "margin": "800"}
    told |= {"months": "12", "days": "20, 5"}
    assert browser.post(add, {**told, "days": "soon"}).status_code == 422
    assert browser.post(add, {**told, "margin": "1300"}).status_code == 422
    browser.post(add, told)
    renewal = Renewal.objects.get()
    assert (renewal.amount, renewal.days, renewal.planned_by) == (120_000, [20, 5], rita)
    assert "Licence" in browser.get(page).content.decode()
    edit = workspace_reverse("funnel:renewal", id=renewal.pk)
    assert "20, 5" in browser.get(edit).content.decode()
    browser.post(edit, {**told, "what": "Licence, 30 seats", "days": ""})
    renewal.refresh_from_db()
    assert (renewal.what, renewal.days, renewal.remind_on) == (
        "Licence, 30 seats",
        None,
        in_days(10),
    )
    anna = Lead.objects.get(company=firm.company)
    do = workspace_reverse("funnel:renewal_renew", id=renewal.pk)
    assert browser.post(do, {"is_won": "yes", "lead": anna.pk, "amount": "1300"}).status_code == 422
    paid = {"is_won": "yes", "lead": anna.pk, "amount": "1300", "margin": "900"}
    for _ in range(2):  # a double click
        browser.post(do, paid)
    assert Deal.objects.get().status == "won"
    assert sorted(Renewal.objects.values_list("state", flat=True)) == ["planned", "renewed"]


def test_a_deal_can_be_opened_for_it_first(firm: Customer, rita: Member) -> None:
    renewal = a_renewal(firm)
    anna = Lead.objects.get(company=firm.company)
    do = workspace_reverse("funnel:renewal_renew", id=renewal.pk)
    answer = client_of(rita).post(do, {"is_won": "no", "lead": anna.pk})
    deal = Deal.objects.get()
    assert answer["Location"] == workspace_reverse("funnel:deal", id=deal.pk)
    assert "Deal open" in shown(rita)


def test_it_waits_wakes_is_lost_and_is_back(firm: Customer, rita: Member) -> None:
    renewal, browser = a_renewal(firm), client_of(rita)

    def post(verb: str, **told: str) -> int:
        path = workspace_reverse(f"funnel:renewal_{verb}", id=renewal.pk)
        code: int = browser.post(path, told).status_code
        renewal.refresh_from_db()
        return code

    assert post("snooze", until=in_days(-1).isoformat()) == 422
    assert post("snooze", until=in_days(9).isoformat()) == 302
    assert "Waits" in shown(rita)
    post("wake")
    assert renewal.snoozed_until is None
    assert post("lose", reason=" ") == 422
    post("lose", reason="Too dear")
    assert renewal.state == "lost"
    post("reopen")
    assert renewal.state == "planned"


def test_managers_set_the_reminders_and_reps_do_not(
    firm: Customer, max: Member, rita: Member
) -> None:
    renewal, path = a_renewal(firm), workspace_reverse("funnel:reminder_days")
    assert client_of(rita).get(path).status_code == 403
    browser = client_of(max)
    assert "30, 7, 0" in browser.get(path).content.decode()
    assert browser.post(path, {"days": "400"}).status_code == 422
    browser.post(path, {"days": "14,14, 3"})
    renewal.refresh_from_db()
    assert (usual_days(), renewal.remind_on) == ([14, 3], in_days(46))


@pytest.mark.parametrize("name", ["mara", "ana"])
def test_marketers_and_analysts_read_only(
    firm: Customer, request: pytest.FixtureRequest, name: str
) -> None:
    member, renewal = request.getfixturevalue(name), a_renewal(firm)
    page = shown(member)
    assert "Licence" in page
    assert "Close as lost" not in page
    lose = workspace_reverse("funnel:renewal_lose", id=renewal.pk)
    assert client_of(member).post(lose, {"reason": "No"}).status_code == 403


def test_the_list_of_customers_tells_of_renewals_and_onboarding(
    firm: Customer, rita: Member
) -> None:
    finish_item(a_checklist_item(firm), by=rita, now=timezone.now())
    late = a_checklist_item(firm)
    type(late).objects.filter(pk=late.pk).update(due_on=in_days(-1))
    a_renewal(firm, due_on=in_days(60))
    a_customer(a_company(name="Suedwind"))
    page = shown(rita, name="funnel:customer_list")
    assert "1 of 2" in page
    assert "1 overdue" in page
    assert "€1,200" in page
    for days, is_there in ((30, False), (90, True)):
        found = shown(rita, f"?renewal={days}", "funnel:customer_list")
        assert ("Nordwind" in found, "Suedwind" in found) == (is_there, False)


def test_the_api_does_the_same(firm: Customer, ada: Member) -> None:
    api, anna = api_of(a_key(ada)), Lead.objects.get(company=firm.company)
    told = {"customer": str(firm.pk), "what": "Licence", "due_on": in_days(60).isoformat()}
    made = api.post("/api/v1/renewals/", {**told, "months": 12, "by": str(ada.pk)}).json()
    path = f"/api/v1/renewals/{made['id']}/"
    assert made["remind_on"] == in_days(30).isoformat()
    assert api.patch(path, {"days": [10], "amount": 500}).json()["remind_on"] == (
        in_days(50).isoformat()
    )
    assert api.patch(path, {"colour": "red"}).status_code == 422
    assert api.post(f"{path}snooze/", {"until": in_days(5).isoformat()}).json()["snoozed_until"]
    assert api.post(f"{path}wake/").json()["snoozed_until"] is None
    assert api.post(f"{path}lose/", {"reason": "No"}).json()["state"] == "lost"
    assert api.post(f"{path}reopen/").json()["state"] == "planned"
    sold = {"lead": str(anna.pk), "amount": 1_000, "margin": 400, "is_won": True}
    done = api.post(f"{path}renew/", sold).json()
    assert (done["state"], done["deal"]) == ("renewed", str(Deal.objects.get().pk))
    assert api.post(f"{path}renew/", sold).status_code == 409
    found = api.get(f"/api/v1/renewals/?customer={firm.pk}&state=planned").json()["results"]
    assert [each["after"] for each in found] == [made["id"]]
    stranger = {**sold, "lead": str(a_lead(stage="customer").pk)}
    next_path = f"/api/v1/renewals/{found[0]['id']}/renew/"
    assert api.post(next_path, stranger).status_code == 422
    assert api.put("/api/v1/reminder-days/", {"days": [5, 60]}).json() == {"days": [60, 5]}
    assert api.get("/api/v1/reminder-days/").json() == {"days": [60, 5]}
    assert api.put("/api/v1/reminder-days/", {"days": [999]}).status_code == 422
