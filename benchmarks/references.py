"""What our own is measured against: a request that does nothing, and plain DRF."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.models import Activity, Lead


def noop(request: HttpRequest) -> HttpResponse:
    """Nothing but Django and our middleware."""
    return HttpResponse(b"ok")


class EventSerializer(serializers.ModelSerializer[Activity]):
    """An activity as one would write it on the first day."""

    lead_id = serializers.UUIDField()  # a related field would look each lead up by itself

    class Meta:
        model = Activity
        fields = ("kind", "occurred_at", "source", "medium", "properties", "key", "lead_id")


class SerializedEvents(APIView):
    """A batch of activities through serializers and bulk_create: no dedupe, no reactions."""

    scopes: ClassVar = {"write": Scope.ACTIVITIES_WRITE}

    def post(self, request: Request) -> Response:
        """Store them."""
        sent: Any = request.data
        given = EventSerializer(data=sent["activities"], many=True)
        given.is_valid(raise_exception=True)
        rows: Any = given.validated_data
        Activity.objects.bulk_create([Activity(received_at=timezone.now(), **row) for row in rows])
        return Response({"count": len(rows)}, status=status.HTTP_201_CREATED)


class LeadSerializer(serializers.ModelSerializer[Lead]):
    """A lead as one would write it on the first day."""

    class Meta:
        model = Lead
        fields = ("name", "email", "phone", "job_title", "country", "city", "source")


class SerializedLeads(APIView):
    """Leads through a serializer and save: no identities, no company, no timeline, no score."""

    scopes: ClassVar = {"write": Scope.LEADS_WRITE}

    def post(self, request: Request) -> Response:
        """Store one, or a list one by one."""
        is_many = isinstance(request.data, list)
        given = LeadSerializer(data=request.data, many=is_many)
        given.is_valid(raise_exception=True)
        given.save()
        return Response(given.data, status=status.HTTP_201_CREATED)
