from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "leadmgmt.ui"
    label = "ui"
