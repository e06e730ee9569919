"""The register as Django knows it."""

# mypy: allow-subclassing-any

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Its label and its tables' names leave room for the apps of a project that it stands in."""

    name = "ombud.register"
    label = "ombud_register"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "ombud"
