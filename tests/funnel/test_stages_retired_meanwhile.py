"""A deal that comes into a stage or pipeline in the moment in which it is retired."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from funnel.actions.deals import CannotMoveDeal, move_deal, open_deal
from funnel.actions.pipeline_stages import retire_stage
from funnel.actions.pipelines import add_pipeline, retire_pipeline
from funnel.models import Deal, Pipeline, PipelineStage
from leadmgmt.kernel.context import inside
from tests.builders import a_deal, a_lead
from tests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)

RETIRED: dict[str, Callable[[PipelineStage], Any]] = {
    "stage": lambda stage: retire_stage(stage, into=None, by=None, now=timezone.now()),
    "pipeline": lambda stage: retire_pipeline(stage.pipeline, now=timezone.now()),
}


def meanwhile(world: World, work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, on a connection of its own."""

    def worker() -> Any:
        try:
            with inside(world.acme.pk):
                return work()
        finally:
            connection.close()

    return worker


@pytest.mark.parametrize("what", RETIRED)
@pytest.mark.parametrize("way", ["moved", "opened"])
def test_no_deal_gets_in(world: World, what: str, way: str) -> None:
    deal, sql = a_deal(owner=world.rita), a_lead(stage="sql", owner=world.rita)
    stages = PipelineStage.objects.filter(pipeline=add_pipeline(name="Renewals"))
    stage = stages.select_related("pipeline").first()
    assert stage is not None
    told: dict[str, Any] = {"stage": stage, "by": world.rita, "now": timezone.now()}
    works: dict[str, Callable[[], Any]] = {
        "moved": lambda: move_deal(Deal.objects.get(pk=deal.pk), **told),
        "opened": lambda: open_deal(sql, name="Seats", **told),
    }
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            RETIRED[what](PipelineStage.objects.select_related("pipeline").get(pk=stage.pk))
            coming = other.submit(meanwhile(world, works[way]))
            with pytest.raises(TimeoutError):
                coming.result(0.3)
        with pytest.raises(CannotMoveDeal, match="takes no more deals"):
            coming.result(10)
    assert not Deal.objects.filter(stage=stage).exists()
    assert Pipeline.objects.in_use().count() == (1 if what == "pipeline" else 2)
