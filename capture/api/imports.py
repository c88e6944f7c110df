"""Imports over the API: upload, mapping, dry run, start, cancel, resume, rows left out."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from capture.actions.importing import cancel_import, resume_import, settle_import, start_import
from capture.actions.mapping import Settings
from capture.actions.trying import start_trial, try_first_rows
from capture.actions.undoing import undo_import
from capture.actions.uploading import remove_import, reread_import, upload_import
from capture.importing.limits import refuse_size
from capture.importing.text import DELIMITERS, ENCODINGS
from capture.importing.trial import Trial
from capture.models import DateOrder, Import, ImportProblem, ImportStatus, Known, Match, Origin, Use
from capture.queries import preview, problems_of, stayed_of
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Campaign

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.IMPORTS_WRITE}
SAMPLE_ROWS = 20
SETTINGS = (
    "mapping", "identity", "unknown_words", "known", "date_order", "is_quiet", "origin", "licence",
    "expires_on", "uses",
)  # fmt: skip


class ImportSerializer(serializers.ModelSerializer[Import]):
    """A file of leads: how it is read, how far it has come, what became of its rows.

    `like` is the earlier import whose mapping was taken over, `problem` why it cannot be read.
    """

    class Meta:
        model = Import
        fields = (
            "id", "name", "format", "encoding", "delimiter", "status", "problem", "columns",
            "mapping", "like", "identity", "unknown_words", "known", "date_order", "is_quiet",
            "campaign", "origin", "licence", "expires_on", "uses", "rows", "handled", "created",
            "updated", "skipped", "rejected", "undone", "created_at", "started_at", "finished_at",
            "undone_at",
        )  # fmt: skip
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    """The file, as multipart/form-data."""

    file = serializers.FileField(max_length=255, help_text="CSV or XLSX, up to 512 MB.")

    def validate_file(self, file: Any) -> Any:
        """Before anything of it is read."""
        try:
            refuse_size(file.size)
        except Refusal as refusal:
            raise serializers.ValidationError(refusal.sentence) from refusal
        return file


class MannerSerializer(serializers.Serializer[Any]):
    """How a file of text is written, where the guess was wrong."""

    encoding = serializers.ChoiceField(choices=list(ENCODINGS))
    delimiter = serializers.ChoiceField(choices=list(DELIMITERS))


class SettingsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it was suggested. `mapping` has one target per column."""

    mapping = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=90), max_length=200, required=False
    )
    identity = serializers.ChoiceField(choices=Match.choices, allow_blank=True, required=False)
    unknown_words = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, required=False
    )
    known = serializers.ChoiceField(choices=Known.choices, required=False)
    date_order = serializers.ChoiceField(
        choices=DateOrder.choices, allow_blank=True, required=False
    )
    is_quiet = serializers.BooleanField(required=False)
    campaign = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects,
        required=False,
        allow_null=True,
    )
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)
    licence = serializers.CharField(allow_blank=True, max_length=300, required=False)
    expires_on = serializers.DateField(allow_null=True, required=False)
    uses = serializers.MultipleChoiceField(choices=Use.choices, required=False)


class ExampleSerializer(serializers.Serializer[Any]):
    """One row: whom it is about and what it would change, or why it is left out."""

    row = serializers.IntegerField()
    who = serializers.CharField(required=False)
    why = serializers.CharField(required=False)
    changes = serializers.ListField(child=serializers.DictField(), required=False)


class TrialSerializer(serializers.Serializer[Any]):
    """What a dry run has found in the rows tried so far; nothing was written."""

    status = serializers.ChoiceField(choices=ImportStatus.choices)
    is_done = serializers.BooleanField(help_text="Whether every row was tried.")
    tried = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    skipped = serializers.IntegerField()
    rejected = serializers.IntegerField()
    examples = serializers.DictField(child=ExampleSerializer(many=True))


class SampleLineSerializer(serializers.Serializer[Any]):
    """A row as it stands in the file."""

    row = serializers.IntegerField(source="number")
    cells = serializers.ListField(child=serializers.CharField())


class ProblemSerializer(serializers.ModelSerializer[ImportProblem]):
    """A row that made no lead, as it stands in the file."""

    class Meta:
        model = ImportProblem
        fields = ("row", "verdict", "reason", "cells")


class StayedSerializer(serializers.Serializer[Any]):
    """A lead, or one field of it, that stays as it is."""

    lead = serializers.UUIDField(source="object_id")
    field = serializers.CharField(allow_null=True)


class ById(KeysetPagination):
    """Lead by lead."""

    order = ("object_id", "id")


class ByRow(KeysetPagination):
    """In the order of the file."""

    order = ("row", "id")


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Upload a file, correct its mapping, try it, start it, watch it."""

    scopes: ClassVar = SCOPES
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
        """Upload a file; nothing is imported yet. A large one is `reading` for a while."""
        file = _valid(UploadSerializer(data=request.data))["file"]
        made = upload_import(file.name, file.chunks(), by=None, now=timezone.now())
        return Response(ImportSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SettingsSerializer, responses=ImportSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Say how the file is to be read, before it starts."""
        found = self.get_object()
        asked = _valid(SettingsSerializer(data=request.data))
        told = {name: asked.get(name, getattr(found, name)) for name in SETTINGS}
        campaign = asked.get("campaign", found.campaign)
        settings = Settings(**told, campaign_id=campaign.pk if campaign else None)
        return self._answer(settle_import(found.pk, settings))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget a file that was never started; one that was stays."""
        remove_import(self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MannerSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def reread(self, request: Request, pk: UUID) -> Response:
        """Read the file again in another encoding, or with another delimiter."""
        found = self.get_object()
        manner = _valid(MannerSerializer(data=request.data))
        return self._answer(reread_import(found.pk, **manner, now=timezone.now()))

    @extend_schema(responses=SampleLineSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def preview(self, request: Request, pk: UUID) -> Response:
        """The first rows as they stand in the file."""
        rows = preview(self.get_object(), SAMPLE_ROWS)
        return Response(SampleLineSerializer(rows, many=True).data)

    @extend_schema(request=None, responses=TrialSerializer, methods=["POST"])
    @extend_schema(responses=TrialSerializer, methods=["GET"])
    @action(detail=True, methods=["get", "post"], url_path="dry-run")
    def dry_run(self, request: Request, pk: UUID) -> Response:
        """POST: let a worker try every row. GET: what it has found, or what the first rows say."""
        found = self.get_object()
        if request.method == "POST":
            found = start_trial(found.pk, now=timezone.now())
        is_waiting = found.status == ImportStatus.DRAFT and not found.trial
        trial = try_first_rows(found) if is_waiting else Trial(**found.trial)
        said = trial.as_json() | {"status": found.status}
        return Response(TrialSerializer(said).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: UUID) -> Response:
        """Let the workers begin."""
        return self._answer(start_import(self.get_object().pk, by=None, now=timezone.now()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop the import, or its dry run; what is imported stays."""
        return self._answer(cancel_import(self.get_object().pk, now=timezone.now()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: UUID) -> Response:
        """Go on after a cancel."""
        return self._answer(resume_import(self.get_object().pk, now=timezone.now()))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: UUID) -> Response:
        """Take back what it made and changed, within 30 days; `undone` says what was."""
        return self._answer(undo_import(self.get_object().pk, by=None, now=timezone.now()))

    @extend_schema(responses=StayedSerializer(many=True))
    @action(detail=True, pagination_class=ById)
    def stayed(self, request: Request, pk: UUID) -> Response:
        """What an undo left alone, because somebody had touched it since."""
        rows = self.paginate_queryset(stayed_of(self.get_object()))
        return self.get_paginated_response(StayedSerializer(rows, many=True).data)

    @extend_schema(responses=ProblemSerializer(many=True))
    @action(detail=True, pagination_class=ByRow)
    def problems(self, request: Request, pk: UUID) -> Response:
        """The rows that were left out, with the reason."""
        rows = self.paginate_queryset(problems_of(self.get_object()))
        return self.get_paginated_response(ProblemSerializer(rows, many=True).data)

    def _answer(self, found: Import) -> Response:
        return Response(ImportSerializer(found).data)


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    told: dict[str, Any] = dict(serializer.validated_data)
    return told
