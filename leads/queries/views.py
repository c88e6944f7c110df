"""Saved views: whose one may look at."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.models.views import SavedView

TABS = """
SELECT id, name FROM leads_savedview
WHERE workspace_id = %(workspace)s AND subject = %(subject)s AND (owner_id = %(owner)s OR is_shared)
ORDER BY name, id LIMIT 100
"""


class Tab(NamedTuple):
    """A view, as far as a link to it has to know."""

    id: UUID
    name: str


def visible_views(member: Member) -> QuerySet[SavedView]:
    """One's own and the shared ones."""
    visible: QuerySet[SavedView] = SavedView.objects.filter(Q(owner=member) | Q(is_shared=True))
    return visible


def tabs_of(subject: str, member: Member) -> list[Tab]:
    """The views above a list, by name."""
    return [Tab(*row) for row in fetch(TABS, subject=subject, owner=member.pk)]


def view_called(asked: str, subject: str, member: Member) -> SavedView | None:
    """The view with this id, if there is one to look at."""
    try:
        return visible_views(member).filter(pk=UUID(asked), subject=subject).first()
    except ValueError:
        return None
