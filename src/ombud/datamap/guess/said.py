"""What somebody else's description says of a database: it goes before what names and values suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.schema import Reference


@dataclass(frozen=True)
class Saying:
    """What one column is said to hold (None: nothing personal), and in whose words."""

    concept: Concept | None
    reason: str


@dataclass(frozen=True)
class Said:
    """By table and column, and by path in a document; which columns lead where; and what the database does not have.

    `owners`: by table, the column whose value is an identifier of whom a row is about. `unused`: references, in words,
    that lead to another database, or to what is neither a key nor an identifier.
    """

    columns: Mapping[tuple[str, str], Saying] = field(default_factory=dict)
    paths: Mapping[tuple[str, str], Mapping[str, Saying]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


SURE = 0.95
"""How sure a description is: somebody wrote it, and the database may have changed since."""
