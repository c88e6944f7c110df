"""Duplicates and merges over the API."""

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

from leadmgmt.workspaces.models import Scope
from leads.actions.duplicates import dismiss_pair
from leads.actions.merging import merge_leads, undo_merge
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, OfLead, StrictJSONParser
from leads.joining import GONE, KEPT
from leads.models import Duplicate, Lead, Merge
from leads.queries.duplicates import ORDER, open_pairs, reasons_of
from leads.queries.merging import label_of, preview_of

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}


class PairSerializer(StrictFields):
    """Which lead stays and which goes; whose value is kept, field by field."""

    kept = serializers.UUIDField()
    gone = serializers.UUIDField()
    choices = serializers.DictField(child=serializers.ChoiceField([KEPT, GONE]), required=False)


class MergeSerializer(serializers.ModelSerializer[Merge]):
    """Two leads were made one; the id `gone` leads to `lead`."""

    gone = serializers.UUIDField(source="gone_id")

    class Meta:
        model = Merge
        fields = ("id", "lead", "gone", "gone_label", "by", "merged_at", "undone_at")


class ChoiceSerializer(serializers.Serializer[Any]):
    """One field of the two leads, and whose value would be kept."""

    field = serializers.CharField()
    kept = serializers.CharField()
    gone = serializers.CharField()
    taken = serializers.ChoiceField([KEPT, GONE])


class MovingSerializer(serializers.Serializer[Any]):
    """So many rows of one kind would move."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    count = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What a merge would do."""

    choices = ChoiceSerializer(many=True)
    moving = MovingSerializer(many=True)


class UndoneSerializer(serializers.Serializer[Any]):
    """Who is back, and what of the kept lead was changed since and stays."""

    lead = serializers.UUIDField(source="lead_id")
    changed_since = serializers.ListField(child=serializers.CharField())


class DuplicateSerializer(serializers.ModelSerializer[Duplicate]):
    """Two leads that may be one person; `certainty` in percent."""

    reasons = serializers.SerializerMethodField()

    class Meta:
        model = Duplicate
        fields = ("id", "first", "second", "certainty", "reasons", "status", "found_at")

    def get_reasons(self, row: Duplicate) -> list[str]:
        """In words."""
        return reasons_of(row)


class NewestMerges(KeysetPagination):
    """The newest first."""

    order = ("-merged_at", "-id")


class MostCertain(KeysetPagination):
    """The most certain first."""

    order = ORDER


class MergeViewSet(mixins.ListModelMixin, GenericViewSet[Merge]):
    """Merges, newest first; with `?lead=` those into one lead."""

    scopes = SCOPES
    queryset = Merge._base_manager.none()
    serializer_class = MergeSerializer
    parser_classes = (StrictJSONParser,)
    pagination_class = NewestMerges
    filter_backends = (OfLead,)
    lookup_field = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Merge]:
        """Of this workspace."""
        rows: QuerySet[Merge] = Merge.objects.all()
        return rows

    @extend_schema(request=PairSerializer, responses={201: MergeSerializer})
    def create(self, request: Request) -> Response:
        """Make one lead of two; 409 when one of them was merged or removed already."""
        told = _told(request)
        merge = merge_leads(
            told["kept"], told["gone"], choices=told["choices"], by=None, now=timezone.now()
        )
        return Response(MergeSerializer(merge).data, status=201)

    @extend_schema(request=PairSerializer, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """What a merge would do; nothing is changed."""
        told = _told(request)
        asked = {told["kept"], told["gone"]}
        if Lead.objects.filter(pk__in=asked).count() < 2:
            raise Http404
        seen = preview_of(told["kept"], told["gone"], told["choices"])
        return Response(PreviewSerializer(seen).data)

    @extend_schema(request=None, responses=UndoneSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def undo(self, request: Request, id: UUID) -> Response:
        """Make two leads of one again, within 30 days."""
        merge = get_object_or_404(Merge.objects, pk=id)
        undone = undo_merge(merge.pk, by=None, now=timezone.now())
        seen = [name for name in undone.changed_since if label_of(name)]
        return Response({"lead": str(undone.lead_id), "changed_since": seen})


class DuplicateViewSet(mixins.ListModelMixin, GenericViewSet[Duplicate]):
    """Pairs nobody has decided about, the most certain first."""

    scopes = SCOPES
    queryset = Duplicate._base_manager.none()
    serializer_class = DuplicateSerializer
    parser_classes = (StrictJSONParser,)
    pagination_class = MostCertain
    filter_backends = ()
    lookup_field = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Duplicate]:
        """Of this workspace."""
        return open_pairs()

    @extend_schema(request=None, responses=DuplicateSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def dismiss(self, request: Request, id: UUID) -> Response:
        """They are two people, and never suggested again."""
        pair = get_object_or_404(Duplicate.objects, pk=id)
        dismiss_pair(pair, by=None, now=timezone.now())
        pair.refresh_from_db()
        return Response(DuplicateSerializer(pair).data)


def _told(request: Request) -> dict[str, Any]:
    form = PairSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    return {"choices": {}} | dict(form.validated_data)
