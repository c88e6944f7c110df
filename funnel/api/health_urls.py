"""Addresses of the health rules in the API."""

from django.urls import path

from funnel.api import health

urlpatterns = [
    path("health-rules/", health.HealthRulesView.as_view(), name="health-rules"),
    path("health-rules/off/", health.HealthOffView.as_view(), name="health-rules-off"),
    path(
        "health-rules/versions/",
        health.HealthVersionsView.as_view(),
        name="health-rules-version-list",
    ),
    path(
        "health-rules/versions/<uuid:id>/",
        health.HealthVersionView.as_view(),
        name="health-rules-version",
    ),
    path("health-rules/draft/", health.HealthDraftView.as_view(), name="health-rules-draft"),
    path(
        "health-rules/draft/preview/",
        health.HealthPreviewView.as_view(),
        name="health-rules-preview",
    ),
    path(
        "health-rules/draft/publish/",
        health.HealthPublishView.as_view(),
        name="health-rules-publish",
    ),
]
