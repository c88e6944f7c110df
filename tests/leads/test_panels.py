"""Apps above put their cards on the pages of leads and companies."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from leadmgmt import panels as table
from leads import panels
from leads.models import Lead
from leads.panels import Panel, panels_of_lead
from tests.builders import a_lead

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture(autouse=True)
def own_panels() -> Iterator[None]:
    yield
    panels.bind(lead=table.LEAD, company=table.COMPANY)


def test_a_panel_with_nothing_to_tell_is_left_out() -> None:
    def tell(lead: Lead) -> dict[str, str] | None:
        return {"title": "Odd"} if lead.name == "Odd" else None

    panels.bind(lead=[Panel("Told", "ui/_mark.html", tell)])
    request = RequestFactory().get("/")
    assert [shown.title for shown in panels_of_lead(a_lead(name="Odd"), request)] == ["Told"]
    assert panels_of_lead(a_lead(name="Even"), request) == []
