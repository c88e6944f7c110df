"""Which cards stand on the page of a customer, from top to bottom.

A part of the funnel adds `Panel(_("Title"), "funnel/_panel_….html", tell)`: `tell` takes the
customer; when it answers None, the card is left out. The template is told `customer` beside that.
`MAIN` is the wide column, `SIDE` the narrow one.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from funnel.care.telling import checklist_panel, renewals_panel, training_panel
from funnel.customers.buying import bought_panel, figures_panel
from funnel.customers.telling import history_panel, owner_panel, people_panel
from funnel.health.telling import health_panel
from leads.panels import Panel

MAIN: Sequence[Panel] = (
    Panel(_("Renewals"), "funnel/_panel_renewals.html", renewals_panel),
    Panel(_("Onboarding"), "funnel/_panel_checklist.html", checklist_panel),
    Panel(_("What they bought"), "funnel/_panel_bought.html", bought_panel),
)
SIDE: Sequence[Panel] = (
    Panel(_("Health"), "funnel/_panel_health.html", health_panel),
    Panel(_("Owner"), "funnel/_panel_owner.html", owner_panel),
    Panel(_("Margin to date"), "funnel/_panel_figures.html", figures_panel),
    Panel(_("People"), "funnel/_panel_people.html", people_panel),
    Panel(_("Training"), "funnel/_panel_training.html", training_panel),
    Panel(_("History"), "funnel/_panel_customer_history.html", history_panel),
)
