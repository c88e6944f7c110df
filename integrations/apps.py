"""Django's handle on integrations."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """The app."""

    name = "integrations"

    def ready(self) -> None:
        """Let the OpenAPI document know our API keys."""
        from integrations import schema  # noqa: F401
