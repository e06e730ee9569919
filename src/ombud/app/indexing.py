"""Which indexes would spare a source's sweeps work, and what each costs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import opened
from ombud.engine.sweep import Sweep
from ombud.sql.indexes import Indexes


@dataclass(frozen=True, slots=True)
class Advice:
    """An index that is missing: the statement that makes it, why, the table's rows, and how large it is at most."""

    source: str
    table: str
    statement: str
    why: str
    rows: int
    bytes: int


def advised(loaded: Loaded) -> Iterator[Advice]:
    """For every source that can be opened. Reads only."""
    for name in loaded.datamap.sources:
        try:
            yield from _of(loaded, name)
        except Refused:
            continue  # `check --live` says why it was not looked at


def _of(loaded: Loaded, name: str) -> Iterator[Advice]:
    with opened(loaded, name, read_only=True) as source:
        connection, program = source.connection, loaded.program(source.source, source.schema)
        nobody = lambda _, __: ""  # noqa: E731
        sweep = Sweep(
            connection, loaded.policy, source.source, source.schema, loaded.today(), nobody, "", program=program
        )
        with connection.begin():
            live = sa.inspect(connection)
            there = {t: list(_indexed(live, sweep, t)) for t in sweep.source.tables}
            asked = sweep.names.dialect.indexes
            names = set(connection.exec_driver_sql(asked).scalars()) if asked else set()
            missing = list(Indexes(sweep.judge, there, names).missing(connection.dialect))
            counts = {table: _rows(connection, sweep, table) for table in {each.table for each in missing}}
            for each in missing:
                rows = counts[each.table]
                yield Advice(name, each.table, each.statement, each.why, rows, round(rows * each.bytes_a_row))


def _rows(connection: sa.Connection, sweep: Sweep, table: str) -> int:
    counted = sa.select(sa.func.count()).select_from(sweep.names.row(table))
    return int(connection.execute(counted).scalar_one())


def _indexed(live: sa.Inspector, sweep: Sweep, table: str) -> Iterator[tuple[str, ...]]:
    """The columns of each index of a table, in order; also of keys, and of what is unique."""
    schema = sweep.schema.tables[table].schema or None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # of what is made of columns
        unique, indexes = live.get_unique_constraints(table, schema=schema), live.get_indexes(table, schema=schema)
    yield tuple(live.get_pk_constraint(table, schema=schema)["constrained_columns"])
    yield from (tuple(each["column_names"]) for each in unique)
    yield from (tuple(column or "" for column in index["column_names"]) for index in indexes)
