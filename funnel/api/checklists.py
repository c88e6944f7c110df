"""Checklists of customers over the API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.rows import OfCustomer
from funnel.care import checklists
from funnel.models import ChecklistItem, Customer, Doer, ItemState
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination


class ByDay(KeysetPagination):
    """What is due first comes first."""

    order = ("due_on", "id")


class ChecklistItemSerializer(serializers.ModelSerializer[ChecklistItem]):
    """A step of a customer's onboarding; `step`: what it was copied from."""

    class Meta:
        model = ChecklistItem
        exclude = ("workspace",)


class ItemChangesSerializer(StrictFields):
    """What to change of one that is open."""

    name = serializers.CharField(max_length=120, required=False)
    hint = serializers.CharField(max_length=500, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False)
    doer = serializers.ChoiceField(choices=Doer.choices, required=False)


class NewItemSerializer(StrictFields):
    """A step for one customer alone."""

    customer = one_of(Customer)
    name = serializers.CharField(max_length=120)
    hint = serializers.CharField(max_length=500, required=False, allow_blank=True)
    due_on = serializers.DateField()
    doer = serializers.ChoiceField(choices=Doer.choices, required=False)


class FinishedSerializer(StrictFields):
    """Who did it."""

    by = by_member()


class SkippedSerializer(FinishedSerializer):
    """Why it is left out."""

    reason = serializers.CharField(max_length=300)


class StartSerializer(StrictFields):
    """Whose checklist begins today."""

    customer = one_of(Customer)


class StartedSerializer(serializers.Serializer[Any]):
    """How many steps were put on it."""

    items = serializers.IntegerField()


OF_CUSTOMER = OpenApiParameter("customer", UUID, description="Only of this customer.")
STATE = OpenApiParameter("state", str, enum=ItemState.values)


@extend_schema_view(list=extend_schema(parameters=[OF_CUSTOMER, STATE]))
class ChecklistItemViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfCustomer):
    """Onboarding steps of customers; `?customer=` those of one, `?state=open|done|skipped`."""

    queryset = ChecklistItem._base_manager.none()
    serializer_class = ChecklistItemSerializer
    pagination_class = ByDay

    @extend_schema(request=NewItemSerializer, responses={201: ChecklistItemSerializer})
    def create(self, request: Request) -> Response:
        """A step for this customer alone."""
        told = self.told(NewItemSerializer)
        made = checklists.add_item(told.pop("customer"), **told, now=timezone.now())
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=ItemChangesSerializer, responses=ChecklistItemSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named of an open one."""
        told, item = self.told(ItemChangesSerializer), self.get_object()
        checklists.change_item(item, changes=told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=FinishedSerializer, responses=ChecklistItemSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: UUID) -> Response:
        """It is done; what is settled stays as it is."""
        item, told = self.get_object(), self.told(FinishedSerializer)
        checklists.finish_item(item, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=SkippedSerializer, responses=ChecklistItemSerializer)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: UUID) -> Response:
        """It is left out for this customer."""
        item, told = self.get_object(), self.told(SkippedSerializer)
        checklists.skip_item(item, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=ChecklistItemSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """It is to do after all."""
        checklists.reopen_item(self.get_object())
        return self.answer(self.get_object())

    @extend_schema(request=StartSerializer, responses=StartedSerializer)
    @action(detail=False, methods=["post"])
    def start(self, request: Request) -> Response:
        """Give a customer without a checklist the steps in force, counted from today."""
        customer = self.told(StartSerializer)["customer"]
        items = checklists.start_checklist(customer, now=timezone.now())
        return Response(StartedSerializer({"items": items}).data)
