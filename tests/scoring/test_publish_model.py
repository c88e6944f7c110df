"""A version is worked out in the background; the one before serves until the switch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leads.models import Lead
from scoring.actions import rescoring
from scoring.actions.drafting import CannotChangeModel, start_draft
from scoring.actions.publishing import AnotherIsPrepared, publish_model, recompute_model
from scoring.actions.recomputing import advance_recomputes
from scoring.actions.rescoring import rescore_due, rescore_leads
from scoring.actions.rules import save_rule
from scoring.actions.words import RuleWords
from scoring.events import LeadsScored
from scoring.models import Hit, LeadScore, ModelState, Pattern, ScoreChange
from scoring.queries import explain_score
from tests.builders import a_lead, an_activity
from tests.scoring.builders import (
    PRICING,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[LeadsScored]:
    events: list[LeadsScored] = []
    monkeypatch.setattr(rescoring, "publish", events.append)
    return events


@pytest.fixture
def lead(world: World) -> Lead:
    return a_lead(country="India")


def shown(lead: Lead) -> tuple[int | None, str]:
    lead.refresh_from_db()
    return lead.score, lead.lead_class


def test_the_version_before_serves_until_the_switch(lead: Lead, world: World) -> None:
    first = a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    draft = a_draft(a_profile_rule(80))
    recompute = publish_model(draft, by=world.mara, reason="Hotter", now=NOW)

    advance_recomputes([recompute.pk], now=NOW)  # works out all leads there are

    assert LeadScore.objects.get(lead=lead, version=draft).value == 80
    assert shown(lead) == (40, "warm")
    explanation = explain_score(lead)
    assert explanation is not None
    assert (explanation.version, explanation.score) == (first, 40)

    finish(recompute, now=NOW)

    assert shown(lead) == (80, "hot")
    first.refresh_from_db()
    assert first.state == ModelState.RETIRED
    assert set(LeadScore.objects.values_list("version", flat=True)) == {draft.pk}
    assert len(LeadScore.objects.get().places) == 1


def test_a_fact_that_comes_while_it_is_worked_out_counts_in_both(lead: Lead, world: World) -> None:
    a_published_model(a_behaviour_rule(10), by=world.mara, now=NOW)
    recompute = publish_model(a_draft(a_behaviour_rule(50)), by=world.mara, reason="+", now=NOW)
    advance_recomputes([recompute.pk], now=NOW)

    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW - DAY)
    rescore_leads([lead.pk], now=NOW)
    late = a_lead()
    an_activity(late, properties={"path": "/pricing"}, occurred_at=NOW)
    rescore_leads([late.pk], now=NOW)

    assert shown(lead) == (10, "cold")
    finish(recompute, now=NOW)
    assert shown(lead) == shown(late) == (50, "warm")


def test_history_names_the_version_for_ever(lead: Lead, world: World) -> None:
    first = a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    second = a_published_model(a_profile_rule(80), by=world.mara, now=NOW + DAY)

    rows = ScoreChange.objects.filter(lead=lead).order_by("at")
    assert list(
        rows.values_list("old_score", "new_score", "old_class", "new_class", "version")
    ) == [
        (None, 40, "", "warm", first.pk),
        (40, 80, "warm", "hot", second.pk),
    ]


def test_an_unmoved_score_has_no_history_and_tells_nobody(
    lead: Lead, world: World, announced: list[LeadsScored]
) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    announced.clear()

    assert rescore_leads([lead.pk], now=NOW) == 0
    assert announced == []
    assert ScoreChange.objects.count() == 1


def test_publishing_is_quiet_unless_asked(
    lead: Lead, world: World, announced: list[LeadsScored]
) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    a_published_model(a_profile_rule(80), by=world.mara, now=NOW, is_quiet=False)

    assert announced == [
        LeadsScored((lead.pk,), is_quiet=True),
        LeadsScored((lead.pk,), is_quiet=False),
    ]


def test_a_quiet_import_stays_quiet(lead: Lead, world: World, announced: list[LeadsScored]) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    other = a_lead(country="India")

    rescore_leads([other.pk], now=NOW, is_quiet=True)
    rescore_leads([lead.pk], now=NOW)

    assert announced[-1] == LeadsScored((other.pk,), is_quiet=True)


def test_points_fade_when_the_window_ends(lead: Lead, world: World) -> None:
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW - 3 * DAY)
    a_published_model(a_behaviour_rule(50, window_days=7), by=world.mara, now=NOW)

    assert rescore_due(now=NOW + 4 * DAY) == 0
    assert shown(lead) == (50, "warm")
    assert rescore_due(now=NOW + 5 * DAY) == 1
    assert shown(lead) == (0, "cold")
    assert rescore_due(now=NOW + 6 * DAY) == 0


def test_a_change_of_points_looks_at_no_fact(
    lead: Lead, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    a_published_model(a_behaviour_rule(50), by=world.mara, now=NOW)

    def refuse(*_: Any) -> None:
        raise AssertionError("The facts were matched again.")

    monkeypatch.setattr("scoring.statements.refresh_hits", refuse)
    a_published_model(a_behaviour_rule(60, window_days=3), by=world.mara, now=NOW)

    assert shown(lead) == (60, "warm")
    assert Pattern.objects.count() == 1


def test_what_no_version_looks_for_is_forgotten(lead: Lead, world: World) -> None:
    an_activity(lead, kind="visit", occurred_at=NOW)
    a_published_model(a_behaviour_rule(50, {"activity": "visit"}), by=world.mara, now=NOW)
    assert Hit.objects.count() == 1

    a_published_model(a_behaviour_rule(60, PRICING), by=world.mara, now=NOW)

    assert Hit.objects.count() == 0
    assert Pattern.objects.get().test == PRICING


def test_only_one_version_is_worked_out_at_a_time(lead: Lead, world: World) -> None:
    publish_model(a_draft(a_profile_rule(40)), by=world.mara, reason="One", now=NOW)
    draft = a_draft(a_profile_rule(50))

    with pytest.raises(AnotherIsPrepared, match="Version 1 is still being worked out"):
        publish_model(draft, by=world.mara, reason="Two", now=NOW)


def test_a_published_version_cannot_be_changed(lead: Lead, world: World) -> None:
    model = a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    words = RuleWords("More", "profile", {"field": "city", "is": "Pune"}, 5)

    with pytest.raises(CannotChangeModel):
        save_rule(model, words)


def test_a_draft_begins_as_a_copy_of_what_serves(lead: Lead, world: World) -> None:
    a_published_model(a_profile_rule(40, name="From India"), by=world.mara, now=NOW, hot_from=90)

    draft = start_draft(by=world.mara, now=NOW)

    assert (draft.hot_from, draft.number) == (90, None)
    assert draft.rules.get().name == "From India"
    assert start_draft(by=world.mara, now=NOW) == draft


def test_a_recompute_finds_what_was_lost(lead: Lead, world: World) -> None:
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    a_published_model(a_behaviour_rule(50), by=world.mara, now=NOW)
    Hit.objects.all().delete()
    LeadScore.objects.all().delete()
    Lead.objects.update(score=None)

    finish(recompute_model(by=world.mara, now=NOW), now=NOW)

    assert shown(lead) == (50, "warm")
    assert LeadScore.objects.get().facts == [1]


def test_without_a_model_there_is_no_score(lead: Lead) -> None:
    assert rescore_leads([lead.pk], now=NOW) == 0
    assert shown(lead) == (None, "")
    assert explain_score(lead) is None
