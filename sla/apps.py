"""Django's handle on sla."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """The app."""

    name = "sla"
