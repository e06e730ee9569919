"""Frozen values of the layers below as JSON and back, so that a field more there is no new column here."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_Value = TypeVar("_Value")


def write(value: Any, but: frozenset[str] = frozenset()) -> Any:
    """JSON of a frozen dataclass, or of what stands in one: texts, numbers, enums, days, instants, tuples, mappings.

    What equals its default is left out, and so are the fields named by `but`. Raises TypeError for anything else.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case date():
            return value.isoformat()
        case tuple() | frozenset():
            return [write(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
        case Mapping():
            return {write(key): write(each) for key, each in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            stated = ((field, getattr(value, field.name)) for field in fields(value) if field.name not in but)
            return {field.name: write(own) for field, own in stated if own != _default(field)}
        case _:
            raise TypeError(f"{type(value).__name__} is not written into the register")


def read(kind: type[_Value], said: Mapping[str, Any], **beside: Any) -> _Value:
    """The value that was written, its fields given by `beside` where they stand elsewhere.

    A field that the class no longer has is passed over; one that it has got since has its default.
    """
    ways = _ways(kind)  # type: ignore[arg-type]
    return kind(**{**{name: ways[name](own) for name, own in said.items() if name in ways}, **beside})


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _ways(kind: Any) -> dict[str, Callable[[Any], Any]]:
    """How each field of a dataclass is read."""
    hints = get_type_hints(kind)
    return {field.name: _way(hints[field.name]) for field in fields(kind)}


def _way(hint: Any) -> Callable[[Any], Any]:
    origin, of = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        ways = [_way(each) for each in of if each is not type(None)]
        return lambda said: None if said is None else ways[0](said)
    if origin in (tuple, frozenset):
        each = _way(of[0])
        return lambda said: origin(each(own) for own in said)
    if origin is not None and issubclass(origin, Mapping):
        keys, values = _way(of[0]), _way(of[1])
        return lambda said: {keys(key): values(own) for key, own in said.items()}
    if hint in (date, datetime):
        return lambda said: hint.fromisoformat(said)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda said: hint(said)
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(read, hint)
    return lambda said: said
