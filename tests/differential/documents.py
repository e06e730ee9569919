"""JSON documents: whole ones, and ones that lack, nest, repeat or misspell what the drawn cells look for."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from ombud.datamap.model import Blank

PATHS = (
    ("email",),
    ("address", "street"),
    ("address", "post", "code"),
    ("nåmn",),
    ("active",),
    ("score",),
    ("a.b",),
    ('a"b/c',),
    ("",),
    ("$[0]", "1"),
)
"""None begins another, so that no cell lies inside another."""

BLANKS: tuple[Any, ...] = (None, None, "", "erased", True, False, 0, 7)

_VALUES = (
    *('"a@x.example"', '"Storgatan 1"', '"\\u00c5sa"', '"\\ud83d\\ude00"', '"erased"', '"Erased"', '""', '" "') * 2,
    *("true", "false", "0", "0.0", "-0", "0e5", "7", "7.0", "70e-1", "1", '"7"', '"true"', '"null"', "null"),
    *("123456789012345678901234567890", "1.10", "0.1000000000000000055", "1e40", "[]", "{}", "[1, [2.50]]"),
    *('{"a": 1.0}', '[{"email": "not this one"}]', '{"street": {"deeper": true}}'),
)
_LIKE_BLANKS = ('"erased"', "true", "false", "0", "0.0", "7", "70e-1", '"7"', '"true"')
_ODD = ("null", "[]", "{}", '"a@x.example"', '[{"email": "a"}]', "true", '{"address": "Storgatan 1"}',
        '{"address": [{"street": "a"}]}', '{"address": null}', '{"address": {"post": 7}}',
        '{ "n\\u00e5mn" :\t"\\u00c5sa",\n"email":"a" }')  # fmt: skip
_TWICE = ('{"email": "a", "email": "b"}', '{"email": "a", "kept": [{"x": 1, "\\u0078": 2}]}')
"""A type that keeps documents as they are written holds these; a binary one keeps the last. MariaDB keeps what is twice
where no path leads, and reads the rest."""
_BROKEN = ("", " ", "a@x.example", '{"email": "a@x.example", "addr', '{"score": NaN}', '{"score": 01}', "{'email': 1}",
           '{"email": "a"} more', '{"email": "a\tb"}', '{"email": "a",}')  # fmt: skip
"""What only a column of text holds."""


def blank(random: Random) -> Blank:
    """What a cell in a document becomes."""
    return Blank(remove=True) if random.random() < 0.3 else Blank(random.choice(BLANKS))


def document(random: Random, declared: str, engine: str) -> str:
    """A document as an application wrote it into a column of this type."""
    roll = random.random()
    if roll < 0.12:
        return random.choice(_ODD)
    if roll < 0.16 and declared != "JSONB":
        return _TWICE[0] if engine == "mariadb" else random.choice(_TWICE)
    if roll < 0.24 and not declared:
        return random.choice(_BROKEN)
    return _object(random, [path for path in PATHS if random.random() < 0.6])


def _value(random: Random) -> str:
    return random.choice(_VALUES if random.random() < 0.5 else _LIKE_BLANKS)


def _object(random: Random, paths: list[tuple[str, ...]]) -> str:
    """An object in which these paths lead somewhere, and a key that no cell is of."""
    below: dict[str, list[tuple[str, ...]]] = {}
    for name, *rest in paths:
        below.setdefault(name, []).append(tuple(rest))
    parts = []
    for name, rests in below.items():
        deeper = [rest for rest in rests if rest]
        value = _object(random, deeper) if deeper and random.random() < 0.85 else _value(random)
        parts.append(f"{json.dumps(name, ensure_ascii=random.random() < 0.3)}: {value}")
    parts.append(f'"kept": {random.choice(_VALUES)}')
    random.shuffle(parts)
    return "{" + ", ".join(parts) + "}"
