"""Stage, score and owner change through these verbs, and companies follow their people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from leadmgmt.kernel import events
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.events import Event
from leads.actions.resolving import resolve_leads
from leads.actions.standing import (
    CannotAssignLeads,
    Placed,
    ShownScore,
    assign_leads,
    place_leads,
    show_scores,
)
from leads.events import CompaniesChanged, StandingsChanged
from leads.models import Activity, Company, Lead
from leads.rows import NewLead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def ann() -> Lead:
    (found,) = resolve_leads([NewLead(email="ann@firm.example")], now=NOW)
    lead: Lead = Lead.objects.get(id=found.lead_id)
    return lead


def test_a_lead_keeps_its_highest_stage_when_it_goes_back(ann: Lead) -> None:
    assert place_leads({ann.id: "sql"}, now=NOW) == [Placed(ann.id, "lead", "sql", 1)]
    assert place_leads({ann.id: "sql"}, now=LATER) == []
    place_leads({ann.id: "nurturing"}, now=LATER)
    lead = Lead.objects.get(id=ann.id)
    assert (lead.stage, lead.highest_stage, lead.stage_entered_at) == ("nurturing", "sql", LATER)


def test_a_company_stands_where_its_furthest_person_stands(ann: Lead) -> None:
    resolve_leads([NewLead(email="bob@firm.example")], now=NOW)
    place_leads({ann.id: "customer"}, now=NOW)
    assert Company.objects.values_list("stage", "customer_since").get() == ("customer", NOW)
    place_leads({ann.id: "disqualified"}, now=LATER)
    assert Company.objects.values_list("stage", "customer_since").get() == ("lead", NOW)


def test_only_news_is_written_when_scores_are_shown(ann: Lead) -> None:
    shown = ShownScore(ann.id, 40, "warm")
    assert show_scores([shown]) == (ann.id,)
    assert show_scores([shown]) == ()
    assert Lead.objects.values_list("score", "lead_class").get() == (40, "warm")


def test_assigning_tells_the_timeline_once(ann: Lead, world: World) -> None:
    assert assign_leads([ann.id], owner=world.rita, by=world.max, now=NOW) == (ann.id,)
    assert assign_leads([ann.id], owner=world.rita, by=world.max, now=NOW) == ()
    activity = Activity.objects.get(kind="assigned")
    assert (activity.properties, activity.by) == ({"owner": world.rita.name}, world.max)


def test_a_member_who_left_gets_no_leads(ann: Lead, world: World) -> None:
    world.rob.left_at = NOW
    with pytest.raises(CannotAssignLeads, match="has left this workspace"):
        assign_leads([ann.id], owner=world.rob, by=world.max, now=NOW)


def test_what_lists_show_is_announced_when_it_changes(
    ann: Lead, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    company = Company.objects.get()
    kinds = (StandingsChanged, CompaniesChanged)
    monkeypatch.setattr(events, "_table", {each: [events.now(told.append)] for each in kinds})
    for _time in range(2):
        place_leads({ann.id: "mql"}, now=NOW)
        show_scores([ShownScore(ann.id, 60, "hot")])
        assign_leads([ann.id], owner=world.rita, by=None, now=NOW)

    assert told == [
        CompaniesChanged((company.pk,)),
        StandingsChanged((ann.id,), fields="stage,highest_stage,stage_entered_at"),
        StandingsChanged((ann.id,), fields="score,lead_class,grade"),
        StandingsChanged((ann.id,), fields="owner"),
    ]
