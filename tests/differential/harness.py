"""A generated case on a real engine, beside the oracle: after every sweep the rows must be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.app.closely import sweeping as closely
from ombud.claims.files import File, removed
from ombud.claims.learning import learned
from ombud.claims.sweep import swept
from ombud.claims.world import Values, World
from ombud.datamap.schema import Schema
from ombud.engine.counts import TableCount
from ombud.engine.persons import Asked
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.plan.window import unfit
from tests.differential.access import answer
from tests.differential.cases import Case, digest
from tests.differential.compared import apart
from tests.differential.crowds import crowded, together
from tests.differential.databases import INLINE, doubled, drop, edit, read, references, renew, tables, told, unchecked
from tests.differential.edits import applied
from tests.differential.foretold import told_apart
from tests.differential.imports import copied, copy
from tests.differential.outcomes import lived
from tests.differential.persons import Drawn, drawn, forgotten
from tests.differential.remembered import remembered_apart
from tests.differential.stores import cleared, has_files
from tests.differential.told import apart as apart_in_access
from tests.differential.told import drawn as persons_of
from tests.differential.told import gathered_apart

ALL = 1_000_000
"""Rows of one transaction, where a crowd is to be decided by the oracle."""


@dataclass(frozen=True)
class Divergence:
    """Where engine and oracle part: the sweep's day, the table, rows only the oracle has and only the engine has."""

    day: object
    source: str
    table: str
    oracle: tuple[Values, ...]
    engine: tuple[Values, ...]

    def __str__(self) -> str:
        lines = [f"{self.day} {self.source}.{self.table}"]
        lines += [f"  oracle {dict(row)}" for row in self.oracle] + [f"  engine {dict(row)}" for row in self.engine]
        return "\n".join(lines)


class Killed(Exception):
    """The sweep was stopped between two statements; what was not committed is lost, as after SIGKILL."""


class Fuse:
    """Stops whoever runs statements on these engines, after so many."""

    def __init__(self, engines: Iterable[sa.Engine]) -> None:
        self.left: int | None = None
        self.burnt = 0
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", self._burn)

    def _burn(self, *_: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left, self.burnt = None, self.burnt + 1
            raise Killed


class Bench:
    """Databases that are filled anew for every case, one a source; built anew only when the schema is another."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.engines = {source: connect(url) for source, url in urls.items()}
        for engine in self.engines.values():
            if engine.dialect.name == "duckdb":  # what is so little is not worth a second thread
                with engine.connect() as connection:
                    connection.exec_driver_sql("SET threads = 1")
        self.schemas: dict[str, Schema] = {}
        self.fuse = Fuse(self.engines.values())
        self.outcomes: list[Counter[str]] = []
        self.by_window = 0
        """Sweeps that looked through a window and found something."""
        self.access = False
        """Persons are told what is held about them, after each sweep and after what happened since."""
        self.thorough = True
        """Full looks are at every row, and not at those alone that can be due."""
        self.of_persons = 0
        """Sweeps of some persons that found something."""
        self.closely = 0
        """Those of them that the oracle decided."""
        self.by_oracle = False
        """Whatever it serves it decides, and persons are asked for by what it can look for."""
        self._was_due = False
        self._built: dict[str, Schema] = {}
        self._readers: dict[sa.URL, sa.Engine] = {}

    def close(self) -> None:
        for engine in (*self.engines.values(), *self._readers.values()):
            engine.dispose()

    def run(
        self,
        case: Case,
        batch_size: int = 1000,
        program: Program | None = None,
        *,
        twice: bool = True,
        kill_after: int | None = None,
    ) -> Divergence | None:
        """One case alone: see `run_crowd`."""
        return self.run_crowd([case], batch_size, program, twice=twice, kill_after=kill_after)

    def run_crowd(
        self,
        cases: Sequence[Case],
        batch_size: int = 1000,
        program: Program | None = None,
        *,
        twice: bool = True,
        kill_after: int | None = None,
        window: bool = False,
        persons: bool = False,
    ) -> Divergence | None:
        """The first divergence, if there is one. A program serves every case of one policy, map, schema and days.

        The oracle looks at each case alone, the engine at all of them at once.
        `twice` probes before each sweep and asks after it whether anything due is left. `kill_after` stops each sweep
        after so many statements; an even number is resumed before a new plan is made, an odd one is left to the new.
        `window`: sweeps after the first look at what days alone have brought about, where a source lets them.
        `persons`: each day some persons' rows are swept first, and on every other day all that is left.
        """
        case, worlds = crowded(cases), [each.world for each in cases]
        connections = {source: self.engines[source].connect() for source in case.world.tables}
        try:
            for source, connection in connections.items():
                self.fill(connection, source, together(worlds))
            program, self.outcomes = program or Program(), [Counter() for _ in cases]
            for n, day in enumerate(case.days):
                making = {
                    source: self.maker(
                        connection, case, source, n, ALL if self.by_oracle else batch_size, program, twice
                    )
                    for source, connection in connections.items()
                }
                self.prepare(case, making)
                copy(case, day, {source: made() for source, made in making.items()})
                of_some = drawn(cases, worlds, n, written=self.by_oracle) if persons else None
                for asked in (of_some, None) if of_some and n % 2 else (of_some,):
                    found = self._pass(cases, worlds, case, n, connections, making, asked, kill_after, twice, window)
                    if found:
                        return found
                if found := self._told(cases, worlds, making, day):
                    return found
                self._happen(cases, worlds, case, connections, n)
                if n < len(case.edits) and (found := self._told(cases, worlds, making, day)):
                    return found
            return None
        finally:
            self.fuse.left = None
            for connection in connections.values():
                if connection.dialect.name == "mariadb":  # who is killed while letting go of a lock takes it along
                    connection.exec_driver_sql("SELECT RELEASE_ALL_LOCKS()")
                connection.close()

    def tell_crowd(self, cases: Sequence[Case], program: Program, each: int, *, sweeps: bool) -> Divergence | None:
        """Where what is gathered of so many persons of each world parts from what the oracle tells them, each day and
        after what happened on it. `sweeps`: what is due goes each day before, and is remembered.
        """
        case, worlds = crowded(cases), [one.world for one in cases]
        connections = {source: self.engines[source].connect() for source in case.world.tables}
        self.outcomes = [Counter[str]() for _ in cases]
        try:
            for source, connection in connections.items():
                self.fill(connection, source, together(worlds))
            for n, day in enumerate(case.days):
                making = {
                    source: self.maker(connection, case, source, n, 1000, program, False)
                    for source, connection in connections.items()
                }
                self.prepare(case, making)
                copy(case, day, {source: made() for source, made in making.items()})
                if not sweeps:
                    worlds = [copied(one, world, day) for one, world in zip(cases, worlds, strict=True)]
                if sweeps and (
                    found := self._pass(cases, worlds, case, n, connections, making, None, None, False, False)
                ):
                    return found
                for made in making.values():
                    once = made()
                    with once.connection.begin():
                        acknowledge(once.connection, once.names, case.marks)
                for edits in ((), *(one.edits[n : n + 1] for one in cases[:1])):
                    if edits:
                        self._happen(cases, worlds, case, connections, n)
                    if found := self._gathered(cases, worlds, making, day, each):
                        return found
            return None
        finally:
            for connection in connections.values():
                connection.close()

    def _gathered(
        self,
        cases: Sequence[Case],
        worlds: Sequence[World],
        making: Mapping[str, Callable[[], Sweep]],
        day: date,
        each: int,
    ) -> Divergence | None:
        looks = [learned(one.look(world, day)) for one, world in zip(cases, worlds, strict=True)]
        asked = persons_of(looks, each)
        wanted = [answer(look, person) for look, person in asked]
        with ExitStack() as stack:
            sweeps = {source: self._reading(made(), stack) for source, made in making.items()}
            different = gathered_apart(asked, wanted, sweeps, self.outcomes[0])
        return Divergence(day, "", f"access: {different}", (), ()) if different else None

    def _reading(self, sweep: Sweep, stack: ExitStack) -> Sweep:
        """The same on a connection that reads alone, as answers have one; on the same where it is in memory."""
        if sweep.connection.dialect.name != "postgresql":
            return sweep
        url = sweep.connection.engine.url.set(drivername="postgresql")
        if url not in self._readers:
            self._readers[url] = connect(url.render_as_string(hide_password=False), read_only=True)
        return replace(sweep, connection=stack.enter_context(self._readers[url].connect()))

    def _happen(
        self,
        cases: Sequence[Case],
        worlds: list[World],
        case: Case,
        connections: Mapping[str, sa.Connection],
        n: int,
    ) -> None:
        """What the application does after the sweep of the `n`th day."""
        for at, each in enumerate(cases):
            if n < len(each.edits):
                worlds[at], done = applied(worlds[at], each.edits[n])
                for change in done:
                    with connections[change.source].begin():
                        edit(connections[change.source], case.world.schemas[change.source], change)

    def _pass(
        self,
        cases: Sequence[Case],
        worlds: list[World],
        case: Case,
        n: int,
        connections: Mapping[str, sa.Connection],
        making: Mapping[str, Callable[[], Sweep]],
        asked: Drawn | None,
        kill_after: int | None,
        twice: bool,
        window: bool,
    ) -> Divergence | None:
        """One sweep, of all or of some persons, by both."""
        day = case.days[n]
        files: frozenset[File] = frozenset()
        for at, each in enumerate(cases):
            look = learned(each.look(copied(each, worlds[at], day), day))
            worlds[at], judged = swept(look, asked.refs[at] if asked else None)
            files |= removed(look, judged)
            self.outcomes[at] += lived(look, judged, worlds[at])
        world = together(worlds)
        for source, connection in connections.items():
            made = making[source] if asked is None else partial(_of, making[source], asked.together)
            since = case.days[n - 1] if n and window and not unfit(case.datamap.sources[source]) else None
            self._sweep(connection, case, made, kill_after, since)
            if asked is not None:
                self.of_persons += self._was_due
                forgotten(making[source]())
            found = (
                self._compare(connection, case, world, source, day)
                or self._files(case, made, files, day)
                or self._remembered(case, made, world, day)
            )
            if found:
                return found
            if twice and (left := _said(made().freeze())):
                return Divergence(day, source, "something due is left", (), ({"left": left},))
        return None

    def _told(
        self, cases: Sequence[Case], worlds: Sequence[World], making: Mapping[str, Callable[[], Sweep]], day: date
    ) -> Divergence | None:
        """What persons are told, by an evaluation that knows nothing of what the sweep worked out."""
        if not self.access:
            return None
        looks = [learned(each.look(world, day)) for each, world in zip(cases, worlds, strict=True)]
        different = apart_in_access(looks, {source: made() for source, made in making.items()}, self.outcomes[0])
        return Divergence(day, "", f"access: {different}", (), ()) if different else None

    def maker(
        self, connection: sa.Connection, case: Case, source: str, n: int, size: int, program: Program, probes: bool
    ) -> Callable[[], Sweep]:
        wanted = (connection, case.policy, case.datamap.sources[source], self.schemas[source], case.days[n], digest)
        return lambda: Sweep(*wanted, plan="p", batch_size=size, program=program, probes=probes)

    def prepare(self, case: Case, making: Mapping[str, Callable[[], Sweep]]) -> None:
        for source, made in making.items():
            if source not in self._built:
                made().prepare()
                self._built[source] = case.world.schemas[source]

    def _sweep(
        self,
        connection: sa.Connection,
        case: Case,
        made: Callable[[], Sweep],
        kill_after: int | None,
        since: date | None,
    ) -> None:
        once = made()
        with connection.begin():
            acknowledge(connection, once.names, case.marks)
        if kill_after is not None:
            self.fuse.left = kill_after
            try:
                self._done(made, since)
                return
            except Killed:
                if kill_after % 2 == 0:
                    made().apply()
            finally:
                self.fuse.left = None
        found = self._was_due = self._done(made, since)
        self.by_window += found and (since is not None or not self.thorough)

    def _done(self, made: Callable[[], Sweep], since: date | None) -> bool:
        """Whether there was anything to do. Who carries a plan out knows nothing of what was worked out to make it."""
        once = made()
        way = once.today.toordinal() % 3 if once.persons is not None else 0
        if self.by_oracle and (different := told_apart(replace(once, forecast=True), ALL)):
            raise AssertionError(different)
        if (way == 1 or (way and self.by_oracle)) and (done := closely.at_once(once, most=ALL)) is not None:
            self.closely += bool(_said(done))
            return bool(_said(done))
        if way and (done := made().at_once()) is not None:
            return bool(_said(done))
        found = bool(_said(once.freeze(since, thorough=self.thorough)))
        if found:
            with once.connection.begin():
                for table in once.evaluation.space.working():
                    once.connection.execute(table.delete())
            made().apply()
        return found

    def _compare(
        self, connection: sa.Connection, case: Case, world: World, source: str, day: object
    ) -> Divergence | None:
        for name, rows in world.tables[source].items():
            table = world.schemas[source].tables[name]
            chosen = ", ".join(map(read, table.columns.values()))
            with connection.begin():
                found = connection.exec_driver_sql(told(connection, f'SELECT {chosen} FROM "{doubled(name)}"'))
                there = [dict(zip(table.columns, row, strict=True)) for row in found]
            if different := apart(case.datamap.sources[source].tables.get(name), table, rows, there):
                return Divergence(day, source, name, *different)
        return None

    def _files(self, case: Case, made: Callable[[], Sweep], files: frozenset[File], day: date) -> Divergence | None:
        """What goes after the rows of this source, in each store."""
        once = made()
        mine = frozenset(file for file in files if file[0] == once.source.source)
        theirs = cleared(once) if has_files(once.source) else frozenset()
        if mine == theirs:
            return None
        only = ({"file": file} for file in mine - theirs), ({"file": file} for file in theirs - mine)
        return Divergence(day, once.source.source, "files", *map(tuple, only))

    def _remembered(self, case: Case, made: Callable[[], Sweep], world: World, day: date) -> Divergence | None:
        once = made()
        source, schema = case.datamap.sources[once.source.source], self.schemas[once.source.source]
        with once.connection.begin():
            different = remembered_apart(once.connection, once.names, source, schema, world)
        return Divergence(day, source.source, "what is remembered", *different) if different else None

    def fill(self, connection: sa.Connection, source: str, world: World) -> None:
        schema, inline = world.schemas[source], connection.dialect.name in INLINE
        known = self._built.get(source) is schema
        if not known:
            self._built.pop(source, None)
            with unchecked(connection):
                drop(connection)
                for statement in (*tables(schema, connection.dialect.name), *(() if inline else references(schema))):
                    connection.exec_driver_sql(told(connection, statement))
                self.schemas[source] = reflect(connection)
        try:
            with connection.begin():
                renew(connection, schema, world.tables[source])
        except sa.exc.IntegrityError:
            with unchecked(connection):
                renew(connection, schema, world.tables[source])


def _of(made: Callable[[], Sweep], persons: Asked) -> Sweep:
    """The same sweep, of these persons alone."""
    return replace(made(), persons=persons)


def _said(counts: Mapping[str, TableCount]) -> str:
    return "; ".join(f"{name}: {count}" for name, count in counts.items() if not count.empty)
