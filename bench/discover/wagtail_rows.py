"""A row through an application's own models, and the clock that all of them go by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

from bench.discover.people import Person, people

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


def neighbours(count: int, seed: int) -> tuple[Person, ...]:
    """Invented people whose mailboxes lie under .example."""
    return tuple(
        replace(each, email=_example(each.email), note=_example(each.note)) for each in people(count, seed=seed)
    )


def _example(text: str) -> str:
    return re.sub(r"@(example)\.(org|com)", r"@\2.\1", text, flags=re.IGNORECASE)
