"""Companies over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions.companies import add_company, change_company
from leads.actions.profiles import Door
from leads.actions.removing_companies import put_back_company, take_out_companies
from leads.api.fields import PresentMemberField
from leads.api.lists import list_told, parameters_of
from leads.api.notes import NotesOfCompany
from leads.api.old_ids import OldCompanyIds
from leads.api.reading import KeysetPagination, QuickJSONRenderer, StrictJSONParser
from leads.api.shapes import StrictFields, Text
from leads.api.tagging import TagsOfCompany
from leads.api.tags import IF_MATCH, if_match, tagged
from leads.models import Company, RemovedCause, RemovedCompany, Via
from leads.queries.asking import COMPANY_LIST
from leads.queries.lists import COMPANIES_TOLD


class CompanyRowSerializer(serializers.Serializer[Any]):
    """A firm as integrations read it: what the columns in `leads.columns` give."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    domain = serializers.CharField(allow_null=True)
    website = serializers.CharField()
    phone = serializers.CharField()
    industry = serializers.CharField()
    country = serializers.CharField()
    city = serializers.CharField()
    employees = serializers.IntegerField(allow_null=True)
    attributes = serializers.DictField()
    stage = serializers.CharField()
    stage_entered_at = serializers.DateTimeField(allow_null=True)
    days_in_stage = serializers.IntegerField(allow_null=True)
    customer_since = serializers.DateTimeField(allow_null=True)
    owner = serializers.UUIDField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class CompanyChangesSerializer(StrictFields):
    """What to change; a field that is not named stays as it is."""

    name = Text()
    domain = Text(allow_null=True)
    website = Text()
    phone = Text()
    industry = Text()
    country = Text()
    city = Text()
    employees = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    attributes = serializers.DictField(required=False)
    owner = PresentMemberField(required=False, allow_null=True)


class NewCompanySerializer(CompanyChangesSerializer):
    """A company; a domain brings the people who write from it."""

    name = serializers.CharField()  # type: ignore[assignment]  # of another class


class CompanyViewSet(TagsOfCompany, NotesOfCompany, OldCompanyIds, GenericViewSet[Company]):
    """Companies of the workspace of the key."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    serializer_class = CompanyRowSerializer
    parser_classes = [StrictJSONParser]
    renderer_classes = [QuickJSONRenderer]
    pagination_class = KeysetPagination
    filter_backends = []
    lookup_field = "id"
    lookup_value_converter = "uuid"
    queryset = Company._base_manager.none()  # for the schema only

    @extend_schema(parameters=parameters_of(COMPANY_LIST))
    def list(self, request: Request) -> Response:
        """The companies that fit, by name unless sorted otherwise."""
        return list_told(request, COMPANY_LIST, COMPANIES_TOLD)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """One company; its ETag makes a later PATCH with If-Match safe."""
        return tagged(_told(id))

    @extend_schema(request=NewCompanySerializer, responses={201: CompanyRowSerializer})
    def create(self, request: Request) -> Response:
        """A new company; 409 when another one has its domain."""
        facts = _valid(NewCompanySerializer(data=request.data))
        made = add_company(facts=facts, now=timezone.now())
        return Response(_told(made.pk), status=201)

    @extend_schema(
        request=CompanyChangesSerializer, responses=CompanyRowSerializer, parameters=[IF_MATCH]
    )
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Change what is named and nothing else; with If-Match only if nobody else has."""
        company = get_object_or_404(Company.objects, pk=id)
        changes = _valid(CompanyChangesSerializer(data=request.data))
        with transaction.atomic():
            if_match(request, company)
            change_company(company, changes=changes, door=Door(Via.API), now=timezone.now())
        return tagged(_told(id))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, id: UUID) -> Response:
        """Take the company out; its people and deals stay. For 30 days it can be restored."""
        company = get_object_or_404(Company.objects, pk=id)
        take_out_companies([company.pk], cause=RemovedCause.PERSON, by=None, now=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses=CompanyRowSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def restore(self, request: Request, id: UUID) -> Response:
        """Put a removed company back, with its people who have no other by now."""
        get_object_or_404(RemovedCompany.objects.defer("rows"), company_id=id)
        put_back_company(id, by=None, now=timezone.now())
        return Response(_told(id))


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _told(id: UUID) -> Any:
    found = COMPANIES_TOLD.of([id])
    if not found:
        raise Http404
    return found[0]
