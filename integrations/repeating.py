"""A write that is sent twice with one `Idempotency-Key` happens once; both get the same answer.

The answer is stored in the transaction of the write itself: a crash between the two is impossible,
and a twin that comes meanwhile waits for the first one.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from integrations.asking import digest_of
from integrations.models import KeptAnswer
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.kernel.limits import too_many
from leadmgmt.kernel.problems import problem
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.api import READING, count_use, key_of
from leadmgmt.workspaces.models import ApiKey
from leadmgmt.workspaces.problems import answer as answer_to
from leads.erasing import Counts, Gone

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
NAME = re.compile(r"[!-~]{1,200}")
KEPT_FOR = timedelta(days=1)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")

BEGIN = """
INSERT INTO integrations_keptanswer (workspace_id, api_key_id, name, asked, status, headers, body)
VALUES (%(workspace)s, %(key)s, %(name)s, %(asked)s, 0, '{}', '')
ON CONFLICT (workspace_id, api_key_id, name) DO NOTHING RETURNING id
"""
NAMING = """
DELETE FROM integrations_keptanswer AS answer WHERE workspace_id = %(workspace)s AND EXISTS (
    SELECT FROM unnest(%(words)s::text[]) AS word WHERE position(word IN lower(body)) > 0)
"""

View = Callable[..., HttpResponseBase]


class Repeats:
    """Middleware: answers the second of two requests that are one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do before a view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Leave alone what reads, what bears no key, and what is not of the API."""
        name = request.headers.get(HEADER)
        match = request.resolver_match
        if name is None or request.method in READING or "api" not in match.namespaces:
            return None
        if not NAME.fullmatch(name):
            return problem(400, _wrong_name(name))
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        key = key_of(secret.strip()) if kind.lower() == "bearer" else None
        if key is None:
            return None  # the view says 401
        try:
            asked = digest_of(request, view)
        except MultiPartParserError as broken:
            return problem(400, _("The form cannot be read: %s") % broken)
        except SuspiciousOperation as suspicious:
            return answer_to(suspicious, {})
        return _once(request, name, key, asked, lambda: view(request, *args, **kwargs))


def _wrong_name(name: str) -> str:
    return _("“%(name)s” is no Idempotency-Key: 1 to 200 visible ASCII characters are.") % {
        "name": name[:200]
    }


def _once(
    request: HttpRequest, name: str, key: ApiKey, asked: str, do: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    with transaction.atomic():
        begun = fetch(BEGIN, key=key.pk, name=name, asked=asked)
        if not begun:
            return _again(request, KeptAnswer.objects.get(api_key=key, name=name), key, asked)
        response = _rendered(do())
        kept = KeptAnswer.objects.filter(pk=begun[0][0])
        if isinstance(response, HttpResponse) and 200 <= response.status_code < 300:
            kept.update(**_answer(response))
        else:
            kept.delete()  # nothing was done, so it may be tried again
    return response


def _rendered(response: Any) -> HttpResponseBase:
    is_late = hasattr(response, "render") and not response.is_rendered
    rendered: HttpResponseBase = response.render() if is_late else response
    return rendered


def _answer(response: HttpResponse) -> dict[str, Any]:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    return {
        "status": response.status_code,
        "headers": headers,
        "body": response.content.decode(errors="replace"),
    }


def _again(request: HttpRequest, kept: KeptAnswer, key: ApiKey, asked: str) -> HttpResponse:
    allowance = count_use(request, key)
    if allowance is not None and allowance.is_spent:
        return too_many(allowance)
    if kept.asked != asked:
        return problem(
            422,
            _("Idempotency-Key “%(name)s” came with another request before; take a new one.")
            % {"name": kept.name},
        )
    return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def forget_old_answers(now: datetime) -> int:
    """Let go of answers older than a day, in every workspace; how many."""
    before, count = now - KEPT_FOR, 0
    for workspace_id in workspaces_due("integrations_old_answers", before):
        with inside(workspace_id):
            count += KeptAnswer.objects.filter(created_at__lte=before).delete()[0]
    return count


def forget_answers_about(gone: Gone) -> Counts:
    """Take out the answers that name leads which were erased."""
    words = [*map(str, gone.lead_ids), *gone.addresses]
    return {"integrations_keptanswer": execute(NAMING, words=words)}
