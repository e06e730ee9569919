"""Rows of opened sources, fetched by what stands in their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ombud.app.near import Where
from ombud.app.project import Address
from ombud.app.sources import Opened, told
from ombud.claims.world import Values
from ombud.sql.dialect import Expr
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.sql.numbered import numbered
from ombud.terms import Key

AT_ONCE = 400
"""Values that one statement looks for."""


class Shelves:
    """Several sources, each inside an open transaction. `columns` are what is read of each table, by source."""

    def __init__(
        self,
        sources: Mapping[str, Opened],
        columns: Mapping[str, Mapping[str, tuple[str, ...]]],
        addresses: Mapping[str, Address],
    ) -> None:
        self.sources, self.columns, self.addresses = sources, columns, addresses
        self.names = {
            name: Names(each.source, each.schema, DIALECTS[each.connection.dialect.name])
            for name, each in sources.items()
        }
        self.numbers = {
            name: numbered(each.source, each.schema, each.connection.dialect.name)[0] for name, each in sources.items()
        }

    def key(self, source: str, table: str) -> tuple[str, ...]:
        """The columns that name a row of a mapped table: its key, or the engine's number."""
        return self.numbers[source].tables[table].key

    def fetch(self, where: Where, wanted: Iterable[Key]) -> Iterator[tuple[Key, Values]]:
        """The rows whose columns equal one of these tuples. Raises Refused."""
        source, name, columns = where
        columns = columns or self.key(source, name)
        keys = list(wanted)
        of = self._table(source, name, columns)
        at = [self._typed(source, name, of.c[column]) for column in columns]
        for some in (keys[n : n + AT_ONCE] for n in range(0, len(keys), AT_ONCE)):
            if len(at) == 1:
                same: Expr = at[0].in_([value for (value,) in some])
            else:
                same = sa.or_(*(sa.and_(*(c == v for c, v in zip(at, values, strict=True))) for values in some))
            yield from self._rows(source, name, of, same)

    def standing(self, source: str, table: str, column: str) -> Iterator[tuple[Key, object]]:
        """What stands in a column of every row. Raises Refused."""
        key = self.key(source, table)
        of = self._table(source, table, (*key, column))
        chosen = sa.select(*(of.c[each] for each in key), of.c[column]).where(of.c[column].is_not(None))
        with told(self.addresses[source]):
            for *parts, value in self.sources[source].connection.execute(chosen):
                yield tuple(parts), value

    def named(self, source: str, table: str, wanted: str) -> list[tuple[Where, Key]]:
        """The row that is written so. Raises Refused."""
        key, dialect = self.key(source, table), self.names[source].dialect
        parts = wanted.split(",", len(key) - 1)
        if len(parts) != len(key):
            return []
        of = self._table(source, table, key)
        same = [dialect.text(of.c[column]) == part for column, part in zip(key, parts, strict=True)]
        with told(self.addresses[source]):
            found = self.sources[source].connection.execute(sa.select(*(of.c[column] for column in key)).where(*same))
            return [((source, table, ()), tuple(row)) for row in found]

    def _rows(self, source: str, name: str, of: sa.TableClause, same: Expr) -> Iterator[tuple[Key, Values]]:
        mapped, columns = self.sources[source].source.tables.get(name), self.columns[source][name]
        cells = (cell for kind in (mapped.kinds if mapped else ()) for cell in kind.cells.values())
        documents = {cell.column for cell in cells if cell.json}
        key = self.key(source, name) if mapped else ()
        # A document as its text: what a driver makes of it has lost digits, and keys that stand there twice.
        every = dict.fromkeys((*columns, *key))
        read = [sa.cast(of.c[c], sa.Text).label(c) if c in documents else of.c[c] for c in every]
        equal: Counter[Key] = Counter()
        with told(self.addresses[source]):
            for row in self.sources[source].connection.execute(sa.select(*read).where(same)).mappings().all():
                values = {column: row[column] for column in columns}
                if mapped:
                    yield tuple(row[column] for column in key), values
                    continue
                # Of an unmapped table: rows that are equal in what is read all come at once.
                alike = tuple(values.values())
                equal[alike] += 1
                yield (*alike, equal[alike]), values

    def _table(self, source: str, name: str, more: Iterable[str]) -> sa.TableClause:
        mapped = self.sources[source].source.tables.get(name)
        key = self.key(source, name) if mapped else ()
        columns = dict.fromkeys((*self.columns[source][name], *key, *more))
        return sa.table(name, *(sa.column(column) for column in columns))

    def _typed(self, source: str, name: str, column: sa.ColumnElement[Any]) -> Expr:
        """The column, by whose type a value is bound; read as the driver returns it."""
        live = self.names[source].table(name).c
        assert isinstance(column, sa.ColumnClause)
        return sa.type_coerce(column, live[column.name].type) if column.name in live else column
