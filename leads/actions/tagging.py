"""Putting tags on leads and companies, and taking them off."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.profiles import Door
from leads.conditions.fields import COMPANY_TAGS
from leads.events import CompaniesChanged, TagsChanged
from leads.models import Tag

LONGEST = 60
MOST_TAGS = 1_000

NAME = """
INSERT INTO leads_tag (workspace_id, name, key) VALUES (%(workspace)s, %(name)s, %(key)s)
ON CONFLICT (workspace_id, key) DO NOTHING
"""
# Whoever merges or removes the tag in this moment is waited for; one that is gone is put on nobody.
KNOWN = """
tag AS MATERIALIZED (
    SELECT id FROM leads_tag WHERE workspace_id = %(workspace)s AND id = %(tag)s FOR KEY SHARE
)
"""
TAG = f"""
WITH {KNOWN}
INSERT INTO leads_leadtag (workspace_id, lead_id, tag_id, by_id, tagged_at)
SELECT %(workspace)s, lead.id, tag.id, %(by)s::uuid, %(now)s FROM leads_lead lead, tag
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
ORDER BY lead.id
ON CONFLICT (workspace_id, lead_id, tag_id) DO NOTHING
RETURNING lead_id
"""  # noqa: S608  # nothing but our own words
UNTAG = """
DELETE FROM leads_leadtag
WHERE workspace_id = %(workspace)s AND tag_id = %(tag)s AND lead_id = ANY(%(ids)s::uuid[])
RETURNING lead_id
"""

# Companies have no timeline: their history says who tagged them, and what a bulk action can undo.
KEEP = """
kept AS (
    INSERT INTO leads_companychange (
        workspace_id, company_id, field, old, new, via, via_id, by_id, changed_at)
    SELECT %(workspace)s, company_id, 'tags', to_jsonb(%(old)s::text), to_jsonb(%(new)s::text),
        %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
    FROM worn
)
SELECT company_id FROM worn ORDER BY company_id
"""
TAG_COMPANIES = f"""
WITH {KNOWN}, worn AS (
    INSERT INTO leads_companytag (workspace_id, company_id, tag_id, by_id, tagged_at)
    SELECT %(workspace)s, company.id, tag.id, %(by)s::uuid, %(now)s FROM leads_company company, tag
    WHERE company.workspace_id = %(workspace)s AND company.id = ANY(%(ids)s::uuid[])
    ORDER BY company.id
    ON CONFLICT (workspace_id, company_id, tag_id) DO NOTHING
    RETURNING company_id
), {KEEP}
"""  # noqa: S608  # nothing but our own words
UNTAG_COMPANIES = f"""
WITH worn AS (
    DELETE FROM leads_companytag
    WHERE workspace_id = %(workspace)s AND tag_id = %(tag)s AND company_id = ANY(%(ids)s::uuid[])
    RETURNING company_id
), {KEEP}
"""  # noqa: S608  # nothing but our own words


class CannotTag(Refusal):
    """The tag has no name, or there are too many."""


def tag_called(name: str, *, field: str = "tag") -> Tag:
    """The tag of this name, made when there is none; capitals make no other tag."""
    clean, found = cleaned_name(name, field=field), known_tag(name, field=field)
    key = key_of(clean)
    if found is None and Tag.objects.count() >= MOST_TAGS:
        sentence = _("There are %d tags already; use one of them.")
        raise CannotTag(sentence % MOST_TAGS, field=field)
    if found is None:
        fetch(f"{NAME} RETURNING id", name=clean, key=key)
        found = Tag.objects.get(key=key)
    tag: Tag = found
    return tag


def known_tag(name: str, *, field: str = "tag") -> Tag | None:
    """The tag of this name, if there is one."""
    key = key_of(cleaned_name(name, field=field))
    found: Tag | None = Tag.objects.filter(key=key).first()
    return found


def cleaned_name(name: str, *, field: str = "tag") -> str:
    """A name as it is kept; refuses none at all, and one that is too long."""
    clean = normalising.plain_text(name, field=field, most=LONGEST)
    if not clean:
        raise CannotTag(_("Give the tag a name."), field=field)
    return clean


def key_of(clean: str) -> str:
    """By which two names are one."""
    return clean.casefold()[:LONGEST]


def tag_leads(
    lead_ids: Sequence[UUID], *, tag: Tag, by: Member | None, now: datetime
) -> tuple[UUID, ...]:
    """Put a tag on leads; those that did not wear it."""
    with transaction.atomic():
        by_id = by.pk if by else None
        rows = fetch(TAG, ids=list(lead_ids), tag=tag.pk, by=by_id, now=now)
        tagged = tuple(row[0] for row in rows)
        publish(TagsChanged(tagged))
    return tagged


def untag_leads(lead_ids: Sequence[UUID], *, tag: Tag) -> tuple[UUID, ...]:
    """Take a tag off leads; those that wore it."""
    with transaction.atomic():
        untagged = tuple(row[0] for row in fetch(UNTAG, ids=list(lead_ids), tag=tag.pk))
        publish(TagsChanged(untagged))
    return untagged


def tag_companies(
    company_ids: Sequence[UUID], *, tag: Tag, door: Door, now: datetime
) -> tuple[UUID, ...]:
    """Put a tag on companies; those that did not wear it. Their history keeps it."""
    return _of_companies(TAG_COMPANIES, company_ids, tag, new=tag.name, door=door, now=now)


def untag_companies(
    company_ids: Sequence[UUID], *, tag: Tag, door: Door, now: datetime
) -> tuple[UUID, ...]:
    """Take a tag off companies; those that wore it. Their history keeps it."""
    return _of_companies(UNTAG_COMPANIES, company_ids, tag, old=tag.name, door=door, now=now)


def _of_companies(
    statement: str,
    company_ids: Sequence[UUID],
    tag: Tag,
    *,
    door: Door,
    now: datetime,
    old: str | None = None,
    new: str | None = None,
) -> tuple[UUID, ...]:
    told = {"ids": list(company_ids), "tag": tag.pk, "old": old, "new": new, "now": now}
    with transaction.atomic():
        changed = tuple(row[0] for row in fetch(statement, **told, **asdict(door)))
        publish(CompaniesChanged(changed, fields=COMPANY_TAGS))
    return changed
