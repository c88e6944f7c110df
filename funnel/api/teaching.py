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
from funnel.mailing.asking import LONGEST_NOTE, MOST_LETTERS, send_training
from funnel.mailing.telling import last_letter_of, with_letters
from funnel.models import Customer, Training, TrainingContent, TrainingLetter
from funnel.queries.listing_deals import id_in
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead

NOTES = ("seen", "done", "not_done")


class NewestGiven(KeysetPagination):
    """The latest first."""

    order = ("-given_at", "-id")


class TrainingLetterSerializer(serializers.ModelSerializer[TrainingLetter]):
    """The last email with it: when, by whom and to whom, and what became of it (`problem`)."""

    class Meta:
        model = TrainingLetter
        fields = (
            *("number", "state", "problem", "to", "note", "is_with_file"),
            *("asked_at", "asked_by", "sent_at"),
        )


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """Content somebody has; `link` is theirs alone, and opening it there is noted.

    `letter` is null until it is sent to them by email.
    """

    link = serializers.SerializerMethodField()
    letter = serializers.SerializerMethodField()

    class Meta:
        model = Training
        fields = (
            *("id", "content", "lead", "given_at", "given_by", "seen_at", "done_at", "done_by"),
            *("link", "letter"),
        )

    @extend_schema_field(serializers.URLField())
    def get_link(self, training: Training) -> str:
        """Where they open it."""
        return teaching.link_of(training)

    @extend_schema_field(TrainingLetterSerializer(allow_null=True))
    def get_letter(self, training: Training) -> Any:
        """The last one."""
        letter = last_letter_of(training)
        return TrainingLetterSerializer(letter).data if letter else None


class NewTrainingSerializer(StrictFields):
    """What is given to whom."""

    content = one_of(TrainingContent)
    lead = one_of(Lead)
    by = by_member()


class NewTrainingLetterSerializer(StrictFields):
    """How it is sent; `after`: the number of the letter it follows, to send it once more."""

    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    is_with_file = serializers.BooleanField(required=False)
    after = serializers.IntegerField(min_value=0, max_value=MOST_LETTERS, required=False)
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
        rows = with_letters(super().get_queryset())
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

    @extend_schema(request=NewTrainingLetterSerializer, responses=TrainingSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: UUID) -> Response:
        """Have the link emailed to them, once: asked again without `after`, nothing more is sent.

        Refused for people without an address, who want no emails, or whose address takes none; 409
        while the email before it is under way.
        """
        told: dict[str, Any] = self.told(NewTrainingLetterSerializer)
        send_training(self.get_object(), **told, now=timezone.now())
        return self.answer(self.get_object())

    def destroy(self, request: Request, pk: UUID) -> Response:
        """They were given it by mistake; refused once they are through with it."""
        teaching.take_content_back(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
