"""Training content over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.rows import OfWorkspace
from funnel.care import contents
from funnel.models import ContentKind, OnboardingStep, TrainingContent
from leads.api.fields import one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination


class ByTitle(KeysetPagination):
    """As in a dictionary."""

    order = ("title", "id")


class TrainingContentSerializer(serializers.ModelSerializer[TrainingContent]):
    """Something customers learn from, at an `address` or as the file `file_name`."""

    class Meta:
        model = TrainingContent
        fields = (
            *("id", "title", "kind", "address", "file_name", "minutes", "step"),
            *("created_at", "retired_at"),
        )


class NewContentSerializer(StrictFields):
    """One more, at an address; files are uploaded on the page."""

    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=ContentKind.choices, required=False)
    address = serializers.CharField(max_length=2_000)
    minutes = serializers.IntegerField(
        min_value=1, max_value=contents.MOST_MINUTES, required=False, allow_null=True
    )
    step = one_of(OnboardingStep, required=False, allow_null=True)


class ContentChangesSerializer(NewContentSerializer):
    """What to change; `is_retired`: given to nobody else, or again."""

    title = serializers.CharField(max_length=200, required=False)
    address = serializers.CharField(max_length=2_000, required=False)
    is_retired = serializers.BooleanField(required=False)


class TrainingContentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """What can be given to customers to learn from."""

    queryset = TrainingContent._base_manager.none()
    serializer_class = TrainingContentSerializer
    pagination_class = ByTitle
    filter_backends = ()

    @extend_schema(request=NewContentSerializer, responses={201: TrainingContentSerializer})
    def create(self, request: Request) -> Response:
        """One more."""
        made = contents.add_content(**self.told(NewContentSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=ContentChangesSerializer, responses=TrainingContentSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named, also for those who have it."""
        told, content = self.told(ContentChangesSerializer), self.get_object()
        with transaction.atomic():
            self._switch(content, told.pop("is_retired", None))
            if told:
                contents.change_content(content, changes=told)
        return self.answer(self.get_object())

    def _switch(self, content: TrainingContent, is_retired: Any) -> None:
        if is_retired is True:
            contents.retire_content(content, now=timezone.now())
        elif is_retired is False:
            contents.restore_content(content)
