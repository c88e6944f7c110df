"""A visitor says who it is, and its past comes along."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from leadmgmt.kernel.context import inside
from leads.actions.activities import NewActivity, record_activities
from leads.actions.resolving import resolve_leads
from leads.actions.visitors import stitch_visitors
from leads.models import Activity, Lead, Visitor
from leads.rows import NewLead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


def a_lead(name: str) -> Lead:
    (found,) = resolve_leads([NewLead(name=name)], now=NOW)
    lead: Lead = Lead.objects.get(id=found.lead_id)
    return lead


@pytest.mark.django_db
def test_the_anonymous_past_becomes_the_leads() -> None:
    visitor, ann = Visitor.objects.create(token="t"), a_lead("Ann")
    earlier = NOW - timedelta(days=40)
    record_activities([NewActivity("visit", earlier, visitor_id=visitor.id)], now=NOW)
    assert stitch_visitors([(visitor.id, ann.id)], now=NOW) == (ann.id,)
    assert Activity.objects.get(kind="visit").lead_id == ann.id
    assert Lead.objects.get().first_seen_at == earlier


@pytest.mark.django_db
def test_the_next_person_at_the_browser_takes_nothing_from_the_first() -> None:
    visitor, ann, bob = Visitor.objects.create(token="t"), a_lead("Ann"), a_lead("Bob")
    fact = NewActivity("visit", NOW, visitor_id=visitor.id)
    stitch_visitors([(visitor.id, ann.id)], now=NOW)
    record_activities([fact], now=NOW)
    stitch_visitors([(visitor.id, bob.id)], now=NOW)
    record_activities([fact], now=NOW)
    owners = Activity.objects.filter(kind="visit").values_list("lead_id", flat=True)
    assert sorted(owners) == sorted([ann.id, bob.id])


@pytest.mark.django_db(transaction=True)
def test_no_fact_stays_anonymous_when_recorded_during_the_stitch(world: World) -> None:
    visitor, ann = Visitor.objects.create(token="t"), a_lead("Ann")

    def work(number: int) -> None:
        try:
            with inside(world.acme.id):
                if number == 20:
                    stitch_visitors([(visitor.id, ann.id)], now=NOW)
                else:
                    fact = NewActivity("visit", NOW, visitor_id=visitor.id)
                    record_activities([fact], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    assert Activity.objects.filter(kind="visit", lead=ann).count() == 59
