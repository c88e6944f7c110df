"""Switching the health rules off: nobody is judged any more, and it can be begun again."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.health import switching
from funnel.health.drafting import start_draft
from funnel.health.judging import judge_customers
from funnel.health.publishing import CannotPublishHealth, publish_health
from funnel.health.switching import HealthIsOff, clear_health, switch_health_off
from funnel.models import Customer, CustomerChange, HealthPlan, HealthRule, Whose
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice
from leads.models import Segment
from tests.builders import a_customer, a_key, a_lead, health_rules
from tests.clients import api_of, client_of, drain

pytestmark = pytest.mark.usefixtures("world")
NOW = timezone.now()
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}
OFF = "funnel:health_off"


def _rules() -> HealthPlan:
    return health_rules(("No Greek", Whose.NONE, GREEK, "at_risk"))


def _off(by: Member | None = None) -> None:
    switch_health_off(by=by, reason="It told us nothing", now=NOW)
    drain()


def _healths() -> set[str]:
    return set(Customer.objects.values_list("health", flat=True))


def test_the_version_retires_with_who_and_why(max: Member) -> None:
    _rules()
    _off(max)
    plan = HealthPlan.objects.get()
    assert (plan.state, plan.retired_by, plan.off_reason) == ("retired", max, "It told us nothing")
    assert plan.retired_at == NOW
    assert not Segment.objects.filter(keeper="health", retired_at=None).exists()


def test_customers_have_no_health_then_and_their_history_says_why(
    rita: Member, max: Member
) -> None:
    a_customer(owner=rita)
    former = a_customer()
    _rules()
    Customer.objects.filter(pk=former.pk).update(ended_at=NOW)
    _off(max)
    assert _healths() == {""}
    assert set(Customer.objects.values_list("health_rule", "health_since")) == {(None, None)}
    change = CustomerChange.objects.filter(field="health").order_by("-changed_at", "-id")[0]
    assert (change.old, change.new, change.why, change.by) == (
        *("at_risk", "", "It told us nothing"),
        max,
    )
    assert not Notice.objects.filter(member=rita).exists()


def test_nobody_is_judged_while_it_is_off() -> None:
    _rules()
    _off()
    customer = a_customer()
    a_lead(company=customer.company, country="Sweden")
    drain()
    assert judge_customers(None, now=NOW) == []
    assert _healths() == {""}


def test_publishing_again_judges_everybody_with_the_same_segments() -> None:
    a_customer()
    _rules()
    before = set(HealthRule.objects.values_list("segment__name", "segment_id"))
    _off()
    publish_health(start_draft(by=None, now=NOW), by=None, reason="Again", now=NOW)
    drain()
    assert _healths() == {"at_risk"}
    rules = HealthRule.objects.filter(plan__state="published")
    assert set(rules.values_list("segment__name", "segment_id")) == before
    assert Segment.objects.get(keeper="health").retired_at is None


def test_rules_published_meanwhile_are_not_cleared_away() -> None:
    a_customer()
    _rules()
    switch_health_off(by=None, reason="Wrong", now=NOW)
    publish_health(start_draft(by=None, now=NOW), by=None, reason="Again", now=NOW)
    judge_customers(None, now=NOW, is_quiet=True)
    drain()
    assert _healths() == {"at_risk"}


def test_many_are_cleared_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        a_customer()
    _rules()
    switch_health_off(by=None, reason="Wrong", now=NOW)
    assert [clear_health(now=NOW, most=2) for _ in range(2)] == [True, False]
    assert _healths() == {""}
    assert CustomerChange.objects.filter(field="health", new="").count() == 3
    assert switching.CHUNK > 3


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_it_needs_a_reason(reason: str) -> None:
    _rules()
    with pytest.raises(CannotPublishHealth):
        switch_health_off(by=None, reason=reason, now=NOW)
    assert HealthPlan.objects.published().exists()


def test_twice_is_refused() -> None:
    _rules()
    _off()
    with pytest.raises(HealthIsOff, match="nothing to switch off"):
        _off()


def test_a_manager_does_it_on_a_page_that_says_how_many_it_touches(
    max: Member, rita: Member
) -> None:
    a_customer()
    _rules()
    at = workspace_reverse
    assert at(OFF) in client_of(max).get(at("funnel:health")).content.decode()
    assert at(OFF) not in client_of(rita).get(at("funnel:health")).content.decode()
    browser = client_of(max)
    assert "1 customer has no health any more" in browser.get(at(OFF)).content.decode()
    assert browser.post(at(OFF), {"reason": ""}).status_code == 422
    assert browser.post(at(OFF), {"reason": "It told us nothing"}).status_code == 302
    drain()
    page = browser.get(at("funnel:health")).content.decode()
    assert "It told us nothing" in page
    assert "Health rules are off" in page
    assert browser.post(at(OFF), {"reason": "Again"}).status_code == 404
    customer = browser.get(at("funnel:customer", id=Customer.objects.get().pk)).content.decode()
    assert "No health any more: It told us nothing" in customer


def test_so_does_the_api(ada: Member) -> None:
    a_customer()
    _rules()
    api, path = api_of(a_key(ada)), "/api/v1/health-rules/off/"
    assert api.post(path, {}).status_code == 422
    told = api.post(path, {"reason": "Wrong", "by": str(ada.pk)})
    assert told.status_code == 200
    assert (told.json()["state"], told.json()["off_reason"]) == ("retired", "Wrong")
    assert told.json()["retired_by"] == str(ada.pk)
    assert api.post(path, {"reason": "Wrong"}).status_code == 409
    assert api.get("/api/v1/health-rules/").status_code == 404
    drain()
    [customer] = api.get("/api/v1/customers/").json()["results"]
    assert (customer["health"], customer["why"]) == ("", "")
