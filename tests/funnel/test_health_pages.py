"""Health rules on pages: written, tried on today's customers, published, read by everybody."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.health.drafting import (
    CannotChangeHealth,
    CannotSaveHealthRule,
    HealthWords,
    replace_rules,
    save_rule,
    start_draft,
)
from funnel.health.publishing import CannotPublishHealth, publish_health
from funnel.health.telling import preview_of
from funnel.models import Customer, HealthPlan, HealthRule
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_customer, a_draft_of, a_lead, health_rules
from tests.clients import client_of, drain

NOW = timezone.now()
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}


@pytest.fixture
def draft(acme: Workspace) -> HealthPlan:
    return start_draft(by=None, now=NOW)


def test_the_first_draft_begins_with_rules_to_be_read(draft: HealthPlan) -> None:
    assert draft.rules.count() == 2
    assert start_draft(by=None, now=NOW) == draft


def test_a_draft_without_rules_speaks_against_nobody(max: Member, draft: HealthPlan) -> None:
    a_customer()
    replace_rules(draft, [])
    tried = preview_of(draft, now=NOW)
    assert (tried.total, [(each.level, each.would) for each in tried.levels if each.would]) == (
        1,
        [("good", 1)],
    )
    answer = client_of(max).post(workspace_reverse("funnel:health_publish"), {"reason": "Begin"})
    assert answer.status_code == 422
    assert "Write at least one rule first" in answer.content.decode()


def test_from_draft_to_rules_that_hold(max: Member) -> None:
    customer = a_customer()
    browser, at = client_of(max), workspace_reverse
    browser.post(at("funnel:health_draft_start"))
    for rule in HealthRule.objects.all():
        browser.post(at("funnel:health_rule_remove", id=rule.pk))
    told = {"name": "No Greek", "whose": "none", "level": "at_risk", "save": "1"}
    answer = browser.post(at("funnel:health_rule_add"), told | a_draft_of(GREEK))
    assert answer.status_code == 302
    page = browser.get(at("funnel:health_publish")).content.decode()
    assert customer.name in page
    assert "1 customer would fare otherwise" in page
    assert browser.post(at("funnel:health_publish"), {"reason": ""}).status_code == 422
    browser.post(at("funnel:health_publish"), {"reason": "First rules"})
    drain()
    page = browser.get(at("funnel:health")).content.decode()
    assert "First rules" in page
    assert "No Greek" in page
    page = browser.get(at("funnel:customer", id=customer.pk)).content.decode()
    assert "Rule 1: No Greek (Version 1)." in page


def test_the_preview_writes_nothing(draft: HealthPlan) -> None:
    a_customer()
    greek = a_customer()
    a_lead(company=greek.company, country="Greece")
    replace_rules(draft, [HealthWords("No Greek", GREEK, "none", "at_risk")])
    preview = preview_of(draft, now=NOW)
    assert (preview.total, preview.moving) == (2, 2)
    assert [(each.level, each.now, each.would) for each in preview.levels] == [
        ("good", 0, 1),
        ("watch", 0, 0),
        ("at_risk", 0, 1),
    ]
    assert [each.would for each in preview.movers] == ["at_risk", "good"]
    assert not Customer.objects.exclude(health="").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (HealthWords(" ", GREEK), "Say in words"),
        (HealthWords("Greek", None), "Say what has to hold"),
        (HealthWords("Greek", {"field": "nonsense", "is": "x"}), "nonsense"),
        (HealthWords("Nobody there was heard of for 90 days", GREEK), "Two rules are called"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(
    draft: HealthPlan, words: HealthWords, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        save_rule(draft, words)
    assert draft.rules.count() == 2


def test_more_rules_than_anybody_reads_are_refused(draft: HealthPlan) -> None:
    rules = [HealthWords(f"Rule {nth}", GREEK) for nth in range(21)]
    with pytest.raises(CannotSaveHealthRule, match="at most 20"):
        replace_rules(draft, rules)


def test_published_rules_stay_as_they_are(acme: Workspace) -> None:
    plan = health_rules(("Greek", "any", GREEK, "watch"))
    with pytest.raises(CannotChangeHealth):
        save_rule(plan, HealthWords("Other", GREEK))
    with pytest.raises(CannotChangeHealth):
        publish_health(plan, by=None, reason="Again", now=NOW)


@pytest.mark.parametrize("reason", [" ", "x" * 301])
def test_rules_without_a_reason_are_not_published(draft: HealthPlan, reason: str) -> None:
    with pytest.raises(CannotPublishHealth):
        publish_health(draft, by=None, reason=reason, now=NOW)


def test_an_empty_draft_is_not_published(draft: HealthPlan) -> None:
    replace_rules(draft, [])
    with pytest.raises(CannotPublishHealth, match="at least one rule"):
        publish_health(draft, by=None, reason="Nothing", now=NOW)


def test_the_next_version_begins_as_a_copy_and_retires_the_last(acme: Workspace) -> None:
    first = health_rules(("Greek", "any", GREEK, "watch"))
    draft = start_draft(by=None, now=NOW)
    assert [each.name for each in draft.rules.all()] == ["Greek"]
    second = publish_health(draft, by=None, reason="The same", now=NOW)
    first.refresh_from_db()
    assert (first.state, second.number) == ("retired", 2)


def test_a_rep_reads_the_rules_and_changes_none(rita: Member) -> None:
    browser = client_of(rita)
    assert browser.get(workspace_reverse("funnel:health")).status_code == 200
    assert browser.post(workspace_reverse("funnel:health_draft_start")).status_code in (403, 404)
    assert not HealthPlan.objects.exists()


def test_a_rule_moves_up_and_down(draft: HealthPlan, max: Member) -> None:
    second = draft.rules.get(position=1)
    browser = client_of(max)
    browser.post(workspace_reverse("funnel:health_rule_move", id=second.pk), {"to": "up"})
    second.refresh_from_db()
    assert second.position == 0
