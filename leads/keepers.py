"""Who keeps segments for itself: an app above that changes them, so that people do not by hand.

The table is `leadmgmt/keepers.py`; this app only knows that there are keepers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.models import Segment

MOST_NAMESAKES = 99


@dataclass(frozen=True)
class Keeper:
    """What keeps a segment, in words (a lazy translation), and the page where people change it.

    `gives_way`: its segments get a number behind their name where people have taken that name;
    otherwise whoever saves one hears that the name is taken.
    """

    words: Any
    url_name: str = ""
    gives_way: bool = False


UNKNOWN = Keeper(_("another part of the product"))

_keepers: Mapping[str, Keeper] = {}


def bind(keepers: Mapping[str, Keeper]) -> None:
    """Make these the keepers in force, by the names segments have them under (at start-up)."""
    global _keepers
    _keepers = keepers


def called(name: str) -> Keeper:
    """The keeper of this name."""
    return _keepers.get(name, UNKNOWN)


def free_name(segment: Segment, name: str, *, most: int) -> str:
    """What to call a segment, in at most so many characters.

    For keepers that give way: with a number behind it while other segments go by the name.
    """
    if not called(segment.keeper).gives_way:
        return name
    stem = name[: most - len(f" ({MOST_NAMESAKES})")].rstrip()
    numbered = [f"{stem} ({number})" for number in range(2, MOST_NAMESAKES + 1)]
    wanted = [name[:most], *numbered]
    others = Segment.objects.exclude(pk=segment.pk).filter(name__in=wanted)
    taken = set(others.values_list("name", flat=True))
    return next((each for each in wanted if each not in taken), f"{segment.keeper} {segment.pk}")
