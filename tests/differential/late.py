"""What is written and said between a plan and its apply: whom batches find must make no difference to what is left.

The oracle looks at one day at a time, so here the engine is compared with itself: finding as many people as rows call
for, and finding everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

import sqlalchemy as sa

from ombud.engine.evaluation import Evaluation
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from tests.differential.cases import Case
from tests.differential.crowds import crowded, together
from tests.differential.databases import edit
from tests.differential.edits import Edit, applied
from tests.differential.harness import Bench
from tests.differential.imports import copy

Left = list[tuple[str, str, list[str]]]
"""Source, table and rows, after each apply."""


def parted(bench: Bench, cases: Sequence[Case], batch_size: int) -> str:
    """Where the two ways part; '' if nowhere."""
    near = _left(bench, cases, batch_size)
    with patch.object(Evaluation, "narrow", False):
        everybody = _left(bench, cases, batch_size)
    for one, other in zip(near, everybody, strict=True):
        if one != other:
            only = [row for row in one[2] if row not in other[2]], [row for row in other[2] if row not in one[2]]
            return f"{one[0]}.{one[1]}: near {only[0]}, everybody {only[1]}"
    return ""


def _left(bench: Bench, cases: Sequence[Case], batch_size: int) -> Left:
    case, worlds, found, program = crowded(cases), [each.world for each in cases], Left(), Program()
    connections = {source: bench.engines[source].connect() for source in case.world.tables}
    try:
        for source, connection in connections.items():
            bench.fill(connection, source, together(worlds))
        for n, day in enumerate(case.days):
            making = {
                source: bench.maker(connection, case, source, n, batch_size, program, probes=False)
                for source, connection in connections.items()
            }
            bench.prepare(case, making)
            copy(case, day, {source: made() for source, made in making.items()})
            for made in making.values():
                _say(made(), case, len(case.marks) // 2)
                once = made()
                once.freeze()
                with once.connection.begin():
                    for table in once.evaluation.space.working():
                        once.connection.execute(table.delete())
            for at, each in enumerate(cases):
                if n < len(each.edits):
                    worlds[at], done = applied(worlds[at], each.edits[n])
                    for change in done:
                        _write(connections[change.source], change, case)
            for source, made in making.items():
                _say(made(), case, len(case.marks))
                made().apply()
                found += _told(made(), source)
        return found
    finally:
        for connection in connections.values():
            connection.close()


def _say(sweep: Sweep, case: Case, most: int) -> None:
    with sweep.connection.begin():
        acknowledge(sweep.connection, sweep.names, case.marks[:most])


def _write(connection: sa.Connection, change: Edit, case: Case) -> None:
    """What an application writes, if the database takes it: a row that it refers to may be gone."""
    try:
        with connection.begin():
            edit(connection, case.world.schemas[change.source], change)
    except sa.exc.IntegrityError:
        pass


def _told(sweep: Sweep, source: str) -> Left:
    names = sweep.names
    tables = [names.table(name) for name in sweep.source.tables]
    tables += [names.memo(t.name) for t in sweep.source.tables.values() if t.key] + [names.ref, names.said]
    with sweep.connection.begin():
        rows = [(str(t.name), sweep.connection.execute(sa.select(sa.text("*")).select_from(t))) for t in tables]
        return [(source, name, sorted(repr(tuple(row)) for row in each)) for name, each in rows]
