"""Columns that count seconds, or write days in digits, as a person reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ombud.datamap.model import Encoding, TimeColumn

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_said(column: TimeColumn, value: Any, zone: ZoneInfo) -> Any:
    """The day or instant (in `zone`) that a number says; anything else, and what cannot be read, as it stands."""
    try:
        match column.encoding:
            case Encoding.EPOCH_S:
                return (_EPOCH + timedelta(seconds=int(value))).astimezone(zone)
            case Encoding.EPOCH_MS:
                return (_EPOCH + timedelta(milliseconds=int(value))).astimezone(zone)
            case Encoding.YYYYMMDD:
                text = str(value)
                return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else value
            case _:
                return value
    except (ValueError, OverflowError, TypeError):
        return value
