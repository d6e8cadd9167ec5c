from django.apps import AppConfig


class TherapySessionsConfig(AppConfig):
    name = "sessions"
    label = "therapy_sessions"  # django.contrib.sessions owns the label "sessions"
