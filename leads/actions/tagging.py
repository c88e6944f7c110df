"""Putting tags on leads, and taking them off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.events import TagsChanged
from leads.models import Tag

LONGEST = 60
MOST_TAGS = 1_000

NAME = """
INSERT INTO leads_tag (workspace_id, name, key) VALUES (%(workspace)s, %(name)s, %(key)s)
ON CONFLICT (workspace_id, key) DO NOTHING
"""
TAG = """
INSERT INTO leads_leadtag (workspace_id, lead_id, tag_id, by_id, tagged_at)
SELECT %(workspace)s, lead.id, %(tag)s, %(by)s::uuid, %(now)s FROM leads_lead lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
ORDER BY lead.id
ON CONFLICT (workspace_id, lead_id, tag_id) DO NOTHING
RETURNING lead_id
"""
UNTAG = """
DELETE FROM leads_leadtag
WHERE workspace_id = %(workspace)s AND tag_id = %(tag)s AND lead_id = ANY(%(ids)s::uuid[])
RETURNING lead_id
"""


class CannotTag(Refusal):
    """The tag has no name, or there are too many."""


def tag_called(name: str) -> Tag:
    """The tag of this name, made when there is none; capitals make no other tag."""
    clean = normalising.plain_text(name, field="tag", most=LONGEST)
    if not clean:
        raise CannotTag(_("Give the tag a name."), field="tag")
    key = clean.casefold()[:LONGEST]
    found = Tag.objects.filter(key=key).first()
    if found is None and Tag.objects.count() >= MOST_TAGS:
        sentence = _("There are %d tags already; use one of them, or remove some.")
        raise CannotTag(sentence % MOST_TAGS, field="tag")
    if found is None:
        fetch(f"{NAME} RETURNING id", name=clean, key=key)
        found = Tag.objects.get(key=key)
    tag: Tag = found
    return tag


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
