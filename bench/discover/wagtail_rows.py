"""A row through an application's own models, and the clock that all of them go by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

_now = datetime(2019, 1, 7, 8, tzinfo=UTC)


def at(when: datetime) -> None:
    """From here on it is `when`: what every model takes for now."""
    global _now
    _now = when


def keep_time() -> None:
    """Let Django's clock stand where `at` put it, so that a seed makes the same site again; before any model loads."""
    timezone.now = lambda: _now


def made(model: str, **values: object) -> Any:
    """A new row of `model`, app.Name."""
    return apps.get_model(model).objects.create(**values)
