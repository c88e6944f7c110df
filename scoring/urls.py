"""Addresses of scoring inside a workspace."""

from django.urls import path

from scoring.views import drafts, models, predicting, rules

app_name = "scoring"

urlpatterns = [
    path("", models.model, name="model"),
    path("versions/<uuid:id>/", models.version, name="version"),
    path("progress/", models.progress, name="progress"),
    path("recompute/", models.recompute, name="recompute"),
    path("models/add/", models.model_add, name="model_add"),
    path("models/<uuid:id>/retire/", models.model_retire, name="model_retire"),
    path("draft/groups/", drafts.group_save, name="group_save"),
    path("draft/groups/<uuid:id>/remove/", drafts.group_remove, name="group_remove"),
    path("draft/", drafts.draft, name="draft"),
    path("draft/start/", drafts.draft_start, name="draft_start"),
    path("draft/discard/", drafts.draft_discard, name="draft_discard"),
    path("draft/publish/", drafts.publish, name="publish"),
    path("draft/effect/", drafts.effect, name="effect"),
    path("draft/rules/add/<str:kind>/", rules.rule_add, name="rule_add"),
    path("draft/rules/count/<str:kind>/", rules.rule_count, name="rule_count"),
    path("draft/rules/<uuid:id>/", rules.rule_edit, name="rule_edit"),
    path("draft/rules/<uuid:id>/remove/", rules.rule_remove, name="rule_remove"),
    path("draft/rules/<uuid:id>/duplicate/", rules.rule_duplicate, name="rule_duplicate"),
    path("draft/rules/<uuid:id>/move/", rules.rule_move, name="rule_move"),
    path("predicting/", predicting.model, name="predicting"),
    path("predicting/train/", predicting.train, name="prediction_train"),
    path("predicting/<uuid:id>/", predicting.version, name="prediction"),
    path("predicting/<uuid:id>/progress/", predicting.progress, name="prediction_progress"),
    path("predicting/<uuid:id>/choose/", predicting.choose, name="prediction_choose"),
    path("predicting/<uuid:id>/retire/", predicting.retire, name="prediction_retire"),
]
