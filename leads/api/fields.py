"""Fields that name rows of the workspace, and the views they stand in."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers, status, viewsets
from rest_framework.response import Response

from leadmgmt.workspaces.models import Member, Scope
from leads.api.reading import OfLead, StrictJSONParser


def one_of(model: type[Model], **rest: Any) -> Any:
    """A field that names a row of the workspace by its id."""
    return serializers.PrimaryKeyRelatedField(queryset=model.objects, **rest)  # type: ignore[attr-defined]


class PresentMemberField(serializers.PrimaryKeyRelatedField[Member]):
    """Names a colleague; whoever has left is not known any more, and closers get handovers only."""

    queryset = Member._base_manager.none()  # for the schema only

    def get_queryset(self) -> QuerySet[Member]:
        """Asked anew for each request: the workspace differs."""
        members: QuerySet[Member] = Member.objects.colleagues()
        return members


def by_member() -> Any:
    """Who does it; an integration that acts for nobody leaves it out."""
    return PresentMemberField(required=False, allow_null=True, default=None, write_only=True)


class OfWorkspace(viewsets.GenericViewSet[Any]):
    """Rows of the key's workspace, by `?lead=` if asked."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    parser_classes: Any = (StrictJSONParser,)
    filter_backends: Any = (OfLead,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """All of them."""
        model: Any = self.queryset.model  # type: ignore[arg-type, union-attr]  # named by all
        rows: QuerySet[Any] = model.objects.all()
        return rows

    def told(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """What the request says, checked by another serializer than the answer's."""
        form = serializer(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row as this view shows it."""
        return Response(self.get_serializer(row).data, status=code)
