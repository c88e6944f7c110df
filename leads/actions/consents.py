"""What people allow: the purposes a workspace asks for, and the ledger of who said what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb, refuse_unfit
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.activities import CLOCK_SKEW, NewActivity, record_activities
from leads.events import ConsentsChanged
from leads.kinds import Kind
from leads.models import Purpose

MOST_PURPOSES = 50
LONGEST_WORDING = 2_000
LONGEST_SOURCE = 100

RECORD = """
INSERT INTO leads_consent (
    workspace_id, lead_id, purpose_id, is_given, source, wording, proof, by_id, occurred_at,
    recorded_at)
SELECT %(workspace)s, lead_id, purpose_id, is_given, source, wording, coalesce(proof, '{}'),
    %(by)s::uuid, occurred_at, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
    lead_id uuid, purpose_id uuid, is_given boolean, source text, wording text, proof jsonb,
    occurred_at timestamptz)
RETURNING id
"""


class CannotSavePurpose(Refusal):
    """The name is missing, the wording too long, or there are too many already."""


class CannotRecordConsent(Refusal):
    """The purpose is not asked for any more, the day lies ahead, or nobody says where from."""


class NewConsent(msgspec.Struct, frozen=True):
    """A lead gave or withdrew leave for a purpose.

    Without `wording` it is the purpose's as it stands; without `occurred_at` it was said now.
    """

    lead_id: UUID
    purpose_id: UUID
    is_given: bool
    source: str
    wording: str = ""
    proof: Mapping[str, Any] = {}
    occurred_at: datetime | None = None


def save_purpose(purpose: Purpose, *, name: str, wording: str) -> Purpose:
    """Add a purpose, or call it something else; what people agreed to keeps its words.

    Its key stays for ever: conditions and imports name it.
    """
    purpose.name = normalising.plain_text(name, field="name", most=80)
    purpose.wording = wording.strip()
    if not purpose.name:
        raise CannotSavePurpose(_("A purpose needs a name."), field="name")
    if len(purpose.wording) > LONGEST_WORDING:
        sentence = _("The wording has %(length)d characters; at most %(most)d are taken.")
        told = {"length": len(purpose.wording), "most": LONGEST_WORDING}
        raise CannotSavePurpose(sentence % told, field="wording")
    if purpose._state.adding:
        purpose.position = _next_position()
        purpose.key = _free_key(purpose.name)
    purpose.save()
    return purpose


def retire_purpose(purpose: Purpose, *, now: datetime) -> None:
    """Ask for it no more; what people said stays, and can still be withdrawn."""
    purpose.retired_at = now
    purpose.save(update_fields=["retired_at"])


def restore_purpose(purpose: Purpose) -> None:
    """Ask for it again."""
    purpose.retired_at = None
    purpose.save(update_fields=["retired_at"])


def record_consents(
    rows: Sequence[NewConsent], *, by: Member | None, now: datetime, is_quiet: bool = False
) -> list[UUID]:
    """Write down what leads said, on their timelines too; the ids of the new rows, in order.

    Nothing is ever changed: the newest answer to a purpose counts. Refuses purposes that are
    unknown or, when given, retired, answers of the future, and those without a source.
    """
    if not rows:
        return []
    purposes: dict[UUID, Purpose] = Purpose.objects.in_bulk({row.purpose_id for row in rows})
    said = [_settled(row, purposes, now) for row in rows]
    by_id = by.pk if by else None
    with transaction.atomic():
        ids = [pk for (pk,) in fetch(RECORD, rows=as_jsonb(said), by=by_id, now=now)]
        facts = [_fact(row, purposes[row.purpose_id], by_id) for row in said]
        record_activities(facts, now=now, is_quiet=is_quiet)
        leads = tuple(sorted({row.lead_id for row in said}))
        publish(ConsentsChanged(leads, is_quiet=is_quiet))
    return ids


def _settled(row: NewConsent, purposes: Mapping[UUID, Purpose], now: datetime) -> NewConsent:
    purpose = purposes.get(row.purpose_id)
    _refuse_purpose(purpose, row)
    _refuse_words(row, latest=now + CLOCK_SKEW)
    asked = purpose.wording if purpose and row.is_given else ""
    wording, moment = row.wording or asked, row.occurred_at or now
    return msgspec.structs.replace(row, wording=wording, occurred_at=moment)


def _refuse_purpose(purpose: Purpose | None, row: NewConsent) -> None:
    if purpose is None:
        sentence = _("There is no purpose %s; the page Privacy lists them.")
        raise CannotRecordConsent(sentence % row.purpose_id, field="purpose")
    if purpose.retired_at and row.is_given:
        sentence = _("“%s” is not asked for any more; bring the purpose back first.")
        raise CannotRecordConsent(sentence % purpose.name, field="purpose")


def _refuse_words(row: NewConsent, *, latest: datetime) -> None:
    refuse_unfit({"source": row.source, "wording": row.wording, "proof": dict(row.proof)})
    if not row.source.strip() or len(row.source) > LONGEST_SOURCE:
        sentence = _("Say where it was said, for example “phone”, in at most %d characters.")
        raise CannotRecordConsent(sentence % LONGEST_SOURCE, field="source")
    if len(row.wording) > LONGEST_WORDING:
        sentence = _("The wording has %(length)d characters; at most %(most)d are taken.")
        told = {"length": len(row.wording), "most": LONGEST_WORDING}
        raise CannotRecordConsent(sentence % told, field="wording")
    if row.occurred_at and row.occurred_at > latest:
        sentence = _("The answer is dated %s, which is in the future; send the time it was given.")
        raise CannotRecordConsent(sentence % row.occurred_at.isoformat(), field="occurred_at")


def _fact(row: NewConsent, purpose: Purpose, by_id: UUID | None) -> NewActivity:
    origin = {"import_id": row.proof["import_id"]} if "import_id" in row.proof else {}
    return NewActivity(
        kind=Kind.CONSENT_GIVEN if row.is_given else Kind.CONSENT_WITHDRAWN,
        occurred_at=row.occurred_at,  # type: ignore[arg-type]  # settled
        lead_id=row.lead_id,
        properties={"purpose": purpose.name, "key": purpose.key, "source": row.source, **origin},
        by_id=by_id,
    )


def _free_key(name: str) -> str:
    stem = slugify(name).replace("-", "_")[:36] or "purpose"
    taken = set(Purpose.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, MOST_PURPOSES + 2))
    return next(key for key in (stem, *numbered) if key not in taken)


def _next_position() -> int:
    if Purpose.objects.count() >= MOST_PURPOSES:
        sentence = _("A workspace has at most %d purposes; change one that is retired.")
        raise CannotSavePurpose(sentence % MOST_PURPOSES)
    last = Purpose.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1
