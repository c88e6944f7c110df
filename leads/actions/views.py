"""Keeping a list as somebody likes to see it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Role
from leads.conditions import parse
from leads.models.views import SavedView
from leads.normalising import plain_text
from leads.queries.asking import COMPANY_LIST, CONDITION, LEAD_LIST, Listing

MOST_VIEWS = 200
MOST_COLUMNS = 60
LISTINGS: Mapping[str, Listing] = {each.subject: each for each in (LEAD_LIST, COMPANY_LIST)}


class CannotSaveView(Refusal):
    """The name is missing or taken, or it says something a list does not know."""


class CannotChangeView(Refusal):
    """It is somebody else's."""

    status = 403


def save_view(
    *,
    subject: str,
    name: str,
    facts: Mapping[str, Any],
    is_shared: bool = False,
    by: Member,
    now: datetime,
) -> SavedView:
    """Keep a list under a name.

    `facts`: `query` (words of the address → text), `condition`, `columns` (names), `sort`.
    """
    if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise CannotSaveView(_("You have %d views; delete one first.") % MOST_VIEWS)
    view = SavedView(subject=subject, owner=by, created_at=now)
    return _written(view, {**facts, "name": name, "is_shared": is_shared}, now)


def change_view(
    view: SavedView, *, changes: Mapping[str, Any], by: Member, now: datetime
) -> SavedView:
    """Change what is named: `name`, `is_shared`, and what `save_view` takes."""
    _refuse_others(view, by)
    return _written(view, changes, now)


def remove_view(view: SavedView, *, by: Member) -> None:
    """Nobody finds it any more; links to it show the whole list."""
    _refuse_others(view, by)
    view.delete()


def may_change(view: SavedView, by: Member) -> bool:
    """Its owner; an admin as well what is shared."""
    return view.owner_id == by.pk or (view.is_shared and by.role == Role.ADMIN)


def _refuse_others(view: SavedView, by: Member) -> None:
    if not may_change(view, by):
        raise CannotChangeView(_("This view is somebody else’s; save a copy under another name."))


def _written(view: SavedView, changes: Mapping[str, Any], now: datetime) -> SavedView:
    for name, value in _checked(LISTINGS[view.subject], changes).items():
        setattr(view, name, value)
    view.changed_at = now
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as problem:
        sentence = _("You already have a view “%s”; choose another name.")
        raise CannotSaveView(sentence % view.name, field="name") from problem
    return view


def _checked(listing: Listing, changes: Mapping[str, Any]) -> dict[str, Any]:
    checks: dict[str, Callable[[Any], Any]] = {
        "name": _name,
        "query": partial(_query, listing),
        "condition": _condition,
        "columns": _columns,
        "sort": partial(_sort, listing),
        "is_shared": bool,
    }
    return {name: checks[name](value) for name, value in changes.items()}


def _name(text: str) -> str:
    name = plain_text(text, field="name", most=80)
    if not name:
        raise CannotSaveView(_("A view needs a name."), field="name")
    return name


def _query(listing: Listing, query: Mapping[str, str]) -> dict[str, str]:
    known = [name for name in listing.words if name != CONDITION]
    if unknown := sorted(set(query) - set(known)):
        sentence = _("A list cannot be narrowed by “%(name)s”; known are: %(known)s.")
        names = {"name": unknown[0][:40], "known": ", ".join(known)}
        raise CannotSaveView(sentence % names, field="query")
    return {name: plain_text(str(text), field=name, most=320) for name, text in query.items()}


def _condition(tree: Any) -> Any:
    try:
        return parse(tree, is_stored=True).tree if tree else {}
    except Refusal as refusal:
        raise CannotSaveView(refusal.sentence, field="condition") from refusal


def _columns(names: Any) -> list[str]:
    """Names of columns retired since are kept: they may come back."""
    kept = [plain_text(str(name), field="columns", most=80) for name in names]
    if len(kept) > MOST_COLUMNS:
        sentence = _("A list shows at most %d columns.")
        raise CannotSaveView(sentence % MOST_COLUMNS, field="columns")
    return list(dict.fromkeys(kept))


def _sort(listing: Listing, sort: str) -> str:
    if sort and sort.removeprefix("-") not in listing.table.sorts:
        sentence = _("A list cannot be sorted by “%(name)s”; known are: %(known)s.")
        names = {"name": sort[:40], "known": ", ".join(listing.table.sorts)}
        raise CannotSaveView(sentence % names, field="sort")
    return sort
