"""Which cards stand beside a lead's timeline and on a company's page, from top to bottom.

An app adds `Panel(_("Title"), "<app>/_panel.html", tell)`; see `leads.panels`.
"""

from django.utils.translation import gettext_lazy as _

from funnel.closing.seeing import handovers_panel
from funnel.panels import (
    company_deals_panel,
    company_stage_panel,
    cycles_panel,
    deals_panel,
    entry_panel,
    stage_panel,
)
from funnel.routing.telling import routing_panel
from leads.belonging import persona_panel, segments_panel
from leads.panels import Panel, Step
from leads.queries.merging import panel_of as merges_panel
from leads.queries.merging_companies import merges_panel as company_merges_panel
from leads.queries.privacy import consents_panel
from nurturing.queries.sequences import panel_of as sequences_panel
from scoring.indicators.panel import panel_of as indicators_panel
from scoring.panels import panel_of as scoring_panel
from scoring.predicting.panels import panel_of as chance_panel
from sla.queries import panel_of as sla_panel

LEAD: tuple[Panel, ...] = (
    Panel(_("Why this score"), "scoring/_panel.html", scoring_panel),
    Panel(_("Chance"), "scoring/_panel_chance.html", chance_panel),
    Panel(_("Indicators"), "scoring/_panel_indicators.html", indicators_panel),
    Panel(_("Persona"), "leads/_panel_persona.html", persona_panel),
    Panel(_("First response"), "sla/_panel.html", sla_panel),
    Panel(_("Stage and qualification"), "funnel/_panel_stage.html", stage_panel),
    Panel(_("What would let this lead in"), "funnel/_panel_entry.html", entry_panel),
    Panel(_("Handed to closers"), "funnel/_panel_handovers.html", handovers_panel),
    Panel(_("Routing"), "funnel/_panel_routing.html", routing_panel),
    Panel(_("Deals"), "funnel/_panel_deals.html", deals_panel),
    Panel(_("Cycles"), "funnel/_panel_cycles.html", cycles_panel),
    Panel(_("Sequences"), "nurturing/_panel.html", sequences_panel),
    Panel(_("Consent"), "leads/_panel_consents.html", consents_panel),
    Panel(_("Merges"), "leads/_panel_merges.html", merges_panel),
    Panel(_("Segments"), "leads/_panel_segments.html", segments_panel),
)

COMPANY: tuple[Panel, ...] = (
    Panel(_("Stage"), "funnel/_panel_company_stage.html", company_stage_panel),
    Panel(_("Deals"), "funnel/_panel_deals.html", company_deals_panel),
    Panel(_("Merges"), "leads/_panel_company_merges.html", company_merges_panel),
)

# What one can log on a lead beside a note.
STEPS: tuple[Step, ...] = (
    Step(_("Call, email or meeting"), "phone", "funnel:attempt"),
    Step(_("Hand to a closer"), "phone-forwarded", "funnel:handover_add"),
)
