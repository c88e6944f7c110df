"""What keeps segments for itself, by the name the segment has it under; see `leads.keepers`."""

from collections.abc import Mapping

from leads.keepers import Keeper

KEEPERS: Mapping[str, Keeper] = {}
