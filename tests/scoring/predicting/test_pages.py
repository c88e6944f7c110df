"""The pages of the predictive model: asked, read, chosen, shown on a lead."""

from typing import Any

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from scoring.models import PredictiveModel
from tests.builders import a_custom_field
from tests.clients import client_of, drain
from tests.scoring.predicting.builders import (
    A_DAY,
    NOW,
    a_chosen_model,
    a_trained_model,
    some_leads,
)

ASKED = {
    "outcome": "sql",
    "created_from": str((NOW - 300 * A_DAY).date()),
    "created_to": str(NOW.date()),
    "wait_days": "14",
    "within_days": "30",
}


@pytest.fixture
def mara_online(mara: Member) -> Client:
    return client_of(mara)


def test_without_a_version_it_says_what_it_is_for(mara_online: Client, rita: Member) -> None:
    page = mara_online.get("/w/acme/scoring/predicting/").content.decode()
    assert "Nothing trained yet" in page
    assert "never replaces them" in page
    of_a_rep = client_of(rita).get("/w/acme/scoring/predicting/").content.decode()
    assert "A marketer or an admin trains the first version." in of_a_rep


def test_a_version_is_trained_read_chosen_and_retired(mara_online: Client) -> None:
    some_leads(800)
    answer = mara_online.post("/w/acme/scoring/predicting/train/", ASKED)
    made = PredictiveModel.objects.get()
    assert answer["Location"] == f"/w/acme/scoring/predicting/{made.pk}/"
    page = mara_online.get(answer["Location"]).content.decode()
    assert "looking for leads whose outcome is known" in page
    drain()
    page = mara_online.get(answer["Location"]).content.decode()
    assert "Ranks right" in page
    assert "country: Greece" in page
    assert page.count("<title>expected ") == 10
    missing = mara_online.post(f"{answer['Location']}choose/", {"reason": ""})
    assert missing.status_code == 422
    mara_online.post(f"{answer['Location']}choose/", {"reason": "Ranks well"})
    drain()
    listed = mara_online.get("/w/acme/scoring/predicting/").content.decode()
    assert "Ranks well" in listed
    assert "Too early to say" in listed
    mara_online.post(f"{answer['Location']}retire/")
    made.refresh_from_db()
    assert made.state == "retired"


def test_what_cannot_be_asked_is_said_at_its_field(mara_online: Client) -> None:
    asked = {**ASKED, "created_from": ASKED["created_to"], "created_to": ASKED["created_from"]}
    answer = mara_online.post("/w/acme/scoring/predicting/train/", asked)
    assert answer.status_code == 422
    assert "must begin before it ends" in answer.content.decode()
    assert not PredictiveModel.objects.exists()


def test_too_few_cases_are_told_with_their_numbers(mara_online: Client, mara: Member) -> None:
    some_leads(120)
    refused = a_trained_model(mara)
    page = mara_online.get(f"/w/acme/scoring/predicting/{refused.pk}/").content.decode()
    assert "There are 120 cases" in page
    assert "at least 200 cases, 50 of each kind" in page


def test_suspects_are_named_and_left_out_of_the_next_one(mara_online: Client, mara: Member) -> None:
    a_custom_field("verdict", "text")
    some_leads(800)
    won = list(Activity.objects.filter(kind="stage_entered").values_list("lead_id", flat=True))
    Lead.objects.filter(pk__in=won).update(attributes={"verdict": "good"})
    trained = a_trained_model(mara)
    page = mara_online.get(f"/w/acme/scoring/predicting/{trained.pk}/").content.decode()
    assert "1 field looks as if it was written when the outcome was known" in page
    assert "Alone it tells winners from the others in" in page
    form = mara_online.get("/w/acme/scoring/predicting/train/?like=1&without=suspects")
    assert form.context["form"].initial["without"] == ["attributes.verdict"]


def test_a_lead_shows_its_chance_with_reasons(
    mara_online: Client, mara: Member, django_assert_max_num_queries: Any
) -> None:
    some_leads(800)
    lead = Lead.objects.filter(country="Greece").latest("created_at")
    before = mara_online.get(f"/w/acme/leads/{lead.pk}/").content.decode()
    assert "by what became of earlier leads" not in before
    a_chosen_model(mara)
    page = mara_online.get(f"/w/acme/leads/{lead.pk}/").content.decode()
    assert "by what became of earlier leads" in page
    assert "country: Greece" in page
    assert "raises the chance: odds ×" in page
    with django_assert_max_num_queries(15):
        mara_online.get("/w/acme/scoring/predicting/")
