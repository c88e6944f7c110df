"""The public side of tracking: the script, what it sends, and a pixel where no script runs.

No session, no cookie, no credentials: any site may send here, and learns nothing back.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from capture.actions.tracking import record_happenings
from capture.intake import LARGEST_BODY, Batch, CannotRead, TooLarge, read_batch, read_pixel
from capture.limits import address_of
from capture.machines import is_machine
from capture.sites import workspace_of_site
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.limits import count, too_many
from leadmgmt.kernel.problems import problem_of
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import whole_number

SCRIPT_LIFE = 3_600  # seconds a browser may keep the script
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_safe
def script(request: HttpRequest, site_key: str) -> HttpResponse:
    """The tracking script; it reads its key and our address off its own `src`."""
    _workspace(site_key)
    text, etag = _script()
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SCRIPT_LIFE}"
    response["ETag"] = etag
    return _open_to_all(response)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def events(request: HttpRequest, site_key: str) -> HttpResponse:
    """Take a batch of events; the body is JSON whatever its type says (beacons send text)."""
    if request.method == "OPTIONS":
        return _open_to_all(HttpResponse(status=204))
    if (refused := _refused(request, site_key)) is not None:
        return refused
    workspace_id = _workspace(site_key)
    try:
        _record(request, workspace_id, read_batch(_body(request)))
    except Refusal as refusal:
        return _open_to_all(problem_of(refusal))
    return _open_to_all(HttpResponse(status=202))


@require_safe
def pixel(request: HttpRequest, site_key: str) -> HttpResponse:
    """One page view by an image, for pages and mails where no script runs."""
    if (refused := _refused(request, site_key)) is not None:
        return refused
    workspace_id = _workspace(site_key)
    url = request.GET.get("url") or request.headers.get("Referer", "")
    visitor = request.GET.get("visitor") or _nameless(request, site_key)
    moment = timezone.now().strftime("%Y%m%d%H") + str(timezone.now().minute // 30)
    key = hashlib.sha256(f"{visitor} {url} {moment}".encode(errors="replace")).hexdigest()[:30]
    try:
        batch = read_pixel(visitor, url, request.GET.get("referrer", ""), key)
        _record(request, workspace_id, batch)
    except Refusal as refusal:
        return _open_to_all(problem_of(refusal))
    response = HttpResponse(PIXEL, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    return _open_to_all(response)


def _refused(request: HttpRequest, site_key: str) -> HttpResponse | None:
    """The answer to an address that sends more than people do; None for all others."""
    who = f"{site_key}:{address_of(request)}"
    allowance = count(request, "tracking", who, most=settings.TRACKING_LIMIT)
    if allowance is None or not allowance.is_spent:
        return None
    return _open_to_all(too_many(allowance))


def _workspace(site_key: str) -> UUID:
    workspace_id = workspace_of_site(site_key)
    if workspace_id is None:
        raise Http404
    return workspace_id


def _body(request: HttpRequest) -> bytes:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if whole_number(length, most=LARGEST_BODY) is None:
        raise TooLarge(_("A batch of events may have 64 kB at most."))
    try:
        return request.body
    except (UnreadablePostError, RawPostDataException):
        raise CannotRead(_("The body ended before it was whole.")) from None


def _record(request: HttpRequest, workspace_id: UUID, batch: Batch) -> None:
    machine = is_machine(request.headers.get("User-Agent", ""))
    with inside(workspace_id):
        record_happenings(batch, is_machine=machine, now=timezone.now())


def _nameless(request: HttpRequest, site_key: str) -> str:
    """A visitor for one day, told apart without storing anything in the browser."""
    parts = (
        settings.SECRET_KEY,
        site_key,
        timezone.now().date().isoformat(),
        address_of(request),
        request.headers.get("User-Agent", ""),
    )
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()[:32]


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Max-Age"] = "86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> tuple[str, str]:
    text = files("capture").joinpath("static/capture/track.js").read_text()
    return text, quote_etag(hashlib.sha256(text.encode()).hexdigest()[:16])
