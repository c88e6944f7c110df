"""ETags of leads: the moment their profile last changed."""

from datetime import datetime

import msgspec
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.editing import expect_unchanged
from leads.models import Lead

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag the lead was read with; 412 when its profile has changed since.",
)


class _Stamped(msgspec.Struct):
    changed_at: str


stamp_of = msgspec.json.Decoder(_Stamped)


def tagged(told: msgspec.Raw) -> Response:
    """The answer with the ETag of the lead in it."""
    return Response(told, headers={"ETag": f'"{stamp_of.decode(told).changed_at}"'})


def if_match(request: Request, lead: Lead) -> None:
    """Refuse, with 412, when the request names an ETag that is not the lead's any more."""
    asked = request.headers.get("If-Match", "").strip()
    if asked and asked != "*":
        expect_unchanged(lead, _moment_in(asked))


def _moment_in(tag: str) -> datetime | None:
    try:
        return datetime.fromisoformat(tag.removeprefix("W/").strip('"'))
    except ValueError:
        return None
