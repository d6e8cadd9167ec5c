from django.apps import AppConfig


class InterpersonalConfig(AppConfig):
    name = "interpersonal"
