"""Addresses of scoring inside a workspace."""

from django.urls import path

from scoring import views

app_name = "scoring"

urlpatterns = [
    path("", views.model, name="model"),
    path("versions/<uuid:id>/", views.version, name="version"),
    path("progress/", views.progress, name="progress"),
    path("recompute/", views.recompute, name="recompute"),
    path("draft/", views.draft, name="draft"),
    path("draft/start/", views.draft_start, name="draft_start"),
    path("draft/discard/", views.draft_discard, name="draft_discard"),
    path("draft/publish/", views.publish, name="publish"),
    path("draft/effect/", views.effect, name="effect"),
    path("draft/rules/add/<str:kind>/", views.rule_add, name="rule_add"),
    path("draft/rules/count/<str:kind>/", views.rule_count, name="rule_count"),
    path("draft/rules/<uuid:id>/", views.rule_edit, name="rule_edit"),
    path("draft/rules/<uuid:id>/remove/", views.rule_remove, name="rule_remove"),
    path("draft/rules/<uuid:id>/duplicate/", views.rule_duplicate, name="rule_duplicate"),
    path("draft/rules/<uuid:id>/move/", views.rule_move, name="rule_move"),
]
