"""Leads over the API: create, read, change, list, and upsert in bulk."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.kernel.problems import errors_of, problem
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Scope
from leads.actions.editing import change_lead
from leads.actions.profiles import Door
from leads.actions.removing import CannotPutBack, put_back, take_out
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads
from leads.api.lists import list_told, parameters_of
from leads.api.old_ids import OldIds
from leads.api.reading import MOST_ROWS, KeysetPagination, QuickJSONRenderer, StrictJSONParser
from leads.api.shapes import StrictFields as StrictFields  # the others read it here
from leads.api.shapes import Text as Text
from leads.api.tagging import TagsOfLead
from leads.api.tags import IF_MATCH, if_match, tagged
from leads.models import Campaign, Lead, RemovedCause, RemovedLead, Via
from leads.queries.asking import LEAD_LIST
from leads.queries.lists import LEADS_TOLD, leads_told
from leads.rows import NewLead, reader


class LeadKnown(Conflict):
    """A lead with this identity exists; change it instead."""


class CompanySerializer(serializers.Serializer[Any]):
    """The company of a lead, in short."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    domain = serializers.CharField(read_only=True, allow_null=True)


class LeadSerializer(serializers.Serializer[Any]):
    """A lead as integrations read it: what the columns for programs in `leads.columns` give."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    job_title = serializers.CharField()
    country = serializers.CharField()
    city = serializers.CharField()
    company = CompanySerializer(allow_null=True)
    attributes = serializers.DictField()
    do_not_email = serializers.BooleanField()
    do_not_call = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # a column of that name
    medium = serializers.CharField()
    campaign = serializers.UUIDField(allow_null=True)
    first_seen_at = serializers.DateTimeField()
    stage = serializers.CharField()
    highest_stage = serializers.CharField()
    stage_entered_at = serializers.DateTimeField()
    days_in_stage = serializers.IntegerField(help_text="Time in stage, in days of the workspace.")
    score = serializers.IntegerField(allow_null=True)
    lead_class = serializers.CharField()
    grade = serializers.CharField()
    owner = serializers.UUIDField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    last_activity_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class ProfileSerializer(StrictFields):
    """What can be said about a person."""

    name = Text()
    email = Text()
    phone = Text()
    external_id = Text()
    job_title = Text()
    country = Text()
    city = Text()
    company_name = Text()
    attributes = serializers.DictField(required=False)
    do_not_email = serializers.BooleanField(required=False)
    do_not_call = serializers.BooleanField(required=False)


class NewLeadSerializer(ProfileSerializer):
    """A person and where they came from."""

    source = Text()  # type: ignore[assignment]  # a column of that name
    medium = Text()
    campaign = serializers.UUIDField(required=False, allow_null=True, source="campaign_id")
    first_seen_at = serializers.DateTimeField(required=False, allow_null=True)


class ChangesSerializer(ProfileSerializer):
    """What to change; a field that is not named stays as it is."""

    owner = serializers.UUIDField(required=False, allow_null=True)


class BulkSerializer(StrictFields):
    """Up to 500 people; known ones get their blanks filled, or with `overwrite` their values."""

    leads = serializers.ListField(
        child=NewLeadSerializer(), allow_empty=False, max_length=MOST_ROWS
    )
    overwrite = serializers.BooleanField(default=False)


class UpsertedSerializer(serializers.Serializer[Any]):
    """Which lead a row was about."""

    id = serializers.UUIDField(source="lead_id")
    is_new = serializers.BooleanField()


class BulkAnswerSerializer(serializers.Serializer[Any]):
    """One entry a row, in the order of the rows."""

    results = UpsertedSerializer(many=True)


class LeadViewSet(TagsOfLead, OldIds, GenericViewSet[Lead]):
    """Leads of the workspace of the key."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    serializer_class = LeadSerializer
    parser_classes = [StrictJSONParser]
    renderer_classes = [QuickJSONRenderer]
    pagination_class = KeysetPagination
    filter_backends = []
    lookup_field = "id"
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    queryset = Lead._base_manager.none()  # for the schema only

    @extend_schema(parameters=parameters_of(LEAD_LIST))
    def list(self, request: Request) -> Response:
        """The leads that fit, newest first unless sorted otherwise."""
        return list_told(request, LEAD_LIST, LEADS_TOLD)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """One lead; its ETag makes a later PATCH with If-Match safe."""
        return tagged(_told(id))

    @extend_schema(request=NewLeadSerializer, responses={201: LeadSerializer})
    def create(self, request: Request) -> Response:
        """A new lead; 409 when somebody with this email, phone or external id is known."""
        row = NewLead(**_valid(NewLeadSerializer(data=request.data)))
        _refuse_unknown_campaigns([row])
        with transaction.atomic():
            (made,) = resolve_leads(
                [row], now=timezone.now(), properties={"by": "api"}, via=Via.API
            )
            if not made.is_new:
                sentence = _("This person is the lead %(id)s already; change that one.")
                raise LeadKnown(sentence % {"id": made.lead_id})
        return Response(_told(made.lead_id), status=201)

    @extend_schema(request=ChangesSerializer, responses=LeadSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Change what is named and nothing else; with If-Match only if nobody else has."""
        lead = get_object_or_404(Lead.objects, pk=id)
        changes = _valid(ChangesSerializer(data=request.data))
        now = timezone.now()
        with transaction.atomic():
            if_match(request, lead)
            if "owner" in changes:
                owner = _member(changes.pop("owner"))
                assign_leads([lead.pk], owner=owner, by=None, now=now)
            if changes:
                change_lead(lead, changes=changes, now=now, door=Door(Via.API))
        return tagged(_told(lead.pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, id: UUID) -> Response:
        """Take the lead out with all that belongs to it; for 30 days it can be restored."""
        lead = get_object_or_404(Lead.objects, pk=id)
        take_out([lead.pk], cause=RemovedCause.PERSON, by=None, now=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses=LeadSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def restore(self, request: Request, id: UUID) -> Response:
        """Put a removed lead back as it was; 409 when somebody else has its identity now."""
        get_object_or_404(RemovedLead.objects.defer("rows"), lead_id=id)
        result = put_back([id], by=None, now=timezone.now())
        if id in result.refused:
            raise CannotPutBack(result.refused[id])
        return Response(_told(id))

    @extend_schema(request=BulkSerializer, responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> HttpResponse:
        """Create or complete up to 500 leads in one go; all of them or, with a problem, none."""
        asked = _valid(BulkSerializer(data=request.data))
        rows = [NewLead(**facts) for facts in asked["leads"]]
        _refuse_unknown_campaigns(rows)
        if wrong := _wrong_rows(rows):
            sentence = _("%(count)d rows are not right, so none was written; see “errors”.")
            return problem(422, sentence % {"count": len(wrong)}, errors=wrong[:100])
        resolved = resolve_leads(
            rows,
            now=timezone.now(),
            overwrite=asked["overwrite"],
            properties={"by": "api"},
            via=Via.API,
        )
        return Response(BulkAnswerSerializer({"results": resolved}).data)


def _told(id: UUID) -> msgspec.Raw:
    found = leads_told([id])
    if not found:
        raise Http404
    return found[0]


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    facts: dict[str, Any] = dict(serializer.validated_data)
    return facts


def _wrong_rows(rows: Sequence[NewLead]) -> list[dict[str, Any]]:
    """A sentence for each row that cannot be taken."""
    wrong: list[dict[str, Any]] = []
    read = reader()
    for number, row in enumerate(rows):
        try:
            read(row)
        except Refusal as refusal:
            wrong += errors_of(refusal, row=number)
    return wrong


def _refuse_unknown_campaigns(rows: Iterable[NewLead]) -> None:
    asked = {row.campaign_id for row in rows if row.campaign_id}
    if not asked:
        return
    unknown = asked - set(Campaign.objects.filter(pk__in=asked).values_list("pk", flat=True))
    if unknown:
        sentence = _("There is no campaign %s in this workspace.") % min(unknown)
        raise serializers.ValidationError({"campaign": sentence})


def _member(id: UUID | None) -> Member | None:
    if id is None:
        return None
    member: Member | None = Member.objects.filter(pk=id).first()
    if member is None:
        sentence = _("There is no member %s in this workspace.") % id
        raise serializers.ValidationError({"owner": sentence})
    return member
