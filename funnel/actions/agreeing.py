"""Agreeing on a version: written as a draft, approved by both sides, published."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from funnel.models import APPROVERS, AgreedVersion, Side
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Role, VersionState, Workspace

V = TypeVar("V", bound=AgreedVersion)

NOT_APPROVED = dict.fromkeys(("marketing_by", "marketing_at", "sales_by", "sales_at"))


class CannotApprove(Refusal):
    """The member may not approve this version for that side."""


class CannotPublishVersion(Conflict):
    """The version is not a draft any more, or not approved by both sides yet."""


class CannotApproveVersion(Conflict):
    """The draft was published, discarded or rewritten in the meantime."""


def write_draft(siblings: "QuerySet[V, Any]", content: dict[str, Any]) -> V:
    """Write the draft of the next version, or rewrite it; its approvals are then asked for anew."""
    draft = siblings.filter(state=VersionState.DRAFT).first()
    if draft is None:
        last = siblings.aggregate(last=Max("version"))["last"] or 0
        return siblings.create(version=last + 1, **content)
    siblings.filter(pk=draft.pk).update(revision=F("revision") + 1, **NOT_APPROVED, **content)
    draft.refresh_from_db()
    return draft


def approve_version(
    version: AgreedVersion,
    *,
    side: str,
    by: Member | None,
    now: datetime,
    revision: int | None = None,
) -> None:
    """Approve a draft for marketing or for sales; approving twice changes nothing.

    `revision`: the one that was read. Refuses who may not speak for that side, one person for
    both sides while somebody else could, and a draft that has been rewritten since it was read.
    """
    with transaction.atomic():
        lock_definitions()
        draft = _draft(version, revision)
        if getattr(draft, f"{side}_at") is None:
            _require_right(draft, Side(side), by)
            _rows(draft).update(**{f"{side}_by": by, f"{side}_at": now})


def withdraw_approval(version: AgreedVersion, *, side: str, by: Member | None) -> None:
    """Take an approval off a draft: whoever may give it may take it back."""
    with transaction.atomic():
        lock_definitions()
        draft = _draft(version, None)
        if by is None or by.role not in APPROVERS[Side(side)]:
            raise CannotApprove(_who_may(Side(side)), field="side")
        _rows(draft).update(**{f"{side}_by": None, f"{side}_at": None})


def in_person(named: Member | None, present: Member | None) -> Member | None:
    """Who approves where `present` asks; refuses to approve in the name of somebody else."""
    if named not in (None, present):
        sentence = _(
            "%(name)s did not make this key. People approve for themselves: on the page of "
            "definitions, or with a key of their own, which leaves “by” out."
        )
        raise CannotApprove(sentence % {"name": named}, field="by")
    return present


def publish_version(version: AgreedVersion, *, by: Member | None, now: datetime) -> bool:
    """Let an approved draft bind from now on; the version before it retires.

    False if it binds already. Refuses what is not approved by both sides.
    """
    with transaction.atomic():
        lock_definitions()
        draft = type(version)._default_manager.get(pk=version.pk)
        if draft.state == VersionState.PUBLISHED:
            return False
        _require_agreement(draft)
        siblings = draft.siblings().filter(state=VersionState.PUBLISHED)
        siblings.update(state=VersionState.RETIRED, retired_at=now)
        _rows(draft).update(state=VersionState.PUBLISHED, published_by=by, published_at=now)
    return True


def discard_version(version: AgreedVersion) -> None:
    """Throw a proposal away; what has bound stays."""
    with transaction.atomic():
        lock_definitions()
        _rows(_draft(version, None)).delete()


def lock_definitions() -> None:
    """One change of definitions at a time in a workspace."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())


def may_approve(version: AgreedVersion, side: Side, by: Member) -> bool:
    """Whether this member could approve the version for that side now."""
    return by.role in APPROVERS[side] and not (
        _stands_for_other(version, side, by) and others_who_may(side, by)
    )


def others_who_may(side: Side, by: Member) -> bool:
    """Is there anybody else who may speak for that side?"""
    present = Member.objects.present().filter(role__in=APPROVERS[side])
    return bool(present.exclude(pk=by.pk).exists())


def _require_right(draft: AgreedVersion, side: Side, by: Member | None) -> None:
    if by is None or by.role not in APPROVERS[side]:
        raise CannotApprove(_who_may(side), field="side")
    if _stands_for_other(draft, side, by) and others_who_may(side, by):
        sentence = _(
            "%(name)s has approved for the other side. Somebody else is to approve for %(side)s."
        )
        raise CannotApprove(sentence % {"name": by.name, "side": side.label.lower()}, field="side")


def _stands_for_other(version: AgreedVersion, side: Side, by: Member) -> bool:
    other = Side.SALES if side == Side.MARKETING else Side.MARKETING
    return bool(getattr(version, f"{other}_by_id") == by.pk)


def _who_may(side: Side) -> str:
    roles = ", ".join(str(Role(role).label) for role in APPROVERS[side])
    sentence = _("For %(side)s one of these may approve: %(roles)s.")
    return sentence % {"side": side.label.lower(), "roles": roles.lower()}


def _draft(version: AgreedVersion, revision: int | None) -> AgreedVersion:
    draft = type(version)._default_manager.filter(pk=version.pk).first()
    if draft is None or not draft.is_draft:
        sentence = _("%(version)s is no proposal any more.")
        raise CannotApproveVersion(sentence % {"version": version})
    if revision not in (None, draft.revision):
        sentence = _("%(version)s has been rewritten since you opened it. Read it again.")
        raise CannotApproveVersion(sentence % {"version": version})
    return draft


def _require_agreement(draft: AgreedVersion) -> None:
    if not draft.is_draft:
        sentence = _("%(version)s has retired. Propose a new version instead.")
        raise CannotPublishVersion(sentence % {"version": draft})
    if waiting := draft.waits_for:
        sides = _(" and ").join(str(side.label).lower() for side in waiting)
        sentence = _("%(version)s is not approved by %(sides)s yet.")
        raise CannotPublishVersion(sentence % {"version": draft, "sides": sides})


def _rows(version: V) -> "QuerySet[V, Any]":
    return type(version)._default_manager.filter(pk=version.pk)
