"""Every address of the API; `leadmgmt/access/` says which scope opens which."""

from django.urls import URLPattern, URLResolver, include, path

from capture.api.urls import urlpatterns as capture
from funnel.api.urls import urlpatterns as funnel
from integrations import teams, workspace
from integrations.views import Docs, Schema, nothing
from leads.api.urls import urlpatterns as leads
from nurturing.api import urlpatterns as nurturing
from reports.api.urls import urlpatterns as reports
from scoring.api.urls import urlpatterns as scoring
from sla.api import urlpatterns as sla

version_1: list[URLPattern | URLResolver] = [
    *workspace.urlpatterns,
    *teams.urlpatterns,
    *capture,
    *leads,
    *scoring,
    *funnel,
    *nurturing,
    *sla,
    *reports,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("v1/", include((version_1, "api"))),
    path("<path:rest>", nothing, name="api-nothing"),
]
