"""Merges of companies beside whatever else happens to them: all is somebody's afterwards."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.meanwhile import refusal_of
from leads.actions.companies import add_company, change_company
from leads.actions.editing import change_lead
from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.actions.profiles import Door
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.actions.resolving import resolve_leads
from leads.actions.standing import place_leads
from leads.models import Company, CompanyMerge, Lead, RemovedCause, RemovedCompany, Via
from leads.rows import NewLead
from tests.builders import a_company, a_lead, a_task
from tests.worlds import ACME, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], object]


def at_once(works: Sequence[Work]) -> list[str]:
    """What became of each: "" or the refusal a person would read; a fault of ours is raised."""

    def run(work: Work) -> str:
        try:
            with inside(ACME):
                work()
        except Exception as problem:
            refusal = refusal_of(problem)
            if refusal is None:
                raise
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as workers:
        return list(workers.map(run, works))


def merging(kept: Company, gone: Company) -> Work:
    return lambda: merge_companies(kept.pk, gone.pk, choices={}, by=None, now=NOW)


def removing(company: Company) -> Work:
    cause = RemovedCause.PERSON
    return lambda: take_out_companies([company.pk], cause=cause, by=None, now=NOW)


def firms(count: int, people: int = 3) -> list[Company]:
    made = [a_company(name=f"Firm {number}") for number in range(count)]
    for firm in made:
        for _each in range(people):
            a_lead(company=firm)
        a_task(company=firm)
    return made


def assert_all_is_somebodys() -> None:
    there = set(Company.objects.values_list("pk", flat=True))
    assert set(Lead.objects.values_list("company_id", flat=True)) - {None} <= there
    gone = set(RemovedCompany.objects.filter(cause="merge").values_list("company_id", flat=True))
    assert gone == set(
        CompanyMerge.objects.filter(undone_at=None).values_list("gone_id", flat=True)
    )
    assert gone.isdisjoint(there)


@pytest.mark.parametrize("_round", range(3))
def test_the_same_pair_is_merged_once(world: World, _round: int) -> None:
    one, two = firms(2)
    met = at_once([merging(one, two), merging(two, one)] * 2)
    assert sorted(met) == ["", *["CompanyMergedAlready"] * 3]
    assert Company.objects.get().people.count() == 6
    assert_all_is_somebodys()


@pytest.mark.parametrize("_round", range(3))
def test_a_ring_of_merges(world: World, _round: int) -> None:
    made = firms(5)
    pairs = zip(made, [*made[1:], made[0]], strict=True)
    met = at_once([merging(kept, gone) for kept, gone in pairs])
    assert set(met) <= {"", "CompanyMergedAlready", "Crossed"}
    assert Company.objects.count() == 5 - met.count("")
    assert Lead.objects.filter(company=None).count() == 0
    assert_all_is_somebodys()


@pytest.mark.parametrize("_round", range(3))
def test_removed_while_merged(world: World, _round: int) -> None:
    one, two = firms(2)
    met = at_once([merging(one, two), removing(two), removing(one)])
    assert set(met) <= {"", "CompanyMergedAlready", "Crossed"}
    put_back_companies(
        list(RemovedCompany.objects.values_list("company_id", flat=True)), by=None, now=NOW
    )
    assert_all_is_somebodys()
    assert Lead.objects.exclude(company=None).count() == 6


@pytest.mark.parametrize("_round", range(3))
def test_people_come_and_go_and_it_is_edited_while_it_is_merged(world: World, _round: int) -> None:
    one, two = firms(2)
    three = a_company(name="Three")
    lead, other = two.people.earliest("pk"), one.people.earliest("pk")
    late = a_lead(company=None)
    door = Door(Via.API)
    works: list[Work] = [
        merging(one, two),
        lambda: change_company(two, changes={"city": "Kiel"}, now=NOW),
        lambda: change_company(one, changes={"city": "Turku"}, now=NOW),
        lambda: change_lead(lead, changes={"company_name": "Three"}, door=door, now=NOW),
        lambda: change_lead(late, changes={"company_name": two.name}, door=door, now=NOW),
        lambda: place_leads({other.pk: "customer"}, now=NOW),
        lambda: resolve_leads([NewLead(email=f"new@{two.domain}")], now=NOW),
    ]
    met = at_once(works)
    assert set(met) <= {"", "Vanished", "Uprooted", "Crossed"}, met
    assert_all_is_somebodys()
    assert three.people.count() == (1 if met[3] == "" else 0)


def test_a_merge_is_undone_once(world: World) -> None:
    one, two = firms(2)
    done = merge_companies(one.pk, two.pk, choices={}, by=None, now=NOW)
    undo = lambda: undo_company_merge(done.pk, by=None, now=NOW)  # noqa: E731
    met = at_once([undo] * 3 + [removing(one)])
    assert met[:3].count("") <= 1
    assert set(met) <= {"", "CannotUndoCompanyMerge", "Vanished", "Crossed"}, met
    put_back_companies([one.pk], by=None, now=NOW)
    assert_all_is_somebodys()


def test_the_domain_it_gave_up_is_somebody_elses_by_now(world: World) -> None:
    one, two = a_company(domain="one.example"), a_company(domain="two.example")
    choices = {"domain": "gone"}
    done = merge_companies(one.pk, two.pk, choices=choices, by=None, now=NOW)
    add_company(facts={"name": "Third", "domain": "one.example"}, now=NOW)
    undone = undo_company_merge(done.pk, by=None, now=NOW + timedelta(hours=1))
    assert "domain" in undone.changed_since
    found = dict(Company.objects.values_list("name", "domain"))
    assert found["Third"] == "one.example"
    assert found[two.name] == "two.example"
