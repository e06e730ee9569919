"""What a live database looks like, as far as the map and the engine care: read by an adapter, compared here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A column as the database declares it.

    `family`: text, integer, number, boolean, date, timestamp, timestamptz, json, binary, other. `unique` by itself;
    `in_unique`: together with other columns, or as an expression says it.
    """

    name: str
    family: str
    nullable: bool
    unique: bool = False
    declared: str = ""
    in_unique: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a database may find a reference's column equal to its target's: `operator` between the target
    and the column, which is cast to a type first; both in a collation. "" leaves it out. All as the database writes it.
    """

    operator: str = "="
    cast: str = ""
    collation: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A declared foreign key from `table`(`columns`) to `to`(`target`); `on_delete` as SQL says it, upper case.

    `compared` has the ways of each column, any of which may be the database's; nothing where all are compared plainly.
    """

    table: str
    columns: tuple[str, ...]
    to: str
    target: tuple[str, ...]
    on_delete: str = "NO ACTION"
    compared: tuple[tuple[Way, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table of the live database. `hazards` are what would change data unseen when its rows change, in words.

    `schema` is where it lies, so that a statement means the table that was looked at ("" where there are none);
    `acts` has the SHA-256 of each definition that `triggers` name, with that of the function it calls.
    """

    name: str
    columns: Mapping[str, ColumnType]
    key: tuple[str, ...]
    triggers: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    schema: str = ""
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """A live database: its tables and every declared reference between them."""

    tables: Mapping[str, TableSchema]
    references: tuple[Reference, ...] = field(default=())

    def may_block_itself(self, table: str) -> bool:
        """Whether one deletion in a table may meet a RESTRICT reference from a row that goes along with it.

        What goes along are rows of the table itself, and those that references take along or change.
        """
        reached, last = set[str](), {table}
        while last:
            reached |= last
            last = {r.table for r in self.references if r.to in last and r.on_delete not in _BLOCKING} - reached
        return any(r.on_delete == "RESTRICT" and r.table in reached and r.to in reached for r in self.references)


_BLOCKING = frozenset({"NO ACTION", "RESTRICT"})
