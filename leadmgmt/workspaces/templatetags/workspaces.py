"""Template tags of workspaces; built in, so no template loads them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from leadmgmt.workspaces import access
from leadmgmt.workspaces.addresses import workspace_reverse

register = template.Library()

# The first that fits: most browsers also name those they descend from.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.simple_tag
def wurl(view_name: str, **kwargs: Any) -> str:
    """`{% wurl 'leads:lead' id=lead.id %}`: a page of the workspace we are in."""
    return workspace_reverse(view_name, **kwargs)


@register.simple_tag(takes_context=True)
def may(context: Context, view_name: str, method: str = "GET") -> bool:
    """`{% may 'funnel:team_shares' as may_look %}`: whether who looks may go there."""
    return access.may(context["request"].member.role, view_name, method)


@register.filter
def browser(user_agent: str) -> str:
    """What a browser calls itself, as people do: “Firefox on Windows”."""
    name = next((BROWSERS[each] for each in BROWSERS if each in user_agent), "")
    system = next((SYSTEMS[each] for each in SYSTEMS if each in user_agent), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("Another program")


@register.filter
def keyed(rows: Mapping[Any, Any], key: Any) -> Any:
    """`{{ presences|keyed:member.pk }}`: the row of a mapping, or nothing."""
    return rows.get(key)


@register.filter
def working_hours(hours: Any) -> str:
    """“Mon, Tue, Wed, 09:00 to 18:00”, of the office, a team or a member."""
    days = ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(hours.days))
    times = {"days": days, "opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"}
    return _("%(days)s, %(opens)s to %(closes)s") % times
