"""Django's handle on scoring."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """The app."""

    name = "scoring"
