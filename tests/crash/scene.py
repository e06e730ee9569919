"""One generated case at the moment its plan is frozen: a database that is copied for every way an apply can die."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.engine.counts import TableCount
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Progress, Sweep
from ombud.plan.sheet import Circle
from ombud.terms import Outcome
from tests.differential.harness import Bench
from tests.differential.worlds import Case, case, digest

SOURCE = "crm"
CASES = int(os.environ.get("OMBUD_CASES", "0"))
"""How many generated cases to go through; 0 is the few of the normal run."""

MEMORY = ("ombud_memo_", "ombud_said", "ombud_ref", "ombud_mark")
"""What a sidecar on SQLite remembers of those who went, and of what was said."""


class Killed(BaseException):
    """The process is no more: nothing may catch this and go on."""


class Moments:
    """Passed before every statement, before every commit and after it; something may happen at one of them.

    `committed` are those right after a commit, `written` of these those after which something is otherwise than before.
    """

    def __init__(self, happens: Callable[[int], None] = lambda _: None) -> None:
        self.passed = 0
        self.committed: list[int] = []
        self.written: list[int] = []
        self._writes = False
        self.happens = happens

    def listen(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *_: self.passing(statement))
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.passing()
            commit(connection)
            self.landed()

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]

    def landed(self) -> None:
        """What was written by now is there, whoever is killed."""
        self.committed.append(self.passed + 1)
        if self._writes:
            self.written.append(self.passed + 1)
        self._writes = False
        self.passing()

    def passing(self, statement: str = "") -> None:
        """One more moment is passed."""
        self._writes |= statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        self.passed += 1
        self.happens(self.passed)


def killed_at(moment: int) -> Moments:
    """Die at this moment, without another word."""

    def die(passed: int) -> None:
        if passed == moment:
            raise Killed

    return Moments(die)


@cache
def first_with(rows: int, tables: int) -> int:
    """The first case in which at least so many rows of so many tables go on the first day, and nothing else happens.

    A number written down would mean another case as soon as the drawing changes.
    """
    for number in count():
        drawn = case(number)
        if set(drawn.world.tables) != {SOURCE} or not all(t.key for t in drawn.datamap.sources[SOURCE].tables.values()):
            continue
        _, judged = sweep(drawn.policy, drawn.datamap, drawn.world, drawn.marks, drawn.days[0], digest)
        went = [row for row, verdict in judged.items() if verdict.outcome is Outcome.DELETE]
        quiet = not any(verdict.blank or verdict.unlink for verdict in judged.values())
        if quiet and len(went) >= rows and len({table for _, table, _ in went}) >= tables:
            return number
    raise AssertionError("there is no last number")


class Scene:
    """The source `crm` of a case on its first day. `after` is what the oracle leaves of it."""

    def __init__(self, drawn: Case, url: str) -> None:
        self.case, self.url = drawn, url
        self.bench = Bench({SOURCE: url})
        self.after, _ = sweep(drawn.policy, drawn.datamap, drawn.world, drawn.marks, drawn.days[0], digest)
        with self.bench.engines[SOURCE].connect() as connection:
            self.bench.fill(connection, SOURCE, drawn.world)
            self.schema = self.bench.schemas[SOURCE]
            once = self.sweep(connection)
            once.prepare()
            with connection.begin():
                acknowledge(connection, once.names, drawn.marks)
            counts = once.freeze()
        self.bench.close()
        self.due = {name: count for name, count in counts.items() if not count.empty}
        self._programs: dict[str, Program] = {}

    def sweep(
        self, connection: sa.Connection, plan: str = "p", batch_size: int = 1000, day: date | None = None, **more: Any
    ) -> Sweep:
        wanted = (self.case.policy, self.case.datamap.sources[SOURCE], self.schema, day or self.case.days[0], digest)
        return Sweep(connection, *wanted, plan=plan, batch_size=batch_size, **more)

    @contextmanager
    def opened(self, url: str, moments: Moments | None = None) -> Iterator[sa.Connection]:
        """A new connection, as a new process would have it."""
        engine = connect(url)
        if moments is not None:
            moments.listen(engine)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def apply(
        self,
        url: str,
        *,
        plan: str = "p",
        batch_size: int = 1000,
        moments: Moments | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Apply a plan as a new process would."""
        program = self._programs.setdefault(plan, Program())
        with self.opened(url, moments) as connection:
            self.sweep(connection, plan, batch_size, program=program).apply(progress)

    def dies(self, url: str, moment: int, batch_size: int = 1000) -> bool:
        """Apply the plan and die at this moment; whether there was such a moment."""
        with suppress(Killed):
            self.apply(url, batch_size=batch_size, moments=killed_at(moment))
            return False
        return True

    def plan_again(self, url: str, plan: str, moments: Moments | None = None) -> dict[str, TableCount]:
        """Make a new plan, and the sidecar where it is missing; what is due, by table."""
        program = self._programs.setdefault(plan, Program())
        with self.opened(url, moments) as connection:
            sweep = self.sweep(connection, plan, program=program)
            sweep.prepare()
            with connection.begin():
                acknowledge(connection, sweep.names, self.case.marks)
            counts = sweep.freeze()
        return {name: count for name, count in counts.items() if not count.empty}

    def differs(self, url: str, world: World | None = None) -> str:
        """What the database has otherwise than the oracle says, '' for nothing."""
        with self.opened(url) as connection:
            found = self.bench._compare(connection, self.case, world or self.after, SOURCE, self.case.days[0])
        return str(found or "")

    def content(self, url: str, memory: bool = True) -> dict[str, list[str]]:
        """Every row of every table, and of what the sidecar remembers."""
        with self.opened(url) as connection, connection.begin():
            names = sorted(sa.inspect(connection).get_table_names())
            kept = [n for n in names if not n.startswith("ombud_") or (memory and n.startswith(MEMORY))]
            return {n: sorted(map(str, connection.exec_driver_sql(f'SELECT * FROM "{n}"'))) for n in kept}

    def receipts(self, url: str) -> dict[tuple[str, str, int], int]:
        """What the receipts say was changed, by plan, step and batch."""
        with self.opened(url) as connection, connection.begin():
            receipt = self.sweep(connection).names.receipt
            chosen = sa.select(receipt.c.plan, receipt.c.step, receipt.c.batch, receipt.c.rows)
            return {(p, step, batch): rows for p, step, batch, rows in connection.execute(chosen)}


def copied(url: str, to: Path) -> str:
    """A SQLite database that nobody has open, copied."""
    path = Path(url.removeprefix("sqlite:///"))
    shutil.copyfile(path, to)
    for rest in ("-wal", "-shm"):
        to.with_name(to.name + rest).unlink(missing_ok=True)
    return f"sqlite:///{to}"


def scene(number: int, url: str) -> Scene:
    """The scene of a generated case, on a database that this fills. Skips where the map is refused."""
    try:
        return Scene(case(number, sa.make_url(url).get_backend_name()), url)
    except Circle:
        pytest.skip(f"the map of case {number} holds a circle of rules, which `check` refuses")
