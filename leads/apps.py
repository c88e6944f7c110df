"""Django's handle on leads."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The app."""

    name = "leads"
