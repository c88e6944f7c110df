"""What the OpenAPI document needs beyond what the views tell by themselves."""

from typing import Any
from uuid import UUID

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.problems import CONTENT_TYPE
from leadmgmt.workspaces.access import READING
from leadmgmt.workspaces.models import Scope
from leads.api.activities import Batch

NOWHERE = UUID(int=0)
KEY = "ApiKey"
REF = "#/components/schemas/{name}"
PROBLEMS = {
    "400": "The request cannot be read.",
    "401": "There is no usable key.",
    "403": "The key lacks the scope.",
    "404": "There is no such row in this workspace.",
    "409": "The state has moved on, or somebody was quicker.",
    "413": "The body is larger than we take.",
    "429": "The key has used up its minute; `Retry-After` says when the next begins.",
    "422": "A value is not right; `errors` names it.",
}
ALWAYS = {"401", "403", "429"}
OF_WRITES = {"400", "409", "413", "422"}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "A name of your own for this write. Sent again within a day it is not done "
    "again: you get the first answer, with `Idempotency-Replayed: true`.",
}
PROBLEM = {
    "type": "object",
    "description": "What is wrong, in words for people (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "row": {"type": "integer", "description": "Which row of a batch, from 0."},
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
STORED = {
    "type": "object",
    "required": ["stored", "duplicates"],
    "properties": {"stored": {"type": "integer"}, "duplicates": {"type": "integer"}},
}


class Generator(SchemaGenerator):
    """Describes views in a workspace that is none: their querysets want to stand in one."""

    def get_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The document; no statement is sent."""
        with inside(NOWHERE):
            return super().get_schema(*args, **kwargs)  # type: ignore[no-untyped-call]


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer lm_…`, and the scope each operation needs."""

    target_class = "leadmgmt.workspaces.api.ApiKeyAuthentication"
    name = KEY

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A key made in the settings."}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope of the operation, as the view names it."""
        kind = "read" if auto_schema.method in READING else "write"
        return {KEY: [auto_schema.view.scopes[kind].value]}


def complete(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """Add the hot path, which is a plain view, and how errors look."""
    schemas = result["components"]["schemas"]
    (_reference,), parts = msgspec.json.schema_components([Batch], ref_template=REF)
    schemas.update(parts)
    schemas["Problem"] = PROBLEM
    result["paths"]["/api/v1/activities/batch"] = {"post": _append_activities()}
    result["paths"] = dict(sorted(result["paths"].items()))
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _tell_problems(path, method, operation)
            if method.upper() not in READING:
                operation.setdefault("parameters", []).append(ONCE)
    return result


def _append_activities() -> dict[str, Any]:
    body = {"schema": {"$ref": REF.format(name=Batch.__name__)}}
    return {
        "operationId": "activities_batch_create",
        "description": "Store what is new of up to 500 facts; all of it or, with a problem, none. "
        "A row whose `key` is known is a duplicate.",
        "tags": ["activities"],
        "security": [{KEY: [Scope.ACTIVITIES_WRITE.value]}],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": STORED}}}
        },
    }


def _tell_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    told = ALWAYS | (OF_WRITES if method.upper() not in READING else {"422"})
    if "{" in path:
        told = told | {"404"}
    content = {CONTENT_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}
    for status in sorted(told):
        about = {"description": PROBLEMS[status], "content": content}
        operation["responses"].setdefault(status, about)
