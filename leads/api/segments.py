"""Segments over the API: written, read, frozen, filled by hand, retired."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions import filling
from leads.actions import segments as actions
from leads.api.leads import StrictFields
from leads.api.reading import MOST_ROWS, KeysetPagination, StrictJSONParser
from leads.models import Membership, Segment, SegmentKind
from leads.queries.segments import reading_of


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A group of leads; while it `is_stale` everybody is being asked anew."""

    reading = serializers.SerializerMethodField(help_text="The condition in words.")
    condition = serializers.DictField()

    class Meta:
        model = Segment
        fields = (
            *("id", "name", "description", "kind", "condition", "reading", "size"),
            *("is_stale", "created_at", "changed_at", "retired_at", "keeper"),
        )
        extra_kwargs = {"keeper": {"help_text": "What keeps it; then it cannot be changed here."}}

    def get_reading(self, segment: Segment) -> str:
        """In the language of the request."""
        return reading_of(segment)


class SegmentWordsSerializer(StrictFields):
    """What a segment is called, and who belongs to it."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    condition = serializers.DictField(required=False)


class LeadIdsSerializer(StrictFields):
    """Leads by their ids."""

    leads = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=MOST_ROWS
    )


class NewSegmentSerializer(SegmentWordsSerializer):
    """A live segment, or a frozen one of whoever the condition holds for now, and of `leads`."""

    kind = serializers.ChoiceField(SegmentKind.choices, default=SegmentKind.LIVE)
    leads = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_ROWS
    )


class FreezeSegmentSerializer(StrictFields):
    """What the fixed list is called."""

    name = serializers.CharField(max_length=120)


class SegmentMemberSerializer(serializers.ModelSerializer[Membership]):
    """A lead that is in the segment now, and since when."""

    lead = serializers.UUIDField(source="lead_id")
    by = serializers.UUIDField(source="by_id", allow_null=True, help_text="Who put it in by hand.")

    class Meta:
        model = Membership
        fields = ("lead", "entered_at", "by")


class SegmentMovedSerializer(serializers.Serializer[Any]):
    """Who entered or left because of the request."""

    leads = serializers.ListField(child=serializers.UUIDField())


class MemberPagination(KeysetPagination):
    """Latest first."""

    order = ("-entered_at", "-id")


class SegmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Segments: live ones follow their condition, frozen ones hold the leads they were given."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = Segment._base_manager.none()
    serializer_class = SegmentSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The segments of the workspace, retired ones too."""
        rows: QuerySet[Any] = Segment.objects.all()
        return rows

    @extend_schema(request=NewSegmentSerializer, responses={201: SegmentSerializer})
    def create(self, request: Request) -> Response:
        """Make one; whoever belongs to it is found in the background."""
        sent = _sent(NewSegmentSerializer, request)
        sent["lead_ids"] = sent.pop("leads", ())
        made = actions.create_segment(**sent, by=None, now=timezone.now())
        return self._told(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=SegmentWordsSerializer, responses=SegmentSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Call it something else, or ask something else: only then everybody is asked anew."""
        segment: Segment = self.get_object()
        known = {"name": segment.name, "description": segment.description}
        sent = _sent(SegmentWordsSerializer, request, partial=True)
        actions.change_segment(segment, **known | sent, now=timezone.now())
        return self._told(segment.pk)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget it and who was in it; refused while something asks about it."""
        actions.delete_segment(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(methods=["GET"], responses=SegmentMemberSerializer(many=True))
    @extend_schema(methods=["POST"], request=LeadIdsSerializer, responses=SegmentMovedSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=MemberPagination)
    def members(self, request: Request, pk: UUID) -> Response:
        """Who is in it; or put leads into a frozen one."""
        segment: Segment = self.get_object()
        if request.method == "POST":
            ids = _sent(LeadIdsSerializer, request)["leads"]
            come = filling.add_to_segment(ids, segment=segment, by=None, now=timezone.now())
            return Response({"leads": come})
        lasting = Membership.objects.filter(segment=segment, left_at=None)
        page = self.paginate_queryset(lasting)
        return self.get_paginated_response(SegmentMemberSerializer(page, many=True).data)

    @extend_schema(request=LeadIdsSerializer, responses=SegmentMovedSerializer)
    @action(detail=True, methods=["post"], url_path="members/remove", url_name="remove-members")
    def remove_members(self, request: Request, pk: UUID) -> Response:
        """Take leads out of a frozen one."""
        segment: Segment = self.get_object()
        ids, now = _sent(LeadIdsSerializer, request)["leads"], timezone.now()
        gone = filling.remove_from_segment(ids, segment=segment, by=None, now=now)
        return Response({"leads": gone})

    @extend_schema(request=FreezeSegmentSerializer, responses={201: SegmentSerializer})
    @action(detail=True, methods=["post"])
    def freeze(self, request: Request, pk: UUID) -> Response:
        """A fixed list, under another name, of those who are in it now."""
        segment: Segment = self.get_object()
        name = _sent(FreezeSegmentSerializer, request)["name"]
        made = actions.freeze_segment(segment, name=name, by=None, now=timezone.now())
        return self._told(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        """Offer it no more; its members stay as they are."""
        actions.retire_segment(self.get_object(), now=timezone.now())
        return self._told(pk)

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        """Offer it again; a live one asks everybody anew."""
        actions.restore_segment(self.get_object(), now=timezone.now())
        return self._told(pk)

    def _told(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        return Response(SegmentSerializer(self.get_queryset().get(pk=pk)).data, status=code)


def _sent(
    serializer: type[StrictFields], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    form = serializer(data=request.data, partial=partial)
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = dict(form.validated_data)
    return sent
