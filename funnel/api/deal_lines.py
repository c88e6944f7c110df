"""The lines of a deal over the API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.deal_serializers import ToldDealLineSerializer
from funnel.api.deals import seen_in
from funnel.api.rows import OfWorkspace
from funnel.models import Deal, DealLine
from funnel.products.lines import NewLine, lines_of, set_lines
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.tags import IF_MATCH


class DealLineSerializer(serializers.ModelSerializer[DealLine]):
    """So many of a product; money in cents, `discount` in percent."""

    class Meta:
        model = DealLine
        exclude = ("workspace", "deal", "position")


class ToldDealLinesSerializer(StrictFields):
    """All lines the deal shall have, in their order."""

    lines = ToldDealLineSerializer(many=True)
    by = by_member()


class DealLinesSerializer(serializers.Serializer[Any]):
    """A deal's lines, in their order, and what they come to, in cents."""

    amount = serializers.IntegerField(allow_null=True)
    margin = serializers.IntegerField(allow_null=True)
    lines = DealLineSerializer(many=True)


class DealLinesViewSet(OfWorkspace):
    """What a deal is made of."""

    queryset = Deal._base_manager.none()
    serializer_class = DealLinesSerializer
    filter_backends = ()

    @extend_schema(operation_id="deals_lines_retrieve")
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Its lines; the ETag is that of the deal, and makes a later PUT with If-Match safe."""
        return self._told(self.get_object())

    @extend_schema(
        request=ToldDealLinesSerializer,
        responses=DealLinesSerializer,
        parameters=[IF_MATCH],
        operation_id="deals_lines_update",
    )
    def update(self, request: Request, pk: UUID) -> Response:
        """Make these the lines of an open deal; those that are not named are removed.

        Price and cost that are left out are those of the product, or stay what the line said.
        Amount and margin of the deal become the sums.
        """
        deal, seen = self.get_object(), seen_in(request)
        told = self.told(ToldDealLinesSerializer)
        lines = [NewLine(**each) for each in told.pop("lines")]
        return self._told(set_lines(deal, lines=lines, **told, now=timezone.now(), seen=seen))

    def _told(self, deal: Deal) -> Response:
        told = {"amount": deal.amount, "margin": deal.margin, "lines": lines_of(deal)}
        answer = self.answer(told)
        answer["ETag"] = f'"{deal.version}"'
        return answer
