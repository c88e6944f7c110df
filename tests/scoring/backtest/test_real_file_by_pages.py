"""The X Education leads once more, as a marketer meets them: every rule written through the page.

Nothing is called but addresses of pages; what is asserted stands on the page. Skipped where the
shared data folder is absent.
"""

import re
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member, Workspace
from scoring.cases import Study
from tests.builders import a_draft_of
from tests.clients import client_of, drain
from tests.scoring.backtest.test_real_file import (
    BY_SALES,
    FILE,
    RULES,
    SALES,
    study,  # noqa: F401  # a fixture
)

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not here"),
    pytest.mark.timeout(300),
]

SCORING = "/w/acme/scoring/"
CURVE = re.compile(r'<path class="line[^"]*" d="M ?[^"]{80,}"')
AREA = re.compile(r"area under the curve \(AUC\) (0\.\d{3})")


@pytest.fixture
def page(mara: Member) -> Client:
    return client_of(mara)


def read(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def empty_the_ready_draft(page: Client) -> None:
    """The draft begins with rules that fit most firms; these leads are no firms."""
    page.post(f"{SCORING}draft/start/")
    for address in re.findall(r'action="([^"]+/remove/)"', read(page, f"{SCORING}draft/")):
        assert page.post(address).status_code == 302


def write_rule(page: Client, points: int, condition: dict[str, Any]) -> None:
    form = {"save": "1", "name": "", "points": str(points)} | a_draft_of(condition)
    answer = page.post(f"{SCORING}draft/rules/add/profile/", form)
    assert answer.status_code == 302, answer.content.decode()


def asked(imported: Study, *without: str) -> dict[str, Any]:
    """The whole file, decided about as it was imported; converted is good."""
    return {
        "outcome": "field",
        "field": "attributes.converted",
        "value": "yes",
        "created_from": _day(imported.created_from),
        "created_to": _day(imported.created_to),
        "wait_days": "0",
        "within_days": "0",
        "without": without,
    }


def _day(moment: datetime) -> str:
    zone = ZoneInfo(Workspace.objects.get(slug="acme").time_zone)
    return timezone.localdate(moment, zone).isoformat()


def back_test(page: Client, imported: Study, *without: str) -> str:
    """Ask for a back-test of the draft and wait for it; what its page says."""
    form = read(page, f"{SCORING}back-tests/")
    draft = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>Draft', form)
    assert draft
    answer = page.post(f"{SCORING}back-tests/", asked(imported, *without) | {"version": draft[1]})
    assert answer.status_code == 302, answer.content.decode()
    drain()
    return read(page, answer["Location"])


def test_a_model_written_through_the_page_is_told_by_its_curves(
    page: Client,
    study: Study,  # noqa: F811  # the file, imported
    capsys: pytest.CaptureFixture[str],
) -> None:
    empty_the_ready_draft(page)
    for points, condition in (*RULES, *BY_SALES):
        write_rule(page, points, condition)
    draft = read(page, f"{SCORING}draft/")
    assert draft.count('class="rule-name"') == len(RULES) + len(BY_SALES)
    counted = page.get(f"{SCORING}draft/?counts=1", headers={"HX-Request": "true"})
    assert re.search(r"[\d,]{3,} leads now", counted.content.decode())
    trained = page.post(f"{SCORING}predicting/train/", asked(study, *SALES))
    assert trained.status_code == 302, trained.content.decode()
    drain()

    full, honest = back_test(page, study), back_test(page, study, *SALES)

    assert "9,240 leads, 3,561 of them good" in honest
    assert len(CURVE.findall(honest)) >= 4  # gain and lift, by the rules and by the model
    assert "The predictive model beside it: version 1" in honest
    areas = [float(AREA.findall(each)[0]) for each in (full, honest)]
    assert areas[0] > areas[1] > 0.75
    assert "left out" in honest
    assert "To be wary of" in full
    with capsys.disabled():
        sys.stdout.write(f"\nwritten through the page: AUC {areas[0]}, without sales' {areas[1]}")
