"""What simulations and back-tests have in common."""

from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from scoring.backtest.fingerprints import fingerprint
from scoring.models import ModelState, ModelVersion, Rehearsal, RehearsalState

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('rehearsal ' || %(rehearsal)s, 0))"


class CannotTry(Refusal):
    """There is nothing to try, or it is over."""


def take_rehearsal(rehearsal_id: UUID) -> None:
    """One worker takes a step of a rehearsal at a time; who cancels it need not wait."""
    fetch(LOCK, rehearsal=str(rehearsal_id))


def beside_of(version: ModelVersion) -> ModelVersion | None:
    """What a version is tried beside: the one in force of its model, unless it is that itself."""
    versions = ModelVersion.objects.of(version.model)
    found: ModelVersion | None = versions.published().exclude(pk=version.pk).first()
    return found


def has_changed(rehearsal: Rehearsal) -> bool:
    """The version is gone, or was a draft and does not say any more what it said."""
    version = rehearsal.version
    if version is None:
        return True
    return version.state == ModelState.DRAFT and fingerprint(version) != rehearsal.fingerprint


def finish(
    rehearsal: Rehearsal, now: datetime, *, state: str = RehearsalState.DONE, **values: Any
) -> None:
    """The end, unless somebody was quicker to cancel it."""
    rows: Any = type(rehearsal).objects
    told = {
        "state": state,
        "finished_at": now,
        "done": rehearsal.done,
        "total": rehearsal.total,
    } | values
    rows.in_work().filter(pk=rehearsal.pk).update(**told)
