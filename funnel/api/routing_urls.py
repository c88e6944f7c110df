"""Addresses of routing in the API."""

from django.urls import path

from funnel.api import routing

urlpatterns = [
    path("routing/", routing.RoutingView.as_view(), name="routing"),
    path("routing/off/", routing.RoutingOffView.as_view(), name="routing-off"),
    path("routing/versions/", routing.RoutingVersionsView.as_view(), name="routing-version-list"),
    path(
        "routing/versions/<uuid:id>/", routing.RoutingVersionView.as_view(), name="routing-version"
    ),
    path("routing/draft/", routing.RoutingDraftView.as_view(), name="routing-draft"),
    path("routing/draft/publish/", routing.RoutingPublishView.as_view(), name="routing-publish"),
    path("routing/dry-run/", routing.RoutingDryRunView.as_view(), name="routing-dry-run"),
    path("routing/waiting/", routing.RoutingWaitsView.as_view(), name="routing-wait-list"),
    path("assignments/", routing.AssignmentsView.as_view(), name="assignment-list"),
    path("teams/<uuid:id>/shares/", routing.TeamSharesView.as_view(), name="team-shares"),
    path(
        "teams/<uuid:id>/shares/history/",
        routing.ShareHistoryView.as_view(),
        name="team-share-history",
    ),
]
