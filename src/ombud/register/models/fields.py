"""Kinds of columns that Django does not have."""

# mypy: allow-subclassing-any

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models


class Instant(models.CharField):
    """An aware instant as ISO 8601 in UTC, microseconds always written: it sorts as text, and reads as it is.

    Django's own field depends on USE_TZ and TIME_ZONE, which are the project's that the register stands in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 32
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)

    def get_prep_value(self, value: Any) -> str | None:
        return written(value) if isinstance(value, datetime) else value


def written(instant: datetime) -> str:
    """The instant as it stands in a column. Raises ValueError for one without a zone."""
    if instant.utcoffset() is None:
        raise ValueError("an instant without a zone is not one instant")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
