"""Effects of a publish, let go in stages and under caps; stopped, gone on with, ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from scoring.actions.holding import carry_on
from scoring.actions.terms import Terms, refuse_senseless
from scoring.events import LeadsReleased, ReleasesMoved
from scoring.following import following, names
from scoring.models import (
    OPEN,
    HeldLead,
    ModelVersion,
    Release,
    ReleaseState,
    ReleaseStep,
    Steering,
)

AT_ONCE = 500  # leads looked at in one transaction
HOUR = timedelta(hours=1)
LOTS_PER_CENT = 100

WAITING = """
SELECT lead_id FROM scoring_heldlead
WHERE workspace_id = %(workspace)s AND release_id = %(release)s AND released_at IS NULL
  AND lot < %(lots)s
ORDER BY lot, lead_id LIMIT %(most)s
"""
LET_GO = """
UPDATE scoring_heldlead SET released_at = %(now)s, is_promoted = lead_id = ANY(%(promoted)s::uuid[])
WHERE workspace_id = %(workspace)s AND release_id = %(release)s
  AND lead_id = ANY(%(leads)s::uuid[]) AND released_at IS NULL
"""


class ReleaseIsOver(Conflict):
    """The release has ended, or is in another state than the verb needs."""


def plan_release(
    version: ModelVersion, terms: Terms | None, *, by: Member | None, now: datetime
) -> Release | None:
    """Prepare the release of a version that is being published; None where nothing is to follow.

    A release of the version before ends here; who still waits in it waits in the new one, or,
    without one, stays as they are.
    """
    open_ones = Release.objects.select_for_update(of=["self"]).filter(state__in=OPEN)
    before = open_ones.filter(version__model=version.model_id).first()
    if before is not None:
        _end(before, by, now)
    if terms is None:
        return None
    refuse_senseless(version, terms)
    release: Release = Release.objects.create(
        version=version,
        effects=[each for each in names() if each in terms.effects],
        total_cap=terms.total_cap,
        hourly_cap=terms.hourly_cap,
        shares=list(terms.shares),
        hours=terms.hours,
        asked_by=by,
        asked_at=now,
    )
    if before is not None:
        carry_on(before.pk, release.pk)
    return release


def begin_release(version: ModelVersion, now: datetime) -> None:
    """All scores have switched: the first stage opens."""
    waiting = Release.objects.select_for_update().filter(version=version, begun_at=None)
    for release in waiting.filter(state__in=OPEN):
        release.begun_at = release.due_at = now
        release.save()
        publish(ReleasesMoved((release.pk,)))


def advance_releases(ids: Iterable[UUID], *, now: datetime) -> None:
    """Let the next leads of each of these releases go, as far as stage and caps allow.

    Whoever is let go is written down in the same transaction in which they become MQLs, so each
    goes once, whatever dies in between and however many workers try.
    """
    for each in ids:
        with transaction.atomic():
            due = Release.objects.select_for_update().filter(pk=each, due_at__lte=now)
            release = due.filter(state=ReleaseState.RUNNING).first()
            if release is not None:
                _advance(release, now)
                release.save()


def release_due(*, now: datetime) -> int:
    """Go on with every release that is due; how many were."""
    due = Release.objects.filter(state=ReleaseState.RUNNING, due_at__lte=now)
    ids = list(due.values_list("pk", flat=True))
    advance_releases(ids, now=now)
    return len(ids)


def stop_release(release: Release, *, now: datetime, by: Member | None = None) -> None:
    """Let nobody else go; who went stays. A stop of a stopped release changes nothing."""
    with transaction.atomic():
        held = _locked(release)
        if held.state != ReleaseState.STOPPED:
            held.state = ReleaseState.STOPPED
            held.save()
            _remember(held, Steering.STOPPED, by, now)


def go_on_release(release: Release, *, now: datetime, by: Member | None = None) -> None:
    """Go on where it was stopped."""
    with transaction.atomic():
        held = _locked(release)
        if held.state == ReleaseState.STOPPED:
            held.state = ReleaseState.RUNNING
            _wake(held, now)
            held.save()
            _remember(held, Steering.WENT_ON, by, now)


def open_next_stage(release: Release, *, now: datetime, by: Member | None = None) -> None:
    """Open the next stage by hand, also before its time."""
    with transaction.atomic():
        held = _locked(release)
        if held.begun_at is None or held.is_last_stage or held.state != ReleaseState.RUNNING:
            raise ReleaseIsOver(_("No stage waits to be opened; the release may be stopped."))
        _open_next(held, now)
        held.save()
        _remember(held, Steering.OPENED, by, now)


def end_release(release: Release, *, by: Member | None, now: datetime) -> None:
    """End it for good: who waits stays as they are until facts of their own move them."""
    with transaction.atomic():
        _end(_locked(release), by, now)


def _locked(release: Release) -> Release:
    found: Release = Release.objects.select_for_update().get(pk=release.pk)
    if not found.is_open:
        raise ReleaseIsOver(_("This release has ended; publish again to release more."))
    return found


def _end(release: Release, by: Member | None, now: datetime) -> None:
    release.state, release.ended_at, release.ended_by = ReleaseState.ENDED, now, by
    release.due_at = release.capped_until = None
    release.save()
    _remember(release, Steering.ENDED, by, now)


def _remember(release: Release, what: Steering, by: Member | None, now: datetime) -> None:
    ReleaseStep.objects.create(release=release, what=what, stage=release.stage, by=by, at=now)


def _advance(release: Release, now: datetime) -> None:
    if release.stage_done_at is not None:
        _open_next(release, now)
    lots = release.share * LOTS_PER_CENT
    rows = fetch(WAITING, release=release.pk, lots=lots, most=AT_ONCE)
    waiting = [row[0] for row in rows]
    mqls = set(following().mqls(waiting, now)) if waiting else set()
    going = _within(waiting, mqls, _room(release, now))
    promoted = [each for each in going if each in mqls]
    _let_go(release, going, promoted, now)
    release.promoted += len(promoted)
    release.capped_until = None
    if len(going) < len(waiting):
        _wait_for_room(release, now)
    elif len(waiting) == AT_ONCE:
        _wake(release, now)
    else:
        _close_stage(release, now)


def _within(waiting: list[UUID], mqls: set[UUID], room: int | None) -> list[UUID]:
    """The first of those who wait, up to the one whom a cap holds back."""
    going: list[UUID] = []
    for each in waiting:
        if each in mqls and room is not None:
            if room <= 0:
                break
            room -= 1
        going.append(each)
    return going


def _room(release: Release, now: datetime) -> int | None:
    """How many may become MQLs now; None: any number."""
    rooms = []
    if release.total_cap is not None:
        rooms.append(release.total_cap - release.promoted)
    if release.hourly_cap is not None:
        promoted = HeldLead.objects.filter(release=release, is_promoted=True)
        rooms.append(release.hourly_cap - promoted.filter(released_at__gt=now - HOUR).count())
    return min(rooms, default=None)


def _let_go(release: Release, going: list[UUID], promoted: list[UUID], now: datetime) -> None:
    if going:
        execute(LET_GO, release=release.pk, leads=going, promoted=promoted, now=now)
        spares = (each for each in names() if each not in release.effects)
        publish(LeadsReleased(tuple(promoted), spares=" ".join(spares)))


def _wait_for_room(release: Release, now: datetime) -> None:
    """A cap holds the next one back: the total for good, the hourly one until a place is free."""
    if release.total_cap is not None and release.promoted >= release.total_cap:
        _finish(release, now)
        return
    promoted = HeldLead.objects.filter(release=release, is_promoted=True)
    oldest = promoted.filter(released_at__gt=now - HOUR).aggregate(at=Min("released_at"))["at"]
    release.capped_until = release.due_at = (oldest or now) + HOUR


def _close_stage(release: Release, now: datetime) -> None:
    """The stage is through. One that had nobody to let go is not waited for."""
    if release.is_last_stage:
        _finish(release, now)
    elif not _has_gone(release):
        _open_next(release, now)
    else:
        release.stage_done_at = now
        release.due_at = None if release.hours is None else now + timedelta(hours=release.hours)


def _has_gone(release: Release) -> bool:
    first = release.shares[release.stage - 1] * LOTS_PER_CENT if release.stage else 0
    gone = HeldLead.objects.filter(release=release, lot__gte=first, is_promoted=True)
    return bool(gone.filter(lot__lt=release.share * LOTS_PER_CENT).exists())


def _open_next(release: Release, now: datetime) -> None:
    release.stage, release.stage_done_at = release.stage + 1, None
    _wake(release, now)


def _wake(release: Release, now: datetime) -> None:
    """Look at it at once, unless its scores have not switched, or it waits for a hand or a day."""
    if release.begun_at is None:
        return
    if release.stage_done_at is None:
        release.due_at = now
    publish(ReleasesMoved((release.pk,)))


def _finish(release: Release, now: datetime) -> None:
    release.state, release.ended_at, release.due_at = ReleaseState.DONE, now, None
