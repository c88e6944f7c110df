"""The one table of the side menu.

A page that does not exist yet is not shown; neither is one the role may not open.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from leadmgmt.ui.menu import ALL, Entry, Link, Reachable, Section, current_of, links_of, reachable
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import SLUG
from leadmgmt.workspaces.door import workspaces_of

MARKETING = frozenset({"admin", "marketer", "manager", "analyst"})
SELLING = frozenset({"admin", "manager", "rep"})
WORKING = frozenset({"admin", "marketer", "manager", "rep"})
PLANNING = frozenset({"admin", "marketer", "manager"})
LEADING = frozenset({"admin", "manager"})
CLOSING = frozenset({"closer"})
ADMIN = frozenset({"admin"})
SETTING_UP = frozenset({"admin", "marketer"})

SECTIONS = (
    Section("", (
        Entry(_("Set-up"), "list-checks", "setup", SETTING_UP),
        Entry(_("Handed to you"), "phone-forwarded", "funnel:closing_list", CLOSING),
        Entry(_("My queue"), "inbox", "funnel:queue", SELLING),
        Entry(_("Tasks"), "circle-check", "leads:task_list", WORKING),
        Entry(_("Dashboard"), "layout-dashboard", "reports:dashboard", ALL),
        Entry(_("Funnel"), "funnel", "reports:funnel", ALL),
        Entry(_("Journey"), "route", "reports:journey", ALL),
    )),
    Section(_("Leads"), (
        Entry(_("Leads"), "users-round", "leads:lead_list", ALL),
        Entry(_("Companies"), "building-2", "leads:company_list", ALL),
        Entry(_("Segments"), "circle-dot-dashed", "leads:segment_list", ALL),
        Entry(_("Duplicates"), "copy", "leads:duplicate_list", WORKING),
        Entry(_("Removed leads"), "trash-2", "leads:removed_list", PLANNING),
        Entry(_("Imports"), "upload", "capture:import_list", MARKETING),
    )),
    Section(_("Selling"), (
        Entry(_("Deals"), "square-kanban", "funnel:board", ALL),
        Entry(_("Products"), "package", "funnel:product_list", ALL),
        Entry(_("Customers"), "heart-handshake", "funnel:customer_list", ALL),
        Entry(_("Renewals"), "repeat", "funnel:renewal_list", ALL),
        Entry(_("Closers"), "phone-forwarded", "funnel:handover_list", LEADING),
        Entry(_("Cycles"), "archive", "funnel:cycle_list", ALL),
    )),
    Section(_("Marketing"), (
        Entry(_("Personas"), "contact-round", "leads:persona_list", ALL),
        Entry(_("Campaigns"), "megaphone", "leads:campaign_list", MARKETING),
        Entry(_("Forms"), "form", "capture:form_list", MARKETING),
        Entry(_("Tracking"), "radar", "capture:tracking", MARKETING),
        Entry(_("Sequences"), "workflow", "nurturing:sequence_list", MARKETING),
        Entry(_("Costs"), "receipt", "reports:cost_list", MARKETING),
    )),
    Section(_("Rules"), (
        Entry(_("Definitions"), "book-open", "funnel:definitions", ALL),
        Entry(_("Playbook"), "clipboard-list", "funnel:playbook", ALL),
        Entry(_("Onboarding"), "list-checks", "funnel:onboarding", ALL),
        Entry(_("Training"), "graduation-cap", "funnel:training", ALL),
        Entry(_("MQL feedback"), "message-square-reply", "funnel:rejections", ALL),
        Entry(_("Scoring"), "gauge", "scoring:model", ALL),
        Entry(_("Routing"), "split", "funnel:routing", ALL),
        Entry(_("SLA"), "timer", "sla:policy_list", ALL),
    )),
    Section(_("Workspace"), (
        Entry(_("Members"), "user-round-cog", "workspaces:member_list", ADMIN),
        Entry(_("Teams"), "users", "workspaces:team_list", PLANNING),
        Entry(_("Custom fields"), "sliders-horizontal", "leads:field_list", MARKETING),
        Entry(_("Tags"), "tags", "leads:tag_list", PLANNING),
        Entry(_("Kinds of task"), "list-todo", "leads:task_kind_list", PLANNING),
        Entry(_("Privacy"), "shield-check", "leads:privacy", SETTING_UP),
        Entry(_("API keys"), "key-round", "workspaces:key_list", ADMIN),
        Entry(_("Settings"), "settings", "workspaces:settings", ADMIN),
    )),
)  # fmt: skip


# Outside any workspace: what belongs to the person.
ACCOUNT = (
    Section(_("Your account"), (
        Entry(_("Email addresses"), "mail", "account_email"),
        Entry(_("Password"), "key-round", "account_change_password"),
        Entry(_("Two-factor login"), "shield-check", "mfa_index"),
        Entry(_("Sessions"), "monitor-smartphone", "usersessions_list"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Menu:
    """The menu as one sees it: of a role in a workspace, or of the account where there is none.

    Equal menus look the same in one language, so that their drawing may be kept (`kept`).
    """

    role: str
    slug: str
    current: str

    @property
    def sections(self) -> list[tuple[str, list[Link]]]:
        """Headlines with their links, in the active language."""
        return links_of(_reachable(self.role, self.slug), self.current)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu of the member, or of the account, and the user's workspaces."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "navigation": _menu(request),
        "workspaces": SimpleLazyObject(lambda: _workspaces(request)),
    }


def _workspaces(request: Any) -> Any:
    """The door has read them; outside any workspace nobody has."""
    if hasattr(request, "workspaces"):
        return request.workspaces
    return workspaces_of(request.user.pk)


def _menu(request: Any) -> Menu:
    member = getattr(request, "member", None)
    role, slug = (member.role, request.workspace.slug) if member else ("", "")
    return Menu(role, slug, current_of(_reachable(role, slug), request.path))


@lru_cache(maxsize=2_000)  # every page asks
def _reachable(role: str, slug: str) -> Reachable:
    if not slug:
        return reachable(ACCOUNT, role, reverse)

    def address(url_name: str) -> str:
        return reverse(url_name, kwargs={SLUG: slug}) if may(role, url_name) else ""

    return reachable(SECTIONS, role, address)
