"""Fields the rules ask for that may have been written when the outcome was known already."""

from collections.abc import Sequence
from typing import Any

from scoring.backtest.asking import fields_asked
from scoring.cases import Cases, Study
from scoring.cases.suspecting import suspects
from scoring.cases.values import fields_to_look_at, read_columns
from scoring.models import ModelVersion

SAMPLE = 20_000  # cases; suspicion needs no more


def suspects_of(
    versions: Sequence[ModelVersion], study: Study, cases: Cases
) -> list[dict[str, Any]]:
    """As they are kept with the result; fields that are left out are not looked at."""
    asked = set(fields_asked(versions))
    looked_at = fields_to_look_at(study)
    fields = {name: each for name, each in looked_at.items() if name in asked}
    step = -(-len(cases) // SAMPLE)
    some = cases.chosen(range(0, len(cases), step)) if step > 1 else cases
    return [each.as_json() for each in suspects(read_columns(fields, list(some.parts())), some)]
