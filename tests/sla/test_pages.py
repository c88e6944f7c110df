"""The SLA's pages, with rows and without."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from sla.actions import start_clocks, start_policy
from sla.models import Policy
from tests.builders import a_lead
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


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_clocks_asks_as_often_for_one_as_for_many(
    rita: Member, count: int, django_assert_num_queries: Any
) -> None:
    start_policy(by=None, now=timezone.now())
    leads = [a_lead(name=f"Waiting {number}", stage="mql") for number in range(count)]
    start_clocks([lead.pk for lead in leads], now=timezone.now() - timedelta(minutes=5))
    client = client_of(rita)
    client.get(workspace_reverse("sla:policy_list"))
    with django_assert_num_queries(5):
        page = client.get(workspace_reverse("sla:clock_list")).content.decode()
    assert page.count("Waiting ") >= count


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(15, "15 business minutes"), (60, "1 business hour of"), (150, "2.5 business hours")],
)
def test_a_short_promise_is_read_in_minutes(rita: Member, minutes: int, said: str) -> None:
    start_policy(by=None, now=timezone.now())
    Policy.objects.update(minutes=minutes, days=[0, 1, 2, 3, 4, 5, 6])
    page = client_of(rita).get(workspace_reverse("sla:policy_list")).content.decode()
    assert said in page
    assert "open every day from" in page
