"""What every table that a statement can name is made of: the application's tables, and how ombud's own are called.

Identifiers come only from the checked map and the live schema, quoted by the dialect; values are bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.plan.sheet import Sheet
from ombud.sql.dialect import Dialect, column_type

Tbl = sa.FromClause


def short(name: str) -> str:
    """PostgreSQL cuts identifiers at 63 bytes; two long names must not become one."""
    return name if len(name.encode()) <= 50 else f"{name[:40]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Tables:
    """The tables of one source, as SQLAlchemy sees them. `metadata` holds those that ombud itself creates."""

    source: SourceMap
    schema: Schema
    dialect: Dialect
    metadata: sa.MetaData = field(default_factory=sa.MetaData)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def family(self, table: str, column: str) -> str:
        return self.schema.tables[table].columns[column].family

    def table(self, name: str) -> sa.TableClause:
        """The application's table, every live column typed as its values bind."""
        made: sa.TableClause = self._once(("table", name), lambda: self._table(name))
        return made

    def _table(self, name: str) -> Any:
        live = self.schema.tables[name]
        columns = (sa.column(c, column_type(self.dialect, t.family)) for c, t in live.columns.items())
        return sa.table(name, *columns, schema=live.schema or None)

    def row(self, name: str) -> Tbl:
        """A fresh alias of the application's table."""
        return self.table(name).alias()

    def sheet(self, table: str) -> Sheet:
        """What is worked out about the rows of a table, and in which columns."""
        if table not in self.sheets:
            self.sheets[table] = Sheet.of(self.source, table)
        return self.sheets[table]

    def _once(self, what: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]

    def _own(self, name: str, *columns: sa.Column[Any] | sa.Index, temporary: bool = False) -> sa.Table:
        called = f"ombud_t_{name}" if temporary else name if self.dialect.sidecar else f"ombud_{name}"
        schema = None if temporary else self.dialect.sidecar
        known = self.metadata.tables.get(f"{schema}.{called}" if schema else called)
        if known is not None:
            return known
        prefixes = ["TEMPORARY"] if temporary else []
        fitted = self.dialect.fitted(columns)
        options = {**self.dialect.options, **(self.dialect.roomy if name.startswith("due_") else {})}
        return sa.Table(called, self.metadata, *fitted, schema=schema, prefixes=prefixes, **options)

    def key_columns(self, table: str, key: Sequence[str], *, primary: bool = False) -> list[sa.Column[Any]]:
        """`k0, k1, …` typed as the table's key columns, so that they hold the same values and joins use their index."""
        columns = self.schema.tables[table].columns
        return [
            sa.Column(
                f"k{n}",
                Declared(self._declared(columns[c].declared)),
                nullable=False,
                primary_key=primary,
                autoincrement=False,
            )
            for n, c in enumerate(key)
        ]

    def _declared(self, declared: str) -> str:
        if self.dialect.name != "sqlite":
            return declared or "TEXT"
        # INTEGER PRIMARY KEY takes whole numbers alone; INT has the same affinity, and takes whatever the row's key is.
        return "INT" if declared == "INTEGER" else declared

    def making(self, table: sa.Table, dialect: sa.Dialect) -> tuple[str, ...]:
        """The statements that make one of the working tables, written once."""
        made: tuple[str, ...] = self._once(("making", table.name), lambda: tuple(self.dialect.making(table, dialect)))
        return made

    def shape(self, table: sa.Table) -> tuple[tuple[str, str], ...]:
        """The columns of one of ombud's own tables and their types."""
        made: tuple[tuple[str, str], ...] = self._once(
            ("shape", table.name), lambda: tuple((column.name, repr(column.type)) for column in table.columns)
        )
        return made


class Declared(sa.types.UserDefinedType[object]):
    """A column type written as the live schema declares it; its values bind as their family does."""

    cache_ok = True

    def __init__(self, declared: str) -> None:
        self.declared = declared

    def get_col_spec(self, **_: object) -> str:
        return self.declared

    def __repr__(self) -> str:
        return self.declared


def cell_names(table: Table) -> tuple[str, ...]:
    """Every cell name of a table, over its kinds, in a fixed order: the n-th has the flag `cn`."""
    return tuple(dict.fromkeys(name for kind in table.kinds for name in kind.cells))
