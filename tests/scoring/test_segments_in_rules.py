"""Rules ask for indicators and live segments: by what they mean, kept with the version."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.refusals import Refusal
from leads.actions.activities import NewActivity, record_activities
from leads.actions.segments import change_segment, create_segment, retire_segment
from leads.models import Lead, LeadClass, Segment, SegmentKind
from scoring.actions.drafting import start_draft
from scoring.actions.publishing import publish_model, recompute_model
from scoring.actions.rescoring import rescore_due
from scoring.actions.rules import save_rule
from scoring.actions.sorting import save_decision
from scoring.actions.words import RuleWords
from scoring.differing import differences
from scoring.indicators.drafting import IndicatorWords, replace_indicators
from scoring.indicators.drafting import start_draft as start_list
from scoring.indicators.publishing import publish_list
from scoring.meaning import outdated
from scoring.models import Indicator, IndicatorList, ModelVersion, Rule
from scoring.queries import draft_counted, explain_scores, leads_hit
from scoring.telling.nearest import nearest_changes
from scoring.wording import sentence_of
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of, drain
from tests.scoring.backtest.past import NOW as LATER
from tests.scoring.backtest.past import happened, one, people
from tests.scoring.backtest.test_back_test import outcome
from tests.scoring.builders import (
    ASKED,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
    indicator_words,
    published_indicators,
)
from tests.worlds import World

NOW = timezone.now()
A_DAY = timedelta(days=1)
LATELY = ASKED | {"within_days": 7}


def asks_for(segment: Segment, test: str = "is_in") -> dict[str, Any]:
    return {"field": "segments", test: [str(segment.pk)]}


def segment_of(listed: IndicatorList) -> Segment:
    found: Segment = Indicator.objects.select_related("segment").get(list=listed).segment
    return found


@pytest.fixture
def asked_lately(world: World) -> Segment:
    """The segment of the indicator “Asked”."""
    listed = published_indicators(indicator_words("Asked", LATELY), by=world.mara, now=NOW)
    drain()
    return segment_of(listed)


def means(segment: Segment, condition: dict[str, Any], world: World) -> None:
    """The next list says otherwise what the indicator means."""
    draft = start_list(by=world.mara, now=NOW)
    key = draft.indicators.get().key
    replace_indicators(draft, [IndicatorWords("Asked", condition, "", key)])
    publish_list(draft, by=world.mara, reason="Otherwise", now=NOW)
    drain()
    segment.refresh_from_db()
    assert segment.condition == condition


def asks(lead: Lead, at: datetime) -> None:
    record_activities([NewActivity("form_submitted", at, lead_id=lead.pk)], now=at)
    drain()


def scores(*leads: Lead) -> list[int | None]:
    for lead in leads:
        lead.refresh_from_db()
    return [lead.score for lead in leads]


def test_an_indicator_gives_points_while_it_holds(asked_lately: Segment, world: World) -> None:
    lead, other = a_lead(), a_lead()
    rules = (a_profile_rule(20, asks_for(asked_lately)),)
    a_published_model(
        *rules, a_profile_rule(-3, asks_for(asked_lately, "is_not_in")), by=world.mara, now=NOW
    )
    assert scores(lead, other) == [-3, -3]

    record_activities([NewActivity("form_submitted", NOW, lead_id=lead.pk)], now=NOW)
    drain()
    rescore_due(now=NOW)
    assert scores(lead, other) == [20, -3]

    rescore_due(now=NOW + 8 * A_DAY)
    assert scores(lead, other) == [-3, -3]


def test_another_meaning_waits_for_the_next_version(asked_lately: Segment, world: World) -> None:
    lead = a_lead(country="Greece")
    rule = a_profile_rule(20, asks_for(asked_lately))
    version = a_published_model(rule, by=world.mara, now=NOW)

    means(asked_lately, {"field": "country", "is": "Greece"}, world)

    finish(recompute_model(by=world.mara, now=NOW), now=NOW)
    version.refresh_from_db()
    assert scores(lead) == [0]
    assert outdated(version) == ["Indicator: Asked"]
    assert "happened in the last 7 days" in sentence_of(version.rules.get())
    page = client_of(world.mara).get("/w/acme/scoring/").content.decode()
    assert "Something else is meant by now by: Indicator: Asked." in page
    told = api_of(a_key(world.ada)).get(f"/api/v1/score-versions/{version.pk}/").json()
    assert "means something else by now" in told["warnings"][0]

    draft = start_draft(by=world.mara, now=NOW)
    assert "means: country is “Greece”" in " ".join(differences(version, draft))
    finish(publish_model(draft, by=world.mara, reason="Follow", now=NOW), now=NOW)
    draft.refresh_from_db()
    assert scores(lead) == [20]
    assert outdated(draft) == []


def test_a_list_may_come_to_ask_for_the_score(asked_lately: Segment, world: World) -> None:
    rule = a_profile_rule(20, asks_for(asked_lately), name="Has asked")
    a_published_model(rule, by=world.mara, now=NOW)
    lead = a_lead()

    means(asked_lately, {"field": "score", "is_at_least": 1}, world)

    asks(lead, NOW)
    finish(recompute_model(by=world.mara, now=NOW), now=NOW)
    assert scores(lead) == [20]
    draft = start_draft(by=world.mara, now=NOW)
    with pytest.raises(Refusal, match=r"Rule 1 “Has asked”: .*“Indicator: Asked”.*“score”"):
        publish_model(draft, by=world.mara, reason="Again", now=NOW)
    answer = client_of(world.mara).post("/w/acme/scoring/draft/publish/", {"reason": "Again"})
    assert "which scores make" in answer.content.decode()


def test_what_could_run_in_circles_is_refused(world: World) -> None:
    draft = a_draft()
    hot = create_segment(
        name="Hot", condition={"field": "lead_class", "is": "hot"}, by=world.mara, now=NOW
    )
    behind = create_segment(name="Behind", condition=asks_for(hot), by=world.mara, now=NOW)
    fixed = create_segment(name="Fair", kind=SegmentKind.FROZEN, by=world.mara, now=NOW)

    for segment, words in (
        (hot, "“Hot”: it asks for “lead_class”"),
        (behind, "“Hot”"),
        (fixed, "“Fair” is a fixed list"),
    ):
        with pytest.raises(Refusal, match=words):
            save_rule(draft, RuleWords("Rule", "profile", asks_for(segment), 5))
        with pytest.raises(Refusal, match=words):
            save_decision(draft, name="Rule", condition=asks_for(segment), lead_class=LeadClass.HOT)


def test_a_retired_segment_is_taken_out_first(asked_lately: Segment, world: World) -> None:
    greeks = create_segment(
        name="Greeks", condition={"field": "country", "is": "Greece"}, by=world.mara, now=NOW
    )
    version = a_published_model(a_profile_rule(5, asks_for(greeks)), by=world.mara, now=NOW)
    retire_segment(greeks, now=NOW)
    draft = start_draft(by=world.mara, now=NOW)

    with pytest.raises(Refusal, match="“Greeks” has retired"):
        publish_model(draft, by=world.mara, reason="Again", now=NOW)

    version.refresh_from_db()
    assert version.state == "published"


def test_segments_behind_segments_count_as_well(asked_lately: Segment, world: World) -> None:
    either = create_segment(
        name="Either",
        condition={"any": [asks_for(asked_lately), {"field": "country", "is": "Greece"}]},
        by=world.mara,
        now=NOW,
    )
    greek, other = a_lead(country="Greece"), a_lead()
    version = a_published_model(a_profile_rule(5, asks_for(either)), by=world.mara, now=NOW)
    assert scores(greek, other) == [5, 0]
    asks(other, NOW)
    assert scores(greek, other) == [5, 5]

    change_segment(
        either, name="Either", description="", condition={"field": "phone", "is_known": True},
        now=NOW,
    )  # fmt: skip
    drain()
    finish(recompute_model(by=world.mara, now=NOW), now=NOW)
    assert scores(greek, other) == [5, 5]
    said = sentence_of(version.rules.get())
    assert "“Either” means" in said
    assert "“Indicator: Asked” means" in said


def test_it_is_explained_to_the_seller_in_words(asked_lately: Segment, world: World) -> None:
    lead = a_lead()
    an_activity(lead, kind="form_submitted", occurred_at=NOW)
    a_published_model(a_profile_rule(20, asks_for(asked_lately)), by=world.mara, now=NOW)

    lead.refresh_from_db()
    (told,) = explain_scores(lead)
    assert [(each.points, each.sentence) for each in told.given] == [
        (20, sentence_of(Rule.objects.get()))
    ]
    page = client_of(world.mara).get(f"/w/acme/scoring/leads/{lead.pk}/").content.decode()
    answer = api_of(a_key(world.ada)).get(f"/api/v1/leads/{lead.pk}/score/").json()
    assert "“Indicator: Asked” means: " in page
    assert "“Indicator: Asked” means: " in answer["contributions"][0]["sentence"]


def test_decision_rules_ask_for_it_too(asked_lately: Segment, world: World) -> None:
    lead, other = a_lead(), a_lead()
    an_activity(lead, kind="form_submitted", occurred_at=NOW)
    draft = a_draft(mode="decisions")
    save_decision(draft, name="Asked", condition=asks_for(asked_lately), lead_class=LeadClass.HOT)
    finish(publish_model(draft, by=world.mara, reason="Sort", now=NOW), now=NOW)

    for each in (lead, other):
        each.refresh_from_db()
    assert (lead.lead_class, other.lead_class) == ("hot", "cold")
    (told,) = explain_scores(other)
    (nearest,) = nearest_changes(told, other.pk, NOW)
    assert "happened in the last 7 days" in nearest.sentence


def test_the_draft_counts_who_has_it(asked_lately: Segment, world: World) -> None:
    an_activity(a_lead(), kind="form_submitted", occurred_at=NOW)
    a_lead()
    draft = a_draft(a_profile_rule(5, asks_for(asked_lately)))

    assert [each.leads for each in draft_counted(draft, NOW).rules] == [1]
    assert leads_hit("profile", asks_for(asked_lately), None, NOW) == 1


def test_what_happened_in_a_former_cycle_is_not_counted(
    asked_lately: Segment, world: World
) -> None:
    again = {"cycle": 2, "cycle_began_at": NOW - timedelta(hours=1)}
    for lead in (a_lead(), a_lead(**again)):
        an_activity(lead, kind="form_submitted", occurred_at=NOW - timedelta(hours=2))
    draft = a_draft(a_profile_rule(5, asks_for(asked_lately)))

    assert [each.leads for each in draft_counted(draft, NOW).rules] == [1]
    assert leads_hit("profile", asks_for(asked_lately), None, NOW) == 1
    assert leads_hit("behaviour", {"activity": "form_submitted"}, 7, NOW) == 1


def test_the_past_is_asked_as_it_was_known_then(world: World) -> None:
    listed = published_indicators(indicator_words("Asked", LATELY), by=world.mara, now=LATER)
    people()
    early, late = one(1, wins=True), one(2)
    happened(early, 10, "form_submitted")
    happened(late, 15, "form_submitted")  # a day after its moment
    draft = a_draft(a_profile_rule(9, asks_for(segment_of(listed))), hot_from=8, warm_from=1)

    test = outcome(draft)

    (told,) = test.result["versions"]
    assert [(each["cases"], each["won"]) for each in told["rules"]] == [(1, 1)]


def test_it_is_chosen_on_the_page_and_over_the_api(asked_lately: Segment, world: World) -> None:
    draft = a_draft()
    api = api_of(a_key(world.ada))
    rule = {"name": "Asked", "kind": "profile", "points": 5, "condition": asks_for(asked_lately)}
    saved = api.put(f"/api/v1/score-versions/{draft.pk}/content/", {"rules": [rule]})
    page = client_of(world.mara).get(f"/w/acme/scoring/draft/rules/{draft.rules.get().pk}/")
    simulated = api.post("/api/v1/simulations/", {"version": str(draft.pk)})

    assert saved.status_code == 200, saved.content
    assert "“Indicator: Asked” means" in saved.json()["rules"][0]["sentence"]
    assert page.status_code == 200
    assert f'value="{asked_lately.pk}" checked' in page.content.decode()
    assert simulated.status_code == 202
    drain()
    assert ModelVersion.objects.get(pk=draft.pk).meant == {}
