"""Imports and forms over the API; the same actions as the pages. Mounted below `/api/v1/`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import include, path, reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from capture.actions.importing import cancel_import, resume_import, settle_import, start_import
from capture.actions.mapping import Settings
from capture.actions.uploading import upload_import
from capture.importing.tables import LARGEST_FILE
from capture.models import Form, Import, ImportProblem
from capture.queries import forms_with_counts, problems_of
from leadmgmt.workspaces.addresses import absolute
from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Campaign

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.IMPORTS_WRITE}


class ImportSerializer(serializers.ModelSerializer[Import]):
    """A file of leads: how it is read, how far it has come, what became of its rows."""

    class Meta:
        model = Import
        fields = (
            "id", "name", "format", "status", "columns", "mapping", "identity", "unknown_words",
            "overwrites", "is_quiet", "campaign", "rows", "handled", "created", "updated",
            "skipped", "rejected", "created_at", "started_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    """The file, as multipart/form-data."""

    file = serializers.FileField(max_length=255, help_text="CSV or XLSX, up to 50 MB.")

    def validate_file(self, file: Any) -> Any:
        """Before anything of it is read."""
        if file.size > LARGEST_FILE:
            raise serializers.ValidationError("The file is larger than 50 MB; split it.")
        return file


class SettingsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it was suggested. `mapping` has one target per column."""

    mapping = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=80), max_length=200, required=False
    )
    identity = serializers.CharField(allow_blank=True, max_length=20, required=False)
    unknown_words = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, required=False
    )
    overwrites = serializers.BooleanField(required=False)
    is_quiet = serializers.BooleanField(required=False)
    campaign = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects,
        required=False,
        allow_null=True,
    )


class ProblemSerializer(serializers.ModelSerializer[ImportProblem]):
    """A row that made no lead, as it stands in the file."""

    class Meta:
        model = ImportProblem
        fields = ("row", "verdict", "reason", "cells")


class FormSerializer(serializers.ModelSerializer[Form]):
    """A form with its public address and its counts since it exists."""

    address = serializers.SerializerMethodField()
    views = serializers.IntegerField(help_text="How often people were shown it.")
    answers = serializers.IntegerField(help_text="Accepted answers.")
    spam = serializers.IntegerField(help_text="Answers set aside.")

    class Meta:
        model = Form
        fields = ("id", "name", "is_active", "address", "views", "answers", "spam", "created_at")

    def get_address(self, form: Form) -> str:
        """Where people fill it in."""
        return absolute(reverse("public:form", args=[form.token]))


class ByRow(KeysetPagination):
    """In the order of the file."""

    order = ("row", "id")


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Upload a file, correct its mapping, start it, watch it."""

    scopes = SCOPES
    queryset = Import._base_manager.none()
    serializer_class = ImportSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser, MultiPartParser)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The imports of the workspace."""
        rows: QuerySet[Any] = Import.objects.all()
        return rows

    @extend_schema(
        request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Upload a file; nothing is imported yet."""
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file = form.validated_data["file"]
        made = upload_import(file.name, file.chunks(), by=None, now=timezone.now())
        return Response(ImportSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SettingsSerializer, responses=ImportSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Say how the file is to be read, before it starts."""
        found = self.get_object()
        form = SettingsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        names = ("mapping", "identity", "unknown_words", "overwrites", "is_quiet")
        told = {name: form.validated_data.get(name, getattr(found, name)) for name in names}
        campaign = form.validated_data.get("campaign", found.campaign)
        settings = Settings(**told, campaign_id=campaign.pk if campaign else None)
        return self._answer(settle_import(found.pk, settings))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: UUID) -> Response:
        """Let the workers begin."""
        return self._answer(start_import(self.get_object().pk, by=None, now=timezone.now()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop; what is imported stays."""
        return self._answer(cancel_import(self.get_object().pk, now=timezone.now()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: UUID) -> Response:
        """Go on after a cancel."""
        return self._answer(resume_import(self.get_object().pk, now=timezone.now()))

    @extend_schema(responses=ProblemSerializer(many=True))
    @action(detail=True, pagination_class=ByRow)
    def problems(self, request: Request, pk: UUID) -> Response:
        """The rows that were left out, with the reason."""
        rows = self.paginate_queryset(problems_of(self.get_object()))
        return self.get_paginated_response(ProblemSerializer(rows, many=True).data)

    def _answer(self, found: Import) -> Response:
        return Response(ImportSerializer(found).data)


class FormViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Forms; they are written in the browser."""

    scopes = SCOPES
    queryset = Form._base_manager.none()
    serializer_class = FormSerializer
    pagination_class = KeysetPagination
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The forms of the workspace."""
        return forms_with_counts()


router = SimpleRouter(use_regex_path=False)
router.register("imports", ImportViewSet, basename="import")
router.register("forms", FormViewSet, basename="form")

urlpatterns = [path("", include(router.urls))]
