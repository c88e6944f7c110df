"""The SLA's pages, with rows and without."""


from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from sla.actions import start_policy
from tests.clients import client_of


def test_without_a_promise_the_page_says_how_to_make_one(ada: Member) -> None:
    page = client_of(ada).get(workspace_reverse("sla:policy_list")).content.decode()
    assert "Make a promise" in page


def test_the_promise_is_read_aloud(rita: Member) -> None:
    start_policy(by=None, now=timezone.now())
    page = client_of(rita).get(workspace_reverse("sla:policy_list")).content.decode()
    assert "within 8 business hours" in page
    assert "Monday to Friday from 09:00 to 18:00" in page
    assert "Change the promise" not in page
