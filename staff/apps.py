from datetime import datetime

from django.apps import AppConfig
from django.utils import timezone


class StaffConfig(AppConfig):
    name = "staff"
    opened_at: datetime

    def ready(self) -> None:
        # What runs every few minutes cannot have run late in a clinic that has just been opened.
        self.opened_at = timezone.now()
