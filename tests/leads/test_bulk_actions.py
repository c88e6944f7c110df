"""One verb for many leads: in chunks, stopped, undone, and right whatever dies."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions import bulk as bulk_actions
from leads.actions.bulk import CannotActInBulk, cancel_bulk, move_bulk, start_bulk, undo_bulk
from leads.actions.filling import add_to_segment, remove_from_segment
from leads.actions.removing import take_out
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads
from leads.bulk import verb_called
from leads.bulk import verbs as lead_verbs
from leads.bulk.exporting import file_of
from leads.bulk.selecting import selection_of
from leads.models import (
    BulkAction,
    BulkChoice,
    BulkStatus,
    Lead,
    LeadTag,
    ProfileChange,
    RemovedCause,
    RemovedLead,
    Segment,
    SegmentKind,
)
from leads.rows import NewLead
from tests.builders import a_lead
from tests.clients import drain
from tests.worlds import World

NOW = timezone.now()
EVERYBODY: dict[str, Any] = {"query": {}}


@pytest.fixture
def people(world: World) -> list[Lead]:
    """Five leads from two countries."""
    return [
        a_lead(email=f"p{number}@example.com", country="Greece" if number % 2 else "Spain")
        for number in range(5)
    ]


def _start(kind: str, parameters: dict[str, Any], selection: Any, by: Member) -> BulkAction:
    verb = verb_called(kind)
    assert verb is not None
    chosen = selection_of(selection, member=by)
    return start_bulk(verb, parameters=parameters, selection=chosen, by=by, now=timezone.now())


def _ids(leads: list[Lead]) -> dict[str, list[str]]:
    return {"ids": [str(lead.pk) for lead in leads]}


class TestVerbs:
    """Each does what it says, and takes it back."""

    def test_assigned_leads_go_back_to_their_owners(self, world: World, people: list[Lead]) -> None:
        now = timezone.now()
        assign_leads([people[0].pk], owner=world.rob, by=world.ada, now=now)
        bulk = _start("assign", {"owner": str(world.rita.pk)}, EVERYBODY, world.ada)
        drain()
        assert Lead.objects.filter(owner=world.rita).count() == 5
        undo_bulk(bulk.pk, now=now)
        drain()
        owners = dict(Lead.objects.values_list("pk", "owner_id"))
        assert owners[people[0].pk] == world.rob.pk
        assert set(owners.values()) == {world.rob.pk, None}

    def test_who_was_given_on_since_stays(self, world: World, people: list[Lead]) -> None:
        bulk = _start("assign", {"owner": str(world.rita.pk)}, EVERYBODY, world.ada)
        drain()
        assign_leads([people[1].pk], owner=world.rob, by=world.ada, now=timezone.now())
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        people[1].refresh_from_db()
        bulk.refresh_from_db()
        assert people[1].owner_id == world.rob.pk
        assert (bulk.status, bulk.skipped) == (BulkStatus.UNDONE, 1)

    def test_a_tag_is_put_on_whom_the_filter_means_and_taken_off(
        self, world: World, people: list[Lead]
    ) -> None:
        greeks = {"query": {"country": "Greece"}}
        bulk = _start("tag", {"tag": "Fair 2026"}, greeks, world.ada)
        drain()
        assert LeadTag.objects.count() == 2
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert not LeadTag.objects.exists()

    def test_a_field_gets_its_old_values_back(self, world: World, people: list[Lead]) -> None:
        bulk = _start("set_field", {"field": "country", "value": "Italy"}, EVERYBODY, world.ada)
        drain()
        assert set(Lead.objects.values_list("country", flat=True)) == {"Italy"}
        assert ProfileChange.objects.filter(via="bulk", via_id=bulk.pk).count() == 5
        Lead.objects.filter(pk=people[0].pk).update(country="Malta")
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        countries = sorted(Lead.objects.values_list("country", flat=True))
        assert countries == ["Greece", "Greece", "Malta", "Spain", "Spain"]

    @pytest.mark.parametrize("value", ["big", 7, True, None])
    def test_a_custom_field_is_set_and_forgotten(
        self, world: World, people: list[Lead], value: Any
    ) -> None:
        Lead.objects.filter(pk=people[0].pk).update(attributes={"size": "small", "x": 1})
        parameters = {"field": "attributes.size", "value": value}
        bulk = _start("set_field", parameters, _ids(people[:1]), world.ada)
        drain()
        people[0].refresh_from_db()
        assert people[0].attributes == {"x": 1} | ({} if value is None else {"size": value})
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        people[0].refresh_from_db()
        assert people[0].attributes == {"size": "small", "x": 1}

    def test_deleted_leads_come_back(self, world: World, people: list[Lead]) -> None:
        bulk = _start("remove", {}, _ids(people[:3]), world.ada)
        drain()
        assert (Lead.objects.count(), RemovedLead.objects.count()) == (2, 3)
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert (Lead.objects.count(), bulk.status) == (5, BulkStatus.UNDONE)

    def test_a_frozen_segment_is_filled_and_emptied(self, world: World, people: list[Lead]) -> None:
        segment = Segment.objects.create(name="Fair", kind=SegmentKind.FROZEN)
        bulk = _start("segment", {"segment": str(segment.pk)}, EVERYBODY, world.ada)
        drain()
        segment.refresh_from_db()
        assert segment.size == 5
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        segment.refresh_from_db()
        assert segment.size == 0

    def test_leads_are_moved_with_a_reason_and_back(self, world: World, people: list[Lead]) -> None:
        told = {"stage": "disqualified", "reason": "Students"}
        bulk = _start("stage", told, EVERYBODY, world.ada)
        drain()
        assert set(Lead.objects.values_list("stage", flat=True)) == {"disqualified"}
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert set(Lead.objects.values_list("stage", flat=True)) == {"lead"}

    def test_an_export_has_a_line_a_lead_and_runs_nothing(
        self, world: World, people: list[Lead]
    ) -> None:
        Lead.objects.filter(pk=people[0].pk).update(name="=1+1")
        told = {"format": "csv", "columns": ["name", "country"]}
        bulk = _start("export", told, EVERYBODY, world.ada)
        drain()
        bulk.refresh_from_db()
        lines = file_of(bulk)[0].decode("utf-8-sig").splitlines()
        assert len(lines) == 6
        assert "'=1+1,Spain" in lines

    def test_an_export_says_how_many_days_somebody_is_in_the_stage(
        self, world: World, people: list[Lead]
    ) -> None:
        since = timezone.now() - timedelta(days=12)
        Lead.objects.filter(pk=people[0].pk).update(name="Ann", stage_entered_at=since)
        told = {"format": "xlsx", "columns": ["name", "days_in_stage"]}
        bulk = _start("export", told, EVERYBODY, world.ada)
        drain()
        bulk.refresh_from_db()
        book = CalamineWorkbook.from_filelike(BytesIO(file_of(bulk)[0]))
        header, *rows = book.get_sheet_by_index(0).to_python()
        assert header == ["Name", "Time in stage (days)"]
        assert ["Ann", 12.0] in rows


class TestChunks:
    """The loop."""

    @pytest.fixture(autouse=True)
    def two_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk_actions, "CHUNK", 2)

    def test_chunks_handle_everybody_once(self, world: World, people: list[Lead]) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        drain()
        bulk.refresh_from_db()
        assert (bulk.handled, bulk.changed, bulk.total) == (5, 5, 5)

    def test_a_chunk_moved_twice_goes_on_from_where_it_was(
        self, world: World, people: list[Lead]
    ) -> None:
        bulk = _start("export", {"format": "csv", "columns": ["email"]}, EVERYBODY, world.ada)
        for _each in range(9):
            move_bulk(bulk.pk, now=timezone.now())
        bulk.refresh_from_db()
        assert (bulk.status, bulk.handled) == (BulkStatus.DONE, 5)
        assert len(file_of(bulk)[0].decode().splitlines()) == 6

    def test_who_comes_later_is_not_meant(self, world: World, people: list[Lead]) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        a_lead(email="late@example.com")
        drain()
        bulk.refresh_from_db()
        assert bulk.handled == 5

    def test_who_met_the_condition_at_the_beginning_is_meant(
        self, world: World, people: list[Lead]
    ) -> None:
        greeks = [each.pk for each in people if each.country == "Greece"]
        a_lead(email="p5@example.com", country="Greece")
        bulk = _start("tag", {"tag": "x"}, {"query": {"country": "Greece"}}, world.ada)
        Lead.objects.filter(pk=greeks[-1]).update(country="Italy")
        Lead.objects.filter(country="Spain").update(country="Greece")
        drain()
        bulk.refresh_from_db()
        assert (bulk.status, bulk.total, bulk.changed) == (BulkStatus.DONE, 3, 3)
        assert set(greeks) <= set(LeadTag.objects.values_list("lead_id", flat=True))
        assert not BulkChoice.objects.exists()
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert not LeadTag.objects.exists()

    def test_what_one_chunk_changes_takes_nobody_out_of_the_next(
        self, world: World, people: list[Lead]
    ) -> None:
        segment = Segment.objects.create(name="Fair", kind=SegmentKind.FROZEN)
        add_to_segment([each.pk for each in people], segment=segment, by=world.ada, now=NOW)
        bulk = _start("tag", {"tag": "x"}, {"query": {"segment": str(segment.pk)}}, world.ada)
        move_bulk(bulk.pk, now=NOW)
        remove_from_segment([each.pk for each in people], segment=segment, by=world.ada, now=NOW)
        drain()
        assert LeadTag.objects.count() == 5

    def test_an_action_begun_before_choices_were_kept_goes_on_behind_its_cursor(
        self, world: World, people: list[Lead]
    ) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        move_bulk(bulk.pk, now=NOW)
        BulkChoice.objects.all().delete()
        drain()
        bulk.refresh_from_db()
        assert (bulk.status, bulk.handled, bulk.changed) == (BulkStatus.DONE, 5, 5)

    def test_who_is_removed_meanwhile_is_passed_over(
        self, world: World, people: list[Lead]
    ) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        take_out([people[4].pk], cause=RemovedCause.PERSON, by=world.ada, now=NOW)
        drain()
        bulk.refresh_from_db()
        assert (bulk.status, bulk.changed) == (BulkStatus.DONE, 4)

    def test_who_cannot_come_back_holds_up_nobody_else(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lead_verbs, "PUT_BACK_AT_ONCE", 2)
        made = resolve_leads(
            [NewLead(email=f"p{number}@example.com") for number in range(6)], now=timezone.now()
        )
        ids = sorted(each.lead_id for each in made)
        bulk = _start("remove", {}, {"ids": [str(each) for each in ids]}, world.ada)
        drain()
        taken = RemovedLead.objects.filter(lead_id__in=ids[:3]).values_list("label", flat=True)
        resolve_leads([NewLead(email=email) for email in taken], now=timezone.now())
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert (bulk.status, bulk.handled) == (BulkStatus.UNDONE, 3)
        assert Lead.objects.filter(pk__in=ids).count() == 3

    def test_what_is_stopped_stays_and_can_be_undone(
        self, world: World, people: list[Lead]
    ) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        move_bulk(bulk.pk, now=timezone.now())
        cancel_bulk(bulk.pk, now=timezone.now())
        drain()
        assert LeadTag.objects.count() == 2
        assert not BulkChoice.objects.exists()
        undo_bulk(bulk.pk, now=timezone.now())
        drain()
        assert not LeadTag.objects.exists()

    def test_after_thirty_days_nothing_is_undone(self, world: World, people: list[Lead]) -> None:
        bulk = _start("tag", {"tag": "x"}, EVERYBODY, world.ada)
        drain()
        with pytest.raises(Refusal, match="no longer be undone"):
            undo_bulk(bulk.pk, now=timezone.now() + timedelta(days=31))

    def test_an_owner_who_has_left_stops_it_with_the_sentence(
        self, world: World, people: list[Lead]
    ) -> None:
        bulk = _start("assign", {"owner": str(world.rita.pk)}, EVERYBODY, world.ada)
        Member.objects.filter(pk=world.rita.pk).update(left_at=timezone.now())
        drain()
        bulk.refresh_from_db()
        assert bulk.status == BulkStatus.FAILED
        assert "has left this workspace" in bulk.problem


class TestSelections:
    """Who is meant."""

    @pytest.mark.parametrize(
        ("selection", "sentence"),
        [
            ({"ids": []}, "at least one lead"),
            ({"ids": ["x"]}, "is not the id"),
            ({"query": {"shoe": "42"}}, "no filter of this list"),
            ({}, "Choose leads by"),
        ],
    )
    def test_a_choice_that_cannot_be_read_is_refused(
        self, world: World, selection: Any, sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            selection_of(selection, member=world.ada)

    def test_a_choice_without_leads_is_refused(self, world: World, people: list[Lead]) -> None:
        with pytest.raises(CannotActInBulk):
            _start("tag", {"tag": "x"}, {"ids": [str(uuid4())]}, world.ada)

    def test_leads_of_others_are_not_meant(self, world: World, people: list[Lead]) -> None:
        with inside(world.globex.pk):
            theirs = a_lead(email="theirs@example.com")
        bulk = _start("tag", {"tag": "x"}, _ids([people[0], theirs]), world.ada)
        drain()
        bulk.refresh_from_db()
        assert (bulk.total, bulk.changed) == (1, 1)
