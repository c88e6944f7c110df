"""Builders of scoring: versions with rules, lists of indicators; published and worked out."""

from datetime import datetime
from typing import Any

from leadmgmt.kernel.models import OutboxRow
from leadmgmt.workspaces.models import Member
from scoring.actions.models import main_model
from scoring.actions.publishing import publish_model
from scoring.actions.recomputing import advance_recomputes
from scoring.indicators.drafting import IndicatorWords, replace_indicators, start_draft
from scoring.indicators.publishing import publish_list
from scoring.models import IndicatorList, ModelState, ModelVersion, Per, Recompute, Rule, RuleKind

INDIA = {"field": "country", "is": "India"}
PRICING = {"activity": "page_view", "where": [{"property": "path", "contains": "/pricing"}]}


def a_draft(*rules: Rule, **given: Any) -> ModelVersion:
    """A draft with these rules, in their order."""
    usual = {"model": given.pop("model", None) or main_model(), "hot_from": 70, "warm_from": 35}
    draft: ModelVersion = ModelVersion.objects.create(**usual | given)
    for position, rule in enumerate(rules):
        rule.version, rule.position = draft, position
        if rule.group is not None:
            rule.group.version = draft
            rule.group.save()
            rule.group = rule.group  # now that it has an id
        rule.save()
    return draft


def a_profile_rule(points: int, condition: dict[str, Any] | None = None, **given: Any) -> Rule:
    """Points for people from India."""
    return Rule(
        **{"name": "Profile", "kind": RuleKind.PROFILE, "points": points}
        | {"condition": condition or INDIA}
        | given
    )


def a_behaviour_rule(points: int, condition: dict[str, Any] | None = None, **given: Any) -> Rule:
    """Points for every look at the prices."""
    return Rule(
        **{"name": "Behaviour", "kind": RuleKind.BEHAVIOUR, "points": points}
        | {"condition": condition or PRICING, "per": Per.OCCURRENCE}
        | given
    )


def a_published_model(
    *rules: Rule, by: Member, now: datetime, is_quiet: bool = True, **given: Any
) -> ModelVersion:
    """A version that serves: written, published, worked out for every lead, shown."""
    draft = a_draft(*rules, **given)
    recompute = publish_model(draft, by=by, reason="A first model", now=now, is_quiet=is_quiet)
    finish(recompute, now=now)
    draft.refresh_from_db()
    assert draft.state == ModelState.PUBLISHED
    return draft


def finish(recompute: Recompute, *, now: datetime) -> Recompute:
    """Do all chunks of a recompute, as the worker would at `now`."""
    while recompute.finished_at is None:
        advance_recomputes([recompute.pk], now=now)
        recompute.refresh_from_db()
    OutboxRow.objects.filter(reaction="scoring.reactions.advance").delete()
    return recompute


ASKED: dict[str, Any] = {"activity": "form_submitted"}
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}


def indicator_words(name: str, condition: dict[str, Any] | None = None) -> IndicatorWords:
    """An indicator of people from Greece, or as named."""
    return IndicatorWords(name, condition or GREEK, f"Why {name.lower()}")


def a_draft_of_indicators(*words: IndicatorWords, by: Member, now: datetime) -> IndicatorList:
    """A draft with these indicators."""
    draft = start_draft(by=by, now=now)
    replace_indicators(draft, words)
    return draft


def published_indicators(
    *words: IndicatorWords, by: Member, now: datetime, reason: str = "A first list"
) -> IndicatorList:
    """A list that holds; who has what, and the figures, come with the outbox."""
    draft = a_draft_of_indicators(*words, by=by, now=now)
    return publish_list(draft, by=by, reason=reason, now=now)
