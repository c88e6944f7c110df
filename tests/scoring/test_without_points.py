"""Sorted by decision rules, no number of a score is anywhere on screen, in a file or in the API."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from funnel.actions.claiming import claim_next
from funnel.actions.definitions import start_funnel
from leadmgmt.access import TABLE
from leadmgmt.workspaces.models import Member
from leads.actions.bulk import start_bulk
from leads.bulk import verb_called
from leads.bulk.exporting import ExportForm, file_of
from leads.bulk.selecting import selection_of
from leads.models import Lead
from scoring.actions.backtesting import start_back_test
from scoring.actions.foreseeing import ask_radius
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.simulating import start_simulation
from scoring.models import ModelVersion, PredictiveModel, Probability, ScoreModel
from scoring.predicting.features import Weights
from tests.architecture.routes import Route, routes
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of, drain
from tests.scoring.backtest.past import NOW, STUDY, people
from tests.scoring.builders import (
    INDIA,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)

PAGES = ("leads/", "leads/?sort=-score", "leads/{lead}/", "queue/", "scoring/", "companies/", "")
SCORES = re.compile(r'class="(score|points|rule-points|queue-score)"[^>]*>\s*[-−+]?\d')
WORDS = re.compile(r"\b(?:scores?|points?)\b", re.IGNORECASE)
TOLD = re.compile(r'"(?:score|points)": ?-?\d')
NUMBER = re.compile(r"\b(977|971|643|331)\b")


def bare(html: str) -> str:
    """All words on a page, without the marks around them."""
    return re.sub(r"<[^>]*>", " ", html)


def read(html: str) -> str:
    """What is on the page, without the menus around it."""
    main = html.split("<main", 1)[-1].split("</main>")[0]
    return bare(re.sub(r"<(template|dialog).*?</\1>", " ", main, flags=re.S))


def is_offer(route: Route) -> bool:
    """Ready models with points, to start from."""
    return route.name == "scoring:gallery"


def access_of(name: str) -> tuple[str, ...]:
    """The methods the table lets an admin use."""
    access = TABLE.get(name)
    return ("GET",) if access is not None and access.read else ()


@pytest.fixture
def sorted_lead(ada: Member) -> Lead:
    """Scored by points once, graded for fit and for a product; decision rules sort now."""
    now = timezone.now()
    lead = a_lead(name="Ines", email="ines@example.org", country="India", stage="mql")
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=now)
    a_published_model(a_profile_rule(643, name="Place"), a_behaviour_rule(331), by=ada, now=now)
    for purpose, points in (("fit", 977), ("product", 971)):
        model = add_model(purpose=purpose, name=purpose.title(), now=now)
        a_published_model(a_profile_rule(points), by=ada, now=now, model=model)
    start_funnel(now=now)
    draft = a_draft(a_profile_rule(643), mode="decisions")
    draft.decisions.create(name="From India", condition=INDIA, lead_class="hot")
    finish(publish_model(draft, by=ada, reason="Simple", now=now), now=now)
    lead.refresh_from_db()
    return lead


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_number(ada: Member, sorted_lead: Lead, page: str) -> None:
    claim_next(by=ada, now=timezone.now())
    shown = client_of(ada).get(f"/w/acme/{page.format(lead=sorted_lead.pk)}", follow=True)

    text = shown.content.decode()
    assert shown.status_code == 200
    assert not SCORES.search(text)
    assert not NUMBER.search(bare(text))


@pytest.mark.parametrize("page", [each for each in PAGES if each != "scoring/"])
def test_no_page_of_people_speaks_of_points(ada: Member, sorted_lead: Lead, page: str) -> None:
    claim_next(by=ada, now=timezone.now())
    shown = client_of(ada).get(f"/w/acme/{page.format(lead=sorted_lead.pk)}", follow=True)
    assert shown.status_code == 200
    text = read(shown.content.decode())
    assert [
        text[max(0, each.start() - 60) : each.end() + 60] for each in WORDS.finditer(text)
    ] == []


def test_no_page_at_all_shows_a_number(ada: Member, sorted_lead: Lead) -> None:
    claim_next(by=ada, now=timezone.now())
    browser, seen = client_of(ada), 0
    for route in routes():
        if not route.is_in_workspace or "GET" not in access_of(route.name) or is_offer(route):
            continue
        shown = browser.get(route.url("acme", sorted_lead.pk))
        if shown.status_code == 200 and "html" in shown["Content-Type"]:
            text = shown.content.decode()
            assert not SCORES.search(text), route.name
            assert not NUMBER.search(bare(text)), route.name
            seen += 1
    assert seen > 60


def pages_of_models() -> list[str]:
    """Of every model, each version and the draft: whatever is read there, not written."""
    models = ScoreModel.objects.exclude(purpose="main")
    versions = ModelVersion.objects.filter(model__in=models)
    pages = [f"scoring/?model={each.pk}" for each in models]
    pages += [f"scoring/draft/?model={each.pk}" for each in models]
    return [*pages, *(f"scoring/versions/{each.pk}/" for each in versions if each.number)]


def test_no_page_of_another_model_shows_a_number(ada: Member, sorted_lead: Lead) -> None:
    now = timezone.now()
    for model in ScoreModel.objects.exclude(purpose="main"):
        before = a_draft(a_profile_rule(331, name="Other"), a_behaviour_rule(-643), model=model)
        group = before.groups.create(name="Both", cap=971)
        before.rules.update(group=group)
        finish(publish_model(before, by=ada, reason="Other", now=now), now=now)
        a_draft(a_profile_rule(977), a_behaviour_rule(643, cap=971), model=model)
    browser, pages = client_of(ada), pages_of_models()
    assert len(pages) == 8
    for page in pages:
        shown = browser.get(f"/w/acme/{page}")
        text = shown.content.decode()
        assert shown.status_code == 200, page
        assert not SCORES.search(text), page
        assert not NUMBER.search(bare(text)), page
        assert "speaks for a lead" in text, page


@pytest.mark.parametrize("purpose", ["fit", "product"])
def test_no_rehearsal_of_another_model_shows_a_number(
    ada: Member, sorted_lead: Lead, purpose: str
) -> None:
    people()
    model = ScoreModel.objects.get(purpose=purpose)
    draft = a_draft(a_profile_rule(643), a_behaviour_rule(331, cap=977), model=model)
    simulation = start_simulation(draft, by=ada, now=NOW)
    radius = ask_radius(draft, now=NOW)
    test = start_back_test(draft, STUDY, by=ada, now=NOW)
    drain()
    test.refresh_from_db()
    assert test.result["versions"][0]["bands"]
    assert radius.figures["moved"]
    at, browser, api = f"?model={model.pk}", client_of(ada), api_of(a_key(ada))
    for page in (
        f"draft/simulate/{at}",
        f"draft/simulate/leads/{at}",
        f"draft/publish/{at}",
        f"draft/effect/people/{at}&figure=moved",
        f"back-tests/{at}",
        f"back-tests/{test.pk}/",
    ):
        shown = browser.get(f"/w/acme/scoring/{page}")
        assert shown.status_code == 200, page
        text = shown.content.decode()
        assert not SCORES.search(text), page
        assert not NUMBER.search(bare(text)), page
    for address in (
        f"simulations/{simulation.pk}/",
        f"simulations/{simulation.pk}/leads/",
        f"back-tests/{test.pk}/",
        f"score-models/{model.pk}/blast-radius/",
        f"score-models/{model.pk}/blast-radius/people/",
    ):
        answer = api.get(f"/api/v1/{address}")
        assert answer.status_code == 200, address
        assert not NUMBER.search(answer.content.decode()), address
        assert not re.search(r'"(?:\w*score|points)": ?-?\d', answer.content.decode()), address


def test_no_builder_speaks_of_scores(ada: Member, sorted_lead: Lead) -> None:
    browser = client_of(ada)
    state = urlencode({"list": urlencode({"condition": json.dumps(INDIA)})})
    text = browser.get(f"/w/acme/leads/filter/?{state}").content.decode()
    assert '<option value="country" selected>' in text
    assert not re.search(r'<option value="score', text)
    words = api_of(a_key(ada)).get("/api/v1/conditions/vocabulary/").json()["fields"]
    assert not [each for each in words if each["name"].startswith("score")]


def test_no_file_of_leads_has_a_number(ada: Member, sorted_lead: Lead) -> None:
    product = ScoreModel.objects.get(purpose="product")
    names = ["name", "country", "score", f"score.{product.pk}", "lead_class"]
    verb = verb_called("export")
    assert verb is not None
    bulk = start_bulk(
        verb,
        parameters={"format": "csv", "columns": names},
        selection=selection_of({"ids": [str(sorted_lead.pk)]}, member=ada),
        by=ada,
        now=timezone.now(),
    )
    drain()
    bulk.refresh_from_db()
    lines = file_of(bulk)[0].decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Country,Class"
    assert not NUMBER.search("".join(lines))
    assert not [name for name, _label in ExportForm().fields["columns"].choices if "score" in name]  # type: ignore[attr-defined]  # a field of choices


def test_no_address_of_the_api_tells_a_number(ada: Member, sorted_lead: Lead) -> None:
    client, seen = api_of(a_key(ada)), 0
    for route in routes():
        if not route.is_api:
            continue
        shown = client.get(route.url("", sorted_lead.pk))
        if shown.status_code == 200:
            text = shown.content.decode()
            assert not NUMBER.search(text), route.name
            assert not TOLD.search(text), route.name
            seen += 1
    assert seen > 20


def test_lists_and_exports_offer_no_column_of_scores(ada: Member, sorted_lead: Lead) -> None:
    page = client_of(ada).get("/w/acme/leads/?columns=score,country&panel=columns").content.decode()
    assert "India" in page
    assert ">Score<" not in page
    columns: Any = ExportForm().fields["columns"]
    assert "score" not in dict(columns.choices)


def test_the_chance_says_its_reasons_without_points(ada: Member, sorted_lead: Lead) -> None:
    model = PredictiveModel.objects.create(
        number=1, state="chosen", asked_at=timezone.now(), weights=Weights(-977, ()).as_json()
    )
    Probability.objects.create(lead=sorted_lead, model=model, points=-977, as_of=timezone.now())
    page = client_of(ada).get(f"/w/acme/leads/{sorted_lead.pk}/").content.decode()
    told = api_of(a_key(ada)).get(f"/api/v1/leads/{sorted_lead.pk}/probability/").json()
    assert "chance, by what became of earlier leads" in page
    assert not NUMBER.search(bare(page))
    assert (told["points"], told["base"]) == (None, None)


def test_a_definition_that_asks_for_points_is_warned_about(ada: Member, sorted_lead: Lead) -> None:
    browser = client_of(ada)
    warning = "nobody becomes an MQL by it"
    assert warning in browser.get("/w/acme/scoring/").content.decode()
    draft = a_draft(a_profile_rule(5), mode="decisions")
    assert warning in browser.get("/w/acme/scoring/draft/publish/").content.decode()
    assert warning in browser.get("/w/acme/scoring/draft/").content.decode()
    assert warning in browser.get("/w/acme/definitions/").content.decode()
    version = f"/api/v1/score-versions/{draft.pk}/"
    api = api_of(a_key(ada))
    assert warning in api.get(version).json()["warnings"][0]
    draft.mode = "points"
    draft.save()
    switched = browser.post("/w/acme/scoring/draft/sorting/", {"mode": "decisions"}, follow=True)
    assert "becomes an MQL by it once the draft is published" in switched.content.decode()
    browser.post("/w/acme/scoring/draft/sorting/", {"mode": "points"})
    assert api.get(version).json()["warnings"] == []
    assert warning not in browser.get("/w/acme/scoring/draft/publish/").content.decode()


def test_the_api_says_null(ada: Member, sorted_lead: Lead) -> None:
    client = api_of(a_key(ada))
    score = client.get(f"/api/v1/leads/{sorted_lead.pk}/score/")
    lead = client.get(f"/api/v1/leads/{sorted_lead.pk}/").json()

    told = score.json()
    assert lead["score"] is None
    assert [each["score"] for each in told["models"]] == [None, None, None]
    assert [each["contributions"] for each in told["models"]] == [[], [], []]
    assert not NUMBER.search(score.content.decode())
    assert (told["lead_class"], lead["grade"]) == ("hot", "A+")
