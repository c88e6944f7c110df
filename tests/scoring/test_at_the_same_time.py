"""Facts that come while scores are worked out are not lost, whoever works them out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from leadmgmt.kernel.context import inside
from leads.actions.activities import NewActivity, record_activities
from leads.models import Lead
from scoring.actions.rescoring import rescore_leads
from scoring.models import LeadScore
from tests.builders import a_lead
from tests.scoring.builders import a_behaviour_rule, a_published_model
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROUNDS = 12


def in_a_worker(workspace_id: UUID, work: Callable[[int], object]) -> Callable[[int], None]:
    def run(number: int) -> None:
        try:
            with inside(workspace_id):
                work(number)
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_two_workers_lose_no_fact(world: World) -> None:
    ids = [a_lead().pk for _ in range(3)]
    a_published_model(a_behaviour_rule(1), by=world.mara, now=NOW)

    def record_and_rescore(number: int) -> None:
        at = NOW - timedelta(minutes=number)
        facts = [
            NewActivity("page_view", at, lead_id=each, properties={"path": "/pricing"})
            for each in (ids if number % 2 else reversed(ids))
        ]
        record_activities(facts, now=NOW)
        rescore_leads(ids, now=NOW)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(in_a_worker(world.acme.pk, record_and_rescore), range(ROUNDS)))

    assert set(Lead.objects.values_list("score", flat=True)) == {ROUNDS}
    assert set(LeadScore.objects.values_list("value", flat=True)) == {ROUNDS}
    scores = LeadScore.objects.values_list("points", "facts")
    assert list(scores) == [([ROUNDS], [ROUNDS])] * len(ids)
