from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


def _after_migrate(sender: AppConfig, plan: Any = (), using: str = "default", **kwargs: Any) -> None:
    from database.rules import lay_rules

    call_command("createcachetable", verbosity=0)
    lay_rules()


class DatabaseConfig(AppConfig):
    name = "database"

    def ready(self) -> None:
        # Django sends post_migrate once for each app with models; at the last one every table is there.
        with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
        post_migrate.connect(_after_migrate, sender=with_models[-1], dispatch_uid="database.lay_rules")
