"""Stage moves over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import stages
from funnel.api.rows import OfWorkspace
from funnel.models import StageMove
from leads.api.fields import by_member, one_of
from leads.api.reading import KeysetPagination
from leads.models import Lead, Stage


class MoveSerializer(serializers.ModelSerializer[StageMove]):
    """A lead went from one stage to another."""

    class Meta:
        model = StageMove
        fields = (
            "id",
            "lead",
            "from_stage",
            "to_stage",
            "moved_at",
            "by",
            "definition",
            "reason",
            "cycle",
        )
        read_only_fields = fields


class NewMoveSerializer(serializers.Serializer[Any]):
    """Move a lead by hand."""

    lead = one_of(Lead)
    stage = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.CharField(max_length=300)
    return_on = serializers.DateField(required=False, allow_null=True)
    by = by_member()


class LatestMoves(KeysetPagination):
    """The latest first."""

    order = ("-moved_at", "-id")


class MoveViewSet(mixins.ListModelMixin, OfWorkspace):
    """Stage moves: the history, and moving a lead by hand."""

    queryset = StageMove._base_manager.none()
    serializer_class = MoveSerializer
    pagination_class = LatestMoves

    @extend_schema(request=NewMoveSerializer, responses={201: MoveSerializer})
    def create(self, request: Request) -> Response:
        """Move a lead; answers with the move, or the last one when the lead is there already."""
        told = self.told(NewMoveSerializer)
        lead = told.pop("lead")
        stages.move_lead(lead, **told, now=timezone.now())
        move = self.get_queryset().filter(lead=lead).order_by(*LatestMoves.order).first()
        return self.answer(move, status.HTTP_201_CREATED)
