"""Scoring shows the score that makes an MQL; the definition in force says it."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.models import Definition
from funnel.queries.definitions import mql_score
from leads.models import Stage
from tests.worlds import World


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        ({"all": [{"field": "score", "is_at_least": 59.5}, {"activity": "visit"}]}, 60),
        ({"field": "score", "is_more_than": 60}, 61),
        ({"field": "lead_class", "is": "hot"}, None),
        ({}, None),
    ],
)
def test_it_is_read_from_the_condition(
    condition: dict[str, Any], line: int | None, world: World
) -> None:
    Definition.objects.filter(stage=Stage.MQL).delete()
    Definition.objects.create(
        stage=Stage.MQL,
        version=1,
        state="published",
        explanation="Worth a call",
        condition=condition,
        published_at=timezone.now(),
    )

    assert mql_score() == line
