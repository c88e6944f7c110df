"""Beside the rules of a draft stands how many leads each hits; of very many, by an estimate."""

import pytest
from django.utils import timezone

from leads.models import Lead
from scoring.models import ModelVersion
from scoring.queries import counting, draft_counted
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of
from tests.scoring.builders import a_behaviour_rule, a_draft, a_profile_rule
from tests.worlds import World

NOW = timezone.now()
COUNTS = "/w/acme/scoring/draft/?counts=1"
INDIANS, LEADS = 800, 2_000


@pytest.fixture
def draft(world: World) -> ModelVersion:
    """Two of five come from India, one has looked at prices."""
    Lead.objects.bulk_create(
        Lead(country="India" if nth < INDIANS else "Chile") for nth in range(LEADS - 1)
    )
    an_activity(a_lead(country="Chile"), properties={"path": "/pricing"}, occurred_at=NOW)
    called = a_profile_rule(1, {"field": "phone", "is_known": True})
    return a_draft(a_profile_rule(5), a_behaviour_rule(3), called)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 1,000 leads on, about 500 are drawn."""
    monkeypatch.setattr(counting, "MOST_COUNTED", 1_000)
    monkeypatch.setattr(counting, "DRAWN", 500)


def test_few_leads_are_counted(draft: ModelVersion) -> None:
    counted = draft_counted(draft, NOW)

    assert [each.leads for each in counted.rules] == [INDIANS, 1, 0]
    assert (counted.total, counted.drawn) == (LEADS, None)


def test_of_many_a_sample_is_asked(draft: ModelVersion, drawn: None, world: World) -> None:
    counted = draft_counted(draft, NOW)

    india, _prices, phones = counted.rules
    assert counted.drawn is not None
    assert 300 < counted.drawn < 700
    assert india.is_estimated
    assert 550 <= (india.leads or 0) <= 1_050
    assert phones.leads == 0
    page = client_of(world.mara).get(COUNTS, headers={"HX-Request": "true"}).content.decode()
    assert "Estimated: " in page
    assert "of 2,000 leads were drawn at random" in page
    told = api_of(a_key(world.ada)).get(f"/api/v1/score-versions/{draft.pk}/counts/").json()
    assert (told["total"], told["drawn"]) == (LEADS, counted.drawn)
    assert [each["name"] for each in told["rules"]] == ["Profile", "Behaviour", "Profile"]


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_given_up(
    draft: ModelVersion, drawn: None, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr(counting, "WITHIN_MS", 1)

    counted = draft_counted(draft, NOW)

    assert [each.leads for each in counted.rules] == [None] * 3
    page = client_of(world.mara).get(COUNTS, headers={"HX-Request": "true"}).content.decode()
    assert "Counting took too long" in page
