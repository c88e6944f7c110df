"""Who is kept from learning is known for ever, whoever has gone since."""

from datetime import timedelta
from uuid import UUID

import numpy as np

from leadmgmt.workspaces.models import Member
from scoring.predicting.holding import held_out, lots, may_have_taught
from tests.scoring.predicting.builders import STUDY, a_trained_model, some_leads

IDS = [UUID(int=nth) for nth in range(1_000)]
IS_WON = np.arange(1_000) < 100


def test_a_quarter_of_each_kind_is_held_out_always_the_same() -> None:
    kept = held_out(IDS, IS_WON).is_kept
    assert (kept[IS_WON].sum(), kept[~IS_WON].sum()) == (25, 225)
    assert (kept == held_out(IDS, IS_WON).is_kept).all()


def test_nobody_who_taught_has_a_lot_below_the_line() -> None:
    held = held_out(IDS, IS_WON)
    below = lots(IDS) < held.lot
    assert held.is_kept[below].all()
    assert below.sum() > 150


def test_the_same_are_held_out_in_another_order() -> None:
    turned = held_out(IDS[::-1], IS_WON[::-1]).is_kept
    assert (turned[::-1] == held_out(IDS, IS_WON).is_kept).all()


def test_a_model_may_have_been_taught_by_its_window_less_those_held_out(mara: Member) -> None:
    some_leads(600)
    model = a_trained_model(mara)
    inside, after = [STUDY.created_from] * 1_000, [STUDY.created_to + timedelta(days=1)] * 1_000
    taught = may_have_taught(model, IDS, inside)
    assert 600 < taught.sum() < 900
    assert (taught == (lots(IDS) >= model.figures["held_out"]["lot"])).all()
    assert not may_have_taught(model, IDS, after).any()
    del model.figures["held_out"]["lot"]  # trained before lots were drawn
    assert may_have_taught(model, IDS, inside).all()
