"""Addresses of the reports' API."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from reports.api.costs import CostViewSet
from reports.api.figures import FigureViewSet
from reports.api.ways import FunnelViewSet, JourneyViewSet

router = SimpleRouter(use_regex_path=False)
router.register("figures", FigureViewSet, basename="figure")
router.register("funnel", FunnelViewSet, basename="funnel")
router.register("journey", JourneyViewSet, basename="journey")
router.register("costs", CostViewSet, basename="cost")

urlpatterns = [path("", include(router.urls))]
