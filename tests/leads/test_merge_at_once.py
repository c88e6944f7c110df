"""Merges beside other merges, imports and facts: afterwards everything is somebody's."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leads.actions.activities import NewActivity, record_activities
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import take_out
from leads.actions.resolving import resolve_leads
from leads.models import Activity, Identity, Lead, Merge, RemovedCause, RemovedLead
from leads.queries.merging import current_id
from leads.rows import NewLead
from tests.worlds import ACME, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], object]


def known(*emails: str) -> list[UUID]:
    rows = [NewLead(email=email, name="Ann") for email in emails]
    return [each.lead_id for each in resolve_leads(rows, now=NOW)]


def at_once(works: Sequence[Work]) -> list[str]:
    """What became of each: "" or the name of what it met with."""

    def run(work: Work) -> str:
        try:
            with inside(ACME):
                work()
        except (Refusal, DatabaseError, ObjectDoesNotExist) as problem:
            return type(problem).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as workers:
        return list(workers.map(run, works))


def merging(kept: UUID, gone: UUID) -> Work:
    return lambda: merge_leads(kept, gone, choices={}, by=None, now=NOW)


def assert_all_is_somebodys() -> None:
    leads = set(Lead.objects.values_list("pk", flat=True))
    assert set(Identity.objects.values_list("lead_id", flat=True)) <= leads
    assert set(Activity.objects.values_list("lead_id", flat=True)) <= leads
    gone = set(RemovedLead.objects.values_list("lead_id", flat=True))
    assert gone == set(Merge.objects.filter(undone_at=None).values_list("gone_id", flat=True))
    assert gone.isdisjoint(leads)


def test_the_same_pair_merged_by_many_is_merged_once(world: World) -> None:
    ann, anna = known("ann@firm.example", "anna@firm.example")

    met = at_once([merging(ann, anna), merging(anna, ann)] * 3)

    assert sorted(met) == ["", *["MergedAlready"] * 5]
    assert Lead.objects.count() == 1
    assert_all_is_somebodys()


def test_merges_that_share_a_lead_follow_one_another(world: World) -> None:
    leads = known(*(f"ann{number}@firm.example" for number in range(6)))

    pairs = zip(leads, [*leads[1:], leads[0]], strict=True)
    met = at_once([merging(kept, gone) for kept, gone in pairs])

    assert set(met) <= {"", "MergedAlready"}
    assert Lead.objects.count() == 6 - met.count("")
    assert_all_is_somebodys()
    for lead_id in leads:
        assert Lead.objects.filter(pk=current_id(lead_id) or lead_id).exists()


def test_an_import_beside_a_merge_ends_with_one_lead_for_each_address(world: World) -> None:
    emails = [f"ann{number}@firm.example" for number in range(8)]
    leads = known(*emails)
    rows = [NewLead(email=email, city="Athens") for email in emails]

    def import_again() -> None:
        resolve_leads(rows, now=NOW, overwrite=True)

    at_once([*(merging(leads[0], each) for each in leads[1:4]), *[import_again] * 3])
    import_again()  # what was refused is done again, as a worker does

    assert Identity.objects.count() == 8
    assert_all_is_somebodys()
    owners = set(Identity.objects.values_list("lead_id", flat=True))
    assert set(Lead.objects.filter(city="Athens").values_list("pk", flat=True)) == owners


def test_facts_beside_a_merge_are_kept_or_refused(world: World) -> None:
    ann, anna = known("ann@firm.example", "anna@firm.example")

    def record(lead_id: UUID) -> Work:
        fact = NewActivity("page_view", NOW, lead_id=lead_id)
        return lambda: record_activities([fact] * 5, now=NOW)

    met = at_once([record(anna), record(anna), merging(ann, anna), record(anna), record(ann)])

    assert met[2] == met[4] == ""
    kept = 5 * sum(met[number] == "" for number in (0, 1, 3, 4))
    assert Activity.objects.filter(lead=ann, kind="page_view").count() == kept
    assert_all_is_somebodys()


def test_a_merge_undone_by_many_is_undone_once(world: World) -> None:
    ann, anna = known("ann@firm.example", "anna@firm.example")
    done = merge_leads(ann, anna, choices={}, by=None, now=NOW)

    met = at_once([lambda: undo_merge(done.pk, by=None, now=NOW)] * 4)

    assert sorted(met) == ["", *["CannotUndoMerge"] * 3]
    assert Lead.objects.count() == 2
    assert_all_is_somebodys()


@pytest.mark.parametrize("_round", range(3))
def test_a_merge_undone_while_the_kept_lead_goes_or_is_merged_on(world: World, _round: int) -> None:
    ann, anna, bo = known("ann@firm.example", "anna@firm.example", "bo@firm.example")
    done = merge_leads(ann, anna, choices={}, by=None, now=NOW)

    def leave() -> None:
        take_out([ann], cause=RemovedCause.PERSON, by=None, now=NOW)

    undo = lambda: undo_merge(done.pk, by=None, now=NOW)  # noqa: E731
    met = at_once([leave, undo, merging(bo, ann)])

    # "DoesNotExist" is what is said of whatever somebody has removed meanwhile.
    assert set(met) <= {"", "CannotUndoMerge", "MergedAlready", "DoesNotExist"}
    assert "" in met
