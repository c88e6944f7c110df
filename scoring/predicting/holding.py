"""Which cases are kept from learning: by a lot drawn from the id, so that it is known for ever.

Whoever asks later, of whatever cases, can tell which leads a model has certainly not learnt from,
though leads have come and gone since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import numpy as np

from scoring.cases import Study
from scoring.models import PredictiveModel

HELD_OUT = 0.25
BYTES = 4


@dataclass(frozen=True)
class HeldOut:
    """`is_kept` of each case; leads whose lot is below `lot` are kept whatever became of them."""

    is_kept: np.ndarray
    lot: int


def lots(ids: Sequence[UUID]) -> np.ndarray:
    """A number for each id, which says nothing about the lead."""
    drawn = (sha256(each.bytes).digest()[:BYTES] for each in ids)
    return np.array([int.from_bytes(each) for each in drawn], dtype=np.int64)


def held_out(ids: Sequence[UUID], is_won: np.ndarray) -> HeldOut:
    """A quarter of the winners and of the others, those with the lowest lots."""
    drawn = lots(ids)
    cuts = [_cut(np.sort(drawn[is_won == kind])) for kind in (True, False)]
    return HeldOut(drawn < np.where(is_won, *cuts), min(cuts))


def _cut(drawn: np.ndarray) -> int:
    kept = round(len(drawn) * HELD_OUT)
    return int(drawn[kept]) if kept < len(drawn) else 1 << (8 * BYTES)


def may_have_taught(
    model: PredictiveModel, ids: Sequence[UUID], created: Sequence[datetime]
) -> np.ndarray:
    """Of which of these leads the model may have been told what became of them.

    A model trained before lots were drawn may have been told of everybody in its window.
    """
    study = Study.from_json(model.study)
    is_asked = np.array([study.created_from <= each < study.created_to for each in created])
    lot = model.figures["held_out"].get("lot", 0)
    return is_asked.astype(bool) & (lots(ids) >= lot)
