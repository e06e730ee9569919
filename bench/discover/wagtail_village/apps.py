"""The app's name, by which its tables begin."""

from __future__ import annotations

# mypy: allow-subclassing-any
from django.apps import AppConfig


class VillageConfig(AppConfig):
    name = "bench.discover.wagtail_village"
    label = "village"
