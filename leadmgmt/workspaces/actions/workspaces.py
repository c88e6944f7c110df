"""Workspaces: created, and set to a time zone and currency."""

import secrets
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces import currencies
from leadmgmt.workspaces.events import TimeZonesChanged, WorkspacesCreated
from leadmgmt.workspaces.models import Member, Role, User, Workspace, a_time_zone

LONGEST_SLUG = 40
NUMBERED_SLUGS = 20  # acme, acme-2 … acme-20; then at random


class CannotSetWorkspace(Refusal):
    """A name, time zone or currency that a workspace cannot have."""


@transaction.atomic
def create_workspace(
    name: str,
    *,
    by: User,
    member_name: str = "",
    time_zone: str = "UTC",
    currency: str = "EUR",
    slug: str = "",
) -> Workspace:
    """Make a workspace with a free address; `by` becomes its first admin.

    Announces WorkspacesCreated inside it, so that every app sets up its defaults. Refuses an
    empty name, an unknown time zone or currency.
    """
    _check(name, time_zone, currency)
    workspace_id = _new_id()
    with inside(workspace_id):
        workspace = _with_free_slug(
            slugify(slug or name)[:LONGEST_SLUG] or "workspace",
            {
                "id": workspace_id,
                "name": name.strip(),
                "time_zone": time_zone,
                "currency": currency,
                "site_key": secrets.token_urlsafe(16),
            },
        )
        Member.objects.create(user=by, role=Role.ADMIN, name=member_name.strip() or by.short_name)
        publish(WorkspacesCreated((workspace_id,)))
    return workspace


@transaction.atomic
def change_workspace(workspace: Workspace, *, name: str, time_zone: str, currency: str) -> None:
    """Set what a workspace is called and how it reads time and money; amounts are not converted."""
    _check(name, time_zone, currency)
    is_moved = workspace.time_zone != time_zone
    workspace.name, workspace.time_zone, workspace.currency = name.strip(), time_zone, currency
    workspace.save(update_fields=["name", "time_zone", "currency"])
    publish(TimeZonesChanged((workspace.pk,) if is_moved else ()))


@transaction.atomic
def agree_to(step: str, workspace: Workspace) -> None:
    """Note that what a new workspace was given at this step of set-up fits the firm as it is."""
    kept = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if step not in kept.agreed_to:
        kept.agreed_to.append(step)
        kept.save(update_fields=["agreed_to"])


def _check(name: str, time_zone: str, currency: str) -> None:
    if not name.strip():
        raise CannotSetWorkspace(_("Give the workspace a name."), field="name")
    try:
        a_time_zone(time_zone)
    except ValidationError as problem:
        raise CannotSetWorkspace(problem.messages[0], field="time_zone") from problem
    if currency not in currencies.codes():
        sentence = _("“%(value)s” is not a currency; write its ISO code, such as EUR.")
        raise CannotSetWorkspace(sentence % {"value": currency}, field="currency")


def _new_id() -> UUID:
    # Known before the row: row security lets a workspace be written only from inside.
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7()")
        workspace_id: UUID = cursor.fetchone()[0]
    return workspace_id


def _with_free_slug(wanted: str, values: dict[str, Any]) -> Workspace:
    for slug in _slugs(wanted):
        try:
            with transaction.atomic():
                return Workspace.objects.create(slug=slug, **values)
        except IntegrityError as problem:
            if "slug" not in str(problem):
                raise
    raise AssertionError("random slugs do not end")


def _slugs(wanted: str) -> Iterator[str]:
    yield wanted
    for number in count(2):
        ending = f"-{number if number <= NUMBERED_SLUGS else secrets.token_hex(4)}"
        yield wanted[: LONGEST_SLUG - len(ending)] + ending
