"""Databases of the register: one is filled, each run has a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.crm.ours import loaded
from bench.crm.rows import TODAY, build
from ombud.adapters.database import connect
from ombud.sql.near import Near


@dataclass
class Copies:
    """Copies of the register with so many customers, of whom so many per cent are due, on a server or in a folder."""

    server: str
    folder: Path
    customers: int
    due: float
    swept: bool = False

    @property
    def name(self) -> str:
        return f"ombud_bench_{self.customers}_{round(self.due * 100)}"

    @property
    def url(self) -> str:
        """Of the first one."""
        return self._url(self.name)

    def prepare(self, *, swept: bool = False) -> None:
        """Fill the first one, and make what ombud keeps beside it: anew, for either may have changed since.

        `swept`: what is due today is gone from it.
        """
        self.drop()
        self.swept = swept
        if not self._is_mariadb:
            self._make(self.name)
            self._fill(self.name)

    def _fill(self, name: str) -> None:
        engine = connect(self._url(name))
        try:
            build(engine, self.customers, self.due)
            with engine.connect() as connection:
                sweep = loaded().sweep(connection)
                sweep.prepare()
                if sweep.names.dialect.indexes:
                    with connection.begin():
                        for made in Near(sweep.read).indexes(connection.dialect).values():
                            connection.exec_driver_sql(made)
            if self.swept:
                loaded().swept(engine, 10_000)
                loaded().swept(engine, 10_000, since=TODAY)  # what was frozen for it is dropped
                self._tidy(engine)
        except BaseException:
            engine.dispose()
            self._drop(name)
            raise
        engine.dispose()

    def _tidy(self, engine: sa.Engine) -> None:
        """As a server does by itself in its time."""
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")

    def drop(self) -> None:
        """Drop the first one."""
        self._drop(self.name)

    @contextmanager
    def copy(self) -> Iterator[sa.Engine]:
        """A copy, for as long as it is needed."""
        name = f"{self.name}_copy"
        self._drop(name)
        if self._is_mariadb:  # it copies no database: the same rows are made once more
            self._make(name)
            self._fill(name)
        else:
            self._make(name, self.name)
        engine = connect(self._url(name))
        try:
            yield engine
        finally:
            engine.dispose()
            self._drop(name)

    @property
    def _is_mariadb(self) -> bool:
        return self.server.startswith("mariadb")

    def _url(self, name: str) -> str:
        if not self.server:
            return f"sqlite:///{self.folder / name}.db"
        return sa.make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def _make(self, name: str, template: str | None = None) -> None:
        if not self.server:
            path = self.folder / f"{name}.db"
            path.touch() if template is None else shutil.copy(self.folder / f"{template}.db", path)
        elif self._is_mariadb:
            self._administer(f"CREATE DATABASE `{name}`")
        else:
            self._administer(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
            self._administer("CHECKPOINT")

    def _drop(self, name: str) -> None:
        if not self.server:
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
        elif self._is_mariadb:
            self._administer(f"DROP DATABASE IF EXISTS `{name}`")
        else:
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        engine = connect(self.server)
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()
