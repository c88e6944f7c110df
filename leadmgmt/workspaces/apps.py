"""Django's handle on workspaces."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """The app."""

    name = "leadmgmt.workspaces"
    label = "workspaces"
