"""What a closer sees of a lead, and what others see of handovers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from funnel.closing.handing import sight
from funnel.models import Handover, Sight, SightChange
from funnel.playbook import Question
from funnel.queries.playbooks import playbook_in_force, questions_of
from funnel.queries.story import latest_of
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from leads.queries.personas import persona_of
from leads.telling import Told, tell

LATEST = 5
MOST = 50  # changes that the page tells


@dataclass(frozen=True)
class Seen:
    """One lead with nothing but what closers may see of it."""

    handover: Handover
    shown: Sequence[str]
    facts: Sequence[tuple[str, str, str]]
    questions: Sequence[Question] = ()
    reasons: Sequence[str] = ()
    happened: Sequence[tuple[Activity, Told]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What to call the lead when the name is not to be seen."""
        return next((value for key, _label, value in self.facts if key == Sight.NAME), "")


def handed_to(closer: Member, *, now: datetime) -> QuerySet[Handover]:
    """What a closer has in hand, the nearest end first."""
    found: QuerySet[Handover] = Handover.objects.open(now).filter(closer=closer)
    return found.select_related("lead__company").order_by("until_at", "id")


def seen(handover: Handover, currency: str) -> Seen:
    """The lead of a handover as its closer sees it."""
    shown, lead = sight(), handover.lead
    facts = [
        (key, str(Sight(key).label), _value(lead, key))
        for key in shown
        if key not in (Sight.GUIDE, Sight.TIMELINE)
    ]
    persona = persona_of(lead) if Sight.GUIDE in shown else None
    return Seen(
        handover=handover,
        shown=shown,
        facts=facts,
        questions=questions_of(playbook_in_force()) if Sight.GUIDE in shown else (),
        reasons=persona[0].reasons if persona else (),
        happened=[(each, tell(each, currency)) for each in latest_of(lead)]
        if Sight.TIMELINE in shown
        else [],
    )


def handovers_panel(lead: Lead) -> dict[str, Any] | None:
    """The card on a lead's page: who has or had it, who handed it, what was opened."""
    found = Handover.objects.filter(lead=lead).select_related("closer", "handed_by")
    handovers = list(found.order_by("-handed_at", "-id")[:LATEST])
    return {"handovers": handovers} if handovers else None


def changes_of_sight() -> Sequence[SightChange]:
    """What closers saw before, the latest change first."""
    return list(SightChange.objects.select_related("by").order_by("-changed_at", "-id")[:MOST])


def handovers() -> QuerySet[Handover]:
    """All of the workspace, for those who answer for them."""
    found: QuerySet[Handover] = Handover.objects.all()
    return found.select_related("lead", "closer", "handed_by")


def _value(lead: Lead, key: str) -> str:
    if key == Sight.COMPANY:
        return lead.company.name if lead.company else ""
    return str(getattr(lead, key) or "")
