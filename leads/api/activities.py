"""Appending activities in batches: the hot path, so a plain view and one statement."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.limits import too_many
from leadmgmt.kernel.problems import problem, problem_of
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import UnreadableInput, as_jsonb, read_json
from leadmgmt.workspaces.api import count_use, key_of
from leadmgmt.workspaces.models import ApiKey, Scope
from leads.actions.activities import NewActivity, Recorded, record_activities
from leads.kinds import Kind
from leads.models import Campaign, Lead, Visitor
from leads.normalising import email_address

MOST_BYTES = 2_000_000
MOST_ROWS = 500
FLAT = 2  # openings of braces a row has when its properties are flat

# Facts that our own verbs write, each with the state it records.
OURS = frozenset(
    {
        Kind.LEAD_CREATED,
        Kind.IMPORTED,
        Kind.ASSIGNED,
        Kind.STAGE_ENTERED,
        Kind.QUALIFICATION,
        Kind.DEAL_OPENED,
        Kind.DEAL_WON,
        Kind.DEAL_LOST,
        Kind.TRAINING_SENT,
        Kind.ENROLLED,
        Kind.BREACHED,
        Kind.TASK_ADDED,
        Kind.TASK_DONE,
        Kind.TASK_DROPPED,
        Kind.TASK_REOPENED,
        Kind.FILE_ADDED,
    }
)

Word = Annotated[str, msgspec.Meta(max_length=100)]


class Posted(msgspec.Struct, forbid_unknown_fields=True):
    """A fact as an integration sends it; whom it is about is said in one of five ways."""

    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.]*$", max_length=40)]
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    lead_id: UUID | None = None
    external_id: Annotated[str, msgspec.Meta(min_length=1, max_length=254)] | None = None
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=320)] | None = None
    visitor_id: UUID | None = None
    campaign_id: UUID | None = None
    source: Word = ""
    medium: Word = ""
    properties: dict[str, Any] = {}


class Batch(msgspec.Struct, forbid_unknown_fields=True):
    """Up to 500 facts."""

    activities: Annotated[list[Posted], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]


decoder = msgspec.json.Decoder(Batch)

WHO = """
SELECT asked.kind, asked.value, identity.lead_id
FROM jsonb_to_recordset(%(asked)s::jsonb) AS asked(kind text, value text)
LEFT JOIN leads_identity AS identity ON identity.workspace_id = %(workspace)s
    AND identity.kind = asked.kind AND identity.value = asked.value
"""


class CannotAppendActivities(Refusal):
    """The batch names somebody or something this workspace does not have."""


@csrf_exempt
def append_activities(request: HttpRequest) -> HttpResponse:
    """`POST /api/v1/activities/batch`: store what is new; all of it or, with a problem, none."""
    if request.method != "POST":
        return problem(405, _("Send activities with POST."), headers={"Allow": "POST"})
    with inside(None):
        try:
            _authorised(request)
            recorded, sent = _append(_read(request))
        except _NotAllowed as no:
            return no.answer
        except Refusal as refusal:
            return problem_of(refusal)
    return JsonResponse({"stored": recorded.count, "duplicates": sent - recorded.count})


class _NotAllowed(Exception):
    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer


def _authorised(request: HttpRequest) -> ApiKey:
    """The key, whose workspace we are in from then on."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    key = key_of(secret.strip()) if scheme.lower() == "bearer" and secret else None
    if key is None:
        sentence = _("Send a usable API key: Authorization: Bearer lm_…")
        raise _NotAllowed(problem(401, sentence, headers={"WWW-Authenticate": "Bearer"}))
    if Scope.ACTIVITIES_WRITE not in key.scopes:
        sentence = _("This API key lacks the scope %s.") % Scope.ACTIVITIES_WRITE.value
        raise _NotAllowed(problem(403, sentence))
    allowance = count_use(request, key)
    if allowance is not None and allowance.is_spent:
        raise _NotAllowed(too_many(allowance))
    return key


def _read(request: HttpRequest) -> list[Posted]:
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        sentence = _("At most %d bytes are taken at once; send smaller batches.") % MOST_BYTES
        raise _NotAllowed(problem(413, sentence))
    body = request.body
    try:
        rows = decoder.decode(body).activities
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise UnreadableInput(_("The batch cannot be read: %s.") % str(wrong)) from wrong
    if body.count(b"{") + body.count(b"[") > FLAT * (len(rows) + 1):
        read_json(body, most_bytes=MOST_BYTES)  # nested somewhere: look how deep
    return rows


def _append(rows: Sequence[Posted]) -> tuple[Recorded, int]:
    now = timezone.now()
    leads = _leads_of(rows)
    facts = [_fact(row, number, leads, now) for number, row in enumerate(rows)]
    try:
        return record_activities(facts, now=now), len(facts)
    except IntegrityError:
        _refuse_unknown(rows)
        raise


def _fact(
    row: Posted, number: int, leads: dict[tuple[str, str], UUID | None], now: datetime
) -> NewActivity:
    if row.kind in OURS:
        sentence = _("Row %(row)d: facts of the kind “%(kind)s” are written by this product only.")
        raise CannotAppendActivities(sentence % {"row": number, "kind": row.kind}, field="kind")
    return NewActivity(
        kind=row.kind,
        occurred_at=row.occurred_at or now,
        lead_id=row.lead_id or _lead_of(row, number, leads),
        visitor_id=row.visitor_id,
        campaign_id=row.campaign_id,
        source=row.source,
        medium=row.medium,
        properties=row.properties,
        key=row.key,
    )


def _lead_of(row: Posted, number: int, leads: dict[tuple[str, str], UUID | None]) -> UUID | None:
    mark = _mark(row)
    if mark is None:
        if row.visitor_id is None:
            sentence = _("Row %d: say whom it is about: lead_id, external_id, email or visitor_id.")
            raise CannotAppendActivities(sentence % number, field="lead_id")
        return None
    lead_id = leads[mark]
    if lead_id is None:
        sentence = _("Row %(row)d: no lead has the %(kind)s “%(value)s”; create it first.")
        told = {"row": number, "kind": mark[0], "value": mark[1][:100]}
        raise CannotAppendActivities(sentence % told, field=mark[0])
    return lead_id


def _mark(row: Posted) -> tuple[str, str] | None:
    if row.external_id:
        return "external", row.external_id
    return ("email", row.email.strip().lower()) if row.email else None


def _leads_of(rows: Iterable[Posted]) -> dict[tuple[str, str], UUID | None]:
    """Whom external ids and emails belong to; asked only when a row names its lead so."""
    marks = {mark for row in rows if row.lead_id is None and (mark := _mark(row))}
    if not marks:
        return {}
    written = {mark: _written(*mark) for mark in marks}
    asked = [{"kind": kind, "value": value} for kind, value in set(written.values())]
    found = {(kind, value): lead for kind, value, lead in fetch(WHO, asked=as_jsonb(asked))}
    return {mark: found.get(as_stored) for mark, as_stored in written.items()}


def _written(kind: str, value: str) -> tuple[str, str]:
    return kind, email_address(value) if kind == "email" else value


def _refuse_unknown(rows: Sequence[Posted]) -> None:
    """Name the first reference this workspace does not have."""
    for field, model in (("lead_id", Lead), ("visitor_id", Visitor), ("campaign_id", Campaign)):
        asked = {getattr(row, field) for row in rows} - {None}
        known = set(model.objects.filter(pk__in=asked).values_list("pk", flat=True))
        if unknown := asked - known:
            sentence = _("This workspace has no %(field)s %(id)s.")
            raise CannotAppendActivities(
                sentence % {"field": field, "id": min(unknown)}, field=field
            )
