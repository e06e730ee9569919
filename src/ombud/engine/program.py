"""Statements compiled once for a policy, map, schema and day, and run as often as there are batches."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.engine.unserved import unserved
from ombud.policy.model import Policy
from ombud.sql.dialect import Dialect
from ombud.sql.judge import Judge
from ombud.sql.names import Names
from ombud.sql.numbered import numbered
from ombud.sql.odd_text import insert_all, is_odd
from ombud.sql.read import Reader

Build = Callable[[], Iterable[Any]]
"""Makes the statements of one step: INSERT … SELECT, UPDATE or DELETE, every value in them fixed."""

THIS_PLAN = "\0this plan"
"""Stands for the plan's id while steps are compiled, so that they serve every plan. No map or policy can hold it."""

FEW = 50
"""Rows that are inserted one by one as fast as together."""

Convert = Callable[[Any], Any]
"""Turns what a driver gives into what the column's type promises."""


Values = tuple[Any, ...] | Mapping[str, Any]
"""Of a statement, as its driver takes them."""


@dataclass(slots=True)
class Query:
    """A compiled SELECT; `converts` is known once the driver has said what it gives."""

    sql: str
    values: Values
    types: Sequence[sa.types.TypeEngine[Any]]
    converts: tuple[Convert | None, ...] | None = None

    def converted(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows that a driver gives, as the columns promise them."""
        if self.converts is None or not any(self.converts):
            return found
        return [
            tuple(
                value if convert is None else convert(value) for value, convert in zip(row, self.converts, strict=True)
            )
            for row in found
        ]


class Program:
    """What has been compiled so far, by step. One for each policy, source map, schema and dialect."""

    def __init__(self) -> None:
        self.changes: dict[Hashable, tuple[tuple[str, Values], ...]] = {}
        self.queries: dict[Hashable, tuple[Query, ...]] = {}
        self.counted: dict[Hashable, tuple[tuple[Any, ...], ...]] = {}
        self.inserts: dict[Hashable, tuple[str, Sequence[str] | None]] = {}
        self._kept: dict[Hashable, object] = {}
        self._names: dict[str, Names] = {}
        self._judges: dict[Hashable, Judge] = {}

    def names(self, source: SourceMap, schema: Schema, dialect: Dialect) -> Names:
        """The tables of a source. Raises NotImplementedError, saying what, if the engine cannot serve its map."""
        if source.source not in self._names:
            if said := "; ".join(unserved(source, schema, dialect)):
                raise NotImplementedError(said)
            self._names[source.source] = Names(*numbered(source, schema, dialect.name), dialect)
        return self._names[source.source]

    def kept(self, what: Hashable, make: Callable[[], object]) -> object:
        """What is made once of a policy, map and schema."""
        if what not in self._kept:
            self._kept[what] = make()
        return self._kept[what]

    def judge(self, policy: Policy, read: Reader) -> Judge:
        """Who judges a source on a day: one, whose statements are written once."""
        day = (read.names.source.source, read.today, read.copied_since)
        if day not in self._judges:
            self._judges[day] = Judge(policy, read)
        return self._judges[day]


@dataclass(frozen=True, slots=True)
class Statements:
    """Runs steps on one connection, compiling each once. `about` is what all of them depend on beyond the program.

    Where a step says THIS_PLAN, it runs with the id of `plan`.
    """

    connection: sa.Connection
    program: Program
    about: tuple[Hashable, ...]
    plan: str = ""

    def run(self, step: tuple[Hashable, ...], build: Build) -> int:
        """Run a step's statements in order; how many rows they changed in all."""
        return sum(self._changed(sql, values) for sql, values in self.changes(step, build))

    def changes(self, step: tuple[Hashable, ...], build: Build) -> list[tuple[str, Values]]:
        """A step's statements, compiled, with their values."""
        name = (*self.about, *step)
        if name not in self.program.changes:
            self.program.changes[name] = tuple(_compiled(self.connection, statement)[:2] for statement in build())
        return [(sql, self._of_plan(values)) for sql, values in self.program.changes[name]]

    def _changed(self, sql: str, values: Values) -> int:
        count = self.connection.exec_driver_sql(sql, values).rowcount
        if count < 0 and self.connection.dialect.name == "sqlite":  # its driver counts no statement that begins WITH
            count = self.connection.exec_driver_sql("SELECT changes()").scalar_one()
        return max(0, count)

    def _of_plan(self, values: Values) -> Values:
        if isinstance(values, Mapping):
            return {name: self.plan if value == THIS_PLAN else value for name, value in values.items()}
        return tuple(self.plan if value == THIS_PLAN else value for value in values) if THIS_PLAN in values else values

    def rows(self, step: tuple[Hashable, ...], build: Callable[[], sa.Select[Any]]) -> list[tuple[Any, ...]]:
        """The rows of a step's one query."""
        (found,) = self.answers(step, lambda: [build()])
        return found

    def answers(
        self, step: tuple[Hashable, ...], build: Callable[[], Iterable[sa.Select[Any]]]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of each of a step's queries, asked in order."""
        return [self.answer(query, self._of_plan(query.values)) for query in self._queries(step, build)]

    def query(self, step: tuple[Hashable, ...], build: Callable[[], sa.Select[Any] | sa.CompoundSelect[Any]]) -> Query:
        """A step's one query, compiled."""
        (found,) = self._queries(step, lambda: [build()])
        return found

    def _queries(
        self, step: tuple[Hashable, ...], build: Callable[[], Iterable[sa.Select[Any] | sa.CompoundSelect[Any]]]
    ) -> tuple[Query, ...]:
        name = (*self.about, *step)
        if name not in self.program.queries:
            self.program.queries[name] = tuple(self._query(each) for each in build())
        return self.program.queries[name]

    def _query(self, chosen: sa.Select[Any] | sa.CompoundSelect[Any]) -> Query:
        sql, values, compiled = _compiled(self.connection, chosen)
        return Query(sql, values, [entry.type for entry in compiled._result_columns])

    def answer(self, query: Query, values: Values) -> list[tuple[Any, ...]]:
        """The rows of a query with these values."""
        result = self.connection.exec_driver_sql(query.sql, values)
        return self.converted(query, result.cursor.description, [tuple(row) for row in result])

    def converted(self, query: Query, description: Any, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows that a driver gives, as the query's columns promise them."""
        if query.converts is None:
            given = (code for _, code, *_ in description)
            query.converts = tuple(conversions(self.connection.dialect, query.types, given))
        return query.converted(found)

    def one(self, step: tuple[Hashable, ...], build: Callable[[], sa.Select[Any]]) -> tuple[Any, ...]:
        """The one row of a step's query."""
        (row,) = self.rows(step, build)
        return row

    def counts(
        self, step: tuple[Hashable, ...], build: Callable[[], Iterable[tuple[sa.Select[Any], tuple[Any, ...]]]]
    ) -> list[tuple[Any, int]]:
        """What each column of a step's queries counts, each of one row, and how many."""
        name = (*self.about, *step)
        if name not in self.program.counted:
            parts = list(build())
            self.program.queries[name] = tuple(self._query(each) for each, _ in parts)
            self.program.counted[name] = tuple(of for _, of in parts)
        found = list[tuple[Any, int]]()
        for query, of in zip(self.program.queries[name], self.program.counted[name], strict=True):
            (row,) = self.answer(query, self._of_plan(query.values))
            found += zip(of, map(int, row), strict=True)
        return found

    def fill(self, what: str, table: Callable[[], sa.Table], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that say the same columns into one of ombud's own tables, in one statement."""
        if self.connection.dialect.name == "sqlite" and any(is_odd(value) for row in rows for value in row.values()):
            insert_all(self.connection, table(), rows)
            return
        if not rows:
            return
        if self.connection.dialect.name == "postgresql" and len(rows) > FEW:
            self._copy(table(), rows)
            return
        sql, values = self.insert(what, table, rows)
        self.connection.exec_driver_sql(sql, values)

    def insert(
        self, what: str, table: Callable[[], sa.Table], rows: Sequence[Mapping[str, Any]]
    ) -> tuple[str, list[Any]]:
        """The statement that inserts one of these rows, which say the same columns, and the values of each."""
        name = ("fill", what, tuple(rows[0]))
        if name not in self.program.inserts:
            compiled = table().insert().compile(dialect=self.connection.dialect, column_keys=list(rows[0]))
            self.program.inserts[name] = (str(compiled), compiled.positiontup if compiled.positional else None)
        sql, order = self.program.inserts[name]
        return sql, list(rows) if order is None else [tuple(row[column] for column in order) for row in rows]

    def _copy(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """By COPY, which PostgreSQL takes many rows in at once."""
        quote, columns = self.connection.dialect.identifier_preparer, tuple(rows[0])
        written = f"{quote.format_table(table)} ({', '.join(map(quote.quote, columns))})"
        cursor: Any = self.connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {written} FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])


def _compiled(connection: sa.Connection, statement: Any) -> tuple[str, Values, Any]:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    processors = compiled._bind_processors
    values = {
        name: processors[name](value) if name in processors else value
        for name, value in compiled.construct_params(escape_names=False).items()
    }
    if compiled.positional:
        return str(compiled), tuple(values[name] for name in compiled.positiontup), compiled
    # A column called "customer id" is bound under a name without the blank.
    named = {compiled.escaped_bind_names.get(name, name): value for name, value in values.items()}
    return str(compiled), named, compiled


def conversions(
    dialect: sa.Dialect, types: Sequence[sa.types.TypeEngine[Any]], given: Iterable[Any]
) -> Iterable[Convert | None]:
    """What makes of each column what its type promises, where the driver says that it gives these."""
    for kind, code in zip(types, given, strict=True):
        yield kind.dialect_impl(dialect).result_processor(dialect, code)
