"""Sorted by decision rules, no number of a score is anywhere on screen, in a file or in the API."""

import re

import pytest
from django.utils import timezone

from funnel.actions.claiming import claim_next
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
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
NUMBER = re.compile(r"\b(977|971|643|331)\b")


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
    assert not NUMBER.search(re.sub(r"<[^>]*>", " ", text))


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
