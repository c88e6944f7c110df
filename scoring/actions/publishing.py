"""From draft to a version in force: publish it, or have it worked out anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from scoring.actions.meaning import keep_meaning
from scoring.actions.models import main_model
from scoring.actions.releasing import plan_release
from scoring.actions.rescoring import take_turn
from scoring.actions.terms import Terms
from scoring.events import RecomputesAdvanced
from scoring.models import (
    ModelState,
    ModelVersion,
    Pattern,
    Phase,
    Recompute,
    Rule,
    RuleKind,
    ScoreModel,
)
from scoring.rules import digest_of, pattern_of


class CannotPublishModel(Refusal):
    """The draft is empty, the reason is missing, or it is not a draft."""


class AnotherIsPrepared(Conflict):
    """The version published before is still being worked out."""


def publish_model(
    version: ModelVersion,
    *,
    by: Member | None,
    reason: str,
    now: datetime,
    terms: Terms | None = None,
    is_quiet: bool = True,
) -> Recompute:
    """Give the draft a number and have it worked out for every lead, in the background.

    The version before serves until the switch. No stage, sequence or clock reacts to scores that
    move because of it, unless `terms` say what is to follow: it is then released little by little
    (`is_quiet` False: at once and without caps, for a workspace's first version). Refuses a draft
    without rules or reason.
    """
    with transaction.atomic():
        take_turn()
        drafts = ModelVersion.objects.select_for_update(of=["self"]).select_related("model")
        version = drafts.get(pk=version.pk)
        _refuse_unready(version, reason)
        keep_meaning(version)
        _number_decisions(version) if version.is_by_decisions else _number_rules(version)
        latest = ModelVersion.objects.of(version.model).aggregate(latest=Max("number"))["latest"]
        version.state, version.number = ModelState.PREPARING, (latest or 0) + 1
        version.reason = reason.strip()
        version.published_by, version.published_at = by, now
        version.save()
        plan_release(version, terms, by=by, now=now)
        return ask_recompute(version, by=by, now=now, is_quiet=is_quiet)


def recompute_model(
    model: ScoreModel | None = None,
    *,
    by: Member | None,
    now: datetime,
    is_quiet: bool = True,
    from_facts: bool = True,
) -> Recompute:
    """Work out the published version of a model (the main one) anew for every lead.

    `from_facts`: match every fact again, rather than trust what is remembered of the facts.
    """
    with transaction.atomic():
        take_turn()
        model = model or main_model()
        version = ModelVersion.objects.of(model).published().select_related("model").first()
        if version is None:
            raise CannotPublishModel(_("No score model is published yet; publish one first."))
        _refuse_busy(model)
        if from_facts:
            numbers = version.rules.exclude(pattern=None).values("pattern")
            Pattern.objects.filter(number__in=numbers).update(filled_at=None)
        return ask_recompute(
            version, by=by, now=now, is_quiet=is_quiet, is_repeated=True, phase=Phase.SHOWING
        )


def ask_recompute(
    version: ModelVersion, *, by: Member | None, now: datetime, **values: Any
) -> Recompute:
    """Have a version worked out, or shown, for all leads in the background."""
    recompute: Recompute = Recompute.objects.create(
        version=version, asked_by=by, asked_at=now, total=Lead.objects.count(), **values
    )
    publish(RecomputesAdvanced((recompute.pk,)))
    return recompute


def _refuse_unready(version: ModelVersion, reason: str) -> None:
    if version.state != ModelState.DRAFT:
        raise CannotPublishModel(
            _("%(model)s is published already; start a draft to change it.") % {"model": version}
        )
    if not reason.strip():
        raise CannotPublishModel(
            _("Say why the model changes; it stays in the list of versions."), field="reason"
        )
    if version.is_by_decisions and not version.decisions.exists():
        raise CannotPublishModel(_("Sorting without points needs at least one decision rule."))
    if not version.is_by_decisions and not version.rules.exists():
        raise CannotPublishModel(_("A model needs at least one rule."))
    _refuse_busy(version.model)


def _refuse_busy(model: ScoreModel) -> None:
    running = Recompute.objects.filter(finished_at=None, version__model=model)
    busy = running.select_related("version").first()
    if busy is not None:
        raise AnotherIsPrepared(
            _("%(model)s is still being worked out; wait until it is done.")
            % {"model": busy.version}
        )


def _number_rules(version: ModelVersion) -> None:
    """Give each rule its place, by which contributions call it, and its pattern."""
    rules = list(version.rules.order_by("position", "id"))
    for place, rule in enumerate(rules, start=1):
        rule.position = place
    _number_patterns([rule for rule in rules if rule.kind == RuleKind.BEHAVIOUR])
    Rule.objects.bulk_update(rules, ["position", "pattern"])


def _number_decisions(version: ModelVersion) -> None:
    ordering.number(ordering.in_order(version.decisions.all()), first=1)


def _number_patterns(rules: Sequence[Rule]) -> None:
    """Give each behaviour rule the number of what it looks for; new patterns get a new one."""
    wanted = {digest_of(pattern_of(rule.condition)): pattern_of(rule.condition) for rule in rules}
    latest = Pattern.objects.aggregate(latest=Max("number"))["latest"] or 0
    known = set(Pattern.objects.values_list("digest", flat=True))
    missing = [digest for digest in wanted if digest not in known]
    Pattern.objects.bulk_create(
        Pattern(number=latest + nth, digest=digest, test=wanted[digest])
        for nth, digest in enumerate(missing, start=1)
    )
    numbers = dict(Pattern.objects.values_list("digest", "number"))
    for rule in rules:
        rule.pattern = numbers[digest_of(pattern_of(rule.condition))]
