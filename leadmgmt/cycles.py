"""What is kept of a qualification cycle when it is closed, chapter by chapter.

An app adds `Part("name", _("Title"), "<app>/_cycle.html", tell)`; see `funnel.cycles`.
"""

from django.utils.translation import gettext_lazy as _

from funnel.cycles import Part
from funnel.queries.archiving import (
    tell_deals,
    tell_origin,
    tell_path,
    tell_qualifications,
    tell_scores,
)
from nurturing.archiving import tell_enrolments
from sla.archiving import tell_clocks

PARTS: tuple[Part, ...] = (
    Part("scores", _("Why this score"), "funnel/_cycle_scores.html", tell_scores),
    Part("path", _("Stages"), "funnel/_cycle_path.html", tell_path),
    Part("qualifications", _("Qualification"), "funnel/_cycle_qualified.html", tell_qualifications),
    Part("deals", _("Deals"), "funnel/_cycle_deals.html", tell_deals),
    Part("clocks", _("First response"), "sla/_cycle.html", tell_clocks),
    Part("sequences", _("Sequences"), "nurturing/_cycle.html", tell_enrolments),
    Part("origin", _("First touch, owner and routing"), "funnel/_cycle_origin.html", tell_origin),
)
