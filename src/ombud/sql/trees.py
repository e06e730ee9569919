"""What is known of several claims at once: trees over named 0/1 columns."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ombud.sql.dialect import Bool
from ombud.sql.read import all_of, any_of
from ombud.sql.tables import Tbl


@dataclass(frozen=True, slots=True)
class Flag:
    """A 0/1 column of the inner query."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    of: Tree


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    of: tuple[Tree, ...]


Tree = Flag | Not | All | Either


def built(tree: Tree, q: Tbl) -> Bool:
    match tree:
        case Flag(name):
            return q.c[name] == 1
        case Not(of):
            return sa.not_(built(of, q))
        case All(of):
            return all_of(built(t, q) for t in of)
        case Either(of):
            return any_of(built(t, q) for t in of)
