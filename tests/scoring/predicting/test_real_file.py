"""The X Education leads: 9,240 real ones with their outcome, through our own importer.

Skipped where the shared data folder is absent.
"""

import csv
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.training import ask_training
from scoring.cases import Study
from scoring.models import PredictiveModel
from tests.clients import drain
from tests.imports import an_upload, run, settled

# Beside the repository; a worktree stands one folder deeper.
PLACES_OF_FILE = [Path(__file__).parents[up] / "shared/data/xeducation_leads.csv" for up in (4, 5)]
FILE = next((each for each in PLACES_OF_FILE if each.exists()), PLACES_OF_FILE[0])

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not here"),
    pytest.mark.timeout(300),
]

NUMBERS = {
    "TotalVisits",
    "Total Time Spent on Website",
    "Page Views Per Visit",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
}
PLACES = {
    "Prospect ID": "external_id",
    "Lead Number": "",
    "Lead Source": "source",
    "Country": "country",
    "City": "city",
    "Do Not Email": "do_not_email",
    "Do Not Call": "do_not_call",
    "Converted": "new:yes_no",
    "": "",
}
BY_SALES = {
    "attributes.tags",
    "attributes.lead_quality",
    "attributes.lead_profile",
    "attributes.asymmetrique_activity_index",
    "attributes.asymmetrique_profile_index",
    "attributes.asymmetrique_activity_score",
    "attributes.asymmetrique_profile_score",
}


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str, Mapping[str, Any]], None]:
    """Shows the figures of a training whether the test passes or not."""

    def show(what: str, figures: Mapping[str, Any]) -> None:
        interval = f"[{figures['auc_low']:.3f}, {figures['auc_high']:.3f}]"
        brier = f"Brier {figures['brier']:.3f}, guess {figures['brier_guess']:.3f}"
        with capsys.disabled():
            sys.stdout.write(f"\n{what}: hold-out AUC {figures['auc']:.3f} {interval}, {brier}")

    return show


def test_the_real_file_is_learnt_from_and_what_sales_wrote_is_named(
    mara: Member,
    settings: Any,
    tmp_path: Path,
    say: Callable[[str, Mapping[str, Any]], None],
) -> None:
    settings.MEDIA_ROOT = tmp_path
    data = FILE.read_bytes()
    headers = next(csv.reader(data.decode("utf-8-sig").splitlines()))
    mapping = [
        PLACES.get(each, "new:number" if each in NUMBERS else "new:text") for each in headers
    ]
    started = timezone.now()
    made = an_upload(mara, data, "xeducation_leads.csv")
    words = ["select", *made.unknown_words]
    imported = run(settled(made, mapping=mapping, identity="external_id", unknown_words=words))
    assert imported.created == 9_240
    now = timezone.now()
    study = Study(started, now, "field", "attributes.converted", "yes", wait_days=0, within_days=0)
    ask_training(study, by=mara, now=now)
    drain()
    trained = PredictiveModel.objects.get()
    assert (trained.figures["cases"], trained.figures["won"]) == (9_240, 3_561)
    full = trained.figures["held_out"]
    without = full["without_suspects"]
    say("with the columns sales wrote", full)
    say("without all suspects", without)
    named = {each["field"] for each in trained.suspects}
    assert named >= BY_SALES
    assert full["auc"] > 0.95
    assert 0.8 < without["auc"] < full["auc"]
    assert "attributes.total_time_spent_on_website" not in named
    only_sales = Study(**{**study.__dict__, "without": frozenset(BY_SALES)})
    ask_training(only_sales, by=mara, now=timezone.now())
    drain()
    honest = PredictiveModel.objects.get(number=2).figures["held_out"]
    say("without the seven columns sales wrote", honest)
    assert without["auc"] < honest["auc"] < full["auc"]
