"""Why a lead has its score, by each model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.models import Lead, LeadClass
from scoring.models import (
    CARRIED,
    Contribution,
    LeadScore,
    ModelState,
    ModelVersion,
    Purpose,
    Rule,
    ScoreChange,
    ScoreModel,
)
from scoring.rules import place_of
from scoring.wording import class_sentence, decision_sentence, grade_sentence, sentence_of

CHANGES_SHOWN = 30
IN_ORDER = (Purpose.MAIN, Purpose.FIT, Purpose.PRODUCT)


@dataclass(frozen=True)
class Given:
    """What one rule gives, or one cap takes: then `rule` is None.

    `raw` before fading, `faded` after it, `points` after the rule's cap, from so many facts.
    """

    name: str
    sentence: str
    facts: int
    raw: int
    faded: int
    points: int
    rule: Rule | None = None

    @property
    def is_capped(self) -> bool:
        """The rule would give more, were it not for its cap."""
        return self.rule is not None and self.faded != self.points

    @property
    def is_faded(self) -> bool:
        """Days going by have taken points away."""
        return self.raw != self.faded


@dataclass(frozen=True)
class Explanation:
    """A score and all that it is made of; the points sum to the score exactly.

    Sorted without points, a lead has no score, and what is given is the rule that decided.
    """

    version: ModelVersion
    score: int | None
    lead_class: str
    grade: str
    reason: str
    as_of: datetime | None
    given: Sequence[Given]
    changes: Sequence[ScoreChange] = ()

    @property
    def points_given(self) -> Sequence[Given]:
        """What sums to the score; nothing where leads are sorted without points."""
        return self.given if self.score is not None else ()

    @property
    def model(self) -> ScoreModel:
        """What the lead is scored for."""
        return self.version.model


def contributions(lead_id: UUID) -> list[Given]:
    """What each rule of the main model gives this lead, in the model's order."""
    exact = _scores(lead_id).filter(version__model__purpose=Purpose.MAIN).first()
    return list(_told(exact.version, exact.contributions())) if exact else []


def explain_score(lead: Lead) -> Explanation | None:
    """The shown score of a lead with its reasons and its changes; None while there is none."""
    exact = _scores(lead.pk).filter(version__model__purpose=Purpose.MAIN).first()
    if exact is None or exact.as_of is None:
        return None
    changes = ScoreChange.objects.filter(lead_id=lead.pk).main().select_related("version")
    return _explained(exact, list(changes.order_by("-at", "-id")[:CHANGES_SHOWN])[::-1])


def explain_scores(lead: Lead) -> list[Explanation]:
    """The scores of a lead by every model with their reasons, the main one first.

    Where the main model sorts without points, the others show their class or grade only.
    """
    scores = sorted((each for each in _scores(lead.pk) if each.as_of is not None), key=_rank)
    told = [_explained(each) for each in scores]
    is_pointless = any(each.version.is_by_decisions for each in scores)
    return [_without_points(each) for each in told] if is_pointless else told


def _without_points(told: Explanation) -> Explanation:
    if told.version.is_by_decisions:
        return told
    said = {"name": told.model.name}
    if told.grade:
        reason = _("Grade %(grade)s by “%(name)s”.") % (said | {"grade": told.grade})
    else:
        label = LeadClass(told.lead_class).label
        reason = _("%(class)s by “%(name)s”.") % (said | {"class": label})
    kept = [replace(each, facts=0, raw=0, faded=0, points=0) for each in told.given if each.rule]
    return replace(told, score=None, reason=reason, given=kept)


def _rank(score: LeadScore) -> tuple[int, int]:
    model = score.version.model
    return IN_ORDER.index(Purpose(model.purpose)), model.position


def explain_change(change: ScoreChange) -> list[Given]:
    """What the score was made of after this change; [] where that was not kept yet."""
    kept = map(Contribution, change.places, *[change.points] * 4)
    return list(_told(change.version, kept))


def _scores(lead_id: UUID) -> QuerySet[LeadScore]:
    scores = LeadScore.objects.filter(lead_id=lead_id, version__state=ModelState.PUBLISHED)
    return scores.select_related("version__model")


def _explained(score: LeadScore, changes: Sequence[ScoreChange] = ()) -> Explanation:
    given = list(_told(score.version, score.contributions()))
    return Explanation(
        score.version,
        score.value,
        score.lead_class,
        score.grade,
        reason_of(score, [each.name for each in given]),
        score.as_of,
        given,
        changes,
    )


def reason_of(score: LeadScore, names: Sequence[str]) -> str:
    """Why the score gives this class, or this grade; `names` of what gives it."""
    if score.value is None:
        return decision_sentence(score.lead_class, names)
    if score.version.model.purpose == Purpose.FIT:
        return grade_sentence(score.version, score.value, score.grade)
    return class_sentence(score.version, score.value, score.lead_class, score.grade)


def _told(version: ModelVersion, kept: Iterator[Contribution]) -> Iterator[Given]:
    """In the order of the rules, then the caps."""
    by_place = {each.place: each for each in kept}
    if version.is_by_decisions:
        for decision in version.decisions.filter(position__in=by_place).order_by("position"):
            yield Given(decision.name, "", 1, 0, 0, 0)
        return
    if one := by_place.get(CARRIED):
        yield carried(one)
    for rule in version.rules.filter(position__in=by_place).order_by("position"):
        one = by_place[rule.position]
        yield Given(rule.name, sentence_of(rule), one.facts, one.raw, one.faded, one.points, rule)
    yield from _caps(version, by_place)


def carried(one: Contribution) -> Given:
    """What the cycle before left to the score, or took from it."""
    if one.points < 0:
        said = _("so that the new cycle began with the score that was declared")
    else:
        said = _("declared when the cycle before was closed")
    return Given(_("Carried over from the cycle before"), said, 0, one.raw, one.faded, one.points)


def _caps(version: ModelVersion, by_place: Mapping[int, Contribution]) -> Iterator[Given]:
    if min(by_place, default=1) < 0:
        for group in version.groups.order_by("position"):
            if one := by_place.get(place_of(group)):
                name = _("Cap of “%(group)s”") % {"group": group.name}
                said = _("these rules give at most %(cap)s points together") % {"cap": group.cap}
                yield Given(name, said, 0, one.raw, one.faded, one.points)
    if one := by_place.get(0):
        said = bounds_of(version)
        yield Given(_("Bounds of the score"), said, 0, one.raw, one.faded, one.points)


def bounds_of(version: ModelVersion) -> str:
    """Which scores there can be, in words."""
    if version.most is None:
        return _("no score is below %(least)s") % {"least": version.least}
    if version.least is None:
        return _("no score is above %(most)s") % {"most": version.most}
    return _("scores are from %(least)s to %(most)s") % {
        "least": version.least,
        "most": version.most,
    }
