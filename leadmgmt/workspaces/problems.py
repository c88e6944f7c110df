"""Django REST framework's errors in the one form of the API."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from leadmgmt.kernel.limits import too_many
from leadmgmt.kernel.meanwhile import refusal_of
from leadmgmt.kernel.problems import problem, problem_of

LONGEST_LIST = 100


def answer(raised: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """`EXCEPTION_HANDLER`: problem+json for refusals and the framework's errors."""
    set_rollback()
    if refusal := refusal_of(raised):
        return problem_of(refusal)
    if isinstance(raised, Http404):
        return problem(404, _("There is nothing here."))
    if isinstance(raised, PermissionDenied):
        return problem(403, str(raised) or _("This API key may not do this."))
    if isinstance(raised, exceptions.ValidationError):
        return _wrong_fields(raised)
    if isinstance(raised, exceptions.APIException):
        return _framework(raised, context)
    if isinstance(raised, RequestDataTooBig):
        return problem(413, _("The request is larger than we take; send less at once."))
    if isinstance(raised, SuspiciousOperation):
        return problem(400, _("The request cannot be read."))
    return None


def _framework(raised: exceptions.APIException, context: Mapping[str, Any]) -> HttpResponse:
    if isinstance(raised, exceptions.Throttled):
        return too_many(context["request"]._request.allowance)
    return problem(raised.status_code, str(raised.detail), headers=_headers(raised))


def _wrong_fields(raised: exceptions.ValidationError) -> HttpResponse:
    errors = list(_flat(raised.detail))[:LONGEST_LIST]
    detail = _("%(count)d values are not right; see “errors”.") % {"count": len(errors)}
    if len(errors) == 1:
        detail = errors[0]["detail"]
    return problem(422, detail, errors=errors)


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """One entry a sentence, with the path to its field: `leads.3.email`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list):
        is_rows = any(isinstance(each, dict) for each in detail)
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{number}".lstrip(".") if is_rows else path)
    else:
        yield {"field": path, "detail": str(detail)} if path else {"detail": str(detail)}


def _headers(raised: exceptions.APIException) -> dict[str, str]:
    header = getattr(raised, "auth_header", None)
    return {"WWW-Authenticate": header} if header else {}
