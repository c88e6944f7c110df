"""What a rep should know before calling: why this lead, and what happened last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from funnel.actions.holding import IN_QUEUE
from funnel.models import Deal, Disposition, Playbook, Qualification, StageMove
from funnel.playbook import Question
from funnel.queries.playbooks import cool_off, playbook_in_force, questions_of
from funnel.queries.queue import QueueLine, last_moves, line_of
from funnel.routing.telling import why_assigned
from leadmgmt.ui import formatting
from leads.kinds import Kind
from leads.models import Activity, Company, Lead, Persona, Stage
from leads.queries.personas import persona_of
from leads.telling import Told, tell
from scoring.queries.explaining import contributions

WEIGHTIEST = 3  # reasons for a score in one sentence
MOST_DEALS = 20  # on the page of a company
TOLD = 8  # facts beside the call; the whole timeline is on the lead's page


@dataclass(frozen=True)
class Story:
    """One lead as the rep sees it in the queue."""

    entry: QueueLine
    why: str
    score: str
    happened: Sequence[tuple[Activity, Told]]
    people: Sequence[Lead]
    persona: Persona | None
    playbook: Playbook
    said: Disposition | None

    @property
    def lead(self) -> Lead:
        """Whose story it is."""
        return self.entry.lead

    @property
    def questions(self) -> Sequence[Question]:
        """What to ask."""
        return questions_of(self.playbook)


def story_of(lead: Lead, currency: str, line: QueueLine | None = None) -> Story:
    """The story of one lead, in a handful of statements; `line`: its line, where it is known."""
    persona = persona_of(lead)
    because = why_in_queue(lead, last_moves([lead.pk]).get(lead.pk))
    return Story(
        entry=line or line_of(lead),
        why=" ".join(each for each in (because, why_assigned(lead)) if each),
        score=why_this_score(lead),
        happened=[(fact, tell(fact, currency)) for fact in latest_of(lead)],
        people=colleagues_of(lead),
        persona=persona[0] if persona else None,
        playbook=playbook_in_force(),
        said=last_said(lead),
    )


def last_said(lead: Lead) -> Disposition | None:
    """What sales last said about the lead as an MQL, whenever that was."""
    found: Disposition | None = (
        Disposition.objects.filter(lead=lead).select_related("by").order_by("-decided_at").first()
    )
    return found


def latest_of(lead: Lead) -> Sequence[Activity]:
    """The newest facts about a lead; how long a page was looked at is none."""
    return list(
        Activity.objects.filter(lead=lead)
        .exclude(kind=Kind.PAGE_LEFT)
        .select_related("by")
        .order_by("-occurred_at", "-id")[:TOLD]
    )


def colleagues_of(lead: Lead) -> Sequence[Lead]:
    """Others we know in the same company, the furthest first."""
    if lead.company_id is None:
        return []
    others = Lead.objects.filter(company_id=lead.company_id).exclude(pk=lead.pk)
    return list(others.order_by("-score", "id")[:5])


def why_in_queue(lead: Lead, move: StageMove | None) -> str:
    """Why the lead is here, in one sentence."""
    if move is None:
        return _("In the stage %(stage)s since %(day)s.") % {
            "stage": lead.get_stage_display(),
            "day": formatting.day(lead.stage_entered_at),
        }
    values = {
        "stage": move.get_to_stage_display(),
        "day": formatting.day(move.moved_at),
        "reason": move.reason.rstrip("."),
        "by": move.definition or move.by or "",
    }
    if move.definition:
        return _("%(stage)s since %(day)s because %(reason)s (%(by)s).") % _inside(values)
    if move.by:
        return _("%(stage)s since %(day)s, moved by %(by)s: %(reason)s.") % values
    return _("%(stage)s since %(day)s: %(reason)s.") % values


def why_this_score(lead: Lead) -> str:
    """The score with what weighs most in it, in one sentence; empty without a score."""
    if lead.score is None:
        return ""
    given = sorted(contributions(lead.pk), key=lambda each: -abs(each.points))[:WEIGHTIEST]
    reasons = "; ".join(f"{each.name} ({each.points:+d})" for each in given)
    if not reasons:
        return _("Score %(score)d.") % {"score": lead.score}
    return _("Score %(score)d: %(reasons)s.") % {"score": lead.score, "reasons": reasons}


def _inside(values: dict[str, object]) -> dict[str, object]:
    """A reason that begins a sentence, in the middle of one."""
    reason = str(values["reason"])
    return values | {"reason": reason[:1].lower() + reason[1:]}


def qualifications_of(lead: Lead) -> tuple[Qualification | None, Qualification | None]:
    """The open one, if there is one, and the last that was concluded."""
    newest = Qualification.objects.filter(lead=lead).order_by("-concluded_at", "-id")
    found = list(newest.select_related("by", "playbook")[:2])  # no moment sorts before any
    begun = next((each for each in found if not each.outcome), None)
    return begun, next((each for each in found if each.outcome), None)


def open_qualification(lead: Lead) -> Qualification | None:
    """What has been filled in so far, if a qualification is open."""
    found: Qualification | None = Qualification.objects.filter(lead=lead, outcome="").first()
    return found


def deals_of(lead: Lead) -> Sequence[Deal]:
    """The deals of a lead, the latest first."""
    return list(Deal.objects.filter(lead=lead).order_by("-opened_at", "-id"))


def deals_with(company: Company) -> Sequence[Deal]:
    """The latest deals with a company, or with people who work there now."""
    people = Lead.objects.filter(company=company).values("id")
    found = Deal.objects.filter(Q(company=company) | Q(lead__in=people))
    return list(found.select_related("lead").order_by("-opened_at", "-id")[:MOST_DEALS])


def may_be_claimed(lead: Lead) -> bool:
    """Is the lead in the pool?"""
    return lead.stage in IN_QUEUE and lead.owner_id is None


def cools_off_until(lead: Lead, moves: Sequence[StageMove]) -> datetime | None:
    """Until when no rule makes an MQL of a lead that a colleague sent back, if one did."""
    last = moves[0] if moves else None
    if last is None or last.by_id is None or lead.stage not in (Stage.LEAD, Stage.NURTURING):
        return None
    until: datetime = last.moved_at + cool_off()
    return until
