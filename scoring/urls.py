"""Addresses of scoring inside a workspace."""

from django.urls import path

from scoring.views import (
    backtesting,
    drafts,
    explaining,
    gallery,
    indicator_drafts,
    indicators,
    models,
    predicting,
    releases,
    rules,
    simulating,
    sorting,
)

app_name = "scoring"

INDICATORS = [
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<uuid:id>/", indicators.indicator_version, name="indicator_version"),
    path(
        "indicators/<uuid:id>/progress/", indicators.indicator_progress, name="indicator_progress"
    ),
    path("indicators/<uuid:id>/measure/", indicators.indicator_measure, name="indicator_measure"),
    path("indicators/<uuid:id>/terms/", indicators.indicator_terms, name="indicator_terms"),
    path("indicators/draft/", indicator_drafts.indicator_draft, name="indicator_draft"),
    path(
        "indicators/draft/start/",
        indicator_drafts.indicator_draft_start,
        name="indicator_draft_start",
    ),
    path(
        "indicators/draft/discard/",
        indicator_drafts.indicator_draft_discard,
        name="indicator_draft_discard",
    ),
    path("indicators/draft/publish/", indicator_drafts.indicator_publish, name="indicator_publish"),
    path("indicators/draft/add/", indicator_drafts.indicator_add, name="indicator_add"),
    path("indicators/draft/<uuid:id>/", indicator_drafts.indicator_edit, name="indicator_edit"),
    path(
        "indicators/draft/<uuid:id>/remove/",
        indicator_drafts.indicator_remove,
        name="indicator_remove",
    ),
    path(
        "indicators/draft/<uuid:id>/duplicate/",
        indicator_drafts.indicator_duplicate,
        name="indicator_duplicate",
    ),
    path(
        "indicators/draft/<uuid:id>/move/",
        indicator_drafts.indicator_move,
        name="indicator_move",
    ),
]

REHEARSALS = [
    path("draft/simulate/", simulating.simulate, name="simulate"),
    path("draft/simulate/progress/", simulating.simulation_progress, name="simulation_progress"),
    path("draft/simulate/cancel/", simulating.simulation_cancel, name="simulation_cancel"),
    path("draft/simulate/leads/", simulating.simulated, name="simulated"),
    path("back-tests/", backtesting.back_test_list, name="back_test_list"),
    path("back-tests/<uuid:id>/", backtesting.back_test, name="back_test"),
    path(
        "back-tests/<uuid:id>/progress/", backtesting.back_test_progress, name="back_test_progress"
    ),
    path("back-tests/<uuid:id>/cancel/", backtesting.back_test_cancel, name="back_test_cancel"),
]

urlpatterns = [
    path("", models.model, name="model"),
    path("versions/<uuid:id>/", models.version, name="version"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/<slug:key>/start/", gallery.gallery_start, name="gallery_start"),
    path("models/retired/", gallery.retired, name="retired"),
    path("leads/<uuid:id>/", explaining.explanation, name="explanation"),
    path("progress/", models.progress, name="progress"),
    path("recompute/", models.recompute, name="recompute"),
    path("models/add/", models.model_add, name="model_add"),
    path("models/<uuid:id>/retire/", models.model_retire, name="model_retire"),
    path("draft/groups/", drafts.group_save, name="group_save"),
    path("draft/groups/<uuid:id>/remove/", drafts.group_remove, name="group_remove"),
    path("draft/", drafts.draft, name="draft"),
    path("draft/start/", drafts.draft_start, name="draft_start"),
    path("draft/discard/", drafts.draft_discard, name="draft_discard"),
    path("draft/sorting/", sorting.sorting_mode, name="sorting_mode"),
    path("draft/matrix/", sorting.matrix, name="matrix"),
    path("draft/decisions/add/", sorting.decision_add, name="decision_add"),
    path("draft/decisions/<uuid:id>/", sorting.decision_edit, name="decision_edit"),
    path("draft/decisions/<uuid:id>/move/", sorting.decision_move, name="decision_move"),
    path(
        "draft/decisions/<uuid:id>/duplicate/",
        sorting.decision_duplicate,
        name="decision_duplicate",
    ),
    path("draft/decisions/<uuid:id>/remove/", sorting.decision_remove, name="decision_remove"),
    path("draft/publish/", releases.publish, name="publish"),
    path("draft/effect/", releases.effect, name="effect"),
    path("draft/effect/people/", releases.touched, name="touched"),
    path("releases/<uuid:id>/", releases.release, name="release"),
    path("releases/<uuid:id>/people/", releases.release_people, name="release_people"),
    path("releases/<uuid:id>/stop/", releases.release_stop, name="release_stop"),
    path("releases/<uuid:id>/go-on/", releases.release_go_on, name="release_go_on"),
    path("releases/<uuid:id>/next/", releases.release_next, name="release_next"),
    path("releases/<uuid:id>/end/", releases.release_end, name="release_end"),
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
    *INDICATORS,
    *REHEARSALS,
]
