"""Saved views over the API: those of the key's maker, and the shared ones."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions.views import change_view, remove_view, save_view
from leads.api.leads import StrictFields
from leads.api.lists import maker_of
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models.views import SavedView, Subject
from leads.queries.views import visible_views


class ViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list under a name: filters as its address has them, a condition, columns, an order."""

    query = serializers.DictField(child=serializers.CharField())
    condition = serializers.DictField()
    columns = serializers.ListField(child=serializers.CharField())
    owner = serializers.UUIDField(source="owner_id")

    class Meta:
        model = SavedView
        fields = (
            *("id", "subject", "name", "query", "condition", "columns", "sort"),
            *("is_shared", "owner", "created_at", "changed_at"),
        )


class ViewChangesSerializer(StrictFields):
    """What to change; a field that is not named stays as it is."""

    name = serializers.CharField(max_length=80, required=False)
    query = serializers.DictField(child=serializers.CharField(), required=False)
    condition = serializers.JSONField(required=False)
    columns = serializers.ListField(child=serializers.CharField(), required=False, max_length=60)
    sort = serializers.CharField(required=False, allow_blank=True)
    is_shared = serializers.BooleanField(required=False)


class NewViewSerializer(ViewChangesSerializer):
    """A list under a name."""

    subject = serializers.ChoiceField(choices=Subject.choices, default=Subject.LEAD)
    name = serializers.CharField(max_length=80)


class SavedViewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Saved views; `?view=<id>` on a list shows what one of them shows."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = SavedView._base_manager.none()
    serializer_class = ViewSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[SavedView]:
        """Those of the key's maker, and the shared ones."""
        return visible_views(maker_of(self.request))

    @extend_schema(request=NewViewSerializer, responses={201: ViewSerializer})
    def create(self, request: Request) -> Response:
        """Save a view; it belongs to who made the key."""
        given = NewViewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        named = {name: facts.pop(name) for name in ("subject", "name")}
        shared = facts.pop("is_shared", False)
        by, now = maker_of(request), timezone.now()
        view = save_view(**named, facts=facts, is_shared=shared, by=by, now=now)
        return Response(ViewSerializer(view).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ViewChangesSerializer, responses=ViewSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        view = self.get_object()
        given = ViewChangesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = change_view(
            view, changes=given.validated_data, by=maker_of(request), now=timezone.now()
        )
        return Response(ViewSerializer(changed).data)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget it."""
        remove_view(self.get_object(), by=maker_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
