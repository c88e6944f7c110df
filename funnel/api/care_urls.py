"""Addresses of onboarding, training and renewals in the API."""

from rest_framework.routers import SimpleRouter

from funnel.api.onboarding import OnboardingStepViewSet
from funnel.api.training import TrainingContentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("onboarding-steps", OnboardingStepViewSet, basename="onboarding-step")
router.register("training-contents", TrainingContentViewSet, basename="training-content")

urlpatterns = router.urls
