"""Training given to people of customers, over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.rows import OfWorkspace
from funnel.care import teaching
from funnel.customers.telling import people_of_customer
from funnel.models import Customer, Training, TrainingContent
from funnel.queries.listing_deals import id_in
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead

NOTES = ("seen", "done", "not_done")


class NewestGiven(KeysetPagination):
    """The latest first."""

    order = ("-given_at", "-id")


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """Content somebody has; `link` is theirs alone, and opening it there is noted."""

    link = serializers.SerializerMethodField()

    class Meta:
        model = Training
        fields = (
            *("id", "content", "lead", "given_at", "given_by", "seen_at", "done_at", "done_by"),
            "link",
        )

    @extend_schema_field(serializers.URLField())
    def get_link(self, training: Training) -> str:
        """Where they open it."""
        return teaching.link_of(training)


class NewTrainingSerializer(StrictFields):
    """What is given to whom."""

    content = one_of(TrainingContent)
    lead = one_of(Lead)
    by = by_member()


class LearntSerializer(StrictFields):
    """What they did with it: `seen`, `done`, or `not_done` after all."""

    what = serializers.ChoiceField(choices=NOTES)
    by = by_member()


class TrainingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Training content given to people; `?lead=` what one has, `?customer=` all of a customer."""

    queryset = Training._base_manager.none()
    serializer_class = TrainingSerializer
    pagination_class = NewestGiven

    def get_queryset(self) -> QuerySet[Any]:
        """In lists, those of the people of `?customer=`; what names nobody finds nothing."""
        rows = super().get_queryset()
        asked = self.request.query_params.get("customer")
        if self.action != "list" or asked is None:
            return rows
        customer = Customer.objects.filter(pk=id_in(asked)).first()
        if customer is None:
            return rows.none()
        return rows.filter(lead__in=people_of_customer(customer).order_by().values("id"))

    @extend_schema(parameters=[OpenApiParameter("customer", UUID)])
    def list(self, request: Request) -> Response:
        """What was given, the latest first."""
        return super().list(request)

    @extend_schema(request=NewTrainingSerializer, responses={201: TrainingSerializer})
    def create(self, request: Request) -> Response:
        """Give it to a person of a customer; who has it already keeps it as it is."""
        told: dict[str, Any] = self.told(NewTrainingSerializer)
        content, lead = told["content"], told["lead"]
        teaching.give_content(content, [lead.pk], by=told["by"], now=timezone.now())
        made = self.get_queryset().get(content=content, lead=lead)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=LearntSerializer, responses=TrainingSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: UUID) -> Response:
        """What they did with it; the first time counts."""
        training, told = self.get_object(), self.told(LearntSerializer)
        if told["what"] == "seen":
            teaching.note_seen(training, now=timezone.now())
        elif told["what"] == "done":
            teaching.note_done(training, by=told["by"], now=timezone.now())
        else:
            teaching.note_not_done(training)
        return self.answer(self.get_object())

    def destroy(self, request: Request, pk: UUID) -> Response:
        """They were given it by mistake; refused once they are through with it."""
        teaching.take_content_back(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
