"""A database made for one test, swept as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.app.closely import sweeping as closely
from ombud.datamap.live import compare
from ombud.datamap.model import SourceMap, Subject, Table
from ombud.datamap.settle import settle
from ombud.engine.persons import Asked
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Progress, Sweep
from ombud.terms import Mark
from tests.claims.shop import POLICY, digest

TODAY = date(2026, 6, 1)
OLD = "2020-01-01"
ON_BOTH = ("shop_file", "postgresql_url")


class Scratch:
    """Emptied, and filled by statements."""

    def __init__(self, url: str, statements: Iterable[str], *tables: Table, subject: Subject | None = None) -> None:
        subject = subject or Subject("customer", "customer")
        self.map = SourceMap("crm", {table.name: table for table in tables}, {subject.name: subject})
        self.engine = connect(url)
        with self.engine.begin() as connection:
            self._empty(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)

    def _empty(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            return
        if connection.dialect.name == "duckdb":  # a file of its own
            return
        if connection.dialect.name == "mariadb":
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            for name in sa.inspect(connection).get_table_names():
                if name not in ("ombud_calendar", "ombud_meta"):
                    connection.exec_driver_sql(f"DROP TABLE `{name}`")
            if sa.inspect(connection).has_table("ombud_meta"):
                connection.exec_driver_sql("UPDATE ombud_meta SET value = '0' WHERE name = 'marks'")
                known = "('version', 'gate', 'epoch', 'marks', 'zone')"
                connection.exec_driver_sql(f"DELETE FROM ombud_meta WHERE name NOT IN {known}")
            connection.exec_driver_sql("SET foreign_key_checks = 1")
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in sa.inspect(connection).get_table_names():
            if name != "ombud_calendar":
                connection.exec_driver_sql(f'DROP TABLE "{name}"')

    def by(self, options: str) -> Scratch:
        """The same database, at an address with options."""
        other = copy(self)
        other.engine = connect(self.engine.url.set(query={"options": options}).render_as_string(hide_password=False))
        return other

    def codes(self) -> set[str]:
        """The findings of the map beside the database."""
        with self.engine.begin() as connection:
            return {finding.code for finding in compare(self.map, reflect(connection))}

    def _sweep(self, connection: sa.Connection, **more: Any) -> Sweep:
        with connection.begin():
            schema = reflect(connection)
        source, _ = settle(self.map, schema)
        return Sweep(connection, POLICY, source, schema, TODAY, digest, "p", **more)

    def plan(self, *, thorough: bool = True) -> set[str]:
        """Freeze what is due; the tables that lose rows."""
        with self.engine.connect() as connection:
            once = self._sweep(connection)
            once.prepare()
            return {name for name, count in once.freeze(thorough=thorough).items() if count.deleted}

    def apply(self, progress: Progress | None = None, **more: Any) -> None:
        with self.engine.connect() as connection:
            self._sweep(connection, **more).apply(progress)

    def sweep(self) -> None:
        self.plan()
        self.apply()

    def sweep_of(self, persons: Asked, way: str) -> bool:
        """Sweep the rows of some persons: "closely", "at once" or as a plan. Whether it was done in that way."""
        with self.engine.connect() as connection:
            once = self._sweep(connection, persons=persons)
            once.prepare()
            if way == "closely" and closely.at_once(once) is not None:
                return True
            if way != "frozen" and once.at_once() is not None:
                return way == "at once"
            once.freeze()
            once.apply()
            return way == "frozen"

    def mark(self, *marks: Mark) -> None:
        with self.engine.connect() as connection:
            once = self._sweep(connection)
            with connection.begin():
                acknowledge(connection, once.names, marks)

    def run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def rows(self, chosen: str) -> list[tuple[Any, ...]]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(chosen)]

    def once(self, act: Callable[[], None]) -> Progress:
        """Does it after the first batch."""
        acts = [act]
        return lambda *_: acts.pop()() if acts else None
