"""Pipelines: shaped by managers, and nothing of a deal is lost."""

import pytest
from django.utils import timezone

from funnel.actions.close_reasons import add_close_reason
from funnel.actions.pipeline_stages import (
    MOST_STAGES,
    add_stage,
    change_stage,
    restore_stage,
    retire_stage,
    shift_stage,
)
from funnel.actions.pipelines import (
    MOST_PIPELINES,
    CannotShapePipeline,
    add_pipeline,
    change_pipeline,
    first_stage,
    restore_pipeline,
    retire_pipeline,
    start_pipelines,
)
from funnel.models import DealChange, Pipeline, PipelineStage
from funnel.queries.board import board_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_deal, a_key
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")


def names(pipeline: Pipeline) -> list[str]:
    return [each.stage.name for each in board_of(pipeline)]


def test_a_workspace_starts_with_one_and_only_once() -> None:
    for _ in range(2):
        start_pipelines()
    assert Pipeline.objects.count() == 1
    assert names(Pipeline.objects.get()) == ["Needs", "Offer", "Negotiation", "Agreed"]


def test_a_pipeline_of_ones_own_begins_with_the_usual_stages() -> None:
    first_stage()
    renewals = add_pipeline(name=" Renewals ")
    assert (renewals.name, len(names(renewals))) == ("Renewals", 4)
    with pytest.raises(CannotShapePipeline, match="“Renewals” is taken"):
        add_pipeline(name="Renewals")
    with pytest.raises(CannotShapePipeline, match="needs a name"):
        add_pipeline(name="  ")


def test_stages_are_put_in_another_order() -> None:
    stage = first_stage()
    shift_stage(stage, to=2)
    assert names(stage.pipeline) == ["Offer", "Negotiation", "Needs", "Agreed"]
    shift_stage(stage, to=-7)
    assert names(stage.pipeline)[0] == "Needs"


def test_a_stage_with_deals_is_retired_only_with_somewhere_to_go(max: Member) -> None:
    deal = a_deal()
    stage, into = deal.stage, PipelineStage.objects.get(position=1)
    now = timezone.now()
    with pytest.raises(CannotShapePipeline, match="1 deals are open in “Needs”"):
        retire_stage(stage, into=None, by=max, now=now)
    with pytest.raises(CannotShapePipeline, match="Choose another stage"):
        retire_stage(stage, into=stage, by=max, now=now)
    assert retire_stage(stage, into=into, by=max, now=now) == 1
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (into, 2)
    assert DealChange.objects.get().by == max
    restore_stage(PipelineStage.objects.get(pk=stage.pk))
    assert names(stage.pipeline)[-1] == "Needs"


def test_a_deal_that_got_into_a_retired_stage_is_still_on_the_board() -> None:
    deal = a_deal()
    PipelineStage.objects.filter(pk=deal.stage_id).update(retired_at=timezone.now())
    assert names(deal.stage.pipeline)[0] == "Needs"


def test_a_new_name_brings_nothing_back_that_was_retired_meanwhile(max: Member) -> None:
    first_stage()
    pipeline = add_pipeline(name="Renewals")
    stage = PipelineStage.objects.filter(pipeline=pipeline)[0]
    retire_stage(PipelineStage.objects.get(pk=stage.pk), into=None, by=max, now=timezone.now())
    retire_pipeline(Pipeline.objects.get(pk=pipeline.pk), now=timezone.now())
    change_stage(stage, changes={"name": "Later"})
    change_pipeline(pipeline, changes={"name": "Again"})
    stage.refresh_from_db()
    pipeline.refresh_from_db()
    assert (stage.name, pipeline.name) == ("Later", "Again")
    assert stage.retired_at
    assert pipeline.retired_at


def test_the_last_stage_and_the_last_pipeline_stay() -> None:
    stage = first_stage()
    PipelineStage.objects.exclude(pk=stage.pk).update(retired_at=timezone.now())
    with pytest.raises(CannotShapePipeline, match="the only stage"):
        retire_stage(stage, into=None, by=None, now=timezone.now())
    with pytest.raises(CannotShapePipeline, match="the only pipeline"):
        retire_pipeline(stage.pipeline, now=timezone.now())


def test_a_pipeline_with_open_deals_is_not_retired() -> None:
    deal = a_deal()
    add_pipeline(name="Renewals")
    with pytest.raises(CannotShapePipeline, match="Move or close them first"):
        retire_pipeline(deal.stage.pipeline, now=timezone.now())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"probability": 101}, "out of range"),
        ({"probability": -1}, "out of range"),
        ({"forecast": "maybe"}, "allowed: open, best_case, committed"),
        ({"name": "Offer"}, "taken already"),
    ],
)
def test_a_stage_takes_no_nonsense(changes: dict[str, object], said: str) -> None:
    with pytest.raises(CannotShapePipeline, match=said):
        change_stage(first_stage(), changes=changes)


def test_nobody_oversees_more_stages_than_that() -> None:
    pipeline = first_stage().pipeline
    for number in range(MOST_STAGES - 4):
        add_stage(pipeline, name=f"Stage {number}", probability=50)
    with pytest.raises(CannotShapePipeline, match="most allowed"):
        add_stage(pipeline, name="One more", probability=50)


def test_a_pipeline_that_is_brought_back_counts_among_those_allowed(max: Member) -> None:
    first_stage()
    retired = add_pipeline(name="Renewals")
    retire_pipeline(retired, now=timezone.now())
    for number in range(MOST_PIPELINES - 1):
        add_pipeline(name=f"Pipeline {number}")
    with pytest.raises(CannotShapePipeline, match="20 pipelines already"):
        restore_pipeline(retired)
    page = workspace_reverse("funnel:pipeline_restore", id=retired.pk)
    assert client_of(max).post(page).status_code == 302
    told = {"is_retired": False}
    answer = api_of(a_key(max)).patch(f"/api/v1/pipelines/{retired.pk}/", told)
    assert answer.status_code == 422
    assert Pipeline.objects.in_use().count() == MOST_PIPELINES
    retire_pipeline(Pipeline.objects.in_use()[0], now=timezone.now())
    for _ in range(2):
        restore_pipeline(retired)
    assert Pipeline.objects.in_use().count() == MOST_PIPELINES


def test_a_reason_is_there_once() -> None:
    first_stage()
    with pytest.raises(CannotShapePipeline, match="already"):
        add_close_reason(status="lost", name="No budget")
    assert add_close_reason(status="won", name="No budget").status == "won"


def test_a_manager_shapes_the_pipeline_on_its_page(max: Member, rita: Member) -> None:
    stage, browser = first_stage(), client_of(max)
    address = workspace_reverse("funnel:pipeline_list")
    assert client_of(rita).get(address).status_code in (403, 404)
    assert "We know what they need" in browser.get(address).content.decode()
    told = {"name": "Need known", "explanation": "", "probability": "25", "forecast": "open"}
    answer = browser.post(workspace_reverse("funnel:stage", id=stage.pk), told)
    assert answer.status_code == 302
    stage.refresh_from_db()
    assert (stage.name, stage.probability) == ("Need known", 25)
    wrong = browser.post(workspace_reverse("funnel:stage", id=stage.pk), {**told, "name": "Offer"})
    assert wrong.status_code == 422
    browser.post(workspace_reverse("funnel:stage_shift", id=stage.pk), {"to": "down"})
    assert names(stage.pipeline)[:2] == ["Offer", "Need known"]
    new = {"name": "Signed", "probability": "95", "forecast": "committed"}
    browser.post(workspace_reverse("funnel:stage_add", id=stage.pipeline_id), new)
    browser.post(workspace_reverse("funnel:stage_retire", id=stage.pk), {"into": ""})
    assert names(stage.pipeline) == ["Offer", "Negotiation", "Agreed", "Signed"]
    browser.post(workspace_reverse("funnel:pipeline_add"), {"name": "Renewals"})
    browser.post(workspace_reverse("funnel:reason_add"), {"status": "lost", "name": "Too late"})
    assert "Too late" in browser.get(address).content.decode()


def test_a_change_that_is_refused_in_part_is_not_made_at_all(ada: Member) -> None:
    pipeline = first_stage().pipeline
    address = f"/api/v1/pipelines/{pipeline.pk}/"
    answer = api_of(a_key(ada)).patch(address, {"name": "Other", "is_retired": True})
    assert answer.status_code == 422
    pipeline.refresh_from_db()
    assert (pipeline.name, pipeline.retired_at) == ("Sales", None)


def test_programs_shape_pipelines(ada: Member) -> None:
    client = api_of(a_key(ada))
    made = client.post("/api/v1/pipelines/", {"name": "Renewals", "explanation": "Again"}).json()
    told = {"pipeline": made["id"], "name": "Asked", "probability": 50, "forecast": "best_case"}
    stage = client.post("/api/v1/pipeline-stages/", told).json()
    path = f"/api/v1/pipeline-stages/{stage['id']}/"
    assert client.patch(path, {"position": 0, "probability": 55}).json()["position"] == 0
    assert client.patch(path, {"probability": 200}).status_code == 422
    assert client.post(f"{path}retire/", {}).json()["retired_at"]
    assert client.post(f"{path}restore/").json()["retired_at"] is None
    listed = client.get(f"/api/v1/pipeline-stages/?pipeline={made['id']}").json()["results"]
    assert len(listed) == 5
    reason = client.post("/api/v1/close-reasons/", {"status": "lost", "name": "Late"}).json()
    switched = client.patch(f"/api/v1/close-reasons/{reason['id']}/", {"is_retired": True})
    assert switched.json()["retired_at"]
