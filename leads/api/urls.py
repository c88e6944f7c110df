"""Addresses of this app's part of the API, below `/api/v1/`."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from leads.api.activities import append_activities
from leads.api.leads import LeadViewSet

router = SimpleRouter(use_regex_path=False)
router.register("leads", LeadViewSet, basename="lead")

urlpatterns = [
    path("activities/batch", append_activities, name="activity-batch"),
    path("", include(router.urls)),
]
