"""Further models on the pages: a fit model is added, written, published, and retired."""

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.models import add_model
from scoring.models import ModelVersion, Rule, RuleGroup, ScoreModel
from tests.builders import a_draft_of, a_lead
from tests.clients import client_of, drain
from tests.scoring.builders import PRICING, a_draft, a_profile_rule, a_published_model

SCORING = "/w/acme/scoring/"


@pytest.fixture
def mara_online(mara: Member) -> Client:
    return client_of(mara)


@pytest.fixture
def fit(mara: Member) -> ScoreModel:
    a_published_model(a_profile_rule(40), by=mara, now=timezone.now())
    return add_model(purpose="fit", name="Fit", now=timezone.now())


def test_a_fit_model_is_added_and_published(mara_online: Client, mara: Member) -> None:
    lead = a_lead(country="India")
    a_published_model(a_profile_rule(40), by=mara, now=timezone.now())
    added = mara_online.post(f"{SCORING}models/add/", {"purpose": "fit", "name": "Whom we want"})
    again = mara_online.post(f"{SCORING}models/add/", {"purpose": "fit", "name": "Once more"})
    draft = ModelVersion.objects.draft().get()
    at = f"?model={draft.model_id}"
    assert added["Location"] == f"{SCORING}draft/{at}"
    assert again.status_code == 422
    assert "for this purpose already" in again.content.decode()

    rule = {"save": "1", "points": "57"} | a_draft_of({"field": "country", "is": "India"})
    mara_online.post(f"{SCORING}draft/rules/add/profile/{at}", rule)
    page = mara_online.get(added["Location"]).content.decode()
    mara_online.post(f"{SCORING}draft/publish/{at}", {"reason": "First"})
    drain()

    assert "Save grades" in page
    lead.refresh_from_db()
    assert (lead.score, lead.grade) == (40, "A")
    listed = mara_online.get(SCORING).content.decode()
    assert f'href="{SCORING}?model={draft.model_id}"' in listed
    assert "Whom we want" in listed


def test_grades_and_ends_of_the_scale_are_saved(mara_online: Client, fit: ScoreModel) -> None:
    draft = a_draft(model=fit)
    url = f"{SCORING}draft/?model={fit.pk}"
    bounds = "96, 93, 90, 87, 83, 80, 77, 73, 70, 67, 63, 60"

    wrong = mara_online.post(url, {"grades": "96, 97", "most": "100"})
    right = mara_online.post(url, {"grades": bounds, "most": "100", "least": "0"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "from A+ down to D-" in wrong.content.decode()
    draft.refresh_from_db()
    assert (draft.grades[:2], draft.least, draft.most) == ([96, 93], 0, 100)


def test_a_rule_fades_and_is_capped_with_others(mara_online: Client, mara: Member) -> None:
    draft = a_draft()
    mara_online.post(f"{SCORING}draft/groups/", {"name": "Web", "cap": "30"})
    group = RuleGroup.objects.get(version=draft)
    form = {"points": "8", "given": "day", "group": str(group.pk)} | a_draft_of(PRICING)

    asked = mara_online.post(
        f"{SCORING}draft/rules/add/behaviour/", form | {"decay": "half_life"}
    ).content.decode()
    for fading in ({"decay": "half_life"}, {"decay": "steps", "steps": "9: 50, 3: 20"}):
        refused = mara_online.post(
            f"{SCORING}draft/rules/add/behaviour/", form | fading | {"save": "1"}
        )
        assert refused.status_code == 422
    steps = {"save": "1", "decay": "steps", "steps": "3: 50 %, 9: 0"}
    mara_online.post(f"{SCORING}draft/rules/add/behaviour/", form | steps)

    assert "Half is left after, days" in asked
    rule = Rule.objects.get()
    assert (rule.decay, rule.steps, rule.group) == ("steps", [[3, 50], [9, 0]], group)
    page = mara_online.get(f"{SCORING}draft/rules/{rule.pk}/").content.decode()
    assert "3: 50, 9: 0" in page

    mara_online.post(f"{SCORING}draft/groups/{group.pk}/remove/")
    rule.refresh_from_db()
    assert rule.group is None


def test_a_model_is_retired(mara_online: Client, fit: ScoreModel, mara: Member) -> None:
    lead = a_lead(country="India")
    a_published_model(a_profile_rule(57), by=mara, now=timezone.now(), model=fit)
    lead.refresh_from_db()
    assert lead.grade == "A"

    mara_online.post(f"{SCORING}models/{fit.pk}/retire/")
    drain()

    lead.refresh_from_db()
    assert lead.grade == ""
    assert mara_online.get(f"{SCORING}?model={fit.pk}").status_code == 404


def test_decision_rules_are_read_without_numbers(mara_online: Client, mara: Member) -> None:
    lead = a_lead(country="India")
    draft = a_draft(mode="decisions")
    draft.decisions.create(
        name="From India", condition={"field": "country", "is": "India"}, lead_class="hot"
    )
    mara_online.post(f"{SCORING}draft/publish/", {"reason": "Simple"})
    drain()

    page = mara_online.get(SCORING).content.decode()
    of_lead = mara_online.get(f"/w/acme/leads/{lead.pk}/").content.decode()

    assert "From India" in page
    assert "A score of 70 or more" not in page
    assert "Hot, because of the rule “From India”." in of_lead
