"""What the funnel, and scoring below it, tell about cycles that are being closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from funnel.actions.qualifying import asked
from funnel.cycles import Closing
from funnel.models import Answer, Assignment, Deal, Playbook, Qualification, StageMove
from funnel.products.lines import plain
from funnel.products.telling import ToldLine, lines_told, with_lines
from funnel.queries.playbooks import questions_asked
from leads.models import Lead
from scoring.queries.archiving import scores_to_keep

Told = dict[UUID, Any]


def tell_origin(closings: Sequence[Closing]) -> Told:
    """The first touch, who had the lead, and which rules gave it to whom, with the sentence why."""
    cycles = {each.lead_id: each for each in closings}
    leads: Any = Lead.objects.filter(pk__in=list(cycles)).select_related("owner", "campaign")
    return {
        lead.pk: {
            "source": lead.source,
            "medium": lead.medium,
            "campaign": lead.campaign.name if lead.campaign else "",
            "owner": lead.owner.name if lead.owner else "",
            "first_seen_at": lead.first_seen_at.isoformat(),
            "assignments": [
                each
                for each in lead.its_assignments
                if cycles[lead.pk].has(parse_datetime(each["assigned_at"]))
            ],
        }
        for lead in leads.annotate(its_assignments=ArraySubquery(ASSIGNED))
    }


# Read together with the leads: the closing of many is to stay within its number of statements.
ASSIGNED = (
    Assignment._base_manager.filter(workspace=OuterRef("workspace"), lead=OuterRef("pk"))
    .order_by("assigned_at", "id")
    .values_list(
        JSONObject(
            member=F("member__name"),
            rule=F("rule__name"),
            plan=F("rule__plan__number"),
            why=F("why"),
            assigned_at=F("assigned_at"),
        )
    )
)


def tell_scores(closings: Sequence[Closing]) -> Mapping[UUID, Any]:
    """The score by every model, with its contributions."""
    return scores_to_keep(ids_of(closings))


def tell_path(closings: Sequence[Closing]) -> Told:
    """The stage log of the cycle, the first move first."""
    moves = StageMove.objects.filter(lead_id__in=ids_of(closings)).order_by("moved_at", "id")
    number = {each.lead_id: each.number for each in closings}
    return grouped(
        (
            move.lead_id,
            {
                "from": move.from_stage,
                "to": move.to_stage,
                "moved_at": move.moved_at.isoformat(),
                "by": move.by.name if move.by else "",
                "definition": str(move.definition or ""),
                "reason": move.reason,
            },
        )
        for move in moves.select_related("by", "definition")
        if move.cycle == number[move.lead_id]
    )


def tell_qualifications(closings: Sequence[Closing]) -> Told:
    """What conversations found out, also one that is not finished."""
    number = {each.lead_id: each.number for each in closings}
    rows = Qualification.objects.filter(lead_id__in=ids_of(closings)).select_related(
        "by", "playbook"
    )
    return grouped(
        (row.lead_id, _answers(row))
        for row in rows.order_by("begun_at", "id")
        if row.cycle == number[row.lead_id]
    )


def _answers(row: Qualification) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "concluded_at": row.concluded_at.isoformat() if row.concluded_at else None,
        "by": row.by.name if row.by else "",
        "spoken_to": row.spoken_to,
        "reason": row.reason,
        "answers": [
            {**each, "answer": str(Answer(each["answer"]).label)}
            for each in asked(row, questions_asked(row, row.playbook or Playbook()))
        ],
    }


def tell_deals(closings: Sequence[Closing]) -> Told:
    """Deals decided in the cycle, with their lines; amounts in cents."""
    cycles = {each.lead_id: each for each in closings}
    deals: Any = with_lines(Deal.objects.filter(~Q(closed_at=None), lead_id__in=list(cycles)))
    return grouped(
        (
            deal.lead_id,
            {
                "id": str(deal.pk),
                "name": deal.name,
                "status": deal.status,
                "amount": deal.amount,
                "margin": deal.margin,
                "closed_at": deal.closed_at.isoformat(),
                "reason": deal.reason,
                "lines": [_line(each) for each in lines_told(deal)],
            },
        )
        for deal in deals.order_by("closed_at", "id")
        if cycles[deal.lead_id].has(deal.closed_at)
    )


def _line(line: ToldLine) -> dict[str, Any]:
    exact = {"quantity": plain(line.quantity), "discount": plain(line.discount)}
    return {**vars(line), **exact}


def ids_of(closings: Iterable[Closing]) -> list[UUID]:
    """Whose cycles they are."""
    return [each.lead_id for each in closings]


def grouped(rows: Iterable[tuple[UUID, Any]]) -> Told:
    """Rows by lead."""
    told: dict[UUID, list[Any]] = defaultdict(list)
    for lead_id, row in rows:
        told[lead_id].append(row)
    return dict(told)
