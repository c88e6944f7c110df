"""Django's handle on the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Loads the execute-wrapper that names the workspace at every statement."""

    name = "leadmgmt.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connections opened from now on say which workspace they speak for."""
        from leadmgmt.kernel import context  # noqa: F401
