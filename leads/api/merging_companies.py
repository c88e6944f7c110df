"""Merges of companies over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.api.merging import SCOPES, NewestMerges, PreviewSerializer
from leads.api.reading import StrictJSONParser
from leads.api.shapes import StrictFields
from leads.joining import GONE, KEPT
from leads.models import Company, CompanyMerge
from leads.queries.merging_companies import label_of_company_field, preview_of_companies


class CompanyPairSerializer(StrictFields):
    """Which company stays and which goes; whose value is kept, field by field."""

    kept = serializers.UUIDField()
    gone = serializers.UUIDField()
    choices = serializers.DictField(child=serializers.ChoiceField([KEPT, GONE]), required=False)


class CompanyMergeSerializer(serializers.ModelSerializer[CompanyMerge]):
    """Two companies were made one; the id `gone` leads to `company`, and so does `domain`."""

    gone = serializers.UUIDField(source="gone_id")

    class Meta:
        model = CompanyMerge
        fields = ("id", "company", "gone", "gone_label", "domain", "by", "merged_at", "undone_at")


class UndoneCompanySerializer(serializers.Serializer[Any]):
    """Which is back, and what of the kept company was changed since and stays."""

    company = serializers.UUIDField()
    changed_since = serializers.ListField(child=serializers.CharField())


class CompanyMergeViewSet(mixins.ListModelMixin, GenericViewSet[CompanyMerge]):
    """Merges of companies, newest first."""

    scopes = SCOPES
    queryset = CompanyMerge._base_manager.none()
    serializer_class = CompanyMergeSerializer
    parser_classes = (StrictJSONParser,)
    pagination_class = NewestMerges
    filter_backends = ()
    lookup_field = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[CompanyMerge]:
        """Of this workspace."""
        rows: QuerySet[CompanyMerge] = CompanyMerge.objects.all()
        return rows

    @extend_schema(request=CompanyPairSerializer, responses={201: CompanyMergeSerializer})
    def create(self, request: Request) -> Response:
        """Make one company of two; 409 when one of them was merged or removed already."""
        told = _told(request)
        merge = merge_companies(
            told["kept"], told["gone"], choices=told["choices"], by=None, now=timezone.now()
        )
        return Response(CompanyMergeSerializer(merge).data, status=201)

    @extend_schema(request=CompanyPairSerializer, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """What a merge would do; nothing is changed."""
        told = _told(request)
        if Company.objects.filter(pk__in={told["kept"], told["gone"]}).count() < 2:
            raise Http404
        seen = preview_of_companies(told["kept"], told["gone"], told["choices"])
        return Response(PreviewSerializer(seen).data)

    @extend_schema(request=None, responses=UndoneCompanySerializer)
    @action(detail=True, methods=["post"], pagination_class=None)
    def undo(self, request: Request, id: UUID) -> Response:
        """Make two companies of one again, within 30 days."""
        merge = get_object_or_404(CompanyMerge.objects, pk=id)
        undone = undo_company_merge(merge.pk, by=None, now=timezone.now())
        seen = [name for name in undone.changed_since if label_of_company_field(name)]
        return Response({"company": str(undone.company_id), "changed_since": seen})


def _told(request: Request) -> dict[str, Any]:
    form = CompanyPairSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    return {"choices": {}} | dict(form.validated_data)
