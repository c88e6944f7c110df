"""Which cards stand beside a lead's timeline and on a company's page, from top to bottom.

An app adds `Panel(_("Title"), "<app>/_panel.html", tell)`; see `leads.panels`.
"""

from leads.panels import Panel

LEAD: tuple[Panel, ...] = ()

COMPANY: tuple[Panel, ...] = ()
