"""Training content over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.rows import OfWorkspace
from funnel.care import contents
from funnel.care.giving import given_out
from funnel.models import ContentKind, OnboardingStep, TrainingContent
from leads.api.fields import one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, StrictJSONParser


class ByTitle(KeysetPagination):
    """As in a dictionary."""

    order = ("title", "id")


class TrainingContentSerializer(serializers.ModelSerializer[TrainingContent]):
    """Something customers learn from, at an `address` or as a file, whose bytes are at `file/`."""

    class Meta:
        model = TrainingContent
        fields = (
            *("id", "title", "kind", "address", "file_name", "minutes", "step"),
            *("created_at", "retired_at"),
        )


class NewContentSerializer(StrictFields):
    """One more, at an address."""

    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=ContentKind.choices, required=False)
    address = serializers.CharField(max_length=2_000, required=False)
    minutes = serializers.IntegerField(
        min_value=1, max_value=contents.MOST_MINUTES, required=False, allow_null=True
    )
    step = one_of(OnboardingStep, required=False, allow_null=True)


class NewContentFileSerializer(NewContentSerializer):
    """One more, as a file."""

    file = serializers.FileField(
        max_length=1_000, required=False, allow_empty_file=True, help_text="Up to 25 MB."
    )


class ContentChangesSerializer(NewContentSerializer):
    """What to change; `is_retired`: given to nobody else, or again."""

    title = serializers.CharField(max_length=200, required=False)
    is_retired = serializers.BooleanField(required=False)


class ContentFileChangesSerializer(NewContentFileSerializer):
    """The same with another file, which takes the place of what there was."""

    title = serializers.CharField(max_length=200, required=False)


class TrainingContentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """What can be given to customers to learn from."""

    queryset = TrainingContent._base_manager.none()
    serializer_class = TrainingContentSerializer
    pagination_class = ByTitle
    filter_backends = ()
    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(
        request={
            "application/json": NewContentSerializer,
            "multipart/form-data": NewContentFileSerializer,
        },
        responses={201: TrainingContentSerializer},
    )
    def create(self, request: Request) -> Response:
        """One more, at an address or, as multipart/form-data, with its file."""
        made = contents.add_content(**self._told(NewContentSerializer, NewContentFileSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(
        request={
            "application/json": ContentChangesSerializer,
            "multipart/form-data": ContentFileChangesSerializer,
        },
        responses=TrainingContentSerializer,
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named, also for those who have it."""
        content = self.get_object()
        told = self._told(ContentChangesSerializer, ContentFileChangesSerializer)
        file = told.pop("file", None)
        with transaction.atomic():
            self._switch(content, told.pop("is_retired", None))
            if told or file:
                contents.change_content(content, changes=told, file=file)
        return self.answer(self.get_object())

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: UUID) -> FileResponse:
        """The bytes of its file; 404 for what is at an address."""
        answer = given_out(self.get_object())
        if answer is None:
            raise Http404
        return answer

    def _told(self, plain: type[StrictFields], with_file: type[StrictFields]) -> dict[str, Any]:
        """What the request says, be it JSON or a form with a file."""
        content_type = self.request.content_type or ""
        return self.told(with_file if content_type.startswith("multipart/") else plain)

    def _switch(self, content: TrainingContent, is_retired: Any) -> None:
        if is_retired is True:
            contents.retire_content(content, now=timezone.now())
        elif is_retired is False:
            contents.restore_content(content)
