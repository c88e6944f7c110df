"""Addresses of onboarding, training and renewals, inside a workspace."""

from django.urls import path

from funnel.views import onboarding, training

urlpatterns = [
    path("onboarding/", onboarding.onboarding, name="onboarding"),
    path("onboarding/start/", onboarding.onboarding_start, name="onboarding_start"),
    path("onboarding/new/", onboarding.onboarding_step_add, name="onboarding_step_add"),
    path("onboarding/<uuid:id>/", onboarding.onboarding_step, name="onboarding_step"),
    path(
        "onboarding/<uuid:id>/shift/",
        onboarding.onboarding_step_shift,
        name="onboarding_step_shift",
    ),
    path(
        "onboarding/<uuid:id>/switch/",
        onboarding.onboarding_step_switch,
        name="onboarding_step_switch",
    ),
    path("training/", training.training, name="training"),
    path("training/new/", training.training_content_add, name="training_content_add"),
    path("training/<uuid:id>/", training.training_content, name="training_content"),
    path("training/<uuid:id>/file/", training.training_content_file, name="training_content_file"),
    path(
        "training/<uuid:id>/switch/",
        training.training_content_switch,
        name="training_content_switch",
    ),
]
