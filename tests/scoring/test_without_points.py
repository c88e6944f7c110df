"""Sorted by decision rules, no number of a score is anywhere on screen, in a file or in the API."""

import re
from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.claiming import claim_next
from funnel.actions.definitions import start_funnel
from leadmgmt.access import TABLE
from leadmgmt.workspaces.models import Member
from leads.bulk.exporting import ExportForm
from leads.models import Lead
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.models import PredictiveModel, Probability
from scoring.predicting.features import Weights
from tests.architecture.routes import Route, routes
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of
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
# Models of points are written in points; a workspace that wants none has none of them.
OF_MODELS = ("api:score-model-list", "api:score-model-detail", "api:score-model-versions")
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
    lead = a_lead(country="India", stage="mql")
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


def test_no_address_of_the_api_tells_a_number(ada: Member, sorted_lead: Lead) -> None:
    client, seen = api_of(a_key(ada)), 0
    for route in routes():
        if not route.is_api or route.name in OF_MODELS:
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
    draft.mode = "points"
    draft.save()
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
