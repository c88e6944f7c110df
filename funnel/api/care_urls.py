"""Addresses of onboarding, training and renewals in the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from funnel.api.checklists import ChecklistItemViewSet
from funnel.api.onboarding import OnboardingStepViewSet
from funnel.api.renewals import ReminderDaysView, RenewalViewSet
from funnel.api.teaching import TrainingViewSet
from funnel.api.training import TrainingContentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("onboarding-steps", OnboardingStepViewSet, basename="onboarding-step")
router.register("checklist-items", ChecklistItemViewSet, basename="checklist-item")
router.register("training-contents", TrainingContentViewSet, basename="training-content")
router.register("trainings", TrainingViewSet, basename="training")
router.register("renewals", RenewalViewSet, basename="renewal")

urlpatterns = [
    path("reminder-days/", ReminderDaysView.as_view(), name="reminder-days"),
    *router.urls,
]
