"""Imports and forms, mounted below `/api/v1/`."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from capture.api.forms import FormViewSet
from capture.api.imports import ImportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("imports", ImportViewSet, basename="import")
router.register("forms", FormViewSet, basename="form")

urlpatterns = [path("", include(router.urls))]
