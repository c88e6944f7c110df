"""How a draft sorts, on its pages: the matrix of classes, urgency, decision rules."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.models import add_model
from scoring.models import Decision, ModelVersion
from tests.builders import a_draft_of
from tests.clients import client_of
from tests.scoring.builders import INDIA, a_draft, a_profile_rule

DRAFT = "/w/acme/scoring/draft/"
ASKED = {"activity": "form_submitted", "within_days": 7}
CELLS = {f"{band}-none-{urgent}": band for band in ("hot", "warm", "cold") for urgent in (0, 1)}


@pytest.fixture
def draft(mara: Member) -> ModelVersion:
    return a_draft(a_profile_rule(40))


@pytest.fixture
def mara_online(mara: Member) -> Client:
    return client_of(mara)


def a_decision(draft: ModelVersion, name: str, **given: Any) -> Decision:
    usual = {"condition": INDIA, "lead_class": "hot", "position": draft.decisions.count()}
    made: Decision = draft.decisions.create(name=name, **usual | given)
    return made


def names(draft: ModelVersion) -> list[str]:
    return list(draft.decisions.order_by("position").values_list("name", flat=True))


def test_the_matrix_and_urgency_are_written(mara_online: Client, draft: ModelVersion) -> None:
    form = {"save": "1"} | CELLS | {"warm-none-1": "hot"} | a_draft_of(ASKED, is_alone=True)

    answer = mara_online.post(f"{DRAFT}matrix/", form)

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.matrix, draft.urgency) == ({"warm": {"": ["warm", "hot"]}}, ASKED)
    page = mara_online.get(DRAFT).content.decode()
    assert "Warm by score without a grade is warm, urgent hot." in page
    assert "Urgent means: " in page


def test_letters_stand_in_the_matrix_once_leads_are_graded(
    mara_online: Client, draft: ModelVersion
) -> None:
    before = mara_online.get(f"{DRAFT}matrix/").content.decode()
    add_model(purpose="fit", name="Fit", now=timezone.now())
    after = mara_online.get(f"{DRAFT}matrix/").content.decode()

    assert ('name="warm-A-0"' in before, 'name="warm-A-0"' in after) == (False, True)


def test_what_is_no_class_is_refused_and_nothing_is_lost(
    mara_online: Client, draft: ModelVersion
) -> None:
    form = {"save": "1"} | CELLS | {"warm-none-1": "boiling", "cold-none-0": "warm"}

    answer = mara_online.post(f"{DRAFT}matrix/", form)

    assert answer.status_code == 422
    assert '<option value="warm" selected>' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.matrix == {}


def test_the_draft_is_switched_to_decision_rules_and_back(
    mara_online: Client, draft: ModelVersion
) -> None:
    mara_online.post(f"{DRAFT}sorting/", {"mode": "decisions"})
    by_decisions = mara_online.get(DRAFT).content.decode()
    mara_online.post(f"{DRAFT}sorting/", {"mode": "points"})
    by_points = mara_online.get(DRAFT).content.decode()

    assert "Add a decision rule" in by_decisions
    assert "rule-points" not in by_decisions
    assert "Add a profile rule" in by_points
    assert draft.rules.count() == 1


def test_an_unknown_mode_is_refused(mara_online: Client, draft: ModelVersion) -> None:
    mara_online.post(f"{DRAFT}sorting/", {"mode": "dice"})

    draft.refresh_from_db()
    assert draft.mode == "points"


def test_a_decision_rule_is_added_and_changed(mara_online: Client, draft: ModelVersion) -> None:
    form = {"save": "1", "name": "Asked of late", "lead_class": "hot"}
    mara_online.post(f"{DRAFT}decisions/add/", form | a_draft_of(ASKED))
    decision = draft.decisions.get()
    refused = mara_online.post(
        f"{DRAFT}decisions/{decision.pk}/",
        form | a_draft_of({"field": "score", "is_at_least": 3}),
    )
    mara_online.post(
        f"{DRAFT}decisions/{decision.pk}/", form | {"lead_class": "warm"} | a_draft_of(INDIA)
    )

    assert refused.status_code == 422
    assert "cannot look at “score”" in refused.content.decode()
    decision.refresh_from_db()
    assert (decision.name, decision.lead_class) == ("Asked of late", "warm")
    assert decision.condition == INDIA


def test_decision_rules_are_moved_copied_and_removed(
    mara_online: Client, draft: ModelVersion
) -> None:
    first, second = a_decision(draft, "First"), a_decision(draft, "Second")

    mara_online.post(f"{DRAFT}decisions/{second.pk}/move/", {"to": "up"})
    assert names(draft) == ["Second", "First"]
    copied = mara_online.post(f"{DRAFT}decisions/{second.pk}/duplicate/")
    assert names(draft) == ["Second", "Second (copy)", "First"]
    assert mara_online.get(copied["Location"]).status_code == 200
    mara_online.post(f"{DRAFT}decisions/{first.pk}/remove/")
    assert names(draft) == ["Second", "Second (copy)"]


def test_decision_rules_of_a_published_version_stay(
    mara_online: Client, draft: ModelVersion
) -> None:
    decision = a_decision(draft, "First")
    ModelVersion.objects.filter(pk=draft.pk).update(state="retired", number=1)

    assert mara_online.get(f"{DRAFT}decisions/{decision.pk}/").status_code == 404
    assert mara_online.post(f"{DRAFT}decisions/{decision.pk}/remove/").status_code == 404


def test_urgency_without_a_test_is_nobody_not_everybody(
    mara_online: Client, draft: ModelVersion
) -> None:
    page = mara_online.get(f"{DRAFT}matrix/").content.decode()
    assert "Nothing is asked: this holds for nobody" in page
    assert "everybody" not in page.lower()
    counted = html.unescape(re.findall(r'class="condition-count"[^>]*hx-post="([^"]*)"', page)[0])
    sent = {"condition-part": "r", "condition-r-kind": "group", "condition-r-about": "all"}
    assert "holds for nobody" in mara_online.post(counted, sent).content.decode()
