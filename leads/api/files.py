"""Files on leads and companies over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.files import add_file, remove_file
from leads.api.fields import OfWorkspace, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.giving import given_out
from leads.models import Attachment, Company, Lead
from leads.queries.files import files


class FileSerializer(serializers.ModelSerializer[Attachment]):
    """A file on a lead or a company; its bytes are at `content/`."""

    class Meta:
        model = Attachment
        fields = ("id", "lead", "company", "name", "content_type", "size", "by", "created_at")


class NewFileSerializer(StrictFields):
    """The file, as multipart/form-data, and whose it is."""

    lead = one_of(Lead, required=False)
    company = one_of(Company, required=False)
    file = serializers.FileField(max_length=1_000, allow_empty_file=True, help_text="Up to 25 MB.")
    by = by_member()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It is about one of them."""
        if ("lead" in attrs) == ("company" in attrs):
            raise serializers.ValidationError({"lead": _("Name either a lead or a company.")})
        return attrs


class FileViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Files, the latest first; with `?lead=` those of a lead."""

    queryset = Attachment._base_manager.none()
    serializer_class = FileSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser, MultiPartParser)

    def get_queryset(self) -> QuerySet[Any]:
        """Those that were not removed."""
        return files()

    @extend_schema(
        request={"multipart/form-data": NewFileSerializer}, responses={201: FileSerializer}
    )
    def create(self, request: Request) -> Response:
        """Put a file on a lead or a company."""
        told = self.told(NewFileSerializer)
        lead, company = told.pop("lead", None), told.pop("company", None)
        given = told.pop("file")
        made = add_file(lead or company, name=given.name, content=given, **told, now=timezone.now())
        return self.answer(made, status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove a file; its bytes go after thirty days."""
        remove_file(self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, pk: UUID) -> FileResponse:
        """The bytes."""
        answer = given_out(self.get_object())
        if answer is None:
            raise Http404
        return answer
