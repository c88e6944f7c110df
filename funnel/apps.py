"""Django's handle on the funnel."""

from django.apps import AppConfig


class FunnelConfig(AppConfig):
    """The app."""

    name = "funnel"
