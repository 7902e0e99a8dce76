from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "commonhall.ui"
    label = "ui"
