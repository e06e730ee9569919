"""An event as it is kept: JSON that says which event it is, and reads back as the same (spec/requests.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ombud.rights.events import Event

NAMES: Mapping[str, type[Event]] = {each.__name__: each for each in get_args(Event)}


class Unreadable(ValueError):
    """What is kept is no event that this version knows."""


def written(event: Event) -> dict[str, Any]:
    """An event as JSON values: its name under `event`, and each of its fields."""
    said: dict[str, Any] = {"event": type(event).__name__}
    for each in fields(event):
        value = getattr(event, each.name)
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, Enum):
            value = value.value
        elif isinstance(value, tuple):
            value = list(value)
        said[each.name] = value
    return said


def read(said: Mapping[str, Any]) -> Event:
    """The event that was written. A field that a newer version added has its default. Raises Unreadable."""
    kind = NAMES.get(said.get("event", ""))
    if kind is None:
        raise Unreadable(f"no event is called {said.get('event')!r}")
    hints = get_type_hints(kind)
    given = {name: value for name, value in said.items() if name != "event"}
    if unknown := given.keys() - hints.keys():
        raise Unreadable(f"{kind.__name__} says nothing of {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _as(hints[name], value) for name, value in given.items()})
    except (TypeError, ValueError) as error:
        raise Unreadable(f"this is no {kind.__name__}") from error


def _as(hint: Any, value: Any) -> Any:
    """A JSON value as the type that a field has."""
    if isinstance(hint, UnionType):
        return None if value is None else _as(next(each for each in get_args(hint) if each is not type(None)), value)
    if get_origin(hint) is tuple:
        return tuple(value)
    if hint is date:
        return date.fromisoformat(value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value
