"""Days at the end of the calendar, which programs may name: every page stays readable."""

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of


def test_the_queue_shows_a_next_step_of_the_last_day_there_is(ada: Member, rita: Member) -> None:
    lead = a_lead(stage="mql", owner=rita)
    told = {"lead": str(lead.pk), "kind": "call", "outcome": "reached", "by": str(rita.pk)}
    told |= {"next_step": "Call", "next_step_at": "9999-12-31T23:59:59Z"}
    assert api_of(a_key(ada)).post("/api/v1/attempts/", told).status_code == 201
    for page in (workspace_reverse("funnel:queue"), workspace_reverse("leads:lead", id=lead.pk)):
        assert client_of(rita).get(page).status_code == 200
