"""Writing and publishing what the stages mean."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.agreeing import lock_definitions, publish_version, write_draft
from funnel.actions.describing import CannotProposeChange, checked
from funnel.actions.standards import standard_definitions
from funnel.events import DefinitionsPublished
from funnel.models import CompanyRule, Definition
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.models import Member, Team, VersionState


class Rest(TypedDict, total=False):
    """What else a stage is made of; what is left out stays as it is."""

    condition: Mapping[str, Any] | None
    needs_qualification: bool
    is_binding: bool
    subcategories: Sequence[Mapping[str, Any]]
    moves_to: Sequence[str]
    exit_reasons: Sequence[str]
    owner_team: Team | None


def propose_change(
    *, stage: str, explanation: str, reason: str, by: Member | None, **rest: Unpack[Rest]
) -> Definition:
    """Write the draft of the next version of a stage's definition, or rewrite it.

    A draft that is rewritten has to be approved anew. Refuses a change without explanation or
    reason, and what says nothing sensible (see `describing.checked`).
    """
    if not explanation.strip():
        raise CannotProposeChange(_("Say what the stage means."), field="explanation")
    if not reason.strip():
        raise CannotProposeChange(_("Say why it changes."), field="reason")
    with transaction.atomic():
        lock_definitions()
        content = _so_far(stage) | dict(rest)
        content["condition"] = content.get("condition") or {}
        content |= {"stage": stage, "explanation": explanation, "reason": reason}
        checked(stage, content)
        return write_draft(Definition.objects.filter(stage=stage), content | {"proposed_by": by})


def publish_definition(
    definition: Definition, *, by: Member | None, now: datetime, is_applied: bool = False
) -> None:
    """Let a draft that both sides approved bind from now on; the version before it retires.

    Leads that meet the new version enter the stage when their score next changes, or at once when
    it `is_applied` to all. Publishing a version that is published already changes nothing.
    """
    with transaction.atomic():
        if publish_version(definition, by=by, now=now):
            publish(DefinitionsPublished((definition.pk,), is_applied=is_applied))


def discard_draft(*, stage: str) -> None:
    """Throw the proposed change of a stage away."""
    with transaction.atomic():
        lock_definitions()
        Definition.objects.draft().filter(stage=stage).delete()


def start_funnel(*, now: datetime, by: Member | None = None) -> None:
    """Publish the standard definitions for what has none yet; `by` approves for both sides."""
    agreed: dict[str, Any] = {"version": 1, "state": VersionState.PUBLISHED}
    agreed |= {"reason": _("How a new workspace begins")}
    agreed |= dict.fromkeys(("marketing_by", "sales_by", "published_by"), by)
    agreed |= dict.fromkeys(("marketing_at", "sales_at", "published_at"), now)
    with transaction.atomic():
        lock_definitions()
        defined = set(Definition.objects.values_list("stage", flat=True))
        Definition.objects.bulk_create(
            Definition(stage=stage, **standard.as_content(), **agreed)
            for stage, standard in standard_definitions().items()
            if stage not in defined
        )
        if not CompanyRule.objects.exists():
            CompanyRule.objects.create(least_people=1, **agreed)


KEPT = (
    "needs_qualification",
    "is_binding",
    "condition",
    "subcategories",
    "moves_to",
    "exit_reasons",
    "owner_team",
)


def _so_far(stage: str) -> dict[str, Any]:
    """What the draft says, else the version that binds, else what a new version begins with."""
    known = Definition.objects.filter(stage=stage).exclude(state=VersionState.RETIRED)
    latest = known.order_by("-version").first() or Definition(stage=stage)
    return {name: getattr(latest, name) for name in KEPT}
