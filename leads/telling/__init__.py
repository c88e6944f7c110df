"""Facts in plain English, as timelines show them: begin with `facts`; `table` has the kinds."""

from leads.telling.facts import Told, tell, tell_views
from leads.telling.families import FAMILIES

__all__ = ["FAMILIES", "Told", "tell", "tell_views"]
