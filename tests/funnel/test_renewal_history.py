"""What a renewal was expected to bring before, and when: kept, shown and given out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.care.days import today_of
from funnel.care.planning import change_renewal
from funnel.care.renewing import renew
from funnel.models import Customer, Renewal, RenewalChange
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests.builders import a_company, a_customer, a_key, a_renewal
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def renewal(rita: Member) -> Renewal:
    firm = a_customer(a_company(name="Nordwind"), owner=rita)
    return a_renewal(firm, amount=100_000, margin=80_000)


def _change(renewal: Renewal, by: Member | None = None, **changes: Any) -> None:
    change_renewal(renewal, changes=changes, by=by, now=timezone.now())


def _kept() -> list[tuple[str, Any, Any]]:
    return sorted(RenewalChange.objects.values_list("field", "old", "new"))


def test_day_amount_and_margin_are_kept_as_they_were(renewal: Renewal, rita: Member) -> None:
    later = renewal.due_on + timedelta(days=9)
    _change(renewal, rita, due_on=later, amount=120_000, margin=None)
    assert _kept() == [
        ("amount", 100_000, 120_000),
        ("due_on", renewal.due_on.isoformat(), later.isoformat()),
        ("margin", 80_000, None),
    ]
    assert set(RenewalChange.objects.values_list("by__name", flat=True)) == {"Rita"}


def test_what_stays_the_same_is_no_change(renewal: Renewal) -> None:
    _change(renewal, amount=100_000, due_on=renewal.due_on, what="Another word")
    assert _kept() == []


def test_the_figures_of_the_deal_that_renewed_it_are_told(renewal: Renewal, rita: Member) -> None:
    lead = Lead.objects.get(company=Customer.objects.get().company)
    told: dict[str, Any] = {"amount": 90_000, "margin": 80_000, "is_won": True}
    renew(renewal, lead=lead, **told, by=rita, now=timezone.now())
    assert _kept() == [("amount", 100_000, 90_000)]


def test_the_page_of_the_renewal_shows_it(renewal: Renewal, rita: Member) -> None:
    address = workspace_reverse("funnel:renewal", id=renewal.pk)
    assert "History" not in client_of(rita).get(address).content.decode().split("<main")[1]
    _change(renewal, rita, amount=120_000, due_on=today_of(timezone.now()) + timedelta(days=50))
    page = client_of(rita).get(address).content.decode()
    assert "€1,000" in page
    assert "€1,200" in page
    assert "Due on: " in page


def test_the_api_gives_it_out(renewal: Renewal, ada: Member, rita: Member) -> None:
    api, path = api_of(a_key(ada)), f"/api/v1/renewals/{renewal.pk}/"
    api.patch(path, {"amount": 120_000, "by": str(rita.pk)})
    [change] = api.get(f"{path}history/").json()["results"]
    assert (change["field"], change["old"], change["new"]) == ("amount", 100_000, 120_000)
    assert change["by"] == str(rita.pk)
