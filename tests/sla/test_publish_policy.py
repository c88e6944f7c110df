"""A promise is published in versions, and refused when it makes no sense."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from sla.actions import CannotPublishPolicy, Promise, publish_policy, start_clocks
from sla.models import Clock, Policy
from tests.builders import a_lead
from tests.clients import client_of

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
GIVEN = {
    "hours": "4",
    "days": ["0", "1", "2"],
    "opens": "08:00",
    "closes": "16:30",
    "holiday_country": "GR",
    "days_off": "2026-12-24, 2026-12-31",
    "reason": "We answer faster",
}


def test_a_new_version_retires_the_last_one(ada: Member) -> None:
    first = publish_policy(Promise(), reason="First", by=ada, now=NOW)
    second = publish_policy(Promise(minutes=60), reason="Faster", by=ada, now=NOW)
    first.refresh_from_db()
    assert (first.version, second.version) == (1, 2)
    assert first.retired_at == NOW
    assert Policy.objects.get(retired_at=None) == second


def test_a_running_clock_keeps_its_version(ada: Member) -> None:
    first = publish_policy(Promise(), reason="First", by=ada, now=NOW)
    lead: Lead = a_lead()
    start_clocks([lead.pk], now=NOW)
    due_at = Clock.objects.get(lead=lead).due_at
    publish_policy(Promise(minutes=5), reason="Faster", by=ada, now=NOW)
    clock = Clock.objects.get(lead=lead)
    assert (clock.policy, clock.due_at) == (first, due_at)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"opens": time(18), "closes": time(9)}, "closes"), ({"days": ()}, "days")],
)
def test_hours_without_business_time_are_refused(
    ada: Member, wrong: dict[str, Any], field: str
) -> None:
    publish_policy(Promise(), reason="First", by=ada, now=NOW)
    with pytest.raises(CannotPublishPolicy) as refused:
        publish_policy(Promise(**wrong), reason="Wrong", by=ada, now=NOW)
    assert refused.value.field == field


def test_the_page_publishes_what_was_entered(ada: Member) -> None:
    answer = client_of(ada).post(workspace_reverse("sla:policy_edit"), GIVEN)
    assert answer.status_code == 302
    policy = Policy.objects.get(retired_at=None)
    assert (policy.minutes, policy.days, policy.published_by) == (240, [0, 1, 2], ada)
    assert [day.isoformat() for day in policy.days_off] == ["2026-12-24", "2026-12-31"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"days_off": "Christmas"}, "“Christmas” is not a date"),
        ({"days": []}, "Choose at least one day"),
        ({"closes": "07:00"}, "must open first"),
        ({"hours": "0"}, "greater than or equal to 0.25"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(
    ada: Member, wrong: dict[str, Any], sentence: str
) -> None:
    answer = client_of(ada).post(workspace_reverse("sla:policy_edit"), GIVEN | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "We answer faster" in answer.content.decode()
    assert not Policy.objects.exists()
