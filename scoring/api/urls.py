"""Addresses of scoring below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from scoring.api.gallery import ReadyModelsView, ReadyModelView
from scoring.api.indicators import (
    IndicatorDraftView,
    IndicatorMeasureView,
    IndicatorPublishView,
    IndicatorsView,
    IndicatorVersionsView,
    IndicatorVersionView,
    LeadIndicatorsView,
)
from scoring.api.models import ScoreModelViewSet, ScoreVersionViewSet
from scoring.api.predicting import LeadProbabilityView, PredictiveModelViewSet
from scoring.api.rehearsals import BackTestViewSet, SimulationViewSet
from scoring.api.releases import ScoreReleaseViewSet
from scoring.api.views import LeadScoreChangesView, LeadScoreView, ScoreModelView

router = SimpleRouter(use_regex_path=False)
router.register("score-models", ScoreModelViewSet, basename="score-model")
router.register("score-versions", ScoreVersionViewSet, basename="score-version")
router.register("simulations", SimulationViewSet, basename="simulation")
router.register("back-tests", BackTestViewSet, basename="back-test")
router.register("score-releases", ScoreReleaseViewSet, basename="score-release")
router.register("predictive-models", PredictiveModelViewSet, basename="predictive-model")

urlpatterns: list[URLPattern | URLResolver] = [
    path("score-model/", ScoreModelView.as_view(), name="score-model"),
    path("leads/<uuid:id>/score/", LeadScoreView.as_view(), name="lead-score"),
    path(
        "leads/<uuid:id>/score/changes/",
        LeadScoreChangesView.as_view(),
        name="lead-score-change-list",
    ),
    path("leads/<uuid:id>/probability/", LeadProbabilityView.as_view(), name="lead-probability"),
    path("ready-models/", ReadyModelsView.as_view(), name="ready-model-list"),
    path("ready-models/<str:key>/", ReadyModelView.as_view(), name="ready-model-detail"),
    path("", include(router.urls)),
    path("indicators/", IndicatorsView.as_view(), name="indicators"),
    path("indicators/versions/", IndicatorVersionsView.as_view(), name="indicator-version-list"),
    path(
        "indicators/versions/<uuid:id>/",
        IndicatorVersionView.as_view(),
        name="indicator-version",
    ),
    path("indicators/draft/", IndicatorDraftView.as_view(), name="indicator-draft"),
    path("indicators/draft/publish/", IndicatorPublishView.as_view(), name="indicator-publish"),
    path("indicators/measure/", IndicatorMeasureView.as_view(), name="indicator-measure"),
    path("leads/<uuid:id>/indicators/", LeadIndicatorsView.as_view(), name="lead-indicators"),
]
