"""The X Education leads: a model of rules written by hand, asked about 9,240 real outcomes.

Skipped where the shared data folder is absent.
"""

import csv
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.backtesting import start_back_test
from scoring.actions.drafting import start_draft
from scoring.actions.rules import save_rule
from scoring.actions.words import RuleWords
from scoring.backtest.wording import verdict_sentence
from scoring.cases import Study
from scoring.models import BackTest, ModelVersion
from tests.clients import drain
from tests.imports import an_upload, run, settled

# Beside the repository; a worktree stands one folder deeper.
PLACES_OF_FILE = [Path(__file__).parents[up] / "shared/data/xeducation_leads.csv" for up in (4, 5)]
FILE = next((each for each in PLACES_OF_FILE if each.exists()), PLACES_OF_FILE[0])

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not here"),
    pytest.mark.timeout(300),
]

NUMBERS = {"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit"}
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
TIME = "attributes.total_time_spent_on_website"
LAST = "attributes.last_activity"
RULES: tuple[tuple[int, dict[str, Any]], ...] = (
    (15, {"field": TIME, "is_at_least": 400}),
    (15, {"field": TIME, "is_at_least": 1_000}),
    (35, {"field": "attributes.lead_origin", "is": "Lead Add Form"}),
    (30, {"field": "attributes.what_is_your_current_occupation", "is": "Working Professional"}),
    (10, {"field": "source", "is_one_of": ["olark chat", "reference", "welingak website"]}),
    (20, {"field": LAST, "is": "SMS Sent"}),
    (5, {"field": LAST, "is": "Email Opened"}),
    (-10, {"field": LAST, "is": "Olark Chat Conversation"}),
    (-15, {"field": "do_not_email", "is": True}),
)
BY_SALES: tuple[tuple[int, dict[str, Any]], ...] = (
    (50, {"field": "attributes.tags", "is": "Will revert after reading the email"}),
    (30, {"field": "attributes.lead_quality", "is": "High in Relevance"}),
)
SALES = frozenset({"attributes.tags", "attributes.lead_quality"})


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str, Mapping[str, Any]], None]:
    """Shows the figures of a back-test whether the test passes or not."""

    def show(what: str, result: Mapping[str, Any]) -> None:
        version = result["versions"][0]
        area, best = version["area"], version["best"]
        line = next(row for row in version["thresholds"] if row["score"] == version["line"])
        with capsys.disabled():
            sys.stdout.write(
                f"\n{what}: AUC {area['value']:.3f} [{area['low']:.3f}, {area['high']:.3f}], best "
                f"fifth catches {best['caught']:.3f}, from {line['score']} points: precision "
                f"{line['precision']:.3f}, recall {line['recall']:.3f}"
            )

    return show


@pytest.fixture
def study(mara: Member, settings: Any, tmp_path: Path) -> Study:
    """The file imported as a person would; the outcome is its column Converted."""
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
    return Study(started, timezone.now(), "field", "attributes.converted", "yes", 0, 0)


def a_draft_by_hand(mara: Member, now: datetime) -> ModelVersion:
    """Rules as a marketer writes them, two of which ask for what sales wrote."""
    draft = start_draft(by=mara, now=now)
    draft.rules.all().delete()
    for points, condition in (*RULES, *BY_SALES):
        name = f"{condition['field']} {points}"
        save_rule(draft, RuleWords(name, "profile", condition, points))
    return draft


def outcome_by_hand(draft: ModelVersion, asked: Study, mara: Member) -> BackTest:
    test = start_back_test(draft, asked, by=mara, now=timezone.now())
    drain()
    test.refresh_from_db()
    assert (test.state, test.result["cases"], test.result["won"]) == ("done", 9_240, 3_561)
    return test


def test_rules_by_hand_tell_the_converted_and_columns_of_sales_are_named(
    mara: Member, study: Study, say: Callable[[str, Mapping[str, Any]], None]
) -> None:
    draft = a_draft_by_hand(mara, timezone.now())
    full = outcome_by_hand(draft, study, mara).result
    say("rules by hand, two of them by columns sales wrote", full)
    assert {each["field"] for each in full["suspects"]} >= SALES

    honest_study = Study(**{**vars(study), "without": SALES})
    honest = outcome_by_hand(draft, honest_study, mara).result
    say("the same without these two", honest)
    (version,) = honest["versions"]
    assert [each["is_left_out"] for each in version["rules"]] == [False] * 9 + [True] * 2
    assert not {each["field"] for each in honest["suspects"]} & SALES
    assert full["versions"][0]["area"]["value"] > version["area"]["value"] > 0.75
    assert honest["verdict"] == "orders"
    assert not honest["is_thin"]
    assert "puts good leads first" in verdict_sentence(honest, "leads that converted")
    rates = [band["rate"] for band in version["bands"] if band["cases"] > 100]
    assert rates[-1] > 2 * rates[0]
