"""The tables that one evaluation works with, on its connection: made where they are missing, and emptied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.engine.program import Statements
from ombud.sql.facts import Facts
from ombud.sql.names import Names

LARGE = 5000
"""Working rows past which emptying a table by TRUNCATE is cheaper than DELETE on PostgreSQL."""

EMPTY = "the working tables of ombud's that are known to be empty"
"""What a connection remembers until something is undone."""

DEAD = "the rows deleted from ombud's working tables"

MEASURED = "the working tables of ombud's whose size was told"

SHAPE = "the shape of ombud's working table"
"""What a connection remembers of each."""


@dataclass
class Workspace:
    """Working tables of one source. `forecast`: what is due is kept in one of them, and not beside the rows.

    `batches`: the tables of which rows are changed as well.
    """

    statements: Statements
    facts: Facts
    forecast: bool = False
    batches: frozenset[str] = frozenset()

    @property
    def dead(self) -> Counter[str]:
        """How many rows were deleted from each."""
        found: Counter[str] = self.statements.connection.info.setdefault(DEAD, Counter())
        return found

    @property
    def empty(self) -> set[str]:
        """As long as nothing is undone: the tables go with the connection, and so does what is known of them."""
        known: set[str] = self.statements.connection.info.setdefault(EMPTY, set())
        return known

    @property
    def names(self) -> Names:
        return self.facts.names

    def clear(self, what: str, table: Callable[[], sa.Table], rows: int = 0) -> None:
        """Empty one of these tables, if it is not known to be. `rows`: how many it has, if that is known.

        PostgreSQL keeps what was deleted, and sees past it at every look: where that is much, it is done away with.
        """
        if what in self.empty:
            return
        if self.names.dialect.name == "postgresql" and self.dead[what] + rows > LARGE:
            connection = self.statements.connection
            connection.exec_driver_sql(f"TRUNCATE {connection.dialect.identifier_preparer.format_table(table())}")
            self.dead[what] = 0
        else:
            self.dead[what] += self.statements.run(("clear", what), lambda: [table().delete()])
        self.empty.add(what)

    def clear_all(self, every: Iterable[tuple[str, Callable[[], sa.Table], int]]) -> None:
        """Empty several, with how many rows each has: on PostgreSQL in one statement, where none has many."""
        waiting = [each for each in every if each[0] not in self.empty]
        if self.names.dialect.name != "postgresql" or any(self.dead[what] + rows > LARGE for what, _, rows in waiting):
            for each in waiting:
                self.clear(*each)
        elif waiting:
            connection = self.statements.connection
            tables = [connection.dialect.identifier_preparer.format_table(table()) for _, table, _ in waiting]
            parts = ", ".join(f"c{n} AS (DELETE FROM {table})" for n, table in enumerate(tables))  # noqa: S608
            connection.exec_driver_sql(f"WITH {parts} SELECT 1")
            for what, _, rows in waiting:
                self.dead[what] += max(rows, 1)
                self.empty.add(what)

    def filled(self, what: str) -> None:
        """Rows were put into one of these tables."""
        self.empty.discard(what)

    def undone(self) -> None:
        """A transaction was: nobody knows which are empty."""
        self.empty.clear()

    def keep(self, subject: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write what is kept of rows of a subject's table where statements find it, and nothing else."""
        what = f"kept {subject}"
        self.clear(what, lambda: self.names.kept(subject))
        self.filled(what)
        self.statements.fill(what, lambda: self.names.kept(subject), rows)

    def forget_people(self) -> None:
        """Nobody is known, and no mark decided."""
        for name in ("raw", "bearer", "state"):
            self.clear(name, lambda name=name: getattr(self.names, name))  # type: ignore[misc]

    def is_small(self, what: str) -> bool:
        """Little was deleted from one of these tables, if it is to be emptied."""
        return what in self.empty or self.dead[what] < LARGE

    def emptied(self, what: str) -> None:
        """Its few rows were deleted."""
        self.dead[what] += 1
        self.empty.add(what)

    def create(self, only: Iterable[sa.Table] = ()) -> None:
        """Make the working tables, or those of them alone, that this connection lacks; they are temporary, so the
        database itself knows which.

        A connection that served another map, or this one before its schema changed, has them in another shape.
        """
        connection, lacking = self.statements.connection, list[sa.Table]()
        for undone in ("rollback", "rollback_savepoint"):
            if not sa.event.contains(connection, undone, _undone):
                sa.event.listen(connection, undone, _undone)
        if asked := self.names.dialect.temporaries:
            there = set(connection.exec_driver_sql(asked).scalars())
        else:  # they are gone with the connection, and none is made but here
            there = {what[1] for what in connection.info if isinstance(what, tuple) and what[0] == SHAPE}
        for table in only or self.working():
            shape = self.names.shape(table)
            if table.name in there and connection.info.get((SHAPE, table.name), shape) != shape:
                name = connection.dialect.identifier_preparer.format_table(table)
                connection.exec_driver_sql(f"DROP {self.names.dialect.temporary} TABLE {name}")
                there.remove(table.name)
                connection.info.pop((SHAPE, table.name), None)  # should it not come to making it anew
            if table.name not in there:
                lacking.append(table)
            else:
                connection.info[SHAPE, table.name] = shape
        if lacking:
            self.empty.clear()
            self._make(lacking)

    def _make(self, lacking: Sequence[sa.Table]) -> None:
        """Make these, on PostgreSQL in one trip. Of each the connection remembers the shape once it is there."""
        connection = self.statements.connection
        one_by_one = [[table] for table in lacking]
        for some in [lacking] if connection.dialect.name == "postgresql" else one_by_one:
            made = dict.fromkeys(each for table in some for each in self.names.making(table, connection.dialect))
            for statement in ["; ".join(made)] if len(some) > 1 else made:
                connection.exec_driver_sql(statement)
            connection.info.update({(SHAPE, table.name): self.names.shape(table) for table in some})

    def measure(self) -> None:
        """Let PostgreSQL know once that these tables have few rows: of one that it never looked at it takes it for
        granted that there are 2,000, and rather reads the application's table whole.
        """
        connection = self.statements.connection
        known = connection.info.setdefault(MEASURED, set())
        tables = [table for table in self.working() if table.name not in known]
        if self.names.dialect.name == "postgresql" and tables:
            each = ", ".join(map(connection.dialect.identifier_preparer.format_table, tables))
            connection.exec_driver_sql(f"ANALYZE {each}")
        known.update(table.name for table in tables)

    def working(self) -> list[sa.Table]:
        """Those that there are."""
        names, order = self.names, self.names.order
        working = [names.raw, names.bearer, names.alike, names.state, names.spoke, names.asked, names.chosen]
        working += [*self.facts.working()]
        working += [names.kept(t) for t in sorted({s.table for s in self.names.source.subjects.values()})]
        if names.atomic:
            working += [make(t) for t in order if t in self.batches for make in (names.pick, names.batch)]
        return working + ([names.due(t, forecast=True) for t in order] if self.forecast else [])

    def clear_facts(self, rows: Mapping[str, int]) -> None:
        """Empty the fact tables, of so many rows, with their owners."""
        names = [table.name for table in self.names.source.tables.values() if table.key]
        every = [(f"fact {name}", partial(self.names.fact, name), rows.get(name, 0)) for name in names]
        every += [(f"owner {name}", partial(self.names.owner, name), rows.get(name, 0)) for name in names]
        self.clear_all(every)


def _undone(connection: sa.Connection, *_: object) -> None:
    """Nobody knows any more which working tables are empty; with a lost connection they are gone, and so is that."""
    if connection.invalidated or connection.closed:
        return
    connection.info.pop(EMPTY, None)
    connection.info.pop(MEASURED, None)
