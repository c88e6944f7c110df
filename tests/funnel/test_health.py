"""How customers fare: the rules asked of their people, kept as facts come, told when one falls."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.stages import enter_stage
from funnel.events import HealthAsked
from funnel.health.judging import judge_customers
from funnel.jobs import check_all_customers
from funnel.models import Customer, CustomerChange, Health, HealthRule, Whose
from leadmgmt.kernel import events
from leadmgmt.workspaces.models import Member, Notice, Workspace
from leads.actions.activities import NewActivity, record_activities
from leads.actions.building import refresh_due
from leads.actions.removing import take_out
from leads.actions.tagging import tag_called, tag_leads
from leads.kinds import Kind
from leads.models import Lead, RemovedCause, Segment
from tests.builders import a_customer, a_lead, health_rules
from tests.clients import drain

NOW = timezone.now()
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}
SWEDISH: dict[str, Any] = {"field": "country", "is": "Sweden"}


def _health(customer: Customer) -> str:
    customer.refresh_from_db()
    return str(customer.health)


def test_any_of_its_people_is_enough(acme: Workspace) -> None:
    with_greek, without = a_customer(), a_customer()
    a_lead(company=with_greek.company, country="Greece")
    health_rules(("Greek", Whose.ANY, GREEK, Health.WATCH))
    assert (_health(with_greek), _health(without)) == ("watch", "good")


def test_none_of_its_people_means_nobody_at_all(acme: Workspace) -> None:
    with_greek, without = a_customer(), a_customer()
    a_lead(company=with_greek.company, country="Greece")
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    assert (_health(with_greek), _health(without)) == ("good", "at_risk")


def test_the_first_rule_that_holds_decides_and_is_named(acme: Workspace) -> None:
    customer = a_customer()
    a_lead(company=customer.company, country="Greece")
    health_rules(
        ("No Swede", Whose.NONE, SWEDISH, Health.WATCH),
        ("Greek", Whose.ANY, GREEK, Health.AT_RISK),
    )
    customer.refresh_from_db()
    assert customer.health_rule is not None
    assert (customer.health, customer.health_rule.name) == ("watch", "No Swede")
    change = CustomerChange.objects.get(customer=customer, field="health")
    assert (change.old, change.new, change.why) == ("", "watch", "No Swede")


def test_a_person_alone_is_judged_too(acme: Workspace) -> None:
    lead = a_lead(stage="sql", country="Greece")
    enter_stage([lead.pk], stage="customer", reason="Bought", now=NOW)
    health_rules(("Greek", Whose.ANY, GREEK, Health.WATCH))
    assert _health(Customer.objects.get(lead=lead)) == "watch"


def test_a_fact_moves_only_the_customers_it_is_about(rita: Member) -> None:
    customer, other = a_customer(owner=rita), a_customer()
    calls = {
        "activity": "call",
        "at_least": 1,
        "within_days": 30,
    }
    health_rules(("Nobody was called for a month", Whose.NONE, calls, Health.AT_RISK))
    assert (_health(customer), _health(other)) == ("at_risk", "at_risk")
    person = Lead.objects.get(company=customer.company)
    fact = NewActivity(kind=Kind.CALL, occurred_at=timezone.now(), lead_id=person.pk)
    asked: list[events.Event] = []
    with _heard(HealthAsked, asked):
        record_activities([fact], now=timezone.now())
        drain()
    assert [each.ids for each in asked] == [(customer.pk,)]
    assert (_health(customer), _health(other)) == ("good", "at_risk")


def test_days_that_pass_make_it_worse_and_the_owner_hears_of_it_once(rita: Member) -> None:
    customer = a_customer(owner=rita)
    person = Lead.objects.get(company=customer.company)
    Lead.objects.filter(pk=person.pk).update(last_activity_at=timezone.now() - timedelta(days=10))
    quiet = {"field": "last_activity_at", "within_days": 30}
    health_rules(("Nobody was heard of", Whose.NONE, quiet, Health.AT_RISK))
    assert _health(customer) == "good"
    assert not Notice.objects.exists()
    Lead.objects.filter(pk=person.pk).update(last_activity_at=timezone.now() - timedelta(days=40))
    Segment.objects.update(refreshed_on=timezone.localdate() - timedelta(days=1))
    refresh_due(now=timezone.now())
    drain()
    assert _health(customer) == "at_risk"
    judge_customers(None, now=timezone.now())
    notice = Notice.objects.get(member=rita)
    assert "at risk" in notice.text
    assert "Nobody was heard of" in notice.text


def test_what_gets_better_is_no_notice(rita: Member) -> None:
    customer = a_customer(owner=rita)
    person = Lead.objects.get(company=customer.company)
    angry = tag_called("angry")
    asked = {"field": "tags", "has": [str(angry.pk)]}
    health_rules(("Angry", Whose.ANY, asked, Health.AT_RISK))
    tag_leads([person.pk], tag=angry, by=rita, now=timezone.now())
    drain()
    assert (_health(customer), Notice.objects.count()) == ("at_risk", 1)
    health_rules(("Greek", Whose.ANY, GREEK, Health.WATCH))
    assert (_health(customer), Notice.objects.count()) == ("good", 1)


def test_new_rules_are_published_without_telling_owners(rita: Member) -> None:
    customer = a_customer(owner=rita)
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    assert (_health(customer), Notice.objects.count()) == ("at_risk", 0)


def test_a_new_customer_is_judged_at_once(acme: Workspace) -> None:
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    customer = a_customer()
    drain()
    assert _health(customer) == "at_risk"


def test_who_loses_the_person_that_mattered_is_judged_anew(rita: Member) -> None:
    customer = a_customer()
    greek = a_lead(company=customer.company, country="Greece")
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    assert _health(customer) == "good"
    take_out([greek.pk], cause=RemovedCause.PERSON, by=rita, now=timezone.now())
    drain()
    assert _health(customer) == "at_risk"


def test_former_customers_are_not_judged(acme: Workspace) -> None:
    customer = a_customer(ended_at=NOW)
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    assert _health(customer) == ""


def test_a_rule_that_asks_the_same_keeps_its_segment(acme: Workspace) -> None:
    health_rules(("Greek", Whose.ANY, GREEK, Health.WATCH), ("B", Whose.ANY, SWEDISH, Health.WATCH))
    before = dict(HealthRule.objects.values_list("name", "segment_id"))
    health_rules(("Hellenic", Whose.ANY, GREEK, Health.AT_RISK))
    after = HealthRule.objects.get(plan__state="published")
    assert after.segment_id == before["Greek"]
    assert Segment.objects.get(pk=after.segment_id).name == "Health: Hellenic"
    assert Segment.objects.get(pk=before["B"]).retired_at


def test_the_segments_of_rules_hold_people_of_customers_only(acme: Workspace) -> None:
    customer = a_customer()
    inside = a_lead(company=customer.company, country="Greece")
    a_lead(country="Greece")
    health_rules(("Greek", Whose.ANY, GREEK, Health.WATCH))
    segment = Segment.objects.get(keeper="health")
    assert list(segment.memberships.values_list("lead_id", flat=True)) == [inside.pk]


def test_the_nightly_check_judges_everybody(acme: Workspace) -> None:
    customer = a_customer()
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    Customer.objects.update(health="good", health_rule=None)
    assert check_all_customers() == 0
    assert _health(customer) == "at_risk"


@pytest.mark.parametrize("among", [0, 1])
def test_judging_takes_as_many_statements_for_many_as_for_one(
    acme: Workspace, among: int, django_assert_max_num_queries: Any
) -> None:
    health_rules(("No Greek", Whose.NONE, GREEK, Health.AT_RISK))
    ids = [a_customer().pk for _ in range(1 + 9 * among)]
    with django_assert_max_num_queries(16):
        assert len(judge_customers(ids, now=NOW, is_quiet=True)) == len(ids)


class _heard:  # noqa: N801  # reads like a function
    """What is published of one kind of event, beside the reactions there are."""

    def __init__(self, kind: type[events.Event], into: list[events.Event]) -> None:
        self.before = events._table
        own = [*self.before.get(kind, ()), events.now(into.append)]
        self.table = {**self.before, kind: own}

    def __enter__(self) -> None:
        events.bind(self.table)

    def __exit__(self, *_: object) -> None:
        events.bind(self.before)
