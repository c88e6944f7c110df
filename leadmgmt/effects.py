"""What follows when scores make MQLs: what a release can let go or leave out, and its figures.

An app adds `Effect("name", _("What happens"), count)`, leaves it out where the event's `spares`
names it, and the publish page and the API offer it; see `scoring.following`.
"""

from django.utils.translation import gettext_lazy as _

from funnel.queries.effects import load_of, mqls_among, supposed_mqls
from funnel.routing.effects import routed_of
from nurturing.queries.effects import enrolments_of
from scoring.following import Effect, Following
from sla.effects import clocks_of_new

FOLLOWING = Following(
    supposed_mqls=supposed_mqls,
    mqls=mqls_among,
    effects=(
        Effect("clocks", _("Start first-response clocks"), clocks_of_new),
        Effect("routing", _("Route them to reps"), routed_of),
        Effect("sequences", _("Begin the sequences an MQL starts"), enrolments_of),
    ),
    load=load_of,
)
