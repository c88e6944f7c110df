from typing import Any

from django.http import HttpRequest

from .theme import theme_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: the theme, and the workspace's currency for `|money:currency`."""
    workspace = getattr(request, "workspace", None)
    return {"theme": theme_of(request), "currency": getattr(workspace, "currency", "EUR")}
