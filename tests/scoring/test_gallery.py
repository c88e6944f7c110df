"""Ready models by industry: each can be started from, and asks only for what there is."""

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.publishing import publish_model
from scoring.actions.ready import AnotherDraft, start_ready
from scoring.actions.retiring import retire_model
from scoring.gallery import GALLERY
from scoring.models import ModelVersion, Purpose
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.scoring.builders import a_draft, finish

SCORING = "/w/acme/scoring/"
NOW = timezone.now()


@pytest.fixture
def mara_online(mara: Member) -> Client:
    return client_of(mara)


@pytest.mark.parametrize("key", GALLERY)
def test_each_model_can_be_published_as_it_is(mara: Member, key: str) -> None:
    lead = a_lead(job_title="Head of Purchasing, owner", email="a@firm.example", phone="+30210")
    for purpose in (Purpose.FIT, Purpose.MAIN):
        draft = start_ready(GALLERY[key], purpose=purpose, by=mara, now=NOW)
        finish(publish_model(draft, by=mara, reason="Ready", now=NOW), now=NOW)

    lead.refresh_from_db()
    assert (lead.score, lead.grade > "") == (0, True)
    assert draft.rules.count() >= 10


def test_the_gallery_is_read_and_a_draft_started_from_it(mara_online: Client) -> None:
    page = mara_online.get(f"{SCORING}gallery/").content.decode()
    started = mara_online.post(f"{SCORING}gallery/software/start/", {"purpose": "fit"})
    draft = ModelVersion.objects.draft().get()
    shown = mara_online.get(started["Location"]).content.decode()

    assert page.count("Start the fit grade from it") == len(GALLERY) == 6
    assert draft.model.purpose == "fit"
    assert "Throw-away mail" in shown


def test_a_draft_somebody_writes_is_not_overwritten(mara: Member) -> None:
    draft = a_draft()

    with pytest.raises(AnotherDraft, match="is being written"):
        start_ready(GALLERY["software"], purpose=Purpose.MAIN, by=mara, now=NOW)
    assert ModelVersion.objects.draft().get() == draft


def test_there_is_no_model_of_another_name(mara_online: Client) -> None:
    answer = mara_online.post(f"{SCORING}gallery/alchemy/start/", {"purpose": "main"})

    assert answer.status_code == 404


def test_retired_models_stay_readable(mara_online: Client, mara: Member) -> None:
    empty = mara_online.get(f"{SCORING}models/retired/").content.decode()
    draft = start_ready(GALLERY["software"], purpose=Purpose.FIT, by=mara, now=NOW)
    finish(publish_model(draft, by=mara, reason="Ready", now=NOW), now=NOW)
    retire_model(draft.model, by=mara, now=NOW)
    drain()

    page = mara_online.get(f"{SCORING}models/retired/").content.decode()

    assert "No retired models" in empty
    assert f"{SCORING}versions/{draft.pk}/" in page
    assert mara_online.get(f"{SCORING}versions/{draft.pk}/").status_code == 200


def test_the_api_lists_reads_and_starts_them(ada: Member) -> None:
    api = api_of(a_key(ada))
    listed = api.get("/api/v1/ready-models/").json()["results"]
    read = api.get("/api/v1/ready-models/software/").json()
    asked = {"key": "software", "purpose": "fit"}
    made = api.post("/api/v1/ready-models/", asked)
    again = api.post("/api/v1/ready-models/", asked)

    assert [each["key"] for each in listed] == [*GALLERY]
    assert [len(read["fit"]), len(read["engagement"])] == [
        listed[0]["fit_rules"],
        listed[0]["engagement_rules"],
    ]
    assert "job title contains" in read["fit"][0]["sentence"]
    assert made.status_code == 201
    draft = ModelVersion.objects.draft().get()
    assert (str(draft.pk), draft.model.purpose) == (made.json()["id"], "fit")
    assert draft.rules.count() == len(read["fit"])
    assert again.status_code == 409
    assert "is being written" in again.json()["detail"]


def test_the_api_knows_no_other_ones(ada: Member) -> None:
    api = api_of(a_key(ada))
    read = api.get("/api/v1/ready-models/alchemy/")
    made = api.post("/api/v1/ready-models/", {"key": "alchemy", "purpose": "main"})
    line = api.post("/api/v1/ready-models/", {"key": "software", "purpose": "product"})

    assert (read.status_code, made.status_code, line.status_code) == (404, 404, 422)
    assert "there are: software" in read.json()["detail"]
    assert not ModelVersion.objects.exists()
