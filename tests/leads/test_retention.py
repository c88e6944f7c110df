"""Retention rules erase at night whom they name, and nobody before somebody has looked."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.actions.retention import (
    CannotSaveRule,
    keep_to_rules,
    save_retention_rule,
    switch_retention_rule,
)
from leads.models import Lead, PrivacyRequest, RetentionRule, Tombstone
from leads.queries.privacy import trial_of
from leads.rows import NewLead
from tests.builders import a_draft_of, a_lead
from tests.clients import client_of

GREEK = {"field": "country", "is": "Greece"}
DAY = timedelta(days=1)


@pytest.fixture
def rule(ada: Member) -> RetentionRule:
    return save_retention_rule(RetentionRule(), name="Greeks", condition=GREEK, by=ada)


def greeks(number: int) -> list[Lead]:
    return [a_lead(country="Greece") for _ in range(number)]


def test_a_rule_erases_those_it_names_and_nobody_else(rule: RetentionRule, ada: Member) -> None:
    stays, now = a_lead(country="Cyprus"), timezone.now()
    greeks(2)
    assert keep_to_rules(now=now) == 0
    switch_retention_rule(rule, is_on=True, by=ada)
    assert workspaces_due("leads_due_retention", now) == [ada.workspace_id]
    assert keep_to_rules(now=now) == 2
    assert list(Lead.objects.all()) == [stays]
    rule.refresh_from_db()
    assert (rule.erased, rule.ran_at) == (2, now)
    assert set(PrivacyRequest.objects.values_list("reason", "by")) == {
        ("Retention rule “Greeks”", None)
    }


def test_a_night_has_a_limit_and_the_next_night_goes_on(rule: RetentionRule, ada: Member) -> None:
    now = timezone.now()
    greeks(3)
    switch_retention_rule(rule, is_on=True, by=ada)
    assert keep_to_rules(now=now, most=2) == 2
    assert workspaces_due("leads_due_retention", now) == []
    assert keep_to_rules(now=now, most=2) == 0
    assert keep_to_rules(now=now + DAY, most=2) == 1


def test_whoever_did_not_ask_to_be_forgotten_may_come_back(
    rule: RetentionRule, ada: Member
) -> None:
    row = NewLead(email="g@firm.example", country="Greece")
    resolve_leads([row], now=timezone.now())
    switch_retention_rule(rule, is_on=True, by=ada)
    assert keep_to_rules(now=timezone.now()) == 1
    assert not Tombstone.objects.exists()
    assert resolve_leads([row], now=timezone.now())[0].is_new


@pytest.mark.parametrize("condition", [{}, {"all": []}])
def test_a_rule_that_asks_nothing_is_refused(ada: Member, condition: dict[str, Any]) -> None:
    with pytest.raises(CannotSaveRule, match="would erase everybody"):
        save_retention_rule(RetentionRule(), name="All", condition=condition, by=ada)


def test_another_condition_switches_it_off(rule: RetentionRule, ada: Member) -> None:
    switch_retention_rule(rule, is_on=True, by=ada)
    save_retention_rule(rule, name="Hellenes", condition=GREEK, by=ada)
    assert rule.is_on
    save_retention_rule(rule, name="Rest", condition={"field": "country", "is": "Malta"}, by=ada)
    assert not rule.is_on
    with pytest.raises(CannotSaveRule, match="called “Rest” already"):
        save_retention_rule(RetentionRule(), name="Rest", condition=GREEK, by=ada)


def test_a_dry_run_counts_and_shows_ten(rule: RetentionRule) -> None:
    greeks(12)
    trial = trial_of(rule, now=timezone.now())
    assert (trial.counted.count, len(trial.examples)) == (12, 10)


def test_an_admin_writes_a_rule_looks_and_switches_it_on(ada: Member, mara: Member) -> None:
    a_lead(name="Eleni", country="Greece")
    browser = client_of(ada)
    typed = {"name": "Greeks", **a_draft_of(GREEK)}
    answer = browser.post("/w/acme/privacy/retention/add/", typed, follow=True)
    page = answer.content.decode()
    assert "Eleni" in page
    assert "It names 1 lead now." in page
    rule = RetentionRule.objects.get()
    browser.post(f"/w/acme/privacy/retention/{rule.pk}/switch/", {"is_on": "yes"})
    rule.refresh_from_db()
    assert rule.is_on
    assert "Greeks" in client_of(mara).get("/w/acme/privacy/").content.decode()
    address = f"/w/acme/privacy/retention/{rule.pk}/"
    assert client_of(mara).get(address).status_code in (403, 404)
    browser.post(f"{address}delete/")
    assert not RetentionRule.objects.exists()
