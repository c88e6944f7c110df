"""Tags themselves: made, called something else, made one of two, removed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leads import uses
from leads.actions.profiles import Door
from leads.actions.tagging import KEEP, CannotTag, cleaned_name, key_of, known_tag, tag_called
from leads.conditions.fields import COMPANY_TAGS
from leads.events import CompaniesChanged, TagsChanged
from leads.models import Tag

NAME_TAKEN = "tag_once"

# Whoever puts one of them on waits until this is done, and looks again then.
LOCK = """
SELECT id FROM leads_tag
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE
"""
TAKE_OFF = """
DELETE FROM leads_leadtag WHERE workspace_id = %(workspace)s AND tag_id = %(tag)s
"""
TAKE_OFF_COMPANIES = f"""
WITH worn AS (
    DELETE FROM leads_companytag WHERE workspace_id = %(workspace)s AND tag_id = %(tag)s
    RETURNING company_id
), {KEEP}
"""  # noqa: S608  # nothing but our own words
# Rows stay the same rows, so that the undo of an import or of a merge finds them. Who wears both
# already keeps the other.
HAND_OVER = """
UPDATE leads_leadtag AS worn SET tag_id = %(into)s
WHERE worn.workspace_id = %(workspace)s AND worn.tag_id = %(tag)s AND NOT EXISTS (
    SELECT FROM leads_leadtag AS other WHERE other.workspace_id = %(workspace)s
      AND other.lead_id = worn.lead_id AND other.tag_id = %(into)s)
RETURNING lead_id
"""
HAND_OVER_COMPANIES = f"""
WITH worn AS (
    UPDATE leads_companytag AS worn SET tag_id = %(into)s
    WHERE worn.workspace_id = %(workspace)s AND worn.tag_id = %(tag)s AND NOT EXISTS (
        SELECT FROM leads_companytag AS other WHERE other.workspace_id = %(workspace)s
          AND other.company_id = worn.company_id AND other.tag_id = %(into)s)
    RETURNING company_id
), {KEEP}
"""  # noqa: S608  # nothing but our own words
# Whoever is removed and comes back wears the other one then.
PARCELS = """
UPDATE {parcels} AS parcel SET rows = jsonb_set(rows, '{{{worn}}}', (
    SELECT jsonb_agg(CASE WHEN row ->> 'tag_id' = %(tag)s::text
        THEN jsonb_set(row, '{{tag_id}}', to_jsonb(%(into)s::text)) ELSE row END)
    FROM jsonb_array_elements(rows -> '{worn}') AS row))
WHERE workspace_id = %(workspace)s
  AND rows -> '{worn}' @> jsonb_build_array(jsonb_build_object('tag_id', %(tag)s::text))
"""
IN_PARCELS = (
    PARCELS.format(parcels="leads_removedlead", worn="leads_leadtag"),
    PARCELS.format(parcels="leads_removedcompany", worn="leads_companytag"),
)


class TagNameTaken(CannotTag):
    """Another tag is called so; the two can be merged. `other` is that one."""

    def __init__(self, sentence: str, *, other: Tag) -> None:
        super().__init__(sentence, field="name")
        self.other = other


class CannotMergeTags(CannotTag):
    """A tag with itself."""


class TagInUse(Conflict):
    """Something still asks about it, so it can neither go nor be merged into another."""


def add_tag(name: str) -> Tag:
    """A new tag, which nobody wears yet. Refuses a name that is taken, and too many of them."""
    with transaction.atomic():
        if taken := known_tag(name, field="name"):
            raise _taken(taken)
        return tag_called(name, field="name")


def rename_tag(tag: Tag, *, name: str) -> Tag:
    """Call it something else, for all who wear it. Refuses the name of another tag."""
    clean = cleaned_name(name, field="name")
    with transaction.atomic():
        locked: Tag = Tag.objects.select_for_update(no_key=True).get(pk=tag.pk)
        locked.name, locked.key = clean, key_of(clean)
        try:
            with transaction.atomic():
                locked.save(update_fields=["name", "key"])
        except IntegrityError as problem:
            if NAME_TAKEN not in str(problem):
                raise
            raise _taken(Tag.objects.get(key=locked.key)) from problem
    return locked


def merge_tags(tag: Tag, *, into: Tag, door: Door, now: datetime) -> None:
    """Whoever wears `tag` wears `into` from now on, and `tag` is gone; cannot be undone.

    The history of companies keeps it. Refuses a tag and itself, and one that something asks about.
    """
    if tag.pk == into.pk:
        raise CannotMergeTags(_("Choose another one: this is the same tag."), field="into")
    with transaction.atomic():
        _lock(tag.pk, into.pk)
        _refuse_in_use(tag)
        told = _told(tag, new=into.name, door=door, now=now)
        leads = _ids(fetch(HAND_OVER, tag=tag.pk, into=into.pk))
        companies = _ids(fetch(HAND_OVER_COMPANIES, into=into.pk, **told))
        for statement in IN_PARCELS:
            execute(statement, tag=tag.pk, into=into.pk)
        _forget(tag, door=door, now=now)
        publish(TagsChanged(leads), CompaniesChanged(companies, fields=COMPANY_TAGS))


def remove_tag(tag: Tag, *, door: Door, now: datetime) -> None:
    """Take it off everybody and forget it; cannot be undone.

    The history of companies keeps it. Refuses a tag that something asks about: so nobody needs to
    be asked anew.
    """
    with transaction.atomic():
        _lock(tag.pk)
        _refuse_in_use(tag)
        _forget(tag, door=door, now=now)


def _lock(*ids: UUID) -> None:
    if len(fetch(LOCK, ids=list(ids))) < len(ids):
        raise Tag.DoesNotExist


def _refuse_in_use(tag: Tag) -> None:
    if found := uses.uses_of(tag.pk):
        named = ", ".join(f"{use.noun} “{use.name}”" for use in found)
        sentence = _("“%(name)s” is still asked about by %(uses)s. Change them first.")
        raise TagInUse(sentence % {"name": tag.name, "uses": named})


def _forget(tag: Tag, *, door: Door, now: datetime) -> None:
    execute(TAKE_OFF, tag=tag.pk)
    fetch(TAKE_OFF_COMPANIES, **_told(tag, new=None, door=door, now=now))
    Tag.objects.filter(pk=tag.pk).delete()


def _told(tag: Tag, *, new: str | None, door: Door, now: datetime) -> dict[str, Any]:
    return {"tag": tag.pk, "old": tag.name, "new": new, "now": now, **asdict(door)}


def _ids(rows: Iterable[tuple[Any, ...]]) -> tuple[UUID, ...]:
    return tuple(row[0] for row in rows)


def _taken(other: Tag) -> TagNameTaken:
    sentence = _("There is a tag “%s” already: merge the two, or choose another name.")
    return TagNameTaken(sentence % other.name, other=other)
