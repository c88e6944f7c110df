"""The workspace's own fields over the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.fields import add_field, change_field, move_field, restore_field, retire_field
from leads.api.fields import OfWorkspace
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import CustomField, FieldKind, Subject


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    """One more thing to know; its values stand in `attributes` under its key."""

    choices = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = CustomField
        fields = (
            *("id", "subject", "key", "label", "kind", "choices"),
            *("position", "created_at", "retired_at"),
        )


class FieldChangesSerializer(StrictFields):
    """What to change; key and kind stay. An answer taken out stays with who has it."""

    label = serializers.CharField(required=False)  # type: ignore[assignment]  # a column
    choices = serializers.ListField(child=serializers.CharField(), required=False)


class NewFieldSerializer(FieldChangesSerializer):
    """A field; its key is made of the label when left out."""

    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    subject = serializers.ChoiceField(choices=Subject.choices, default=Subject.LEAD)
    key = serializers.CharField(required=False, allow_blank=True)


class PlaceSerializer(StrictFields):
    """Where to."""

    to = serializers.ChoiceField(choices=["up", "down"])


class CustomFieldViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Custom fields of leads and companies, retired ones too."""

    queryset = CustomField._base_manager.none()
    serializer_class = CustomFieldSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    @extend_schema(request=NewFieldSerializer, responses={201: CustomFieldSerializer})
    def create(self, request: Request) -> Response:
        """Ask for one more thing."""
        made = add_field(**self.told(NewFieldSerializer), now=timezone.now())
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=FieldChangesSerializer, responses=CustomFieldSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Another label or other answers."""
        field, changes = self.get_object(), self.told(FieldChangesSerializer)
        return self.answer(change_field(field, changes=changes, now=timezone.now()))

    @extend_schema(request=PlaceSerializer, responses=CustomFieldSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def move(self, request: Request, pk: UUID) -> Response:
        """One place up or down among the fields in use of the same subject."""
        field, asked = self.get_object(), self.told(PlaceSerializer)
        move_field(field, is_up=asked["to"] == "up")
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=CustomFieldSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def retire(self, request: Request, pk: UUID) -> Response:
        """Ask for it no more; the values are kept."""
        field = self.get_object()
        retire_field(field, now=timezone.now())
        return self.answer(field)

    @extend_schema(request=None, responses=CustomFieldSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def restore(self, request: Request, pk: UUID) -> Response:
        """Ask for it again."""
        field = self.get_object()
        restore_field(field)
        return self.answer(field)
