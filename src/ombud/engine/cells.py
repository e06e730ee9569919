"""What a cell of a row holds, as its driver gives it: empty, a value, what stands at a path in a document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ombud.datamap.model import Blank, Cell


@dataclass(frozen=True, slots=True)
class Held:
    """The value. Not `readable`: what the cell holds cannot be told, and the value is the whole text."""

    value: Any
    readable: bool = True


def held(cell: Cell, value: Any, key: Sequence[Any]) -> Held | None:
    """What the cell holds; None where it is empty, or holds what blanking writes (spec/claims.md §2)."""
    if cell.json:
        try:
            value = _at(value, cell.json)
        except ValueError:
            return Held(value, readable=False)
    if value is None or value == "":
        return None
    blank = cell.blank or Blank()
    if blank.value is None and not blank.per_key:
        return Held(value)
    wanted = _blank(blank, key)
    if cell.json:
        same = isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)
    else:
        same = bool(value == wanted) or (value == {} and wanted == "{}")
        same = same or (blank.per_key and isinstance(value, str) and value.rstrip(".") == f"{wanted}~")
    return None if same else Held(value)


def _blank(blank: Blank, key: Sequence[Any]) -> Any:
    if not blank.per_key:
        return blank.value
    parts = [written(part) for part in key]
    if len(parts) > 1:
        parts = [part.replace("~", "~~").replace("-", "~-") for part in parts]
    return f"{written(blank.value)}{'-'.join(parts)}"


def written(value: Any) -> str:
    """A value as the database writes it as text; an instant with a zone in UTC."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(UTC).replace(tzinfo=None)}+00"
    return str(value)


# --- documents --------------------------------------------------------------------------------------------------


def _at(said: Any, path: Sequence[str]) -> Any:
    """What stands at the path; None where it leads to nothing. Raises ValueError where that cannot be told."""
    if said is None or said == "":
        return None
    value = _read(said) if isinstance(said, str) else said
    for name in path:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise ValueError("a value on the way is no object")
        value = value.get(name)
    return value


def _read(text: str) -> Any:
    """RFC 8259, with numbers exact; an object that has a key twice says two things."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refused, parse_float=Decimal)
    except RecursionError:
        raise ValueError("it is too deep") from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _refused(_: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")
