"""Customers over the API."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.outlook import NextRenewalSerializer, OnboardingSerializer, Outlook, outlooks_of
from funnel.api.rows import OfWorkspace
from funnel.customers.buying import deals_of_customer
from funnel.customers.listing import FORMER, UNJUDGED
from funnel.customers.noting import notes_about
from funnel.customers.owning import give_customers
from funnel.customers.taking_back import take_back_last
from funnel.health.telling import why
from funnel.models import Customer, CustomerChange, Health
from funnel.products.bought import bought_by
from leads.api.fields import PresentMemberField, by_member
from leads.api.leads import StrictFields
from leads.api.notes import NoteSerializer
from leads.api.reading import KeysetPagination
from leads.api.timelines import LatestFacts


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A company, or a person without one (`lead`), that has bought; money in cents.

    `ended_at`: not a customer any more since. `health` is empty while no rules are in force; `why`
    names the rule that says so. `onboarding` is null without a checklist, `next_renewal` while
    none is planned.
    """

    name = serializers.CharField(read_only=True)
    why = serializers.SerializerMethodField()
    onboarding = serializers.SerializerMethodField()
    next_renewal = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = (
            *("id", "name", "company", "lead", "since", "ended_at", "owner", "revenue", "margin"),
            *("deals_won", "last_bought_at", "health", "health_since", "why"),
            *("onboarding", "next_renewal"),
        )

    def get_why(self, customer: Customer) -> str:
        """The sentence why it fares so."""
        return why(customer) if customer.health else ""

    @extend_schema_field(OnboardingSerializer(allow_null=True))
    def get_onboarding(self, customer: Customer) -> Any:
        """How far its onboarding is, and what is next."""
        outlook: Any = self._outlook(customer)
        return OnboardingSerializer(outlook).data if outlook.progress else None

    @extend_schema_field(NextRenewalSerializer(allow_null=True))
    def get_next_renewal(self, customer: Customer) -> Any:
        """What it is to buy again first."""
        renewal = self._outlook(customer).renewal
        return NextRenewalSerializer(renewal).data if renewal else None

    def _outlook(self, customer: Customer) -> Outlook:
        """Asked once for all that are told of together."""
        context = cast("dict[str, Any]", self.context)
        known: dict[UUID, Outlook] = context.setdefault("outlooks", {})
        if customer.pk not in known:
            together: Any = self.parent.instance if self.parent else [customer]
            known.update(outlooks_of(each.pk for each in together))
        return known[customer.pk]


class CustomerChangesSerializer(StrictFields):
    """Who looks after the customer from now on; null for nobody."""

    owner = PresentMemberField(allow_null=True)
    by = by_member()


class OwnerTakenBackSerializer(StrictFields):
    """Who does it."""

    by = by_member()


class CustomerHistorySerializer(serializers.ModelSerializer[CustomerChange]):
    """One change: of `state`, `owner` (names) or `health` (levels), and why."""

    class Meta:
        model = CustomerChange
        fields = ("id", "field", "old", "new", "why", "by", "changed_at")


class BoughtSerializer(serializers.Serializer[Any]):
    """One product and what was bought of it, in cents; without a product, deals without lines."""

    product = serializers.UUIDField(source="product_id", allow_null=True)
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=20, decimal_places=3, allow_null=True)
    amount = serializers.IntegerField()
    margin = serializers.IntegerField()
    deals = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class NewestCustomers(KeysetPagination):
    """Who became one last comes first."""

    order = ("-since", "-id")


class LatestChanges(KeysetPagination):
    """The latest first."""

    order = ("-changed_at", "-id")


FILTERS = [
    OpenApiParameter("health", str, enum=[*Health.values, UNJUDGED]),
    OpenApiParameter("owner", UUID),
    OpenApiParameter("company", UUID),
    OpenApiParameter("which", str, enum=[FORMER], description="Those who are none any more."),
]


class CustomerViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, OfWorkspace):
    """Customers: made by won deals and moves, looked after by somebody."""

    queryset = Customer._base_manager.none()
    serializer_class = CustomerSerializer
    pagination_class: Any = NewestCustomers

    def get_queryset(self) -> QuerySet[Any]:
        """In lists, narrowed by `?health=`, `?owner=`, `?company=`, `?which=former`."""
        rows = super().get_queryset().prefetch_related("company", "lead", "health_rule__plan")
        if self.action != "list":
            return rows
        asked = self.request.query_params
        rows = rows.filter(ended_at__isnull=asked.get("which") != FORMER)
        if asked.get("health") in (*Health.values, UNJUDGED):
            rows = rows.filter(health="" if asked["health"] == UNJUDGED else asked["health"])
        for name in ("owner", "company"):
            if name in asked:
                wanted = serializers.UUIDField().run_validation(asked[name])
                rows = rows.filter(**{f"{name}_id": wanted})
        return rows

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Customers, the newest first."""
        return super().list(request)

    @extend_schema(request=CustomerChangesSerializer, responses=CustomerSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Let somebody else look after the customer; `take-back` undoes it."""
        customer = self.get_object()
        told = self.told(CustomerChangesSerializer)
        give_customers([customer.pk], **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=OwnerTakenBackSerializer, responses=CustomerSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: UUID) -> Response:
        """Undo the last change of the owner: whoever had the customer before has it again.

        409 when there is none, and for a rep (`by`) what somebody else has changed.
        """
        customer, told = self.get_object(), self.told(OwnerTakenBackSerializer)
        take_back_last(customer.pk, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(responses=BoughtSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def bought(self, request: Request, pk: UUID) -> Response:
        """What was bought, by product, what brought most first."""
        found: Any = bought_by(deals_of_customer(self.get_object()))
        return Response(BoughtSerializer(found, many=True).data)

    @extend_schema(responses=NoteSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestFacts, filter_backends=())
    def notes(self, request: Request, pk: UUID) -> Response:
        """What was noted about its people, the latest first; write one with `POST notes/`."""
        page = self.paginate_queryset(notes_about(self.get_object()))
        return self.get_paginated_response(NoteSerializer(page, many=True).data)

    @extend_schema(responses=CustomerHistorySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestChanges, filter_backends=())
    def history(self, request: Request, pk: UUID) -> Response:
        """What changed, the latest first."""
        changes = CustomerChange.objects.filter(customer=self.get_object())
        page = self.paginate_queryset(changes)
        return self.get_paginated_response(CustomerHistorySerializer(page, many=True).data)
