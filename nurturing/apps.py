"""Django's handle on nurturing."""

from django.apps import AppConfig


class NurturingConfig(AppConfig):
    """The app."""

    name = "nurturing"
