"""Template tags of workspaces; built in, so no template loads them."""

from typing import Any

from django import template

from leadmgmt.workspaces.addresses import workspace_reverse

register = template.Library()


@register.simple_tag
def wurl(view_name: str, **kwargs: Any) -> str:
    """`{% wurl 'leads:lead' id=lead.id %}`: a page of the workspace we are in."""
    return workspace_reverse(view_name, **kwargs)
