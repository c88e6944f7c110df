"""The life of a version: begun as a draft, held while it is written, in force, retired."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, SoleVersion, VersionState, Workspace

LONGEST_REASON = 300

Version = TypeVar("Version", bound=SoleVersion)


def take_workspace() -> None:
    """One after the other, so that a double click makes one of what it makes."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())


def hold_draft(draft: Version, *, refusal: Refusal) -> Version:
    """The draft as it is now, held; raises `refusal` when it was published or discarded."""
    held: Version | None = (
        type(draft).objects.draft().select_for_update().filter(pk=draft.pk).first()
    )
    if held is None:
        raise refusal
    return held


def retire_version(versions: type[Version], *, now: datetime) -> Version | None:
    """What is in force holds no more; that version, if there was one."""
    held: Version | None = versions.objects.published().select_for_update().first()
    if held is not None:
        versions.objects.filter(pk=held.pk).update(state=VersionState.RETIRED, retired_at=now)
    return held


def put_in_force(
    draft: Version, *, by: Member | None, reason: str, now: datetime
) -> Version | None:
    """Give a held draft its number; from now on it holds. The version that held before."""
    versions = type(draft)
    before = retire_version(versions, now=now)
    latest = versions.objects.aggregate(latest=Max("number"))["latest"] or 0
    draft.state, draft.number, draft.reason = VersionState.PUBLISHED, latest + 1, reason
    draft.published_by, draft.published_at = by, now
    draft.save()
    return before


def checked_reason(reason: str, refusal: type[Refusal], *, missing: str) -> str:
    """Why a version changes, as it is kept; refuses none with the sentence `missing`."""
    reason = reason.strip()
    if not reason:
        raise refusal(missing, field="reason")
    if len(reason) > LONGEST_REASON:
        sentence = _("The reason has %(length)d characters; at most %(most)d are kept.")
        told = {"length": len(reason), "most": LONGEST_REASON}
        raise refusal(sentence % told, field="reason")
    return reason
