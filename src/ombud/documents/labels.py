"""What a cell is called where a person reads it: its title in the map, else what it holds, else its name in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ombud.documents.extract import Datum, Titles
from ombud.documents.stated import Stated

_BEGINS = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])")
"""Where a word begins inside a name that is written without spaces."""


def labels(data: Sequence[Datum], titles: Titles, stated: Stated) -> list[str]:
    """What the cells of one row are called: no two alike, for a letter tells each by its label."""
    kinds = [stated.category(datum.category) if datum.category else "" for datum in data]
    found = [
        _label(datum.name, kind, kinds.count(kind), titles, stated) for datum, kind in zip(data, kinds, strict=True)
    ]
    many = Counter(found)
    return [label if many[label] == 1 else f"{label} ({datum.name})" for datum, label in zip(data, found, strict=True)]


def label(name: str, category: str, titles: Titles, stated: Stated) -> str:
    """What one cell is called by itself."""
    return _label(name, stated.category(category) if category else "", 1, titles, stated)


def named(name: str) -> str:
    """A column's name as words: `deliveryStreet`, `delivery_street` and `delivery.street` are delivery street."""
    return " ".join(_BEGINS.sub(" ", name).replace("_", " ").replace(".", " ").replace("-", " ").split()).lower()


def _label(name: str, kind: str, alike: int, titles: Titles, stated: Stated) -> str:
    if own := stated.titled(titles.get(name, {}), ""):
        return own
    if kind:
        return kind if alike == 1 else f"{kind}: {named(name)}"
    plain = named(name)
    return plain[:1].upper() + plain[1:]
