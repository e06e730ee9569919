"""Statements compiled once for a policy, map, schema and day, and run as often as there are batches."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import sqlalchemy as sa

Build = Callable[[], Iterable[Any]]
"""Makes the statements of one step: INSERT … SELECT, UPDATE or DELETE, every value in them fixed."""


class Program:
    """What has been compiled so far, by step. One for each policy, source map, schema, day and plan."""

    def __init__(self) -> None:
        self._steps: dict[Hashable, tuple[tuple[str, Any], ...]] = {}

    def run(self, connection: sa.Connection, step: Hashable, build: Build) -> int:
        """Run a step's statements in order; how many rows they changed in all."""
        if step not in self._steps:
            self._steps[step] = tuple(_compiled(connection, statement) for statement in build())
        return sum(max(0, connection.exec_driver_sql(sql, values).rowcount) for sql, values in self._steps[step])


def _compiled(connection: sa.Connection, statement: Any) -> tuple[str, Any]:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    processors = compiled._bind_processors
    values = {
        name: processors[name](value) if name in processors else value
        for name, value in compiled.construct_params(escape_names=False).items()
    }
    if compiled.positional:
        return str(compiled), tuple(values[name] for name in compiled.positiontup)
    # A column called "customer id" is bound under a name without the blank.
    return str(compiled), {compiled.escaped_bind_names.get(name, name): value for name, value in values.items()}
