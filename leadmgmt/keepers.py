"""What keeps segments for itself, by the name the segment has it under; see `leads.keepers`."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from funnel.health import KEEPER as HEALTH
from leads.keepers import Keeper
from scoring.indicators import KEEPER as INDICATORS

KEEPERS: Mapping[str, Keeper] = {
    HEALTH: Keeper(_("the health rules, under Customers"), "funnel:health", gives_way=True),
    INDICATORS: Keeper(_("the indicators, under Scoring"), "scoring:indicators"),
}
