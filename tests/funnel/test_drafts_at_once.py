"""Two people at one draft in the same moment: one version comes of it, and the other is told."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from funnel.actions.playbook_drafts import discard_draft, publish_draft, save_draft
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.health.drafting import discard_draft as discard_rules
from funnel.health.drafting import replace_rules, start_draft, usual_rules
from funnel.health.publishing import publish_health
from funnel.health.switching import switch_health_off
from funnel.models import HealthPlan, HealthRule, Playbook, PlaybookDraft, Whose
from funnel.playbook import REASONS, USUAL, Question
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.meanwhile import refusal_of
from leads.models import Segment
from tests.builders import health_rules
from tests.worlds import ACME, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {kind: [each.label for each in some] for kind, some in REASONS.items()}
RIVAL = Question("", "Bound to a rival", "Until when?", in_favour="no")
NEXT = NewPlaybook(questions=(*USUAL, RIVAL), reasons=LABELS)
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}
pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], object]


def at_once(works: Sequence[Work]) -> list[str]:
    """What became of each: "" or the refusal a person would read; a fault of ours is raised."""

    def run(work: Work) -> str:
        try:
            with inside(ACME):
                work()
        except Exception as problem:
            refusal = refusal_of(problem)
            if refusal is None:
                raise
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as workers:
        return list(workers.map(run, works))


def test_a_playbook_draft_is_published_once(world: World) -> None:
    draft = save_draft(NEXT, by=None, now=NOW)

    def publish() -> Playbook:
        return publish_draft(reason="Why", by=None, now=NOW, seen=draft.revision)

    assert sorted(at_once([publish] * 4)) == ["", *["DraftSavedMeanwhile"] * 3]
    assert (Playbook.objects.count(), PlaybookDraft.objects.count()) == (1, 0)


def test_a_playbook_draft_is_saved_by_one_of_those_who_saw_it(world: World) -> None:
    draft = save_draft(NEXT, by=None, now=NOW)
    works: list[Work] = [
        lambda days=days: save_draft(  # type: ignore[misc]
            replace(NEXT, cool_off_days=days), by=None, now=NOW, seen=draft.revision
        )
        for days in range(1, 5)
    ]
    assert sorted(at_once(works)) == ["", *["DraftSavedMeanwhile"] * 3]
    assert PlaybookDraft.objects.get().revision == draft.revision + 1


def test_a_playbook_draft_that_is_thrown_away_is_not_published(world: World) -> None:
    save_draft(NEXT, by=None, now=NOW)
    works: list[Work] = [
        discard_draft,
        lambda: publish_draft(reason="Why", by=None, now=NOW),
        lambda: publish_playbook(NEXT, reason="Other", by=None, now=NOW, after=0),
    ]
    met = at_once(works)
    assert set(met) <= {"", "PlaybookMovedOn"}
    assert Playbook.objects.count() == met[1:].count("") >= 1


def test_the_first_health_draft_is_one(world: World) -> None:
    assert at_once([lambda: start_draft(by=None, now=NOW)] * 4) == [""] * 4
    assert HealthPlan.objects.count() == 1
    assert HealthRule.objects.count() == len(usual_rules())


def test_health_rules_are_published_once(world: World) -> None:
    draft = start_draft(by=None, now=NOW)

    def publish() -> None:
        publish_health(draft, by=None, reason="Why", now=NOW)

    assert sorted(at_once([publish] * 4)) == ["", *["CannotChangeHealth"] * 3]
    assert list(HealthPlan.objects.values_list("number", flat=True)) == [1]
    assert Segment.objects.filter(keeper="health").count() == len(usual_rules())


def test_rules_written_discarded_published_and_switched_off_at_once(world: World) -> None:
    health_rules(("No Greek", Whose.NONE, GREEK, "at_risk"))
    draft = start_draft(by=None, now=NOW)
    met = at_once(
        [
            lambda: publish_health(draft, by=None, reason="Why", now=NOW),
            lambda: replace_rules(draft, usual_rules()),
            lambda: discard_rules(draft),
            lambda: switch_health_off(by=None, reason="Off", now=NOW),
            lambda: publish_health(draft, by=None, reason="Why", now=NOW),
        ]
    )
    assert set(met) <= {"", "CannotChangeHealth", "HealthIsOff", "Crossed"}, met
    published = HealthPlan.objects.published().first()
    wanted = set() if published is None else {each.segment_id for each in published.rules.all()}
    live = Segment.objects.filter(keeper="health", retired_at=None).values_list("pk", flat=True)
    assert set(live) == wanted
