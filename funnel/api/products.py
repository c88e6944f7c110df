"""Products over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.deals import LatestChanges
from funnel.api.rows import OfWorkspace
from funnel.models import Product, ProductChange
from funnel.products import catalogue
from funnel.products.listing import ORDER
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination


class ByName(KeysetPagination):
    """By name."""

    order = ORDER


class ProductSerializer(serializers.ModelSerializer[Product]):
    """Something that is sold; price and cost of one unit in cents."""

    class Meta:
        model = Product
        exclude = ("workspace",)


class ProductChangesSerializer(StrictFields):
    """What to change; `is_retired` takes it out of use, or back into it."""

    name = serializers.CharField(max_length=120, required=False)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    price = serializers.IntegerField(min_value=0, required=False)
    cost = serializers.IntegerField(min_value=0, required=False)
    is_retired = serializers.BooleanField(required=False)
    by = by_member()


class NewProductSerializer(ProductChangesSerializer):
    """One more thing to sell."""

    name = serializers.CharField(max_length=120)
    price = serializers.IntegerField(min_value=0)
    is_retired = None  # type: ignore[assignment]  # it is new


class ProductHistorySerializer(serializers.ModelSerializer[ProductChange]):
    """One field, before and after; nobody in `by` is a program."""

    class Meta:
        model = ProductChange
        fields = ("id", "field", "old", "new", "by", "changed_at")


class ProductViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """The catalogue; retired products are listed too, for the deals that have them."""

    queryset = Product._base_manager.none()
    serializer_class = ProductSerializer
    pagination_class = ByName
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """All, or in lists the one with the `?code=`."""
        rows, code = super().get_queryset(), self.request.query_params.get("code")
        if self.action != "list" or code is None:
            return rows
        return rows.none() if "\0" in code else rows.filter(code=code)

    @extend_schema(parameters=[OpenApiParameter("code", str, description="The one with it.")])
    def list(self, request: Request) -> Response:
        """Products by name."""
        return super().list(request)

    @extend_schema(request=NewProductSerializer, responses={201: ProductSerializer})
    def create(self, request: Request) -> Response:
        """One more thing to sell."""
        made = catalogue.add_product(**self.told(NewProductSerializer), now=timezone.now())
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=ProductChangesSerializer, responses=ProductSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; lines of deals keep the prices they have."""
        told, product = self.told(ProductChangesSerializer), self.get_object()
        is_retired, who = (
            told.pop("is_retired", None),
            {"by": told.pop("by"), "now": timezone.now()},
        )
        with transaction.atomic():
            catalogue.change_product(product, changes=told, **who)
            if is_retired is True:
                catalogue.retire_product(product, **who)
            elif is_retired is False:
                catalogue.restore_product(product, **who)
        return self.answer(self.get_object())

    @extend_schema(responses=ProductHistorySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestChanges)
    def history(self, request: Request, pk: UUID) -> Response:
        """What changed, the latest first; money in cents."""
        page = self.paginate_queryset(ProductChange.objects.filter(product=self.get_object()))
        return self.get_paginated_response(ProductHistorySerializer(page, many=True).data)
