"""Cycles on pages, in bulk and over the API: who may, how it is told, and what it costs."""

import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from funnel.actions.cycles import Ending, close_cycles
from funnel.models import ClosedCycle
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.bulk import move_bulk, start_bulk, undo_bulk
from leads.actions.disclosing import disclose_lead
from leads.actions.erasing import erase_leads
from leads.actions.removing import put_back, take_out
from leads.bulk import verb_called
from leads.models import Lead, RemovedCause
from tests.builders import a_deal, a_key, a_lead
from tests.clients import api_of, client_of
from tests.scoring.builders import a_profile_rule, a_published_model
from tests.worlds import World

TOLD = {"number": "1", "reason": "Fair is over", "carry": "nothing", "onward": "lead"}
LIST = "/api/v1/cycles/"


@pytest.fixture
def lead(world: World) -> Lead:
    made = a_lead(name="Lena Meyer", stage="mql", owner=world.rita)
    a_published_model(a_profile_rule(20), by=world.ada, now=timezone.now())
    return made


@pytest.fixture
def archive(world: World, lead: Lead) -> ClosedCycle:
    close_cycles([lead.pk], Ending("Fair is over"), by=world.rita, now=timezone.now())
    return ClosedCycle.objects.get()


def address(name: str, of: Any) -> str:
    return workspace_reverse(f"funnel:{name}", id=of.pk)


class TestPages:
    """Closing, reading, taking back."""

    def test_a_rep_closes_and_takes_back(self, world: World, lead: Lead) -> None:
        client = client_of(world.rita)
        answer = client.post(address("cycle_close", lead), TOLD)
        assert answer.status_code == 302
        page = client.get(workspace_reverse("leads:lead", id=lead.pk)).content.decode()
        archive = ClosedCycle.objects.get()
        assert "Cycle 2 since" in page
        assert address("cycle", archive) in page
        client.post(address("cycle_reopen", archive))
        lead.refresh_from_db()
        assert (lead.cycle, lead.stage) == (1, "mql")

    def test_what_is_wrong_is_said_at_its_field(self, world: World, lead: Lead) -> None:
        client = client_of(world.rita)
        answer = client.post(address("cycle_close", lead), TOLD | {"carry": "share"})
        assert answer.status_code == 422
        assert "say from 1 to 100" in answer.content.decode()
        a_deal(lead)
        answer = client.post(address("cycle_close", lead), TOLD)
        assert "has an open deal" in answer.content.decode()
        assert not ClosedCycle.objects.exists()

    def test_the_second_of_two_reads_why(
        self, world: World, lead: Lead, archive: ClosedCycle
    ) -> None:
        answer = client_of(world.max).post(address("cycle_close", lead), TOLD)
        assert answer.status_code == 422
        assert "is closed already; it is in cycle 2 now" in answer.content.decode()

    def test_analysts_read_and_do_not_close(
        self, world: World, lead: Lead, archive: ClosedCycle
    ) -> None:
        client = client_of(world.ana)
        assert client.get(address("cycle", archive)).status_code == 200
        assert client.post(address("cycle_close", lead), TOLD).status_code in (403, 404)
        assert client.post(address("cycle_reopen", archive)).status_code in (403, 404)
        assert ClosedCycle.objects.count() == 1

    def test_another_workspace_sees_nothing(
        self, world: World, lead: Lead, archive: ClosedCycle
    ) -> None:
        client = client_of(world.gus)
        with inside(world.globex.pk):
            for name, of in (("cycle", archive), ("cycle_close", lead)):
                assert client.get(address(name, of)).status_code == 404
            assert (
                "Fair is over"
                not in client.get(workspace_reverse("funnel:cycle_list")).content.decode()
            )

    def test_the_pages_cost_few_statements(
        self, world: World, archive: ClosedCycle, django_assert_max_num_queries: Any
    ) -> None:
        client = client_of(world.rita)
        client.get("/")
        with django_assert_max_num_queries(9):
            assert client.get(address("cycle", archive)).status_code == 200
        with django_assert_max_num_queries(10):
            page = client.get(workspace_reverse("funnel:cycle_list"))
        assert "Lena Meyer" in page.content.decode()

    def test_a_figure_opens_the_cycles_behind_it(self, world: World, archive: ClosedCycle) -> None:
        url, client = workspace_reverse("funnel:cycle_list"), client_of(world.ana)
        month = f"{archive.closed_at:%Y-%m}"
        page = client.get(url).content.decode()
        assert f"?month={month}&amp;outcome=nothing" in page
        for query, is_there in (
            (f"?month={month}&outcome=nothing", True),
            (f"?month={month}&outcome=won", False),
            ("?month=2020-01", False),
            ("?month=nonsense&outcome=%00", True),
        ):
            assert ("Lena Meyer" in client.get(url + query).content.decode()) is is_there


class TestManyAtOnce:
    """The bulk verb: whom it closes, whom it passes over, and the way back."""

    def test_a_list_is_closed_and_taken_back(self, world: World) -> None:
        people = [a_lead(stage="mql") for _number in range(3)]
        busy = a_lead(stage="sql")
        a_deal(busy)
        a_published_model(a_profile_rule(20), by=world.ada, now=timezone.now())
        verb = verb_called("cycle")
        assert verb is not None
        told = {"reason": "Fair is over", "carry": "points", "carry_amount": 5, "onward": "lead"}
        bulk = start_bulk(
            verb, parameters=told, selection={"query": {}}, by=world.mara, now=timezone.now()
        )
        move_bulk(bulk.pk, now=timezone.now())
        bulk.refresh_from_db()
        assert (bulk.status, bulk.changed, bulk.skipped) == ("done", 3, 1)
        standings = set(
            Lead.objects.filter(pk__in=[p.pk for p in people]).values_list(
                "cycle", "stage", "score"
            )
        )
        assert standings == {(2, "lead", 5)}
        undo_bulk(bulk.pk, now=timezone.now())
        move_bulk(bulk.pk, now=timezone.now())
        assert set(Lead.objects.values_list("cycle", "cycle_began_at")) == {(1, None)}
        assert not ClosedCycle.objects.exists()


class TestApi:
    """The same over the API."""

    def test_a_cycle_is_closed_read_and_reopened(self, world: World, lead: Lead) -> None:
        api = api_of(a_key(world.ada))
        given = {"lead": str(lead.pk), "number": 1, "reason": "Over", "by": str(world.rita.pk)}
        made = api.post(LIST, given)
        assert made.status_code == 201
        told = made.json()
        assert (told["stage"], told["outcome"], told["by"]) == (
            "mql",
            "nothing",
            str(world.rita.pk),
        )
        assert told["story"]["scores"]
        (row,) = api.get(f"{LIST}?lead={lead.pk}").json()["results"]
        assert "story" not in row
        assert api.get(f"{LIST}{row['id']}/").json() == told
        assert api.post(f"{LIST}{row['id']}/reopen/", {}).status_code == 204
        assert api.get(LIST).json()["results"] == []

    def test_what_cannot_be_is_a_problem(self, world: World, lead: Lead) -> None:
        api = api_of(a_key(world.ada))
        given = {"lead": str(lead.pk), "number": 1, "reason": "Over"}
        assert api.post(LIST, given | {"carry_over": 3}).status_code == 422
        assert api.post(LIST, given | {"carry": "share", "carry_amount": 200}).status_code == 422
        assert api.post(LIST, given | {"number": 2}).status_code == 409
        assert api.post(LIST, given | {"lead": str(uuid4())}).status_code == 422
        reading = api_of(a_key(world.ada, "leads:read"))
        assert reading.post(LIST, given).status_code == 403
        assert not ClosedCycle.objects.exists()


class TestPrivacy:
    """Archives are part of what is held about a person."""

    def test_an_archive_is_disclosed_and_erased(
        self, world: World, lead: Lead, archive: ClosedCycle
    ) -> None:
        with zipfile.ZipFile(disclose_lead(lead, by=world.ada, now=timezone.now())) as packed:
            held = json.loads(packed.read("data.json"))
        assert held["funnel_closedcycle"][0]["reason"] == "Fair is over"
        erase_leads([lead.pk], reason="Asked", by=world.ada, now=timezone.now())
        assert not ClosedCycle.objects.exists()

    def test_a_removed_lead_comes_back_with_its_archive(
        self, world: World, lead: Lead, archive: ClosedCycle
    ) -> None:
        now = timezone.now()
        take_out([lead.pk], cause=RemovedCause.PERSON, by=world.ada, now=now)
        assert not ClosedCycle.objects.exists()
        put_back([lead.pk], by=world.ada, now=now)
        assert ClosedCycle.objects.get().story == archive.story
        assert Lead.objects.get().cycle == 2
