"""Whatever depends on an owner or a company follows bulk actions, merges and their undoing."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from funnel.models import QueueEntry
from leads.actions.bulk import start_bulk, undo_bulk
from leads.actions.companies import change_company
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.actions.segments import create_segment
from leads.actions.standing import assign_leads
from leads.bulk import verb_called
from leads.bulk.selecting import selection_of
from leads.models import BulkAction, Membership, RemovedCause, Segment
from tests.builders import a_company, a_lead
from tests.clients import drain
from tests.worlds import World


def a_segment(condition: dict[str, Any]) -> Segment:
    made = create_segment(name="Rita's", condition=condition, by=None, now=timezone.now())
    drain()
    return made


def members(segment: Segment) -> set[UUID]:
    rows = Membership.objects.filter(segment=segment, left_at=None)
    return set(rows.values_list("lead_id", flat=True))


def queued() -> dict[UUID, UUID | None]:
    return dict(QueueEntry.objects.values_list("lead_id", "owner_id"))


def given_to_rita(world: World, subject: str) -> BulkAction:
    verb = verb_called("assign", subject)
    assert verb
    bulk = start_bulk(
        verb,
        parameters={"owner": str(world.rita.pk)},
        selection=selection_of({"query": {}}, member=world.ada, subject=subject),
        by=world.ada,
        now=timezone.now(),
    )
    drain()
    return bulk


def taken_back(bulk: BulkAction) -> None:
    undo_bulk(bulk.pk, now=timezone.now())
    drain()


def test_queue_and_segments_follow_owners(world: World) -> None:
    leads = {a_lead(stage="mql").pk for _each in range(3)}
    ritas = a_segment({"field": "owner", "is": str(world.rita.pk)})
    bulk = given_to_rita(world, "lead")
    assert (members(ritas), queued()) == (leads, dict.fromkeys(leads, world.rita.pk))
    taken_back(bulk)
    assert (members(ritas), queued()) == (set(), dict.fromkeys(leads))


def test_queue_and_segments_follow_an_owner_a_merge_brings(world: World) -> None:
    kept, gone = a_lead(stage="mql"), a_lead(stage="mql")
    ritas = a_segment({"field": "owner", "is": str(world.rita.pk)})
    assign_leads([gone.pk], owner=world.rita, by=None, now=timezone.now())
    drain()
    done = merge_leads(kept.pk, gone.pk, choices={}, by=None, now=timezone.now())
    drain()
    assert (members(ritas), queued()) == ({kept.pk}, {kept.pk: world.rita.pk})
    undo_merge(done.pk, by=None, now=timezone.now())
    drain()
    assert (members(ritas), queued()) == ({gone.pk}, {gone.pk: world.rita.pk, kept.pk: None})


@pytest.fixture
def firms_people(world: World) -> Segment:
    return a_segment({"field": "company.owner", "is": str(world.rita.pk)})


def test_people_follow_owners_of_companies(world: World, firms_people: Segment) -> None:
    lead = a_lead(company=a_company())
    bulk = given_to_rita(world, "company")
    assert members(firms_people) == {lead.pk}
    taken_back(bulk)
    assert members(firms_people) == set()


def test_people_follow_merges_of_companies(world: World, firms_people: Segment) -> None:
    firm, kept = a_company(), a_company()
    lead = a_lead(company=firm)
    change_company(kept, changes={"owner": world.rita}, now=timezone.now())
    done = merge_companies(kept.pk, firm.pk, choices={}, by=None, now=timezone.now())
    drain()
    assert members(firms_people) == {lead.pk}
    undo_company_merge(done.pk, by=None, now=timezone.now())
    drain()
    assert members(firms_people) == set()


def test_people_follow_companies_that_go_and_come_back(world: World, firms_people: Segment) -> None:
    firm = a_company(owner=world.rita)
    lead = a_lead(company=firm)
    change_company(firm, changes={"city": "Kiel"}, now=timezone.now())
    drain()
    assert members(firms_people) == {lead.pk}
    take_out_companies([firm.pk], cause=RemovedCause.PERSON, by=None, now=timezone.now())
    drain()
    assert members(firms_people) == set()
    put_back_companies([firm.pk], by=None, now=timezone.now())
    drain()
    assert members(firms_people) == {lead.pk}
