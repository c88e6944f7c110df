"""Closed cycles over the API: read, closing one, taking a closing back."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions.cycles import MOST_POINTS, close_cycle
from funnel.actions.reopening import reopen_cycle
from funnel.api.rows import OfWorkspace
from funnel.cycle_forms import ending_of
from funnel.models import ClosedCycle, Onward
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead
from scoring.models import Carry


class CycleSerializer(serializers.ModelSerializer[ClosedCycle]):
    """What a closed cycle was, in short."""

    class Meta:
        model = ClosedCycle
        fields: tuple[str, ...] = (
            *("id", "lead", "number", "begun_at", "closed_at", "by", "reason", "outcome"),
            *("stage", "highest_stage", "score", "lead_class", "grade", "owner"),
            *("carry", "carry_amount", "onward"),
        )
        read_only_fields = fields


class CycleStorySerializer(CycleSerializer):
    """The whole story: scores with contributions, path, qualifications, deals, clocks, sequences.

    Amounts are in cents.
    """

    story = serializers.JSONField(read_only=True)

    class Meta(CycleSerializer.Meta):
        fields = (*CycleSerializer.Meta.fields, "story")
        read_only_fields = fields


class CloseSerializer(StrictFields):
    """Close the present cycle of a lead; `number` says which one that is."""

    lead = one_of(Lead)
    number = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=300)
    carry = serializers.ChoiceField(choices=Carry.choices, default=Carry.NOTHING)
    carry_amount = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_POINTS, help_text="Percent, or points."
    )
    onward = serializers.ChoiceField(choices=Onward.choices, default=Onward.LEAD)
    by = by_member()


class ReopenSerializer(StrictFields):
    """Who takes the closing back."""

    by = by_member()


class LatestCycles(KeysetPagination):
    """Those closed last first."""

    order = ("-closed_at", "-id")


class CycleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Qualification cycles that are closed; `?lead=` narrows them to one lead."""

    queryset = ClosedCycle._base_manager.none()
    serializer_class = CycleSerializer
    pagination_class = LatestCycles

    def get_queryset(self) -> Any:
        """A list goes without the stories."""
        rows = super().get_queryset()
        return rows if self.detail else rows.defer("story")

    @extend_schema(responses=CycleStorySerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What one closed cycle was: the whole story."""
        return Response(CycleStorySerializer(self.get_object()).data)

    @extend_schema(request=CloseSerializer, responses={201: CycleStorySerializer})
    def create(self, request: Request) -> Response:
        """Close the present cycle of a lead; 409 when somebody has closed it already."""
        told: Any = self.told(CloseSerializer)
        given = {name: told[name] for name in ("number", "by")}
        archive = close_cycle(told["lead"], ending_of(told), **given, now=timezone.now())
        return Response(CycleStorySerializer(archive).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReopenSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """Take the closing back; 409 when the next cycle has gone on."""
        told: Any = self.told(ReopenSerializer)
        reopen_cycle(self.get_object(), by=told["by"], now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
