"""Forgetting people for good: everywhere, with nothing left but a hash that stops files.

The leads are taken out into parcels as a removal does (`leads.parcels`), what the parcels tell is
written down as numbers, and the parcels go in the same transaction.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads import storing
from leads.actions.removing import take_out
from leads.actions.scrubbing import scrub
from leads.actions.typed_words import forget_typed_words
from leads.erasing import Gone, forget_above
from leads.models import RemovedCause
from leads.tombstones import bury

log = logging.getLogger(__name__)

CHUNK = 500  # leads in one transaction
LONGEST_REASON = 200

# Whoever was merged into them is them: those parcels are theirs, and so on down.
ALIASES = """
WITH RECURSIVE alias(id, of) AS (
    SELECT id, id FROM unnest(%(ids)s::uuid[]) AS id
    UNION
    SELECT merged.gone_id, alias.of FROM alias CROSS JOIN LATERAL (
        SELECT gone_id FROM leads_merge
        WHERE workspace_id = %(workspace)s AND lead_id = alias.id AND undone_at IS NULL
        UNION ALL
        SELECT (row ->> 'gone_id')::uuid FROM leads_removedlead AS parcel,
            jsonb_path_query(parcel.rows, '$.leads_merge[*]') AS row
        WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = alias.id
          AND row ->> 'undone_at' IS NULL
    ) AS merged
)
SELECT id, of FROM alias
"""
TOLD = """
SELECT lead_id,
    (SELECT jsonb_object_agg(part.key, jsonb_array_length(part.value))
     FROM jsonb_each(rows) AS part)::text,
    jsonb_build_object(
        'marks', jsonb_path_query_array(rows, '$.leads_identity[*]'),
        'lead', rows -> 'leads_lead' -> 0,
        'paths', jsonb_path_query_array(rows, '$.leads_attachment[*].path'),
        'keys', jsonb_path_query_array(rows, '$.leads_activity[*].key ? (@ != null)'))::text,
    (SELECT jsonb_object_agg(part.key, jsonb_path_query_array(part.value, '$[*].id'))
     FROM jsonb_each(rows) AS part WHERE strpos(part.key, '.') > 0)::text
FROM leads_removedlead
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
ORDER BY lead_id FOR UPDATE
"""
REQUESTS = """
INSERT INTO leads_privacyrequest (
    workspace_id, kind, lead_id, reason, counts, by_id, requested_at, done_at)
SELECT %(workspace)s, 'erase', lead_id, %(reason)s, counts, %(by)s::uuid, %(now)s, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(lead_id uuid, counts jsonb)
"""
REASONS = """
UPDATE leads_privacyrequest SET reason = ''
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
"""
PARCELS = """
DELETE FROM leads_removedlead
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
"""


class CannotEraseLeads(Refusal):
    """Nobody says why."""


@dataclass
class Erased:
    """How many leads, and how many rows of which table went or were emptied."""

    lead_ids: list[UUID] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class _Found:
    """What the parcels of a chunk tell."""

    counts: dict[UUID, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    marks: set[tuple[str, str]] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    loose: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))


def erase_leads(
    lead_ids: Iterable[UUID],
    *,
    reason: str,
    by: Member | None,
    now: datetime,
    leaves_tombstones: bool = True,
) -> Erased:
    """Forget leads everywhere and for good, removed ones and those merged into them too.

    What is left: hashes that stop files from bringing them back, one PrivacyRequest each that
    says how much went and why, not who it was. Files on disk go after the commit.
    `leaves_tombstones` is for people who asked for it. Refuses to do so without a reason.
    Publishes LeadsRemoved.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        sentence = _("Say why, in at most %d characters; the reason is kept, the name is not.")
        raise CannotEraseLeads(sentence % LONGEST_REASON, field="reason")
    erased, ids, reason = Erased(), sorted(set(lead_ids)), reason.strip()
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            found = _erase(
                ids[start : start + CHUNK], erased, reason=reason.strip(), by=by, now=now
            )
            if leaves_tombstones:
                bury(found.marks, now=now)
    log.info("%s leads erased", len(erased.lead_ids))
    return erased


def _erase(
    ids: Sequence[UUID], erased: Erased, *, reason: str, by: Member | None, now: datetime
) -> _Found:
    take_out(ids, cause=RemovedCause.PERSON, by=by, now=now)
    aliases: dict[UUID, UUID] = dict(fetch(ALIASES, ids=ids))
    everybody = sorted(aliases)
    found = _look_into(everybody, aliases)
    if not found.counts:
        return found
    scrub(everybody, keys=found.keys, loose=found.loose)
    forget_typed_words(found.addresses, found.names)
    more = forget_above(Gone(everybody, sorted(found.addresses), found.loose))
    execute(REASONS, ids=everybody)
    rows = [{"lead_id": lead, "counts": counts} for lead, counts in found.counts.items()]
    execute(REQUESTS, rows=as_jsonb(rows), reason=reason, by=by.pk if by else None, now=now)
    execute(PARCELS, ids=everybody)
    transaction.on_commit(lambda: _forget_files(found.paths))
    erased.lead_ids += found.counts
    erased.counts.update(sum(found.counts.values(), Counter()))
    erased.counts.update(more)
    return found


def _look_into(ids: Sequence[UUID], aliases: Mapping[UUID, UUID]) -> _Found:
    found = _Found()
    for lead_id, *texts in fetch(TOLD, ids=ids):
        counts, told, loose = (msgspec.json.decode(text) if text else {} for text in texts)
        found.counts[aliases[lead_id]].update(counts)
        found.paths += told["paths"]
        found.keys += told["keys"]
        for name, rows in loose.items():
            found.loose[name] += [UUID(each) for each in rows]
        _take_addresses(found, told)
    return found


def _take_addresses(found: _Found, told: Mapping[str, Any]) -> None:
    """Identities are buried; what only stands in the profile is looked for all the same."""
    marks = {(each["kind"], each["value"]) for each in told["marks"]}
    found.marks |= marks
    said = {told["lead"]["email"], told["lead"]["phone"]} if told["lead"] else set()
    found.names |= {told["lead"]["name"]} if told["lead"] else set()
    found.addresses |= {each.lower() for each in {value for _kind, value in marks} | said if each}


def _forget_files(paths: Iterable[str]) -> None:
    """Bytes that outlive a crash here are found by the nightly sweep of files nobody knows."""
    for path in paths:
        storing.forget(path)
