"""The stage log of a lead: every move, and how long it stayed where it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery

from funnel.models import StageMove
from leads.models import Lead


@dataclass(frozen=True)
class Stay:
    """A move into a stage, and how long the lead stayed there, until now if it is there still."""

    move: StageMove
    lasted: timedelta


def stays_of(lead: Lead, *, now: datetime) -> Sequence[Stay]:
    """Every move of a lead, the latest first; one statement."""
    found = StageMove.objects.filter(lead=lead).select_related("by", "definition")
    moves = list(found.order_by("-moved_at", "-id"))
    ends = [now, *(move.moved_at for move in moves)]
    return [Stay(move, end - move.moved_at) for move, end in zip(moves, ends, strict=False)]


def with_ends(moves: "QuerySet[StageMove]") -> "QuerySet[StageMove]":
    """Moves with `left_at`: when the lead left the stage they led to; None if it is there still."""
    later = Q(moved_at__gt=OuterRef("moved_at")) | Q(
        moved_at=OuterRef("moved_at"), pk__gt=OuterRef("pk")
    )
    following = StageMove.objects.filter(later, lead=OuterRef("lead")).order_by("moved_at", "id")
    left_at = Subquery(following.values("moved_at")[:1], output_field=DateTimeField())
    return moves.annotate(left_at=left_at)
