"""Django's handle on capture."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """The app."""

    name = "capture"
