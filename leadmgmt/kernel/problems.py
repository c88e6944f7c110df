"""Errors of the API as problem+json (RFC 9457): what is wrong, where, and nothing of our inside."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from leadmgmt.kernel.refusals import Refusal

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[dict[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """An answer of `status` that says `detail`; `errors` name fields (and rows of a batch)."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def problem_of(refusal: Refusal, *, row: int | None = None) -> JsonResponse:
    """The answer that says `refusal`; what is not for long says when to try again."""
    headers = {"Retry-After": "1"} if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    errors = errors_of(refusal, row=row)
    return problem(refusal.status, refusal.sentence, errors=errors, headers=headers)


def errors_of(refusal: Refusal, *, row: int | None = None) -> list[dict[str, Any]]:
    """The field at fault, and which row of a batch; nothing when neither is known."""
    where: dict[str, Any] = {} if row is None else {"row": row}
    if refusal.field:
        where["field"] = refusal.field
    return [{**where, "detail": refusal.sentence}] if where else []
