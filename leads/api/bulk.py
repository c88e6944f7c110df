"""Bulk actions over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions.bulk import cancel_bulk, start_bulk, undo_bulk
from leads.api.leads import StrictFields
from leads.api.lists import maker_of
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.bulk import BulkForm, Verb, verb_called, verbs_for
from leads.bulk.exporting import file_of
from leads.bulk.selecting import selection_of
from leads.models import BulkAction, Subject


class BulkActionSerializer(serializers.ModelSerializer[BulkAction]):
    """One verb for many leads or companies, and how far it has come."""

    class Meta:
        model = BulkAction
        fields = (
            *(
                "id",
                "subject",
                "kind",
                "parameters",
                "selection",
                "status",
                "total",
                "handled",
                "changed",
            ),
            *("skipped", "problem", "created_at", "finished_at"),
        )
        read_only_fields = fields


class NewBulkActionSerializer(StrictFields):
    """Which verb, its answers, and for whom: `{"ids": […]}` or `{"query": {filter: value}}`."""

    subject = serializers.ChoiceField(Subject.choices, default=Subject.LEAD)
    kind = serializers.CharField(max_length=20)
    parameters = serializers.DictField(default=dict)
    selection = serializers.DictField()

    def validate_parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """Answers are what a form could send: texts, numbers, yes or no, lists of these."""
        wrong = [name for name, value in given.items() if not _is_plain(value)]
        if wrong:
            sentence = _("This is neither a value nor a list of values.")
            raise serializers.ValidationError({name[:60]: sentence for name in wrong})
        return given


class BulkActionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[BulkAction]
):
    """What is done to many leads or companies at once: started, watched, stopped, undone."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = BulkAction._base_manager.none()
    serializer_class = BulkActionSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        """Those of the workspace, the newest first."""
        return BulkAction.objects.order_by("-created_at", "-id")

    @extend_schema(request=NewBulkActionSerializer, responses={201: BulkActionSerializer})
    def create(self, request: Request) -> Response:
        """Start one; the answer is its progress, which goes on in the background."""
        given = NewBulkActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        by = maker_of(request)
        verb = _verb(given.validated_data["kind"], by, given.validated_data["subject"])
        chosen = given.validated_data["selection"]
        selection = selection_of(chosen, member=by, subject=verb.subject)
        form = verb.form(given.validated_data["parameters"])
        if not form.is_valid():
            raise ValidationError({"parameters": _said(form)})
        bulk = start_bulk(
            verb,
            parameters=form.parameters(),
            selection=selection,
            by=by,
            now=timezone.now(),
        )
        return Response(BulkActionSerializer(bulk).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=BulkActionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop; what is done stays."""
        bulk = cancel_bulk(self._allowed(request).pk, now=timezone.now())
        return Response(BulkActionSerializer(bulk).data)

    @extend_schema(request=None, responses=BulkActionSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: UUID) -> Response:
        """Take it back, where nobody has changed the lead since."""
        bulk = undo_bulk(self._allowed(request).pk, now=timezone.now())
        return Response(BulkActionSerializer(bulk).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: UUID) -> HttpResponse:
        """What an export made."""
        bulk = get_object_or_404(self.get_queryset(), pk=pk, kind="export", status="done")
        content, name, type = file_of(bulk)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=type, headers=headers)

    def _allowed(self, request: Request) -> BulkAction:
        bulk: BulkAction = self.get_object()
        _verb(bulk.kind, maker_of(request), bulk.subject)
        return bulk


def _is_plain(value: Any) -> bool:
    each = value if isinstance(value, list) else [value]
    return not any(isinstance(one, dict | list) for one in each)


def _said(form: BulkForm) -> dict[str, Any]:
    return {name: [str(each) for each in said] for name, said in form.errors.items()}


def _verb(name: str, by: Any, subject: str) -> Verb:
    verb = verb_called(name, subject)
    if verb is None or not verb.may(by):
        known = {
            "name": name[:40],
            "known": ", ".join(each.name for each in verbs_for(by, subject)),
        }
        sentence = _("“%(name)s” is nothing you can do in bulk; you can: %(known)s.")
        raise ValidationError({"kind": sentence % known})
    return verb
