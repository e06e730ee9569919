"""Values inside JSON documents: what stands at a path, and the document without it (spec/claims.md §2 and §5).

A document is text, or what a driver made of it: mappings, lists, text, numbers, true and false, None.
"""

from __future__ import annotations

import json
from decimal import Decimal
from enum import StrEnum
from typing import Any


class At(StrEnum):
    """How following a path ended."""

    NOTHING = "nothing"
    UNREADABLE = "unreadable"
    THERE = "there"


def read(said: Any) -> Any:
    """The document, its numbers exact. Raises ValueError where it is not one."""
    if not isinstance(said, str):
        return said
    try:
        return json.loads(said, object_pairs_hook=_once, parse_constant=_no_number, parse_float=Decimal)
    except RecursionError:
        raise ValueError("it is too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _no_number(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def at(said: Any, path: tuple[str, ...]) -> tuple[At, Any]:
    """How following the path ends in a column's value, and what stands there."""
    if said is None or said == "":
        return At.NOTHING, None
    try:
        value = read(said)
    except ValueError:
        return At.UNREADABLE, None
    for name in path:
        if value is None:
            return At.NOTHING, None
        if not isinstance(value, dict):
            return At.UNREADABLE, None
        value = value.get(name)
    return (At.NOTHING if value is None else At.THERE), value


def is_same(value: Any, blank: Any) -> bool:
    """Equal as JSON: `true` is not `1`."""
    return isinstance(value, bool) == isinstance(blank, bool) and bool(value == blank)


def without(said: Any, path: tuple[str, ...], blank: Any, *, remove: bool) -> Any:
    """The document with the blank at the path, or without the path's last key."""
    return _without(read(said), path, blank, remove=remove)


def _without(value: Any, path: tuple[str, ...], blank: Any, *, remove: bool) -> Any:
    if not path:
        return blank
    if remove and len(path) == 1:
        return {name: each for name, each in value.items() if name != path[0]}
    return value | {path[0]: _without(value[path[0]], path[1:], blank, remove=remove)}
