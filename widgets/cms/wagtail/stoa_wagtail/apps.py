"""The Django app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.core.checks import register


class StoaConfig(AppConfig):
    """Registers the checks, and hears when somebody signs out."""

    name = "stoa_wagtail"
    label = "stoa"
    verbose_name = "Stoa"

    def ready(self):
        from .connection import checks, host

        register(checks.check_settings, "stoa")
        register(checks.check_addresses, "stoa")
        register(checks.check_policy, "stoa")
        user_logged_out.connect(host.on_logout, dispatch_uid="stoa.logout")
