"""A plugin for mypy, before those that read the settings: checking types is development."""

import os

from mypy.plugin import Plugin


def plugin(version: str) -> type[Plugin]:
    """Adds nothing; mypy asks for it before it makes the next plugin."""
    os.environ.setdefault("LOCAL", "1")
    return Plugin
