"""Addresses of scoring below `/api/v1/`."""

from django.urls import path

from scoring.api.views import LeadScoreView, ScoreModelView

urlpatterns = [
    path("score-model/", ScoreModelView.as_view(), name="score-model"),
    path("leads/<uuid:id>/score/", LeadScoreView.as_view(), name="lead-score"),
]
