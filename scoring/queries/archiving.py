"""Scores as they stand, with all they are made of, to be kept for ever."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from scoring.models import CARRIED, Contribution, LeadScore, ModelVersion, Purpose
from scoring.queries.explaining import bounds_of, carried, reason_of
from scoring.rules import place_of
from scoring.wording import sentence_of

Kept = dict[str, Any]
IN_ORDER = (Purpose.MAIN, Purpose.FIT, Purpose.PRODUCT)


@dataclass(frozen=True)
class Words:
    """What stands at a place of a version: its name, what it says, and the rule's id."""

    name: str
    sentence: str
    rule: str = ""


def scores_to_keep(lead_ids: Sequence[UUID]) -> dict[UUID, list[Kept]]:
    """The scores of these leads by every published model, the main one first.

    A few statements for each version, however many leads.
    """
    versions = ModelVersion.objects.published().select_related("model")
    kept: dict[UUID, list[Kept]] = defaultdict(list)
    for version in sorted(versions, key=lambda each: IN_ORDER.index(each.model.purpose)):
        words = dict(_words(version))
        scores = LeadScore.objects.filter(lead_id__in=list(lead_ids), version=version)
        for score in scores.exclude(as_of=None):
            score.version = version
            kept[score.lead_id].append(_kept(score, words))
    return dict(kept)


def _words(version: ModelVersion) -> Iterator[tuple[int, Words]]:
    """Place → words, in the order in which they are shown."""
    if version.is_by_decisions:
        for decision in version.decisions.order_by("position"):
            yield decision.position, Words(decision.name, "")
        return
    left = carried(Contribution(CARRIED, 0, 0, 0, 0))
    yield CARRIED, Words(left.name, "")
    for rule in version.rules.order_by("position"):
        yield rule.position, Words(rule.name, sentence_of(rule), str(rule.pk))
    for group in version.groups.order_by("position"):
        yield place_of(group), Words(_("Cap of “%(group)s”") % {"group": group.name}, "")
    if (version.least, version.most) != (None, None):
        yield 0, Words(_("Bounds of the score"), bounds_of(version))


def _kept(score: LeadScore, words: Mapping[int, Words]) -> Kept:
    by_place = {each.place: each for each in score.contributions()}
    given = [(words[place], by_place[place]) for place in words if place in by_place]
    version = score.version
    return {
        "model": version.model.name,
        "purpose": version.model.purpose,
        "version": version.number,
        "score": score.value,
        "lead_class": score.lead_class,
        "grade": score.grade,
        "reason": reason_of(score, [said.name for said, _one in given]),
        "contributions": [_row(said, one) for said, one in given],
    }


def _row(said: Words, one: Contribution) -> Kept:
    return {
        "rule": said.rule or None,
        "name": said.name,
        "sentence": said.sentence,
        "facts": one.facts,
        "raw": one.raw,
        "faded": one.faded,
        "points": one.points,
    }
