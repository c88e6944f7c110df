"""Writing and publishing what the stages mean."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from funnel.events import DefinitionsPublished
from funnel.models import Definition, DefinitionState
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Workspace
from leads.conditions import parse
from leads.models import Stage


class CannotProposeChange(Refusal):
    """The draft is not fit to be discussed."""


class CannotPublishDefinition(Conflict):
    """The version is not a draft any more."""


def propose_change(
    *,
    stage: str,
    explanation: str,
    reason: str,
    by: Member | None,
    condition: dict[str, Any] | None = None,
    needs_qualification: bool = True,
) -> Definition:
    """Write the draft of the next version of a stage's definition, or rewrite it.

    Refuses a change without explanation or reason, and a condition that says nothing sensible.
    """
    if not explanation.strip():
        raise CannotProposeChange(_("Say what the stage means."), field="explanation")
    if not reason.strip():
        raise CannotProposeChange(_("Say why it changes."), field="reason")
    if condition:
        parse(condition)
    content = {
        "explanation": explanation,
        "condition": condition or {},
        "needs_qualification": needs_qualification,
        "reason": reason,
        "proposed_by": by,
    }
    with transaction.atomic():
        _lock_definitions()
        return _write_draft(stage, content)


def publish_definition(
    definition: Definition, *, by: Member | None, now: datetime, is_applied: bool = False
) -> None:
    """Let a draft bind from now on; the version before it retires.

    Leads that meet the new version enter the stage when their score next changes, or at once when
    it `is_applied` to all. Publishing a version that is published already changes nothing.
    """
    with transaction.atomic():
        _lock_definitions()
        draft = Definition.objects.get(pk=definition.pk)
        if draft.state == DefinitionState.PUBLISHED:
            return
        if draft.state == DefinitionState.RETIRED:
            sentence = _("%(definition)s has retired. Propose a new version instead.")
            raise CannotPublishDefinition(sentence % {"definition": draft})
        Definition.objects.published().filter(stage=draft.stage).update(
            state=DefinitionState.RETIRED, retired_at=now
        )
        Definition.objects.filter(pk=draft.pk).update(
            state=DefinitionState.PUBLISHED, approved_by=by, approved_at=now
        )
        publish(DefinitionsPublished((draft.pk,), is_applied=is_applied))


def discard_draft(*, stage: str) -> None:
    """Throw the proposed change of a stage away."""
    Definition.objects.drafts().filter(stage=stage).delete()


def _write_draft(stage: str, content: dict[str, Any]) -> Definition:
    draft, is_new = Definition.objects.get_or_create(
        stage=stage,
        state=DefinitionState.DRAFT,
        defaults={"version": _next_version(stage), **content},
    )
    if not is_new:
        Definition.objects.filter(pk=draft.pk).update(**content)
        draft.refresh_from_db()
    return draft


def _next_version(stage: str) -> int:
    versions = Definition.objects.filter(stage=stage).aggregate(last=Max("version"))
    return (versions["last"] or 0) + 1


def _lock_definitions() -> None:
    """One change of definitions at a time in a workspace."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())


def standard_definitions() -> dict[Stage, tuple[str, dict[str, Any]]]:
    """What the stages mean in a new workspace: explanation and condition of entry."""
    return {
        Stage.LEAD: (_("A person we know by name, email or phone, and may learn more about."), {}),
        Stage.MQL: (
            _("A lead that fits and shows interest. Marketing hands it to sales; a rep calls."),
            {"field": "score", "is_at_least": 50},
        ),
        Stage.SQL: (
            _(
                "A rep has spoken to somebody who may decide, and knows budget, authority, need"
                " and timing. There is something to sell."
            ),
            {},
        ),
        Stage.CUSTOMER: (_("Has bought: a deal is won, with amount and margin."), {}),
        Stage.NURTURING: (
            _("Not now. We stay in touch, and come back on the day agreed or when interest grows."),
            {},
        ),
        Stage.DISQUALIFIED: (
            _("Never: not a buyer, a wrong address, or asked to be left alone."),
            {},
        ),
    }


def start_funnel(*, now: datetime, by: Member | None = None) -> None:
    """Publish the standard definitions for the stages that have none yet."""
    with transaction.atomic():
        _lock_definitions()
        defined = set(Definition.objects.values_list("stage", flat=True))
        Definition.objects.bulk_create(
            Definition(
                stage=stage,
                version=1,
                state=DefinitionState.PUBLISHED,
                explanation=explanation,
                condition=condition,
                reason=_("How a new workspace begins"),
                approved_by=by,
                approved_at=now,
            )
            for stage, (explanation, condition) in standard_definitions().items()
            if stage not in defined
        )
