"""How many rows and cells of one table are due, or were done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TableCount:
    """What is due, or was done, in one table: rows deleted, dead rows kept as shells, cells blanked by name."""

    deleted: int = 0
    shells: int = 0
    blanked: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.deleted or any(self.blanked.values()))


def plus(one: TableCount, other: TableCount) -> TableCount:
    """Both together."""
    blanked = {name: one.blanked.get(name, 0) + other.blanked.get(name, 0) for name in {*one.blanked, *other.blanked}}
    return TableCount(one.deleted + other.deleted, one.shells + other.shells, blanked)


def less(one: TableCount, other: TableCount) -> TableCount:
    """What is left of one without the other, never below nothing."""
    blanked = {name: max(0, number - other.blanked.get(name, 0)) for name, number in one.blanked.items()}
    return TableCount(max(0, one.deleted - other.deleted), max(0, one.shells - other.shells), blanked)
