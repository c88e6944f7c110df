"""Facts that workspaces announce."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class WorkspacesCreated(Event):
    """These workspaces are new and empty; every app gives them something to start from."""


@dataclass(frozen=True)
class TimeZonesChanged(Event):
    """The days of these workspaces begin at another moment."""


@dataclass(frozen=True)
class StaffChanged(Event):
    """In these workspaces other people work, in other teams, or at other times."""
