"""Django's handle on reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The app."""

    name = "reports"
