"""Handing leads to external closers, and ending it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from funnel.actions.working import AttemptOutcome, log_attempt
from funnel.models import Closing, ClosingSight, Handover, Sight, SightChange
from funnel.models.handovers import USUAL_SIGHT
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member, Role, Workspace
from leads.kinds import Kind
from leads.models import Lead

LONGEST = {"what": 500, "note": 1_000}
LONGEST_STAY = timedelta(days=36_500)


class CannotHandToCloser(Refusal):
    """No closer, nothing to do, or a moment that has passed."""


class CannotClose(Refusal):
    """No such outcome."""


@transaction.atomic
def hand_to_closer(
    lead_ids: Sequence[UUID],
    *,
    closer: Member,
    what: str,
    until: datetime,
    by: Member | None,
    now: datetime,
) -> list[UUID]:
    """Let a closer see and call these leads until a moment; those that they did not have yet.

    Refuses who is no closer or has left, an empty task, and a moment that has passed.
    """
    _refuse_wrong(closer, what, until, now)
    Handover.objects.filter(
        closer=closer, lead__in=lead_ids, ended_at=None, until_at__lte=now
    ).update(ended_at=F("until_at"))
    has = Handover.objects.filter(closer=closer, lead__in=lead_ids, ended_at=None)
    free = sorted(set(lead_ids) - set(has.values_list("lead_id", flat=True)))
    rows = [
        Handover(
            pk=new_id(),
            lead_id=lead_id,
            closer=closer,
            what=what.strip(),
            until_at=until,
            handed_by=by,
            handed_at=now,
        )
        for lead_id in free
    ]
    Handover.objects.bulk_create(rows, ignore_conflicts=True)
    made = Handover.objects.filter(pk__in=[each.pk for each in rows])  # nobody was quicker
    return list(made.order_by("lead_id").values_list("lead_id", flat=True))


@transaction.atomic
def take_back(handover: Handover, *, by: Member | None, now: datetime) -> None:
    """The closer sees the lead no more; what has ended already stays as it ended."""
    still = Handover.objects.open(now).filter(pk=handover.pk)
    still.update(ended_at=now, ended_by=by)


@transaction.atomic
def close_handover(
    handover: Handover, *, outcome: str, note: str, by: Member, now: datetime
) -> None:
    """What came of it; from then on the closer sees the lead no more.

    Stands on the lead's timeline as a call, and whoever handed the lead over is told. A second
    click changes nothing. Refuses an unknown outcome.
    """
    if outcome not in Closing.values:
        sentence = _("“%(value)s” is no outcome; choose from %(all)s.")
        told = {"value": outcome[:20], "all": ", ".join(Closing.values)}
        raise CannotClose(sentence % told, field="outcome")
    refuse_unfit_text(note, field="note")
    held = Handover.objects.select_for_update().open(now).filter(pk=handover.pk).first()
    if held is None:
        return
    held.outcome, held.note = outcome, note.strip()[: LONGEST["note"]]
    held.ended_at, held.ended_by = now, by
    held.save(update_fields=["outcome", "note", "ended_at", "ended_by"])
    lead = Lead.objects.get(pk=held.lead_id)
    reached = AttemptOutcome.NO_ANSWER if outcome == Closing.NOT_REACHED else AttemptOutcome.REACHED
    said = ": ".join(each for each in (str(Closing(outcome).label), held.note) if each)
    log_attempt(lead, kind=Kind.CALL, outcome=reached, note=said, by=by, now=now, key=str(held.pk))
    _tell(held, lead, now)


def note_opening(handover: Handover, *, saw: Sequence[str], now: datetime) -> None:
    """Keep that the closer looked at the lead, and which of its fields they saw."""
    Handover.objects.filter(pk=handover.pk).update(
        opened_first_at=Coalesce("opened_first_at", now),
        opened_last_at=now,
        opened_times=F("opened_times") + 1,
        saw=sorted({*handover.saw, *saw}),
    )


def set_sight(shown: Sequence[str], *, by: Member | None, now: datetime) -> None:
    """Say what closers see of a lead; what they saw before is kept. Refuses what nobody knows."""
    strange = [each for each in shown if each not in Sight.values]
    if strange:
        sentence = _("“%(value)s” cannot be shown; choose from %(all)s.")
        told = {"value": strange[0][:20], "all": ", ".join(Sight.values)}
        raise CannotHandToCloser(sentence % told, field="shown")
    new = [each for each in Sight.values if each in shown]
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
        old = sight()
        values: dict[str, Any] = {"shown": new, "changed_by": by, "changed_at": now}
        if old != new:
            ClosingSight.objects.update_or_create(defaults=values)
            SightChange.objects.create(old=old, new=new, by=by, changed_at=now)


def sight() -> list[str]:
    """What closers see in this workspace."""
    kept = ClosingSight.objects.first()
    seen = kept.shown if kept else USUAL_SIGHT
    return [each.value for each in Sight if each in seen]


def _refuse_wrong(closer: Member, what: str, until: datetime, now: datetime) -> None:
    if closer.role != Role.CLOSER or closer.left_at is not None:
        sentence = _("%(name)s is no closer here; choose a member with the role “Closer”.")
        raise CannotHandToCloser(sentence % {"name": closer.name}, field="closer")
    if not what.strip():
        raise CannotHandToCloser(_("Say what the closer is to do."), field="what")
    if len(what.strip()) > LONGEST["what"]:
        sentence = _("The task has %(length)d characters; at most %(most)d are kept.")
        told = {"length": len(what.strip()), "most": LONGEST["what"]}
        raise CannotHandToCloser(sentence % told, field="what")
    refuse_odd_end(until, now=now)


def refuse_odd_end(until: datetime, *, now: datetime) -> None:
    """Refuse a moment that has passed, and one that nobody here will see."""
    if until <= now:
        sentence = _("The handover ends when it begins; choose a day to come.")
        raise CannotHandToCloser(sentence, field="until")
    if until > now + LONGEST_STAY:
        sentence = _("That is too far away; choose a day within a hundred years.")
        raise CannotHandToCloser(sentence, field="until")


def _tell(held: Handover, lead: Lead, now: datetime) -> None:
    if held.handed_by_id is None:
        return
    sentence = _("%(closer)s called %(lead)s: %(outcome)s")
    told = {"closer": held.closer.name, "lead": lead, "outcome": held.get_outcome_display()}
    notice = NewNotice(
        member_id=held.handed_by_id,
        kind="closing",
        text=sentence % told,
        path=f"leads/{lead.pk}/",
        key=f"handover:{held.pk}",
    )
    give_notices([notice], now=now)
