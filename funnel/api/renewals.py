"""Renewals over the API; money in cents of the workspace's currency."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.api.checklists import ByDay
from funnel.api.customers import LatestChanges
from funnel.api.rows import SCOPES, OfCustomer
from funnel.care import planning, remind_days, renewing
from funnel.models import Customer, Renewal, RenewalChange, RenewalState
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import StrictJSONParser
from leads.models import Lead


class RenewalSerializer(serializers.ModelSerializer[Renewal]):
    """What a customer is to buy again; `after`: the renewal it follows."""

    deal = serializers.UUIDField(source="deal_id", allow_null=True)
    after = serializers.UUIDField(source="after_id", allow_null=True)

    class Meta:
        model = Renewal
        exclude = ("workspace", "deal_id", "after_id")


def _days(**rest: Any) -> Any:
    day = serializers.IntegerField(min_value=0, max_value=remind_days.MOST_DAY)
    return serializers.ListField(child=day, max_length=remind_days.MOST_REMINDERS, **rest)


def _money() -> Any:
    return serializers.IntegerField(required=False, allow_null=True)


class RenewalChangesSerializer(StrictFields):
    """What to change of a planned one; `days` null: reminded as the workspace is."""

    what = serializers.CharField(max_length=200, required=False)
    due_on = serializers.DateField(required=False)
    amount, margin = _money(), _money()
    months = serializers.IntegerField(
        min_value=1, max_value=planning.MOST_MONTHS, required=False, allow_null=True
    )
    days = _days(required=False, allow_null=True)
    by = by_member()


class NewRenewalSerializer(RenewalChangesSerializer):
    """One more."""

    customer = one_of(Customer)
    what = serializers.CharField(max_length=200)
    due_on = serializers.DateField()


class RenewedSerializer(StrictFields):
    """With whom it is renewed, for how much; without `is_won` the deal is still to be won."""

    lead = one_of(Lead)
    amount, margin = _money(), _money()
    is_won = serializers.BooleanField(default=False)
    by = by_member()


class RenewalLostSerializer(StrictFields):
    """Why it is not renewed."""

    reason = serializers.CharField(max_length=300)
    by = by_member()


class RenewalSnoozedSerializer(StrictFields):
    """Until when it waits."""

    until = serializers.DateField()
    by = by_member()


class RenewalHistorySerializer(serializers.ModelSerializer[RenewalChange]):
    """One change of `due_on` (a day), `amount` or `margin` (cents); `by` empty: a program."""

    class Meta:
        model = RenewalChange
        fields = ("id", "field", "old", "new", "by", "changed_at")


class RenewalActorSerializer(StrictFields):
    """Who does it."""

    by = by_member()


class ReminderDaysSerializer(StrictFields):
    """How many days before a renewal is due one is reminded; none: never."""

    days = _days()


OF_CUSTOMER = OpenApiParameter("customer", UUID, description="Only of this customer.")
STATE = OpenApiParameter("state", str, enum=RenewalState.values)


@extend_schema_view(list=extend_schema(parameters=[OF_CUSTOMER, STATE]))
class RenewalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfCustomer):
    """Renewals by day; `?customer=` those of one, `?state=planned|renewed|lost`.

    Acting for a sales rep (`by`), only those of customers that are theirs or nobody's.
    """

    queryset = Renewal._base_manager.none()
    serializer_class = RenewalSerializer
    pagination_class = ByDay

    @extend_schema(request=NewRenewalSerializer, responses={201: RenewalSerializer})
    def create(self, request: Request) -> Response:
        """Plan one."""
        told = self.told(NewRenewalSerializer)
        made = planning.plan_renewal(told.pop("customer"), **told, now=timezone.now())
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=RenewalChangesSerializer, responses=RenewalSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named of a planned one."""
        told, renewal = self.told(RenewalChangesSerializer), self.get_object()
        by = told.pop("by")
        planning.change_renewal(renewal, changes=told, by=by, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(responses=RenewalHistorySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestChanges, filter_backends=())
    def history(self, request: Request, pk: UUID) -> Response:
        """What day, amount and margin were before, the latest first."""
        changes = RenewalChange.objects.filter(renewal=self.get_object())
        page = self.paginate_queryset(changes)
        return self.get_paginated_response(RenewalHistorySerializer(page, many=True).data)

    @extend_schema(request=RenewedSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: UUID) -> Response:
        """Open a repeat deal for it, or win that deal at once; asked twice, it is one deal."""
        renewal, told = self.get_object(), self.told(RenewedSerializer)
        figures = {"amount": told.pop("amount", None), "margin": told.pop("margin", None)}
        renewing.renew(renewal, **told, **figures, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=RenewalLostSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: UUID) -> Response:
        """They will not buy it again."""
        renewal, told = self.get_object(), self.told(RenewalLostSerializer)
        renewing.lose_renewal(renewal, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=RenewalSnoozedSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: UUID) -> Response:
        """Let it wait until a day."""
        renewal, told = self.get_object(), self.told(RenewalSnoozedSerializer)
        planning.snooze_renewal(renewal, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=RenewalActorSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: UUID) -> Response:
        """It waits no longer."""
        renewal, told = self.get_object(), self.told(RenewalActorSerializer)
        planning.wake_renewal(renewal, **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=RenewalActorSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """It is not lost after all."""
        renewal, told = self.get_object(), self.told(RenewalActorSerializer)
        renewing.reopen_renewal(renewal, **told, now=timezone.now())
        return self.answer(self.get_object())


class ReminderDaysView(APIView):
    """When one is reminded of renewals that say nothing about it themselves."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=ReminderDaysSerializer)
    def get(self, request: Request) -> Response:
        """Days before a renewal is due."""
        return Response({"days": remind_days.usual_days()})

    @extend_schema(request=ReminderDaysSerializer, responses=ReminderDaysSerializer)
    def put(self, request: Request) -> Response:
        """Other days, also for renewals that are planned."""
        form = ReminderDaysSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        days = form.validated_data["days"]
        found = remind_days.set_usual_days(days, by=None, now=timezone.now())
        return Response({"days": found})
