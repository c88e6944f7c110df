"""Addresses of scoring below `/api/v1/`."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from scoring.api.predicting import LeadProbabilityView, PredictiveModelViewSet
from scoring.api.views import LeadScoreView, ScoreModelView

router = SimpleRouter(use_regex_path=False)
router.register("predictive-models", PredictiveModelViewSet, basename="predictive-model")

urlpatterns = [
    *router.urls,
    path("score-model/", ScoreModelView.as_view(), name="score-model"),
    path("leads/<uuid:id>/score/", LeadScoreView.as_view(), name="lead-score"),
    path("leads/<uuid:id>/probability/", LeadProbabilityView.as_view(), name="lead-probability"),
]
