"""How a request of the API is read, narrowed and paged."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import BasePagination
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.kernel.strict import read_json, whole_number
from leadmgmt.ui.paging import Page, page_of

MOST_BYTES = 2_000_000
MOST_ROWS = 500


class StrictJSONParser(BaseParser):
    """JSON with nothing in it that the database would choke on."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value, or a refusal that says where."""
        return read_json(stream.read(MOST_BYTES + 1), most_bytes=MOST_BYTES)


class QuickJSONRenderer(JSONRenderer):
    """JSON by msgspec, which knows ids and moments by itself."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body; nothing for an answer without data."""
        return b"" if data is None else msgspec.json.encode(data, enc_hook=str)


class KeysetPagination(BasePagination):
    """`limit` rows a page, newest first; follow `next` until it is null."""

    order = ("-created_at", "-id")
    size = 50

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The rows the cursor of the request names."""
        self.request = request
        self.page: Page[Any] = page_of(
            queryset, self.order, request.query_params, limit_of(request), is_counted=False
        )
        return list(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        """The rows between their neighbours' addresses."""
        page = self.page
        links = {
            "next": link_to(self.request, "after", page.next),
            "previous": link_to(self.request, "before", page.previous),
        }
        return Response({**links, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For OpenAPI."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        required = ["next", "previous", "results"]
        return {"type": "object", "required": required, "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For OpenAPI."""
        cursor = {"in": "query", "required": False, "schema": {"type": "string"}}
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": self.size}
        return [
            {**cursor, "name": "after", "description": "Cursor: the rows behind it."},
            {**cursor, "name": "before", "description": "Cursor: the rows in front of it."},
            {"in": "query", "required": False, "name": "limit", "schema": limit},
        ]


def link_to(request: Request, name: str, cursor: str) -> str | None:
    """The address of the page before or after, with the same filters."""
    if not cursor:
        return None
    query = request.query_params.copy()
    for each in ("after", "before"):
        query.pop(each, None)
    query[name] = cursor
    return request.build_absolute_uri(f"?{query.urlencode()}")


def limit_of(request: Request) -> int:
    """How many rows a page is asked to have."""
    asked = request.query_params.get("limit", str(KeysetPagination.size))
    limit = whole_number(asked, most=MOST_ROWS)
    if not limit:
        sentence = _("“%(value)s” is no page size; send a number from 1 to %(most)d.")
        raise ValidationError({"limit": sentence % {"value": asked[:20], "most": MOST_ROWS}})
    return limit


class OfLead(BaseFilterBackend):
    """`?lead=`: only what is about this lead."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> Any:
        """All rows, when no lead is named."""
        lead = request.query_params.get("lead")
        if lead is None:
            return queryset
        try:
            return queryset.filter(lead_id=serializers.UUIDField().run_validation(lead))
        except ValidationError as wrong:
            raise ValidationError({"lead": wrong.detail}) from wrong

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For OpenAPI."""
        schema = {"type": "string", "format": "uuid"}
        about = "Only what is about this lead."
        where = {"in": "query", "required": False, "name": "lead"}
        return [{**where, "schema": schema, "description": about}]
