"""When the office is open: workspaces ask, and somebody above them knows.

The hours of the office and its days off are part of what is promised to leads, and kept there
(see decision 0022). The composition root fills the slot at start-up (`bind`); with an empty one
the office is always open.
"""

from collections.abc import Callable

from leadmgmt.workspaces.business_time import BusinessHours

Provider = Callable[[], BusinessHours | None]


def _always_open() -> BusinessHours | None:
    return None


_provider: Provider = _always_open


def bind(provider: Provider) -> None:
    """Let `provider` say the hours of the workspace we are in."""
    global _provider
    _provider = provider


def office_hours() -> BusinessHours | None:
    """The hours in force; None when the office is always open."""
    return _provider()
