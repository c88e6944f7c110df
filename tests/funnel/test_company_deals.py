"""Deals on the page of a company."""

from leadmgmt.workspaces.models import Member
from tests.builders import a_company, a_deal, a_lead
from tests.clients import client_of


def test_a_company_shows_the_deals_of_all_its_people(rita: Member) -> None:
    firm, other = a_company(), a_company()
    a_deal(a_lead(name="Ann", stage="sql", company=firm), name="Lorries")
    a_deal(a_lead(name="Bob", stage="sql", company=firm), name="Before", company=None)
    a_deal(a_lead(name="Eve", stage="sql", company=other), name="Elsewhere")
    page = client_of(rita).get(f"/w/acme/companies/{firm.pk}/").content.decode()
    for words in ("Lorries", "Ann", "Before", "Bob"):
        assert words in page
    assert "Elsewhere" not in page
