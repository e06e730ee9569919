"""The triggers of tables: their names, and a hash of all that they say they do."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Triggers:
    """Of one table; names in the order in which they were found."""

    found: dict[str, None] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.found)

    @property
    def acts(self) -> tuple[str, ...]:
        return tuple(sorted(self.hashes))


def triggers(said: Iterable[tuple[str, str, str]]) -> Mapping[str, Triggers]:
    """By table, from tables, names and definitions ("" for one that is another's, made again for a partition)."""
    made: dict[str, Triggers] = defaultdict(Triggers)
    for table, name, definition in said:
        made[table].found[name] = None
        if definition:
            made[table].hashes.add(hashlib.sha256(definition.encode()).hexdigest())
    return made
