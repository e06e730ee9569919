"""Names that a policy can use, from what people wrote: letters a-z, digits and `_`, each given once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_RESERVED = frozenset("null true false yes no on off y n none each joint text unstated".split())
"""Words that YAML, or the policy, reads as something else."""

_MOST = 48
"""Characters of a name, cut at a word where there is one."""


def slug(*wanted: str) -> str:
    """The first of these texts of which a name can be made; else `unnamed`."""
    return next((made for each in wanted if (made := _slug(each))), "unnamed")


def _slug(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.split(r"[^a-z0-9]+", flat) if word]
    if sum(c.isalnum() for c in flat) * 2 < sum(c.isalnum() for c in text[:1000]):
        return ""  # most of it is in another script: what is left says nothing
    while len(words) > 1 and len("_".join(words)) > _MOST:
        words.pop()
    made = "_".join(words)[:_MOST]
    if made[:1].isdigit():
        made = f"n_{made}"
    return f"{made}_" if made in _RESERVED else made


@dataclass
class Names:
    """Names that are taken; each is given once."""

    _taken: set[str] = field(default_factory=set)
    _next: dict[str, int] = field(default_factory=dict)

    def take(self, *wanted: str) -> str:
        """The first of these names that is free; else the last with a number."""
        for name in wanted:
            if name not in self._taken:
                self._taken.add(name)
                return name
        number = self._next.get(wanted[-1], 2)
        while f"{wanted[-1]}_{number}" in self._taken:
            number += 1
        self._next[wanted[-1]] = number + 1
        self._taken.add(f"{wanted[-1]}_{number}")
        return f"{wanted[-1]}_{number}"
