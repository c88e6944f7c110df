"""Addresses of leads, companies, campaigns and fields inside a workspace."""

from django.urls import path

from leads.views import campaigns, companies, fields, leads

app_name = "leads"

urlpatterns = [
    path("leads/", leads.lead_list, name="lead_list"),
    path("leads/add/", leads.lead_add, name="lead_add"),
    path("leads/<uuid:id>/", leads.lead, name="lead"),
    path("leads/<uuid:id>/edit/", leads.lead_edit, name="lead_edit"),
    path("leads/<uuid:id>/assign/", leads.lead_assign, name="lead_assign"),
    path("leads/<uuid:id>/note/", leads.lead_note, name="lead_note"),
    path("companies/", companies.company_list, name="company_list"),
    path("companies/<uuid:id>/", companies.company, name="company"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/add/", campaigns.campaign_add, name="campaign_add"),
    path("campaigns/<uuid:id>/", campaigns.campaign, name="campaign"),
    path("fields/", fields.field_list, name="field_list"),
    path("fields/<uuid:id>/rename/", fields.field_rename, name="field_rename"),
    path("fields/<uuid:id>/retire/", fields.field_retire, name="field_retire"),
    path("fields/<uuid:id>/restore/", fields.field_restore, name="field_restore"),
]
