"""Who keeps segments for itself: an app above that changes them, so that people do not by hand.

The table is `leadmgmt/keepers.py`; this app only knows that there are keepers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Keeper:
    """What keeps a segment, in words (a lazy translation), and the page where people change it."""

    words: Any
    url_name: str = ""


UNKNOWN = Keeper(_("another part of the product"))

_keepers: Mapping[str, Keeper] = {}


def bind(keepers: Mapping[str, Keeper]) -> None:
    """Make these the keepers in force, by the names segments have them under (at start-up)."""
    global _keepers
    _keepers = keepers


def called(name: str) -> Keeper:
    """The keeper of this name."""
    return _keepers.get(name, UNKNOWN)
