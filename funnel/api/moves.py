"""Stage moves over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import stages
from funnel.api.rows import OfWorkspace
from funnel.models import StageMove
from funnel.queries.moves import with_ends
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead, Stage


class MoveSerializer(serializers.ModelSerializer[StageMove]):
    """A lead went from one stage to another; `left_at` is null while it is there still."""

    left_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = StageMove
        fields = (
            "id",
            "lead",
            "from_stage",
            "to_stage",
            "moved_at",
            "left_at",
            "by",
            "definition",
            "reason",
            "exit_reason",
            "cycle",
        )
        read_only_fields = fields


class NewMoveSerializer(StrictFields):
    """Move a lead by hand."""

    lead = one_of(Lead)
    stage = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.CharField(max_length=190, required=False, allow_blank=True, default="")
    exit_reason = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of the list of the stage the lead leaves; asked for when it goes back or aside.",
    )
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

    def get_queryset(self) -> QuerySet[StageMove]:
        """Each with the moment the lead left again."""
        return with_ends(super().get_queryset())

    @extend_schema(request=NewMoveSerializer, responses={201: MoveSerializer})
    def create(self, request: Request) -> Response:
        """Move a lead; answers with the move, or the last one when the lead is there already."""
        told = self.told(NewMoveSerializer)
        lead = told.pop("lead")
        stages.move_lead(lead, **told, now=timezone.now())
        move = self.get_queryset().filter(lead=lead).order_by(*LatestMoves.order).first()
        return self.answer(move, status.HTTP_201_CREATED)
