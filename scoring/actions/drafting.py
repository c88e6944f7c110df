"""Writing the next version of a model: its draft, begun, copied, thrown away."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.models import Member
from scoring.actions.models import add_model, latest_of, main_model, take_models
from scoring.actions.words import RuleWords
from scoring.models import Decision, ModelState, ModelVersion, Purpose, Rule, RuleGroup, ScoreModel

COPIED = ("mode", "hot_from", "warm_from", "most", "least", "matrix", "urgency", "grades")
"""What a draft takes over from the version it begins as a copy of, beside rules."""


class CannotChangeModel(Conflict):
    """Only a draft can be changed."""


def start_draft(
    model: ScoreModel | None = None, *, by: Member | None, now: datetime
) -> ModelVersion:
    """The draft of a model's next version (of the main one); begun as a copy of the latest."""
    with transaction.atomic():
        take_models()
        model = model or main_model()
        if model.retired_at is not None:
            raise CannotChangeModel(_("“%(name)s” is retired.") % {"name": model.name})
        draft: ModelVersion | None = ModelVersion.objects.of(model).draft().first()
        return draft or _begun(model, latest_of(model), by, now)


def duplicate_model(
    model: ScoreModel, *, name: str, by: Member | None, now: datetime
) -> ModelVersion:
    """A new product line whose draft begins as a copy of this model's latest version or draft."""
    with transaction.atomic():
        source = latest_of(model) or ModelVersion.objects.of(model).draft().first()
        made = add_model(purpose=Purpose.PRODUCT, name=name, now=now)
        return _begun(made, source, by, now)


def discard_draft(draft: ModelVersion) -> None:
    """Throw the draft away; published versions stay as they are."""
    with transaction.atomic():
        lock_draft(draft)
        draft.rules.all().delete()
        draft.groups.all().delete()
        draft.decisions.all().delete()
        draft.delete()


def lock_draft(draft: ModelVersion) -> None:
    """Hold the draft, and refuse if somebody has published it meanwhile."""
    found = ModelVersion.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None or found.state != ModelState.DRAFT:
        raise CannotChangeModel(
            _("This version is published and stays as it is; start a new draft to change it.")
        )


def _begun(
    model: ScoreModel, source: ModelVersion | None, by: Member | None, now: datetime
) -> ModelVersion:
    values = {name: getattr(source, name) for name in COPIED} if source else {}
    made: ModelVersion = ModelVersion.objects.create(model=model, made_by=by, made_at=now, **values)
    if source is not None:
        groups = _copy_groups(source, made)
        rules = source.rules.order_by("position", "id")
        Rule.objects.bulk_create([copied(rule, made, groups) for rule in rules])
        Decision.objects.bulk_create(
            Decision(
                version=made,
                position=each.position,
                name=each.name,
                condition=each.condition,
                lead_class=each.lead_class,
            )
            for each in source.decisions.order_by("position", "id")
        )
    return made


def _copy_groups(source: ModelVersion, made: ModelVersion) -> dict[UUID, UUID]:
    """The groups once more; which of the old ones became which of the new."""
    return {
        each.pk: RuleGroup.objects.create(
            version=made, position=each.position, name=each.name, cap=each.cap
        ).pk
        for each in source.groups.all()
    }


def copied(rule: Rule, version: ModelVersion, groups: dict[UUID, UUID] | None = None) -> Rule:
    """The same rule in a version; `groups`: what its groups are called there."""
    values: dict[str, Any] = {
        each.name: getattr(rule, each.name) for each in fields(RuleWords) if each.name != "group"
    }
    group = rule.group_id
    if groups is not None and group is not None:
        group = groups[group]
    return Rule(version=version, position=rule.position, group_id=group, **values)
