"""How far a release is, in words and figures."""

from bisect import bisect_right
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import moment
from scoring.actions.releasing import LOTS_PER_CENT
from scoring.following import MQL, following
from scoring.models import HeldLead, Release, ReleaseState, ScoreModel


@dataclass(frozen=True)
class ReleaseTold:
    """A release: how many it holds, has let go, and made MQLs of; who still waits."""

    release: Release
    held: int
    gone: int
    promoted: int

    @property
    def waiting(self) -> int:
        """Who has not been let go."""
        return self.held - self.gone

    @property
    def promise(self) -> str:
        """What a release is, in one sentence."""
        if self.release.begun_at is None:
            return _(
                "Scores switch at once for everybody; what follows from them is then let go lead "
                "by lead, in stages and under the caps. New facts of a lead count as always."
            )
        return _(
            "Scores have switched at once for everybody; what follows from them is let go lead by "
            "lead, in stages and under the caps, while new facts of a lead count as always."
        )

    @property
    def state(self) -> str:
        """Where it stands, in one sentence."""
        return state_of(self)

    @property
    def stages(self) -> str:
        """The shares in order, and how one follows the other."""
        shares = " → ".join(f"{each} %" for each in self.release.shares)
        if len(self.release.shares) == 1:
            return _("everybody at once")
        if self.release.hours is None:
            return _("%(shares)s, each when you open it") % {"shares": shares}
        return ngettext(
            "%(shares)s, each %(hours)d hour after the one before is through",
            "%(shares)s, each %(hours)d hours after the one before is through",
            self.release.hours,
        ) % {"shares": shares, "hours": self.release.hours}

    @property
    def effects(self) -> str:
        """What follows, in words."""
        labels = {MQL: _("Become MQLs")}
        labels |= {each.name: str(each.label) for each in following().effects}
        return " · ".join(labels.get(each, each) for each in self.release.effects)

    @property
    def may_open_next(self) -> bool:
        """A click can open the next stage."""
        return self.release.begun_at is not None and not self.release.is_last_stage

    @property
    def next_label(self) -> str:
        """What that click is called."""
        share = self.release.shares[min(self.release.stage + 1, len(self.release.shares) - 1)]
        return _("Open the next stage (%(share)d %%)") % {"share": share}


def state_of(told: ReleaseTold) -> str:
    """A release in one sentence: released, waiting, stopped, or capped until when."""
    release = told.release
    if release.state == ReleaseState.STOPPED:
        return _("Stopped: nobody else is let go until you go on.")
    if release.state == ReleaseState.ENDED:
        return _("Ended for good; who was not let go stays as they are.")
    if release.state == ReleaseState.DONE:
        if not told.held:
            return _("Done: the version moved nobody.")
        return (
            _("Done: everybody was let go.")
            if not told.waiting
            else _("The total cap is reached; the rest stays.")
        )
    return _running(release)


def _running(release: Release) -> str:
    if release.begun_at is None:
        return _("It begins when all scores have switched.")
    if release.capped_until is not None:
        return _("Capped until %(at)s: the hour is full.") % {"at": moment(release.capped_until)}
    numbers: dict[str, object] = {"nth": release.stage + 1, "of": len(release.shares)}
    if release.stage_done_at is None:
        return _("Stage %(nth)d of %(of)d is being let go.") % numbers
    if release.due_at is None:
        return _("Stage %(nth)d of %(of)d is through; the next waits for you.") % numbers
    numbers["at"] = moment(release.due_at)
    return _("Stage %(nth)d of %(of)d is through; the next opens %(at)s.") % numbers


def stage_named(release: Release, name: str) -> int | None:
    """The stage somebody asks for by its number from 0; None: no such stage, so all of them."""
    return int(name) if name in map(str, range(len(release.shares))) else None


def stage_of(release: Release, held: HeldLead) -> int:
    """In which stage, from 0, a lead is let go: its lot decides."""
    return bisect_right([share * LOTS_PER_CENT for share in release.shares], held.lot)


def people_of_release(release: Release, which: str, stage: int | None = None) -> QuerySet[HeldLead]:
    """Those it holds: who became an MQL by it, who waits, or by any other name everybody.

    `stage`: only those who are let go in this one.
    """
    rows = HeldLead.objects.filter(release=release).select_related("lead__company")
    if stage is not None:
        first = release.shares[stage - 1] if stage else 0
        beyond = release.shares[stage] * LOTS_PER_CENT
        rows = rows.filter(lot__gte=first * LOTS_PER_CENT, lot__lt=beyond)
    if which == "promoted":
        return rows.filter(is_promoted=True)
    return rows.filter(released_at=None) if which == "waiting" else rows


def release_told(release: Release) -> ReleaseTold:
    """A release with its figures."""
    rows = HeldLead.objects.filter(release=release)
    counts = rows.aggregate(
        held=Count("lead_id"),
        gone=Count("lead_id", filter=Q(released_at__isnull=False)),
        promoted=Count("lead_id", filter=Q(is_promoted=True)),
    )
    return ReleaseTold(release, **counts)


def latest_release(model: ScoreModel | None) -> ReleaseTold | None:
    """The newest release of a model, open or over."""
    of_model = Release.objects.filter(version__model=model).select_related("version__model")
    release = of_model.order_by("-asked_at", "-id").first()
    return release_told(release) if release else None
