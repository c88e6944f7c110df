"""From draft to the scores people see: publish, work out, switch, show."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.conditions import Calendar, calendar_at
from leads.models import Lead
from scoring.actions.rescoring import match_facts, show, take_turn, work_out
from scoring.events import RecomputesAdvanced
from scoring.models import LIVE, ModelState, Pattern, Phase, Recompute, Rule, RuleKind, ScoreModel
from scoring.rules import Scorer, digest_of, looked, pattern_of, scorer_of
from scoring.statements import Batch, between

CHUNK = 20_000  # leads worked out in one transaction


class CannotPublishModel(Refusal):
    """The draft is empty, the reason is missing, or it is not a draft."""


class AnotherIsPrepared(Conflict):
    """The version published before is still being worked out."""


def publish_model(
    model: ScoreModel, *, by: Member | None, reason: str, now: datetime, is_quiet: bool = True
) -> Recompute:
    """Give the draft a number and have it worked out for every lead, in the background.

    The version before serves until the switch. Unless `is_quiet` is False, no stage, sequence or
    message reacts to scores that move because of it. Refuses a draft without rules or reason.
    """
    with transaction.atomic():
        take_turn()
        model = ScoreModel.objects.select_for_update().get(pk=model.pk)
        _refuse_unready(model, reason)
        _number_patterns(list(model.rules.filter(kind=RuleKind.BEHAVIOUR)))
        latest = ScoreModel.objects.aggregate(latest=Max("number"))["latest"] or 0
        ScoreModel.objects.filter(pk=model.pk).update(
            state=ModelState.PREPARING,
            number=latest + 1,
            reason=reason.strip(),
            published_by=by,
            published_at=now,
        )
        return _ask(model, by=by, now=now, is_quiet=is_quiet)


def recompute_model(
    *, by: Member | None, now: datetime, is_quiet: bool = True, from_facts: bool = True
) -> Recompute:
    """Work out the published version anew for every lead.

    `from_facts`: match every fact again, rather than trust what is remembered of the facts.
    """
    with transaction.atomic():
        take_turn()
        model = ScoreModel.objects.published().first()
        if model is None:
            raise CannotPublishModel(_("No score model is published yet; publish one first."))
        _refuse_busy()
        if from_facts:
            Pattern.objects.update(filled_at=None)
        return _ask(model, by=by, now=now, is_quiet=is_quiet, is_repeated=True, phase=Phase.SHOWING)


def advance_recomputes(ids: Iterable[UUID], *, now: datetime) -> None:
    """Do the next chunk of each of these recomputes, and announce that there is more to do."""
    with transaction.atomic():
        take_turn()
        recomputes = Recompute.objects.filter(pk__in=list(ids), finished_at=None)
        for recompute in recomputes.select_related("model"):
            _advance(recompute, now)
            if recompute.finished_at is None:
                publish(RecomputesAdvanced((recompute.pk,)))


def _refuse_unready(model: ScoreModel, reason: str) -> None:
    if model.state != ModelState.DRAFT:
        raise CannotPublishModel(
            _("%(model)s is published already; start a draft to change it.") % {"model": model}
        )
    if not reason.strip():
        raise CannotPublishModel(
            _("Say why the model changes; it stays in the list of versions."), field="reason"
        )
    if not model.rules.exists():
        raise CannotPublishModel(_("A model needs at least one rule."))
    _refuse_busy()


def _refuse_busy() -> None:
    busy = Recompute.objects.filter(finished_at=None).select_related("model").first()
    if busy is not None:
        raise AnotherIsPrepared(
            _("%(model)s is still being worked out; wait until it is done.") % {"model": busy.model}
        )


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
    Rule.objects.bulk_update(rules, ["pattern"])


def _ask(model: ScoreModel, *, by: Member | None, now: datetime, **values: Any) -> Recompute:
    recompute: Recompute = Recompute.objects.create(
        model=model, asked_by=by, asked_at=now, total=Lead.objects.count(), **values
    )
    publish(RecomputesAdvanced((recompute.pk,)))
    return recompute


# Chunks

NEXT_LEADS = """
SELECT (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], count(*) FROM (
    SELECT id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND (%(cursor)s::uuid IS NULL OR id > %(cursor)s::uuid)
    ORDER BY id LIMIT %(most)s
) AS chunk
"""


def _advance(recompute: Recompute, now: datetime) -> None:
    ((first, last, count),) = fetch(NEXT_LEADS, cursor=recompute.cursor, most=CHUNK)
    scorer, calendar = scorer_of(recompute.model), calendar_at(now)
    if count == 0:
        _next_phase(recompute, scorer, now)
    else:
        recompute.changed += _do(recompute, scorer, between(first, last), calendar, now)
    recompute.cursor = last
    recompute.done += count
    recompute.save()


def _do(
    recompute: Recompute, scorer: Scorer, chunk: Batch, calendar: Calendar, now: datetime
) -> int:
    """A chunk of a phase; how many shown scores moved."""
    is_quiet = recompute.is_quiet
    if recompute.is_repeated or recompute.phase == Phase.WORKING_OUT:
        _match_new(scorer, chunk, calendar)
        return work_out(scorer, chunk, calendar, now, is_quiet=is_quiet)
    forget_retired(chunk)
    return show(scorer, chunk, now, is_quiet=is_quiet)


def _match_new(scorer: Scorer, chunk: Batch, calendar: Calendar) -> None:
    """Match the facts with the patterns whose hits are not all there."""
    numbers = [each.number for each in scorer.patterns]
    unfilled = Pattern.objects.filter(filled_at=None, number__in=numbers)
    match_facts(map(looked, unfilled), chunk, calendar)


def _next_phase(recompute: Recompute, scorer: Scorer, now: datetime) -> None:
    numbers = [each.number for each in scorer.patterns]
    Pattern.objects.filter(number__in=numbers, filled_at=None).update(filled_at=now)
    if recompute.phase == Phase.WORKING_OUT:
        _switch(recompute.model, now)
        recompute.phase, recompute.done = Phase.SHOWING, 0
    else:
        recompute.phase, recompute.finished_at = Phase.DONE, now
        _drop_idle_patterns()


def _switch(model: ScoreModel, now: datetime) -> None:
    """From here on people see this version."""
    if model.state == ModelState.PREPARING:
        ScoreModel.objects.published().update(state=ModelState.RETIRED, retired_at=now)
        ScoreModel.objects.filter(pk=model.pk).update(state=ModelState.PUBLISHED)


FORGET = """
DELETE FROM scoring_leadscore AS score USING scoring_scoremodel AS model
WHERE score.workspace_id = %(workspace)s AND score.lead_id {batch}
  AND model.workspace_id = %(workspace)s AND model.id = score.model_id AND model.state = 'retired'
"""


def forget_retired(batch: Batch) -> None:
    """What retired versions gave these leads; the history of shown scores stays."""
    execute(FORGET.format(batch=batch.text), **batch.values)


DROP_HITS = """
DELETE FROM scoring_hit WHERE workspace_id = %(workspace)s AND pattern <> ALL(%(used)s::int[])
"""


def _drop_idle_patterns() -> None:
    """Nobody keeps the hits of a pattern up to date that no live version uses."""
    rules = Rule.objects.filter(model__state__in=LIVE).exclude(pattern=None)
    used = sorted(set(rules.values_list("pattern", flat=True)))
    idle = Pattern.objects.exclude(number__in=used)
    if idle.exists():
        execute(DROP_HITS, used=used)
        idle.delete()
