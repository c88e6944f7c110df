"""What keeps segments for itself, by the name the segment has it under; see `leads.keepers`."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from leads.keepers import Keeper
from scoring.indicators import KEEPER as INDICATORS

KEEPERS: Mapping[str, Keeper] = {
    INDICATORS: Keeper(_("the indicators, under Scoring"), "scoring:indicators"),
}
