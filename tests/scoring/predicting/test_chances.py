"""The chance of each lead: sums, freshness, the fence, drift."""

from datetime import timedelta

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.erasing import erase_leads
from leads.models import Lead
from scoring.actions.chances import refresh_due, work_out_chances
from scoring.models import PredictiveModel, Probability
from scoring.predicting.drift import measure_drift, verdict
from scoring.predicting.features import chance
from scoring.queries.predicting import chance_of
from tests.builders import a_lead
from tests.clients import drain
from tests.scoring.predicting.builders import A_DAY, NOW, a_chosen_model, some_leads


@pytest.fixture
def chosen(mara: Member) -> PredictiveModel:
    some_leads(800)
    return a_chosen_model(mara)


def test_reasons_sum_to_the_points_exactly_for_every_lead(chosen: PredictiveModel) -> None:
    assert Probability.objects.count() == 800
    for lead in Lead.objects.all()[:60]:
        found = chance_of(lead)
        assert found is not None
        assert found.base + sum(each.points for each in found.reasons) == found.points
        assert found.probability == pytest.approx(float(chance(found.points)))


def test_a_touched_lead_is_predicted_anew_with_its_reasons(chosen: PredictiveModel) -> None:
    lead = Lead.objects.filter(country="Norway").latest("created_at")
    before = chance_of(lead)
    now = Probability.objects.get(lead_id=lead.pk).as_of
    views = [
        NewActivity("page_view", now, lead_id=lead.pk, properties={"path": "/pricing"})
        for _ in range(2)
    ]
    record_activities(views, now=now)
    drain()
    after = chance_of(lead)
    assert before is not None
    assert after is not None
    assert after.probability > before.probability
    assert "looked at /pricing 2 to 3 times in the last 90 days" in [
        each.sentence for each in after.reasons
    ]
    assert {each.effect.split(":")[0] for each in after.reasons} >= {"raises the chance"}


def test_new_leads_and_nobody_elses_are_predicted(chosen: PredictiveModel, gus: Member) -> None:
    lead = a_lead(country="Greece")
    assert chance_of(lead) is None
    work_out_chances([lead.pk], now=NOW)
    assert chance_of(lead) is not None
    with inside(gus.workspace_id):
        stranger = a_lead()
        assert work_out_chances([stranger.pk, lead.pk], now=NOW) == 0
        assert chance_of(lead) is None


def test_chances_are_worked_out_again_each_night(chosen: PredictiveModel) -> None:
    Probability.objects.all().update(levels=[])
    assert chosen.due_at is not None
    refresh_due(now=chosen.due_at - timedelta(seconds=1))
    assert drain() == 0
    refresh_due(now=chosen.due_at)
    drain()
    assert not Probability.objects.filter(levels=[]).exists()


def test_leads_like_before_are_steady_and_others_drift(chosen: PredictiveModel) -> None:
    some_leads(400, first=NOW + A_DAY)
    later = NOW + 100 * A_DAY
    alike = measure_drift(chosen, later)
    assert (verdict(alike), alike["leads"], alike["ended"]) == ("steady", 400, 400)
    Lead.objects.filter(created_at__gt=NOW).update(country="Chile")
    others = measure_drift(chosen, later)
    assert verdict(others) == "drifted"
    assert others["features"][0][0] == "country"


def test_it_is_too_early_to_speak_of_drift_without_new_leads(chosen: PredictiveModel) -> None:
    assert verdict(chosen.drift) == "unknown"
    assert verdict(measure_drift(chosen, NOW + A_DAY)) == "unknown"


def test_an_erased_lead_takes_its_chance_with_it(chosen: PredictiveModel, mara: Member) -> None:
    lead = Lead.objects.all()[0]
    erase_leads([lead.pk], reason="asked us", by=mara, now=NOW)
    assert Probability.objects.count() == 799
    assert not Probability.objects.filter(lead_id=lead.pk).exists()
