"""A draft worked out for today's leads, beside the version in force."""

from datetime import UTC, datetime

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Lead
from scoring import line
from scoring.actions.drafting import discard_draft
from scoring.actions.rehearsals import CannotTry
from scoring.actions.simulating import AlreadySimulated, cancel_simulation, start_simulation
from scoring.backtest.fingerprints import fingerprint
from scoring.models import Mode, ModelVersion, SimulatedLead, Simulation
from tests.builders import a_lead, an_activity
from tests.clients import drain
from tests.scoring.builders import a_behaviour_rule, a_draft, a_profile_rule, a_published_model

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def draft(mara: Member, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    """Two leads: one the version in force likes, one only the draft does; the line is 40."""
    monkeypatch.setattr(line, "_provider", lambda: 40)
    a_lead(name="Indra", country="India")
    looked = a_lead(name="Nora", country="Norway")
    for _nth in range(2):
        an_activity(looked, kind="page_view", occurred_at=NOW, properties={"path": "/pricing/"})
    a_published_model(a_profile_rule(75), by=mara, now=NOW)
    return a_draft(a_profile_rule(20), a_behaviour_rule(30))


def simulated(draft: ModelVersion) -> Simulation:
    simulation = start_simulation(draft, by=None, now=NOW)
    drain()
    simulation.refresh_from_db()
    return simulation


def test_each_lead_stands_beside_what_it_would_be(draft: ModelVersion) -> None:
    simulation = simulated(draft)
    assert (simulation.state, simulation.done, simulation.total) == ("done", 2, 2)
    rows = SimulatedLead.objects.order_by("-moved")
    told = rows.values_list("lead__name", "old_score", "new_score", "old_class", "new_class")
    assert list(told) == [("Nora", 0, 60, "cold", "warm"), ("Indra", 75, 20, "hot", "cold")]
    assert simulation.result == {
        "leads": 2,
        "rescored": 2,
        "gaining": 1,
        "losing": 1,
        "classes": [["cold", "warm", 1], ["hot", "cold", 1]],
        "grades": [["", "", 2]],
    }


def test_nothing_that_people_see_moves(draft: ModelVersion) -> None:
    lead = Lead.objects.get(name="Indra")
    simulated(draft)
    lead.refresh_from_db()
    assert (lead.score, lead.lead_class) == (75, "hot")


def test_a_first_draft_stands_beside_nothing(acme: Workspace) -> None:
    a_lead(country="India")
    simulation = simulated(a_draft(a_profile_rule(50)))
    assert simulation.beside is None
    assert simulation.result["classes"] == [["", "warm", 1]]


def test_a_draft_without_points_has_classes_and_no_line(draft: ModelVersion) -> None:
    draft.mode = Mode.DECISIONS
    draft.save()
    draft.decisions.create(
        name="Norway", position=1, lead_class="hot", condition={"field": "country", "is": "Norway"}
    )
    result = simulated(draft).result
    assert result["classes"] == [["cold", "hot", 1], ["hot", "cold", 1]]
    assert (result["gaining"], result["losing"]) == (None, None)


def test_a_changed_draft_has_another_fingerprint(draft: ModelVersion) -> None:
    simulation = simulated(draft)
    assert fingerprint(draft) == simulation.fingerprint
    draft.rules.filter(points=20).update(points=21)
    assert fingerprint(draft) != simulation.fingerprint


def test_a_draft_that_changes_meanwhile_ends_it(draft: ModelVersion) -> None:
    simulation = start_simulation(draft, by=None, now=NOW)
    draft.rules.update(points=1)
    drain()
    simulation.refresh_from_db()
    assert (simulation.state, simulation.result) == ("overtaken", {})


def test_the_next_simulation_takes_the_place_of_the_last(draft: ModelVersion) -> None:
    simulated(draft)
    second = simulated(draft)
    assert list(Simulation.objects.all()) == [second]
    assert SimulatedLead.objects.count() == 2
    discard_draft(draft)
    assert not SimulatedLead.objects.exists()


def test_one_at_a_time_until_it_is_cancelled(draft: ModelVersion) -> None:
    simulation = start_simulation(draft, by=None, now=NOW)
    with pytest.raises(AlreadySimulated, match="is being worked out"):
        start_simulation(draft, by=None, now=NOW)
    cancel_simulation(simulation, now=NOW)
    drain()
    assert not SimulatedLead.objects.exists()
    with pytest.raises(CannotTry, match="at its end already"):
        cancel_simulation(simulation, now=NOW)
    draft.rules.all().delete()
    with pytest.raises(CannotTry, match="without rules"):
        start_simulation(draft, by=None, now=NOW)


def test_other_workspaces_are_not_simulated(draft: ModelVersion, globex: Workspace) -> None:
    with inside(globex.pk):
        a_lead(country="India")
    assert simulated(draft).result["leads"] == 2
