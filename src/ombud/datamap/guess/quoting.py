"""What somebody else wrote, put into a file of ours: a name, a text, a comment, each on one line and nothing more."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READ_OTHERWISE = frozenset("null Null NULL true True TRUE false False FALSE".split())


def name(text: str) -> str:
    """A name as it is to be written: between quotes where YAML would read something else."""
    return text if _PLAIN.fullmatch(text) and text not in _READ_OTHERWISE else quoted(text)


def quoted(text: str) -> str:
    """In double quotes; `#` and what is no letter is written as a number, so that a line ends where it seems to."""
    said = json.dumps(text, ensure_ascii=False).replace("#", "\\u0023")
    return "".join(c if c.isprintable() else _numbered(c) for c in said)


def _numbered(c: str) -> str:
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


def clean(text: str) -> str:
    """For a comment, or for readers: no sign that ends a line, moves the cursor or hides."""
    return "".join(c if c.isprintable() else "�" for c in text)


def sentence(text: str, most: int = 160) -> str:
    """Clean, its lines put into one, and cut where it is longer than `most` characters."""
    said = clean(" ".join(text[: 8 * most].split()))
    return said if len(said) <= most else f"{said[: most - 1]}…"
