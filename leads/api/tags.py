"""ETags of leads and companies: the moment what we know of them last changed."""

from datetime import datetime

import msgspec
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.companies import expect_company_unchanged
from leads.actions.editing import expect_unchanged
from leads.models import Company, Lead

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag it was read with; 412 when it has changed since.",
)


class _Stamped(msgspec.Struct):
    changed_at: str


stamp_of = msgspec.json.Decoder(_Stamped)


def tagged(told: msgspec.Raw) -> Response:
    """The answer with the ETag of the lead or company in it."""
    return Response(told, headers={"ETag": f'"{stamp_of.decode(told).changed_at}"'})


def if_match(request: Request, of: Lead | Company) -> None:
    """Refuse, with 412, when the request names an ETag that is not its own any more."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked or asked == "*":
        return
    if isinstance(of, Lead):
        expect_unchanged(of, _moment_in(asked))
    else:
        expect_company_unchanged(of, _moment_in(asked))


def _moment_in(tag: str) -> datetime | None:
    try:
        return datetime.fromisoformat(tag.removeprefix("W/").strip('"'))
    except ValueError:
        return None
