"""An address that only takes what a button sends, opened as if it were a page."""

import pytest

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_lead
from tests.clients import client_of


def test_it_says_so_and_leads_to_the_page_with_the_button(ada: Member) -> None:
    lead = a_lead()
    answer = client_of(ada).get(workspace_reverse("leads:lead_assign", id=lead.pk))
    said = answer.content.decode()
    assert answer.status_code == 405
    assert "not open to the role" not in said
    assert f'href="{workspace_reverse("leads:lead", id=lead.pk)}"' in said


def test_without_a_page_above_it_leads_to_the_start(ada: Member) -> None:
    answer = client_of(ada).get(workspace_reverse("workspaces:invite"))
    assert answer.status_code == 405
    assert 'href="/w/acme/' in answer.content.decode()


def test_a_page_that_is_only_looked_at_takes_nothing(ada: Member) -> None:
    answer = client_of(ada).post(workspace_reverse("leads:bulk_list"))
    assert answer.status_code == 405
    assert "only be looked at" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_lacks_the_role_hears_of_the_role(rita: Member, method: str) -> None:
    answer = getattr(client_of(rita), method)(workspace_reverse("workspaces:settings"))
    assert answer.status_code == 403
    assert "not open to the role" in answer.content.decode()
