"""Which rows are looked at, kept in the scope tables; what no row is in is neither emptied, widened from nor filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.engine.program import Statements
from ombud.engine.workspace import Workspace
from ombud.sql.scope import Scope
from ombud.sql.window import Window


@dataclass
class Scoping:
    """The scope of one evaluation.

    `rows` counts those in scope, by table, and `picked` those that it began with; `fresh` are the tables of which some
    are new since it was widened from them.
    """

    statements: Statements
    space: Workspace
    scope: Scope
    rows: Counter[str] = field(default_factory=Counter)
    picked: Counter[str] = field(default_factory=Counter)
    fresh: set[str] = field(default_factory=set)

    def clear(self) -> None:
        """No row is looked at."""
        names = [table.name for table in self._keyed]
        every = ((f"scope {name}", partial(self.scope.names.scope, name), self.rows[name]) for name in names)
        self.space.clear_all(every)
        self.rows.clear()
        self.fresh.clear()

    def add(self, table: str, step: tuple[object, ...], build: Callable[[], sa.Insert]) -> int:
        """Put into scope the rows of a table that a statement finds; how many are new."""
        new = self.statements.run(step, lambda: [build()])
        if new:
            self.space.filled(f"scope {table}")
            self.rows[table] += new
            self.fresh.add(table)
        return new

    def start(self, tables: Iterable[Table]) -> None:
        """Look at the picked rows of these tables, and at all that they are judged by."""
        self.clear()
        for table in tables:
            self.add(table.name, ("start", table.name), partial(self.scope.start, table))
        self.picked = self.rows.copy()
        self.widen()

    def judged(self, tables: Iterable[Table]) -> None:
        """Look also at the rows that point at picked ones of these tables, for they may be judged by them."""
        for table in tables:
            for n, (other, pointing) in enumerate(self.scope.judged_by(table)):
                self.add(other.name, ("judged by", table.name, n), pointing)

    def all_of(self, table: Table) -> None:
        """Look at every row of a table."""
        self.add(table.name, ("all", table.name), partial(self.scope.all, table))

    def widen(self, *, again: bool = False) -> int:
        """Look at whatever the rows in scope are judged by, at whatever remove; how many are new. `again`: also from
        those that were widened from, for they may have changed.
        """
        found = 0
        self.fresh |= {name for name, rows in self.rows.items() if rows and again}
        for tables, in_circle in self._rounds:
            while new := sum(map(self._widen_from, tables)):
                found += new
                if not in_circle:
                    break
        return found

    def _widen_from(self, table: Table) -> int:
        if table.name not in self.fresh:
            return 0
        self.fresh.remove(table.name)
        return sum(
            self.add(to.name, ("widen", table.name, n), found) for n, (to, found) in enumerate(self.scope.widen(table))
        )

    def cross(self, window: Window) -> None:
        """Look at the rows of which a day crossed something."""
        for way, found in window.crossed():
            self.add(way.table, ("crossed", way), found)
        for table in self._keyed:
            if table.name in window.whole:
                self.all_of(table)

    def marked(self) -> None:
        """Look at the persons of whom marks say something, and at the rows that remember one; needs the states."""
        for subject in self.scope.names.source.subjects.values():
            self.add(subject.table, ("marked", subject.name), partial(self.scope.marked, subject))
        for table in self._keyed:
            self.add(table.name, ("marked memo", table.name), partial(self.scope.marked_once, table))

    def recalled(self) -> int:
        """Look at the persons still there whom some row remembers; how many rows are new, or were looked at already."""
        for subject in self.scope.names.source.subjects.values():
            self.add(subject.table, ("recall", subject.name), partial(self.scope.recalled, subject))
        return sum(self.rows[subject.table] for subject in self.scope.names.source.subjects.values())

    def carry(self, window: Window) -> None:
        """Look at all that are judged by the rows in scope, at whatever remove."""
        if not any(self.rows.values()):
            return
        while sum(self.add(table.name, ("speak", n), found) for n, (table, found) in enumerate(window.speak())):
            pass
        self.along("carry", window.carry)

    def along(
        self, what: str, ways: Callable[[Table], Iterable[tuple[object, Table, Callable[[], sa.Insert]]]]
    ) -> None:
        """Look at all that is found from the rows in scope, at whatever remove; `ways` from those of a table."""
        waiting = {name for name, rows in self.rows.items() if rows}
        while waiting:
            table = next(t for t in self._parents_first if t.name in waiting)
            waiting.remove(table.name)
            for step, other, found in ways(table):
                if self.add(other.name, (what, table.name, step), found):
                    waiting.add(other.name)

    def lock(self) -> None:
        """Lock the rows in scope; parents first, as applications do."""
        for table in self._parents_first:
            if self.rows[table.name]:
                self.statements.rows(("lock", table.name), partial(self.scope.lock, table))

    @cached_property
    def _keyed(self) -> list[Table]:
        return [table for table in self.scope.names.source.tables.values() if table.key]

    @cached_property
    def _rounds(self) -> tuple[tuple[tuple[Table, ...], bool], ...]:
        return self.scope.rounds(self._keyed)

    @property
    def _parents_first(self) -> Iterator[Table]:
        for tables, _ in reversed(self._rounds):
            yield from tables
