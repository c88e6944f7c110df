"""Who is erased stands no longer in what was typed to find them, and nobody loses a list."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leads.actions.bulk import start_bulk
from leads.actions.erasing import erase_leads
from leads.actions.resolving import resolve_leads
from leads.actions.views import save_view
from leads.bulk import verb_called
from leads.bulk.selecting import count_meant, meant_by, selection_of
from leads.models import BulkAction, Lead, LeadTag, SavedView
from leads.rows import NewLead
from tests.builders import a_lead
from tests.clients import client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GONE = "erased@example.org"


@pytest.fixture
def ann(world: World) -> Lead:
    return a_lead(
        name="Ann Sample",
        email="ann@firm.example",
        phone="+302101234567",
    )


def erase(lead: Lead) -> None:
    erase_leads([lead.pk], reason="asked us", by=None, now=NOW)


def a_view(world: World, condition: Any = None, **query: str) -> SavedView:
    facts = {"query": query, "condition": condition or {}, "columns": ["email"], "sort": "created"}
    return save_view(subject="lead", name="Mine", facts=facts, by=world.rita, now=NOW)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("ann@firm.example", GONE),
        ("ANN@Firm.example", GONE),
        ("Ann Sample", "erased"),
        ("ann  sample", "erased"),
        ("ann sample athens", "erased athens"),
        ("+30 210 123-4567", "erased"),
        ("ann", "ann"),
        ("sample", "sample"),
        ("Joann Sample", "Joann Sample"),
        ("Ann Samples", "Ann Samples"),
        ("bo-ann@firm.example", "bo-ann@firm.example"),
        ("firm.example", "firm.example"),
    ],
)
def test_a_view_keeps_all_but_who_is_erased(world: World, ann: Lead, typed: str, left: str) -> None:
    view = a_view(world, q=typed, stage="lead")
    erase(ann)
    view.refresh_from_db()
    assert view.query == {"q": left, "stage": "lead"}
    assert (view.name, view.columns, view.sort) == ("Mine", ["email"], "created")


def test_conditions_name_them_no_longer(world: World, ann: Lead) -> None:
    tree = {
        "any": [
            {"field": "email", "is": "ann@firm.example"},
            {"field": "country", "is_one_of": ["Greece", "Spain"]},
        ]
    }
    view = a_view(world, tree)
    erase(ann)
    view.refresh_from_db()
    assert view.condition["any"][0] == {"field": "email", "is": GONE}
    assert view.condition["any"][1:] == tree["any"][1:]
    assert client_of(world.rita).get(f"/w/acme/leads/?view={view.pk}").status_code == 200


def test_the_list_of_a_view_is_no_wider_than_before(world: World, ann: Lead) -> None:
    a_lead(name="Bo")
    for word in ("q", "email"):
        SavedView.objects.all().delete()
        view = a_view(world, **{word: "ann@firm.example"})
        SavedView.objects.filter(pk=view.pk).update(query={word: GONE})
        assert not count_meant(meant_by({"query": {word: GONE}}, until=NOW.replace(year=2090)))


def test_what_was_chosen_in_bulk_names_them_no_longer(world: World, ann: Lead) -> None:
    bo = a_lead(name="Bo Ann Sample")
    verb = verb_called("tag")
    assert verb
    now = datetime.now(UTC)
    chosen = selection_of({"query": {"q": "ann sample", "stage": "lead"}}, member=world.ada)
    start_bulk(verb, parameters={"tag": "x"}, selection=chosen, by=world.ada, now=now)
    erase(ann)
    assert BulkAction.objects.get().selection == {"query": {"q": "erased", "stage": "lead"}}
    drain()
    assert [each.lead_id for each in LeadTag.objects.all()] == [bo.pk]


def test_a_condition_of_a_choice_too(world: World, ann: Lead) -> None:
    condition = '{"field": "email", "is": "ann@firm.example"}'
    BulkAction.objects.create(kind="tag", selection={"query": {"condition": condition}})
    erase(ann)
    kept = BulkAction.objects.get().selection["query"]["condition"]
    assert kept == condition.replace("ann@firm.example", GONE)


def test_an_external_id_is_looked_for_where_ids_are_typed(world: World) -> None:
    [made] = resolve_leads([NewLead(name="Bo", external_id="77")], now=NOW)
    views = [a_view(world, external_id="77")]
    SavedView.objects.update(name="Ids")
    views.append(a_view(world, q="77"))
    erase(Lead.objects.get(pk=made.lead_id))
    for view in views:
        view.refresh_from_db()
    assert [each.query for each in views] == [{"external_id": "erased"}, {"q": "77"}]


def test_other_workspaces_keep_their_words(world: World, ann: Lead) -> None:
    with inside(world.globex.pk):
        facts = {"query": {"q": "ann@firm.example"}}
        view = save_view(subject="lead", name="Theirs", facts=facts, by=world.gus, now=NOW)
    erase(ann)
    with inside(world.globex.pk):
        view.refresh_from_db()
        assert view.query == {"q": "ann@firm.example"}
