"""Companies over the API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.lists import list_told, parameters_of
from leads.api.reading import KeysetPagination, QuickJSONRenderer
from leads.models import Company
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
    customer_since = serializers.DateTimeField(allow_null=True)
    owner = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class CompanyViewSet(GenericViewSet[Company]):
    """Companies of the workspace of the key."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    serializer_class = CompanyRowSerializer
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
        """One company."""
        found = COMPANIES_TOLD.of([id])
        if not found:
            raise Http404
        return Response(found[0])
